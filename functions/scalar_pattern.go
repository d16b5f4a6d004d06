package functions

import (
	"fmt"
	"regexp"
	"strings"
	"unicode/utf8"

	"github.com/apache/arrow/go/v17/arrow"

	"tq/functions/kernel"
)

const patternFamily = "pattern"

var patternFunctions = []Def{
	scalar(patternFamily, "like", "Whether the text matches a pattern in which % stands for any text and _ for one character. The third argument is a character that makes the next one mean itself.",
		"'keepalived' LIKE 'keep%'", "true", sig(Boolean, onValues(like), Varchar, Varchar), matchEscape(likeMatcher)).also("~~", "like_escape"),
	scalar(patternFamily, "ilike", "As LIKE, whatever the case of letters.",
		"'Keepalived' ILIKE 'KEEP%'", "true", matchSig(ilikeMatcher), matchEscape(ilikeMatcher)).also("~~*", "ilike_escape"),
	scalar(patternFamily, "glob", "Whether the text matches a pattern as the shell's: * stands for any text, ? for one character, [a-z] for one of a set.",
		"'/var/log/syslog' GLOB '/var/*/sys?og'", "true", matchSig(func(pattern, _ string) (matcher, error) { return globMatcher(pattern) })).also("~~~"),
	scalar(patternFamily, "iglob", "As GLOB, whatever the case of letters.",
		"iglob('/VAR/log', '/var/*')", "true", matchSig(func(pattern, _ string) (matcher, error) { return iglobMatcher(pattern) })),
	scalar(patternFamily, "path_under", "Whether a path is one of some paths or lies below one; slashes at their ends don't matter, and * in the name of a folder stands for any text.",
		"path_under('/etc/ssl/certs', '/usr', '/etc/ssl')", "true",
		Overload{Args: types(Varchar, Varchar), Variadic: true, Ret: Boolean, Eval: onValues(pathUnderAny)}),
	scalar(patternFamily, "similar to", "Whether the whole text matches a regular expression.",
		"'abc' SIMILAR TO 'a(b|x)c'", "true", matchSig(wholeMatcher)).also("similar_to", "regexp_full_match"),
	scalar(patternFamily, "!~", "Whether the whole text doesn't match a regular expression.",
		"'abc' !~ 'a.'", "true", matchSig(func(pattern, _ string) (matcher, error) {
			m, err := wholeMatcher(pattern, "")
			return func(s string) bool { return !m(s) }, err
		})),
	scalar(patternFamily, "regexp_matches", "Whether a regular expression matches somewhere in the text. Options: i ignores case, s lets . match line breaks.",
		"regexp_matches('keepalived', 'al.ve')", "true",
		sig(Boolean, onValues(regexpMatches), Varchar, Varchar, Varchar).optional(1)),
	scalar(patternFamily, "regexp_extract", "What a regular expression matches, or the group of it with the given number; empty if it doesn't match.",
		"regexp_extract('10.0.0.1:53', ':([0-9]+)', 1)", "53",
		sig(Varchar, onValues(regexpExtract), Varchar, Varchar, BigInt, Varchar).optional(2)),
	scalar(patternFamily, "regexp_replace", `Replaces what a regular expression matches first, with the option g every time. \1 in the replacement stands for the first group.`,
		`regexp_replace('eth0 eth1', 'eth([0-9])', 'if\1', 'g')`, "if0 if1",
		sig(Varchar, onValues(regexpReplace), Varchar, Varchar, Varchar, Varchar).optional(1)),
	scalar(patternFamily, "regexp_escape", "The regular expression that matches just the text.",
		"regexp_escape('a.b')", `a\.b`,
		sig(Varchar, ofText(func(b []byte, s string) []byte { return appendQuoted(b, s) }), Varchar)),
}

// appendQuoted puts a backslash before every ASCII character that is no letter, digit or
// underscore, as RE2 does.
func appendQuoted(b []byte, s string) []byte {
	for i := range len(s) {
		c := s[i]
		if c < utf8.RuneSelf && c != '_' && !isDigit(c) && (c|0x20 < 'a' || c|0x20 > 'z') {
			b = append(b, '\\')
		}
		b = append(b, c)
	}
	return b
}

