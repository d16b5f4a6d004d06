package plan

import (
	"math"
	"slices"

	"tq/functions"
	"tq/functions/kernel"
	"tq/lang/sem"
	"tq/lang/source"
)

// scan reads the domain once more, under fresh ids.
func (d *domain) scan() *MaterializedScan {
	return &MaterializedScan{Source: d.rows, Out: d.renewed()}
}

// push returns a node that yields the rows of n for each tuple of the domain, with the
// columns in which that tuple stands.
func (d *domain) push(n Node) (Node, []sem.Column) {
	if !d.refersTo(n) {
		s := d.scan()
		return &NestedLoopJoin{Kind: Inner, Left: s, Right: n}, s.Out
	}
	switch n := n.(type) {
	case *Filter, *Sort, *Unnest:
		return n, d.pushInput(n)
	case *Project:
		cols := d.pushInput(n)
		n.Exprs = append(n.Exprs, passed(cols)...)
		return n, cols
	case *Aggregate:
		return d.aggregate(n)
	case *Window:
		cols := d.pushInput(n)
		n.PartitionBy = append(n.PartitionBy, refs(cols)...)
		return n, cols
	case *Distinct:
		cols := d.pushInput(n)
		if n.On != nil {
			n.On = append(n.On, refs(cols)...)
		}
		return n, cols
	case *Limit:
		return d.limit(n)
	case *MaxOneRow:
		// The join that the guard stands under is repeated for each tuple, so it must
		// check there: it becomes a single join.
		return d.push(n.Input)
	case *NestedLoopJoin:
		return d.join(n)
	case *AsofJoin:
		return d.asofJoin(n)
	case *SetOp:
		return d.setOp(n)
	case *Recursive:
		return d.recursion(n)
	case *LastRows:
		return d.lastRows(n)
	case *MaterializedScan:
		return d.materialized(n)
	case *Values:
		return d.values(n)
	}
	d.b.fail(nodeSpan(n), "this subquery refers to the outer query in a way that is not supported")
	return n, d.cols
}

// pushInput pushes into the only input of a node and renames the outer columns in the
// node's expressions.
func (d *domain) pushInput(n Node) []sem.Column {
	var cols []sem.Column
	mapInputs(n, func(in Node) Node {
		in, cols = d.push(in)
		return in
	})
	d.rename(n, cols)
	return cols
}

// rename replaces the outer columns in the expressions of a node.
func (d *domain) rename(n Node, cols []sem.Column) {
	by := map[sem.ColID]sem.Expr{}
	for i, c := range d.cols {
		by[c.ID] = ref(cols[i])
	}
	mapExprs(n, func(e sem.Expr) sem.Expr { return substitute(e, by) })
}

func passed(cols []sem.Column) []NamedExpr {
	var out []NamedExpr
	for _, c := range cols {
		out = append(out, NamedExpr{Out: c, Expr: ref(c)})
	}
	return out
}

func refs(cols []sem.Column) []sem.Expr {
	var out []sem.Expr
	for _, c := range cols {
		out = append(out, ref(c))
	}
	return out
}

// aggregate groups by the tuple too. Without groups there must be a row for each tuple,
// also where there is no input.
func (d *domain) aggregate(n *Aggregate) (Node, []sem.Column) {
	cols := d.pushInput(n)
	first := len(n.Groups)
	var keys []sem.Column
	for _, c := range cols {
		key := d.b.ids.Renew(c)
		keys = append(keys, key)
		n.Groups = append(n.Groups, NamedExpr{Out: key, Expr: ref(c)})
	}
	for i := range n.Sets {
		for k := range keys {
			n.Sets[i] = append(slices.Clone(n.Sets[i]), first+k)
		}
	}
	if first > 0 || n.Sets != nil {
		return n, keys
	}
	matched := d.b.ids.New("matched", functions.Boolean)
	all := d.scan()
	out := &Project{Exprs: passed(all.Out)}
	for i := range n.Aggs {
		a := &n.Aggs[i]
		// The value for no rows goes under the id of the aggregate, whose own column
		// gets another one.
		inner := d.b.ids.Renew(a.Out)
		empty, err := emptyValue(a)
		if err != nil {
			d.b.fail(a.At, "%v", err)
			continue
		}
		value := &sem.Case{
			Typed: sem.Typed{Typ: a.Out.Type, At: a.At},
			Whens: []sem.When{{Cond: ref(matched), Then: ref(inner)}},
			Else:  empty,
		}
		out.Exprs = append(out.Exprs, NamedExpr{Out: a.Out, Expr: value})
		a.Out = inner
	}
	marked := &Project{Input: n, Exprs: append(passed(n.Columns()), NamedExpr{Out: matched, Expr: boolConst(true)})}
	out.Input = &NestedLoopJoin{Kind: Left, Left: all, Right: marked, On: tuplesEqual(all.Out, keys)}
	return out, all.Out
}

