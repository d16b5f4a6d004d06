package sem

import (
	"strings"

	"tq/functions"
	"tq/lang/ast"
	"tq/lang/source"
)

// A month has no fixed length, so that an interval of months is no DURATION. It is
// understood where it is added to a time or taken from one.

// monthsOf reads an interval as written if it has months: INTERVAL '1 year 2 days',
// INTERVAL 3 MONTH. The months are an expression, since INTERVAL (x) MONTH takes any;
// nanos are the rest.
func (b *exprBinder) monthsOf(e ast.Expr) (months Expr, nanos int64, ok bool) {
	switch e := e.(type) {
	case *ast.Literal:
		if e.Kind != ast.Typed || e.Type == nil || e.Type.Name != "INTERVAL" && e.Type.Name != "DURATION" {
			return nil, 0, false
		}
		n, nanos, err := functions.ParseInterval(e.Text)
		if err != nil || n == 0 {
			return nil, 0, false
		}
		return bigintConst(n, e.Span()), nanos, true
	case *ast.Interval:
		scale, ok := monthFunctions[e.Function()]
		if !ok {
			return nil, 0, false
		}
		x := b.amount(e)
		if x == nil {
			return nil, 0, true
		}
		return b.call("*", e.Span(), []Expr{b.convert(x, functions.BigInt), bigintConst(scale, e.Span())}), 0, true
	case *ast.Call:
		scale, ok := monthFunctions[strings.ToLower(e.Name.Name)]
		if !ok || len(e.Args) != 1 || e.Args[0].Expr == nil {
			return nil, 0, false
		}
		x := b.expr(e.Args[0].Expr)
		if x == nil {
			return nil, 0, true
		}
		return b.call("*", e.Span(), []Expr{b.convert(x, functions.BigInt), bigintConst(scale, e.Span())}), 0, true
	}
	return nil, 0, false
}

// monthFunctions make intervals of months, in which they count.
var monthFunctions = map[string]int64{
	"to_months": 1, "to_quarters": 3, "to_years": 12, "to_decades": 120, "to_centuries": 1200, "to_millennia": 12000,
}

// shiftMonths binds x + interval and x - interval, and interval + x, if the interval has
// months.
func (b *exprBinder) shiftMonths(op string, at source.Span, l, r ast.Expr) (Expr, bool) {
	if op != "+" && op != "-" {
		return nil, false
	}
	months, nanos, ok := b.monthsOf(r)
	if !ok && op == "+" {
		months, nanos, ok = b.monthsOf(l)
		l = r
	}
	if !ok {
		return nil, false
	}
	return b.addInterval(op, at, b.expr(l), months, nanos), true
}

// addInterval adds months, and then what is left, to a time.
func (b *binder) addInterval(op string, at source.Span, x, months Expr, nanos int64) Expr {
	if x == nil || months == nil {
		return nil
	}
	if op == "-" {
		months = b.call("-", at, []Expr{months})
	}
	if isStringConst(x) || !isTemporal(x.Type()) && !isNull(x.Type()) || x.Type().ID() == functions.Duration.ID() || x.Type().ID() == functions.Time.ID() {
		b.fail(at, "months can only be added to a date or a timestamp, but this is %s", aType(x.Type()))
		return nil
	}
	out := b.call("add_months", at, []Expr{x, months})
	if nanos != 0 {
		out = b.call(op, at, []Expr{out, durationConst(nanos, at)})
	}
	return out
}
