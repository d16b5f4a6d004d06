package exec_test

import (
	"context"
	"errors"
	"fmt"
	"strings"
	"testing"

	"github.com/apache/arrow/go/v17/arrow"

	"tq/exec"
	"tq/exec/exectest"
	"tq/functions"
	"tq/lang/plan"
	"tq/lang/sem"
)

// walks follows k → g → … through a table, at most some steps far: pairs of where a walk
// began and where it is.
func walks(all bool, edges plan.Node, steps int64) *plan.Recursive {
	n := &plan.Recursive{Name: "walk", All: all}
	for _, name := range []string{"from", "to", "length"} {
		n.Out = append(n.Out, exectest.Out(name, functions.BigInt))
	}
	n.First = &plan.Project{Input: edges, Exprs: []sem.NamedExpr{
		exectest.Named("from", exectest.Col(edges, "k")), exectest.Named("to", exectest.Col(edges, "g")), exectest.Named("length", exectest.Int(1)),
	}}
	last := &plan.LastRows{Of: n}
	for _, c := range n.Out {
		last.Out = append(last.Out, exectest.Out(c.Name, c.Type))
	}
	again := exectest.Scan("l", &exectest.Data{Names: []string{"k", "g"}, Types: []arrow.DataType{functions.BigInt, functions.BigInt}})
	var right plan.Node = again
	if all {
		m := &plan.Materialized{Name: "once", Input: again}
		right = &plan.MaterializedScan{Source: m, Out: again.Out}
	}
	join := &plan.HashJoin{Kind: plan.Inner, Left: last, Right: right,
		Keys: []plan.JoinKey{{Left: exectest.Col(last, "to"), Right: exectest.Col(right, "k")}}}
	length := exectest.Fn("+", exectest.Col(last, "length"), exectest.Int(1))
	if !all {
		length = exectest.Int(1) // the same walk may come again
	}
	n.Step = &plan.Project{
		Input: &plan.Filter{Input: join, Cond: exectest.Fn("<", exectest.Col(last, "length"), exectest.Int(steps))},
		Exprs: []sem.NamedExpr{
			exectest.Named("from", exectest.Col(last, "from")), exectest.Named("to", exectest.Col(right, "g")), exectest.Named("length", length),
		},
	}
	return n
}

func TestRecursive(t *testing.T) {
	for _, all := range []bool{false, true} {
		t.Run(fmt.Sprintf("all=%v", all), func(t *testing.T) {
			smallShapes(t, func(t *testing.T, tables map[string]*exectest.Data) {
				exectest.Check(t, walks(all, exectest.Scan("l", tables["l"]), 3), tables, exectest.Unordered)
			})
		})
	}
}

// TestEndlessRecursion doubles its rows for ever: it ends when it is out of memory or
// cancelled.
func TestEndlessRecursion(t *testing.T) {
	endless := func() plan.Node {
		out := []sem.Column{exectest.Out("n", functions.BigInt)}
		n := &plan.Recursive{Name: "endless", All: true, Out: out}
		n.First = &plan.Values{Out: []sem.Column{exectest.Out("n", functions.BigInt)}, Rows: [][]sem.Expr{{exectest.Int(1)}}}
		last := func() plan.Node { return &plan.LastRows{Of: n, Out: []sem.Column{exectest.Out("n", functions.BigInt)}} }
		n.Step = &plan.SetOp{Kind: plan.UnionAll, Left: last(), Right: last(), Out: []sem.Column{exectest.Out("n", functions.BigInt)}}
		return n
	}
	env := exectest.Env(nil)
	env.Config.MemoryLimit = 1 << 16
	_, err := exec.Collect(context.Background(), endless(), env)
	if err == nil || !strings.Contains(err.Error(), "recursive query endless needs more memory") {
		t.Errorf("with a memory limit the error is %v", err)
	}
	op, err := exec.Build(endless(), exectest.Env(nil))
	if err != nil {
		t.Fatal(err)
	}
	defer op.Close()
	ctx, cancel := context.WithCancel(context.Background())
	if _, err := op.Next(ctx); err != nil {
		t.Fatal(err)
	}
	cancel()
	if _, err := op.Next(ctx); !errors.Is(err, context.Canceled) {
		t.Errorf("cancelled, the error is %v", err)
	}
}
