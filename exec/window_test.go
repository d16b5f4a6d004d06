package exec_test

import (
	"context"
	"fmt"
	"testing"

	"tq/exec"
	"tq/exec/exectest"
	"tq/functions"
	"tq/lang/ast"
	"tq/lang/plan"
	"tq/lang/sem"
)

// defaultFrame is RANGE BETWEEN UNBOUNDED PRECEDING AND CURRENT ROW.
var defaultFrame = sem.Frame{Unit: ast.Range, Start: sem.Bound{Kind: ast.UnboundedPreceding}, End: sem.Bound{Kind: ast.CurrentRow}}

func over(a sem.AggCall, frame sem.Frame) sem.WindowCall {
	return sem.WindowCall{AggCall: a, Frame: frame}
}

// windowOrders is partitions and orders to run calls over.
var windowOrders = []struct {
	partition []string
	order     []string
	opts      []string
}{
	{nil, nil, nil},
	{nil, []string{"ts"}, nil},
	{nil, []string{"d"}, []string{"desc"}},
	{[]string{"s"}, nil, nil},
	{[]string{"k"}, []string{"d"}, []string{"nulls first"}},
	{[]string{"s", "b"}, []string{"d", "p"}, []string{"desc", "nulls first"}},
}

func eachWindow(t *testing.T, calls func(in plan.Node, keys int) []sem.WindowCall) {
	for _, w := range windowOrders {
		t.Run(fmt.Sprint(w.partition, w.order, w.opts), func(t *testing.T) {
			eachShape(t, func(t *testing.T, tables map[string]*exectest.Data) {
				in := exectest.Scan("l", tables["l"])
				n := &plan.Window{Input: in, Calls: calls(in, len(w.order))}
				for _, name := range w.partition {
					n.PartitionBy = append(n.PartitionBy, exectest.Col(in, name))
				}
				for _, name := range w.order {
					n.OrderBy = append(n.OrderBy, exectest.Key(exectest.Col(in, name), w.opts...))
				}
				exectest.Check(t, n, tables, exectest.Ordered)
			})
		})
	}
}

func TestWindowFunctions(t *testing.T) {
	eachWindow(t, func(in plan.Node, _ int) []sem.WindowCall {
		col := func(name string) sem.Expr { return exectest.Col(in, name) }
		var calls []sem.WindowCall
		for _, a := range []sem.AggCall{
			exectest.Agg("row_number"), exectest.Agg("rank"), exectest.Agg("dense_rank"),
			exectest.Agg("lag", col("ts")), exectest.Agg("lag", col("p"), exectest.Int(2)),
			exectest.Agg("lead", col("x")), exectest.Agg("first_value", col("s")), exectest.Agg("last_value", col("ts")),
		} {
			calls = append(calls, over(a, defaultFrame))
		}
		ignore := over(exectest.Agg("lag", col("s")), defaultFrame)
		ignore.IgnoreNulls = true
		return append(calls, ignore)
	})
}

func TestWindowFrames(t *testing.T) {
	bound := func(kind ast.BoundKind, offset int64) sem.Bound {
		b := sem.Bound{Kind: kind}
		if kind == ast.Preceding || kind == ast.Following {
			b.Offset = exectest.Int(offset)
		}
		return b
	}
	bounds := [][2]sem.Bound{
		{bound(ast.UnboundedPreceding, 0), bound(ast.CurrentRow, 0)},
		{bound(ast.UnboundedPreceding, 0), bound(ast.UnboundedFollowing, 0)},
		{bound(ast.CurrentRow, 0), bound(ast.UnboundedFollowing, 0)},
		{bound(ast.Preceding, 2), bound(ast.Following, 1)},
		{bound(ast.Preceding, 3), bound(ast.Preceding, 1)},
		{bound(ast.Following, 1), bound(ast.Following, 4)},
		{bound(ast.Following, 2), bound(ast.Following, 1)},
	}
	eachWindow(t, func(in plan.Node, keys int) []sem.WindowCall {
		col := func(name string) sem.Expr { return exectest.Col(in, name) }
		var calls []sem.WindowCall
		for _, unit := range []ast.FrameUnit{ast.Rows, ast.Range, ast.Groups} {
			for _, b := range bounds {
				if unit == ast.Range && b[0].Offset != nil && keys != 1 || unit == ast.Groups && keys == 0 {
					continue
				}
				for exclude := ast.ExcludeNoOthers; exclude <= ast.ExcludeTies; exclude++ {
					frame := sem.Frame{Unit: unit, Start: b[0], End: b[1], Exclude: exclude}
					calls = append(calls, over(exectest.Agg("count", col("p")), frame))
				}
			}
		}
		return calls
	})
}

