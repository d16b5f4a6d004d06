package parse

import (
	"tq/lang/source"
)

// Complete reports whether a text that is being typed ends its last statement: with a
// semicolon outside of strings, comments and sysdig filters, and nothing but blanks
// and comments behind it. Text without any statement is complete too.
func Complete(text string) bool {
	_, rest := Split(text)
	return rest.Start == rest.End
}

// Split finds the statements of a text by its semicolons. The spans hold each
// statement with its semicolon; rest is the text behind the last one, from its first
// token, and empty when there are only blanks and comments. Text need not be right:
// what can't be a token is skipped, and a string that never ends is part of the rest.
func Split(text string) (statements []source.Span, rest source.Span) {
	const none = -1
	start := none
	for s := (scanner{text: text}); ; s.err = nil {
		kind, at, ok := s.next()
		if !ok && s.err == nil {
			break
		}
		if kind == tokComment && ok {
			continue
		}
		if start == none {
			start = at
		}
		if kind == tokOp && ok && text[at:s.at] == ";" {
			statements = append(statements, source.Span{Start: start, End: s.at})
			start = none
		}
	}
	if start == none {
		return statements, source.Point(len(text))
	}
	return statements, source.Span{Start: start, End: len(text)}
}
