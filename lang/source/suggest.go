package source

import (
	"fmt"
	"strings"
)

// DidYouMean returns the hint that names the candidate nearest to a name, or "" when
// none is near.
func DidYouMean(name string, candidates []string) string {
	if near := Suggest(name, candidates); near != "" {
		return fmt.Sprintf("did you mean %q?", near)
	}
	return ""
}

// Suggest returns the candidate that someone who wrote name most likely meant, or ""
// when none is near. Case is ignored. A candidate is near when few edits lead to it,
// when one of the two begins with the other, or when the name's letters occur in it
// in order, as in fdnm for fd_name.
func Suggest(name string, candidates []string) string {
	best, bestCost := "", maxCost
	for _, c := range candidates {
		if cost := distance(strings.ToLower(name), strings.ToLower(c)); cost < bestCost {
			best, bestCost = c, cost
		}
	}
	return best
}

// Costs of the ways to be near, in tenths of an edit, so that one or two edits win
// over a common prefix and that over a subsequence.
const (
	editCost        = 10
	prefixCost      = 25
	subsequenceCost = 35
	maxCost         = 50
)

func distance(name, candidate string) int {
	if name == candidate {
		return 0
	}
	cost := maxCost
	if edits := editDistance(name, candidate); edits <= allowedEdits(len(name)) && edits < len(candidate) {
		cost = edits * editCost
	}
	short, long := name, candidate
	if len(short) > len(long) {
		short, long = long, short
	}
	if len(short) >= 3 {
		extra := min(len(long)-len(short), 9)
		switch {
		case strings.HasPrefix(long, short):
			cost = min(cost, prefixCost+extra)
		case len(short)*2 >= len(long) && name[0] == candidate[0] && isSubsequence(name, candidate):
			cost = min(cost, subsequenceCost+extra)
		}
	}
	return cost
}

// allowedEdits is how many edits a name of n bytes may be away from what was meant.
func allowedEdits(n int) int {
	switch {
	case n <= 1:
		return 0
	case n <= 4:
		return 1
	case n <= 7:
		return 2
	default:
		return 3
	}
}

func isSubsequence(s, of string) bool {
	for i := 0; i < len(of) && s != ""; i++ {
		if s[0] == of[i] {
			s = s[1:]
		}
	}
	return s == ""
}

// editDistance counts the insertions, deletions, replacements and swaps of
// neighbours that turn a into b (optimal string alignment).
func editDistance(a, b string) int {
	// Three rows of the dynamic program: two back, one back, current.
	before, previous, current := make([]int, len(b)+1), make([]int, len(b)+1), make([]int, len(b)+1)
	for j := range previous {
		previous[j] = j
	}
	for i := 1; i <= len(a); i++ {
		current[0] = i
		for j := 1; j <= len(b); j++ {
			replace := 1
			if a[i-1] == b[j-1] {
				replace = 0
			}
			current[j] = min(previous[j]+1, current[j-1]+1, previous[j-1]+replace)
			if i > 1 && j > 1 && a[i-1] == b[j-2] && a[i-2] == b[j-1] {
				current[j] = min(current[j], before[j-2]+1)
			}
		}
		before, previous, current = previous, current, before
	}
	return previous[len(b)]
}
