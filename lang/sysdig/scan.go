package sysdig

import (
	"strings"

	"tq/lang/source"
)

// scanner reads the text of a filter from left to right. What a character means depends
// on where it stands, so that there are no tokens: the parser asks for what it expects.
type scanner struct {
	text string
	at   int
	base int // where the text stands in the statement
}

// span is the place of text[start:end] in the statement.
func (s *scanner) span(start, end int) source.Span {
	return source.Span{Start: s.base + start, End: s.base + end}
}

// since is the place from a start to what was read last.
func (s *scanner) since(start int) node { return node{s.span(start, s.at)} }

func (s *scanner) rest() string { return s.text[s.at:] }

func (s *scanner) atEnd() bool { return s.at >= len(s.text) }

func isBlank(c byte) bool { return c == ' ' || c >= '\b' && c <= '\r' && c != '\v' }

func isLetter(c byte) bool { return c >= 'a' && c <= 'z' || c >= 'A' && c <= 'Z' }

func isWordPart(c byte) bool { return isLetter(c) || c >= '0' && c <= '9' || c == '_' }

func (s *scanner) skipBlanks() {
	for !s.atEnd() && isBlank(s.text[s.at]) {
		s.at++
	}
}

// accept reads a text if it comes next.
func (s *scanner) accept(text string) bool {
	if !strings.HasPrefix(s.rest(), text) {
		return false
	}
	s.at += len(text)
	return true
}

// peekWord returns the letters, digits and underscores that come next.
func (s *scanner) peekWord() string {
	end := s.at
	for end < len(s.text) && isWordPart(s.text[end]) {
		end++
	}
	return s.text[s.at:end]
}

// acceptWord reads a word if just that comes next.
func (s *scanner) acceptWord(word string) bool {
	if s.peekWord() != word {
		return false
	}
	after := s.at + len(word)
	if after < len(s.text) && s.text[after] == '.' {
		return false // a field's name
	}
	s.at = after
	return true
}

// found returns what comes next, for messages, and where.
func (s *scanner) found() (string, source.Span) {
	if s.atEnd() {
		return "the end of the filter", s.span(len(s.text), len(s.text))
	}
	end := s.at + 1
	if isWordPart(s.text[s.at]) {
		for end < len(s.text) && (isWordPart(s.text[end]) || s.text[end] == '.') {
			end++
		}
	} else if strings.IndexByte(`()[]"',`, s.text[s.at]) < 0 {
		for end < len(s.text) && !isWordPart(s.text[end]) && !isBlank(s.text[end]) && strings.IndexByte(`()[]"',`, s.text[end]) < 0 {
			end++
		}
	}
	return s.text[s.at:end], s.span(s.at, end)
}

// bare reads a value without quotes: up to a blank or a parenthesis, in a list also up to
// a comma.
func (s *scanner) bare(inList bool) Value {
	start := s.at
	for !s.atEnd() {
		c := s.text[s.at]
		if isBlank(c) || c == '(' || c == ')' || inList && c == ',' {
			break
		}
		s.at++
	}
	return Value{s.since(start), s.text[start:s.at]}
}

// quoted reads a value in single or double quotes.
func (s *scanner) quoted() (Value, *source.Error) {
	start, quote := s.at, s.text[s.at]
	var text strings.Builder
	for s.at++; !s.atEnd(); s.at++ {
		switch c := s.text[s.at]; c {
		case quote:
			s.at++
			return Value{s.since(start), text.String()}, nil
		case '\\':
			b, size, ok := unescape(s.text[s.at+1:])
			if !ok {
				end := min(s.at+2, len(s.text))
				return Value{}, source.Errorf(s.span(s.at, end), "%s is no escape of sysdig's", s.text[s.at:end]).
					WithHint(`a backslash is written \\`)
			}
			text.WriteByte(b)
			s.at += size
		default:
			text.WriteByte(c)
		}
	}
	return Value{}, source.Errorf(s.span(start, start+1), "this string has no closing %c", quote)
}

// escapes are the characters behind a backslash that mean another.
var escapes = map[byte]byte{
	'b': '\b', 'f': '\f', 'n': '\n', 'r': '\r', 't': '\t', ' ': '\\', '\\': '\\', '/': '/', '"': '"', '\'': '\'',
}

// unescape returns what an escape means and how long it is, without its backslash.
func unescape(text string) (b byte, size int, ok bool) {
	if text == "" {
		return 0, 0, false
	}
	if text[0] == 'x' && len(text) >= 3 {
		high, ok1 := hexDigit(text[1])
		low, ok2 := hexDigit(text[2])
		return high<<4 | low, 3, ok1 && ok2
	}
	b, ok = escapes[text[0]]
	return b, 1, ok
}

func hexDigit(c byte) (byte, bool) {
	switch {
	case c >= '0' && c <= '9':
		return c - '0', true
	case c >= 'a' && c <= 'f':
		return c - 'a' + 10, true
	case c >= 'A' && c <= 'F':
		return c - 'A' + 10, true
	}
	return 0, false
}
