package kernel

import (
	"fmt"
	"math"
	"math/rand"
	"testing"

	"github.com/apache/arrow/go/v17/arrow"
	"github.com/apache/arrow/go/v17/arrow/decimal128"
)

var testTypes = []arrow.DataType{
	arrow.Null,
	arrow.FixedWidthTypes.Boolean,
	arrow.PrimitiveTypes.Int8, arrow.PrimitiveTypes.Int16, arrow.PrimitiveTypes.Int32, arrow.PrimitiveTypes.Int64,
	arrow.PrimitiveTypes.Uint8, arrow.PrimitiveTypes.Uint16, arrow.PrimitiveTypes.Uint32, arrow.PrimitiveTypes.Uint64,
	arrow.PrimitiveTypes.Float32, arrow.PrimitiveTypes.Float64,
	&arrow.Decimal128Type{Precision: 38, Scale: 0},
	arrow.BinaryTypes.String, arrow.BinaryTypes.Binary,
	dictType,
	arrow.FixedWidthTypes.Date32, arrow.FixedWidthTypes.Duration_ns, arrow.FixedWidthTypes.MonthDayNanoInterval, &arrow.TimestampType{Unit: arrow.Nanosecond},
	arrow.ListOf(arrow.PrimitiveTypes.Int64), arrow.ListOf(arrow.BinaryTypes.String),
	arrow.StructOf(
		arrow.Field{Name: "a", Type: arrow.PrimitiveTypes.Int64, Nullable: true},
		arrow.Field{Name: "b", Type: arrow.BinaryTypes.String, Nullable: true}),
}

func someValue(r *rand.Rand, dt arrow.DataType, nulls float64) any {
	if r.Float64() < nulls {
		return nil
	}
	switch KindOf(dt) {
	case Null:
		return nil
	case Bool:
		return r.Intn(2) == 1
	case Float32, Float64:
		return []float64{0, math.Copysign(0, -1), math.NaN(), math.Inf(1), math.Inf(-1), 1.5, -2.5, 3}[r.Intn(8)]
	case Decimal:
		return []decimal128.Num{{}, decimal128.FromI64(-3), decimal128.FromI64(7), decimal128.New(5, 1), decimal128.New(-5, 9)}[r.Intn(5)]
	case Interval:
		n := func() int32 { return int32(r.Intn(3) - 1) }
		return arrow.MonthDayNanoInterval{Months: n() * 1e8, Days: n() * 30, Nanoseconds: int64(n()) * nanosPerDay}
	case String:
		s := []string{"", "a", "ab", "abcdefgh", "abcdefghi", "b", "é", "long enough to be hashed in several steps"}[r.Intn(8)]
		if dt.ID() == arrow.BINARY {
			return []byte(s)
		}
		return s
	case Dict:
		return []string{"", "a", "ab", "zz"}[r.Intn(4)]
	case List:
		out := make([]any, r.Intn(3))
		for i := range out {
			out[i] = someValue(r, dt.(*arrow.ListType).Elem(), nulls)
		}
		return out
	case Struct:
		st := dt.(*arrow.StructType)
		out := make([]any, st.NumFields())
		for i := range out {
			out[i] = someValue(r, st.Field(i).Type, nulls)
		}
		return out
	case Uint8, Uint16, Uint32, Uint64:
		return uint64(r.Intn(5))
	}
	return int64(r.Intn(7) - 3)
}

func someColumn(t testing.TB, r *rand.Rand, dt arrow.DataType, n int, nulls float64) arrow.Array {
	t.Helper()
	values := make([]any, n)
	for i := range values {
		values[i] = someValue(r, dt, nulls)
	}
	a, err := FromAny(dt, values...)
	if err != nil {
		t.Fatal(err)
	}
	return a
}

// cut returns the rows as a slice that begins in the middle of a byte.
func cut(t testing.TB, a arrow.Array) arrow.Array {
	t.Helper()
	both, err := Concat([]arrow.Array{Nulls(a.DataType(), 5), a, Nulls(a.DataType(), 2)})
	if err != nil {
		t.Fatal(err)
	}
	return Slice(both, 5, 5+a.Len())
}

// forEach calls f with columns of every type: whole and sliced, with NULLs and without.
func forEach(t *testing.T, n int, f func(t *testing.T, r *rand.Rand, a arrow.Array)) {
	for k, dt := range testTypes {
		for _, nulls := range []float64{0, 0.3, 1} {
			t.Run(fmt.Sprintf("%s/nulls=%v", dt, nulls), func(t *testing.T) {
				r := rand.New(rand.NewSource(int64(k)))
				a := someColumn(t, r, dt, n, nulls)
				f(t, r, a)
				f(t, r, cut(t, a))
			})
		}
	}
}

func rowText(a arrow.Array, i int) string {
	v := Value(a, i)
	if f, ok := v.(float64); ok && f == 0 {
		v = 0.0 // -0 is 0
	}
	return fmt.Sprintf("%T %v", v, v)
}

func sameRow(t *testing.T, what string, got arrow.Array, i int, want arrow.Array, j int) {
	t.Helper()
	if g, w := rowText(got, i), rowText(want, j); g != w {
		t.Fatalf("%s: row %d is %s instead of %s", what, i, g, w)
	}
}

// checkNulls fails unless an array knows its nulls.
func checkNulls(t *testing.T, a arrow.Array) {
	t.Helper()
	if a.DataType().ID() == arrow.NULL {
		return
	}
	n := 0
	for i := range a.Len() {
		if a.IsNull(i) {
			n++
		}
	}
	if a.Data().NullN() != n {
		t.Fatalf("%d nulls instead of %d", a.Data().NullN(), n)
	}
}