// compiled remembers what patterns were compiled to: in most calls there is one.
type compiled[P any] struct {
	make func(pattern, options string) (P, error)
	last [2]string
	p    P
	all  map[[2]string]P
}

func (c *compiled[P]) of(pattern, options string) (P, error) {
	key := [2]string{pattern, options}
	if c.all != nil && key == c.last {
		return c.p, nil
	}
	if p, ok := c.all[key]; ok {
		c.last, c.p = key, p
		return p, nil
	}
	p, err := c.make(pattern, options)
	if err != nil {
		return p, err
	}
	if c.all == nil || len(c.all) > 1000 {
		c.all = map[[2]string]P{}
	}
	c.all[key], c.last, c.p = p, key, p
	return p, nil
}

func matchSig(compile func(pattern, escape string) (matcher, error)) Overload {
	return sig(Boolean, matches(compile), Varchar, Varchar)
}

func matchEscape(compile func(pattern, escape string) (matcher, error)) Overload {
	return sig(Boolean, matches(compile), Varchar, Varchar, Varchar)
}

// like is the body of LIKE without an escape.
func like(c *Call, args []kernel.Vec, n int) (kernel.Vec, error) {
	if args[1].Const && !anyNullConst(args) {
		tokens, err := likeTokens(textsOf(args[1]).at(0), "")
		if err != nil {
			return kernel.Vec{}, err
		}
		if literal, ok := onlyContains(tokens); ok && !args[0].Const {
			return containing(args[0], literal, n), nil
		}
	}
	return likeRows(c, args, n)
}

var likeRows = matches(likeMatcher)

// contains is the body of contains().
func contains(c *Call, args []kernel.Vec, n int) (kernel.Vec, error) {
	if args[1].Const && !args[0].Const && !anyNullConst(args) {
		if text := textsOf(args[1]).at(0); text != "" {
			return containing(args[0], text, n), nil
		}
	}
	return testTexts(strings.Contains)(c, args, n)
}

// containing tells which rows of a column a text occurs in; the text is not empty.
func containing(v kernel.Vec, text string, n int) kernel.Vec {
	valid := kernel.RowValidity(v, n)
	if v.Array.DataType().ID() == arrow.STRING {
		return kernel.Col(kernel.FromBits(kernel.ContainBits(v.Array, []byte(text)), n, valid))
	}
	s, out := kernel.StringsOf(v.Array), make([]bool, n)
	for i := range out {
		out[i] = strings.Contains(s.At(i), text)
	}
	return kernel.Col(kernel.FromBools(out, valid))
}

// matches is the body of the pattern operators; a third argument is the escape.
func matches(compile func(pattern, escape string) (matcher, error)) ScalarFunc {
	return onValues(func(c *Call, args []kernel.Vec, n int) (kernel.Vec, error) {
		s, pattern, escape := textsOf(args[0]), textsOf(args[1]), texts{}
		if len(args) == 3 {
			escape = textsOf(args[2])
		}
		cache := compiled[matcher]{make: compile}
		return boolRows(c, args, n, func(i int) (bool, error) {
			esc := ""
			if len(args) == 3 {
				esc = escape.at(i)
			}
			m, err := cache.of(pattern.at(i), esc)
			if err != nil {
				return false, err
			}
			return m(s.at(i)), nil
		})
	})
}

func ilikeMatcher(pattern, escape string) (matcher, error) {
	m, err := likeMatcher(strings.ToLower(pattern), strings.ToLower(escape))
	if err != nil {
		return nil, err
	}
	return func(s string) bool { return m(strings.ToLower(s)) }, nil
}

func wholeMatcher(pattern, _ string) (matcher, error) {
	re, err := compileRegexp(`^(?:`+pattern+`)$`, "s")
	if err != nil {
		_, err = compileRegexp(pattern, "") // the message shall show what was written
	}
	if err != nil {
		return nil, err
	}
	return re.MatchString, nil
}

