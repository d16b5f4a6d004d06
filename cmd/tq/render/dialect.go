package render

import (
	"math"
	"time"

	"tq/functions"
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

// appendFloat writes a number as CAST does; JSON has none that are not finite.
func appendFloat(dst []byte, v float64, bits int, how *dialect) []byte {
	if how.json && (math.IsNaN(v) || math.IsInf(v, 0)) {
		return append(dst, "null"...)
	}
	return functions.AppendFloat(dst, v, bits)
}
