package shell

import (
	"slices"
	"strings"
	"unicode"
)

// completer completes the word before the cursor: dot-commands at the start of a line,
// else what the engine knows.
type completer struct {
	words func() []string
}

// Do returns the possible endings of the word and the length of its beginning in runes.
func (c completer) Do(line []rune, pos int) ([][]rune, int) {
	start := pos
	for start > 0 && isWord(line[start-1]) {
		start--
	}
	word := string(line[start:pos])
	var candidates []string
	switch {
	case start == 0 && strings.HasPrefix(word, "."):
		for _, cmd := range commands() {
			candidates = append(candidates, "."+cmd.name)
		}
	case word != "" && c.words != nil:
		candidates = c.words()
	}
	return endings(word, candidates), len([]rune(word))
}

// endings lists what is missing of the candidates that begin with word, each once. A
// word in capitals is ended in capitals.
func endings(word string, candidates []string) [][]rune {
	upper := word == strings.ToUpper(word) && word != strings.ToLower(word)
	var ends []string
	for _, c := range candidates {
		if len(c) > len(word) && strings.EqualFold(c[:len(word)], word) {
			end := c[len(word):]
			if upper && c == strings.ToLower(c) || c == strings.ToUpper(c) && !upper {
				end = swapCase(end, upper)
			}
			ends = append(ends, end)
		}
	}
	slices.Sort(ends)
	var out [][]rune
	for _, e := range slices.Compact(ends) {
		out = append(out, []rune(e))
	}
	return out
}

func swapCase(s string, upper bool) string {
	if upper {
		return strings.ToUpper(s)
	}
	return strings.ToLower(s)
}

func isWord(r rune) bool {
	return r == '_' || r == '.' || r == '$' || unicode.IsLetter(r) || unicode.IsDigit(r)
}
