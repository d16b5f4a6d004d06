package plan

import "tq/lang/sem"

// mapInputs replaces the inputs of a node by what f makes of them.
func mapInputs(n Node, f func(Node) Node) {
	switch n := n.(type) {
	case *Filter:
		n.Input = f(n.Input)
	case *Unnest:
		n.Input = f(n.Input)
	case *Around:
		n.Input = f(n.Input)
	case *Project:
		n.Input = f(n.Input)
	case *Aggregate:
		n.Input = f(n.Input)
	case *Window:
		n.Input = f(n.Input)
	case *Sort:
		n.Input = f(n.Input)
	case *TopN:
		n.Input = f(n.Input)
	case *Limit:
		n.Input = f(n.Input)
	case *Distinct:
		n.Input = f(n.Input)
	case *MaxOneRow:
		n.Input = f(n.Input)
	case *SetOp:
		n.Left, n.Right = f(n.Left), f(n.Right)
	case *Recursive:
		n.First, n.Step = f(n.First), f(n.Step)
	case *HashJoin:
		n.Left, n.Right = f(n.Left), f(n.Right)
	case *OverlapJoin:
		n.Left, n.Right = f(n.Left), f(n.Right)
	case *AsofJoin:
		n.Left, n.Right = f(n.Left), f(n.Right)
	case *RangeJoin:
		n.Left, n.Right = f(n.Left), f(n.Right)
	case *NestedLoopJoin:
		n.Left, n.Right = f(n.Left), f(n.Right)
	}
}

// transform applies f to every node of a tree, inputs first.
func transform(n Node, f func(Node) Node) Node {
	mapInputs(n, func(in Node) Node { return transform(in, f) })
	return f(n)
}

// walk calls f for every node of a tree, parents first.
func walk(n Node, f func(Node)) {
	f(n)
	for _, in := range n.Inputs() {
		walk(in, f)
	}
}

// mapExprs replaces the expressions of a node by what f makes of them.
func mapExprs(n Node, f func(sem.Expr) sem.Expr) {
	opt := func(e sem.Expr) sem.Expr {
		if e == nil {
			return nil
		}
		return f(e)
	}
	list := func(exprs []sem.Expr) {
		for i := range exprs {
			exprs[i] = f(exprs[i])
		}
	}
	switch n := n.(type) {
	case *Filter:
		n.Cond = f(n.Cond)
	case *Unnest:
		mapNamed(n.Lists, f)
	case *Around:
		n.Cond, n.Time = f(n.Cond), opt(n.Time)
		list(n.Per)
	case *Project:
		mapNamed(n.Exprs, f)
	case *Aggregate:
		mapNamed(n.Groups, f)
		for i := range n.Aggs {
			n.Aggs[i] = sem.MapAgg(n.Aggs[i], f)
		}
	case *Window:
		list(n.PartitionBy)
		n.OrderBy, _ = sem.MapKeys(n.OrderBy, f)
		for i := range n.Calls {
			c := &n.Calls[i]
			c.AggCall = sem.MapAgg(c.AggCall, f)
			c.Frame.Start.Offset, c.Frame.End.Offset = opt(c.Frame.Start.Offset), opt(c.Frame.End.Offset)
		}
	case *Sort:
		n.Keys, _ = sem.MapKeys(n.Keys, f)
	case *TopN:
		n.Keys, _ = sem.MapKeys(n.Keys, f)
	case *Distinct:
		list(n.On)
	case *HashJoin:
		mapJoinKeys(n.Keys, f)
		n.Residual = opt(n.Residual)
	case *OverlapJoin:
		mapJoinKeys(n.Keys, f)
		n.LeftStart, n.LeftEnd = f(n.LeftStart), f(n.LeftEnd)
		n.RightStart, n.RightEnd = f(n.RightStart), f(n.RightEnd)
		n.Residual = opt(n.Residual)
	case *AsofJoin:
		mapJoinKeys(n.Keys, f)
		n.LeftValue, n.RightValue, n.Bound = f(n.LeftValue), f(n.RightValue), opt(n.Bound)
		n.Residual = opt(n.Residual)
	case *RangeJoin:
		for i, b := range n.Bounds {
			n.Bounds[i] = JoinBound{f(b.Right), b.Op, f(b.Left), f(b.Cond)}
		}
		n.Residual = opt(n.Residual)
	case *NestedLoopJoin:
		n.On = opt(n.On)
	case *Values:
		for _, row := range n.Rows {
			list(row)
		}
	case *TableFunc:
		list(n.Args)
	}
}

func mapNamed(exprs []NamedExpr, f func(sem.Expr) sem.Expr) {
	for i := range exprs {
		exprs[i].Expr = f(exprs[i].Expr)
	}
}

func mapJoinKeys(keys []JoinKey, f func(sem.Expr) sem.Expr) {
	for i := range keys {
		keys[i].Left, keys[i].Right = f(keys[i].Left), f(keys[i].Right)
	}
}

// references calls f with every column that the expressions of a node refer to.
func references(n Node, f func(sem.ColID)) {
	mapExprs(n, func(e sem.Expr) sem.Expr {
		sem.References(e, f)
		return e
	})
}

// idSet is a set of columns.
type idSet map[sem.ColID]bool

// columnSet is the set of the columns that a node yields.
func columnSet(n Node) idSet {
	set := idSet{}
	for _, c := range n.Columns() {
		set[c.ID] = true
	}
	return set
}

// covers reports whether an expression refers to columns of the set only.
func (s idSet) covers(e sem.Expr) bool {
	all := true
	sem.References(e, func(id sem.ColID) { all = all && s[id] })
	return all
}

// ref is an expression for a column.
func ref(c sem.Column) *sem.ColRef {
	return &sem.ColRef{Typed: sem.Typed{Typ: c.Type}, ID: c.ID, Name: c.Name}
}

// substitute replaces columns by expressions.
func substitute(e sem.Expr, by map[sem.ColID]sem.Expr) sem.Expr {
	return sem.Rewrite(e, func(x sem.Expr) sem.Expr {
		if c, ok := x.(*sem.ColRef); ok {
			if to, ok := by[c.ID]; ok {
				return to
			}
		}
		return x
	})
}

// conjuncts splits a condition at its ANDs.
func conjuncts(e sem.Expr) []sem.Expr { return sem.Conjuncts(e) }

// Conjunction is the AND of conditions; nil of none.
func Conjunction(conds []sem.Expr) sem.Expr {
	switch len(conds) {
	case 0:
		return nil
	case 1:
		return conds[0]
	}
	at := conds[0].Span().To(conds[len(conds)-1].Span())
	return &sem.Logic{Typed: sem.Typed{Typ: conds[0].Type(), At: at}, Op: sem.And, Args: conds}
}

// filtered puts a filter over a node, unless there is no condition.
func filtered(n Node, conds []sem.Expr) Node {
	if len(conds) == 0 {
		return n
	}
	return &Filter{Input: n, Cond: Conjunction(conds)}
}

// volatile reports whether an expression may give another value when evaluated again.
func volatile(e sem.Expr) bool {
	return sem.Any(e, func(x sem.Expr) bool {
		c, ok := x.(*sem.Call)
		return ok && c.Fn.Volatile
	})
}
