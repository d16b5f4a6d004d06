package functions

import (
	"fmt"
	"strconv"
	"strings"
	"unicode/utf8"

	"tq/functions/kernel"
)

var formatFunctions = []Def{
	scalar(stringFamily, "format", "The text with each {} replaced by the next argument, or {0}, {1} by the one with that number; {:.2f}, {:>8}, {:08d}, {:x}, {:,} say how.",
		"format('{} took {:.1f} s', 'read', 5.035)", "read took 5.0 s",
		sig(Varchar, formatRows(parseBraces), Varchar, Any).variadic().optional(1)),
	scalar(stringFamily, "printf", "The text with each %d, %s, %5.2f, %x replaced by the next argument, as in C.",
		"printf('%s took %.1f s', 'read', 5.035)", "read took 5.0 s",
		sig(Varchar, formatRows(parsePercents), Varchar, Any).variadic().optional(1)),
}

// piece is a part of a format: literal text, or an argument and how it is written.
type piece struct {
	literal string
	arg     int // -1: literal
	spec    spec
}

// spec says how an argument is written: [[fill]align][sign][#][0][width][,][.precision][verb]
type spec struct {
	fill      rune
	align     byte // '<', '>', '^'; 0: numbers to the right, the rest to the left
	plus      bool
	zero      bool
	width     int
	thousands byte // ',' or '_' or '\''; 0: none
	precision int  // -1: none
	verb      byte // 0: as the type suggests
}

// maxWidth bounds widths and precisions of formats.
const maxWidth = 1000

// parseBraces reads the format of format().
func parseBraces(format string) ([]piece, error) {
	var out []piece
	var literal strings.Builder
	next := 0
	for i := 0; i < len(format); i++ {
		c := format[i]
		switch {
		case (c == '{' || c == '}') && i+1 < len(format) && format[i+1] == c:
			literal.WriteByte(c)
			i++
			continue
		case c == '}':
			return nil, fmt.Errorf("the format %q has a } without {", format)
		case c != '{':
			literal.WriteByte(c)
			continue
		}
		end := strings.IndexByte(format[i:], '}')
		if end < 0 {
			return nil, fmt.Errorf("the format %q has a { without }", format)
		}
		number, how, _ := strings.Cut(format[i+1:i+end], ":")
		p := piece{arg: next}
		if number != "" {
			n, err := strconv.Atoi(number)
			if err != nil || n < 0 {
				return nil, fmt.Errorf("the format %q has {%s}, but arguments go by number", format, number)
			}
			p.arg = n
		} else {
			next++
		}
		var ok bool
		if p.spec, ok = parseSpec(how); !ok {
			return nil, fmt.Errorf("the format %q has {:%s}, which has no meaning", format, how)
		}
		out = append(out, piece{literal: literal.String(), arg: -1}, p)
		literal.Reset()
		i += end
	}
	return append(out, piece{literal: literal.String(), arg: -1}), nil
}

// parsePercents reads the format of printf().
func parsePercents(format string) ([]piece, error) {
	var out []piece
	var literal strings.Builder
	next := 0
	for i := 0; i < len(format); i++ {
		if format[i] != '%' {
			literal.WriteByte(format[i])
			continue
		}
		if i+1 < len(format) && format[i+1] == '%' {
			literal.WriteByte('%')
			i++
			continue
		}
		end := i + 1
		for end < len(format) && strings.IndexByte("-+ #0123456789.l,'", format[end]) >= 0 {
			end++
		}
		how := strings.ReplaceAll(format[i+1:end], "l", "")
		if end == len(format) {
			return nil, fmt.Errorf("the format %q ends within a %%", format)
		}
		align := ">"
		for strings.HasPrefix(how, "-") {
			how, align = how[1:], "<"
		}
		s, ok := parseSpec(align + how + string(format[end]))
		if !ok {
			return nil, fmt.Errorf("the format %q has %s, which has no meaning", format, format[i:end+1])
		}
		out = append(out, piece{literal: literal.String(), arg: -1}, piece{arg: next, spec: s})
		literal.Reset()
		next++
		i = end
	}
	return append(out, piece{literal: literal.String(), arg: -1}), nil
}

func parseSpec(how string) (s spec, ok bool) {
	s.fill, s.precision = ' ', -1
	isAlign := func(c byte) bool { return c == '<' || c == '>' || c == '^' }
	if r, size := utf8.DecodeRuneInString(how); size > 0 && len(how) > size && isAlign(how[size]) {
		s.fill, s.align, how = r, how[size], how[size+1:]
	} else if how != "" && isAlign(how[0]) {
		s.align, how = how[0], how[1:]
	}
	if how, s.plus = strings.CutPrefix(how, "+"); strings.HasPrefix(how, "0") {
		s.zero, how = true, how[1:]
	}
	if s.width, how, _ = scanInt(how, 6); s.width > maxWidth {
		return s, false
	}
	if how != "" && strings.IndexByte(",_'", how[0]) >= 0 {
		s.thousands, how = how[0], how[1:]
	}
	if after, found := strings.CutPrefix(how, "."); found {
		if s.precision, how, ok = scanInt(after, 6); !ok || s.precision > maxWidth {
			return s, false
		}
	}
	if len(how) == 1 && strings.IndexByte("dsfFeEgGxXbioc", how[0]) >= 0 {
		s.verb, how = how[0], ""
	}
	return s, how == ""
}

