package exec

import (
	"tq/functions/kernel"
	"tq/lang/sem"
)

// condition decides rows. Any number of goroutines may use it.
type condition interface {
	// choose returns the rows of in for which the condition is want: TRUE, or FALSE.
	// Rows for which it is NULL are neither. Only rows of in are looked at.
	choose(b *Batch, in rowSet, want bool) (rowSet, error)
}

// compileCondition compiles a BOOLEAN expression to the cheapest way of deciding it.
func (c *compiler) compileCondition(e sem.Expr) (condition, error) {
	if l, ok := e.(*sem.Logic); ok {
		args := make([]condition, len(l.Args))
		for i, arg := range l.Args {
			var err error
			if args[i], err = c.compileCondition(arg); err != nil {
				return nil, err
			}
		}
		switch l.Op {
		case sem.Not:
			return notCondition{args[0]}, nil
		case sem.Or:
			return orCondition{args}, nil
		}
		return andCondition{args}, nil
	}
	if cond, err := c.compileStringCondition(e); cond != nil || err != nil {
		return cond, err
	}
	if cond := c.compileComparison(e); cond != nil {
		return cond, nil
	}
	if cond := c.compileNullCondition(e); cond != nil {
		return cond, nil
	}
	value, err := c.compile(e)
	return &valueCondition{value}, err
}

// compileOptional is compileCondition for what may be absent.
func (c *compiler) compileOptional(e sem.Expr) (condition, error) {
	if e == nil {
		return nil, nil
	}
	return c.compileCondition(e)
}

type andCondition struct{ args []condition }

func (c andCondition) choose(b *Batch, in rowSet, want bool) (rowSet, error) {
	if want {
		return every(inBestOrder(c.args), b, in, true)
	}
	return some(c.args, b, in, false)
}

type orCondition struct{ args []condition }

func (c orCondition) choose(b *Batch, in rowSet, want bool) (rowSet, error) {
	if want {
		return some(c.args, b, in, true)
	}
	return every(c.args, b, in, false)
}

type notCondition struct{ arg condition }

func (c notCondition) choose(b *Batch, in rowSet, want bool) (rowSet, error) {
	return c.arg.choose(b, in, !want)
}

// every returns the rows for which all conditions are want.
func every(conds []condition, b *Batch, in rowSet, want bool) (rowSet, error) {
	for _, c := range conds {
		var err error
		if in, err = c.choose(b, in, want); err != nil {
			return rowSet{}, err
		}
		if in.size(b) == 0 {
			break
		}
	}
	return in, nil
}

// some returns the rows for which at least one condition is want.
func some(conds []condition, b *Batch, in rowSet, want bool) (rowSet, error) {
	var found rowSet
	for i, c := range conds {
		hit, err := c.choose(b, in, want)
		if err != nil {
			return rowSet{}, err
		}
		found = found.union(hit)
		if i == len(conds)-1 {
			break
		}
		if in = in.without(b, hit); in.size(b) == 0 {
			break
		}
	}
	return found, nil
}

// valueCondition is a condition that is computed as a BOOLEAN column.
type valueCondition struct{ value evaluator }

func (c *valueCondition) choose(b *Batch, in rowSet, want bool) (rowSet, error) {
	if in.size(b) == 0 {
		return rowSet{}, nil
	}
	v, err := c.value.eval(in.of(b))
	if err != nil {
		return rowSet{}, err
	}
	if v.Const {
		if truths(v.Array, nil)[0] == truthOf(want) {
			return in, nil
		}
		return rowSet{}, nil
	}
	hits := chooseBits(v, want)
	if len(hits) == in.size(b) {
		return in, nil
	}
	if !in.all {
		for i, at := range hits {
			hits[i] = in.rows[at]
		}
	}
	return rowSet{rows: hits}, nil
}

func truthOf(b bool) truth {
	if b {
		return isTrue
	}
	return isFalse
}

// chooseBits returns the rows of a BOOLEAN column that are want.
func chooseBits(v kernel.Vec, want bool) []int32 {
	n := v.Len()
	rows := make([]int32, 0, n)
	if want {
		return kernel.SelectTrue(v, rows, n)
	}
	if kernel.KindOf(v.DataType()) != kernel.Bool {
		return nil // NULLs without a type
	}
	values, valid := kernel.Bits(v.Array), kernel.ValidityOf(v.Array)
	falses := make([]byte, len(values))
	for i, b := range values {
		falses[i] = ^b
		if valid.Bits != nil {
			falses[i] &= valid.Bits[i]
		}
	}
	return kernel.SelectBits(falses, rows, n)
}
