package functions

import (
	"cmp"

	"github.com/apache/arrow/go/v17/arrow"
	"github.com/apache/arrow/go/v17/arrow/array"
	"github.com/apache/arrow/go/v17/arrow/decimal128"

	"tq/functions/kernel"
)

var minMaxAggregates = []Def{
	{
		Name: "min", Kind: Aggregate, Family: aggregates, Nulls: SeesNulls,
		Doc:     "The least value that is not NULL; NULL if there is none.",
		Example: "min(x) FROM (VALUES ('b'), ('a')) t(x)", Result: "a",
		Overloads: []Overload{{Args: types(Any), RetOf: firstPlain, Accumulate: newExtreme(false), Window: extremeFrames(false)}},
	},
	{
		Name: "max", Kind: Aggregate, Family: aggregates, Nulls: SeesNulls,
		Doc:     "The greatest value that is not NULL; NULL if there is none. NaN is greater than all numbers.",
		Example: "max(x) FROM (VALUES (1s), (2s)) t(x)", Result: "2.000000000",
		Overloads: []Overload{{Args: types(Any), RetOf: firstPlain, Accumulate: newExtreme(true), Window: extremeFrames(true)}},
	},
}

// firstPlain is the type of the first argument, as a result.
func firstPlain(args []arrow.DataType) (arrow.DataType, error) {
	if args[0].ID() == arrow.NULL {
		return Integer, nil
	}
	return plainType(args[0]), nil
}

func newExtreme(greatest bool) NewAccumulator {
	return func(c *Call) Accumulator {
		switch kernel.KindOf(c.Args[0]) {
		case kernel.Null:
			return &nothing{dt: c.Ret}
		case kernel.Int8:
			return newExtremes(c, greatest, cmp.Less[int8])
		case kernel.Int16:
			return newExtremes(c, greatest, cmp.Less[int16])
		case kernel.Int32:
			return newExtremes(c, greatest, cmp.Less[int32])
		case kernel.Int64:
			return newExtremes(c, greatest, cmp.Less[int64])
		case kernel.Uint8:
			return newExtremes(c, greatest, cmp.Less[uint8])
		case kernel.Uint16:
			return newExtremes(c, greatest, cmp.Less[uint16])
		case kernel.Uint32:
			return newExtremes(c, greatest, cmp.Less[uint32])
		case kernel.Uint64:
			return newExtremes(c, greatest, cmp.Less[uint64])
		case kernel.Float32:
			return newExtremes(c, greatest, lessFloat[float32])
		case kernel.Float64:
			return newExtremes(c, greatest, lessFloat[float64])
		case kernel.Decimal:
			return newExtremes(c, greatest, decimal128.Num.Less)
		case kernel.String, kernel.Dict:
			return &extremeStrings{greatest: greatest, cells: stringCells{dt: c.Ret}}
		}
		return &extremeRows{greatest: greatest, cells: rowCells{dt: c.Ret}}
	}
}

func lessFloat[T kernel.Float](a, b T) bool { return kernel.CompareFloats(a, b) < 0 }

// extreme is the least or greatest value so far.
type extreme[T any] struct {
	value T
	seen  bool
}

// extremes keeps the least or greatest of values of fixed width.
type extremes[T kernel.Fixed] struct {
	states[extreme[T]]
	dt     arrow.DataType
	before func(a, b T) bool // whether a displaces b
}

func newExtremes[T kernel.Fixed](c *Call, greatest bool, less func(a, b T) bool) Accumulator {
	e := &extremes[T]{dt: c.Ret, before: less}
	if greatest {
		e.before = func(a, b T) bool { return less(b, a) }
	}
	return e
}

func (e *extremes[T]) Update(groups []uint32, args []kernel.Vec, n int) error {
	v := args[0]
	if v.Const && groups == nil {
		n, v = min(n, 1), kernel.Col(v.Array)
	}
	a := kernel.Full(v, n)
	values, valid := kernel.Values[T](a), kernel.ValidityOf(a)
	if valid.Bits == nil && groups == nil && n > 0 {
		e.fold(&e.all[0], values)
		return nil
	}
	ids := e.of(groups, n)
	for i, x := range values {
		if valid.Valid(i) {
			if s := &e.all[ids[i]]; !s.seen || e.before(x, s.value) {
				s.value, s.seen = x, true
			}
		}
	}
	return nil
}

// fold takes a run of values into one state. The commonest type has a loop without
// calls.
func (e *extremes[T]) fold(s *extreme[T], values []T) {
	best := values[0]
	if s.seen {
		best = s.value
	}
	if words, ok := any(values).([]int64); ok {
		lo, hi := words[0], words[0]
		for _, x := range words {
			lo, hi = min(lo, x), max(hi, x)
		}
		values = any([]int64{lo, hi}).([]T)
	}
	for _, x := range values {
		if e.before(x, best) {
			best = x
		}
	}
	s.value, s.seen = best, true
}

