package functions

import (
	"fmt"
	"math"
	"math/rand"
	"testing"
	"time"

	"github.com/apache/arrow/go/v17/arrow"
	"github.com/apache/arrow/go/v17/arrow/decimal128"

	"tq/functions/kernel"
)

var testEnv = &Env{Zone: time.UTC, Now: time.Date(2025, 6, 1, 0, 0, 0, 0, time.UTC)}

var (
	someStrings = []string{"", "a", "abc", "keepalived", "Grüße", "a-b-c", "%a_", "10.0.0.1:53", "year", "hour", "%Y-%m-%d", "2014-08-22", "(a+)", "🙂x", "zz top"}
	someInts    = []int64{0, 1, 2, 3, 5, -1, -4, 7, 64, 100}
	someFloats  = []float64{0, math.Copysign(0, -1), 0.5, -2.25, 3, 1e10, 0.1, -7.75}
)

// someValue returns a value of a type, now and then NULL.
func someValue(r *rand.Rand, dt arrow.DataType, nulls float64) any {
	if r.Float64() < nulls {
		return nil
	}
	switch kernel.KindOf(dt) {
	case kernel.Bool:
		return r.Intn(2) == 0
	case kernel.Float32, kernel.Float64:
		return someFloats[r.Intn(len(someFloats))]
	case kernel.Decimal:
		return decimal128.FromI64(someInts[r.Intn(len(someInts))] * 25)
	case kernel.String, kernel.Dict:
		return someStrings[r.Intn(len(someStrings))]
	case kernel.Interval:
		return interval{Months: int32(r.Intn(5) - 2), Days: int32(30 * (r.Intn(5) - 2)), Nanoseconds: someInts[r.Intn(len(someInts))] * 1500000007}
	case kernel.Null:
		return nil
	case kernel.List:
		if m, ok := dt.(*arrow.MapType); ok {
			return someMap(r, m, nulls)
		}
		out := make([]any, r.Intn(4))
		for i := range out {
			out[i] = someValue(r, dt.(*arrow.ListType).Elem(), nulls)
		}
		return out
	case kernel.Uint8, kernel.Uint16, kernel.Uint32, kernel.Uint64:
		return uint64(r.Intn(9))
	case kernel.Int8, kernel.Int16, kernel.Int32:
		return someInts[r.Intn(len(someInts))]
	}
	switch dt.ID() {
	case arrow.TIMESTAMP:
		return 1408726886375374738 + r.Int63n(1e15)
	case arrow.TIME64:
		return r.Int63n(nanosPerDay)
	case arrow.DURATION:
		return someInts[r.Intn(len(someInts))] * 1500000007
	}
	return someInts[r.Intn(len(someInts))]
}

// someMap returns the entries of a map, whose keys differ and are not NULL.
func someMap(r *rand.Rand, m *arrow.MapType, nulls float64) []any {
	out, seen := []any{}, map[string]bool{}
	for range r.Intn(4) {
		key := someValue(r, m.KeyType(), 0)
		if text := fmt.Sprint(key); !seen[text] {
			seen[text] = true
			out = append(out, []any{key, someValue(r, m.ItemType(), nulls)})
		}
	}
	return out
}

// someColumn returns n random values of a type.
func someColumn(t testing.TB, r *rand.Rand, dt arrow.DataType, n int, nulls float64) arrow.Array {
	t.Helper()
	values := make([]any, n)
	for i := range values {
		values[i] = someValue(r, dt, nulls)
	}
	a, err := kernel.FromAny(dt, values...)
	if err != nil {
		t.Fatal(err)
	}
	return a
}

// standIn chooses a type for a placeholder of a signature.
func standIn(dt arrow.DataType, k int) arrow.DataType {
	switch dt {
	case Any, SameAny:
		return []arrow.DataType{BigInt, Varchar, Double, Timestamp, Boolean, decimalOf(9, 2), arrow.ListOf(BigInt)}[k%7]
	case SameList, FirstList:
		return arrow.ListOf(standIn(SameAny, k))
	case SameKeys:
		return MapOf(standIn(SameAny, k), Double)
	case SameItems:
		return MapOf(BigInt, standIn(SameAny, k))
	case AnyMap:
		return []arrow.DataType{MapOf(BigInt, Varchar), MapOf(Varchar, arrow.ListOf(BigInt))}[k%2]
	case AnyNumber:
		return []arrow.DataType{BigInt, Double, decimalOf(9, 2), Integer}[k%4]
	case AnyDecimal:
		return []arrow.DataType{decimalOf(9, 2), HugeInt}[k%2]
	case AnyList:
		return []arrow.DataType{arrow.ListOf(BigInt), arrow.ListOf(Varchar)}[k%2]
	}
	return dt
}

// dictionary returns the same strings dictionary-encoded, and NULLs with codes that must
// not be looked at.
func dictionary(a arrow.Array) arrow.Array {
	if a.DataType().ID() != arrow.STRING {
		return a
	}
	d, s, v := kernel.NewDictBuilder(), kernel.StringsOf(a), kernel.ValidityOf(a)
	d.Code("a value that no row has")
	codes := make([]int32, a.Len())
	for i := range codes {
		codes[i] = 1 << 20
		if v.Valid(i) {
			codes[i] = d.Code(s.At(i))
		}
	}
	return kernel.FromCodes(codes, v, d.Values())
}

// sliced returns the same rows as a slice of a longer array.
func sliced(t testing.TB, a arrow.Array) arrow.Array {
	t.Helper()
	pad := kernel.Nulls(a.DataType(), 3)
	if a.Len() > 0 {
		pad = kernel.Take(a, []int32{0, int32(a.Len() - 1), 0})
	}
	both, err := kernel.Concat([]arrow.Array{pad, a, pad})
	if err != nil {
		t.Fatal(err)
	}
	return kernel.Slice(both, 3, 3+a.Len())
}

// rowText writes a row so that equal values have equal text; NULL is its name.
func rowText(a arrow.Array, i int) string {
	v := kernel.Value(a, i)
	if v == nil {
		return "NULL"
	}
	return string(textOf(a, nil)(nil, i))
}

// sameRows fails unless two arrays print alike; numbers may differ in the last digits.
func sameRows(t testing.TB, what string, got, want arrow.Array) {
	t.Helper()
	if got.Len() != want.Len() {
		t.Errorf("%s: %d rows instead of %d", what, got.Len(), want.Len())
		return
	}
	for i := range want.Len() {
		g, w := rowText(got, i), rowText(want, i)
		if g == w {
			continue
		}
		x, ok1 := kernel.Value(got, i).(float64)
		y, ok2 := kernel.Value(want, i).(float64)
		if ok1 && ok2 && math.Abs(x-y) <= 1e-12*max(math.Abs(x), math.Abs(y), 1) {
			continue
		}
		t.Errorf("%s: row %d is %s instead of %s", what, i, g, w)
		return
	}
}
