package exec_test

import (
	"math"
	"testing"

	"tq/exec/exectest"
	"tq/lang/plan"
	"tq/lang/sem"
)

func TestSort(t *testing.T) {
	f := func(name string, keys func(col func(string, ...string) sem.SortKey) []sem.SortKey) {
		t.Run(name, func(t *testing.T) {
			eachShape(t, func(t *testing.T, tables map[string]*exectest.Data) {
				in := exectest.Scan("l", tables["l"])
				by := keys(func(name string, opts ...string) sem.SortKey {
					return exectest.Key(exectest.Col(in, name), opts...)
				})
				exectest.Check(t, &plan.Sort{Input: in, Keys: by}, tables, exectest.Ordered)
				for _, limit := range []int64{0, 1, 4, 1000} {
					exectest.Check(t, &plan.TopN{Input: in, Keys: by, Limit: limit, Offset: limit / 2}, tables, exectest.Ordered)
				}
			})
		})
	}
	type col = func(string, ...string) sem.SortKey
	f("integer", func(c col) []sem.SortKey { return []sem.SortKey{c("k")} })
	f("integer desc", func(c col) []sem.SortKey { return []sem.SortKey{c("k", "desc")} })
	f("nulls first", func(c col) []sem.SortKey { return []sem.SortKey{c("k", "nulls first"), c("i", "desc", "nulls first")} })
	f("nearly sorted", func(c col) []sem.SortKey { return []sem.SortKey{c("ts")} })
	f("nearly sorted desc", func(c col) []sem.SortKey { return []sem.SortKey{c("ts", "desc")} })
	f("string", func(c col) []sem.SortKey { return []sem.SortKey{c("p")} })
	f("string desc, integer", func(c col) []sem.SortKey { return []sem.SortKey{c("s", "desc"), c("d")} })
	f("double", func(c col) []sem.SortKey { return []sem.SortKey{c("x"), c("b")} })
	f("double desc", func(c col) []sem.SortKey { return []sem.SortKey{c("b", "desc"), c("x", "desc", "nulls first")} })
	f("many", func(c col) []sem.SortKey {
		return []sem.SortKey{c("s"), c("x"), c("k"), c("ts", "desc"), c("g"), c("p"), c("i"), c("d")}
	})
	f("constant", func(c col) []sem.SortKey { return []sem.SortKey{{Expr: exectest.Int(1)}, c("k")} })
}

func TestLimit(t *testing.T) {
	eachShape(t, func(t *testing.T, tables map[string]*exectest.Data) {
		in := exectest.Scan("l", tables["l"])
		for _, limit := range []int64{-1, 0, 1, 7, 100} {
			for _, offset := range []int64{0, 1, 8} {
				exectest.Check(t, &plan.Limit{Input: in, Limit: limit, Offset: offset, Percent: math.NaN()}, tables, exectest.Ordered)
			}
		}
		for _, percent := range []float64{0, 33.3, 100} {
			exectest.Check(t, &plan.Limit{Input: in, Limit: -1, Offset: 1, Percent: percent}, tables, exectest.Ordered)
		}
	})
}

func TestDistinct(t *testing.T) {
	eachShape(t, func(t *testing.T, tables map[string]*exectest.Data) {
		in := exectest.Scan("l", tables["l"])
		names := [][]string{{"s"}, {"k"}, {"x"}, {"b", "s"}, {"k", "i", "s", "b"}, {"ts", "g", "p", "x"}}
		for _, cols := range names {
			n := &plan.Project{Input: in}
			for _, name := range cols {
				n.Exprs = append(n.Exprs, exectest.Named(name, exectest.Col(in, name)))
			}
			exectest.Check(t, &plan.Distinct{Input: n}, tables, exectest.Ordered)
			exectest.Check(t, &plan.Distinct{Input: n, On: []sem.Expr{exectest.Col(n, cols[0])}}, tables, exectest.Ordered)
		}
	})
}

func TestSetOp(t *testing.T) {
	eachShape(t, func(t *testing.T, tables map[string]*exectest.Data) {
		side := func(table string) plan.Node {
			in := exectest.Scan(table, tables[table])
			return &plan.Project{Input: in, Exprs: []sem.NamedExpr{
				exectest.Named("s", exectest.Col(in, "s")), exectest.Named("k", exectest.Col(in, "k")),
			}}
		}
		left, right := side("l"), side("r")
		for kind := plan.UnionAll; kind <= plan.ExceptAll; kind++ {
			exectest.Check(t, &plan.SetOp{Kind: kind, Left: left, Right: right, Out: left.Columns()}, tables, exectest.Ordered)
		}
	})
}
