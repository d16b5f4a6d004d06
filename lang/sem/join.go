package sem

import (
	"slices"
	"strings"

	"tq/functions"
	"tq/lang/ast"
)

// join binds a join of two table expressions.
func (q queryBinder) join(t *ast.Join) (Source, *scope) {
	left, lsc := q.tableExpr(t.Left, nil)
	right, rsc := q.tableExpr(t.Right, lsc)
	if t.Kind == ast.PositionalJoin {
		return q.positionalJoin(t, left, right, lsc, rsc)
	}
	src := &JoinSource{Kind: t.Kind, Left: left, Right: right}
	if (t.Asof || !takesLateral(t.Kind)) && isLateral(right, left) {
		q.fail(t.Right.Span(), "a subquery that refers to the left side can only stand in an inner, left or cross join")
		return brokenSource()
	}
	both := lsc.join(rsc)
	out := both
	before := len(q.errs)
	using := t.Using
	if t.Natural {
		using = q.commonColumns(t, lsc, rsc)
	}
	switch {
	case len(using) > 0:
		src.On, out = q.using(t, using, lsc, rsc)
	case t.On != nil:
		b := exprBinder{queryBinder: q, scope: both, clause: "ON"}
		src.On = b.condition(t.On)
	}
	switch {
	case t.Asof && len(q.errs) == before && src.On != nil:
		q.asof(t, src)
	case t.Tolerance != nil && !t.Asof:
		q.fail(t.Tolerance.Span(), "TOLERANCE belongs to an ASOF JOIN").WithHint("write ASOF JOIN")
	}
	if t.Kind == ast.SemiJoin || t.Kind == ast.AntiJoin {
		out = lsc
	}
	return src, out
}

// isLateral reports whether a subquery in FROM refers to what stands on its left, not
// only to what encloses both.
func isLateral(src, left Source) bool {
	s, ok := src.(*QuerySource)
	if !ok || len(s.Outer) == 0 {
		return false
	}
	columns := columnsOf(left)
	return slices.ContainsFunc(s.Outer, func(o NamedExpr) bool { return refersTo(o.Expr, columns) })
}

func takesLateral(kind ast.JoinKind) bool {
	return kind == ast.InnerJoin || kind == ast.LeftJoin || kind == ast.CrossJoin
}

// commonColumns are the names that NATURAL joins by.
func (q queryBinder) commonColumns(t *ast.Join, left, right *scope) []ast.Ident {
	var names []ast.Ident
	for _, l := range left.visible {
		if !l.hidden && len(right.findVisible(l.name)) > 0 {
			names = append(names, ast.Ident{Pos: ast.Pos{At: t.Right.Span()}, Name: l.name})
		}
	}
	if len(names) == 0 && !left.broken() && !right.broken() {
		q.fail(t.Span(), "the two sides of the NATURAL JOIN have no column in common")
	}
	return names
}

// using makes the condition of USING (names), and the scope in which each of the names
// stands once: for the value of the side that always has one, of either for a full join.
// The last column of an ASOF join is the one in which the right side comes first.
func (q queryBinder) using(t *ast.Join, names []ast.Ident, left, right *scope) (Expr, *scope) {
	out := left.join(right)
	out.visible = nil
	merged := map[int]Expr{}
	dropped := map[int]bool{}
	var conds []Expr
	for i, name := range names {
		li, l := q.usingColumn(left, name, "left")
		ri, r := q.usingColumn(right, name, "right")
		if l == nil || r == nil {
			out.rels = append(out.rels, &relation{broken: true})
			continue
		}
		op := "="
		if t.Asof && i == len(names)-1 {
			op = ">="
		}
		cond := q.compare(op, name.Span(), l, r)
		if cond == nil {
			continue
		}
		conds = append(conds, cond)
		switch t.Kind {
		case ast.RightJoin:
			merged[li] = r
		case ast.FullJoin:
			merged[li] = q.call("coalesce", name.Span(), cond.(*Call).Args)
		default:
			merged[li] = l
		}
		dropped[ri] = true
	}
	for i, v := range left.visible {
		if e, ok := merged[i]; ok {
			v.expr = e
		}
		out.visible = append(out.visible, v)
	}
	for i, v := range right.visible {
		if !dropped[i] {
			out.visible = append(out.visible, v)
		}
	}
	return conjunction(conds), out
}

// usingColumn finds a column of USING on one side.
func (q queryBinder) usingColumn(s *scope, name ast.Ident, side string) (int, Expr) {
	found := -1
	for i, v := range s.visible {
		if !strings.EqualFold(v.name, name.Name) {
			continue
		}
		if found >= 0 {
			q.fail(name.Span(), "column %q stands more than once on the %s side of the join", name.Name, side)
			return -1, nil
		}
		found = i
	}
	if found < 0 {
		if !s.broken() {
			e := q.fail(name.Span(), "column %q does not exist on the %s side of the join", name.Name, side)
			suggest(e, name.Name, s.names())
		}
		return -1, nil
	}
	return found, s.visible[found].expr
}

// Conjuncts splits a condition at its ANDs.
func Conjuncts(e Expr) []Expr {
	if e == nil {
		return nil
	}
	l, ok := e.(*Logic)
	if !ok || l.Op != And {
		return []Expr{e}
	}
	var out []Expr
	for _, a := range l.Args {
		out = append(out, Conjuncts(a)...)
	}
	return out
}

// conjunction is the AND of conditions; nil of none.
func conjunction(conds []Expr) Expr {
	switch len(conds) {
	case 0:
		return nil
	case 1:
		return conds[0]
	}
	return &Logic{Typed: Typed{functions.Boolean, conds[0].Span()}, Op: And, Args: conds}
}
