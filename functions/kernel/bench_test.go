package kernel

import (
	"fmt"
	"math/rand"
	"testing"

	"github.com/apache/arrow/go/v17/arrow"
)

const benchRows = 32 << 10

// numbersWithNulls makes a column of whole numbers of which a share is NULL.
func numbersWithNulls(b *testing.B, share float64) arrow.Array {
	b.Helper()
	r := rand.New(rand.NewSource(1))
	values, valid := make([]int64, benchRows), NewBitmap(benchRows)
	for i := range values {
		values[i] = r.Int63n(1000)
		if r.Float64() >= share {
			valid.Set(i)
		}
	}
	return FromValues(arrow.PrimitiveTypes.Int64, values, NewValidity(valid, benchRows))
}

// namesOf makes a column of strings with so many distinct values.
func namesOf(b *testing.B, distinct int, coded bool) arrow.Array {
	b.Helper()
	r := rand.New(rand.NewSource(2))
	names := NewStringBuilder(distinct)
	for i := range distinct {
		names.Append(fmt.Sprintf("process-%d", i))
	}
	dict, err := names.Finish(arrow.BinaryTypes.String)
	if err != nil {
		b.Fatal(err)
	}
	codes := make([]int32, benchRows)
	for i := range codes {
		codes[i] = int32(r.Intn(distinct))
	}
	a := FromCodes(codes, Validity{}, dict)
	if coded {
		return a
	}
	if a, err = Plain(a); err != nil {
		b.Fatal(err)
	}
	return a
}

// eachShare runs a benchmark for columns with different shares of NULLs.
func eachShare(b *testing.B, f func(b *testing.B, a arrow.Array)) {
	for _, share := range []float64{0, 0.1, 0.9} {
		b.Run(fmt.Sprintf("rows=32K/nulls=%v", share), func(b *testing.B) {
			a := numbersWithNulls(b, share)
			b.SetBytes(benchRows * 8)
			b.ReportAllocs()
			for b.Loop() {
				f(b, a)
			}
		})
	}
}

func BenchmarkCompareConstant(b *testing.B) {
	k := Const(OfInt64(500))
	eachShare(b, func(b *testing.B, a arrow.Array) {
		if _, err := Compare(Lt, Col(a), k, benchRows); err != nil {
			b.Fatal(err)
		}
	})
}

func BenchmarkCompareColumns(b *testing.B) {
	eachShare(b, func(b *testing.B, a arrow.Array) {
		if _, err := Compare(Eq, Col(a), Col(a), benchRows); err != nil {
			b.Fatal(err)
		}
	})
}

func BenchmarkCompareStrings(b *testing.B) {
	k := Const(OfString("process-7"))
	for _, distinct := range []int{10, 1000} {
		for _, coded := range []bool{true, false} {
			b.Run(fmt.Sprintf("distinct=%d/dictionary=%v", distinct, coded), func(b *testing.B) {
				a := namesOf(b, distinct, coded)
				b.SetBytes(benchRows * 4)
				for b.Loop() {
					if _, err := Compare(Eq, Col(a), k, benchRows); err != nil {
						b.Fatal(err)
					}
				}
			})
		}
	}
}

func BenchmarkAdd(b *testing.B) {
	eachShare(b, func(b *testing.B, a arrow.Array) {
		if _, err := Arith(Add, a.DataType(), Col(a), Col(a), benchRows); err != nil {
			b.Fatal(err)
		}
	})
}

func BenchmarkMultiply(b *testing.B) {
	k := Const(OfInt64(3))
	eachShare(b, func(b *testing.B, a arrow.Array) {
		if _, err := Arith(Mul, a.DataType(), Col(a), k, benchRows); err != nil {
			b.Fatal(err)
		}
	})
}

func BenchmarkTake(b *testing.B) {
	idx := make([]int32, benchRows/2)
	for i := range idx {
		idx[i] = int32(i*2 + i%2)
	}
	eachShare(b, func(b *testing.B, a arrow.Array) { Take(a, idx) })
}

func BenchmarkTakeStrings(b *testing.B) {
	idx := make([]int32, benchRows/2)
	for i := range idx {
		idx[i] = int32(i*2 + i%2)
	}
	for _, coded := range []bool{true, false} {
		b.Run(fmt.Sprintf("dictionary=%v", coded), func(b *testing.B) {
			a := namesOf(b, 1000, coded)
			for b.Loop() {
				Take(a, idx)
			}
		})
	}
}

func BenchmarkHash(b *testing.B) {
	hashes := make([]uint64, benchRows)
	eachShare(b, func(b *testing.B, a arrow.Array) { Hash(Col(a), hashes, benchRows, false) })
}

func BenchmarkHashStrings(b *testing.B) {
	hashes := make([]uint64, benchRows)
	for _, coded := range []bool{true, false} {
		b.Run(fmt.Sprintf("dictionary=%v", coded), func(b *testing.B) {
			a := namesOf(b, 1000, coded)
			for b.Loop() {
				Hash(Col(a), hashes, benchRows, false)
			}
		})
	}
}

func BenchmarkSelectTrue(b *testing.B) {
	for _, share := range []float64{0.01, 0.5, 0.99} {
		b.Run(fmt.Sprintf("rows=32K/true=%v", share), func(b *testing.B) {
			r := rand.New(rand.NewSource(3))
			values := make([]bool, benchRows)
			for i := range values {
				values[i] = r.Float64() < share
			}
			v, sel := Col(FromBools(values, Validity{})), make([]int32, 0, benchRows)
			for b.Loop() {
				SelectTrue(v, sel, benchRows)
			}
		})
	}
}

func BenchmarkConcatDictionaries(b *testing.B) {
	same := namesOf(b, 1000, true)
	other := namesOf(b, 1001, true)
	for name, parts := range map[string][]arrow.Array{"shared": {same, same, same}, "different": {same, other, same}} {
		b.Run(name, func(b *testing.B) {
			for b.Loop() {
				if _, err := Concat(parts); err != nil {
					b.Fatal(err)
				}
			}
		})
	}
}

func BenchmarkSortKeys(b *testing.B) {
	eachShare(b, func(b *testing.B, a arrow.Array) { SortKeys(a) })
}

func BenchmarkNth(b *testing.B) {
	a := numbersWithNulls(b, 0)
	words, _ := SortKeys(a)
	work := make([]uint64, len(words))
	for b.Loop() {
		copy(work, words)
		Nth(work, len(work)/2)
	}
}
