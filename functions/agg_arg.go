package functions

import (
	"github.com/apache/arrow/go/v17/arrow"
	"github.com/apache/arrow/go/v17/arrow/array"

	"tq/functions/kernel"
)

var argAggregates = []Def{
	{
		Name: "arg_min", Aliases: []string{"argmin", "min_by"}, Kind: Aggregate, Family: aggregates, Nulls: SeesNulls,
		Doc:     "The first argument in the row where the second is least. Rows with a NULL in either are left out. With a number the list of the so many best.",
		Example: "arg_min(x, y) FROM (VALUES ('a', 2), ('b', 1)) t(x, y)", Result: "b",
		Overloads: []Overload{{Args: types(Any, Any), RetOf: firstPlain, Accumulate: newArgExtreme(false, false)}, bestSig(false, Any, Any)},
	},
	{
		Name: "arg_max", Aliases: []string{"argmax", "max_by"}, Kind: Aggregate, Family: aggregates, Nulls: SeesNulls,
		Doc:     "The first argument in the row where the second is greatest. Rows with a NULL in either are left out. With a number the list of the so many best.",
		Example: "arg_max(x, y) FROM (VALUES ('a', 2), ('b', 1)) t(x, y)", Result: "a",
		Overloads: []Overload{{Args: types(Any, Any), RetOf: firstPlain, Accumulate: newArgExtreme(true, false)}, bestSig(true, Any, Any)},
	},
	{
		Name: "arg_min_null", Aliases: []string{"arg_min_nulls_last"}, Kind: Aggregate, Family: aggregates, Nulls: SeesNulls,
		Doc:     "The first argument, NULL or not, in the row where the second is least.",
		Example: "arg_min_null(x, y) FROM (VALUES ('a', 2), (NULL, 1)) t(x, y)", Result: "NULL",
		Overloads: []Overload{{Args: types(Any, Any), RetOf: firstPlain, Accumulate: newArgExtreme(false, true)}},
	},
	{
		Name: "arg_max_null", Aliases: []string{"arg_max_nulls_last"}, Kind: Aggregate, Family: aggregates, Nulls: SeesNulls,
		Doc:     "The first argument, NULL or not, in the row where the second is greatest.",
		Example: "arg_max_null(x, y) FROM (VALUES (NULL, 2), ('b', 1)) t(x, y)", Result: "NULL",
		Overloads: []Overload{{Args: types(Any, Any), RetOf: firstPlain, Accumulate: newArgExtreme(true, true)}},
	},
}

// argExtreme keeps, for each group, the key that is least or greatest and the value that
// stood beside it. Of equal keys the first wins.
type argExtreme struct {
	groupIDs
	greatest  bool
	nulls     bool // values may be NULL, keys never
	keys      cells
	values    cells
	seen      []bool
	candidate []int32 // of the current batch: row + 1, by group
}

func newArgExtreme(greatest, nulls bool) NewAccumulator {
	return func(c *Call) Accumulator {
		if c.Args[0].ID() == arrow.NULL || c.Args[1].ID() == arrow.NULL {
			return &nothing{dt: c.Ret}
		}
		return &argExtreme{greatest: greatest, nulls: nulls, keys: newCells(plainType(c.Args[1])), values: newCells(c.Ret)}
	}
}

func (e *argExtreme) Grow(n int) {
	if n > len(e.seen) {
		e.seen = append(e.seen, make([]bool, n-len(e.seen))...)
		e.candidate = append(e.candidate, make([]int32, n-len(e.candidate))...)
		e.keys.grow(n)
		e.values.grow(n)
	}
}

// better tells whether a comparison of a new key with the old one makes it win.
func (e *argExtreme) better(c int) bool { return e.greatest && c > 0 || !e.greatest && c < 0 }

func (e *argExtreme) Update(groups []uint32, args []kernel.Vec, n int) error {
	value, key := kernel.Full(args[0], n), kernel.Full(args[1], n)
	valid := kernel.ValidityOf(key)
	if !e.nulls {
		valid = valid.And(kernel.ValidityOf(value), n)
	}
	compare := kernel.Comparer(key, key)
	var touched []uint32
	for i, g := range e.of(groups, n) {
		if !valid.Valid(i) {
			continue
		}
		switch at := e.candidate[g]; {
		case at == 0:
			touched = append(touched, g)
			e.candidate[g] = int32(i) + 1
		case e.better(compare(i, int(at)-1)):
			e.candidate[g] = int32(i) + 1
		}
	}
	return e.settle(touched, key, value)
}

// settle compares the best rows of a batch with the keys of the batches before.
func (e *argExtreme) settle(touched []uint32, key, value arrow.Array) error {
	var held arrow.Array
	var compare func(i, j int) int
	ids, rows := touched[:0], make([]int32, 0, len(touched))
	for _, g := range touched {
		row := e.candidate[g] - 1
		e.candidate[g] = 0
		if e.seen[g] {
			if held == nil {
				var err error
				if held, err = e.keys.finish(len(e.seen)); err != nil {
					return err
				}
				compare = kernel.Comparer(key, held)
			}
			if !e.better(compare(int(row), int(g))) {
				continue
			}
		}
		e.seen[g] = true
		ids, rows = append(ids, g), append(rows, row)
	}
	e.keys.set(ids, key, rows)
	e.values.set(ids, value, rows)
	return nil
}

func (e *argExtreme) Merge(other Accumulator, into []uint32) error {
	o, ok := other.(*argExtreme)
	if !ok {
		return strangers(e, other)
	}
	mine, err := e.keys.finish(len(e.seen))
	if err != nil {
		return err
	}
	theirs, err := o.keys.finish(len(into))
	if err != nil {
		return err
	}
	before := kernel.Comparer(theirs, mine)
	among := kernel.Comparer(theirs, theirs)
	from := make(map[uint32]int, len(into)) // the group of other that a group here now holds
	for g, to := range into {
		if !o.seen[g] {
			continue
		}
		if e.seen[to] {
			c := 0
			if held, ok := from[to]; ok {
				c = among(g, held)
			} else {
				c = before(g, int(to))
			}
			if !e.better(c) {
				continue
			}
		}
		e.seen[to], from[to] = true, g
		e.keys.adopt(to, o.keys, uint32(g))
		e.values.adopt(to, o.values, uint32(g))
	}
	return nil
}

func (e *argExtreme) Append(b array.Builder, g int) error { return e.values.append(b, g) }
func (e *argExtreme) Finish(n int) (arrow.Array, error)   { return e.values.finish(n) }

func (e *argExtreme) Bytes() int64 {
	return e.keys.bytes() + e.values.bytes() + 5*int64(cap(e.seen))
}
