package exec_test

import (
	"context"
	"errors"
	"math"
	"strings"
	"testing"
	"time"

	"github.com/apache/arrow/go/v17/arrow"

	"tq/exec"
	"tq/exec/exectest"
	"tq/functions"
	"tq/functions/kernel"
	"tq/lang/plan"
	"tq/lang/sem"
)

// manyPlans is a plan for each operator that does work of its own, over a table t of
// columns a, b and c.
func manyPlans(data *exectest.Data) map[string]plan.Node {
	l, r := exectest.Scan("t", data), exectest.Scan("t", data)
	col := func(name string) sem.Expr { return exectest.Col(l, name) }
	by := []sem.SortKey{exectest.Key(col("a"), "desc")}
	keys := []plan.JoinKey{{Left: col("a"), Right: exectest.Col(r, "a")}}
	agg := []sem.AggCall{exectest.Agg("count")}
	return map[string]plan.Node{
		"hash aggregate": &plan.Aggregate{Input: l, Groups: []sem.NamedExpr{exectest.Named("a", col("a"))}, Aggs: agg},
		"sort":           &plan.Sort{Input: l, Keys: by},
		"distinct":       &plan.Distinct{Input: l},
		"set operation":  &plan.SetOp{Kind: plan.ExceptDistinct, Left: l, Right: r, Out: l.Out},
		"window": &plan.Window{Input: l, OrderBy: by, Calls: []sem.WindowCall{
			over(exectest.Agg("lag", col("b")), defaultFrame),
		}},
		"hash join": &plan.HashJoin{Kind: plan.Left, Left: l, Right: r, Keys: keys},
		"overlap join": &plan.OverlapJoin{Kind: plan.Inner, Left: l, Right: r,
			LeftStart: col("a"), LeftEnd: col("b"), RightStart: exectest.Col(r, "a"), RightEnd: exectest.Col(r, "b")},
		"nested loop join": &plan.NestedLoopJoin{Kind: plan.Inner, Left: l, Right: r,
			On: exectest.Fn("<", exectest.Fn("+", col("a"), exectest.Col(r, "a")), exectest.Int(0))},
	}
}

func TestMemoryLimit(t *testing.T) {
	table, data := numbers(t, 20_000, "a", "b", "c")
	plans := manyPlans(data)
	delete(plans, "nested loop join") // it holds nothing but what is not decoded yet
	delete(plans, "sort")             // it goes to disk, as does the next
	delete(plans, "hash aggregate")
	for name, node := range plans {
		env := exectest.Env(exectest.Catalog{"t": table})
		env.Config.MemoryLimit = 2_000
		_, err := exec.Collect(context.Background(), node, env)
		if err == nil || !strings.HasPrefix(err.Error(), name+" needs more memory than the limit of 2.0 kB") {
			t.Errorf("%s: error is %v", name, err)
		}
	}
}

// spillingPlans are over the table t, for [TestSpill].
func spillingPlans(data *exectest.Data) map[string]plan.Node {
	l, r := exectest.Scan("t", data), exectest.Scan("t", data)
	plans := map[string]plan.Node{
		"sort":           manyPlans(data)["sort"],
		"hash aggregate": manyPlans(data)["hash aggregate"],
		"distinct":       &plan.Distinct{Input: l},
		"distinct on":    &plan.Distinct{Input: l, On: []sem.Expr{exectest.Fn("+", exectest.Col(l, "a"), exectest.Int(1))}},
		"grouping sets": &plan.Aggregate{
			Input:  l,
			Groups: []sem.NamedExpr{exectest.Named("a", exectest.Col(l, "a")), exectest.Named("rest", exectest.Fn("%", exectest.Col(l, "b"), exectest.Int(4)))},
			Sets:   [][]int{{0, 1}, {1}, {}, {0}},
			Aggs:   []sem.AggCall{exectest.Agg("count"), exectest.Agg("sum", exectest.Col(l, "c"))},
		},
	}
	half := exectest.Fn("%", exectest.Col(r, "a"), exectest.Int(2))
	some := &plan.Filter{Input: r, Cond: exectest.Fn("=", half, exectest.Int(0))}
	twice := &plan.SetOp{Kind: plan.UnionAll, Left: l, Right: l, Out: l.Out}
	for name, kind := range map[string]plan.SetOpKind{
		"union": plan.UnionDistinct, "intersect": plan.IntersectDistinct, "intersect all": plan.IntersectAll,
		"except": plan.ExceptDistinct, "except all": plan.ExceptAll,
	} {
		plans[name] = &plan.SetOp{Kind: kind, Left: twice, Right: some, Out: l.Out}
	}
	return plans
}