// TestWindowAggregates is for aggregates that have no way of their own over frames.
func TestWindowAggregates(t *testing.T) {
	frames := []sem.Frame{
		defaultFrame,
		{Unit: ast.Rows, Start: sem.Bound{Kind: ast.Preceding, Offset: exectest.Int(2)}, End: sem.Bound{Kind: ast.CurrentRow}},
		{Unit: ast.Rows, Start: sem.Bound{Kind: ast.UnboundedPreceding}, End: sem.Bound{Kind: ast.UnboundedFollowing}, Exclude: ast.ExcludeCurrentRow},
		{Unit: ast.Rows, Start: sem.Bound{Kind: ast.CurrentRow}, End: sem.Bound{Kind: ast.UnboundedFollowing}},
	}
	eachWindow(t, func(in plan.Node, _ int) []sem.WindowCall {
		var calls []sem.WindowCall
		for _, frame := range frames {
			for _, a := range someAggs(in) {
				calls = append(calls, over(a, frame))
			}
		}
		return calls
	})
}

func TestFrameOffset(t *testing.T) {
	tables := randomTables(t, 3, 20, 0)
	in := exectest.Scan("l", tables["l"])
	frame := func(offset sem.Expr) *plan.Window {
		f := sem.Frame{Unit: ast.Rows, Start: sem.Bound{Kind: ast.Preceding, Offset: offset}, End: sem.Bound{Kind: ast.CurrentRow}}
		return &plan.Window{Input: in, Calls: []sem.WindowCall{over(exectest.Agg("count"), f)}}
	}
	exectest.Check(t, frame(exectest.Col(in, "k")), tables, exectest.Ordered)
	exectest.Check(t, frame(exectest.Int(-1)), tables, exectest.Ordered)
	exectest.CheckError(t, frame(exectest.Lit(functions.BigInt, nil)), tables, "NULL")
}

// TestLongPartition looks at short frames in a partition of so many rows that it is
// computed in pieces.
func TestLongPartition(t *testing.T) {
	const rows, before, after = 70_000, 9, 4
	table, data := numbers(t, rows, "a")
	in := exectest.Scan("t", data)
	frame := sem.Frame{Unit: ast.Rows, Start: sem.Bound{Kind: ast.Preceding, Offset: exectest.Int(before)}, End: sem.Bound{Kind: ast.Following, Offset: exectest.Int(after)}}
	call := func(fn string) sem.WindowCall { return over(exectest.Agg(fn, exectest.Col(in, "a")), frame) }
	n := &plan.Window{Input: in, OrderBy: []sem.SortKey{exectest.Key(exectest.Col(in, "a"))},
		Calls: []sem.WindowCall{call("min"), call("max"), call("count")}}
	got, err := exec.Collect(context.Background(), n, exectest.Env(exectest.Catalog{"t": table}))
	if err != nil {
		t.Fatal(err)
	}
	for _, row := range resultRows(t, got) {
		a := row[0].(int64)
		first, last := max(a-before, 0), min(a+after, rows-1)
		if row[1] != first || row[2] != last || row[3] != last-first+1 {
			t.Fatalf("%v instead of %d to %d", row, first, last)
		}
	}
}
