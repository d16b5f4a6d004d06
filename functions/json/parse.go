package json

import (
	"fmt"
	"math"
	"strconv"
	"strings"
	"unicode/utf16"
	"unicode/utf8"
)

// maxDepth is how deeply values may be nested.
const maxDepth = 1000

// Parse reads a text that is one value. What it returns shares the text's memory.
func Parse(text string) (*Value, error) {
	p := &parser{text: text}
	v := &Value{}
	p.space()
	if err := p.value(v, 0); err != nil {
		return nil, err
	}
	if p.space(); p.at < len(text) {
		return nil, p.fail("unexpected text behind the value")
	}
	return v, nil
}

type parser struct {
	text string
	at   int
}

func (p *parser) fail(what string) error {
	if p.at >= len(p.text) {
		what = "unexpected end of data"
	}
	return fmt.Errorf("malformed JSON at byte %d of %q: %s", p.at, shortened(p.text), what)
}

func shortened(s string) string {
	const most = 60
	if len(s) <= most {
		return s
	}
	return strings.ToValidUTF8(s[:most], "") + "…"
}

func (p *parser) space() {
	for p.at < len(p.text) && strings.IndexByte(" \t\r\n", p.text[p.at]) >= 0 {
		p.at++
	}
}

func (p *parser) peek() byte {
	if p.at < len(p.text) {
		return p.text[p.at]
	}
	return 0
}

func (p *parser) value(v *Value, depth int) error {
	if depth > maxDepth {
		return p.fail(fmt.Sprintf("values nested more than %d deep", maxDepth))
	}
	switch c := p.peek(); {
	case c == '{':
		v.Kind = Object
		return p.members(v, depth)
	case c == '[':
		v.Kind = Array
		return p.elements(v, depth)
	case c == '"':
		v.Kind = String
		var err error
		v.Text, err = p.str()
		return err
	case c == '-' || c >= '0' && c <= '9':
		return p.number(v)
	}
	return p.word(v)
}

// words are the scalars that are written in letters; those that are numbers in any case.
var words = []struct {
	text string
	kind Kind
	fold bool
}{
	{"null", Null, false}, {"true", Bool, false}, {"false", Bool, false},
	{"NaN", Real, true}, {"Infinity", Real, true}, {"Inf", Real, true},
}

func (p *parser) word(v *Value) error {
	rest := p.text[p.at:]
	for _, w := range words {
		if len(rest) >= len(w.text) && (rest[:len(w.text)] == w.text || w.fold && strings.EqualFold(rest[:len(w.text)], w.text)) {
			v.Kind, v.Text = w.kind, w.text
			if w.text == "Inf" {
				v.Text = "Infinity"
			}
			p.at += len(w.text)
			return nil
		}
	}
	return p.fail("unexpected character")
}

func (p *parser) elements(v *Value, depth int) error {
	p.at++
	if p.space(); p.peek() == ']' {
		p.at++
		return nil
	}
	for {
		v.Elems = append(v.Elems, Value{})
		if err := p.value(&v.Elems[len(v.Elems)-1], depth+1); err != nil {
			return err
		}
		if end, err := p.next(']'); end || err != nil {
			return err
		}
	}
}

func (p *parser) members(v *Value, depth int) error {
	p.at++
	if p.space(); p.peek() == '}' {
		p.at++
		return nil
	}
	for {
		if p.space(); p.peek() != '"' {
			return p.fail("expected a key in quotes")
		}
		key, err := p.str()
		if err != nil {
			return err
		}
		if p.space(); p.peek() != ':' {
			return p.fail("expected a colon")
		}
		p.at++
		p.space()
		v.Keys, v.Elems = append(v.Keys, key), append(v.Elems, Value{})
		if err := p.value(&v.Elems[len(v.Elems)-1], depth+1); err != nil {
			return err
		}
		if end, err := p.next('}'); end || err != nil {
			return err
		}
	}
}

// next reads what stands before the next element, a comma, or the closing bracket; a comma
// may stand before that, too.
func (p *parser) next(closing byte) (end bool, err error) {
	p.space()
	comma := p.peek() == ','
	if comma {
		p.at++
		p.space()
	}
	if p.peek() == closing {
		p.at++
		return true, nil
	}
	if !comma {
		return false, p.fail(fmt.Sprintf("expected a comma or %c", closing))
	}
	return false, nil
}

