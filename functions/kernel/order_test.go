package kernel

import (
	"math"
	"math/rand"
	"slices"
	"testing"

	"github.com/apache/arrow/go/v17/arrow"
)

func TestCompare(t *testing.T) {
	forEach(t, 70, func(t *testing.T, r *rand.Rand, a arrow.Array) {
		b := someColumn(t, r, a.DataType(), 70, 0.2)
		k := someColumn(t, r, a.DataType(), 1, 0)
		checkCompare(t, Col(a), Col(b), 70)
		checkCompare(t, Col(a), Const(k), 70)
		checkCompare(t, Const(k), Col(a), 70)
		checkCompare(t, Const(k), Const(Take(a, []int32{5})), 70)
		checkCompare(t, Const(Nulls(a.DataType(), 1)), Col(a), 70)
		checkCompare(t, Col(a), Col(a), 70)
	})
}

func TestCompareForms(t *testing.T) {
	r := rand.New(rand.NewSource(3))
	plain := someColumn(t, r, arrow.BinaryTypes.String, 70, 0.2)
	first, second := someColumn(t, r, dictType, 70, 0.2), someColumn(t, r, dictType, 70, 0.2)
	checkCompare(t, Col(plain), Col(first), 70)
	checkCompare(t, Col(first), Col(plain), 70)
	checkCompare(t, Col(first), Col(second), 70)
	checkCompare(t, Col(first), Col(Take(first, slices.Repeat([]int32{3}, 70))), 70)
	// Dictionaries larger than the batch are compared row by row.
	checkCompare(t, Col(Slice(first, 0, 2)), Col(Slice(second, 0, 2)), 2)
	checkCompare(t, Col(Slice(first, 0, 2)), Const(OfString("a")), 2)
	if _, err := Compare(Eq, Col(plain), Const(OfInt64(1)), 70); err == nil {
		t.Error("text was compared with a number")
	}
}

// checkCompare holds all comparisons against the order of single rows.
func checkCompare(t *testing.T, a, b Vec, n int) {
	t.Helper()
	order := Comparer(a.Array, b.Array)
	null := KindOf(a.DataType()) == Null
	for op, holds := range map[CmpOp]func(c int) bool{
		Eq: func(c int) bool { return c == 0 }, Ne: func(c int) bool { return c != 0 },
		Lt: func(c int) bool { return c < 0 }, Le: func(c int) bool { return c <= 0 },
		Gt: func(c int) bool { return c > 0 }, Ge: func(c int) bool { return c >= 0 },
	} {
		v, err := Compare(op, a, b, n)
		if err != nil {
			t.Fatal(err)
		}
		for i := range n {
			var want any
			if !null && Value(a.Array, a.Row(i)) != nil && Value(b.Array, b.Row(i)) != nil {
				want = holds(order(a.Row(i), b.Row(i)))
			}
			if got := Value(v.Array, v.Row(i)); got != want {
				t.Fatalf("%s %d %s is %v", rowText(a.Array, a.Row(i)), op, rowText(b.Array, b.Row(i)), got)
			}
		}
	}
	for _, not := range []bool{false, true} {
		v, err := Distinct(a, b, n, not)
		if err != nil {
			t.Fatal(err)
		}
		for i := range n {
			x, y := Value(a.Array, a.Row(i)), Value(b.Array, b.Row(i))
			same := x == nil && y == nil || x != nil && y != nil && order(a.Row(i), b.Row(i)) == 0
			if got := Value(v.Array, v.Row(i)); got != (same == not) {
				t.Fatalf("%v distinct from %v is %v", x, y, got)
			}
		}
	}
}

// TestOrderIsTotal checks what sorting relies on.
func TestOrderIsTotal(t *testing.T) {
	forEach(t, 12, func(t *testing.T, r *rand.Rand, a arrow.Array) {
		c := RowComparer(a, a, false, false)
		for i := range 12 {
			for j := range 12 {
				if c(i, j) != -c(j, i) {
					t.Fatalf("%s and %s", rowText(a, i), rowText(a, j))
				}
				for k := range 12 {
					if c(i, j) <= 0 && c(j, k) <= 0 && c(i, k) > 0 {
						t.Fatalf("%s, %s and %s", rowText(a, i), rowText(a, j), rowText(a, k))
					}
				}
			}
		}
	})
}