// TestSpill runs what goes to disk with too little memory for its rows, or its groups.
func TestSpill(t *testing.T) {
	table, data := numbers(t, 20_000, "a", "b", "c")
	for name, node := range spillingPlans(data) {
		env := exectest.Env(exectest.Catalog{"t": table})
		want, err := exec.Collect(context.Background(), node, env)
		if err != nil {
			t.Fatal(err)
		}
		env.Config.MemoryLimit = 200_000
		env.Profile = exec.NewProfile()
		got, err := exec.Collect(context.Background(), node, env)
		if err != nil {
			t.Fatalf("%s: %v", name, err)
		}
		if stats, _ := env.Profile.Node(node); stats.Spilled == 0 {
			t.Errorf("%s: nothing was written to disk", name)
		}
		if diff := exectest.Diff(resultRows(t, got), resultRows(t, want), exectest.Ordered); diff != "" {
			t.Errorf("%s: %s", name, diff)
		}
	}
}

// TestProfileThreads looks at how many threads operators say they used.
func TestProfileThreads(t *testing.T) {
	table, data := numbers(t, 200_000, "a", "b")
	scan := exectest.Scan("t", data)
	passed := &plan.Filter{Input: scan, Cond: exectest.Fn(">", exectest.Col(scan, "a"), exectest.Int(-1))}
	groups := &plan.Aggregate{Input: passed, Groups: []sem.NamedExpr{exectest.Named("a", exectest.Col(scan, "a"))},
		Aggs: []sem.AggCall{exectest.Agg("count"), exectest.Agg("sum", exectest.Col(scan, "b"))}}
	used := func(threads int) (most int) {
		env := exectest.Env(exectest.Catalog{"t": table})
		env.Config = exec.Config{Threads: threads, BatchRows: 1000}
		env.Profile = exec.NewProfile()
		if _, err := exec.Collect(context.Background(), groups, env); err != nil {
			t.Fatal(err)
		}
		for _, node := range []plan.Node{scan, passed, groups} {
			stats, _ := env.Profile.Node(node)
			if stats.Threads < 1 || stats.Threads > threads {
				t.Errorf("%T says it used %d threads of %d", node, stats.Threads, threads)
			}
			most = max(most, stats.Threads)
		}
		return most
	}
	used(1)
	for range 100 { // one thread may be so fast that there is nothing left for the other
		if used(2) == 2 {
			return
		}
	}
	t.Error("no operator ever used two threads")
}

func resultRows(t *testing.T, r *exec.Result) [][]any {
	t.Helper()
	var all [][]any
	for _, b := range r.Batches {
		rows, err := exectest.Rows(b)
		if err != nil {
			t.Fatal(err)
		}
		all = append(all, rows...)
	}
	return all
}

func TestCancel(t *testing.T) {
	table, data := numbers(t, 20_000, "a", "b", "c")
	for name, node := range manyPlans(data) {
		ctx, cancel := context.WithCancel(context.Background())
		cancel()
		_, err := exec.Collect(ctx, node, exectest.Env(exectest.Catalog{"t": table}))
		if !errors.Is(err, context.Canceled) {
			t.Errorf("%s: error is %v", name, err)
		}
	}
}

// TestCancelWhileRunning cancels a join that would take minutes.
func TestCancelWhileRunning(t *testing.T) {
	table, data := numbers(t, 400_000, "a", "b", "c")
	ctx, cancel := context.WithTimeout(context.Background(), 50*time.Millisecond)
	defer cancel()
	start := time.Now()
	_, err := exec.Collect(ctx, manyPlans(data)["nested loop join"], exectest.Env(exectest.Catalog{"t": table}))
	if !errors.Is(err, context.DeadlineExceeded) {
		t.Errorf("error is %v", err)
	}
	if took := time.Since(start); took > 5*time.Second {
		t.Errorf("cancelled after %v", took)
	}
}

