package sem

import (
	"tq/functions"
	"tq/lang/ast"
)

// interval binds INTERVAL x UNIT. Only seconds and milliseconds have parts: of other units
// there are as many as x has before its point.
func (b *exprBinder) interval(e *ast.Interval) Expr {
	if _, months := monthFunctions[e.Function()]; months {
		b.fail(e.Span(), "an interval of months has no fixed length, so it is no DURATION").
			WithHint("it can be added to a date or a timestamp, and taken from one")
		return nil
	}
	x := b.amount(e)
	if x == nil {
		return nil
	}
	return b.call(e.Function(), e.Span(), []Expr{x})
}

// amount binds the number of an interval.
func (b *exprBinder) amount(e *ast.Interval) Expr {
	x := b.expr(e.X)
	if x == nil {
		return nil
	}
	if !isInteger(x.Type()) && e.Unit != "SECOND" && e.Unit != "MILLISECOND" {
		return b.convert(b.call("trunc", e.Span(), []Expr{b.convert(x, functions.Double)}), functions.BigInt)
	}
	if isStringConst(x) {
		return b.convert(x, functions.Double)
	}
	return x
}
