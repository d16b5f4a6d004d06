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
		l.Percent = q.percent(n.Limit)
	} else if n.Limit != nil {
		l.Count = q.rowCount(n.Limit, "LIMIT", -1)
	}
	if n.Offset != nil {
		l.Offset = q.rowCount(n.Offset, "OFFSET", 0)
	}
	if l.Count < 0 && l.Offset == 0 && math.IsNaN(l.Percent) {
		return nil
	}
	return l
}

// rowCount computes a number of rows; NULL means the default.
func (q queryBinder) rowCount(e ast.Expr, what string, def int64) int64 {
	c := q.limitConst(e, what)
	if c == nil || c.Value.IsNull(0) || isNull(c.Typ) {
		return def
	}
	if !isNumeric(c.Typ) && !isStringConst(c) {
		q.fail(e.Span(), "%s needs a number of rows, not %s", what, aType(c.Typ))
		return def
	}
	n := q.constant(q.convert(c, functions.BigInt), what)
	if n == nil {
		return def
	}
	if v := intValue(n); v >= 0 {
		return v
	}
	q.fail(e.Span(), "%s cannot be negative", what)
	return def
}

// percent computes a share of rows.
func (q queryBinder) percent(e ast.Expr) float64 {
	c := q.limitConst(e, "LIMIT")
	if c == nil || isNull(c.Typ) {
		return math.NaN()
	}
	d := q.constant(q.convert(c, functions.Double), "LIMIT")
	if d == nil || d.Value.IsNull(0) {
		return math.NaN()
	}
	v := kernel.Value(d.Value, 0).(float64)
	if v < 0 || v > 100 {
		q.fail(e.Span(), "LIMIT must be between 0 and 100 per cent")
		return math.NaN()
	}
	return v
}

func (q queryBinder) limitConst(e ast.Expr, what string) *Const {
	return q.constant(q.constants(what).expr(e), what)
}
