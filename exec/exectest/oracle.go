package exectest

import (
	"fmt"
	"math"
	"slices"

	"tq/functions/kernel"
	"tq/lang/plan"
	"tq/lang/sem"
)

// Oracle computes the rows of a plan one at a time, from SQL's rules.
func Oracle(node plan.Node, tables map[string]*Data) (rows [][]any, err error) {
	defer func() {
		if cause := recover(); cause != nil {
			rows, err = nil, fmt.Errorf("oracle: %v", cause)
		}
	}()
	return oracle{tables, map[*plan.Recursive][][]any{}}.rows(node), nil
}

type oracle struct {
	tables map[string]*Data
	last   map[*plan.Recursive][][]any // the rows of the round before
}

// env is a row with the names of its columns.
type env struct {
	ids map[sem.ColID]int
	row []any
}

func idsOf(nodes ...plan.Node) map[sem.ColID]int {
	ids := map[sem.ColID]int{}
	for _, n := range nodes {
		for _, c := range n.Columns() {
			ids[c.ID] = len(ids)
		}
	}
	return ids
}

// envs pairs the rows of a node with its columns.
func (o oracle) envs(n plan.Node) []env {
	ids := idsOf(n)
	var out []env
	for _, row := range o.rows(n) {
		out = append(out, env{ids, row})
	}
	return out
}

func (o oracle) rows(node plan.Node) [][]any {
	var out [][]any
	switch n := node.(type) {
	case *plan.Scan:
		return o.scan(n)
	case *plan.Filter:
		for _, e := range o.envs(n.Input) {
			if e.eval(n.Cond) == true {
				out = append(out, e.row)
			}
		}
	case *plan.Project:
		for _, e := range o.envs(n.Input) {
			row := make([]any, len(n.Exprs))
			for i, x := range n.Exprs {
				row[i] = e.eval(x.Expr)
			}
			out = append(out, row)
		}
	case *plan.Values:
		for _, exprs := range n.Rows {
			row := make([]any, len(exprs))
			for i, x := range exprs {
				row[i] = env{}.eval(x)
			}
			out = append(out, row)
		}
	case *plan.Unnest:
		return o.unnest(n)
	case *plan.Around:
		return o.around(n)
	case *plan.Aggregate:
		return o.aggregate(n)
	case *plan.Window:
		return o.window(n)
	case *plan.Sort:
		return rowsOf(sorted(o.envs(n.Input), n.Keys))
	case *plan.TopN:
		return part(rowsOf(sorted(o.envs(n.Input), n.Keys)), n.Offset, n.Limit)
	case *plan.Limit:
		rows := o.rows(n.Input)
		count := n.Limit
		if !math.IsNaN(n.Percent) {
			count = int64(float64(len(rows)) * n.Percent / 100)
		}
		return part(rows, n.Offset, count)
	case *plan.Distinct:
		return o.distinct(n)
	case *plan.SetOp:
		return o.setOp(n)
	case *plan.HashJoin, *plan.OverlapJoin, *plan.AsofJoin, *plan.RangeJoin, *plan.NestedLoopJoin:
		return o.join(node)
	case *plan.Recursive:
		return o.recursive(n)
	case *plan.LastRows:
		return o.last[n.Of]
	case *plan.MaxOneRow:
		return o.maxOneRow(n)
	case *plan.Materialized:
		return o.rows(n.Input)
	case *plan.MaterializedScan:
		return o.rows(n.Source.Input)
	default:
		panic(fmt.Sprintf("no rule for %T", node))
	}
	return out
}

func rowsOf(envs []env) [][]any {
	rows := make([][]any, len(envs))
	for i, e := range envs {
		rows[i] = e.row
	}
	return rows
}

func (o oracle) scan(n *plan.Scan) [][]any {
	d := o.tables[n.Table]
	var out [][]any
	for _, row := range d.Rows {
		picked := make([]any, len(n.Out))
		for i, c := range n.Out {
			picked[i] = row[slices.Index(d.Names, c.Name)]
		}
		out = append(out, picked)
	}
	return out
}

func part(rows [][]any, offset, count int64) [][]any {
	rows = rows[min(max(offset, 0), int64(len(rows))):]
	if count >= 0 && count < int64(len(rows)) {
		rows = rows[:count]
	}
	return rows
}

