package parse

import (
	"strings"
	"unicode"
	"unicode/utf8"

	"github.com/alecthomas/participle/v2/lexer"

	"tq/lang/source"
)

// The kinds of tokens besides keywords, which have a kind each (see keyword.go).
const (
	tokName     lexer.TokenType = iota + 1 // proc
	tokQuoted                              // "proc"
	tokNumber                              // 12 1.5 1e9 0x1F 1_000
	tokDuration                            // 250ms
	tokTime                                // @17:01:26.375 @+12.5s
	tokString                              // 'it''s' E'a\n' $$text$$
	tokBlob                                // x'00FF'
	tokParam                               // $name
	tokFilter                              // {proc.name=cat}
	tokOp                                  // operators and punctuation
	tokArgComma                            // the comma before a named argument
	tokPosition                            // #1
	tokComment                             // -- … and /* … */; dropped before parsing
	firstKeyword
)

// scanner splits text into tokens. It never fails to advance: what can't be a token
// sets err and ends the scan.
type scanner struct {
	text    string
	at      int
	structs int // how many structs in braces are open
	err     *source.Error
}

// next returns the next token, comments included; ok is false at the end of the text
// and after an error.
func (s *scanner) next() (kind lexer.TokenType, start int, ok bool) {
	s.skipSpace()
	if s.at >= len(s.text) || s.err != nil {
		return lexer.EOF, s.at, false
	}
	start = s.at
	kind = s.token()
	return kind, start, s.err == nil
}

func (s *scanner) skipSpace() {
	if s.at == 0 {
		s.at = len(s.text) - len(strings.TrimPrefix(s.text, "\uFEFF"))
		if strings.HasPrefix(s.text[s.at:], "#!") {
			s.skipLine()
		}
	}
	for s.at < len(s.text) {
		c := s.text[s.at]
		switch {
		case c == ' ' || c >= '\t' && c <= '\r':
			s.at++
		case c >= utf8.RuneSelf:
			r, size := utf8.DecodeRuneInString(s.text[s.at:])
			if !unicode.IsSpace(r) {
				return
			}
			s.at += size
		default:
			return
		}
	}
}

func (s *scanner) skipLine() {
	if i := strings.IndexByte(s.text[s.at:], '\n'); i >= 0 {
		s.at += i
	} else {
		s.at = len(s.text)
	}
}

// peek returns the byte n places ahead, 0 past the end.
func (s *scanner) peek(n int) byte {
	if s.at+n < len(s.text) {
		return s.text[s.at+n]
	}
	return 0
}

func (s *scanner) token() lexer.TokenType {
	c, following := s.text[s.at], s.peek(1)
	switch {
	case isNameStart(c):
		if following == '\'' {
			switch c {
			case 'x', 'X':
				return s.blob()
			case 'e', 'E':
				s.at++
				return s.quoted('\'', true, tokString)
			}
		}
		return s.word()
	case isDigit(c) || c == '.' && isDigit(following):
		return s.number()
	case c == '\'':
		return s.quoted('\'', false, tokString)
	case c == '"':
		return s.quoted('"', false, tokQuoted)
	case c == '-' && following == '-':
		s.skipLine()
		return tokComment
	case c == '/' && following == '*':
		return s.blockComment()
	case c == '{' && (s.beginsStruct() || s.beginsMap()):
		s.at++
		s.structs++
		return tokOp
	case c == '}' && s.structs > 0:
		s.at++
		s.structs--
		return tokOp
	case c == '{':
		return s.filter()
	case c == '@' && following != '>':
		return s.timePoint()
	case c == '$':
		return s.dollar()
	}
	return s.operator()
}

func isDigit(c byte) bool { return c >= '0' && c <= '9' }

// isNameStart reports whether a name may begin with a byte. Bytes of multi-byte
// characters count: operator sorts out those that look like quotes.
func isNameStart(c byte) bool {
	return c >= 'a' && c <= 'z' || c >= 'A' && c <= 'Z' || c == '_'
}

func isNamePart(c byte) bool { return isNameStart(c) || isDigit(c) || c >= utf8.RuneSelf }

func (s *scanner) word() lexer.TokenType {
	start := s.at
	for s.at < len(s.text) && isNamePart(s.text[s.at]) {
		if s.text[s.at] >= utf8.RuneSelf {
			r, size := utf8.DecodeRuneInString(s.text[s.at:])
			if !isNameRune(r) {
				break
			}
			s.at += size
			continue
		}
		s.at++
	}
	if kind, ok := keywordKind(s.text[start:s.at]); ok {
		return kind
	}
	return tokName
}

