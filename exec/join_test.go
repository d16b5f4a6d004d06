package exec_test

import (
	"fmt"
	"testing"

	"tq/exec/exectest"
	"tq/functions"
	"tq/lang/plan"
	"tq/lang/sem"
)

var joinKinds = []plan.JoinKind{plan.Inner, plan.Left, plan.Right, plan.Full, plan.Semi, plan.Anti, plan.Mark}

// smallShapes is eachShape for joins, whose results grow with the square.
func smallShapes(t *testing.T, f func(t *testing.T, tables map[string]*exectest.Data)) {
	sizes := []int{0, 5, 14}
	if testing.Short() {
		sizes = sizes[1:2]
	}
	for _, rows := range sizes {
		for i, nulls := range []float64{0, 0.25, 1} {
			t.Run("", func(t *testing.T) { f(t, randomTables(t, uint64(1000*rows+i), rows, nulls)) })
		}
	}
}

func TestHashJoin(t *testing.T) {
	for _, kind := range joinKinds {
		for _, residual := range []bool{false, true} {
			for _, keys := range [][]string{{"k"}, {"s"}, {"k", "b"}, {"x", "s", "i"}, {"g", "k", "s"}} {
				for _, nullSafe := range []bool{false, true} {
					t.Run(fmt.Sprintf("%s/%v/residual=%v/nullSafe=%v", exectest.KindName(kind), keys, residual, nullSafe), func(t *testing.T) {
						smallShapes(t, func(t *testing.T, tables map[string]*exectest.Data) {
							l, r := exectest.Scan("l", tables["l"]), exectest.Scan("r", tables["r"])
							n := &plan.HashJoin{Kind: kind, Left: l, Right: r, MarkOut: markOut()}
							for i, key := range keys {
								n.Keys = append(n.Keys, plan.JoinKey{
									Left: exectest.Col(l, key), Right: exectest.Col(r, key), NullSafe: nullSafe && i%2 == 0,
								})
							}
							if residual {
								n.Residual = exectest.Fn("<", exectest.Col(l, "d"), exectest.Col(r, "d"))
							}
							exectest.Check(t, n, tables, exectest.Ordered)
						})
					})
				}
			}
		}
	}
}

func markOut() *sem.Column {
	out := exectest.Out("mark", functions.Boolean)
	return &out
}

func TestNestedLoopJoin(t *testing.T) {
	for _, kind := range joinKinds {
		t.Run(exectest.KindName(kind), func(t *testing.T) {
			smallShapes(t, func(t *testing.T, tables map[string]*exectest.Data) {
				l, r := exectest.Scan("l", tables["l"]), exectest.Scan("r", tables["r"])
				for _, on := range []sem.Expr{
					nil,
					exectest.Fn("<", exectest.Col(l, "k"), exectest.Col(r, "k")),
					exectest.Or(exectest.Fn("=", exectest.Col(l, "s"), exectest.Col(r, "s")), exectest.Col(r, "b")),
				} {
					n := &plan.NestedLoopJoin{Kind: kind, Left: l, Right: r, On: on, MarkOut: markOut()}
					exectest.Check(t, n, tables, exectest.Ordered)
				}
			})
		})
	}
}

func TestSingleJoin(t *testing.T) {
	tables := randomTables(t, 5, 12, 0.2)
	l, r := exectest.Scan("l", tables["l"]), exectest.Scan("r", tables["r"])
	one := &plan.Aggregate{Input: r, Groups: []sem.NamedExpr{exectest.Named("k", exectest.Col(r, "k"))}}
	keys := []plan.JoinKey{{Left: exectest.Col(l, "k"), Right: exectest.Col(one, "k")}}
	exectest.Check(t, &plan.HashJoin{Kind: plan.Single, Left: l, Right: one, Keys: keys}, tables, exectest.Ordered)

	many := []plan.JoinKey{{Left: exectest.Col(l, "b"), Right: exectest.Col(r, "b")}}
	exectest.CheckError(t, &plan.HashJoin{Kind: plan.Single, Left: l, Right: r, Keys: many}, tables, "more than one row")

	on := exectest.Fn("=", exectest.Col(l, "k"), exectest.Col(one, "k"))
	exectest.Check(t, &plan.NestedLoopJoin{Kind: plan.Single, Left: l, Right: one, On: on}, tables, exectest.Ordered)
	exectest.CheckError(t, &plan.NestedLoopJoin{Kind: plan.Single, Left: l, Right: r}, tables, "more than one row")
}

