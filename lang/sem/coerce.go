package sem

import (
	"slices"

	"github.com/apache/arrow/go/v17/arrow"

	"tq/functions"
	"tq/functions/kernel"
	"tq/lang/source"
)

func isNull(t arrow.DataType) bool { return t.ID() == arrow.NULL }

func isInteger(t arrow.DataType) bool {
	if d, ok := t.(*arrow.Decimal128Type); ok {
		return d.Scale == 0 && d.Precision == 38
	}
	return arrow.IsInteger(t.ID())
}

func isNumeric(t arrow.DataType) bool {
	return arrow.IsInteger(t.ID()) || arrow.IsFloating(t.ID()) || arrow.IsDecimal(t.ID())
}

// isTemporal reports whether a duration can be added to values of the type.
func isTemporal(t arrow.DataType) bool {
	switch t.ID() {
	case arrow.TIMESTAMP, arrow.DATE32, arrow.TIME64, arrow.DURATION, arrow.INTERVAL_MONTH_DAY_NANO:
		return true
	}
	return false
}

// isStringConst reports whether an expression is a constant string. Such a string has
// no type of its own yet: it becomes what it is used with.
func isStringConst(x Expr) bool {
	c, ok := x.(*Const)
	return ok && functions.Same(c.Typ, functions.Varchar)
}

// isIntConst reports whether an expression is a constant integer, not NULL.
func isIntConst(x Expr) bool {
	c, ok := x.(*Const)
	return ok && arrow.IsInteger(c.Typ.ID()) && c.Value.IsValid(0)
}

// convert makes an expression of the given type: the same one, a constant converted
// now, or a cast.
func (b *binder) convert(x Expr, to arrow.DataType) Expr {
	if x == nil || functions.Same(x.Type(), to) {
		return x
	}
	cast := &Cast{Typed: Typed{to, x.Span()}, Arg: x}
	c, ok := x.(*Const)
	if !ok {
		return cast
	}
	v, err := evalCast(cast, c.Value, b.functionEnv())
	if err != nil {
		b.fail(x.Span(), "%s", err.Error())
		return nil
	}
	return &Const{Typed: Typed{to, x.Span()}, Value: v}
}

// asWritten converts an expression to a type as it was written. What is written INTERVAL is
// a DURATION as long as it has a fixed length: a DURATION stays one, and a constant text
// without months, all of one sign, becomes one.
func (b *binder) asWritten(x Expr, to arrow.DataType) Expr {
	if functions.Same(to, functions.Interval) && hasFixedLength(x) {
		if isStringConst(x) {
			x = b.convert(x, functions.Interval)
		}
		to = functions.Duration
	}
	return b.convert(x, to)
}

func hasFixedLength(x Expr) bool {
	if isStringConst(x) && x.(*Const).Value.IsValid(0) {
		v, err := functions.ParseInterval(kernel.StringsOf(x.(*Const).Value).At(0))
		if err == nil {
			_, err = functions.IntervalDuration(v)
		}
		mixed := v.Days < 0 && v.Nanoseconds > 0 || v.Days > 0 && v.Nanoseconds < 0
		return err == nil && !mixed
	}
	return isNull(x.Type()) || functions.Same(x.Type(), functions.Duration)
}

// argument converts an expression to the type that a parameter has.
func (b *binder) argument(x Expr, to arrow.DataType) Expr {
	t := x.Type()
	if functions.Same(t, to) || isNull(t) || isStringConst(x) || isNumeric(t) && isNumeric(to) {
		return b.convert(x, to)
	}
	e := b.fail(x.Span(), "this must be %s, not %s", aType(to), aType(t))
	if to.ID() == arrow.DURATION && isNumeric(t) {
		e.WithHint("say what it counts: write %s", withUnit(x))
	}
	return nil
}

// compare compares two expressions after bringing them to one type.
func (b *binder) compare(op string, at source.Span, l, r Expr) Expr {
	l, r = b.comparable(at, l, r)
	return b.call(op, at, []Expr{l, r})
}

