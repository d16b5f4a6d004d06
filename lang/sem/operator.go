package sem

import (
	"strings"

	"tq/functions"
	"tq/lang/ast"
	"tq/lang/source"
)

// unary binds -x, +x, ~x and NOT x.
func (b *exprBinder) unary(e *ast.Unary) Expr {
	switch e.Op {
	case "NOT":
		return not(b.boolean(b.expr(e.X), "NOT"), e.Span())
	case "+":
		return b.expr(e.X)
	case "-":
		if lit, ok := e.X.(*ast.Literal); ok && lit.Kind == ast.Number {
			return b.number("-"+lit.Text, e.Span())
		}
	}
	return b.call(e.Op, e.Span(), []Expr{b.expr(e.X)})
}

// not negates a condition.
func not(x Expr, at source.Span) Expr {
	if x == nil {
		return nil
	}
	return &Logic{Typed: Typed{functions.Boolean, at}, Op: Not, Args: []Expr{x}}
}

// binary binds l op r. Chains such as a + b + c lean to the left and can be long, so
// they are followed in a loop.
func (b *exprBinder) binary(e *ast.Binary) Expr {
	if e.Op == "AND" || e.Op == "OR" {
		return b.logic(e)
	}
	var chain []*ast.Binary
	var left ast.Expr = e
	for {
		l, ok := left.(*ast.Binary)
		if !ok || l.Op == "AND" || l.Op == "OR" || isRow(l.L) {
			break
		}
		chain = append(chain, l)
		left = l.L
	}
	if len(chain) > maxDepth {
		b.fail(e.Span(), "the expression is nested more than %d deep", maxDepth)
		return nil
	}
	if len(chain) == 0 {
		return b.rowOperator(e)
	}
	x := b.expr(left)
	for i := len(chain) - 1; i >= 0; i-- {
		x = b.operator(chain[i], x, b.expr(chain[i].R))
	}
	return x
}

// operator applies a binary operator to bound operands.
func (b *exprBinder) operator(e *ast.Binary, l, r Expr) Expr {
	switch e.Op {
	case "=", "<>", "<", "<=", ">", ">=":
		return b.compare(e.Op, e.Span(), l, r)
	}
	return b.call(e.Op, e.Span(), []Expr{l, r})
}

// logic binds a chain of AND or OR as one flat list.
func (b *exprBinder) logic(e *ast.Binary) Expr {
	out := &Logic{Typed: Typed{functions.Boolean, e.Span()}, Op: And}
	if e.Op == "OR" {
		out.Op = Or
	}
	ok := true
	for _, term := range terms(e, e.Op) {
		x := b.boolean(b.expr(term), e.Op)
		ok = ok && x != nil
		if inner, flat := x.(*Logic); flat && inner.Op == out.Op {
			out.Args = append(out.Args, inner.Args...)
		} else {
			out.Args = append(out.Args, x)
		}
	}
	if !ok {
		return nil
	}
	return out
}

// terms lists the operands of a chain of one operator, from left to right, without
// recursion.
func terms(e *ast.Binary, op string) []ast.Expr {
	var reversed []ast.Expr
	stack := []ast.Expr{e}
	for len(stack) > 0 {
		top := stack[len(stack)-1]
		stack = stack[:len(stack)-1]
		if bin, ok := top.(*ast.Binary); ok && bin.Op == op {
			stack = append(stack, bin.L, bin.R)
			continue
		}
		reversed = append(reversed, top)
	}
	for i, j := 0, len(reversed)-1; i < j; i, j = i+1, j-1 {
		reversed[i], reversed[j] = reversed[j], reversed[i]
	}
	return reversed
}

func isRow(e ast.Expr) bool {
	_, ok := e.(*ast.Row)
	return ok
}

// rowOperator binds an operator between lists in parentheses.
func (b *exprBinder) rowOperator(e *ast.Binary) Expr {
	l, _ := e.L.(*ast.Row)
	r, ok := e.R.(*ast.Row)
	switch e.Op {
	case "OVERLAPS":
		return b.overlaps(e)
	case "->":
		return b.strayLambda(e.Span())
	}
	if !ok || len(l.Elems) != len(r.Elems) {
		b.fail(e.Span(), "a list of %d expressions can only be compared with one as long", len(l.Elems))
		return nil
	}
	left, right, at := b.exprList(l.Elems), b.exprList(r.Elems), e.Span()
	switch e.Op {
	case "=":
		return b.rowEqual(at, left, right)
	case "<>":
		return not(b.rowEqual(at, left, right), at)
	case "<", ">", "<=", ">=":
		return b.rowOrder(e.Op, at, left, right)
	}
	b.fail(at, "%s cannot be applied to lists", e.Op)
	return nil
}

