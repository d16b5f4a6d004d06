package exec

import (
	"github.com/apache/arrow/go/v17/arrow"

	"tq/functions/kernel"
	"tq/lang/sem"
)

// newProject makes the operator that computes expressions. Columns pass through as they
// are, loaded or not, and what is computed is computed when it is asked for, for the rows
// it is asked for: a limit or a filter above saves the work.
func newProject(u oneInput, exprs []projection) Operator {
	return &streaming{oneInput: u, apply: func(b *Batch) (*Batch, error) { return projected(b, exprs) }}
}

// projection is one column of a project.
type projection struct {
	value evaluator
	eager bool // constants, and what would differ if it were computed twice
}

func newProjection(e sem.Expr, value evaluator) projection {
	_, isConst := e.(*sem.Const)
	return projection{value: value, eager: isConst || sem.Any(e, isVolatile)}
}

func isVolatile(e sem.Expr) bool {
	call, ok := e.(*sem.Call)
	return ok && call.Fn.Volatile
}

func projected(b *Batch, exprs []projection) (*Batch, error) {
	out := &Batch{rows: b.NumRows(), cols: make([]*column, len(exprs))}
	for i, e := range exprs {
		if ref, ok := e.value.(*columnEval); ok {
			out.cols[i] = b.cols[ref.index]
			continue
		}
		c := &column{rows: b.NumRows()}
		if e.eager {
			var err error
			if c.vec, err = e.value.eval(b); err != nil {
				return nil, err
			}
		} else {
			c.origin = computedColumn{e.value, b}
		}
		out.cols[i] = c
	}
	return out, nil
}

// computedColumn is an expression over a batch.
type computedColumn struct {
	value evaluator
	batch *Batch
}

func (c computedColumn) all() (arrow.Array, error) {
	v, err := c.value.eval(c.batch)
	if err != nil {
		return nil, err
	}
	return kernel.Full(v, c.batch.NumRows()), nil
}

func (c computedColumn) gather(rows []int32) (arrow.Array, error) {
	return computedColumn{c.value, c.batch.Select(rows)}.all()
}
