package exec

import (
	"github.com/apache/arrow/go/v17/arrow"

	"tq/functions"
	"tq/functions/kernel"
	"tq/lang/sem"
	"tq/lang/source"
)

// callEval is a call of a scalar function.
type callEval struct {
	call  functions.Call
	body  functions.ScalarFunc
	nulls functions.NullPolicy
	args  []evaluator
	at    source.Span
}

func (c *compiler) compileCall(e *sem.Call) (evaluator, error) {
	args, err := c.compileAll(e.Args)
	if err != nil {
		return nil, err
	}
	call := &callEval{body: e.Overload.Eval, nulls: e.Fn.Nulls, args: args, at: e.At}
	call.call = functions.Call{Args: exprTypes(e.Args), Ret: e.Typ, Env: c.env}
	return c.newCombinationEval(e, call), nil
}

func exprTypes(exprs []sem.Expr) []arrow.DataType {
	types := make([]arrow.DataType, len(exprs))
	for i, e := range exprs {
		types[i] = e.Type()
	}
	return types
}

func (e *callEval) eval(b *Batch) (kernel.Vec, error) {
	args, err := evalAll(e.args, b)
	if err != nil {
		return kernel.Vec{}, err
	}
	if e.nulls == functions.NullIfAnyNull {
		for _, arg := range args {
			if arg.Const && arg.IsNull(0) {
				return kernel.Const(kernel.Nulls(e.call.Ret, 1)), nil
			}
		}
	}
	v, err := e.body(&e.call, args, b.NumRows())
	if err != nil {
		return kernel.Vec{}, located(err, e.at)
	}
	if e.nulls == functions.NullIfAnyNull {
		v = overlayNulls(v, args)
	}
	return v, nil
}

// overlayNulls makes a result NULL where an argument is. Null arguments that are
// constant have been dealt with before.
func overlayNulls(v kernel.Vec, args []kernel.Vec) kernel.Vec {
	if v.Const {
		return v
	}
	own := kernel.ValidityOf(v.Array)
	valid := own
	for _, arg := range args {
		if !arg.Const {
			valid = valid.And(kernel.ValidityOf(arg.Array), v.Len())
		}
	}
	if valid.Nulls == own.Nulls {
		return v // NULL nowhere else, as rows only become NULL
	}
	return kernel.Col(kernel.WithValidity(v.Array, valid))
}
