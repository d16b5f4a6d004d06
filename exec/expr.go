package exec

import (
	"context"
	"errors"
	"fmt"
	"slices"

	"github.com/apache/arrow/go/v17/arrow"

	"tq/functions"
	"tq/functions/kernel"
	"tq/lang/sem"
	"tq/lang/source"
)

// evaluator computes an expression for the rows of a batch. What it returns is constant
// or has as many rows as the batch. Any number of goroutines may use it.
type evaluator interface {
	eval(b *Batch) (kernel.Vec, error)
}

// compiler turns bound expressions into evaluators and conditions over batches whose
// columns have the given positions.
type compiler struct {
	env     *functions.Env
	columns map[sem.ColID]int
	// What occurs several times in the expressions of an operator.
	repeated []*repeated
}

func newCompiler(env *functions.Env, columns []sem.Column) *compiler {
	c := &compiler{env: env, columns: make(map[sem.ColID]int, len(columns))}
	for i, col := range columns {
		c.columns[col.ID] = i
	}
	return c
}

// compile returns the evaluator of an expression.
func (c *compiler) compile(e sem.Expr) (evaluator, error) {
	r := c.repeatedOf(e)
	if r == nil {
		return c.compileOne(e)
	}
	if r.eval == nil {
		value, err := c.compileOne(e)
		if err != nil {
			return nil, err
		}
		r.eval = &repeatedEval{value}
	}
	return r.eval, nil
}

func (c *compiler) compileOne(e sem.Expr) (evaluator, error) {
	switch e := e.(type) {
	case *sem.ColRef:
		at, ok := c.columns[e.ID]
		if !ok {
			return nil, fmt.Errorf("column %s (#%d) is not among the input's columns", e.Name, e.ID)
		}
		return &columnEval{at}, nil
	case *sem.Const:
		return &constEval{kernel.Const(e.Value)}, nil
	case *sem.Call:
		return c.compileCall(e)
	case *sem.Logic:
		return c.compileLogic(e)
	case *sem.Case:
		return c.compileCase(e)
	case *sem.Cast:
		arg, err := c.compile(e.Arg)
		if err != nil {
			return nil, err
		}
		return &castEval{arg: arg, from: e.Arg.Type(), to: e.Typ, try: e.Try, env: c.env, at: e.At}, nil
	case *sem.InList:
		return c.compileInList(e)
	case *sem.ListLambda:
		return c.compileLambda(e)
	}
	return nil, fmt.Errorf("expression %T cannot be evaluated", e)
}

func (c *compiler) compileAll(exprs []sem.Expr) ([]evaluator, error) {
	evals := make([]evaluator, len(exprs))
	for i, e := range exprs {
		var err error
		if evals[i], err = c.compile(e); err != nil {
			return nil, err
		}
	}
	return evals, nil
}

// columnsIn lists the columns that expressions depend on, each once.
func (c *compiler) columnsIn(exprs ...sem.Expr) []int {
	var list []int
	for _, e := range exprs {
		sem.Walk(e, func(e sem.Expr) bool {
			if ref, ok := e.(*sem.ColRef); ok {
				if at, ok := c.columns[ref.ID]; ok && !slices.Contains(list, at) {
					list = append(list, at)
				}
			}
			return true
		})
	}
	return list
}

// evalAll evaluates several expressions over one batch.
func evalAll(evals []evaluator, b *Batch) ([]kernel.Vec, error) {
	vecs := make([]kernel.Vec, len(evals))
	for i, e := range evals {
		var err error
		if vecs[i], err = e.eval(b); err != nil {
			return nil, err
		}
	}
	return vecs, nil
}

// located gives an error of a function the place in the query text it came from.
func located(err error, at source.Span) error {
	var placed *source.Error
	if err == nil || errors.As(err, &placed) || errors.Is(err, context.Canceled) || errors.Is(err, context.DeadlineExceeded) {
		return err // it has a place, or nothing in the query is to blame
	}
	return source.Errorf(at, "%s", err.Error())
}

// columnEval is a column of the input.
type columnEval struct{ index int }

func (e *columnEval) eval(b *Batch) (kernel.Vec, error) { return b.Vec(e.index) }

// constEval is a constant.
type constEval struct{ value kernel.Vec }

func (e *constEval) eval(*Batch) (kernel.Vec, error) { return e.value, nil }

// castEval is a conversion.
type castEval struct {
	arg      evaluator
	from, to arrow.DataType
	try      bool
	env      *functions.Env
	at       source.Span
}

func (e *castEval) eval(b *Batch) (kernel.Vec, error) {
	v, err := e.arg.eval(b)
	if err != nil {
		return kernel.Vec{}, err
	}
	v, err = functions.CastFrom(e.from, v, e.to, e.try, e.env, b.NumRows())
	return v, located(err, e.at)
}