// comparable brings two expressions to the type in which they can be compared.
func (b *binder) comparable(at source.Span, l, r Expr) (Expr, Expr) {
	if l == nil || r == nil {
		return nil, nil
	}
	t := b.comparableType(at, []Expr{l, r})
	if t == nil {
		return nil, nil
	}
	return b.convert(l, t), b.convert(r, t)
}

// comparableType is the type in which expressions are compared: string constants become
// what they are compared with, and so do strings beside numbers and times. It returns
// nil when there is none, which has been reported.
func (b *binder) comparableType(at source.Span, exprs []Expr) arrow.DataType {
	var t arrow.DataType
	var from Expr
	for _, x := range adaptable(exprs) {
		switch xt := x.Type(); {
		case t == nil:
			t, from = xt, x
		case needsUnit(t, xt):
			b.missingUnit(at, from, x)
			return nil
		default:
			common, ok := functions.ComparisonType(t, xt)
			if !ok {
				b.fail(at, "%s cannot be compared with %s", aType(t), aType(xt))
				return nil
			}
			t, from = common, x
		}
	}
	return t
}

// unify brings expressions to one common type, in place: the branches of a CASE, a
// column of VALUES. It returns nil when there is none, which has been reported.
func (b *binder) unify(exprs []Expr, what string) arrow.DataType {
	var t arrow.DataType
	for _, x := range adaptable(exprs) {
		if t == nil {
			t = x.Type()
			continue
		}
		common, ok := functions.CommonType(t, x.Type())
		if !ok {
			b.fail(x.Span(), "%s must have one type, but this is %s and an earlier one %s", what, aType(x.Type()), aType(t))
			return nil
		}
		t = common
	}
	for i, x := range exprs {
		if exprs[i] = b.convert(x, t); exprs[i] == nil {
			return nil
		}
	}
	return t
}

// adaptable returns the expressions that decide on the type of all: those with a type
// of their own if there are any, else strings, else anything. A constant integer that
// the integer types of the others hold doesn't widen them.
func adaptable(exprs []Expr) []Expr {
	var typed, others []Expr
	for _, x := range exprs {
		if isNull(x.Type()) || isStringConst(x) {
			continue
		}
		typed = append(typed, x)
		if !isIntConst(x) {
			others = append(others, x)
		}
	}
	switch {
	case len(others) > 0:
		return slices.DeleteFunc(typed, func(x Expr) bool { return isIntConst(x) && fitsAll(x.(*Const), others) })
	case len(typed) > 0:
		return typed
	}
	for _, x := range exprs {
		if !isNull(x.Type()) {
			return []Expr{x}
		}
	}
	return exprs[:1]
}

// fitsAll reports whether a constant integer has a value in the integer type of each of
// the others.
func fitsAll(c *Const, others []Expr) bool {
	v := intValue(c)
	for _, x := range others {
		if !arrow.IsInteger(x.Type().ID()) || !fitsInteger(v, x.Type()) {
			return false
		}
	}
	return true
}

// needsUnit reports whether one type is a time and the other a bare number.
func needsUnit(a, b arrow.DataType) bool {
	return isTemporal(a) && isNumeric(b) || isNumeric(a) && isTemporal(b)
}

// missingUnit explains that a number beside a time says nothing without a unit.
func (b *binder) missingUnit(at source.Span, l, r Expr) {
	if isNumeric(l.Type()) {
		l, r = r, l
	}
	e := b.fail(at, "%s cannot be compared with a bare number", aType(l.Type()))
	if l.Type().ID() == arrow.DURATION || functions.Same(l.Type(), functions.Interval) {
		e.WithHint("say what it counts: write %s", withUnit(r))
	} else {
		e.WithHint("write a time such as '2024-01-31 12:00:00', @12:00:00 or @+1.5s")
	}
}

// withUnit is a number as a duration in seconds, for hints.
func withUnit(x Expr) string {
	if c, ok := x.(*Const); ok && c.Value.IsValid(0) {
		return c.Value.ValueStr(0) + "s"
	}
	return "1s"
}
