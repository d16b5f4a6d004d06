package functions

import (
	"errors"
	"fmt"
	"strings"
	"unicode/utf8"
)

// matcher tells whether a text matches a pattern as a whole.
type matcher func(s string) bool

var errEscape = errors.New("the escape of LIKE must be one character")

// likeMatcher compiles a LIKE pattern: % stands for any text, _ for one character, the
// escape (if there is one) makes the next character mean itself. The forms that need no
// search for the right split are recognised.
func likeMatcher(pattern, escape string) (matcher, error) {
	tokens, err := likeTokens(pattern, escape)
	if err != nil {
		return nil, err
	}
	return simpleLike(tokens), nil
}

// likeTokens splits a LIKE pattern.
func likeTokens(pattern, escape string) ([]likeToken, error) {
	var esc rune = -1
	if escape != "" {
		r, size := utf8.DecodeRuneInString(escape)
		if size != len(escape) {
			return nil, errEscape
		}
		esc = r
	}
	var tokens []likeToken
	var literal strings.Builder
	flush := func() {
		if literal.Len() > 0 {
			tokens = append(tokens, likeToken{literal: literal.String()})
			literal.Reset()
		}
	}
	escaped := false
	for _, r := range pattern {
		switch {
		case escaped:
			literal.WriteRune(r)
			escaped = false
		case r == esc:
			escaped = true
		case r == '%':
			flush()
			if n := len(tokens); n == 0 || !tokens[n-1].any {
				tokens = append(tokens, likeToken{any: true})
			}
		case r == '_':
			flush()
			tokens = append(tokens, likeToken{one: true})
		default:
			literal.WriteRune(r)
		}
	}
	if escaped {
		return nil, fmt.Errorf("the pattern %q ends with its escape character", pattern)
	}
	flush()
	return tokens, nil
}

// onlyContains reports whether all that tokens ask for is that a text occurs.
func onlyContains(t []likeToken) (text string, ok bool) {
	if len(t) != 3 || !t[0].any || t[1].literal == "" || !t[2].any {
		return "", false
	}
	return t[1].literal, true
}

// likeToken is a literal, one character or any text.
type likeToken struct {
	literal  string
	one, any bool
}

// simpleLike picks the quickest way to match tokens.
func simpleLike(t []likeToken) matcher {
	literal := func(i int) bool { return t[i].literal != "" }
	switch {
	case len(t) == 0:
		return func(s string) bool { return s == "" }
	case len(t) == 1 && literal(0):
		want := t[0].literal
		return func(s string) bool { return s == want }
	case len(t) == 1 && t[0].any:
		return func(string) bool { return true }
	case len(t) == 2 && literal(0) && t[1].any:
		want := t[0].literal
		return func(s string) bool { return strings.HasPrefix(s, want) }
	case len(t) == 2 && t[0].any && literal(1):
		want := t[1].literal
		return func(s string) bool { return strings.HasSuffix(s, want) }
	}
	if want, ok := onlyContains(t); ok {
		return func(s string) bool { return strings.Contains(s, want) }
	}
	return func(s string) bool { return matchLike(t, s) }
}

// matchLike goes back to the last % only: whatever an earlier one skipped, a later one
// can skip too, so the time is bounded by the product of the lengths.
func matchLike(t []likeToken, s string) bool {
	at, restartToken, restart := 0, -1, 0
	for i := 0; ; {
		switch {
		case i == len(t) && at == len(s):
			return true
		case i < len(t) && t[i].any:
			restartToken, restart = i, at
			i++
			continue
		case i < len(t) && t[i].one && at < len(s):
			_, size := utf8.DecodeRuneInString(s[at:])
			at += size
			i++
			continue
		case i < len(t) && t[i].literal != "" && strings.HasPrefix(s[at:], t[i].literal):
			at += len(t[i].literal)
			i++
			continue
		}
		if restartToken < 0 || restart >= len(s) {
			return false
		}
		_, size := utf8.DecodeRuneInString(s[restart:])
		restart += size
		i, at = restartToken+1, restart
	}
}

// globMatcher compiles a GLOB pattern: * stands for any text, ? for one character,
// [abc], [a-z] and [!a] for one of a set; a backslash makes the next character mean
// itself.
func globMatcher(pattern string) (matcher, error) {
	if !strings.ContainsAny(pattern, `[\`) {
		like := strings.NewReplacer("%", "\x00%", "_", "\x00_", "\x00", "\x00\x00", "*", "%", "?", "_").Replace(pattern)
		return likeMatcher(like, "\x00")
	}
	runes := []rune(pattern)
	return func(s string) bool { return matchGlob(runes, s) }, nil
}

func matchGlob(p []rune, s string) bool {
	at, restartToken, restart := 0, -1, 0
	for i := 0; ; {
		if i == len(p) && at == len(s) {
			return true
		}
		if i < len(p) && p[i] == '*' {
			restartToken, restart = i, at
			i++
			continue
		}
		if i < len(p) && at < len(s) {
			r, size := utf8.DecodeRuneInString(s[at:])
			if width, ok := globOne(p[i:], r); ok {
				i, at = i+width, at+size
				continue
			}
		}
		if restartToken < 0 || restart >= len(s) {
			return false
		}
		_, size := utf8.DecodeRuneInString(s[restart:])
		restart += size
		i, at = restartToken+1, restart
	}
}

// globOne matches one character against the beginning of a pattern that is not *.
func globOne(p []rune, r rune) (width int, ok bool) {
	switch p[0] {
	case '?':
		return 1, true
	case '\\':
		if len(p) > 1 {
			return 2, p[1] == r
		}
	case '[':
		return globSet(p, r)
	}
	return 1, p[0] == r
}

// globSet matches a character against [set]; a set without end matches nothing.
func globSet(p []rune, r rune) (width int, ok bool) {
	i, not := 1, false
	if i < len(p) && p[i] == '!' {
		not = true
		i++
	}
	found := false
	for first := i; i < len(p); i++ {
		if p[i] == ']' && i > first {
			return i + 1, found != not
		}
		lo, hi := p[i], p[i]
		if i+2 < len(p) && p[i+1] == '-' && p[i+2] != ']' {
			hi = p[i+2]
			i += 2
		}
		found = found || lo <= r && r <= hi
	}
	return 1, false
}
