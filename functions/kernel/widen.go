package kernel

import (
	"github.com/apache/arrow/go/v17/arrow"
)

// Int64s returns the values of an array of whole numbers of up to 64 bits, also DATE,
// TIME, TIMESTAMP and DURATION; without copying where they are 64 bits wide. UBIGINT
// above the largest BIGINT turns negative.
func Int64s(a arrow.Array) []int64 {
	switch KindOf(a.DataType()) {
	case Int8:
		return widen[int8, int64](a)
	case Int16:
		return widen[int16, int64](a)
	case Int32:
		return widen[int32, int64](a)
	case Uint8:
		return widen[uint8, int64](a)
	case Uint16:
		return widen[uint16, int64](a)
	case Uint32:
		return widen[uint32, int64](a)
	case Uint64:
		return widen[uint64, int64](a)
	}
	return Values[int64](a)
}

// Float64s returns the values of a FLOAT or DOUBLE array; DOUBLE without copying.
func Float64s(a arrow.Array) []float64 {
	if KindOf(a.DataType()) == Float32 {
		return widen[float32, float64](a)
	}
	return Values[float64](a)
}

func widen[F, T Number](a arrow.Array) []T {
	src := Values[F](a)
	out := make([]T, len(src))
	for i, x := range src {
		out[i] = T(x)
	}
	return out
}
