package sysdig

import (
	"tq/lang/ast"
	"tq/lang/source"
)

// builder makes expressions that stand at the place of a check, so that what is wrong
// with them is shown there.
type builder struct{ ast.Pos }

func (b builder) text(s string) ast.Expr {
	return &ast.Literal{Pos: b.Pos, Kind: ast.String, Text: s}
}

func (b builder) number(digits string) ast.Expr {
	if digits[0] == '-' {
		return &ast.Unary{Pos: b.Pos, Op: "-", X: b.number(digits[1:])}
	}
	return &ast.Literal{Pos: b.Pos, Kind: ast.Number, Text: digits}
}

func (b builder) truth(holds bool) ast.Expr {
	if holds {
		return &ast.Literal{Pos: b.Pos, Kind: ast.True}
	}
	return &ast.Literal{Pos: b.Pos, Kind: ast.False}
}

func (b builder) binary(l ast.Expr, op string, r ast.Expr) ast.Expr {
	return &ast.Binary{Pos: b.Pos, Op: op, OpAt: b.Pos, L: l, R: r}
}

func (b builder) call(name string, args ...ast.Expr) ast.Expr {
	c := &ast.Call{Pos: b.Pos, Name: ast.Ident{Pos: b.Pos, Name: name}}
	for _, a := range args {
		c.Args = append(c.Args, ast.Arg{Expr: a})
	}
	return c
}

func (b builder) not(x ast.Expr) ast.Expr { return &ast.Unary{Pos: b.Pos, Op: "NOT", X: x} }

func (b builder) isNull(x ast.Expr, not bool) ast.Expr {
	return &ast.Is{Pos: b.Pos, Kind: ast.IsNull, X: x, Not: not}
}

func (b builder) distinct(x, y ast.Expr, not bool) ast.Expr {
	return &ast.Is{Pos: b.Pos, Kind: ast.IsDistinctFrom, X: x, Y: y, Not: not}
}

func (b builder) notTrue(x ast.Expr) ast.Expr {
	return &ast.Is{Pos: b.Pos, Kind: ast.IsTrue, X: x, Not: true}
}

func (b builder) in(x ast.Expr, list []ast.Expr) ast.Expr {
	return &ast.In{Pos: b.Pos, X: x, List: list}
}

func (b builder) glob(x, pattern ast.Expr) ast.Expr {
	return &ast.Like{Pos: b.Pos, Op: "GLOB", X: x, Pattern: pattern}
}

func (b builder) list(elems []ast.Expr) ast.Expr { return &ast.ListLit{Pos: b.Pos, Elems: elems} }

// withNA is a field, or <NA> where the event lacks it but has another one.
func (b builder) withNA(x, witness ast.Expr) ast.Expr {
	na := b.call("coalesce", x, b.text(notAvailable))
	return &ast.Case{Pos: b.Pos, Whens: []ast.When{{Cond: b.isNull(witness, true), Then: na}}}
}

// chain joins expressions by AND or OR.
func chain(op string, terms []ast.Expr) ast.Expr {
	out := terms[0]
	for _, t := range terms[1:] {
		at := ast.Pos{At: out.Span().To(t.Span())}
		out = &ast.Binary{Pos: at, Op: op, OpAt: at, L: out, R: t}
	}
	return out
}

func at(span source.Span) builder { return builder{ast.Pos{At: span}} }
