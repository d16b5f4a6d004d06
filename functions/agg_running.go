package functions

import (
	"github.com/apache/arrow/go/v17/arrow"
	"github.com/apache/arrow/go/v17/arrow/decimal128"

	"tq/functions/kernel"
)

// runFixed makes the running results, of a type of fixed width, of groups to which each
// row is added in turn.
func runFixed[T kernel.Fixed](dt arrow.DataType, groups []uint32, n int, add func(row int), result func(g int) (T, bool, error)) (arrow.Array, error) {
	out, missing := make([]T, n), newNulls(n)
	for i, g := range groups[:n] {
		add(i)
		x, ok, err := result(int(g))
		if err != nil {
			return nil, err
		}
		if !ok {
			missing.set(i)
		}
		out[i] = x
	}
	return kernel.FromValues(dt, out, missing.with(kernel.Validity{})), nil
}

// Run implements [Running].
func (c *count) Run(groups []uint32, args []kernel.Vec, n int) (arrow.Array, error) {
	var valid kernel.Validity
	if len(args) == 1 {
		valid = kernel.RowValidity(args[0], n)
	}
	out, all := make([]int64, n), c.all
	if valid.Bits == nil {
		for i, g := range groups[:n] {
			all[g]++
			out[i] = all[g]
		}
	} else {
		for i, g := range groups[:n] {
			all[g] += int64(valid.Bits[i>>3] >> (i & 7) & 1)
			out[i] = all[g]
		}
	}
	return kernel.FromValues(BigInt, out, kernel.Validity{}), nil
}

// Run implements [Running].
func (s *wholeSum) Run(groups []uint32, args []kernel.Vec, n int) (arrow.Array, error) {
	a := kernel.Full(args[0], n)
	values, valid, all := kernel.Int64s(a), kernel.ValidityOf(a), s.all
	unsigned := a.DataType().ID() == arrow.UINT64
	add := func(i int) {
		if valid.Valid(i) {
			all[groups[i]].addWhole(values[i], unsigned)
		}
	}
	switch kernel.KindOf(s.call.Ret) {
	case kernel.Decimal:
		out, missing := make([]decimal128.Num, n), newNulls(n)
		for i, x := range values {
			t := &all[groups[i]]
			if valid.Valid(i) {
				t.addWhole(x, unsigned)
			}
			if out[i] = t.num(); t.n == 0 {
				missing.set(i)
			}
		}
		return kernel.FromValues(s.call.Ret, out, missing.with(kernel.Validity{})), nil
	case kernel.Float64:
		return runFixed(s.call.Ret, groups, n, add, func(g int) (float64, bool, error) {
			return all[g].float() / float64(all[g].n), all[g].n > 0, nil
		})
	}
	return runFixed(s.call.Ret, groups, n, add, func(g int) (int64, bool, error) { return s.whole(all[g]) })
}

// Run implements [Running].
func (s *floatSum) Run(groups []uint32, args []kernel.Vec, n int) (arrow.Array, error) {
	a := kernel.Full(args[0], n)
	values, valid := kernel.Values[float64](a), kernel.ValidityOf(a)
	return runFixed(Double, groups, n, func(i int) {
		if valid.Valid(i) {
			t := &s.all[groups[i]]
			t.sum += values[i]
			t.n++
		}
	}, s.result)
}

// Run implements [Running].
func (e *extremes[T]) Run(groups []uint32, args []kernel.Vec, n int) (arrow.Array, error) {
	a := kernel.Full(args[0], n)
	values, valid := kernel.Values[T](a), kernel.ValidityOf(a)
	return runFixed(e.dt, groups, n, func(i int) {
		if valid.Valid(i) {
			e.loop(e.all, groups[i:i+1], values[i:i+1], kernel.Validity{}, e.greatest)
		}
	}, e.result)
}

// Run implements [Running].
func (s *boolSum) Run(groups []uint32, args []kernel.Vec, n int) (arrow.Array, error) {
	a := kernel.Full(args[0], n)
	if a.DataType().ID() == arrow.NULL {
		return kernel.Nulls(s.call.Ret, n), nil
	}
	hits, valid := kernel.Bitmap(kernel.TrueBits(a)), kernel.ValidityOf(a)
	return runFixed(s.call.Ret, groups, n, func(i int) {
		if valid.Valid(i) {
			t := &s.all[groups[i]]
			t.lo += uint64(hits[i>>3] >> (i & 7) & 1)
			t.n++
		}
	}, func(g int) (decimal128.Num, bool, error) { return s.all[g].num(), s.all[g].n > 0, nil })
}
