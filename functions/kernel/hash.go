package kernel

import (
	"encoding/binary"
	"math"
	"math/bits"

	"github.com/apache/arrow/go/v17/arrow"
	"github.com/apache/arrow/go/v17/arrow/decimal128"
)

const (
	hashA    = 0x9e3779b97f4a7c15
	hashB    = 0xe7037ed1a0b428db
	hashC    = 0x8ebc6af09c88c6e3
	hashNull = 0x589965cc75374cc3
)

func mix(a, b uint64) uint64 {
	hi, lo := bits.Mul64(a, b)
	return hi ^ lo
}

// HashUint64 hashes one word. One multiplication would leave numbers in a row too evenly
// spread for what counts on chance.
func HashUint64(x uint64) uint64 {
	hi, lo := bits.Mul64(x^hashA, hashB)
	return mix(hi^hashC, lo^hashA)
}

// HashString hashes one string; the same in every process.
func HashString(s string) uint64 {
	h := uint64(len(s)) ^ hashC
	for len(s) > 16 {
		h = mix(le64(s)^hashA, le64(s[8:])^h)
		s = s[16:]
	}
	var a, b uint64
	switch {
	case len(s) >= 8:
		a, b = le64(s), le64(s[len(s)-8:])
	case len(s) >= 4:
		a, b = le32(s), le32(s[len(s)-4:])
	case len(s) > 0:
		a = uint64(s[0])<<16 | uint64(s[len(s)>>1])<<8 | uint64(s[len(s)-1])
	}
	hi, lo := bits.Mul64(a^hashB, b^h)
	return mix(hi^hashC, lo^hashA)
}

func le64(s string) uint64 { return binary.LittleEndian.Uint64([]byte(s[:8])) }
func le32(s string) uint64 { return uint64(binary.LittleEndian.Uint32([]byte(s[:4]))) }

func combineHash(h, x uint64) uint64 { return mix(h^hashC, x^hashA) }

// Hash hashes n rows of a column into hashes; with combine it mixes them with the
// hashes that are there, of the columns before. Rows that are equal in the sense of
// GROUP BY hash equally: NULL with NULL, -0 with 0, NaN with NaN, plain strings with
// dictionary-encoded ones.
func Hash(v Vec, hashes []uint64, n int, combine bool) {
	hashes = hashes[:n]
	if v.Const {
		var one [1]uint64
		Hash(Col(Slice(v.Array, 0, 1)), one[:], 1, false)
		for i := range hashes {
			if combine {
				hashes[i] = combineHash(hashes[i], one[0])
			} else {
				hashes[i] = one[0]
			}
		}
		return
	}
	own := hashes
	if combine {
		own = make([]uint64, n)
	}
	hashColumn(v.Array, own)
	if valid := ValidityOf(v.Array); valid.Bits != nil {
		for i := range own {
			if !valid.Valid(i) {
				own[i] = hashNull
			}
		}
	}
	if combine {
		for i, h := range own {
			hashes[i] = combineHash(hashes[i], h)
		}
	}
}

func hashColumn(a arrow.Array, out []uint64) {
	switch KindOf(a.DataType()) {
	case Null:
		for i := range out {
			out[i] = hashNull
		}
	case Bool:
		b := Bits(a)
		for i := range out {
			out[i] = HashUint64(uint64(b[i>>3] >> (i & 7) & 1))
		}
	case Int8:
		hashIntegers(Values[int8](a), out)
	case Int16:
		hashIntegers(Values[int16](a), out)
	case Int32:
		hashIntegers(Values[int32](a), out)
	case Int64:
		hashIntegers(Values[int64](a), out)
	case Uint8:
		hashIntegers(Values[uint8](a), out)
	case Uint16:
		hashIntegers(Values[uint16](a), out)
	case Uint32:
		hashIntegers(Values[uint32](a), out)
	case Uint64:
		hashIntegers(Values[uint64](a), out)
	case Float32:
		hashFloats(Values[float32](a), out)
	case Float64:
		hashFloats(Values[float64](a), out)
	case Decimal:
		for i, x := range Values[decimal128.Num](a)[:len(out)] {
			out[i] = combineHash(HashUint64(x.LowBits()), uint64(x.HighBits()))
		}
	case Interval:
		hashIntervals(Values[arrow.MonthDayNanoInterval](a), out)
	case String, Dict:
		hashStrings(a, out)
	case List:
		off, values := ListParts(a)
		inner := make([]uint64, values.Len())
		Hash(Col(values), inner, len(inner), false)
		for i := range out {
			h := HashUint64(uint64(off[i+1] - off[i]))
			for _, x := range inner[off[i]:off[i+1]] {
				h = combineHash(h, x)
			}
			out[i] = h
		}
	case Struct:
		for f := range a.Data().Children() {
			Hash(Col(StructField(a, f)), out, len(out), f > 0)
		}
	}
}

func hashIntegers[T Integer](values []T, out []uint64) {
	for i, x := range values[:len(out)] {
		out[i] = HashUint64(uint64(x))
	}
}

func hashFloats[T Float](values []T, out []uint64) {
	for i, x := range values[:len(out)] {
		out[i] = HashUint64(floatBits(float64(x)))
	}
}

// floatBits are the bits of a number such that equal numbers have equal bits.
func floatBits(f float64) uint64 {
	switch {
	case f == 0:
		return 0
	case f != f:
		return math.Float64bits(math.NaN())
	}
	return math.Float64bits(f)
}

func hashStrings(a arrow.Array, out []uint64) {
	if perValue(a, len(out)) {
		codes, dict := Codes(a)
		values := StringsOf(dict)
		once := make([]uint64, dict.Len())
		for i := range once {
			once[i] = HashString(values.At(i))
		}
		for i, c := range codes[:len(out)] {
			if uint(c) < uint(len(once)) {
				out[i] = once[c]
			}
		}
		return
	}
	s := StringsOf(a)
	for i := range out {
		out[i] = HashString(s.At(i))
	}
}
