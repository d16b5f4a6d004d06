package plan

import (
	"slices"

	"tq/lang/sem"
)

// puller takes the conditions that refer to outer columns out of a subquery, so that
// they become conditions of the join with it. It is the cheap way to decorrelate, which
// works when these conditions are all that is correlated.
type puller struct {
	ids  *sem.IDs
	free idSet
	kind sem.SubqueryKind // how the query is used: what a missing row means
	// empty is what the columns of the one row are that an aggregate without groups
	// yields for no input; nil until there is one.
	empty map[sem.ColID]sem.Expr
}

// pull returns a node without outer columns and the conditions taken out of it, over
// the outer columns and those of the node. ok is false if that can't be done.
func (p *puller) pull(n Node) (out Node, conds []sem.Expr, ok bool) {
	if !refersTo(n, p.free) {
		return n, nil, true
	}
	switch n := n.(type) {
	case *Filter:
		return p.filter(n)
	case *Project:
		return p.project(n)
	case *Aggregate:
		return p.aggregate(n)
	case *Sort:
		in, conds, ok := p.pull(n.Input)
		return in, conds, ok && !p.refers(keyExprs(n.Keys))
	case *Distinct:
		if n.On != nil || p.kind == sem.ScalarQuery || p.kind == sem.RowsQuery {
			return nil, nil, false
		}
		return p.pull(n.Input)
	case *Limit:
		// Any row will do, so it needn't be one of the first.
		if p.kind != sem.ExistsQuery || n.Limit == 0 || n.Offset > 0 || n.Percent == 0 {
			return nil, nil, false
		}
		return p.pull(n.Input)
	case *NestedLoopJoin:
		return p.join(n)
	}
	return nil, nil, false
}

func keyExprs(keys []sem.SortKey) []sem.Expr {
	var out []sem.Expr
	for _, k := range keys {
		out = append(out, k.Expr)
	}
	return out
}

// refers reports whether one of the expressions has outer columns in it.
func (p *puller) refers(exprs []sem.Expr) bool {
	return slices.ContainsFunc(exprs, func(e sem.Expr) bool {
		return sem.Any(e, func(x sem.Expr) bool {
			c, ok := x.(*sem.ColRef)
			return ok && p.free[c.ID]
		})
	})
}

// split parts the conditions that refer to outer columns from the others.
func (p *puller) split(cond sem.Expr) (correlated, own []sem.Expr) {
	for _, c := range conjuncts(cond) {
		if p.refers([]sem.Expr{c}) {
			correlated = append(correlated, c)
		} else {
			own = append(own, c)
		}
	}
	return correlated, own
}

func (p *puller) filter(n *Filter) (Node, []sem.Expr, bool) {
	in, conds, ok := p.pull(n.Input)
	if !ok || p.empty != nil {
		return nil, nil, false
	}
	correlated, own := p.split(n.Cond)
	return filtered(in, own), append(conds, correlated...), true
}

// project lets the columns that the conditions need pass through.
func (p *puller) project(n *Project) (Node, []sem.Expr, bool) {
	for _, e := range n.Exprs {
		if p.refers([]sem.Expr{e.Expr}) {
			return nil, nil, false
		}
	}
	in, conds, ok := p.pull(n.Input)
	if !ok || p.empty != nil && !p.projectEmpty(n) {
		return nil, nil, false
	}
	out := &Project{Input: in, Exprs: slices.Clone(n.Exprs)}
	have := columnSet(out)
	for _, c := range in.Columns() {
		needed := slices.ContainsFunc(conds, func(e sem.Expr) bool {
			return sem.Any(e, func(x sem.Expr) bool {
				r, ok := x.(*sem.ColRef)
				return ok && r.ID == c.ID
			})
		})
		if needed && !have[c.ID] {
			out.Exprs = append(out.Exprs, NamedExpr{Out: c, Expr: ref(c)})
		}
	}
	return out, conds, true
}

// projectEmpty computes a projection of the row for no input.
func (p *puller) projectEmpty(n *Project) bool {
	row := map[sem.ColID]sem.Expr{}
	for _, e := range n.Exprs {
		v, ok := sem.Fold(substitute(e.Expr, p.empty), (&sem.Env{}).FunctionEnv()).(*sem.Const)
		if !ok {
			return false
		}
		row[e.Out.ID] = v
	}
	p.empty = row
	return true
}

// aggregate groups by what the conditions compare with outer values, which must be
// equalities. Without groups of its own the aggregate has a row even for no input; it is
// noted, to stand in for the row that will be missing.
func (p *puller) aggregate(n *Aggregate) (Node, []sem.Expr, bool) {
	if n.Sets != nil || len(n.Groups) == 0 && p.kind != sem.ScalarQuery {
		return nil, nil, false
	}
	in, conds, ok := p.pull(n.Input)
	if !ok || p.empty != nil {
		return nil, nil, false
	}
	if len(n.Groups) == 0 {
		p.empty = map[sem.ColID]sem.Expr{}
		for i := range n.Aggs {
			v, err := emptyValue(&n.Aggs[i])
			if err != nil {
				return nil, nil, false
			}
			p.empty[n.Aggs[i].Out.ID] = v
		}
	}
	out := &Aggregate{Input: in, Groups: slices.Clone(n.Groups), Aggs: n.Aggs}
	bad := false
	mapExprs(out, func(e sem.Expr) sem.Expr {
		bad = bad || p.refers([]sem.Expr{e})
		return e
	})
	if bad {
		return nil, nil, false
	}
	inner := columnSet(in)
	for i, c := range conds {
		own, other, call := p.equality(c, inner)
		if own == nil {
			return nil, nil, false
		}
		col := p.group(out, own)
		eq := *call
		eq.Args = []sem.Expr{ref(col), other}
		conds[i] = &eq
	}
	return out, conds, true
}

// equality takes apart a condition that an expression over the inner columns equals one
// over the outer columns.
func (p *puller) equality(c sem.Expr, inner idSet) (own, other sem.Expr, call *sem.Call) {
	call, ok := c.(*sem.Call)
	if !ok || call.Fn.Name != "=" {
		return nil, nil, nil
	}
	for i := range 2 {
		if inner.covers(call.Args[i]) && p.free.covers(call.Args[1-i]) {
			return call.Args[i], call.Args[1-i], call
		}
	}
	return nil, nil, nil
}

// group returns the group of an expression, adding it if there is none.
func (p *puller) group(n *Aggregate, e sem.Expr) sem.Column {
	for _, g := range n.Groups {
		if sem.Equal(g.Expr, e) {
			return g.Out
		}
	}
	name := "key"
	if c, ok := e.(*sem.ColRef); ok {
		name = c.Name
	}
	col := p.ids.New(name, e.Type())
	n.Groups = append(n.Groups, NamedExpr{Out: col, Expr: e})
	return col
}

// join pulls out of both sides of an inner join, out of the left side of others.
func (p *puller) join(n *NestedLoopJoin) (Node, []sem.Expr, bool) {
	correlated, own := p.split(n.On)
	if n.Kind != Inner && (len(correlated) > 0 || n.Kind == Right || n.Kind == Full || refersTo(n.Right, p.free)) {
		return nil, nil, false
	}
	left, lconds, lok := p.pull(n.Left)
	right, rconds, rok := p.pull(n.Right)
	if !lok || !rok || p.empty != nil {
		return nil, nil, false
	}
	out := *n
	out.Left, out.Right, out.On = left, right, Conjunction(own)
	return &out, slices.Concat(lconds, rconds, correlated), true
}
