package functions

import (
	"github.com/apache/arrow/go/v17/arrow"
	"github.com/apache/arrow/go/v17/arrow/array"
	"github.com/apache/arrow/go/v17/arrow/decimal128"

	"tq/functions/kernel"
)

var minMaxAggregates = []Def{
	{
		Name: "min", Kind: Aggregate, Family: aggregates, Nulls: SeesNulls,
		Doc:     "The least value that is not NULL; NULL if there is none. With a number the list of the so many least.",
		Example: "min(x) FROM (VALUES ('b'), ('a')) t(x)", Result: "a",
		Overloads: []Overload{{Args: types(Any), RetOf: firstPlain, Accumulate: newExtreme(false), Window: extremeFrames(false)}, bestSig(false, Any)},
	},
	{
		Name: "max", Kind: Aggregate, Family: aggregates, Nulls: SeesNulls,
		Doc:     "The greatest value that is not NULL; NULL if there is none. NaN is greater than all numbers. With a number the list of the so many greatest.",
		Example: "max(x) FROM (VALUES (1s), (2s)) t(x)", Result: "2.000000000",
		Overloads: []Overload{{Args: types(Any), RetOf: firstPlain, Accumulate: newExtreme(true), Window: extremeFrames(true)}, bestSig(true, Any)},
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
			return newExtremes[int8](c, greatest)
		case kernel.Int16:
			return newExtremes[int16](c, greatest)
		case kernel.Int32:
			return newExtremes[int32](c, greatest)
		case kernel.Int64:
			return newExtremes[int64](c, greatest)
		case kernel.Uint8:
			return newExtremes[uint8](c, greatest)
		case kernel.Uint16:
			return newExtremes[uint16](c, greatest)
		case kernel.Uint32:
			return newExtremes[uint32](c, greatest)
		case kernel.Uint64:
			return newExtremes[uint64](c, greatest)
		case kernel.Float32:
			return &extremes[float32]{dt: c.Ret, loop: extremeFloats[float32], greatest: greatest}
		case kernel.Float64:
			return &extremes[float64]{dt: c.Ret, loop: extremeFloats[float64], greatest: greatest}
		case kernel.Decimal:
			return &extremes[decimal128.Num]{dt: c.Ret, loop: extremeDecimals, greatest: greatest}
		case kernel.String, kernel.Dict:
			return &extremeStrings{greatest: greatest, cells: stringCells{dt: c.Ret}}
		}
		return &extremeRows{greatest: greatest, cells: rowCells{dt: c.Ret}}
	}
}

// extreme is the least or greatest value so far.
type extreme[T any] struct {
	value T
	seen  bool
}

// extremes keeps the least or greatest of values of fixed width.
type extremes[T kernel.Fixed] struct {
	states[extreme[T]]
	dt       arrow.DataType
	greatest bool
	// loop takes values into the states of their groups.
	loop func(all []extreme[T], groups []uint32, values []T, valid kernel.Validity, greatest bool)
	// fold, if set, reduces a run of values without NULL to one; there is at least one.
	fold func(values []T, greatest bool) T
}

func newExtremes[T kernel.Integer](c *Call, greatest bool) Accumulator {
	return &extremes[T]{dt: c.Ret, greatest: greatest, loop: extremeIntegers[T], fold: foldIntegers[T]}
}

// Unordered implements [Unordered]. Of floats, 0 and -0 are equal and yet not the same.
func (e *extremes[T]) Unordered() bool {
	return e.dt.ID() != arrow.FLOAT64 && e.dt.ID() != arrow.FLOAT32
}

func extremeIntegers[T kernel.Integer](all []extreme[T], groups []uint32, values []T, valid kernel.Validity, greatest bool) {
	groups = groups[:len(values)]
	switch {
	case valid.Bits != nil:
		for i, x := range values {
			if !valid.Valid(i) {
				continue
			}
			if s := &all[groups[i]]; !s.seen || x != s.value && (x > s.value) == greatest {
				s.value, s.seen = x, true
			}
		}
	case greatest:
		for i, x := range values {
			if s := &all[groups[i]]; x > s.value || !s.seen {
				s.value, s.seen = x, true
			}
		}
	default:
		for i, x := range values {
			if s := &all[groups[i]]; x < s.value || !s.seen {
				s.value, s.seen = x, true
			}
		}
	}
}

func foldIntegers[T kernel.Integer](values []T, greatest bool) T {
	best := values[0]
	if greatest {
		for _, x := range values {
			best = max(best, x)
		}
		return best
	}
	for _, x := range values {
		best = min(best, x)
	}
	return best
}

func extremeFloats[T kernel.Float](all []extreme[T], groups []uint32, values []T, valid kernel.Validity, greatest bool) {
	for i, x := range values {
		if !valid.Valid(i) {
			continue
		}
		s := &all[groups[i]]
		if c := kernel.CompareFloats(x, s.value); !s.seen || c != 0 && (c > 0) == greatest {
			s.value, s.seen = x, true
		}
	}
}

func extremeDecimals(all []extreme[decimal128.Num], groups []uint32, values []decimal128.Num, valid kernel.Validity, greatest bool) {
	for i, x := range values {
		if !valid.Valid(i) {
			continue
		}
		s := &all[groups[i]]
		if !s.seen || x != s.value && s.value.Less(x) == greatest {
			s.value, s.seen = x, true
		}
	}
}

func (e *extremes[T]) Update(groups []uint32, args []kernel.Vec, n int) error {
	v := args[0]
	if v.Const && groups == nil {
		n, v = min(n, 1), kernel.Col(v.Array)
	}
	a := kernel.Full(v, n)
	values, valid := kernel.Values[T](a), kernel.ValidityOf(a)
	if e.fold != nil && groups == nil && valid.Bits == nil && n > 0 {
		values = []T{e.fold(values, e.greatest)}
	}
	e.loop(e.all, e.of(groups, len(values)), values, valid, e.greatest)
	return nil
}

func (e *extremes[T]) Merge(other Accumulator, into []uint32) error {
	o, ok := other.(*extremes[T])
	if !ok {
		return strangers(e, other)
	}
	for g, to := range into {
		if from := o.all[g]; from.seen {
			e.loop(e.all, []uint32{to}, []T{from.value}, kernel.Validity{}, e.greatest)
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

// Unordered implements [Unordered].
func (*extremeStrings) Unordered() bool { return true }

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

// Unordered implements [Unordered].
func (*nothing) Unordered() bool                          { return true }
func (*nothing) Grow(int)                                 {}
func (*nothing) Update([]uint32, []kernel.Vec, int) error { return nil }
func (*nothing) Merge(Accumulator, []uint32) error        { return nil }
func (*nothing) Bytes() int64                             { return 0 }

func (*nothing) Append(b array.Builder, _ int) error {
	b.AppendNull()
	return nil
}

func (a *nothing) Finish(n int) (arrow.Array, error) { return kernel.Nulls(a.dt, n), nil }
