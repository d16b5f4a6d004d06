package exectest

import (
	"slices"
	"strings"

	"github.com/apache/arrow/go/v17/arrow/decimal128"

	"tq/lang/plan"
	"tq/lang/sem"
)

func (o oracle) aggregate(n *plan.Aggregate) [][]any {
	sets := n.Sets
	if sets == nil {
		all := make([]int, len(n.Groups))
		for i := range all {
			all[i] = i
		}
		sets = [][]int{all}
	}
	envs := o.envs(n.Input)
	var out [][]any
	for _, set := range sets {
		groups, order := map[string][]env{}, []string{}
		if len(set) == 0 {
			groups[""], order = nil, []string{""}
		}
		for _, e := range envs {
			key := keyOf(groupValues(e, n, set))
			if len(set) == 0 {
				key = ""
			} else if groups[key] == nil {
				order = append(order, key)
			}
			groups[key] = append(groups[key], e)
		}
		for _, key := range order {
			rows := groups[key]
			row := make([]any, len(n.Groups))
			if len(rows) > 0 {
				row = groupValues(rows[0], n, set)
			}
			for i := range n.Aggs {
				row = append(row, aggregate(&n.Aggs[i], rows))
			}
			if n.GroupingID != nil {
				id := int64(0)
				for g := range n.Groups {
					id = 2*id + int64(rank(!slices.Contains(set, g)))
				}
				row = append(row, id)
			}
			out = append(out, row)
		}
	}
	return out
}

// groupValues is the values of the groups that are in a set; the others are NULL.
func groupValues(e env, n *plan.Aggregate, set []int) []any {
	row := make([]any, len(n.Groups))
	for _, g := range set {
		row[g] = e.eval(n.Groups[g].Expr)
	}
	return row
}

// aggregate computes an aggregate over the rows of a group or frame.
func aggregate(a *sem.AggCall, rows []env) any {
	var kept []env
	seen := map[string]bool{}
	for _, e := range rows {
		if a.Filter != nil && e.eval(a.Filter) != true {
			continue
		}
		args := e.evalAll(a.Args)
		if len(args) > 0 && args[0] == nil {
			continue
		}
		if a.Distinct {
			key := keyOf(args)
			if seen[key] {
				continue
			}
			seen[key] = true
		}
		kept = append(kept, e)
	}
	kept = sorted(kept, a.OrderBy)
	var values []any
	for _, e := range kept {
		if len(a.Args) > 0 {
			values = append(values, e.eval(a.Args[0]))
		}
	}
	if a.Fn.Name == "count" {
		return int64(len(kept))
	}
	if len(values) == 0 {
		return nil
	}
	switch a.Fn.Name {
	case "sum":
		total := int64(0)
		for _, v := range values {
			total += v.(int64)
		}
		if a.Out.Type.Name() == "decimal" {
			return decimal128.FromI64(total)
		}
		return total
	case "min":
		return slices.MinFunc(values, compare)
	case "max":
		return slices.MaxFunc(values, compare)
	case "string_agg":
		var parts []string
		for _, v := range values {
			parts = append(parts, v.(string))
		}
		return strings.Join(parts, kept[0].eval(a.Args[1]).(string))
	}
	panic("no rule for aggregate " + a.Fn.Name)
}