// isNameRune reports whether a character outside ASCII may be part of a name.
func isNameRune(r rune) bool {
	return r != utf8.RuneError && (unicode.IsLetter(r) || unicode.IsMark(r) || unicode.IsDigit(r))
}

// quoted scans a string or a quoted name, in which the quote is doubled, and with
// escapes also written behind a backslash.
func (s *scanner) quoted(quote byte, escapes bool, kind lexer.TokenType) lexer.TokenType {
	start := s.at
	if escapes {
		start--
	}
	for s.at++; s.at < len(s.text); s.at++ {
		switch c := s.text[s.at]; {
		case c == '\\' && escapes:
			s.at++
		case c == quote && s.peek(1) == quote:
			s.at++
		case c == quote:
			s.at++
			return kind
		}
	}
	s.at = len(s.text)
	what := "string"
	if kind == tokQuoted {
		what = "quoted name"
	}
	s.err = source.Errorf(source.Span{Start: start, End: start + 1}, "this %s has no closing quote", what)
	return kind
}

func (s *scanner) blob() lexer.TokenType {
	start := s.at
	s.at++
	if s.quoted('\'', false, tokBlob); s.err != nil {
		s.err.Span.Start = start
		return tokBlob
	}
	digits := s.text[start+2 : s.at-1]
	for i := range len(digits) {
		if !isHexDigit(digits[i]) {
			at := start + 2 + i
			s.err = source.Errorf(source.Span{Start: at, End: at + 1}, "a blob is written in hexadecimal digits, as in x'00FF'")
			return tokBlob
		}
	}
	if len(digits)%2 != 0 {
		s.err = source.Errorf(source.Span{Start: start, End: s.at}, "a blob has two hexadecimal digits for each byte; these are %d", len(digits))
	}
	return tokBlob
}

func isHexDigit(c byte) bool { return isDigit(c) || c >= 'a' && c <= 'f' || c >= 'A' && c <= 'F' }

// blockComment scans a comment; comments may stand in comments.
func (s *scanner) blockComment() lexer.TokenType {
	start, depth := s.at, 0
	for s.at < len(s.text) {
		switch {
		case s.text[s.at] == '/' && s.peek(1) == '*':
			depth++
			s.at += 2
		case s.text[s.at] == '*' && s.peek(1) == '/':
			s.at += 2
			if depth--; depth == 0 {
				return tokComment
			}
		default:
			s.at++
		}
	}
	s.err = source.Errorf(source.Span{Start: start, End: start + 2}, "this comment has no closing */")
	return tokComment
}

// filter scans a sysdig filter between braces. Its strings stand in either kind of
// quotes and may hold braces.
func (s *scanner) filter() lexer.TokenType {
	start := s.at
	for s.at++; s.at < len(s.text); s.at++ {
		switch c := s.text[s.at]; c {
		case '}':
			s.at++
			return tokFilter
		case '\'', '"':
			open := s.at
			for s.at++; s.at < len(s.text) && s.text[s.at] != c; s.at++ {
				if s.text[s.at] == '\\' {
					s.at++
				}
			}
			if s.at >= len(s.text) {
				s.at = len(s.text)
				s.err = source.Errorf(source.Span{Start: open, End: open + 1}, "this string of a sysdig filter has no closing quote")
				return tokFilter
			}
		}
	}
	s.err = source.Errorf(source.Span{Start: start, End: start + 1}, "this sysdig filter has no closing }")
	return tokFilter
}

// beginsStruct reports whether a brace opens a struct, {'a': 1}, and not a sysdig filter:
// a name and a colon follow it.
func (s *scanner) beginsStruct() bool {
	i := s.at + 1 + spaces(s.text[s.at+1:])
	if i >= len(s.text) {
		return false
	}
	switch quote := s.text[i]; {
	case quote == '\'' || quote == '"':
		end := strings.IndexByte(s.text[i+1:], quote)
		if end < 0 {
			return false
		}
		i += end + 2
	default:
		for i < len(s.text) && isNamePart(s.text[i]) {
			i++
		}
	}
	i += spaces(s.text[i:])
	return i < len(s.text) && s.text[i] == ':'
}

