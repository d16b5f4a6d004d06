package storage

import (
	"testing"

	"tq/functions/kernel"
)

func textPred(column, value string) Pred {
	return Pred{Column: column, Op: PredEq, Value: kernel.OfString(value)}
}

func intPred(column string, op PredOp, value int64) Pred {
	return Pred{Column: column, Op: op, Value: kernel.OfInt64(value)}
}

// TestPredsAreHints checks that rows which storage leaves out would fail the predicates,
// and that it leaves out what it should.
func TestPredsAreHints(t *testing.T) {
	catalog := open(t, "tour-old.scap")
	columns := []string{"num", "ts", "cpu", "proc", "pid", "tid", "type", "dir"}
	all := scanAll(t, catalog, "events", ScanOptions{Columns: columns})
	mid, _ := all.int("ts", all.n/2)
	f := func(preds []Pred, holds func(i int) bool) {
		t.Helper()
		some := scanAll(t, catalog, "events", ScanOptions{Columns: columns, Preds: preds})
		want := 0
		for i := range all.n {
			if holds(i) {
				want++
			}
		}
		if want == 0 || want == all.n {
			t.Fatalf("the test proves nothing: %d of %d rows", want, all.n)
		}
		if some.n != want {
			t.Errorf("%d rows, want %d", some.n, want)
		}
	}
	number := func(column string, i int) int64 {
		v, ok := all.int(column, i)
		if !ok {
			return -1 << 62
		}
		return v
	}
	f([]Pred{textPred("type", "openat")}, func(i int) bool { return all.text("type", i) == "openat" })
	f([]Pred{textPred("dir", ">")}, func(i int) bool { return all.text("dir", i) == ">" })
	f([]Pred{textPred("type", "switch"), textPred("proc", "")}, func(i int) bool {
		return all.text("type", i) == "switch" && all.text("proc", i) == ""
	})
	f([]Pred{{"proc", PredNe, kernel.OfString("")}}, func(i int) bool { return all.text("proc", i) != "" })
	f([]Pred{intPred("tid", PredEq, 0)}, func(i int) bool { return number("tid", i) == 0 })
	f([]Pred{intPred("tid", PredNe, 0)}, func(i int) bool { return number("tid", i) != 0 })
	f([]Pred{intPred("pid", PredGt, 30604)}, func(i int) bool { return number("pid", i) > 30604 })
	f([]Pred{intPred("cpu", PredEq, 1)}, func(i int) bool { return number("cpu", i) == 1 })
	f([]Pred{intPred("num", PredGe, 1000), intPred("num", PredLt, 2000)}, func(i int) bool {
		return number("num", i) >= 1000 && number("num", i) < 2000
	})
	f([]Pred{{"ts", PredLe, kernel.OfTimestamp(mid)}}, func(i int) bool { return number("ts", i) <= mid })
	f([]Pred{{"ts", PredGt, kernel.OfTimestamp(mid)}, textPred("dir", "<"), intPred("cpu", PredEq, 0)}, func(i int) bool {
		return number("ts", i) > mid && all.text("dir", i) == "<" && number("cpu", i) == 0
	})
}
