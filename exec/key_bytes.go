package exec

import (
	"encoding/binary"
	"math"

	"github.com/apache/arrow/go/v17/arrow"
	"github.com/apache/arrow/go/v17/arrow/array"

	"tq/functions/kernel"
)

// appendKeyBytes appends an encoding of a value that equal values of one type share and
// different values don't, NULL included.
func appendKeyBytes(dst []byte, arr arrow.Array, i int) []byte {
	if arr.IsNull(i) {
		return append(dst, 0)
	}
	dst = append(dst, 1)
	switch arr := arr.(type) {
	case *array.Decimal128:
		v := arr.Value(i)
		dst = binary.LittleEndian.AppendUint64(dst, uint64(v.HighBits()))
		return binary.LittleEndian.AppendUint64(dst, v.LowBits())
	case *array.MonthDayNanoInterval:
		days, nanos := kernel.IntervalLength(arr.Value(i))
		dst = binary.LittleEndian.AppendUint64(dst, uint64(days))
		return binary.LittleEndian.AppendUint64(dst, uint64(nanos))
	case *array.String:
		return appendSized(dst, arr.Value(i))
	case *array.Binary:
		return appendSized(dst, arr.Value(i))
	case *array.Float64:
		return binary.LittleEndian.AppendUint64(dst, floatWord(arr.Value(i)))
	case array.ListLike: // also a MAP
		start, end := arr.ValueOffsets(i)
		dst = binary.AppendUvarint(dst, uint64(end-start))
		for k := start; k < end; k++ {
			dst = appendKeyBytes(dst, arr.ListValues(), int(k))
		}
		return dst
	case *array.Struct:
		for f := range arr.NumField() {
			dst = appendKeyBytes(dst, arr.Field(f), i)
		}
		return dst
	}
	return appendSized(dst, arr.ValueStr(i))
}

func appendSized[T string | []byte](dst []byte, s T) []byte {
	return append(binary.AppendUvarint(dst, uint64(len(s))), s...)
}

// floatWord is the bits of a number such that equal numbers have equal bits: there is
// one zero and one NaN.
func floatWord(f float64) uint64 {
	switch {
	case f == 0:
		return 0
	case f != f:
		return math.Float64bits(math.NaN())
	}
	return math.Float64bits(f)
}
