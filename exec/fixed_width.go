package exec

import (
	"github.com/apache/arrow/go/v17/arrow"

	"tq/functions/kernel"
)

// isInteger reports whether [integers] takes a type.
func isInteger(dt arrow.DataType) bool {
	switch kernel.KindOf(dt) {
	case kernel.Int8, kernel.Int16, kernel.Int32, kernel.Int64,
		kernel.Uint8, kernel.Uint16, kernel.Uint32, kernel.Uint64:
		return true
	}
	return false
}

// wordBuffer lends the scratch space for columns that have to be converted.
type wordBuffer struct{ scratch []int64 }

// integers returns the values of an integer, date, time or duration column as int64;
// those of 64 bits are not copied. UINT64 values keep their bits, and values of NULL rows
// are arbitrary. The result lives until the next call.
func (w *wordBuffer) integers(arr arrow.Array) []int64 {
	switch kernel.KindOf(arr.DataType()) {
	case kernel.Int64, kernel.Uint64:
		return kernel.Values[int64](arr)
	case kernel.Int32:
		widen(w, kernel.Values[int32](arr))
	case kernel.Uint32:
		widen(w, kernel.Values[uint32](arr))
	case kernel.Int16:
		widen(w, kernel.Values[int16](arr))
	case kernel.Uint16:
		widen(w, kernel.Values[uint16](arr))
	case kernel.Int8:
		widen(w, kernel.Values[int8](arr))
	case kernel.Uint8:
		widen(w, kernel.Values[uint8](arr))
	}
	return w.scratch
}

// words returns the values of a fixed-width column as 64 bits that are equal just when
// the values are. As with integers, values of NULL rows are arbitrary.
func (w *wordBuffer) words(arr arrow.Array) []int64 {
	switch kernel.KindOf(arr.DataType()) {
	case kernel.Float64:
		w.scratch = resize(w.scratch, arr.Len())
		for i, v := range kernel.Values[float64](arr) {
			w.scratch[i] = int64(floatWord(v))
		}
	case kernel.Float32:
		w.scratch = resize(w.scratch, arr.Len())
		for i, v := range kernel.Values[float32](arr) {
			w.scratch[i] = int64(floatWord(float64(v)))
		}
	case kernel.Bool:
		w.scratch = resize(w.scratch, arr.Len())
		bits := kernel.Bits(arr)
		for i := range w.scratch {
			w.scratch[i] = int64(bits[i>>3] >> (i & 7) & 1)
		}
	default:
		return w.integers(arr)
	}
	return w.scratch
}

func widen[T kernel.Integer](w *wordBuffer, from []T) {
	w.scratch = resize(w.scratch, len(from))
	for i, v := range from {
		w.scratch[i] = int64(v)
	}
}

// resize returns a slice of n elements, s itself if it has room.
func resize[T any](s []T, n int) []T {
	if cap(s) < n {
		return make([]T, n)
	}
	return s[:n]
}

// samePrefix reports whether the shorter of two dictionaries is known to be a prefix of
// the longer: those that grow keep their memory.
func samePrefix(x, y arrow.Array) bool {
	if x.Len() == 0 || y.Len() == 0 {
		return true
	}
	a, b := x.Data(), y.Data()
	return a.Offset() == b.Offset() && &a.Buffers()[1].Bytes()[0] == &b.Buffers()[1].Bytes()[0]
}