func TestProfile(t *testing.T) {
	table, data := numbers(t, 1000, "a", "b", "c")
	in := exectest.Scan("t", data)
	filter := &plan.Filter{Input: in, Cond: exectest.Fn("<", exectest.Col(in, "a"), exectest.Int(10))}
	env := exectest.Env(exectest.Catalog{"t": table})
	env.Profile = exec.NewProfile()
	if _, err := exec.Collect(context.Background(), filter, env); err != nil {
		t.Fatal(err)
	}
	for node, want := range map[plan.Node][2]int64{in: {1000, 2}, filter: {10, 1}} {
		got, ok := env.Profile.Node(node)
		if !ok || got.Rows != want[0] || got.Batches != want[1] {
			t.Errorf("%T: %d rows in %d batches (%v), want %v", node, got.Rows, got.Batches, ok, want)
		}
	}
}

func TestPanicBecomesError(t *testing.T) {
	broken := &functions.Def{Name: "broken", Overloads: []functions.Overload{{
		Eval: func(*functions.Call, []kernel.Vec, int) (kernel.Vec, error) { panic("oh") },
	}}}
	call := &sem.Call{Typed: sem.Typed{Typ: functions.BigInt}, Fn: broken, Overload: &broken.Overloads[0]}
	node := &plan.Project{Input: &plan.Values{Rows: [][]sem.Expr{{}}}, Exprs: []sem.NamedExpr{exectest.Named("x", call)}}
	_, err := exec.Collect(context.Background(), node, exectest.Env(nil))
	var internal *exec.InternalError
	if !errors.As(err, &internal) || internal.Error() != "internal error: oh" {
		t.Errorf("error is %v", err)
	}
}

func TestMaxOneRow(t *testing.T) {
	_, data := numbers(t, 0, "a")
	data.Rows = [][]any{{int64(1)}, {int64(2)}, {int64(3)}}
	tables := map[string]*exectest.Data{"t": data}
	in := exectest.Scan("t", data)
	f := func(rows int) plan.Node {
		return &plan.MaxOneRow{Input: &plan.Limit{Input: in, Limit: int64(rows), Percent: math.NaN()}}
	}
	exectest.Check(t, f(0), tables, exectest.Ordered)
	exectest.Check(t, f(1), tables, exectest.Ordered)
	exectest.CheckError(t, f(2), tables, "more than one row")
}

func TestMaterialized(t *testing.T) {
	_, data := numbers(t, 0, "a")
	data.Rows = [][]any{{int64(1)}, {int64(2)}, {int64(3)}}
	in := exectest.Scan("t", data)
	cte := &plan.Materialized{Name: "m", Input: &plan.Filter{Input: in, Cond: exectest.Fn(">", exectest.Col(in, "a"), exectest.Int(1))}}
	left := &plan.MaterializedScan{Source: cte, Out: []sem.Column{exectest.Out("a", functions.BigInt)}}
	right := &plan.MaterializedScan{Source: cte, Out: []sem.Column{exectest.Out("a", functions.BigInt)}}
	join := &plan.NestedLoopJoin{Kind: plan.Inner, Left: left, Right: right}
	exectest.Check(t, join, map[string]*exectest.Data{"t": data}, exectest.Ordered)
}

func TestTableFunc(t *testing.T) {
	def := &functions.Def{Name: "twice", Kind: functions.Table}
	node := &plan.TableFunc{Fn: def, Args: []sem.Expr{exectest.Int(21)}, Out: []sem.Column{exectest.Out("v", functions.BigInt)}}
	env := exectest.Env(nil)
	if _, err := exec.Collect(context.Background(), node, env); err == nil {
		t.Error("an unknown table function is no error")
	}
	env.TableFuncs = map[string]exec.TableFunc{"twice": func(args []arrow.Array, out *arrow.Schema) (exec.Operator, error) {
		arr := kernel.OfInt64(2 * kernel.Value(args[0], 0).(int64))
		return exec.NewValues(out, exec.NewBatch(1, arr)), nil
	}}
	got, err := exec.Collect(context.Background(), node, env)
	if err != nil {
		t.Fatal(err)
	}
	rows, err := exectest.Rows(got.Batches[0])
	if err != nil || got.Rows != 1 || rows[0][0] != int64(42) {
		t.Errorf("got %v, %v", rows, err)
	}
}
