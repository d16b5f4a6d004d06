package sem

import (
	"tq/functions"
	"tq/lang/ast"
)

// interval binds INTERVAL x UNIT. Only seconds and milliseconds have parts: of other units
// there are as many as x has before its point.
func (b *exprBinder) interval(e *ast.Interval) Expr {
	x := b.expr(e.X)
	switch {
	case x == nil:
		return nil
	case !isInteger(x.Type()) && e.Unit != "SECOND" && e.Unit != "MILLISECOND":
		x = b.convert(b.call("trunc", e.Span(), []Expr{b.convert(x, functions.Double)}), functions.BigInt)
	case isStringConst(x):
		x = b.convert(x, functions.Double)
	}
	if x == nil {
		return nil
	}
	return b.call(e.Function(), e.Span(), []Expr{x})
}
