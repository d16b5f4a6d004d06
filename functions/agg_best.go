package functions

import (
	"errors"

	"github.com/apache/arrow/go/v17/arrow"
	"github.com/apache/arrow/go/v17/arrow/array"

	"tq/functions/kernel"
)

// constantCount is an argument that says how many values an aggregate is to keep: the
// same for all rows.
type constantCount struct {
	n    int
	seen bool
}

const maxBest = 1_000_000

var (
	errCount    = errors.New("how many values to keep must be a number from 1 to 999999")
	errOneCount = errors.New("how many values to keep must be the same for all rows")
)

func (c *constantCount) read(v kernel.Vec) error {
	for i := range v.Len() {
		n, ok := kernel.Value(v.Array, i).(int64)
		if !ok || n < 1 || n >= maxBest {
			return errCount
		}
		if err := c.merge(constantCount{int(n), true}); err != nil {
			return err
		}
	}
	return nil
}

func (c *constantCount) merge(o constantCount) error {
	switch {
	case !c.seen:
		*c = o
	case o.seen && o.n != c.n:
		return errOneCount
	}
	return nil
}

// best keeps the values with the n least or greatest keys of each group as a list. Rows
// whose value or key is NULL are left out. A value that is its own key is kept alone,
// else values and keys are kept as structs.
type best struct {
	collected
	ret      arrow.DataType
	greatest bool
	keyed    bool // values and keys are structs
	count    constantCount
}

// bestSig is the overload of an aggregate with a count as its last argument.
func bestSig(greatest bool, args ...arrow.DataType) Overload {
	return Overload{Args: append(args, BigInt), RetOf: firstPlainList, Accumulate: func(c *Call) Accumulator {
		for _, a := range c.Args[:len(args)] {
			if a.ID() == arrow.NULL {
				return &nothing{dt: c.Ret}
			}
		}
		dt, keyed := plainType(c.Args[0]), len(args) == 2
		if keyed {
			dt = arrow.StructOf(arrow.Field{Name: "value", Type: dt, Nullable: true},
				arrow.Field{Name: "key", Type: plainType(c.Args[1]), Nullable: true})
		}
		return &best{collected: collected{dt: dt}, ret: c.Ret, greatest: greatest, keyed: keyed}
	}}
}

func (b *best) Update(groups []uint32, args []kernel.Vec, n int) error {
	if n == 0 {
		return nil
	}
	if err := b.count.read(args[len(args)-1]); err != nil {
		return err
	}
	value, err := kernel.Plain(kernel.Full(args[0], n))
	if err != nil {
		return err
	}
	if b.keyed {
		key, err := kernel.Plain(kernel.Full(args[1], n))
		if err != nil {
			return err
		}
		valid := kernel.ValidityOf(value).And(kernel.ValidityOf(key), n)
		value = kernel.FromFields(b.dt, n, []arrow.Array{value, key}, valid)
	}
	b.add(groups, kernel.Col(value), n)
	return nil
}

func (b *best) Merge(other Accumulator, into []uint32) error {
	o, ok := other.(*best)
	if !ok {
		return strangers(b, other)
	}
	b.merge(&o.collected, into)
	return b.count.merge(o.count)
}

func (b *best) Append(to array.Builder, g int) error {
	one, err := b.results(g, g+1)
	if err != nil {
		return err
	}
	return appendRow(to, one, 0)
}

func (b *best) Finish(n int) (arrow.Array, error) { return b.results(0, n) }

func (b *best) results(from, to int) (arrow.Array, error) {
	v, err := b.group()
	if err != nil {
		return nil, err
	}
	values, keys := v.values, v.values
	if b.keyed {
		values, keys = kernel.StructField(v.values, 0), kernel.StructField(v.values, 1)
	}
	compare := kernel.RowComparer(keys, keys, b.greatest, false)
	var rows []int32
	offsets, missing := make([]int32, to-from+1), newNulls(to-from)
	for g := from; g < to; g++ {
		first, end := v.offsets[g], v.offsets[g+1]
		if first == end {
			missing.set(g - from)
		}
		order := orderedRows(first, end, compare)
		rows = append(rows, order[:min(len(order), b.count.n)]...)
		offsets[g-from+1] = int32(len(rows))
	}
	return kernel.FromLists(b.ret, offsets, kernel.Take(values, rows), missing.with(kernel.Validity{})), nil
}
