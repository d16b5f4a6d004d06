package plan

import "tq/lang/sem"

// mergeProjects removes projections that do nothing and computes two in a row as one,
// where that evaluates nothing twice.
func mergeProjects(_ *optimizer, root Node) Node {
	return transform(root, func(n Node) Node {
		p, ok := n.(*Project)
		if !ok {
			return n
		}
		for {
			inner, ok := p.Input.(*Project)
			if !ok || !mergeable(p, inner) {
				break
			}
			by := definitions(inner)
			merged := &Project{Input: inner.Input}
			for _, e := range p.Exprs {
				merged.Exprs = append(merged.Exprs, NamedExpr{Out: e.Out, Expr: substitute(e.Expr, by)})
			}
			p = merged
		}
		if passesAll(p) {
			return p.Input
		}
		return p
	})
}

// definitions maps the columns of a projection to what they are.
func definitions(p *Project) map[sem.ColID]sem.Expr {
	by := make(map[sem.ColID]sem.Expr, len(p.Exprs))
	for _, e := range p.Exprs {
		by[e.Out.ID] = e.Expr
	}
	return by
}

// mergeable reports whether the outer projection refers to each column that the inner
// one really computes at most once.
func mergeable(outer, inner *Project) bool {
	uses := map[sem.ColID]int{}
	for _, e := range outer.Exprs {
		sem.References(e.Expr, func(id sem.ColID) { uses[id]++ })
	}
	for _, e := range inner.Exprs {
		if volatile(e.Expr) || uses[e.Out.ID] > 1 && !trivial(e.Expr) {
			return false
		}
	}
	return true
}

// trivial reports whether an expression costs nothing to evaluate again.
func trivial(e sem.Expr) bool {
	switch e.(type) {
	case *sem.ColRef, *sem.Const:
		return true
	}
	return false
}

// passesAll reports whether a projection yields just the columns of its input.
func passesAll(p *Project) bool {
	in := p.Input.Columns()
	if len(in) != len(p.Exprs) {
		return false
	}
	for i, e := range p.Exprs {
		c, ok := e.Expr.(*sem.ColRef)
		if !ok || c.ID != e.Out.ID || in[i].ID != c.ID {
			return false
		}
	}
	return true
}
