package parse

import (
	"strconv"
	"strings"
	"unicode/utf8"

	"github.com/alecthomas/participle/v2/lexer"

	"tq/lang/ast"
	"tq/lang/source"
)

// stringValue returns what a string token stands for.
func stringValue(t lexer.Token) (string, error) {
	v := t.Value
	switch v[0] {
	case '$':
		tag := strings.IndexByte(v[1:], '$') + 2
		return v[tag : len(v)-tag], nil
	case '\'':
		return strings.ReplaceAll(v[1:len(v)-1], "''", "'"), nil
	}
	return unescape(t)
}

// unescape returns the value of E'…'.
func unescape(t lexer.Token) (string, error) {
	v := t.Value[2 : len(t.Value)-1]
	var b strings.Builder
	for i := 0; i < len(v); i++ {
		c := v[i]
		switch {
		case c == '\'': // doubled
			i++
		case c == '\\':
			i++
			r, size, ok := escape(v[i:])
			if !ok {
				at := t.Pos.Offset + 2 + i - 1
				return "", source.Errorf(source.Span{Start: at, End: at + 2}, "this escape is incomplete or no character")
			}
			i += size - 1
			b.WriteString(r)
			continue
		}
		b.WriteByte(c)
	}
	return b.String(), nil
}

// escape returns what the escape at the start of s, behind its backslash, stands for
// and how many bytes it has.
func escape(s string) (text string, size int, ok bool) {
	simple := map[byte]string{'n': "\n", 't': "\t", 'r': "\r", 'b': "\b", 'f': "\f"}
	switch c := s[0]; c {
	case 'x':
		return numbered(s, 1, 3, 16, func(n uint64) (string, bool) { return string([]byte{byte(n)}), true })
	case 'u', 'U':
		digits := 4
		if c == 'U' {
			digits = 8
		}
		text, size, ok = numbered(s, 1, 1+digits, 16, func(n uint64) (string, bool) {
			return string(rune(n)), utf8.ValidRune(rune(n))
		})
		return text, size, ok && size == 1+digits
	case '0', '1', '2', '3', '4', '5', '6', '7':
		return numbered(s, 0, 3, 8, func(n uint64) (string, bool) { return string([]byte{byte(n)}), n < 256 })
	default:
		if text, ok := simple[c]; ok {
			return text, 1, true
		}
		return s[:1], 1, true
	}
}

// numbered reads the digits s[from:to], or as many of them as there are.
func numbered(s string, from, to, base int, value func(uint64) (string, bool)) (string, int, bool) {
	end := from
	for end < len(s) && end < to && (base == 16 && isHexDigit(s[end]) || s[end] >= '0' && s[end] <= '7') {
		end++
	}
	n, err := strconv.ParseUint(s[from:end], base, 32)
	if err != nil {
		return "", 0, false
	}
	text, ok := value(n)
	return text, end, ok
}

// typeWords are the types whose name may stand before a string: TIMESTAMP '…'. Other
// names can't, so that a forgotten operator isn't taken for a type.
var typeWords = map[string]bool{
	"BIGINT": true, "BLOB": true, "BOOL": true, "BOOLEAN": true, "DATE": true, "DATETIME": true, "DECIMAL": true,
	"DOUBLE": true, "DURATION": true, "FLOAT": true, "HUGEINT": true, "INT": true, "INTEGER": true, "NUMERIC": true,
	"REAL": true, "SMALLINT": true, "STRING": true, "TEXT": true, "TIME": true, "TIMESTAMP": true,
	"TIMESTAMP_MS": true, "TIMESTAMP_NS": true, "TIMESTAMP_S": true, "TIMESTAMP_US": true, "TIMESTAMPTZ": true,
	"TINYINT": true, "UBIGINT": true, "UINTEGER": true, "USMALLINT": true, "UTINYINT": true, "VARCHAR": true,
}

func isTypeWord(t lexer.Token) bool { return t.Type == tokName && typeWords[strings.ToUpper(t.Value)] }

// typedLiteral reads TYPE 'text'.
func (p parser) typedLiteral() (ast.Expr, error) {
	word := *p.Next()
	text := *p.Next()
	value, err := stringValue(text)
	if err != nil {
		return nil, err
	}
	return &ast.Literal{
		Pos: spanning(spanOf(word), spanOf(text)), Kind: ast.Typed, Text: value,
		Type: &ast.TypeName{Pos: posOf(word), Name: strings.ToUpper(word.Value)},
	}, nil
}

// intervalUnits are the units of INTERVAL by their names in plural.
var intervalUnits = map[string]string{
	"YEARS": "YEAR", "QUARTERS": "QUARTER", "MONTHS": "MONTH", "WEEKS": "WEEK", "DAYS": "DAY", "HOURS": "HOUR",
	"MINUTES": "MINUTE", "SECONDS": "SECOND", "MILLISECONDS": "MILLISECOND", "MICROSECONDS": "MICROSECOND",
	"NANOSECONDS": "NANOSECOND", "DECADES": "DECADE", "CENTURIES": "CENTURY", "CENTURYS": "CENTURY",
	"MILLENNIA": "MILLENNIUM", "MILLENNIUMS": "MILLENNIUM",
}

// intervalUnit returns the unit the next token is, in singular, or "".
func (p parser) intervalUnit() string {
	if !p.is(tokName) {
		return ""
	}
	word := strings.ToUpper(p.Peek().Value)
	if unit, ok := intervalUnits[word]; ok {
		return unit
	}
	return intervalUnits[word+"S"]
}

// interval reads INTERVAL '1 day', which is a literal, INTERVAL '1' DAY or INTERVAL 1 DAY.
func (p parser) interval() (ast.Expr, error) {
	word := *p.Next()
	token := *p.Next()
	amount, err := literal(token)
	if err != nil {
		return nil, err
	}
	if unit := p.intervalUnit(); unit != "" {
		p.Next()
		return &ast.Interval{Pos: p.since(spanOf(word)), X: amount, Unit: unit}, nil
	}
	if token.Type == tokNumber {
		return nil, p.expected("a unit such as SECOND")
	}
	return &ast.Literal{
		Pos: p.since(spanOf(word)), Kind: ast.Typed, Text: amount.(*ast.Literal).Text,
		Type: &ast.TypeName{Pos: posOf(word), Name: "INTERVAL"},
	}, nil
}