func TestRowComparer(t *testing.T) {
	a, err := FromAny(arrow.PrimitiveTypes.Int64, int64(1), int64(2), nil, nil)
	if err != nil {
		t.Fatal(err)
	}
	f := func(desc, nullsFirst bool, want ...int) {
		t.Helper()
		c := RowComparer(a, a, desc, nullsFirst)
		for k, pair := range [][2]int{{0, 1}, {1, 2}, {2, 1}, {2, 3}} {
			if got := c(pair[0], pair[1]); got != want[k] {
				t.Errorf("desc %v nulls first %v: %v is %d", desc, nullsFirst, pair, got)
			}
		}
	}
	f(false, false, -1, -1, 1, 0)
	f(true, false, 1, -1, 1, 0)
	f(false, true, -1, 1, -1, 0)
	f(true, true, 1, 1, -1, 0)
}

// TestKeysFollowOrder checks hashes and sort words against the order.
func TestKeysFollowOrder(t *testing.T) {
	forEach(t, 40, func(t *testing.T, r *rand.Rand, a arrow.Array) {
		c := RowComparer(a, a, false, false)
		hashes, both := make([]uint64, 40), make([]uint64, 40)
		Hash(Col(a), hashes, 40, false)
		copy(both, hashes)
		Hash(Col(a), both, 40, true)
		words, exact := SortKeys(a)
		valid := ValidityOf(a)
		for i := range 40 {
			for j := range 40 {
				same := c(i, j) == 0
				if (hashes[i] == hashes[j]) != same || (both[i] == both[j]) != same {
					t.Fatalf("hashes of %s and %s: %x %x", rowText(a, i), rowText(a, j), hashes[i], hashes[j])
				}
				if !valid.Valid(i) || !valid.Valid(j) {
					continue
				}
				if words[i] < words[j] && c(i, j) >= 0 || exact && words[i] == words[j] && !same {
					t.Fatalf("words of %s and %s: %x %x", rowText(a, i), rowText(a, j), words[i], words[j])
				}
			}
		}
	})
}

func TestHashForms(t *testing.T) {
	r := rand.New(rand.NewSource(4))
	a := someColumn(t, r, dictType, 50, 0.2)
	plain, err := Plain(a)
	if err != nil {
		t.Fatal(err)
	}
	x, y, few := make([]uint64, 50), make([]uint64, 50), make([]uint64, 2)
	Hash(Col(a), x, 50, false)
	Hash(Col(plain), y, 50, false)
	Hash(Col(Slice(a, 7, 9)), few, 2, false)
	if !slices.Equal(x, y) || !slices.Equal(x[7:9], few) {
		t.Error("the forms of strings hash differently")
	}
	Hash(Const(OfString("a")), few, 2, false)
	if few[0] != HashString("a") || few[0] != few[1] {
		t.Error("a constant hashes as something else")
	}
}

func TestNth(t *testing.T) {
	r := rand.New(rand.NewSource(5))
	for range 300 {
		words := make([]uint64, 1+r.Intn(200))
		for i := range words {
			words[i] = uint64(r.Intn(50))
		}
		sorted := slices.Sorted(slices.Values(words))
		k := r.Intn(len(words))
		Nth(words, k)
		if words[k] != sorted[k] || k > 0 && slices.Max(words[:k]) > words[k] || slices.Min(words[k:]) < words[k] {
			t.Fatalf("place %d of %v holds %d instead of %d", k, sorted, words[k], sorted[k])
		}
	}
}

func TestFloatKeys(t *testing.T) {
	order := []float64{math.Inf(-1), -1e300, -1, -math.SmallestNonzeroFloat64, 0, math.SmallestNonzeroFloat64, 1, 1e300, math.Inf(1), math.NaN()}
	for i, x := range order {
		if back := KeyFloat(FloatKey(x)); back != x && x == x {
			t.Errorf("%v came back as %v", x, back)
		}
		if i > 0 && FloatKey(order[i-1]) >= FloatKey(x) {
			t.Errorf("%v stands before %v", x, order[i-1])
		}
	}
	if FloatKey(math.Copysign(0, -1)) != FloatKey(0) {
		t.Error("-0 isn't 0")
	}
}
