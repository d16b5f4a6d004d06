package kernel

import (
	"github.com/apache/arrow/go/v17/arrow"
)

// Gather returns values[codes[i]] for every row that is valid in v, else NULL. Where
// values is text, the result is dictionary-encoded.
func Gather(values arrow.Array, codes []int32, v Validity) arrow.Array {
	if values.DataType().ID() == arrow.STRING {
		return Recode(values, codes, v)
	}
	if values.Len() == 0 {
		return Nulls(values.DataType(), len(codes))
	}
	if v.Bits != nil {
		clean := make([]int32, len(codes))
		for i, c := range codes {
			if v.Valid(i) {
				clean[i] = c
			}
		}
		codes = clean
	}
	return take(values, codes, takeValidity(values, codes).And(v, len(codes)))
}