// tuplesEqual is the condition that two tuples of the domain are the same.
func tuplesEqual(l, r []sem.Column) sem.Expr {
	var conds []sem.Expr
	for i := range l {
		conds = append(conds, notDistinct(ref(l[i]), ref(r[i])))
	}
	return Conjunction(conds)
}

// limit numbers the rows of each tuple and keeps the first ones.
func (d *domain) limit(n *Limit) (Node, []sem.Column) {
	if noLimit(n) {
		return d.push(n.Input)
	}
	if !math.IsNaN(n.Percent) {
		d.b.fail(nodeSpan(n), "LIMIT cannot be used in a subquery that refers to the outer query like this")
		return n, d.cols
	}
	in, cols := d.push(n.Input)
	var keys []sem.SortKey
	if s, ok := in.(*Sort); ok {
		in, keys = s.Input, s.Keys
	}
	w, number := d.b.numbered(in, refs(cols), keys)
	var conds []sem.Expr
	if n.Offset > 0 {
		conds = append(conds, sem.Operator(">", number, bigint(n.Offset)))
	}
	if n.Limit >= 0 {
		conds = append(conds, sem.Operator("<=", number, bigint(n.Offset+n.Limit)))
	}
	return filtered(w, conds), cols
}

func bigint(v int64) *sem.Const {
	return &sem.Const{Typed: sem.Typed{Typ: functions.BigInt}, Value: kernel.OfInt64(v)}
}

// join pushes into the sides that refer to the outer query, or into the one that keeps
// its rows. Where both must know the tuple they are joined on it.
func (d *domain) join(n *NestedLoopJoin) (Node, []sem.Column) {
	left, right := d.refersTo(n.Left), d.refersTo(n.Right)
	var cols, other []sem.Column
	switch {
	case n.Kind == Full:
		d.b.fail(nodeSpan(n), "a FULL JOIN cannot be used in a subquery that refers to the outer query like this")
		return n, d.cols
	case !right && n.Kind != Right:
		n.Left, cols = d.push(n.Left)
	case !left && (n.Kind == Inner || n.Kind == Right):
		n.Right, cols = d.push(n.Right)
	default:
		n.Left, cols = d.push(n.Left)
		n.Right, other = d.push(n.Right)
	}
	if n.On != nil {
		d.rename(n, cols)
	}
	if other != nil {
		n.On = Conjunction(append(conjuncts(tuplesEqual(cols, other)), conjuncts(n.On)...))
		if n.Kind == Right {
			cols = other
		}
	}
	return n, cols
}

// asofJoin pushes into both sides if the right one refers to the outer query: what is
// nearest differs then from tuple to tuple.
func (d *domain) asofJoin(n *AsofJoin) (Node, []sem.Column) {
	if n.Kind == Full {
		d.b.fail(nodeSpan(n), "a FULL JOIN cannot be used in a subquery that refers to the outer query like this")
		return n, d.cols
	}
	both := n.Kind == Right || d.refersTo(n.Right)
	var cols, other []sem.Column
	n.Left, cols = d.push(n.Left)
	d.rename(n, cols)
	if !both {
		return n, cols
	}
	n.Right, other = d.push(n.Right)
	n.Residual = Conjunction(append(conjuncts(tuplesEqual(cols, other)), conjuncts(n.Residual)...))
	if n.Kind == Right {
		cols = other
	}
	return n, cols
}

func (d *domain) setOp(n *SetOp) (Node, []sem.Column) {
	left, right := n.Left.Columns(), n.Right.Columns()
	var lcols, rcols []sem.Column
	n.Left, lcols = d.push(n.Left)
	n.Right, rcols = d.push(n.Right)
	n.Left, n.Right = shaped(n.Left, slices.Concat(left, lcols)), shaped(n.Right, slices.Concat(right, rcols))
	cols := d.renewed()
	n.Out = slices.Concat(n.Out, cols)
	return n, cols
}

// nodeSpan is a place in the text that a node has to do with.
func nodeSpan(n Node) source.Span {
	var at source.Span
	mapExprs(n, func(e sem.Expr) sem.Expr {
		if at == (source.Span{}) {
			at = e.Span()
		}
		return e
	})
	return at
}
