package exec

import (
	"cmp"
	"slices"
	"sync/atomic"
	"time"

	"tq/lang/sem"
)

// measuredCondition is a condition that never fails, among others of which all or none
// must hold: whichever of them comes first, the same rows are left. So those come first
// that, by what has been seen, take the least time for each row that they rule out.
type measuredCondition struct {
	condition
	looked, left atomic.Int64 // rows
	nanos        atomic.Int64
}

func (c *measuredCondition) choose(b *Batch, in rowSet, want bool) (rowSet, error) {
	began := time.Now()
	rows, err := c.condition.choose(b, in, want)
	c.nanos.Add(int64(time.Since(began)))
	c.looked.Add(int64(in.size(b)))
	c.left.Add(int64(rows.size(b)))
	return rows, err
}

// costPerRowOut is the time spent for each row that was ruled out.
func (c *measuredCondition) costPerRowOut() float64 {
	return float64(c.nanos.Load()) / float64(max(1, c.looked.Load()-c.left.Load()))
}

// withMeasures prepares the conditions of a filter for being put in order, if the columns that
// it reads never fail either. Those that may fail, and what stands after them, stay where
// they are, as the ones before may guard them.
func withMeasures(cond condition, e sem.Expr) condition {
	and, ok := cond.(andCondition)
	if !ok {
		return cond
	}
	args := slices.Clone(and.args)
	for i, arg := range e.(*sem.Logic).Args {
		if !neverFails(arg) {
			break
		}
		args[i] = &measuredCondition{condition: args[i]}
	}
	return andCondition{args}
}

// inBestOrder returns the conditions with those that are measured in the best order.
func inBestOrder(conds []condition) []condition {
	costs := make([]rankedCondition, 0, len(conds))
	for _, c := range conds {
		m, ok := c.(*measuredCondition)
		if !ok {
			break
		}
		costs = append(costs, rankedCondition{c, m.costPerRowOut()})
	}
	if len(costs) == 0 {
		return conds
	}
	slices.SortStableFunc(costs, func(a, b rankedCondition) int { return cmp.Compare(a.cost, b.cost) })
	ordered := slices.Clone(conds)
	for i, c := range costs {
		ordered[i] = c.condition
	}
	return ordered
}

type rankedCondition struct {
	condition
	cost float64
}

// neverFails reports whether a condition only compares columns and constants.
func neverFails(e sem.Expr) bool {
	return !sem.Any(e, func(e sem.Expr) bool {
		switch e := e.(type) {
		case *sem.ColRef, *sem.Const, *sem.Logic, *sem.InList:
			return false
		case *sem.Call:
			_, compares := compareOps[e.Fn.Name]
			return !compares
		}
		return true
	})
}