func formatRows(parse func(string) ([]piece, error)) ScalarFunc {
	return func(c *Call, args []kernel.Vec, n int) (kernel.Vec, error) {
		if anyNullConst(args) {
			return nullOf(c), nil
		}
		formats := textsOf(args[0])
		writers := make([]func(b []byte, i int, s spec) ([]byte, error), len(args)-1)
		for k, a := range args[1:] {
			writers[k] = specWriter(a, c.Env)
		}
		cache := compiled[[]piece]{make: func(format, _ string) ([]piece, error) { return parse(format) }}
		return textRows(c, args, n, func(b []byte, i int) ([]byte, bool, error) {
			pieces, err := cache.of(formats.at(i), "")
			if err != nil {
				return nil, false, err
			}
			for _, p := range pieces {
				switch {
				case p.arg < 0:
					b = append(b, p.literal...)
				case p.arg >= len(writers):
					return nil, false, fmt.Errorf("the format %q wants more arguments than there are", formats.at(i))
				default:
					if b, err = writers[p.arg](b, i, p.spec); err != nil {
						return nil, false, err
					}
				}
			}
			return b, true, nil
		})
	}
}

// specWriter returns the function that writes an argument of some row as a spec says.
func specWriter(v kernel.Vec, env *Env) func(b []byte, i int, s spec) ([]byte, error) {
	dt := v.DataType()
	text := textOf(v.Array, env.Zone)
	m := step(v)
	float, whole := numberReader(v)
	return func(b []byte, i int, s spec) ([]byte, error) {
		i &= m
		switch {
		case s.verb == 0 || s.verb == 's':
			body := string(text(nil, i))
			if s.precision >= 0 && isString(dt) {
				body = cut(body, 0, min(int64(s.precision), int64(utf8.RuneCountInString(body))))
			}
			if isNumber(dt) && s.precision >= 0 && !isWhole(dt) {
				body = strconv.FormatFloat(float(i), 'f', s.precision, 64)
			}
			return s.pad(b, body, isNumber(dt)), nil
		case strings.IndexByte("dixXboc", s.verb) >= 0:
			if whole == nil {
				return nil, fmt.Errorf("%%%c writes whole numbers, not %s", s.verb, TypeName(dt))
			}
			x, ok := whole(i)
			if !ok {
				return nil, fmt.Errorf("%%%c writes BIGINT, but %s is larger", s.verb, text(nil, i))
			}
			return s.pad(b, s.whole(x), true), nil
		case float == nil:
			return nil, fmt.Errorf("%%%c writes numbers, not %s", s.verb, TypeName(dt))
		}
		precision := s.precision
		if precision < 0 {
			precision = 6
		}
		return s.pad(b, strconv.FormatFloat(float(i), s.verb|0x20, precision, 64), true), nil
	}
}

// numberReader returns how to read a column as floating-point and as whole numbers; nil
// where it has none.
func numberReader(v kernel.Vec) (float func(i int) float64, whole func(i int) (int64, bool)) {
	dt := v.DataType()
	if !isNumber(dt) {
		return nil, nil
	}
	// With try, casts of numbers do not fail: what does not fit is NULL.
	column := kernel.Col(v.Array)
	if doubles, err := Cast(column, Double, true, nil, v.Len()); err == nil {
		values := kernel.Values[float64](doubles.Array)
		float = func(i int) float64 { return values[i] }
	}
	if !isWhole(dt) {
		return float, nil
	}
	if words, err := Cast(column, BigInt, true, nil, v.Len()); err == nil {
		values, fits := kernel.Values[int64](words.Array), kernel.ValidityOf(words.Array)
		whole = func(i int) (int64, bool) { return values[i], fits.Valid(i) }
	}
	return float, whole
}

func (s spec) whole(x int64) string {
	switch s.verb {
	case 'x':
		return strconv.FormatInt(x, 16)
	case 'X':
		return strings.ToUpper(strconv.FormatInt(x, 16))
	case 'b':
		return strconv.FormatInt(x, 2)
	case 'o':
		return strconv.FormatInt(x, 8)
	case 'c':
		return string(rune(x))
	}
	return strconv.FormatInt(x, 10)
}

// pad writes a body with sign, separators and filling.
func (s spec) pad(b []byte, body string, number bool) []byte {
	if number && s.thousands != 0 {
		body = group(body, s.thousands)
	}
	if number && s.plus && !strings.HasPrefix(body, "-") {
		body = "+" + body
	}
	missing := s.width - utf8.RuneCountInString(body)
	if missing <= 0 {
		return append(b, body...)
	}
	if number && s.zero {
		sign := ""
		if body[0] == '-' || body[0] == '+' {
			sign, body = body[:1], body[1:]
		}
		return append(append(append(b, sign...), strings.Repeat("0", missing)...), body...)
	}
	left := 0
	switch {
	case s.align == '>' || s.align == 0 && number:
		left = missing
	case s.align == '^':
		left = missing / 2
	}
	fill := string(s.fill)
	b = append(b, strings.Repeat(fill, left)...)
	b = append(b, body...)
	return append(b, strings.Repeat(fill, missing-left)...)
}

// group puts a separator between thousands.
func group(body string, separator byte) string {
	start := strings.IndexFunc(body, func(r rune) bool { return '0' <= r && r <= '9' })
	if start < 0 {
		return body
	}
	end := start
	for end < len(body) && isDigit(body[end]) {
		end++
	}
	var out strings.Builder
	out.WriteString(body[:start])
	for i := start; i < end; i++ {
		if i > start && (end-i)%3 == 0 {
			out.WriteByte(separator)
		}
		out.WriteByte(body[i])
	}
	return out.String() + body[end:]
}
