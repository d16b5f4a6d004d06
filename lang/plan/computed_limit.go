package plan

import (
	"math"
	"slices"

	"tq/functions"
	"tq/functions/kernel"
	"tq/lang/sem"
)

// computedLimit orders and limits rows where a subquery tells how many there may be: the
// rows are numbered in their order, and the numbers compared with what it yields.
func (b *builder) computedLimit(n Node, q *sem.Query) Node {
	keys := slices.Clone(q.OrderBy)
	if s, ok := q.Body.(*sem.Select); ok && len(s.DistinctOn) > 0 {
		n = &Distinct{Input: &Sort{Input: n, Keys: keys}, On: slices.Clone(s.DistinctOn)}
	}
	var share sem.Expr
	if l := q.Limit; l.PercentExpr != nil || !math.IsNaN(l.Percent) {
		n, share = b.shareOfRows(n, l)
	}
	w, number := b.numbered(n, nil, keys)
	number = &sem.Cast{Typed: sem.Typed{Typ: functions.HugeInt}, Arg: number}
	offset := coalesced(q.Limit.OffsetExpr, q.Limit.Offset)
	cond := sem.Operator(">", number, offset)
	if l := q.Limit; l.CountExpr != nil || l.Count >= 0 {
		end := sem.Operator("+", offset, coalesced(l.CountExpr, l.Count))
		within := sem.Operator("<=", number, end)
		if l.CountExpr != nil {
			within = &sem.Logic{
				Typed: sem.Typed{Typ: functions.Boolean}, Op: sem.Or,
				Args: []sem.Expr{within, sem.Operator("is null", l.CountExpr)},
			}
		}
		cond = Conjunction([]sem.Expr{cond, within})
	}
	if share != nil {
		cond = Conjunction([]sem.Expr{cond, sem.Operator("<=", number, sem.Operator("+", offset, share))})
	}
	n = b.filter(w, cond)
	return &Sort{Input: n, Keys: []sem.SortKey{{Expr: ref(w.Calls[0].Out)}}}
}

// shareOfRows is how many rows of a node a limit in per cent lets through: all for NULL.
func (b *builder) shareOfRows(n Node, l *sem.Limit) (Node, sem.Expr) {
	def, _ := functions.Lookup("count")
	all := b.ids.New("count", functions.BigInt)
	call := sem.WindowCall{AggCall: sem.AggCall{Out: all, Fn: def, Overload: overloadOf(def, 0)}, Frame: sem.DefaultFrame(false)}
	double := sem.Typed{Typ: functions.Double}
	hundred := &sem.Const{Typed: double, Value: kernel.OfFloat64(100)}
	percent := l.PercentExpr
	if percent == nil {
		percent = &sem.Const{Typed: double, Value: kernel.OfFloat64(l.Percent)}
	}
	percent = sem.Operator("coalesce", percent, hundred)
	rows := sem.Operator("/", sem.Operator("*", percent, &sem.Cast{Typed: double, Arg: ref(all)}), hundred)
	share := &sem.Cast{Typed: sem.Typed{Typ: functions.HugeInt}, Arg: sem.Operator("floor", rows)}
	return &Window{Input: n, Calls: []sem.WindowCall{call}}, share
}

// overloadOf is the overload of a function that takes so many arguments.
func overloadOf(def *functions.Def, args int) *functions.Overload {
	for i := range def.Overloads {
		if len(def.Overloads[i].Args) == args {
			return &def.Overloads[i]
		}
	}
	return nil
}

// numbered numbers the rows of a node within each partition, in an order.
func (b *builder) numbered(n Node, partition []sem.Expr, keys []sem.SortKey) (*Window, sem.Expr) {
	def, _ := functions.Lookup("row_number")
	number := b.ids.New("row_number", functions.BigInt)
	call := sem.WindowCall{AggCall: sem.AggCall{Out: number, Fn: def, Overload: &def.Overloads[0]}}
	call.Frame = sem.DefaultFrame(len(keys) > 0)
	return &Window{Input: n, PartitionBy: partition, OrderBy: keys, Calls: []sem.WindowCall{call}}, ref(number)
}

// coalesced is a number of rows as a HUGEINT: what an expression yields or, for NULL and
// without one, a constant.
func coalesced(x sem.Expr, otherwise int64) sem.Expr {
	c := &sem.Const{Typed: sem.Typed{Typ: functions.BigInt}, Value: kernel.OfInt64(otherwise)}
	number := &sem.Cast{Typed: sem.Typed{Typ: functions.HugeInt}, Arg: c}
	if x == nil {
		return number
	}
	return sem.Operator("coalesce", x, number)
}