func sorted(rows []env, keys []sem.SortKey) []env {
	rows = slices.Clone(rows)
	slices.SortStableFunc(rows, func(a, b env) int { return compareKeys(a, b, keys) })
	return rows
}

func compareKeys(a, b env, keys []sem.SortKey) int {
	for _, k := range keys {
		x, y := a.eval(k.Expr), b.eval(k.Expr)
		c := 0
		switch {
		case x == nil && y == nil:
		case x == nil || y == nil:
			c = 1
			if (x == nil) == k.NullsFirst {
				c = -1
			}
		case k.Desc:
			c = compare(y, x)
		default:
			c = compare(x, y)
		}
		if c != 0 {
			return c
		}
	}
	return 0
}

func (o oracle) distinct(n *plan.Distinct) [][]any {
	seen := map[string]bool{}
	var out [][]any
	for _, e := range o.envs(n.Input) {
		key := keyOf(e.row)
		if n.On != nil {
			key = keyOf(e.evalAll(n.On))
		}
		if !seen[key] {
			seen[key] = true
			out = append(out, e.row)
		}
	}
	return out
}

func (o oracle) unnest(n *plan.Unnest) [][]any {
	var out [][]any
	for _, e := range o.envs(n.Input) {
		for k, more := 0, true; more; k++ {
			row := slices.Clone(e.row)
			more = false
			for _, l := range n.Lists {
				list, _ := e.eval(l.Expr).([]any)
				var element any
				if k < len(list) {
					element, more = list[k], true
				}
				row = append(row, element)
			}
			if more {
				out = append(out, row)
			}
		}
	}
	return out
}

func (o oracle) recursive(n *plan.Recursive) [][]any {
	var all [][]any
	seen := map[string]bool{}
	for rows := o.rows(n.First); len(rows) > 0; rows = o.rows(n.Step) {
		o.last[n] = nil
		for _, row := range rows {
			if key := keyOf(row); n.All || !seen[key] {
				seen[key] = true
				o.last[n] = append(o.last[n], row)
			}
		}
		all = append(all, o.last[n]...)
	}
	return all
}

func (o oracle) setOp(n *plan.SetOp) [][]any {
	left, right := o.rows(n.Left), o.rows(n.Right)
	counts, taken := map[string]int{}, map[string]bool{}
	for _, row := range right {
		counts[keyOf(row)]++
	}
	var out [][]any
	keep := func(rows [][]any, f func(key string) bool) {
		for _, row := range rows {
			if f(keyOf(row)) {
				out = append(out, row)
			}
		}
	}
	once := func(key string) bool {
		first := !taken[key]
		taken[key] = true
		return first
	}
	switch n.Kind {
	case plan.UnionAll:
		return append(left, right...)
	case plan.UnionDistinct:
		keep(append(left, right...), once)
	case plan.IntersectDistinct:
		keep(left, func(key string) bool { return counts[key] > 0 && once(key) })
	case plan.ExceptDistinct:
		keep(left, func(key string) bool { return counts[key] == 0 && once(key) })
	case plan.IntersectAll:
		keep(left, func(key string) bool { counts[key]--; return counts[key] >= 0 })
	case plan.ExceptAll:
		keep(left, func(key string) bool { counts[key]--; return counts[key] < 0 })
	}
	return out
}

func (o oracle) maxOneRow(n *plan.MaxOneRow) [][]any {
	rows := o.rows(n.Input)
	switch len(rows) {
	case 0:
		return [][]any{make([]any, len(n.Columns()))}
	case 1:
		return rows
	}
	panic("more than one row")
}

// keyOf is a text that equal rows share: NULLs are equal, so are NaNs and both zeros.
func keyOf(row []any) string {
	key := ""
	for _, v := range row {
		if f, ok := v.(float64); ok && f == 0 {
			v = 0.0
		}
		key += fmt.Sprintf("%T:%v|", v, v)
	}
	return key
}

// list returns the values of an array of constants.
func list(l *sem.InList) []any {
	out := make([]any, l.List.Len())
	for i := range out {
		out[i] = kernel.Value(l.List, i)
	}
	return out
}
