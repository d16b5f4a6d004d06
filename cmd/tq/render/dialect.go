package render

import (
	"math"
	"strconv"
	"time"
)

// dialect is how a format writes single values. What is not listed here is written
// alike in all of them.
type dialect struct {
	null string
	// text writes a string, quoted and escaped as the format wants it. It is also given
	// the text of other values that may hold anything: blobs and nested values.
	text func(dst []byte, s string) []byte
	zone *time.Location
	// json asks for JSON's forms: RFC 3339, arrays and objects, no NaN.
	json bool
	// scaled asks for durations with a fitting unit rather than in seconds.
	scaled bool
}

// appendFloat writes the shortest text that reads as the same number, in DuckDB's form:
// a number without fraction keeps its .0, exponents are used below 1e-4 and from 1e16.
func appendFloat(dst []byte, v float64, bits int, how *dialect) []byte {
	switch {
	case math.IsNaN(v) && how.json, math.IsInf(v, 0) && how.json:
		return append(dst, "null"...)
	case math.IsNaN(v):
		return append(dst, "nan"...)
	case math.IsInf(v, 1):
		return append(dst, "inf"...)
	case math.IsInf(v, -1):
		return append(dst, "-inf"...)
	}
	if a := math.Abs(v); a != 0 && (a < 1e-4 || a >= 1e16) {
		return strconv.AppendFloat(dst, v, 'e', -1, bits)
	}
	dst = strconv.AppendFloat(dst, v, 'f', -1, bits)
	if v == math.Trunc(v) {
		dst = append(dst, '.', '0')
	}
	return dst
}

// appendBlob writes bytes as text: what is not printable ASCII as \xNN.
func appendBlob(dst []byte, s string) []byte {
	const hex = "0123456789ABCDEF"
	for i := range len(s) {
		if b := s[i]; b < ' ' || b > '~' || b == '\\' || b == '"' || b == '\'' {
			dst = append(dst, '\\', 'x', hex[b>>4], hex[b&15])
		} else {
			dst = append(dst, b)
		}
	}
	return dst
}
