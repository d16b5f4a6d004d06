package render

import (
	"unicode"
	"unicode/utf8"
)

// Visible is a string as it may be shown on a terminal: what could control the terminal
// is escaped.
func Visible(s string) string { return string(appendVisible(nil, s)) }

// appendVisible writes a string so that it cannot control a terminal or be mistaken for
// another: control characters, invisible and direction-changing ones and bytes that are
// no UTF-8 are escaped.
func appendVisible(dst []byte, s string) []byte {
	for i := 0; i < len(s); {
		b := s[i]
		if b >= ' ' && b <= '~' && b != '\\' {
			dst = append(dst, b)
			i++
			continue
		}
		r, size := utf8.DecodeRuneInString(s[i:])
		switch {
		case b == '\\':
			// A lone backslash is itself; one that could be read as an escape is doubled.
			if i+1 < len(s) && isEscapeLetter(s[i+1]) {
				dst = append(dst, '\\')
			}
			dst = append(dst, '\\')
		case b == '\n':
			dst = append(dst, `\n`...)
		case b == '\r':
			dst = append(dst, `\r`...)
		case b == '\t':
			dst = append(dst, `\t`...)
		case r == utf8.RuneError && size == 1, b < ' ', b == 0x7f:
			dst = append(dst, '\\', 'x', hexDigits[b>>4], hexDigits[b&15])
			size = 1
		case unicode.IsPrint(r):
			dst = append(dst, s[i:i+size]...)
		default:
			dst = appendRuneEscape(dst, r)
		}
		i += size
	}
	return dst
}

const hexDigits = "0123456789abcdef"

func isEscapeLetter(b byte) bool {
	return b == 'n' || b == 'r' || b == 't' || b == 'x' || b == 'u'
}

func appendRuneEscape(dst []byte, r rune) []byte {
	dst = append(dst, '\\', 'u')
	if r > 0xffff {
		dst = append(dst, '{')
		for shift := 20; shift >= 0; shift -= 4 {
			dst = append(dst, hexDigits[r>>shift&15])
		}
		return append(dst, '}')
	}
	for shift := 12; shift >= 0; shift -= 4 {
		dst = append(dst, hexDigits[r>>shift&15])
	}
	return dst
}

// appendJSONString writes a string as JSON wants it, with invisible characters escaped.
// Bytes that are no UTF-8, which JSON cannot hold, become U+FFFD.
func appendJSONString(dst []byte, s string) []byte {
	dst = append(dst, '"')
	done := 0 // s[:done] has been written
	for i := 0; i < len(s); {
		if b := s[i]; b >= ' ' && b <= '~' && b != '"' && b != '\\' {
			i++
			continue
		}
		r, size := utf8.DecodeRuneInString(s[i:])
		if r > 0xffff || r >= utf8.RuneSelf && unicode.IsPrint(r) && !(r == utf8.RuneError && size == 1) {
			i += size
			continue
		}
		dst = appendJSONEscape(append(dst, s[done:i]...), r)
		i += size
		done = i
	}
	return append(append(dst, s[done:]...), '"')
}

func appendJSONEscape(dst []byte, r rune) []byte {
	switch r {
	case '"', '\\':
		return append(dst, '\\', byte(r))
	case '\n':
		return append(dst, `\n`...)
	case '\r':
		return append(dst, `\r`...)
	case '\t':
		return append(dst, `\t`...)
	case utf8.RuneError:
		return utf8.AppendRune(dst, r)
	}
	return appendRuneEscape(dst, r)
}
