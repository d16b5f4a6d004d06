package scap

import (
	"unicode"
	"unicode/utf8"
)

// appendSanitized appends text that may go to a terminal: what is no UTF-8 or does not
// print becomes the replacement character, one for each longest start of a character.
func appendSanitized(dst, s []byte) []byte {
	clean := 0
	for clean < len(s) && s[clean] >= ' ' && s[clean] <= '~' {
		clean++
	}
	dst = append(dst, s[:clean]...)
	for s = s[clean:]; len(s) > 0; {
		c, n := utf8.DecodeRune(s)
		switch {
		case c == utf8.RuneError && n <= 1:
			dst = utf8.AppendRune(dst, utf8.RuneError)
			n = brokenLen(s)
		case c < ' ' || c >= 0x7f && c < 0xa0 || unicode.Is(unicode.Noncharacter_Code_Point, c):
			dst = utf8.AppendRune(dst, utf8.RuneError)
		default:
			dst = append(dst, s[:n]...)
		}
		s = s[n:]
	}
	return dst
}

// brokenLen returns how many bytes at the start of s begin a character that is then
// broken off.
func brokenLen(s []byte) int {
	n := 1
	for n < len(s) && n < utf8.UTFMax && !utf8.FullRune(s[:n]) {
		if utf8.RuneStart(s[n]) {
			return n
		}
		if utf8.FullRune(s[:n+1]) {
			if c, size := utf8.DecodeRune(s[:n+1]); c == utf8.RuneError && size <= 1 {
				return n
			}
		}
		n++
	}
	return n
}
