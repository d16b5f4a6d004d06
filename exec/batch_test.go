package exec_test

import (
	"context"
	"math"
	"testing"

	"github.com/apache/arrow/go/v17/arrow"

	"tq/exec"
	"tq/exec/exectest"
	"tq/functions"
	"tq/functions/kernel"
	"tq/lang/plan"
	"tq/lang/sem"
)

// numbers is a table of columns a, b, c … that count from 0, in two chunks.
func numbers(t *testing.T, rows int, cols ...string) (*exectest.Table, *exectest.Data) {
	t.Helper()
	d := &exectest.Data{Names: cols}
	values := make([]any, rows)
	for i := range values {
		values[i] = int64(i)
	}
	var chunks [2][]any
	chunks[0], chunks[1] = values[:rows/2], values[rows/2:]
	table := exectest.NewTable(cols, columns(t, len(cols), chunks[0]), columns(t, len(cols), chunks[1]))
	for range cols {
		d.Types = append(d.Types, functions.BigInt)
	}
	return table, d
}

func columns(t *testing.T, n int, values []any) []arrow.Array {
	t.Helper()
	arr, err := kernel.FromAny(functions.BigInt, values...)
	if err != nil {
		t.Fatal(err)
	}
	cols := make([]arrow.Array, n)
	for i := range cols {
		cols[i] = arr
	}
	return cols
}

// TestLateMaterialization counts the values that queries decode.
func TestLateMaterialization(t *testing.T) {
	const rows = 1000
	f := func(name string, want int64, make func(in *plan.Scan) plan.Node) {
		t.Run(name, func(t *testing.T) {
			table, data := numbers(t, rows, "a", "b", "c")
			node := make(exectest.Scan("t", data))
			if _, err := exec.Collect(context.Background(), node, exectest.Env(exectest.Catalog{"t": table})); err != nil {
				t.Fatal(err)
			}
			if got := table.Decoded.Load(); got != want {
				t.Errorf("decoded %d values, want %d", got, want)
			}
		})
	}
	below := func(in plan.Node, name string, v int64) sem.Expr {
		return exectest.Fn("<", exectest.Col(in, name), exectest.Int(v))
	}
	f("everything", 3*rows, func(in *plan.Scan) plan.Node { return in })
	f("count", 0, func(in *plan.Scan) plan.Node {
		return &plan.Aggregate{Input: in, Aggs: []sem.AggCall{exectest.Agg("count")}}
	})
	f("filter", rows+2*10, func(in *plan.Scan) plan.Node {
		return &plan.Filter{Input: in, Cond: below(in, "a", 10)}
	})
	f("second condition", rows+10+2*5, func(in *plan.Scan) plan.Node {
		return &plan.Filter{Input: in, Cond: exectest.And(below(in, "a", 10), below(in, "b", 5))}
	})
	f("top-n", rows+2*3, func(in *plan.Scan) plan.Node {
		return &plan.TopN{Input: in, Keys: []sem.SortKey{exectest.Key(exectest.Col(in, "b"), "desc")}, Limit: 3}
	})
	f("limit over computed columns", 2*4, func(in *plan.Scan) plan.Node {
		p := &plan.Project{Input: in, Exprs: []sem.NamedExpr{
			exectest.Named("sum", exectest.Fn("+", exectest.Col(in, "a"), exectest.Col(in, "b"))),
		}}
		return &plan.Limit{Input: p, Limit: 4, Percent: math.NaN()}
	})
	f("semi join", rows+2*2, func(in *plan.Scan) plan.Node {
		one := &plan.Values{Out: []sem.Column{exectest.Out("k", functions.BigInt)}, Rows: [][]sem.Expr{{exectest.Int(7)}, {exectest.Int(900)}}}
		keys := []plan.JoinKey{{Left: exectest.Col(in, "a"), Right: exectest.Col(one, "k")}}
		return &plan.HashJoin{Kind: plan.Semi, Left: in, Right: one, Keys: keys}
	})
}

// TestLimitStopsReading counts the chunks that a satisfied limit reads.
func TestLimitStopsReading(t *testing.T) {
	table, data := numbers(t, 1000, "a")
	in := exectest.Scan("t", data)
	node := &plan.Limit{Input: in, Limit: 500, Percent: math.NaN()}
	if _, err := exec.Collect(context.Background(), node, exectest.Env(exectest.Catalog{"t": table})); err != nil {
		t.Fatal(err)
	}
	if got := table.Chunks.Load(); got != 1 {
		t.Errorf("read %d chunks, want 1", got)
	}
}

func TestBatch(t *testing.T) {
	arr := columns(t, 1, []any{int64(0), int64(1), int64(2), int64(3)})[0]
	b := exec.NewBatch(4, arr, kernel.Nulls(functions.Varchar, 4))
	check := func(b *exec.Batch, want ...any) {
		t.Helper()
		rows, err := exectest.Rows(b)
		if err != nil {
			t.Fatal(err)
		}
		var wanted [][]any
		for _, v := range want {
			wanted = append(wanted, []any{v, nil})
		}
		if diff := exectest.Diff(rows, wanted, exectest.Ordered); diff != "" {
			t.Error(diff)
		}
	}
	if all := b.Select([]int32{0, 1, 2, 3}); all != b {
		t.Error("selecting all rows makes another batch")
	}
	check(b.Select([]int32{1, 3}).Select([]int32{1}), int64(3))
	check(b.Take([]int32{3, -1, 0, 3}), int64(3), nil, int64(0), int64(3))
	check(b.Take([]int32{3, -1, 0, 3}).Select([]int32{1, 3}), nil, int64(3))
	check(b.Select([]int32{0, 2, 3}).Take([]int32{2, 2}).Slice(1, 2), int64(3))
	check(b.Slice(1, 3).Project([]int{0, 1}), int64(1), int64(2))
	if n := b.Project(nil).Select([]int32{2}).NumRows(); n != 1 {
		t.Errorf("a batch without columns has %d rows of 1", n)
	}
}
