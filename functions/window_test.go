package functions

import (
	"strings"
	"testing"

	"tq/functions/kernel"
)

// partition makes a partition of rows with the given order keys and frames from the
// first row to the current one and its peers.
func partition(keys ...int) *Partition {
	p := wholePartition(len(keys))
	for i := range keys {
		first, end := i, i+1
		for first > 0 && keys[first-1] == keys[i] {
			first--
		}
		for end < len(keys) && keys[end] == keys[i] {
			end++
		}
		p.Peer[i], p.PeerEnd[i], p.End[i] = int32(first), int32(end), int32(end)
	}
	return p
}

func runWindow(t *testing.T, name string, p *Partition, args ...kernel.Vec) string {
	t.Helper()
	def, ok := Lookup(name)
	if !ok {
		t.Fatalf("there is no %s", name)
	}
	ov, call, args, err := coerced(def, args, testEnv, p.N)
	if err != nil {
		t.Fatal(err)
	}
	a, err := ov.Window(call, p, args)
	if err != nil {
		return err.Error()
	}
	rows := make([]string, a.Len())
	for i := range rows {
		rows[i] = rowText(a, i)
	}
	return strings.Join(rows, " ")
}

func TestRanks(t *testing.T) {
	f := func(name, want string, args ...kernel.Vec) {
		t.Helper()
		if got := runWindow(t, name, partition(1, 2, 2, 3, 3, 3), args...); got != want {
			t.Errorf("%s: %s instead of %s", name, got, want)
		}
	}
	number := func(n int64) kernel.Vec { return kernel.Const(kernel.OfInt64(n)) }
	f("row_number", "1 2 3 4 5 6")
	f("rank", "1 2 2 4 4 4")
	f("dense_rank", "1 2 2 3 3 3")
	f("percent_rank", "0.0 0.2 0.2 0.6 0.6 0.6")
	f("cume_dist", "0.16666666666666666 0.5 0.5 1.0 1.0 1.0")
	f("ntile", "1 1 2 2 3 4", number(4))
	f("ntile", "1 2 3 4 5 6", number(9))
	f("ntile", "ntile needs a number of buckets that is greater than 0", number(0))
}

func TestValuesOfOtherRows(t *testing.T) {
	values := func(v ...any) kernel.Vec {
		a, err := kernel.FromAny(BigInt, v...)
		if err != nil {
			t.Fatal(err)
		}
		return kernel.Col(a)
	}
	x := values(10, nil, 30, 40, nil)
	f := func(name, want string, ignoreNulls bool, args ...kernel.Vec) {
		t.Helper()
		p := partition(1, 2, 3, 4, 5)
		p.IgnoreNulls = ignoreNulls
		if got := runWindow(t, name, p, args...); got != want {
			t.Errorf("%s: %s instead of %s", name, got, want)
		}
	}
	number := func(n int64) kernel.Vec { return kernel.Const(kernel.OfInt64(n)) }
	f("lag", "NULL 10 NULL 30 40", false, x)
	f("lead", "NULL 30 40 NULL NULL", false, x)
	f("lag", "-1 -1 10 NULL 30", false, x, number(2), number(-1))
	f("lag", "NULL 30 40 NULL NULL", false, x, number(-1))
	f("lag", "10 NULL 30 40 NULL", false, x, number(0))
	f("lag", "NULL NULL NULL NULL NULL", false, x, kernel.Const(kernel.Nulls(BigInt, 1)), number(7))
	f("lag", "NULL 10 10 30 40", true, x)
	f("lead", "30 30 40 NULL NULL", true, x)
	f("lead", "40 40 NULL NULL NULL", true, x, number(2))
	f("first_value", "10 10 10 10 10", false, x)
	f("last_value", "10 NULL 30 40 NULL", false, x)
	f("last_value", "10 10 30 40 40", true, x)
	f("nth_value", "NULL NULL NULL NULL NULL", false, x, number(2))
	f("nth_value", "NULL NULL 30 30 30", true, x, number(2))
	f("nth_value", "NULL NULL NULL NULL NULL", true, x, number(0))
}

func TestLagOfDictionaries(t *testing.T) {
	a, err := kernel.FromAny(Varchar, "a", "b", nil)
	if err != nil {
		t.Fatal(err)
	}
	got := runWindow(t, "lag", partition(1, 2, 3), kernel.Col(dictionary(a)), kernel.Const(kernel.OfInt64(1)), kernel.Const(kernel.OfString("none")))
	if want := "none a b"; got != want {
		t.Errorf("%s instead of %s", got, want)
	}
}

func TestFramesThatExclude(t *testing.T) {
	p := partition(1, 2, 3, 4)
	p.Parts = func(i int, f func(start, end int)) { // EXCLUDE CURRENT ROW of the whole partition
		f(0, i)
		f(i+1, 4)
	}
	x := kernel.Col(kernel.FromValues(BigInt, []int64{1, 2, 3, 4}, kernel.Validity{}))
	for name, want := range map[string]string{
		"first_value": "2 1 1 1", "last_value": "4 4 4 3", "sum": "9 8 7 6", "min": "2 1 1 1", "count": "3 3 3 3",
	} {
		if got := runWindow(t, name, p, x); got != want {
			t.Errorf("%s: %s instead of %s", name, got, want)
		}
	}
}
