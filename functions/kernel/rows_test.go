package kernel

import (
	"math/rand"
	"testing"

	"github.com/apache/arrow/go/v17/arrow"
)

func TestTake(t *testing.T) {
	forEach(t, 40, func(t *testing.T, r *rand.Rand, a arrow.Array) {
		idx := make([]int32, 60)
		for i := range idx {
			idx[i] = int32(r.Intn(a.Len()))
		}
		got := Take(a, idx)
		checkNulls(t, got)
		for i, j := range idx {
			sameRow(t, "take", got, i, a, int(j))
		}
		idx[0], idx[17], idx[59] = -1, -1, -1
		got = TakeNullable(a, idx)
		checkNulls(t, got)
		for i, j := range idx {
			if j >= 0 {
				sameRow(t, "take nullable", got, i, a, int(j))
			} else if Value(got, i) != nil {
				t.Fatalf("row %d is %s instead of NULL", i, rowText(got, i))
			}
		}
	})
}

func TestFilter(t *testing.T) {
	forEach(t, 40, func(t *testing.T, r *rand.Rand, a arrow.Array) {
		for _, sel := range [][]int32{nil, {3}, {4, 5, 6, 7}, {0, 2, 39}} {
			got := Filter(a, sel)
			checkNulls(t, got)
			if got.Len() != len(sel) {
				t.Fatalf("%d rows instead of %d", got.Len(), len(sel))
			}
			for i, j := range sel {
				sameRow(t, "filter", got, i, a, int(j))
			}
		}
	})
}

func TestConcat(t *testing.T) {
	forEach(t, 20, func(t *testing.T, r *rand.Rand, a arrow.Array) {
		b := cut(t, someColumn(t, r, a.DataType(), 13, 0.4))
		empty := Slice(a, 4, 4)
		got, err := Concat([]arrow.Array{a, empty, b, a})
		if err != nil {
			t.Fatal(err)
		}
		checkNulls(t, got)
		for i := range 20 {
			sameRow(t, "first", got, i, a, i)
			sameRow(t, "third", got, 33+i, a, i)
		}
		for i := range 13 {
			sameRow(t, "second", got, 20+i, b, i)
		}
	})
}

func TestConcatForms(t *testing.T) {
	plain, err := FromAny(arrow.BinaryTypes.String, "x", nil, "y")
	if err != nil {
		t.Fatal(err)
	}
	coded, err := FromAny(dictType, "y", "z", nil)
	if err != nil {
		t.Fatal(err)
	}
	got, err := Concat([]arrow.Array{Nulls(arrow.Null, 1), plain, coded, Repeat(OfString("x"), 2)})
	if err != nil {
		t.Fatal(err)
	}
	want, err := FromAny(arrow.BinaryTypes.String, nil, "x", nil, "y", "y", "z", nil, "x", "x")
	if err != nil {
		t.Fatal(err)
	}
	if got.Len() != want.Len() || KindOf(got.DataType()) != Dict {
		t.Fatalf("%d rows of %s", got.Len(), got.DataType())
	}
	for i := range want.Len() {
		sameRow(t, "mixed", got, i, want, i)
	}
	if _, dict := Codes(got); dict.Len() != 3 {
		t.Errorf("the dictionary has %d values instead of 3", dict.Len())
	}
	if _, err := Concat([]arrow.Array{OfInt64(1), OfBool(true)}); err == nil {
		t.Error("numbers and conditions were put together")
	}
}

// TestConcatGrowing appends columns of a dictionary that grows: the codes stay.
func TestConcatGrowing(t *testing.T) {
	offsets, data := []int32{0, 1, 2, 3, 4}, []byte("abcd")
	long := FromOffsets(arrow.BinaryTypes.String, offsets, data, Validity{})
	short := Slice(long, 0, 2)
	got, err := Concat([]arrow.Array{FromCodes([]int32{1, 0}, Validity{}, short), FromCodes([]int32{3, 1}, Validity{}, long)})
	if err != nil {
		t.Fatal(err)
	}
	codes, dict := Codes(got)
	if dict.Len() != 4 || codes[0] != 1 || codes[2] != 3 || StringsOf(got).At(2) != "d" {
		t.Errorf("codes %v of %d values", codes, dict.Len())
	}
}

func TestRepeatAndNulls(t *testing.T) {
	forEach(t, 3, func(t *testing.T, r *rand.Rand, a arrow.Array) {
		got := Repeat(a, 9)
		checkNulls(t, got)
		for i := range 9 {
			sameRow(t, "repeat", got, i, a, 0)
		}
		nulls := Nulls(a.DataType(), 9)
		checkNulls(t, nulls)
		for i := range 9 {
			if Value(nulls, i) != nil {
				t.Fatalf("row %d is %s", i, rowText(nulls, i))
			}
		}
	})
}

