package shell

import (
	"strings"

	"tq/functions"
	"tq/lang"
	"tq/lang/parse"
)

// highlighter colours a line while it is typed.
type highlighter struct {
	before string // lines of the statement above it
}

// The colours, of the sixteen that every terminal lets its user choose.
const (
	colourReset   = "\x1b[0m"
	colourKeyword = "\x1b[1;34m"
	colourString  = "\x1b[32m"
	colourNumber  = "\x1b[35m"
	colourComment = "\x1b[2m"
	colourCall    = "\x1b[36m"
	colourParam   = "\x1b[33m"
	colourMatch   = "\x1b[1;7m"
)

// Paint returns the line with its colours; the cursor stands before rune pos.
func (h *highlighter) Paint(line []rune, pos int) []rune {
	typed := string(line)
	if h.before == "" && strings.HasPrefix(typed, ".") || len(line) == 0 {
		return line
	}
	text := h.before + typed
	tokens := lang.Classify(text)
	matched := matchedBrackets(text, tokens, len(h.before)+len(string(line[:min(pos, len(line))])))
	var b strings.Builder
	at := len(h.before)
	for i, t := range tokens {
		if t.Span.End <= at {
			continue
		}
		start := max(t.Span.Start, at)
		b.WriteString(text[at:start])
		piece := text[start:t.Span.End]
		if colour := colourOf(text, tokens, i, matched); colour != "" {
			piece = colour + piece + colourReset
		}
		b.WriteString(piece)
		at = t.Span.End
	}
	b.WriteString(text[at:])
	return []rune(b.String())
}

// colourOf returns the colour of a token, or "".
func colourOf(text string, tokens []parse.Token, i int, matched [2]int) string {
	t := tokens[i]
	switch t.Class {
	case parse.Keyword:
		return colourKeyword
	case parse.String, parse.Broken:
		return colourString
	case parse.Number:
		return colourNumber
	case parse.Comment:
		return colourComment
	case parse.Param, parse.Filter:
		return colourParam
	case parse.Word:
		if i+1 < len(tokens) && text[tokens[i+1].Span.Start] == '(' {
			if _, ok := functions.Lookup(strings.ToLower(text[t.Span.Start:t.Span.End])); ok {
				return colourCall
			}
		}
	case parse.Operator:
		if i == matched[0] || i == matched[1] {
			return colourMatch
		}
	}
	return ""
}

// matchedBrackets returns the tokens of the bracket next to the cursor and of its
// partner; {-1, -1} if there are none.
func matchedBrackets(text string, tokens []parse.Token, cursor int) [2]int {
	var open []int
	for i, t := range tokens {
		if t.Class != parse.Operator || t.Span.End-t.Span.Start != 1 {
			continue
		}
		switch text[t.Span.Start] {
		case '(', '[':
			open = append(open, i)
		case ')', ']':
			if len(open) == 0 {
				continue
			}
			partner := open[len(open)-1]
			open = open[:len(open)-1]
			if near(tokens[partner], cursor) || near(t, cursor) {
				return [2]int{partner, i}
			}
		}
	}
	return [2]int{-1, -1}
}

// near tells whether the cursor stands right behind a token.
func near(t parse.Token, cursor int) bool { return t.Span.End == cursor }