// rowOrder compares lists by one of < > <= >=.
func (b *exprBinder) rowOrder(op string, at source.Span, left, right []Expr) Expr {
	switch op {
	case "<":
		return b.rowLess(at, left, right)
	case ">":
		return b.rowLess(at, right, left)
	case "<=":
		return not(b.rowLess(at, right, left), at)
	}
	return not(b.rowLess(at, left, right), at)
}

func (b *exprBinder) exprList(list []ast.Expr) []Expr {
	list = b.unpack(list)
	out := make([]Expr, len(list))
	for i, e := range list {
		out[i] = b.expr(e)
	}
	return out
}

// rowEqual compares lists part by part. In a list NULL is a value: it equals NULL.
func (b *exprBinder) rowEqual(at source.Span, l, r []Expr) Expr {
	conds := make([]Expr, len(l))
	for i := range l {
		if conds[i] = b.same(at, l[i], r[i]); conds[i] == nil {
			return nil
		}
	}
	return conjunction(conds)
}

// rowLess compares lists as words are compared: by the first parts that differ.
func (b *exprBinder) rowLess(at source.Span, l, r []Expr) Expr {
	typ := Typed{functions.Boolean, at}
	var less Expr
	for i := len(l) - 1; i >= 0; i-- {
		before, equal := b.precedes(at, l[i], r[i]), b.same(at, l[i], r[i])
		switch {
		case before == nil || equal == nil:
			return nil
		case less == nil:
			less = before
		default:
			less = &Logic{Typed: typ, Op: Or, Args: []Expr{before, &Logic{Typed: typ, Op: And, Args: []Expr{equal, less}}}}
		}
	}
	return less
}

// same is the condition that two values, of which NULL is one, don't differ.
func (b *binder) same(at source.Span, l, r Expr) Expr {
	l, r = b.comparable(at, l, r)
	return b.call("is not distinct from", at, []Expr{l, r})
}

// precedes is the condition that a value comes before another, and all before NULL.
func (b *binder) precedes(at source.Span, l, r Expr) Expr {
	less := b.call("is true", at, []Expr{b.compare("<", at, l, r)})
	known, unknown := b.call("is not null", at, []Expr{l}), b.call("is null", at, []Expr{r})
	if less == nil || known == nil || unknown == nil {
		return nil
	}
	typ := Typed{functions.Boolean, at}
	return &Logic{Typed: typ, Op: Or, Args: []Expr{less, &Logic{Typed: typ, Op: And, Args: []Expr{known, unknown}}}}
}

// between binds x BETWEEN lo AND hi as two comparisons.
func (b *exprBinder) between(e *ast.Between) Expr {
	x := b.expr(e.X)
	lo := b.compare(">=", e.Span(), x, b.expr(e.Lo))
	hi := b.compare("<=", e.Span(), x, b.expr(e.Hi))
	if lo == nil || hi == nil {
		return nil
	}
	out := conjunction([]Expr{lo, hi})
	if e.Not {
		return not(out, e.Span())
	}
	return out
}

// is binds the tests with IS.
func (b *exprBinder) is(e *ast.Is) Expr {
	x := b.expr(e.X)
	if x == nil {
		return nil
	}
	is := "is "
	if e.Not {
		is = "is not "
	}
	switch e.Kind {
	case ast.IsTrue:
		return b.call(is+"true", e.Span(), []Expr{b.boolean(x, "IS TRUE")})
	case ast.IsFalse:
		return b.call(is+"false", e.Span(), []Expr{b.boolean(x, "IS FALSE")})
	case ast.IsUnknown:
		return b.call(is+"null", e.Span(), []Expr{b.boolean(x, "IS UNKNOWN")})
	case ast.IsDistinctFrom:
		l, r := b.comparable(e.Span(), x, b.expr(e.Y))
		return b.call(is+"distinct from", e.Span(), []Expr{l, r})
	}
	return b.call(is+"null", e.Span(), []Expr{x})
}

// like binds the pattern matches.
func (b *exprBinder) like(e *ast.Like) Expr {
	args := []Expr{b.expr(e.X), b.expr(e.Pattern)}
	if e.Escape != nil {
		args = append(args, b.expr(e.Escape))
	}
	out := b.call(strings.ToLower(e.Op), e.Span(), args)
	if e.Not {
		return not(out, e.Span())
	}
	return out
}