func TestChoose(t *testing.T) {
	forEach(t, 20, func(t *testing.T, r *rand.Rand, a arrow.Array) {
		b := someColumn(t, r, a.DataType(), 20, 0.2)
		k := someColumn(t, r, a.DataType(), 1, 0)
		which := make([]int8, 20)
		for i := range which {
			which[i] = int8(r.Intn(4) - 1)
		}
		got, err := Choose(a.DataType(), []Vec{Col(a), Col(b), Const(k)}, which)
		if err != nil {
			t.Fatal(err)
		}
		checkNulls(t, got)
		for i, w := range which {
			switch w {
			case 0:
				sameRow(t, "first", got, i, a, i)
			case 1:
				sameRow(t, "second", got, i, b, i)
			case 2:
				sameRow(t, "third", got, i, k, 0)
			default:
				if Value(got, i) != nil {
					t.Fatalf("row %d is %s instead of NULL", i, rowText(got, i))
				}
			}
		}
	})
}

func TestWithValidity(t *testing.T) {
	forEach(t, 20, func(t *testing.T, r *rand.Rand, a arrow.Array) {
		if a.DataType().ID() == arrow.NULL {
			return
		}
		bitmap := NewBitmap(20)
		before := ValidityOf(a)
		for i := range 20 {
			if i%3 != 0 && before.Valid(i) {
				bitmap.Set(i)
			}
		}
		got := WithValidity(a, NewValidity(bitmap, 20))
		checkNulls(t, got)
		for i := range 20 {
			if i%3 != 0 {
				sameRow(t, "kept", got, i, a, i)
			} else if Value(got, i) != nil {
				t.Fatalf("row %d is %s instead of NULL", i, rowText(got, i))
			}
		}
	})
}

func TestGather(t *testing.T) {
	forEach(t, 8, func(t *testing.T, r *rand.Rand, a arrow.Array) {
		codes, valid := make([]int32, 30), NewBitmap(30)
		for i := range codes {
			codes[i] = 1 << 30
			if r.Intn(4) > 0 {
				codes[i] = int32(r.Intn(8))
				valid.Set(i)
			}
		}
		got := Gather(a, codes, NewValidity(valid, 30))
		checkNulls(t, got)
		for i, c := range codes {
			if valid.Get(i) {
				sameRow(t, "gather", got, i, a, int(c))
			} else if Value(got, i) != nil {
				t.Fatalf("row %d is %s instead of NULL", i, rowText(got, i))
			}
		}
		if KindOf(got.DataType()) == Dict {
			checkDistinct(t, got)
		}
	})
}

// checkDistinct fails if a dictionary holds a value twice.
func checkDistinct(t *testing.T, a arrow.Array) {
	t.Helper()
	_, dict := Codes(a)
	seen, s := map[string]bool{}, StringsOf(dict)
	for i := range dict.Len() {
		if seen[s.At(i)] {
			t.Fatalf("the dictionary has %q twice", s.At(i))
		}
		seen[s.At(i)] = true
	}
}

func TestSelectTrue(t *testing.T) {
	r := rand.New(rand.NewSource(1))
	for _, n := range []int{0, 1, 63, 64, 65, 200} {
		a := someColumn(t, r, arrow.FixedWidthTypes.Boolean, n, 0.3)
		if n > 0 {
			a = cut(t, a)
		}
		got := SelectTrue(Col(a), []int32{-7}, n)
		want := []int32{-7}
		for i := range n {
			if Value(a, i) == true {
				want = append(want, int32(i))
			}
		}
		if len(got) != len(want) {
			t.Fatalf("n=%d: %v instead of %v", n, got, want)
		}
		for i := range want {
			if got[i] != want[i] {
				t.Fatalf("n=%d: %v instead of %v", n, got, want)
			}
		}
	}
	if got := SelectTrue(Const(OfBool(true)), nil, 3); len(got) != 3 {
		t.Errorf("a true constant selects %v", got)
	}
	if got := SelectTrue(Const(Nulls(arrow.FixedWidthTypes.Boolean, 1)), nil, 3); len(got) != 0 {
		t.Errorf("NULL selects %v", got)
	}
}

func TestValidity(t *testing.T) {
	r := rand.New(rand.NewSource(2))
	for range 200 {
		n := r.Intn(100)
		a := someColumn(t, r, arrow.PrimitiveTypes.Int8, n, 0.5)
		b := someColumn(t, r, arrow.PrimitiveTypes.Int8, n, 0.2)
		both := ValidityOf(a).And(ValidityOf(b), n)
		nulls := 0
		for i := range n {
			want := Value(a, i) != nil && Value(b, i) != nil
			if both.Valid(i) != want {
				t.Fatalf("row %d of %d: %v", i, n, !want)
			}
			if !want {
				nulls++
			}
		}
		if both.Nulls != nulls {
			t.Fatalf("%d nulls instead of %d", both.Nulls, nulls)
		}
		from := r.Intn(n + 1)
		to := from + r.Intn(n+1-from)
		part := ValidityOf(a).Slice(from, to)
		for i := from; i < to; i++ {
			if part.Valid(i-from) != (Value(a, i) != nil) {
				t.Fatalf("slice %d:%d, row %d", from, to, i)
			}
		}
	}
}