func (e *extremes[T]) Merge(other Accumulator, into []uint32) error {
	o, ok := other.(*extremes[T])
	if !ok {
		return strangers(e, other)
	}
	for g, to := range into {
		s, from := &e.all[to], o.all[g]
		if from.seen && (!s.seen || e.before(from.value, s.value)) {
			*s = from
		}
	}
	return nil
}

func (e *extremes[T]) result(g int) (T, bool, error) { return e.all[g].value, e.all[g].seen, nil }

func (e *extremes[T]) Append(b array.Builder, g int) error {
	appendFixed(b, e.all[g].value, e.all[g].seen)
	return nil
}

func (e *extremes[T]) Finish(n int) (arrow.Array, error) { return finishFixed(e.dt, n, e.result) }

// extremeStrings keeps the least or greatest of strings.
type extremeStrings struct {
	groupIDs
	greatest bool
	cells    stringCells
}

func (e *extremeStrings) Grow(n int) {
	if n > len(e.cells.values) {
		e.cells.grow(n)
	}
}

func (e *extremeStrings) Update(groups []uint32, args []kernel.Vec, n int) error {
	a := kernel.Full(args[0], n)
	s, valid := kernel.StringsOf(a), kernel.ValidityOf(a)
	for i, g := range e.of(groups, n) {
		if valid.Valid(i) {
			if x := s.At(i); e.displaces(x, g) {
				e.cells.put(g, clone(x), true)
			}
		}
	}
	return nil
}

func (e *extremeStrings) displaces(x string, g uint32) bool {
	switch {
	case !e.cells.valid[g]:
		return true
	case e.greatest:
		return x > e.cells.values[g]
	}
	return x < e.cells.values[g]
}

func (e *extremeStrings) Merge(other Accumulator, into []uint32) error {
	o, ok := other.(*extremeStrings)
	if !ok {
		return strangers(e, other)
	}
	for g, to := range into {
		if o.cells.valid[g] && e.displaces(o.cells.values[g], to) {
			e.cells.adopt(to, &o.cells, uint32(g))
		}
	}
	return nil
}

func (e *extremeStrings) Append(b array.Builder, g int) error { return e.cells.append(b, g) }
func (e *extremeStrings) Finish(n int) (arrow.Array, error)   { return e.cells.finish(n) }
func (e *extremeStrings) Bytes() int64                        { return e.cells.bytes() }

// extremeRows keeps the least or greatest of values of any type.
type extremeRows struct {
	groupIDs
	greatest bool
	cells    rowCells
}

func (e *extremeRows) Grow(n int) {
	if n > len(e.cells.values) {
		e.cells.grow(n)
	}
}

func (e *extremeRows) Update(groups []uint32, args []kernel.Vec, n int) error {
	a := kernel.Full(args[0], n)
	valid := kernel.ValidityOf(a)
	for i, g := range e.of(groups, n) {
		if valid.Valid(i) && e.displaces(a, i, g) {
			e.cells.set([]uint32{g}, a, []int32{int32(i)})
		}
	}
	return nil
}

func (e *extremeRows) displaces(a arrow.Array, row int, g uint32) bool {
	held := e.cells.values[g]
	if held == nil {
		return true
	}
	c := kernel.Comparer(a, held)(row, 0)
	return e.greatest && c > 0 || !e.greatest && c < 0
}

func (e *extremeRows) Merge(other Accumulator, into []uint32) error {
	o, ok := other.(*extremeRows)
	if !ok {
		return strangers(e, other)
	}
	for g, to := range into {
		if held := o.cells.values[g]; held != nil && e.displaces(held, 0, to) {
			e.cells.adopt(to, &o.cells, uint32(g))
		}
	}
	return nil
}

func (e *extremeRows) Append(b array.Builder, g int) error { return e.cells.append(b, g) }
func (e *extremeRows) Finish(n int) (arrow.Array, error)   { return e.cells.finish(n) }
func (e *extremeRows) Bytes() int64                        { return e.cells.bytes() }

// nothing is the aggregate of an argument that is always NULL.
type nothing struct{ dt arrow.DataType }

func (*nothing) Grow(int)                                 {}
func (*nothing) Update([]uint32, []kernel.Vec, int) error { return nil }
func (*nothing) Merge(Accumulator, []uint32) error        { return nil }
func (*nothing) Bytes() int64                             { return 0 }

func (*nothing) Append(b array.Builder, _ int) error {
	b.AppendNull()
	return nil
}

func (a *nothing) Finish(n int) (arrow.Array, error) { return kernel.Nulls(a.dt, n), nil }
