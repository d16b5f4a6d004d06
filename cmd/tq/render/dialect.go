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
	// text writes a string, quoted and escaped as the format wants it.
	text func(dst []byte, s string) []byte
	// quote does so with what holds nothing invisible any more: blobs and nested values.
	quote func(dst []byte, s string) []byte
	// visible asks for strings within nested values to be written by appendVisible.
	visible bool
	zone    *time.Location
	// json asks for JSON's forms: RFC 3339, arrays and objects, no NaN.
	json bool
	// part says that values are parts of others, where text may need quotes.
	part bool
	// scaled asks for durations with a fitting unit rather than in seconds.
	scaled bool
}

// ofJSON is the dialect of a column of JSON. Where the format is JSON itself its values are
// no strings, and as parts of others they need no quotes of their own.
func (d *dialect) ofJSON() *dialect {
	out := *d
	switch {
	case d.json:
		out.text = functions.AppendJSON
	case d.part && d.visible:
		out.text = appendVisible
	case d.part:
		out.text = appendPlain
	}
	return &out
}

// appendPlain writes a string as it is.
func appendPlain(dst []byte, s string) []byte { return append(dst, s...) }

// appendFloat writes a number as CAST does; JSON has none that are not finite.
func appendFloat(dst []byte, v float64, bits int, how *dialect) []byte {
	if how.json && (math.IsNaN(v) || math.IsInf(v, 0)) {
		return append(dst, "null"...)
	}
	return functions.AppendFloat(dst, v, bits)
}