func (p *parser) digits() int {
	from := p.at
	for p.at < len(p.text) && p.text[p.at] >= '0' && p.text[p.at] <= '9' {
		p.at++
	}
	return p.at - from
}

func (p *parser) number(v *Value) error {
	from := p.at
	if p.peek() == '-' {
		if p.at++; p.peek() == 'N' || p.peek() == 'n' || p.peek() == 'I' || p.peek() == 'i' {
			if err := p.word(v); err != nil {
				return err
			}
			if v.Kind != Real {
				return p.fail("unexpected character")
			}
			if v.Text != "NaN" {
				v.Text = "-" + v.Text
			}
			return nil
		}
	}
	zero := p.peek() == '0'
	if n := p.digits(); n == 0 || zero && n > 1 {
		return p.fail("a number begins with one digit that is not 0, or is 0")
	}
	v.Kind = Whole
	if p.peek() == '.' {
		v.Kind = Real
		if p.at++; p.digits() == 0 {
			return p.fail("expected a digit behind the point")
		}
	}
	if c := p.peek(); c == 'e' || c == 'E' {
		v.Kind = Real
		if p.at++; p.peek() == '+' || p.peek() == '-' {
			p.at++
		}
		if p.digits() == 0 {
			return p.fail("expected the digits of an exponent")
		}
	}
	v.Text = p.text[from:p.at]
	if v.Text == "-0" {
		v.Text = "0"
	}
	if v.Kind == Real {
		if f, err := strconv.ParseFloat(v.Text, 64); err == nil && !math.IsInf(f, 0) {
			v.Text = string(AppendReal(nil, f))
		}
	}
	return nil
}

// str reads a string.
func (p *parser) str() (string, error) {
	p.at++
	from := p.at
	for p.at < len(p.text) {
		switch c := p.text[p.at]; {
		case c == '"':
			s := p.text[from:p.at]
			if !utf8.ValidString(s) {
				return "", p.fail("a string is no UTF-8")
			}
			p.at++
			return s, nil
		case c == '\\':
			return p.escaped([]byte(p.text[from:p.at]))
		case c < ' ':
			return "", p.fail("a control character in a string")
		}
		p.at++
	}
	return "", p.fail("")
}

// escaped reads on from the first escape of a string.
func (p *parser) escaped(b []byte) (string, error) {
	for p.at < len(p.text) {
		c := p.text[p.at]
		switch {
		case c == '"':
			if !utf8.Valid(b) {
				return "", p.fail("a string is no UTF-8")
			}
			p.at++
			return string(b), nil
		case c < ' ':
			return "", p.fail("a control character in a string")
		case c != '\\':
			b = append(b, c)
			p.at++
			continue
		}
		p.at++
		c = p.peek()
		if c == 'u' {
			r, err := p.unicode()
			if err != nil {
				return "", err
			}
			b = utf8.AppendRune(b, r)
			continue
		}
		at := strings.IndexByte(`"\/bfnrt`, c)
		if at < 0 || c == 0 {
			return "", p.fail("invalid escape in a string")
		}
		b = append(b, "\"\\/\b\f\n\r\t"[at])
		p.at++
	}
	return "", p.fail("")
}

// unicode reads the rest of an escape \uXXXX, and that of the second half of a pair.
func (p *parser) unicode() (rune, error) {
	r, err := p.unit()
	if err != nil || !utf16.IsSurrogate(r) {
		return r, err
	}
	if !strings.HasPrefix(p.text[p.at:], `\u`) {
		return 0, p.fail("half a surrogate pair")
	}
	p.at++
	low, err := p.unit()
	if err != nil {
		return 0, err
	}
	if r = utf16.DecodeRune(r, low); r == utf8.RuneError {
		return 0, p.fail("half a surrogate pair")
	}
	return r, nil
}

func (p *parser) unit() (rune, error) {
	p.at++
	if p.at+4 > len(p.text) {
		p.at = len(p.text)
		return 0, p.fail("")
	}
	n, err := strconv.ParseUint(p.text[p.at:p.at+4], 16, 16)
	if err != nil {
		return 0, p.fail("an escape needs four hexadecimal digits")
	}
	p.at += 4
	return rune(n), nil
}
