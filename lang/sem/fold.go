package sem

import (
	"math"
	"time"

	"github.com/apache/arrow/go/v17/arrow"

	"tq/functions"
	"tq/functions/kernel"
	"tq/lang/source"
)

// functionEnv is the session as function bodies know it.
func (b *binder) functionEnv() *functions.Env { return b.env.FunctionEnv() }

// FunctionEnv is the session as function bodies know it.
func (e *Env) FunctionEnv() *functions.Env {
	now := e.Now
	if now.IsZero() {
		now = time.Unix(0, 0)
	}
	return &functions.Env{Zone: e.zone(), Now: now, Width: e.Width}
}

// Fold computes what is constant in an expression. What fails to compute is left as it
// is: it fails, if ever, when a row gets there.
func Fold(e Expr, env *functions.Env) Expr {
	return Rewrite(e, func(x Expr) Expr { return FoldOne(x, env) })
}

// FoldOne computes an expression whose parts are constants, and returns others as they
// are.
func FoldOne(x Expr, env *functions.Env) Expr {
	if c := fold(x, env); c != nil {
		return c
	}
	return x
}

// fold computes an expression whose parts are constants; nil if it isn't one, or fails.
func fold(x Expr, env *functions.Env) *Const {
	var v arrow.Array
	var err error
	switch x := x.(type) {
	case *Call:
		v, err = evalCall(x, env)
	case *Cast:
		c, ok := x.Arg.(*Const)
		if !ok {
			return nil
		}
		v, err = evalCast(x, c.Value, env)
	case *InList:
		return foldIn(x)
	case *Logic:
		return foldLogic(x)
	default:
		return nil
	}
	if v == nil || err != nil {
		return nil
	}
	return &Const{Typed: Typed{x.Type(), x.Span()}, Value: v}
}

// evalCall calls the body of a function on constants; it returns nil without an error
// when some argument isn't constant or the function must be called for each row.
func evalCall(x *Call, env *functions.Env) (arrow.Array, error) {
	if x.Fn.Volatile {
		return nil, nil
	}
	call := &functions.Call{Ret: x.Typ, Env: env}
	args := make([]kernel.Vec, 0, len(x.Args))
	for _, a := range x.Args {
		call.Args = append(call.Args, a.Type())
		c, ok := a.(*Const)
		if !ok {
			continue
		}
		if isNullValue(c.Value) && x.Fn.Nulls == functions.NullIfAnyNull {
			return kernel.Nulls(x.Typ, 1), nil
		}
		args = append(args, kernel.Const(c.Value))
	}
	if len(args) < len(x.Args) {
		return nil, nil
	}
	v, err := x.Overload.Eval(call, args, 1)
	if err != nil {
		return nil, err
	}
	return v.Array, nil
}

// isNullValue reports whether the one value of an array is NULL.
func isNullValue(v arrow.Array) bool { return isNull(v.DataType()) || v.IsNull(0) }

func evalCast(x *Cast, v arrow.Array, env *functions.Env) (arrow.Array, error) {
	out, err := functions.CastFrom(x.Arg.Type(), kernel.Const(v), x.Typ, x.Try, env, 1)
	if err != nil {
		return nil, err
	}
	return out.Array, nil
}

// foldLogic computes AND, OR and NOT of constants.
func foldLogic(x *Logic) *Const {
	unknown, decisive := false, x.Op == Or
	for _, a := range x.Args {
		c, ok := a.(*Const)
		if !ok {
			return nil
		}
		if isNullValue(c.Value) {
			unknown = true
			continue
		}
		v, _ := kernel.Value(c.Value, 0).(bool)
		if x.Op == Not {
			return boolConst(!v, x.At)
		}
		if v == decisive {
			return boolConst(decisive, x.At)
		}
	}
	if unknown {
		return &Const{Typed: x.Typed, Value: kernel.Nulls(functions.Boolean, 1)}
	}
	return boolConst(!decisive, x.At)
}

// foldIn computes IN over constants.
func foldIn(x *InList) *Const {
	c, ok := x.Arg.(*Const)
	if !ok {
		return nil
	}
	n := x.List.Len()
	equal, err := kernel.Compare(kernel.Eq, kernel.Const(c.Value), kernel.Col(x.List), n)
	if err != nil {
		return nil
	}
	found := len(kernel.SelectTrue(equal, nil, n)) > 0
	if c.Value.IsNull(0) || !found && x.List.NullN() > 0 {
		return &Const{Typed: x.Typed, Value: kernel.Nulls(functions.Boolean, 1)}
	}
	return boolConst(found != x.Not, x.At)
}

// tryConst returns an expression as a constant, or nil if it isn't one.
func (b *binder) tryConst(x Expr) *Const {
	c, _ := Fold(x, b.functionEnv()).(*Const)
	return c
}

// constant computes an expression that must be constant.
func (b *binder) constant(x Expr, what string) *Const {
	if x == nil {
		return nil
	}
	c := b.tryConst(x)
	if c == nil {
		b.fail(x.Span(), "%s must be a constant", what)
	}
	return c
}

func boolConst(v bool, at source.Span) *Const {
	return &Const{Typed: Typed{functions.Boolean, at}, Value: kernel.OfBool(v)}
}

func nullConst(at source.Span) *Const {
	return &Const{Typed: Typed{functions.Null, at}, Value: kernel.Nulls(functions.Null, 1)}
}

func bigintConst(v int64, at source.Span) *Const {
	return &Const{Typed: Typed{functions.BigInt, at}, Value: kernel.OfInt64(v)}
}

func stringConst(s string, at source.Span) *Const {
	return &Const{Typed: Typed{functions.Varchar, at}, Value: kernel.OfString(s)}
}

// intValue is the value of a constant integer, as far as 64 bits hold it.
func intValue(c *Const) int64 {
	switch v := kernel.Value(c.Value, 0).(type) {
	case int64:
		return v
	case uint64:
		return int64(min(v, math.MaxInt64))
	}
	return 0
}

// fitsInteger reports whether an integer type holds a value.
func fitsInteger(v int64, t arrow.DataType) bool {
	switch t.ID() {
	case arrow.INT8:
		return v >= math.MinInt8 && v <= math.MaxInt8
	case arrow.INT16:
		return v >= math.MinInt16 && v <= math.MaxInt16
	case arrow.INT32:
		return v >= math.MinInt32 && v <= math.MaxInt32
	case arrow.UINT8:
		return v >= 0 && v <= math.MaxUint8
	case arrow.UINT16:
		return v >= 0 && v <= math.MaxUint16
	case arrow.UINT32:
		return v >= 0 && v <= math.MaxUint32
	case arrow.UINT64:
		return v >= 0
	}
	return arrow.IsInteger(t.ID())
}
