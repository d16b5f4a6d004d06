package kernel

import (
	"github.com/apache/arrow/go/v17/arrow"

	"tq/functions/digits"
)

// Text appends the text of a row, nothing where it is NULL.
type Text func(dst []byte, row int) []byte

// TextOf returns the texts of an array of VARCHAR, INTEGER or BIGINT.
func TextOf(a arrow.Array) Text {
	var text Text
	switch a.DataType().ID() {
	case arrow.INT32:
		text = numberText(Values[int32](a))
	case arrow.INT64:
		text = numberText(Values[int64](a))
	default:
		texts := StringsOf(a)
		text = func(dst []byte, row int) []byte { return append(dst, texts.Bytes(row)...) }
	}
	valid := ValidityOf(a)
	if valid.Nulls == 0 {
		return text
	}
	return func(dst []byte, row int) []byte {
		if !valid.Valid(row) {
			return dst
		}
		return text(dst, row)
	}
}

func numberText[T int32 | int64](values []T) Text {
	return func(dst []byte, row int) []byte { return digits.AppendInt(dst, int64(values[row])) }
}
