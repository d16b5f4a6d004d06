package sem

import (
	"tq/functions"
	"tq/lang/ast"
)

// overlaps binds (a, b) OVERLAPS (c, d).
func (b *exprBinder) overlaps(e *ast.Binary) Expr {
	l, lok := e.L.(*ast.Row)
	r, rok := e.R.(*ast.Row)
	if !lok || !rok || len(l.Elems) != 2 || len(r.Elems) != 2 {
		b.fail(e.Span(), "OVERLAPS compares two intervals").
			WithHint("write (start, end) OVERLAPS (start, end)")
		return nil
	}
	ends := append(b.exprList(l.Elems), b.exprList(r.Elems)...)
	for _, x := range ends {
		if x == nil {
			return nil
		}
	}
	t := b.comparableType(e.Span(), ends)
	if t == nil {
		return nil
	}
	for i, x := range ends {
		if ends[i] = b.convert(x, t); ends[i] == nil {
			return nil
		}
	}
	out := &Overlaps{
		Typed:     Typed{functions.Boolean, e.Span()},
		LeftStart: ends[0], LeftEnd: ends[1], RightStart: ends[2], RightEnd: ends[3],
	}
	for _, op := range []string{"=", "<", "<="} {
		if b.call(op, e.Span(), []Expr{ends[0], ends[2]}) == nil {
			return nil
		}
	}
	return out
}

// lowerOverlaps makes comparisons of OVERLAPS: with each interval's ends in order, the
// starts are equal, or each start lies before the other's end.
func lowerOverlaps(o *Overlaps) Expr {
	cmp := func(op string, l, r Expr) Expr { return Respan(Operator(op, l, r), o.At) }
	// Neither branch applies when an end is NULL, which makes both ends NULL and with
	// them the whole condition.
	ordered := func(a, b Expr) (start, end Expr) {
		typ := Typed{a.Type(), o.At}
		forward, backward := cmp("<=", a, b), cmp("<", b, a)
		start = &Case{Typed: typ, Whens: []When{{forward, a}, {backward, b}}}
		end = &Case{Typed: typ, Whens: []When{{forward, b}, {backward, a}}}
		return start, end
	}
	ls, le := ordered(o.LeftStart, o.LeftEnd)
	rs, re := ordered(o.RightStart, o.RightEnd)
	both := &Logic{Typed: o.Typed, Op: And, Args: []Expr{cmp("<", ls, re), cmp("<", rs, le)}}
	return &Logic{Typed: o.Typed, Op: Or, Args: []Expr{cmp("=", ls, rs), both}}
}
