package sysdig

import (
	"encoding/hex"
	"net/netip"
	"strconv"
	"strings"

	"tq/lang/ast"
	"tq/lang/source"
)

// values returns the values of a check as constants of its field's kind.
func (c *comparison) values() ([]ast.Expr, *source.Error) {
	if err := c.allowed(); err != nil {
		return nil, err
	}
	out := make([]ast.Expr, len(c.Values))
	for i, v := range c.Values {
		var err *source.Error
		if out[i], err = c.constant(v); err != nil {
			return nil, err
		}
	}
	return out, nil
}

// constant is a value as a constant of the field's kind.
func (c *comparison) constant(v Value) (ast.Expr, *source.Error) {
	b := at(v.at)
	switch c.kind {
	case number, instant:
		digits, err := c.wholeNumber(v)
		if err != nil {
			return nil, err
		}
		return b.number(digits), nil
	case decimal:
		if _, err := strconv.ParseFloat(v.Text, 64); err != nil {
			return nil, c.notA(v, "a number")
		}
		return b.number(v.Text), nil
	case span:
		return c.nanoseconds(v)
	case flag:
		if v.Text != "true" && v.Text != "false" {
			return nil, c.notA(v, "true or false")
		}
		return b.truth(v.Text == "true"), nil
	case buffer:
		return c.bytes(v)
	case address:
		a, err := netip.ParseAddr(v.Text)
		if err != nil || a.Zone() != "" {
			return nil, c.notAddress(v)
		}
		return b.text(a.String()), nil
	case network:
		n, err := netip.ParsePrefix(v.Text)
		if err != nil {
			return nil, c.notA(v, "an IP network").WithHint("such as 10.0.0.0/8")
		}
		return b.text(n.String()), nil
	case port:
		if p, ok := services[v.Text]; ok {
			return b.number(p), nil
		}
		if p, err := strconv.ParseUint(v.Text, 10, 16); err == nil {
			return b.number(strconv.FormatUint(p, 10)), nil
		}
		return nil, source.Errorf(v.at, "%q is no port, nor the name of a service that is known here", v.Text)
	}
	return c.textConstant(v)
}

// textConstant is a value of a text field. Types of events must be some that there are.
func (c *comparison) textConstant(v Value) (ast.Expr, *source.Error) {
	b := at(v.at)
	switch c.Op {
	case Glob, IGlob:
		return b.text(globPattern(v.Text)), nil
	case Eq, Ne, In, Intersects:
		if c.name != "evt.type" {
			break
		}
		if _, ok := c.fields.Type(typeIs + v.Text); !ok {
			return nil, c.unknownType(v)
		}
	}
	return b.text(v.Text), nil
}

// typeIs begins the names of the fields that there are for types of events.
const typeIs = "evt.type.is."

func (c *comparison) unknownType(v Value) *source.Error {
	err := source.Errorf(v.at, "there is no type of events called %q", v.Text)
	var types []string
	for _, name := range c.fields.Names() {
		if typ, ok := strings.CutPrefix(name, typeIs); ok {
			types = append(types, typ)
		}
	}
	if err.Hint = source.DidYouMean(v.Text, types); err.Hint == "" {
		err.Hint = "the table event_types lists those of the captures"
	}
	return err
}

// wholeNumber returns the digits of a number, perhaps with a minus.
func (c *comparison) wholeNumber(v Value) (string, *source.Error) {
	digits, negative := strings.CutPrefix(strings.TrimPrefix(v.Text, "+"), "-")
	if hexadecimal, ok := strings.CutPrefix(strings.ToLower(digits), "0x"); ok {
		if n, err := strconv.ParseUint(hexadecimal, 16, 64); err == nil {
			digits = strconv.FormatUint(n, 10)
		}
	}
	if !isDigits(digits) {
		err := c.notA(v, "a whole number")
		if c.kind == span {
			err.Hint = "times are numbers of nanoseconds in sysdig's filters: 1 ms is 1000000"
		}
		return "", err
	}
	if digits = strings.TrimLeft(digits, "0"); digits == "" {
		digits = "0"
	}
	if negative {
		digits = "-" + digits
	}
	return digits, nil
}

// nanoseconds is a number of nanoseconds as a duration.
func (c *comparison) nanoseconds(v Value) (ast.Expr, *source.Error) {
	digits, err := c.wholeNumber(v)
	if err != nil {
		return nil, err
	}
	if _, err := strconv.ParseInt(digits, 10, 64); err != nil {
		return nil, source.Errorf(v.at, "%s nanoseconds are more than time can be", digits)
	}
	b := at(v.at)
	literal := &ast.Literal{Pos: b.Pos, Kind: ast.Duration, Text: strings.TrimPrefix(digits, "-") + "ns"}
	if digits[0] == '-' {
		return &ast.Unary{Pos: b.Pos, Op: "-", X: literal}, nil
	}
	return literal, nil
}

// bytes is a value that a buffer is compared with.
func (c *comparison) bytes(v Value) (ast.Expr, *source.Error) {
	digits := hex.EncodeToString([]byte(v.Text))
	if c.Op == BContains || c.Op == BStartsWith {
		if _, err := hex.DecodeString(v.Text); err != nil {
			return nil, c.notA(v, "a text of hexadecimal digits, two for each byte")
		}
		digits = v.Text
	}
	return &ast.Literal{Pos: at(v.at).Pos, Kind: ast.Blob, Text: digits}, nil
}

func (c *comparison) notA(v Value, what string) *source.Error {
	return source.Errorf(v.at, "%s is compared with %s, which %q is not", c.name, what, v.Text)
}

func (c *comparison) notAddress(v Value) *source.Error {
	err := c.notA(v, "an IP address")
	if _, bad := netip.ParsePrefix(v.Text); bad == nil {
		err.Hint = "networks are compared with " + strings.Replace(strings.Replace(c.name, "ip", "net", 1), "fd.net.", "fd.", 1)
	}
	return err
}

// globPattern writes a pattern of fnmatch as GLOB has it: there the opposite of a set
// begins with ! only, and a set that is never closed means itself.
func globPattern(pattern string) string {
	var out strings.Builder
	for i := 0; i < len(pattern); i++ {
		switch c := pattern[i]; {
		case c == '\\' && i+1 < len(pattern):
			out.WriteString(pattern[i : i+2])
			i++
		case c == '[':
			end := setEnd(pattern[i:])
			if end == 0 {
				out.WriteString(`\[`)
				continue
			}
			set := pattern[i+1 : i+end]
			if set[0] == '^' {
				set = "!" + set[1:]
			}
			out.WriteString("[" + set)
			i += end - 1
		default:
			out.WriteByte(c)
		}
	}
	return out.String()
}

// setEnd returns how long the set is that a pattern begins with, 0 if it is not closed.
func setEnd(pattern string) int {
	i := 1
	if i < len(pattern) && (pattern[i] == '!' || pattern[i] == '^') {
		i++
	}
	if i >= len(pattern) {
		return 0
	}
	end := strings.IndexByte(pattern[i+1:], ']') // a ] that comes first belongs to the set
	if end < 0 {
		return 0
	}
	return i + 1 + end + 1
}
