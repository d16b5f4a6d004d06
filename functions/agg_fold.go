package functions

import (
	"fmt"
	"math"

	"github.com/apache/arrow/go/v17/arrow"
	"github.com/apache/arrow/go/v17/arrow/array"

	"tq/functions/kernel"
)

// folding is a statistic of numbers, or of pairs of numbers, as a state S that takes them
// in one by one. Of a statistic of single numbers y is always 0.
type folding[S any] struct {
	add   func(s *S, x, y float64)
	merge func(s *S, o S)
	// result is the statistic; ok is false for NULL.
	result func(s S) (x float64, ok bool)
}

// folded is the accumulator of a folding. Rows with a NULL are left out.
type folded[S any] struct {
	states[S]
	name string
	how  folding[S]
}

// foldDef is an aggregate of one or two DOUBLE arguments.
func foldDef[S any](name, doc, example, result string, arity int, how folding[S]) Def {
	args := types(Double, Double)[:arity]
	return Def{
		Name: name, Kind: Aggregate, Family: aggregates, Nulls: SeesNulls, Doc: doc, Example: example, Result: result,
		Overloads: []Overload{{Args: args, Ret: Double, Accumulate: func(*Call) Accumulator {
			return &folded[S]{name: name, how: how}
		}}},
	}
}

func (f *folded[S]) Update(groups []uint32, args []kernel.Vec, n int) error {
	x := kernel.Full(args[0], n)
	xs, valid := kernel.Values[float64](x), kernel.ValidityOf(x)
	ys := xs
	if len(args) == 2 {
		y := kernel.Full(args[1], n)
		ys, valid = kernel.Values[float64](y), valid.And(kernel.ValidityOf(y), n)
	}
	for i, g := range f.of(groups, n) {
		if valid.Valid(i) {
			f.how.add(&f.all[g], xs[i], ys[i])
		}
	}
	return nil
}

func (f *folded[S]) Merge(other Accumulator, into []uint32) error {
	o, ok := other.(*folded[S])
	if !ok {
		return strangers(f, other)
	}
	for g, to := range into {
		f.how.merge(&f.all[to], o.all[g])
	}
	return nil
}

func (f *folded[S]) finished(g int) (float64, bool, error) {
	x, ok := f.how.result(f.all[g])
	if ok && math.IsInf(x, 0) {
		return 0, false, fmt.Errorf("%s is out of range", f.name)
	}
	return x, ok, nil
}

func (f *folded[S]) Append(b array.Builder, g int) error {
	x, ok, err := f.finished(g)
	appendFixed(b, x, ok)
	return err
}

func (f *folded[S]) Finish(n int) (arrow.Array, error) { return finishFixed(Double, n, f.finished) }
