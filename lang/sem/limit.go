package sem

import (
	"math"

	"tq/functions"
	"tq/functions/kernel"
	"tq/lang/ast"
)

// limit computes LIMIT and OFFSET; nil without either.
func (q queryBinder) limit(n *ast.Query) *Limit {
	if n.Limit == nil && n.Offset == nil {
		return nil
	}
	l := &Limit{Count: -1, Percent: math.NaN()}
	if n.Limit != nil && n.Percent {
		l.Percent, l.PercentExpr = q.percent(n.Limit)
	} else if n.Limit != nil {
		l.Count, l.CountExpr = q.rowCount(n.Limit, "LIMIT", -1)
	}
	if n.Offset != nil {
		l.Offset, l.OffsetExpr = q.rowCount(n.Offset, "OFFSET", 0)
	}
	if l.Count < 0 && l.Offset == 0 && math.IsNaN(l.Percent) && !l.Computed() {
		return nil
	}
	return l
}

// Computed reports whether a number of rows is told only by a subquery.
func (l *Limit) Computed() bool {
	return l.CountExpr != nil || l.OffsetExpr != nil || l.PercentExpr != nil
}

// rowCount computes a number of rows; NULL means the default. What only a subquery tells
// is returned as an expression, which fails where the number is negative.
func (q queryBinder) rowCount(e ast.Expr, what string, def int64) (int64, Expr) {
	x := q.constants(what).expr(e)
	if x == nil {
		return def, nil
	}
	if !isNumeric(x.Type()) && !isNull(x.Type()) && !isStringConst(x) {
		q.fail(e.Span(), "%s needs a number of rows, not %s", what, aType(x.Type()))
		return def, nil
	}
	if containsSubquery(x) {
		return def, q.convert(&Cast{Typed: Typed{functions.UBigInt, e.Span()}, Arg: x}, functions.HugeInt)
	}
	c := q.constant(x, what)
	if c == nil || c.Value.IsNull(0) || isNull(c.Typ) {
		return def, nil
	}
	n := q.constant(q.convert(c, functions.BigInt), what)
	if n == nil {
		return def, nil
	}
	if v := intValue(n); v >= 0 {
		return v, nil
	}
	q.fail(e.Span(), "%s cannot be negative", what)
	return def, nil
}

func containsSubquery(e Expr) bool {
	return Any(e, func(x Expr) bool {
		_, ok := x.(*Subquery)
		return ok
	})
}

// percent computes a share of rows; what only a subquery tells is returned as an expression.
func (q queryBinder) percent(e ast.Expr) (float64, Expr) {
	x := q.constants("LIMIT").expr(e)
	if x == nil || isNull(x.Type()) {
		return math.NaN(), nil
	}
	if x = q.convert(x, functions.Double); x != nil && containsSubquery(x) {
		return math.NaN(), x
	}
	d := q.constant(x, "LIMIT")
	if d == nil || d.Value.IsNull(0) {
		return math.NaN(), nil
	}
	v := kernel.Value(d.Value, 0).(float64)
	if v < 0 || v > 100 {
		q.fail(e.Span(), "LIMIT must be between 0 and 100 per cent")
		return math.NaN(), nil
	}
	return v, nil
}