// compileRegexp compiles a regular expression with DuckDB's options; g is left to the
// caller.
func compileRegexp(pattern, options string) (*regexp.Regexp, error) {
	flags := ""
	for _, o := range options {
		switch o {
		case 'i', 's':
			flags += string(o)
		case 'l':
			pattern = regexp.QuoteMeta(pattern)
		case 'm', 'n', 'p':
			flags = strings.ReplaceAll(flags, "s", "")
		case 'c', 'g':
		default:
			return nil, fmt.Errorf("there is no regular expression option %q; there are c, g, i, l, m, n, p and s", o)
		}
	}
	if flags != "" {
		pattern = "(?" + flags + ")" + pattern
	}
	re, err := regexp.Compile(pattern)
	if err != nil {
		return nil, fmt.Errorf("bad regular expression: %w", err)
	}
	return re, nil
}

func optionTexts(args []kernel.Vec, i int) func(row int) string {
	if i >= len(args) {
		return func(int) string { return "" }
	}
	t := textsOf(args[i])
	return t.at
}

func regexpMatches(c *Call, args []kernel.Vec, n int) (kernel.Vec, error) {
	s, pattern, options := textsOf(args[0]), textsOf(args[1]), optionTexts(args, 2)
	cache := compiled[*regexp.Regexp]{make: compileRegexp}
	return boolRows(c, args, n, func(i int) (bool, error) {
		re, err := cache.of(pattern.at(i), options(i))
		if err != nil {
			return false, err
		}
		return re.MatchString(s.at(i)), nil
	})
}

func regexpExtract(c *Call, args []kernel.Vec, n int) (kernel.Vec, error) {
	s, pattern, group, options := textsOf(args[0]), textsOf(args[1]), orElse[int64](args, 2, 0), optionTexts(args, 3)
	cache := compiled[*regexp.Regexp]{make: compileRegexp}
	return textRows(c, args, n, func(b []byte, i int) ([]byte, bool, error) {
		re, err := cache.of(pattern.at(i), options(i))
		if err != nil {
			return nil, false, err
		}
		g := group.at(i)
		if g < 0 || g > int64(re.NumSubexp()) {
			return nil, false, fmt.Errorf("the regular expression %q has no group %d", pattern.at(i), g)
		}
		text := s.at(i)
		if at := re.FindStringSubmatchIndex(text); at != nil && at[2*g] >= 0 {
			b = append(b, text[at[2*g]:at[2*g+1]]...)
		}
		return b, true, nil
	})
}

func regexpReplace(c *Call, args []kernel.Vec, n int) (kernel.Vec, error) {
	s, pattern, repl, options := textsOf(args[0]), textsOf(args[1]), textsOf(args[2]), optionTexts(args, 3)
	cache := compiled[*regexp.Regexp]{make: compileRegexp}
	return textRows(c, args, n, func(b []byte, i int) ([]byte, bool, error) {
		re, err := cache.of(pattern.at(i), options(i))
		if err != nil {
			return nil, false, err
		}
		text, times := s.at(i), 1
		if strings.Contains(options(i), "g") {
			times = -1
		}
		begin, end := len(b), 0
		for _, at := range re.FindAllStringSubmatchIndex(text, times) {
			b = append(b, text[end:at[0]]...)
			b = appendReplacement(b, repl.at(i), text, at)
			if len(b)-begin > maxText {
				return nil, false, errLong
			}
			end = at[1]
		}
		return append(b, text[end:]...), true, nil
	})
}

// appendReplacement writes the replacement of one match, with \0 to \9 for its groups.
func appendReplacement(b []byte, repl, text string, at []int) []byte {
	for i := 0; i < len(repl); i++ {
		if repl[i] != '\\' || i+1 == len(repl) {
			b = append(b, repl[i])
			continue
		}
		i++
		if !isDigit(repl[i]) {
			b = append(b, repl[i])
			continue
		}
		if g := int(repl[i] - '0'); 2*g < len(at) && at[2*g] >= 0 {
			b = append(b, text[at[2*g]:at[2*g+1]]...)
		}
	}
	return b
}

func iglobMatcher(pattern string) (matcher, error) {
	m, err := globMatcher(strings.ToLower(pattern))
	if err != nil {
		return nil, err
	}
	return func(s string) bool { return m(strings.ToLower(s)) }, nil
}
