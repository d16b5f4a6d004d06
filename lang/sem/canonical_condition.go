package sem

import (
	"slices"
	"strings"

	"tq/lang/ast"
)

func (w *canonical) unary(e *ast.Unary) {
	if e.Op == "NOT" {
		w.not(e.X)
		return
	}
	if lit, ok := e.X.(*ast.Literal); ok && e.Op == "-" && lit.Kind == ast.Number {
		w.write("-", canonicalNumber(lit.Text))
		return
	}
	w.write(e.Op, "(")
	w.expr(e.X)
	w.write(")")
}

// not writes the negation of a condition, which is a comparison turned round where it is
// one.
func (w *canonical) not(x ast.Expr) {
	switch e := x.(type) {
	case *ast.Binary:
		if op, ok := negatedComparisons[e.Op]; ok {
			w.infix(e.L, op, e.R)
			return
		}
	case *ast.Is:
		if e.Kind != ast.IsNull && e.Kind != ast.IsUnknown {
			turned := *e
			turned.Not = !e.Not
			w.is(&turned)
			return
		}
	case *ast.In:
		if e.Query == nil && !e.Not {
			turned := *e
			turned.Not = true
			w.in(&turned)
			return
		}
	}
	w.write("(NOT ")
	w.expr(x)
	w.write(")")
}

var negatedComparisons = map[string]string{"=": "!=", "<>": "=", "<": ">=", "<=": ">", ">": "<=", ">=": "<"}

func (w *canonical) infix(l ast.Expr, op string, r ast.Expr) {
	w.write("(")
	w.expr(l)
	w.write(" ", op, " ")
	w.expr(r)
	w.write(")")
}

// binary follows chains of operators, which lean to the left, in a loop.
func (w *canonical) binary(e *ast.Binary) {
	switch e.Op {
	case "~", "!~":
		w.like(&ast.Like{Not: e.Op == "!~", Op: "SIMILAR TO", X: e.L, Pattern: e.R})
		return
	case "AND", "OR":
		w.write("(")
		for i, x := range terms(e, e.Op) {
			if i > 0 {
				w.write(" ", e.Op, " ")
			}
			w.expr(x)
		}
		w.write(")")
		return
	}
	var chain []*ast.Binary
	var left ast.Expr = e
	for {
		b, ok := left.(*ast.Binary)
		if !ok || slices.Contains([]string{"AND", "OR", "~", "!~"}, b.Op) {
			break
		}
		chain = append(chain, b)
		left = b.L
	}
	for range chain {
		w.write("(")
	}
	w.expr(left)
	for _, b := range slices.Backward(chain) {
		op := b.Op
		if op == "<>" {
			op = "!="
		}
		w.write(" ", op, " ")
		w.expr(b.R)
		w.write(")")
	}
}

// negated writes a condition, within (NOT …) if not is set.
func (w *canonical) negated(not bool, condition func()) {
	if not {
		w.write("(NOT ")
	}
	condition()
	if not {
		w.write(")")
	}
}

func (w *canonical) between(e *ast.Between) {
	w.negated(e.Not, func() {
		w.write("(")
		w.expr(e.X)
		w.write(" BETWEEN ")
		w.expr(e.Lo)
		w.write(" AND ")
		w.expr(e.Hi)
		w.write(")")
	})
}

func (w *canonical) in(e *ast.In) {
	if e.Query != nil {
		w.negated(e.Not, func() { w.any(e.X, "=", e.Query) })
		return
	}
	w.write("(")
	w.expr(e.X)
	if e.Not {
		w.write(" NOT")
	}
	w.write(" IN (")
	w.exprs(e.List)
	w.write("))")
}

// quantified writes x op ALL (query) as NOT (x negated-op ANY (query)).
func (w *canonical) quantified(e *ast.Quantified) {
	op := e.Op
	if e.All {
		op = negatedComparisons[op]
	} else if op == "<>" {
		op = "!="
	}
	w.negated(e.All, func() { w.any(e.X, op, quantifiedQuery(e)) })
}

func (w *canonical) any(x ast.Expr, op string, q *ast.Query) {
	w.write("(")
	w.expr(x)
	w.write(" ", op, " ANY(")
	w.query(q)
	w.write("))")
}

func (w *canonical) is(e *ast.Is) {
	not := ""
	if e.Not {
		not = "NOT "
	}
	w.write("(")
	switch e.Kind {
	case ast.IsNull, ast.IsUnknown:
		w.expr(e.X)
		w.write(" IS ", not, "NULL")
	case ast.IsDistinctFrom:
		w.expr(e.X)
		w.write(" IS ", not, "DISTINCT FROM ")
		w.expr(e.Y)
	default:
		truth := "true"
		if e.Kind == ast.IsFalse {
			truth = "false"
		}
		w.write("CAST(")
		w.expr(e.X)
		w.write(" AS BOOLEAN) IS ")
		if !e.Not {
			w.write("NOT ")
		}
		w.write("DISTINCT FROM ", truth)
	}
	w.write(")")
}

// likeOperators are the operators that the words stand for, without and with NOT.
var likeOperators = map[string][2]string{"LIKE": {"~~", "!~~"}, "ILIKE": {"~~*", "!~~*"}, "GLOB": {"~~~", ""}}

func (w *canonical) like(e *ast.Like) {
	ops, ok := likeOperators[e.Op]
	switch {
	case e.Escape != nil:
		name := strings.ToLower(e.Op) + "_escape"
		if e.Not {
			name = "not_" + name
		}
		w.write("main.", name, "(")
		w.exprs([]ast.Expr{e.X, e.Pattern, e.Escape})
		w.write(")")
	case !ok: // SIMILAR TO
		w.negated(e.Not, func() {
			w.write("regexp_full_match(")
			w.exprs([]ast.Expr{e.X, e.Pattern})
			w.write(")")
		})
	case e.Not && ops[1] != "":
		w.infix(e.X, ops[1], e.Pattern)
	default:
		w.negated(e.Not, func() { w.infix(e.X, ops[0], e.Pattern) })
	}
}

func (w *canonical) caseExpr(e *ast.Case) {
	w.write("CASE ")
	for _, when := range e.Whens {
		w.write(" WHEN (")
		if e.Operand != nil {
			w.infix(e.Operand, "=", when.Cond)
		} else {
			w.expr(when.Cond)
		}
		w.write(") THEN (")
		w.expr(when.Then)
		w.write(")")
	}
	w.write(" ELSE ")
	if e.Else != nil {
		w.expr(e.Else)
	} else {
		w.write("NULL")
	}
	w.write(" END")
}
