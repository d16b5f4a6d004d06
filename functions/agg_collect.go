package functions

import (
	"slices"

	"github.com/apache/arrow/go/v17/arrow"
	"github.com/apache/arrow/go/v17/arrow/array"

	"tq/functions/kernel"
)

// collected keeps all values with their groups, for the aggregates that need them
// together. NULLs are left out unless keepNulls.
type collected struct {
	groupIDs
	dt        arrow.DataType
	keepNulls bool
	groups    int
	parts     []collectedPart
	size      int64

	grouped *groupedValues // of parts; nil when rows were added since
}

// collectedPart is some values and their groups.
type collectedPart struct {
	values arrow.Array
	groups []uint32
}

// groupedValues are values ordered by group; group g has rows offsets[g] to
// offsets[g+1].
type groupedValues struct {
	values  arrow.Array
	offsets []int32
}

func (c *collected) Grow(n int) {
	if n > c.groups {
		c.groups, c.grouped = n, nil
	}
}

func (c *collected) Bytes() int64 { return c.size }

func (c *collected) add(groups []uint32, v kernel.Vec, n int) {
	part := collectedPart{values: kernel.Full(v, n)}
	groups = c.of(groups, n)
	if valid := kernel.ValidityOf(part.values); valid.Bits != nil && !c.keepNulls {
		rows := kernel.SelectBits(valid.Bits, make([]int32, 0, n-valid.Nulls), n)
		part.values, part.groups = kernel.TakeValid(part.values, rows), make([]uint32, len(rows))
		for i, r := range rows {
			part.groups[i] = groups[r]
		}
	} else {
		part.groups = slices.Clone(groups)
	}
	c.parts, c.grouped = append(c.parts, part), nil
	c.size += int64(part.values.Data().SizeInBytes()) + 4*int64(len(part.groups))
}

// merge takes over the values of another list, which must not be used any more.
func (c *collected) merge(o *collected, into []uint32) {
	for _, part := range o.parts {
		for i, g := range part.groups {
			part.groups[i] = into[g]
		}
	}
	c.parts, c.grouped = append(c.parts, o.parts...), nil
	c.size += o.size
}

// group orders the values by group, keeping their order within each.
func (c *collected) group() (*groupedValues, error) {
	if c.grouped != nil {
		return c.grouped, nil
	}
	values, groups := make([]arrow.Array, len(c.parts)), make([][]uint32, len(c.parts))
	offsets := make([]int32, c.groups+1)
	for i, part := range c.parts {
		values[i], groups[i] = part.values, part.groups
		for _, g := range part.groups {
			offsets[g+1]++
		}
	}
	for g := range c.groups {
		offsets[g+1] += offsets[g]
	}
	if len(values) == 0 {
		values, groups = append(values, kernel.Nulls(c.dt, 0)), append(groups, nil)
	}
	ordered, err := kernel.Partition(values, groups, offsets)
	if err != nil {
		return nil, err
	}
	c.grouped = &groupedValues{ordered, offsets}
	return c.grouped, nil
}

var listAggregates = []Def{
	{
		Name: "list", Aliases: []string{"array_agg"}, Kind: Aggregate, Family: aggregates, Nulls: SeesNulls,
		Doc:     "All values of the group as a list, NULLs included; NULL if there are no rows.",
		Example: "list(x ORDER BY x) FROM (VALUES (2), (1)) t(x)", Result: "[1, 2]",
		Overloads: []Overload{{
			Args:       types(Any),
			RetOf:      func(args []arrow.DataType) (arrow.DataType, error) { return arrow.ListOf(plainType(args[0])), nil },
			Accumulate: func(c *Call) Accumulator { return &lists{collected{dt: c.Args[0], keepNulls: true}} },
		}},
	},
}

// lists makes a list of all values.
type lists struct{ collected }

func (l *lists) Update(groups []uint32, args []kernel.Vec, n int) error {
	l.add(groups, args[0], n)
	return nil
}

func (l *lists) Merge(other Accumulator, into []uint32) error {
	o, ok := other.(*lists)
	if !ok {
		return strangers(l, other)
	}
	l.merge(&o.collected, into)
	return nil
}

func (l *lists) Append(b array.Builder, g int) error {
	v, err := l.group()
	if err != nil {
		return err
	}
	list, err := listOf(v, g, g+1)
	if err != nil {
		return err
	}
	return appendRow(b, list, 0)
}

func (l *lists) Finish(n int) (arrow.Array, error) {
	v, err := l.group()
	if err != nil {
		return nil, err
	}
	return listOf(v, 0, n)
}

// listOf makes the lists of groups from to to; empty ones are NULL.
func listOf(v *groupedValues, from, to int) (arrow.Array, error) {
	values, err := kernel.Plain(v.values)
	if err != nil {
		return nil, err
	}
	missing := newNulls(to - from)
	for g := from; g < to; g++ {
		if v.offsets[g] == v.offsets[g+1] {
			missing.set(g - from)
		}
	}
	dt := arrow.ListOf(values.DataType())
	return kernel.FromLists(dt, v.offsets[from:to+1], values, missing.with(kernel.Validity{})), nil
}
