package exec

import (
	"github.com/apache/arrow/go/v17/arrow"

	"tq/functions/kernel"
	"tq/lang/sem"
)

// truth is a value of SQL's three-valued logic.
type truth uint8

const (
	isFalse truth = iota
	isTrue
	isNull
)

// truths returns the truth of each row of a BOOLEAN array.
func truths(arr arrow.Array, scratch []truth) []truth {
	rows := resize(scratch, arr.Len())
	if kernel.KindOf(arr.DataType()) != kernel.Bool {
		for i := range rows {
			rows[i] = isNull
		}
		return rows
	}
	bits, valid := kernel.Bits(arr), kernel.ValidityOf(arr)
	for i := range rows {
		rows[i] = truth(bits[i>>3] >> (i & 7) & 1)
	}
	if valid.Bits != nil {
		for i := range rows {
			if !valid.Valid(i) {
				rows[i] = isNull
			}
		}
	}
	return rows
}

// truthArray makes a BOOLEAN column.
func truthArray(rows []truth) arrow.Array {
	values, valid := kernel.NewBitmap(len(rows)), kernel.NewBitmap(len(rows))
	for i, t := range rows {
		if t == isTrue {
			values.Set(i)
		}
		if t != isNull {
			valid.Set(i)
		}
	}
	return kernel.FromBits(values, len(rows), kernel.NewValidity(valid, len(rows)))
}

// logicEval is AND or OR as a value. Each condition is evaluated only on the rows that
// those before it left open.
type logicEval struct {
	args    []evaluator
	decider truth // the value that settles a row: FALSE for AND, TRUE for OR
}

// notEval is NOT as a value.
type notEval struct{ arg evaluator }

func (c *compiler) compileLogic(e *sem.Logic) (evaluator, error) {
	args, err := c.compileAll(e.Args)
	if err != nil {
		return nil, err
	}
	switch e.Op {
	case sem.Not:
		return &notEval{args[0]}, nil
	case sem.Or:
		return &logicEval{args, isTrue}, nil
	}
	return &logicEval{args, isFalse}, nil
}

func (e *logicEval) eval(b *Batch) (kernel.Vec, error) {
	rows := make([]truth, b.NumRows())
	for i := range rows {
		rows[i] = isTrue - e.decider // what an empty AND or OR is
	}
	var scratch []truth
	open := everyRow
	for _, arg := range e.args {
		if open.size(b) == 0 {
			break
		}
		v, err := arg.eval(open.of(b))
		if err != nil {
			return kernel.Vec{}, err
		}
		scratch = truths(v.Array, scratch)
		var left []int32
		for i := range open.size(b) {
			row := open.at(i)
			switch t := scratch[v.Row(i)]; t {
			case e.decider:
				rows[row] = t
				continue
			case isNull:
				rows[row] = isNull
			}
			left = append(left, row)
		}
		open = rowSet{rows: left}
	}
	return kernel.Col(truthArray(rows)), nil
}

func (e *notEval) eval(b *Batch) (kernel.Vec, error) {
	v, err := e.arg.eval(b)
	if err != nil {
		return kernel.Vec{}, err
	}
	rows := truths(v.Array, nil)
	for i, t := range rows {
		if t != isNull {
			rows[i] = isTrue - t
		}
	}
	return kernel.Vec{Array: truthArray(rows), Const: v.Const}, nil
}