func TestAsofJoin(t *testing.T) {
	for _, kind := range joinKinds[:6] {
		for _, op := range []string{"<", "<=", ">", ">="} {
			for _, keys := range [][]string{nil, {"s", "b"}} {
				t.Run(fmt.Sprintf("%s/%s/%v", exectest.KindName(kind), op, keys), func(t *testing.T) {
					smallShapes(t, func(t *testing.T, tables map[string]*exectest.Data) {
						l, r := exectest.Scan("l", tables["l"]), exectest.Scan("r", tables["r"])
						n := &plan.AsofJoin{Kind: kind, Left: l, Right: r, Op: op}
						for i, key := range keys {
							n.Keys = append(n.Keys, plan.JoinKey{
								Left: exectest.Col(l, key), Right: exectest.Col(r, key), NullSafe: i > 0,
							})
						}
						values := []string{"i"}
						if keys == nil {
							values = []string{"ts", "x", "p", "i"}
						}
						for _, value := range values {
							n.LeftValue, n.RightValue = exectest.Col(l, value), exectest.Col(r, value)
							exectest.Check(t, n, tables, exectest.Ordered)
						}
						n.Residual = exectest.Fn("<>", exectest.Col(l, "i"), exectest.Col(r, "i"))
						exectest.Check(t, n, tables, exectest.Ordered)

						n.LeftValue, n.RightValue = exectest.Col(l, "ts"), exectest.Col(r, "ts")
						n.Bound = exectest.Fn(map[byte]string{'<': "+", '>': "-"}[op[0]], exectest.Col(l, "ts"), exectest.Col(l, "d"))
						exectest.Check(t, n, tables, exectest.Ordered)
					})
				})
			}
		}
	}
}

func TestOverlapJoin(t *testing.T) {
	for _, kind := range joinKinds[:6] {
		for _, residual := range []bool{false, true} {
			for _, keys := range [][]string{nil, {"s"}, {"k", "b"}} {
				t.Run(fmt.Sprintf("%s/%v/residual=%v", exectest.KindName(kind), keys, residual), func(t *testing.T) {
					smallShapes(t, func(t *testing.T, tables map[string]*exectest.Data) {
						l, r := exectest.Scan("l", tables["l"]), exectest.Scan("r", tables["r"])
						n := &plan.OverlapJoin{
							Kind: kind, Left: l, Right: r,
							LeftStart: exectest.Col(l, "k"), LeftEnd: exectest.Col(l, "g"),
							RightStart: exectest.Col(r, "g"), RightEnd: exectest.Fn("+", exectest.Col(r, "g"), exectest.Col(r, "k")),
						}
						for _, key := range keys {
							n.Keys = append(n.Keys, plan.JoinKey{Left: exectest.Col(l, key), Right: exectest.Col(r, key)})
						}
						if residual {
							n.Residual = exectest.Fn("<>", exectest.Col(l, "i"), exectest.Col(r, "i"))
						}
						exectest.Check(t, n, tables, exectest.Unordered)

						n.LeftStart, n.LeftEnd = exectest.Col(l, "x"), exectest.Lit(functions.Double, 1.0)
						n.RightStart, n.RightEnd = exectest.Col(r, "x"), exectest.Col(r, "x")
						exectest.Check(t, n, tables, exectest.Unordered)
					})
				})
			}
		}
	}
}
