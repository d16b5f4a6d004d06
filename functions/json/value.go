package json

import (
	"math"
	"strconv"
	"strings"
)

// Kind is the kind of a value.
type Kind uint8

// The kinds of values.
const (
	Null Kind = iota
	Bool
	Whole // a whole number of any length
	Real
	String
	Array
	Object
)

// Value is a value with all that it consists of.
type Value struct {
	Kind  Kind
	Text  string   // of a string what it says, of other scalars how they are written
	Elems []Value  // of an array, or the members of an object
	Keys  []string // of an object, as many as Elems
}

// Scalar reports whether a value consists of no others.
func (v *Value) Scalar() bool { return v.Kind != Array && v.Kind != Object }

// Find returns the first member of an object with a key, or nil.
func (v *Value) Find(key string) *Value {
	for i, k := range v.Keys {
		if k == key {
			return &v.Elems[i]
		}
	}
	return nil
}

// Append writes the value in its shortest form.
func (v *Value) Append(b []byte) []byte {
	switch v.Kind {
	case String:
		return AppendString(b, v.Text)
	case Array:
		b = append(b, '[')
		for i := range v.Elems {
			if i > 0 {
				b = append(b, ',')
			}
			b = v.Elems[i].Append(b)
		}
		return append(b, ']')
	case Object:
		b = append(b, '{')
		for i := range v.Elems {
			if i > 0 {
				b = append(b, ',')
			}
			b = append(AppendString(b, v.Keys[i]), ':')
			b = v.Elems[i].Append(b)
		}
		return append(b, '}')
	}
	return append(b, v.Text...)
}

// AppendString writes a text as a string.
func AppendString(b []byte, s string) []byte {
	const hex = "0123456789abcdef"
	b = append(b, '"')
	from := 0
	for i := 0; i < len(s); i++ {
		c := s[i]
		if c >= ' ' && c != '"' && c != '\\' {
			continue
		}
		b = append(b, s[from:i]...)
		from = i + 1
		if at := strings.IndexByte("\"\\\b\f\n\r\t", c); at >= 0 {
			b = append(b, '\\', `"\bfnrt`[at])
		} else {
			b = append(b, '\\', 'u', '0', '0', hex[c>>4], hex[c&15])
		}
	}
	return append(append(b, s[from:]...), '"')
}

// AppendReal writes a floating-point number in the fewest digits that read back as the
// same: 1000.0, 0.1, 1e21, 1e-7.
func AppendReal(b []byte, f float64) []byte {
	switch abs := math.Abs(f); {
	case f != f:
		return append(b, "NaN"...)
	case math.IsInf(f, 1):
		return append(b, "Infinity"...)
	case math.IsInf(f, -1):
		return append(b, "-Infinity"...)
	case abs != 0 && (abs < 1e-6 || abs >= 1e21):
		s := strconv.FormatFloat(f, 'e', -1, 64)
		mantissa, exponent, _ := strings.Cut(s, "e")
		n, _ := strconv.Atoi(exponent) // it is digits with a sign
		return strconv.AppendInt(append(append(b, mantissa...), 'e'), int64(n), 10)
	}
	s := strconv.FormatFloat(f, 'f', -1, 64)
	b = append(b, s...)
	if !strings.Contains(s, ".") {
		b = append(b, ".0"...)
	}
	return b
}

// Contains reports whether one value is found in another: it is the same, an array or
// object holds it, an array has for each element of the other one that contains it, or an
// object each member.
func (v *Value) Contains(part *Value) bool {
	if v.covers(part) {
		return true
	}
	for i := range v.Elems {
		if v.Elems[i].Contains(part) {
			return true
		}
	}
	return false
}

// covers is [Value.Contains] without a look at what is further inside.
func (v *Value) covers(part *Value) bool {
	if v.Kind != part.Kind {
		return false
	}
	switch v.Kind {
	case Array:
		for i := range part.Elems {
			found := false
			for j := range v.Elems {
				found = found || v.Elems[j].covers(&part.Elems[i])
			}
			if !found {
				return false
			}
		}
		return true
	case Object:
		for i, key := range part.Keys {
			if own := v.Find(key); own == nil || !own.covers(&part.Elems[i]) {
				return false
			}
		}
		return true
	}
	return v.Text == part.Text
}

// Merge changes a value as RFC 7396 says: members of the patch replace those of the same
// key, NULLs remove them.
func Merge(target, patch *Value) *Value {
	if patch.Kind != Object {
		return patch
	}
	out := &Value{Kind: Object}
	if target != nil && target.Kind == Object {
		for i, key := range target.Keys {
			if patch.Find(key) == nil {
				out.Keys, out.Elems = append(out.Keys, key), append(out.Elems, target.Elems[i])
			}
		}
	}
	for i, key := range patch.Keys {
		if patch.Elems[i].Kind == Null {
			continue
		}
		var own *Value
		if target != nil {
			own = target.Find(key)
		}
		out.Keys, out.Elems = append(out.Keys, key), append(out.Elems, *Merge(own, &patch.Elems[i]))
	}
	return out
}

// TypeName is DuckDB's name for the type of the value.
func (v *Value) TypeName() string {
	switch v.Kind {
	case Null:
		return "NULL"
	case Bool:
		return "BOOLEAN"
	case Whole:
		switch {
		case strings.HasPrefix(v.Text, "-"):
			if _, err := strconv.ParseInt(v.Text, 10, 64); err == nil {
				return "BIGINT"
			}
		default:
			if _, err := strconv.ParseUint(v.Text, 10, 64); err == nil {
				return "UBIGINT"
			}
		}
		return "DOUBLE"
	case Real:
		return "DOUBLE"
	case String:
		return "VARCHAR"
	case Array:
		return "ARRAY"
	}
	return "OBJECT"
}