// beginsMap reports whether the word MAP stands before a brace.
func (s *scanner) beginsMap() bool {
	before := strings.TrimRight(s.text[:s.at], " \t\r\n")
	word := len(before) - len("map")
	return word >= 0 && strings.EqualFold(before[word:], "map") && (word == 0 || !isNamePart(before[word-1]))
}

// dollar scans $name, the string $$…$$ or $tag$…$tag$.
func (s *scanner) dollar() lexer.TokenType {
	start := s.at
	for s.at++; s.at < len(s.text) && isNamePart(s.text[s.at]); {
		s.at++
	}
	if s.peek(0) != '$' {
		if s.at == start+1 {
			s.err = source.Errorf(source.Span{Start: start, End: s.at}, "expected the name of a parameter after $")
		}
		return tokParam
	}
	s.at++
	tag := s.text[start:s.at]
	end := strings.Index(s.text[s.at:], tag)
	if end < 0 {
		s.err = source.Errorf(source.Span{Start: start, End: s.at}, "this string has no closing %s", tag)
		s.at = len(s.text)
		return tokString
	}
	s.at += end + len(tag)
	return tokString
}

// operators of more than one character, longer ones first.
var operators = []string{
	"!~~*", "!~~", "~~*", "~~", "!~", "<=>", "<=", ">=", "<>", "!=", "==", "=>", ":=", "::", "||", "<<", ">>", "//", "**", "^@", "->>", "->", "&&", "@>",
}

func (s *scanner) operator() lexer.TokenType {
	// Of <@ the @ may begin a time point: ts<@+1s.
	if s.text[s.at] == '<' && s.peek(1) == '@' && !isDigit(s.peek(2)) && s.peek(2) != '+' && s.peek(2) != '-' {
		s.at += 2
		return tokOp
	}
	for _, op := range operators {
		if s.text[s.at] == op[0] && strings.HasPrefix(s.text[s.at:], op) {
			s.at += len(op)
			return tokOp
		}
	}
	if s.text[s.at] == '#' && isDigit(s.peek(1)) {
		for s.at++; isDigit(s.peek(0)); {
			s.at++
		}
		return tokPosition
	}
	if s.text[s.at] == ',' {
		s.at++
		if s.namedArgument() {
			return tokArgComma
		}
		return tokOp
	}
	if strings.IndexByte("()[];.+-*/%^<>=&|~:", s.text[s.at]) >= 0 {
		s.at++
		return tokOp
	}
	r, size := utf8.DecodeRuneInString(s.text[s.at:])
	if isNameRune(r) {
		return s.word()
	}
	s.err = strayCharacter(source.Span{Start: s.at, End: s.at + size}, r)
	s.at += size
	return tokOp
}

// namedArgument reports whether name => or name := comes next. A comma before it
// belongs to the call, not to a list of the query that may stand before it:
// gaps(SELECT a FROM t, over => 1s).
func (s *scanner) namedArgument() bool {
	i := s.at + spaces(s.text[s.at:])
	start := i
	for i < len(s.text) && isNamePart(s.text[i]) {
		i++
	}
	if i == start {
		return false
	}
	rest := s.text[i+spaces(s.text[i:]):]
	return strings.HasPrefix(rest, "=>") || strings.HasPrefix(rest, ":=")
}

// spaces counts the blanks at the start of a text.
func spaces(text string) int { return len(text) - len(strings.TrimLeft(text, " \t\r\n")) }

func strayCharacter(at source.Span, r rune) *source.Error {
	switch r {
	case '`':
		return source.Errorf(at, "a backtick quotes nothing here").WithHint(`names are quoted with ", strings with '`)
	case '‘', '’', '‚', '“', '”', '„', '«', '»':
		return source.Errorf(at, "%c is a typographic quote", r).WithHint(`strings are quoted with ', names with "`)
	case '#':
		return source.Errorf(at, "unexpected #").WithHint("a comment begins with --")
	case '!':
		return source.Errorf(at, "unexpected !").WithHint("write NOT")
	case '}':
		return source.Errorf(at, "this } closes no sysdig filter")
	case '?':
		return source.Errorf(at, "unexpected ?").WithHint("parameters are written $name")
	case '\\':
		return source.Errorf(at, `unexpected \`).WithHint(`escapes stand in strings with E, as in E'\n'`)
	case utf8.RuneError:
		return source.Errorf(at, "this byte is not valid UTF-8")
	}
	return source.Errorf(at, "unexpected character %q", r)
}
