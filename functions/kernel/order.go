package kernel

import (
	"cmp"
	"strings"

	"github.com/apache/arrow/go/v17/arrow"
	"github.com/apache/arrow/go/v17/arrow/decimal128"
)

// Comparer returns a function that compares row i of a with row j of b, two arrays of
// one SQL type, in the total order of [Compare]. Rows that are NULL compare as anything;
// inside lists and structs NULL is greatest.
func Comparer(a, b arrow.Array) func(i, j int) int {
	switch KindOf(a.DataType()) {
	case Bool:
		x, y := Bitmap(Bits(a)), Bitmap(Bits(b))
		return func(i, j int) int { return int(b2u(x.Get(i))) - int(b2u(y.Get(j))) }
	case Int8:
		return comparer[int8](a, b)
	case Int16:
		return comparer[int16](a, b)
	case Int32:
		return comparer[int32](a, b)
	case Int64:
		return comparer[int64](a, b)
	case Uint8:
		return comparer[uint8](a, b)
	case Uint16:
		return comparer[uint16](a, b)
	case Uint32:
		return comparer[uint32](a, b)
	case Uint64:
		return comparer[uint64](a, b)
	case Float32:
		return floatComparer[float32](a, b)
	case Float64:
		return floatComparer[float64](a, b)
	case Decimal:
		x, y := Values[decimal128.Num](a), Values[decimal128.Num](b)
		return func(i, j int) int { return x[i].Cmp(y[j]) }
	case Interval:
		x, y := Values[arrow.MonthDayNanoInterval](a), Values[arrow.MonthDayNanoInterval](b)
		return func(i, j int) int { return CompareIntervals(x[i], y[j]) }
	case String, Dict:
		x, y := StringsOf(a), StringsOf(b)
		return func(i, j int) int { return strings.Compare(x.At(i), y.At(j)) }
	case List:
		return listComparer(a, b)
	case Struct:
		return structComparer(a, b)
	}
	return func(i, j int) int { return 0 }
}

func comparer[T Integer](a, b arrow.Array) func(i, j int) int {
	x, y := Values[T](a), Values[T](b)
	return func(i, j int) int { return cmp.Compare(x[i], y[j]) }
}

func floatComparer[T Float](a, b arrow.Array) func(i, j int) int {
	x, y := Values[T](a), Values[T](b)
	return func(i, j int) int { return CompareFloats(x[i], y[j]) }
}

// CompareFloats orders numbers with NaN equal to itself and greatest.
func CompareFloats[T Float](x, y T) int {
	switch {
	case x < y || y != y && x == x:
		return -1
	case x > y || x != x && y == y:
		return 1
	}
	return 0
}

func listComparer(a, b arrow.Array) func(i, j int) int {
	ao, av := ListParts(a)
	bo, bv := ListParts(b)
	elem := RowComparer(av, bv, false, false)
	return func(i, j int) int {
		x, y := int(ao[i]), int(bo[j])
		for x < int(ao[i+1]) && y < int(bo[j+1]) {
			if c := elem(x, y); c != 0 {
				return c
			}
			x, y = x+1, y+1
		}
		return cmp.Compare(ao[i+1]-ao[i], bo[j+1]-bo[j])
	}
}

func structComparer(a, b arrow.Array) func(i, j int) int {
	fields := make([]func(i, j int) int, len(a.Data().Children()))
	for f := range fields {
		fields[f] = RowComparer(StructField(a, f), StructField(b, f), false, false)
	}
	return func(i, j int) int {
		for _, f := range fields {
			if c := f(i, j); c != 0 {
				return c
			}
		}
		return 0
	}
}

// RowComparer compares rows of two arrays with NULLs: they come first or last and are
// equal to each other; desc turns the order of the values around, not that of NULL.
func RowComparer(a, b arrow.Array, desc, nullsFirst bool) func(i, j int) int {
	inner := Comparer(a, b)
	x, y := ValidityOf(a), ValidityOf(b)
	sign, null := 1, 1
	if desc {
		sign = -1
	}
	if nullsFirst {
		null = -1
	}
	if x.Bits == nil && y.Bits == nil {
		return func(i, j int) int { return sign * inner(i, j) }
	}
	return func(i, j int) int {
		switch p, q := x.Valid(i), y.Valid(j); {
		case p && q:
			return sign * inner(i, j)
		case !p && !q:
			return 0
		case p:
			return -null
		}
		return null
	}
}
