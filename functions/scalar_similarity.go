package functions

import (
	"errors"
	"unicode/utf8"

	"tq/functions/kernel"
)

const similarityFamily = "similarity"

var similarityFunctions = []Def{
	scalar(similarityFamily, "levenshtein", "How many bytes have to be inserted, removed or changed to make one text of the other.", "levenshtein('sendmsg', 'recvmsg')", "3",
		sig(BigInt, countTexts(func(s, t string) int64 { return editDistance(s, t, false) }), Varchar, Varchar)).also("editdist3"),
	scalar(similarityFamily, "damerau_levenshtein", "As levenshtein, two neighbouring bytes that change places counted once.", "damerau_levenshtein('raed', 'read')", "1",
		sig(BigInt, countTexts(func(s, t string) int64 { return editDistance(s, t, true) }), Varchar, Varchar)),
	scalar(similarityFamily, "hamming", "In how many places two texts of the same length differ.", "hamming('eth0', 'eth1')", "1",
		sig(BigInt, onValues(hamming), Varchar, Varchar)).also("mismatches"),
	scalar(similarityFamily, "jaccard", "The share of the characters of both texts that occur in both.", "jaccard('duck', 'luck')", "0.6",
		sig(Double, onValues(jaccard), Varchar, Varchar)),
	scalar(similarityFamily, "jaro_similarity", "How alike two texts are, from 0 to 1, by the bytes they have at about the same place.", "jaro_similarity('abc', 'abc')", "1.0",
		sig(Double, onValues(similarity(jaro)), Varchar, Varchar, Double).optional(1)),
	scalar(similarityFamily, "jaro_winkler_similarity", "As jaro_similarity, a common beginning counted more. A result below the third argument is 0.", "jaro_winkler_similarity('abc', 'abc')", "1.0",
		sig(Double, onValues(similarity(jaroWinkler)), Varchar, Varchar, Double).optional(1)),
}

// editDistance is the distance of Levenshtein, or with swaps that of Damerau without edits
// between swapped bytes.
func editDistance(s, t string, swaps bool) int64 {
	if len(s) == 0 || len(t) == 0 {
		return int64(len(s) + len(t))
	}
	before, last, row := make([]int, len(t)+1), make([]int, len(t)+1), make([]int, len(t)+1)
	for j := range last {
		last[j] = j
	}
	for i := 1; i <= len(s); i++ {
		row[0] = i
		for j := 1; j <= len(t); j++ {
			d := last[j-1]
			if s[i-1] != t[j-1] {
				d++
			}
			d = min(d, last[j]+1, row[j-1]+1)
			if swaps && i > 1 && j > 1 && s[i-1] == t[j-2] && s[i-2] == t[j-1] {
				d = min(d, before[j-2]+1)
			}
			row[j] = d
		}
		before, last, row = last, row, before
	}
	return int64(last[len(t)])
}

var (
	errUnequalLengths = errors.New("hamming takes texts of the same length")
	errEmptyText      = errors.New("hamming and jaccard take no empty text")
)

func hamming(c *Call, args []kernel.Vec, n int) (kernel.Vec, error) {
	s, t := textsOf(args[0]), textsOf(args[1])
	return fixedRows(c, args, n, func(i int) (int64, bool, error) {
		a, b := s.at(i), t.at(i)
		switch {
		case len(a) != len(b):
			return 0, false, errUnequalLengths
		case len(a) == 0:
			return 0, false, errEmptyText
		}
		differ := int64(0)
		for k := range len(a) {
			if a[k] != b[k] {
				differ++
			}
		}
		return differ, true, nil
	})
}

func jaccard(c *Call, args []kernel.Vec, n int) (kernel.Vec, error) {
	s, t := textsOf(args[0]), textsOf(args[1])
	return fixedRows(c, args, n, func(i int) (float64, bool, error) {
		a, b := s.at(i), t.at(i)
		if a == "" || b == "" {
			return 0, false, errEmptyText
		}
		inA, all, both := map[rune]bool{}, map[rune]bool{}, map[rune]bool{}
		for _, r := range a {
			inA[r], all[r] = true, true
		}
		for _, r := range b {
			all[r] = true
			if inA[r] {
				both[r] = true
			}
		}
		return float64(len(both)) / float64(len(all)), true, nil
	})
}

// similarity is a function of two texts and the least similarity that counts.
func similarity(f func(s, t string) float64) ScalarFunc {
	return func(c *Call, args []kernel.Vec, n int) (kernel.Vec, error) {
		s, t, least := textsOf(args[0]), textsOf(args[1]), orElse(args, 2, 0.0)
		return fixedRows(c, args, n, func(i int) (float64, bool, error) {
			if x := f(s.at(i), t.at(i)); x >= least.at(i) {
				return x, true, nil
			}
			return 0, true, nil
		})
	}
}

// jaro compares bytes that lie no further apart than half the longer text.
func jaro(s, t string) float64 {
	if s == t && s != "" {
		return 1
	}
	reach := max(max(len(s), len(t))/2-1, 0)
	usedS, usedT := make([]bool, len(s)), make([]bool, len(t))
	matches := 0.0
	for i := range len(s) {
		for j := max(0, i-reach); j < min(len(t), i+reach+1); j++ {
			if !usedT[j] && s[i] == t[j] {
				usedS[i], usedT[j] = true, true
				matches++
				break
			}
		}
	}
	if matches == 0 {
		return 0
	}
	moved, j := 0, 0
	for i := range len(s) {
		if !usedS[i] {
			continue
		}
		for !usedT[j] {
			j++
		}
		if s[i] != t[j] {
			moved++
		}
		j++
	}
	return (matches/float64(len(s)) + matches/float64(len(t)) + (matches-float64(moved/2))/matches) / 3
}

// jaroWinkler adds a tenth of what is missing to 1 for each of the first four bytes that
// agree, if the texts are alike at all.
func jaroWinkler(s, t string) float64 {
	x, common := jaro(s, t), 0
	for common < min(4, len(s), len(t)) && s[common] == t[common] {
		common++
	}
	if x > 0.7 {
		x += float64(common) * 0.1 * (1 - x)
	}
	return x
}

// stripAccent returns the letter that a Latin letter with a diacritical mark is one of.
func stripAccent(r rune) rune {
	if r >= utf8.RuneSelf {
		if plain, ok := unaccented[r]; ok {
			return plain
		}
	}
	return r
}
