package kernel

import (
	"math"
	"slices"

	"github.com/apache/arrow/go/v17/arrow"
	"github.com/apache/arrow/go/v17/arrow/decimal128"
)

const signBit = 1 << 63

// SortKeys returns a word for each row such that rows stand in the order of their words.
// exact means that equal words are equal values; otherwise rows with equal words need a
// [Comparer]: words of long strings hold their beginning only. Dictionary-encoded
// strings are ranked once per dictionary value. The words of NULL rows are anything.
func SortKeys(a arrow.Array) (words []uint64, exact bool) {
	switch KindOf(a.DataType()) {
	case Bool:
		b, out := Bitmap(Bits(a)), make([]uint64, a.Len())
		for i := range out {
			out[i] = uint64(b2u(b.Get(i)))
		}
		return out, true
	case Int8, Int16, Int32, Int64:
		values, out := Int64s(a), make([]uint64, a.Len())
		for i, x := range values {
			out[i] = uint64(x) ^ signBit
		}
		return out, true
	case Uint8, Uint16, Uint32, Uint64:
		values, out := Int64s(a), make([]uint64, a.Len())
		for i, x := range values {
			out[i] = uint64(x)
		}
		return out, true
	case Float32, Float64:
		values, out := Float64s(a), make([]uint64, a.Len())
		for i, x := range values {
			out[i] = FloatKey(x)
		}
		return out, true
	case Decimal:
		return decimalKeys(Values[decimal128.Num](a))
	case Interval:
		return intervalKeys(Values[arrow.MonthDayNanoInterval](a))
	case Dict:
		if perValue(a, a.Len()) {
			return dictKeys(a), true
		}
		return prefixKeys(a), false
	case String:
		return prefixKeys(a), false
	}
	return make([]uint64, a.Len()), KindOf(a.DataType()) == Null
}

// FloatKey returns a word in the order of numbers: NaN is greatest, -0 is 0.
func FloatKey(f float64) uint64 {
	b := floatBits(f)
	if b&signBit != 0 {
		return ^b
	}
	return b | signBit
}

// KeyFloat is the inverse of [FloatKey].
func KeyFloat(w uint64) float64 {
	if w&signBit != 0 {
		return math.Float64frombits(w &^ signBit)
	}
	return math.Float64frombits(^w)
}

// decimalKeys are exact as long as the numbers fit into 64 bits.
func decimalKeys(values []decimal128.Num) (words []uint64, exact bool) {
	out := make([]uint64, len(values))
	for i, x := range values {
		if x.HighBits() != int64(x.LowBits())>>63 {
			for j, y := range values {
				out[j] = uint64(y.HighBits()) ^ signBit
			}
			return out, false
		}
		out[i] = x.LowBits() ^ signBit
	}
	return out, true
}

func dictKeys(a arrow.Array) []uint64 {
	codes, dict := Codes(a)
	ranks := Ranks(dict)
	out := make([]uint64, len(codes))
	for i, c := range codes {
		if uint(c) < uint(len(ranks)) {
			out[i] = uint64(ranks[c])
		}
	}
	return out
}

// Ranks returns for each of some distinct strings its place in their order.
func Ranks(dict arrow.Array) []int32 {
	s := StringsOf(dict)
	order := make([]int32, dict.Len())
	for i := range order {
		order[i] = int32(i)
	}
	slices.SortFunc(order, func(i, j int32) int {
		x, y := s.At(int(i)), s.At(int(j))
		switch {
		case x < y:
			return -1
		case x > y:
			return 1
		}
		return 0
	})
	ranks := make([]int32, len(order))
	for r, i := range order {
		ranks[i] = int32(r)
	}
	return ranks
}

// prefixKeys are the first eight bytes of strings, the first one highest.
func prefixKeys(a arrow.Array) []uint64 {
	s, v := StringsOf(a), ValidityOf(a)
	out := make([]uint64, a.Len())
	for i := range out {
		if v.Valid(i) {
			out[i] = PrefixKey(s.At(i))
		}
	}
	return out
}

// PrefixKey is the first eight bytes of a string as a word, the first one highest.
func PrefixKey(s string) uint64 {
	var w uint64
	if len(s) >= 8 {
		return uint64(s[0])<<56 | uint64(s[1])<<48 | uint64(s[2])<<40 | uint64(s[3])<<32 |
			uint64(s[4])<<24 | uint64(s[5])<<16 | uint64(s[6])<<8 | uint64(s[7])
	}
	for i := range len(s) {
		w |= uint64(s[i]) << (56 - 8*i)
	}
	return w
}
