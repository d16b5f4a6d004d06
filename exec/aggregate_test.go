package exec_test

import (
	"fmt"
	"testing"

	"tq/exec/exectest"
	"tq/functions"
	"tq/lang/plan"
	"tq/lang/sem"
)

// someAggs is aggregates with everything that can stand around an argument.
func someAggs(in plan.Node) []sem.AggCall {
	col := func(name string) sem.Expr { return exectest.Col(in, name) }
	aggs := []sem.AggCall{
		exectest.Agg("count"),
		exectest.Agg("count", col("x")),
		exectest.Agg("sum", col("k")),
		exectest.Agg("min", col("ts")),
		exectest.Agg("max", col("p")),
	}
	distinct := exectest.Agg("count", col("s"))
	distinct.Distinct = true
	filtered := exectest.Agg("sum", col("i"))
	filtered.Filter = exectest.Fn(">", col("k"), exectest.Int(1))
	ordered := exectest.Agg("string_agg", col("p"), exectest.Str("/"))
	ordered.OrderBy = []sem.SortKey{exectest.Key(col("s"), "desc"), exectest.Key(col("k"))}
	all := exectest.Agg("string_agg", col("s"), exectest.Str(","))
	all.Distinct, all.Filter, all.OrderBy = true, col("b"), []sem.SortKey{exectest.Key(col("s"))}
	return append(aggs, distinct, filtered, ordered, all)
}

func TestHashAggregate(t *testing.T) {
	keys := [][]string{nil, {"s"}, {"k"}, {"x"}, {"b"}, {"s", "p"}, {"k", "s"}, {"i", "b", "x"}, {"ts", "g", "d", "p", "x", "k"}}
	for _, cols := range keys {
		t.Run(fmt.Sprint(cols), func(t *testing.T) {
			eachShape(t, func(t *testing.T, tables map[string]*exectest.Data) {
				in := exectest.Scan("l", tables["l"])
				n := &plan.Aggregate{Input: in, Aggs: someAggs(in)}
				for _, name := range cols {
					n.Groups = append(n.Groups, exectest.Named(name, exectest.Col(in, name)))
				}
				exectest.Check(t, n, tables, exectest.Ordered)
			})
		})
	}
}

func TestGroupingSets(t *testing.T) {
	id := exectest.Out("grouping", functions.BigInt)
	eachShape(t, func(t *testing.T, tables map[string]*exectest.Data) {
		in := exectest.Scan("l", tables["l"])
		n := &plan.Aggregate{Input: in, Aggs: someAggs(in), GroupingID: &id, Sets: [][]int{{0, 1, 2}, {2}, {}, {1, 0}}}
		for _, name := range []string{"s", "k", "b"} {
			n.Groups = append(n.Groups, exectest.Named(name, exectest.Col(in, name)))
		}
		exectest.Check(t, n, tables, exectest.Ordered)
	})
}

// TestManyKeys needs more bits than a word has to tell the groups apart.
func TestManyKeys(t *testing.T) {
	const rows, cols = 800, 9
	data := &exectest.Data{}
	r := exectest.NewRandom(1)
	for c := range cols {
		data.Names, data.Types = append(data.Names, fmt.Sprint("c", c)), append(data.Types, functions.BigInt)
	}
	for range rows {
		row := make([]any, cols)
		for c := range row {
			row[c] = int64(r.IntN(300)) * int64(1+c*c*c*1000)
			if c > 2 && r.IntN(3) > 0 {
				row[c] = nil
			}
		}
		data.Rows = append(data.Rows, row, row)
	}
	tables := map[string]*exectest.Data{"l": data, "r": {Names: data.Names, Types: data.Types, Rows: data.Rows[:50]}}
	in, other := exectest.Scan("l", data), exectest.Scan("r", data)
	n := &plan.Aggregate{Input: in, Aggs: []sem.AggCall{exectest.Agg("count")}}
	join := &plan.HashJoin{Kind: plan.Inner, Left: other, Right: in}
	for c, name := range data.Names {
		n.Groups = append(n.Groups, exectest.Named(name, exectest.Col(in, name)))
		join.Keys = append(join.Keys, plan.JoinKey{Left: exectest.Col(other, name), Right: exectest.Col(in, name), NullSafe: c > 2})
	}
	exectest.Check(t, n, tables, exectest.Ordered)
	exectest.Check(t, join, tables, exectest.Ordered)
}
