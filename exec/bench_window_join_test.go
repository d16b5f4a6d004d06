package exec_test

import (
	"fmt"
	"testing"

	"tq/exec/exectest"
	"tq/functions"
	"tq/lang/ast"
	"tq/lang/plan"
	"tq/lang/sem"
)

// BenchmarkWindow computes calls over partitions whose rows come in order, and over some
// that have to be sorted.
func BenchmarkWindow(b *testing.B) {
	short := sem.Frame{Unit: ast.Rows, Start: sem.Bound{Kind: ast.Preceding, Offset: exectest.Int(9)}, End: sem.Bound{Kind: ast.CurrentRow}}
	rows := sem.Frame{Unit: ast.Rows, Start: sem.Bound{Kind: ast.UnboundedPreceding}, End: sem.Bound{Kind: ast.CurrentRow}}
	for _, call := range []struct {
		name, fn string
		frame    sem.Frame
	}{
		{"lag", "lag", rows}, {"running sum", "sum", rows}, {"moving average", "avg", short}, {"total", "sum", sem.DefaultFrame(false)},
	} {
		for _, order := range []string{"", "value"} {
			b.Run(fmt.Sprintf("%s/order=%s", call.name, order), func(b *testing.B) {
				benchShapes(b, func(in *plan.Scan) plan.Node {
					w := &plan.Window{Input: in, PartitionBy: []sem.Expr{exectest.Col(in, "key")},
						Calls: []sem.WindowCall{over(exectest.Agg(call.fn, exectest.Col(in, "value")), call.frame)}}
					if order != "" {
						w.OrderBy = []sem.SortKey{exectest.Key(exectest.Col(in, order))}
					}
					return keep(w, call.fn)
				})
			})
		}
	}
}

// BenchmarkJoin joins all rows with those of few values: the share that finds a match is
// about the share of groups that they have.
func BenchmarkJoin(b *testing.B) {
	for _, kind := range []plan.JoinKind{plan.Inner, plan.Left, plan.Semi, plan.Anti} {
		for _, few := range []int64{1, 100} {
			b.Run(fmt.Sprintf("kind=%d/right=%d%%", kind, few/10), func(b *testing.B) {
				benchShapes(b, func(in *plan.Scan) plan.Node {
					some := &plan.Filter{Input: in, Cond: exectest.Fn("<", exectest.Col(in, "value"), exectest.Lit(functions.BigInt, few))}
					right := &plan.Aggregate{Input: some, Groups: []sem.NamedExpr{exectest.Named("found", exectest.Col(in, "key"))}}
					keys := []plan.JoinKey{{Left: exectest.Col(in, "key"), Right: exectest.Col(right, "found")}}
					return keep(&plan.HashJoin{Kind: kind, Left: in, Right: right, Keys: keys}, "value")
				})
			})
		}
	}
}
