package functions

import (
	"github.com/apache/arrow/go/v17/arrow"
	"github.com/apache/arrow/go/v17/arrow/array"

	"tq/functions/kernel"
)

var firstAggregates = []Def{
	{
		Name: "first", Aliases: []string{"arbitrary"}, Kind: Aggregate, Family: aggregates, Nulls: SeesNulls,
		Doc:     "The value of the first row, NULL or not. Which row is first is known with ORDER BY inside the parentheses.",
		Example: "first(x ORDER BY x) FROM (VALUES (2), (1)) t(x)", Result: "1",
		Overloads: []Overload{{Args: types(Any), RetOf: firstPlain, Accumulate: newPicked(pickFirst)}},
	},
	{
		Name: "last", Kind: Aggregate, Family: aggregates, Nulls: SeesNulls,
		Doc:     "The value of the last row, NULL or not.",
		Example: "last(x ORDER BY x) FROM (VALUES (2), (1)) t(x)", Result: "2",
		Overloads: []Overload{{Args: types(Any), RetOf: firstPlain, Accumulate: newPicked(pickLast)}},
	},
	{
		Name: "any_value", Kind: Aggregate, Family: aggregates, Nulls: SeesNulls,
		Doc:     "The first value that is not NULL; NULL if there is none.",
		Example: "any_value(x) FROM (VALUES (NULL), (7)) t(x)", Result: "7",
		Overloads: []Overload{{Args: types(Any), RetOf: firstPlain, Accumulate: newPicked(pickFirstValue)}},
	},
}

// pick says which row of a group is kept.
type pick uint8

const (
	pickFirst pick = iota
	pickLast
	pickFirstValue
)

// picked keeps the value of one row of each group.
type picked struct {
	groupIDs
	pick  pick
	seen  []bool
	cells cells

	ids  []uint32
	rows []int32
}

func newPicked(p pick) NewAccumulator {
	return func(c *Call) Accumulator {
		if c.Args[0].ID() == arrow.NULL {
			return &nothing{dt: c.Ret}
		}
		return &picked{pick: p, cells: newCells(c.Ret)}
	}
}

func (p *picked) Grow(n int) {
	if n > len(p.seen) {
		p.seen = append(p.seen, make([]bool, n-len(p.seen))...)
		p.cells.grow(n)
	}
}

func (p *picked) Update(groups []uint32, args []kernel.Vec, n int) error {
	a := kernel.Full(args[0], n)
	p.ids, p.rows = p.ids[:0], p.rows[:0]
	if p.pick == pickLast && groups == nil && n > 0 {
		p.ids, p.rows = append(p.ids, 0), append(p.rows, int32(n-1))
		p.seen[0] = true
		p.cells.set(p.ids, a, p.rows)
		return nil
	}
	var valid kernel.Validity
	if p.pick == pickFirstValue {
		valid = kernel.ValidityOf(a)
	}
	if groups == nil && p.pick != pickLast && (n == 0 || p.seen[0]) {
		return nil
	}
	for i, g := range p.of(groups, n) {
		if p.pick == pickLast || !p.seen[g] && valid.Valid(i) {
			p.seen[g] = true
			p.ids, p.rows = append(p.ids, g), append(p.rows, int32(i))
		}
	}
	p.cells.set(p.ids, a, p.rows)
	return nil
}

func (p *picked) Merge(other Accumulator, into []uint32) error {
	o, ok := other.(*picked)
	if !ok {
		return strangers(p, other)
	}
	for g, to := range into {
		if o.seen[g] && (p.pick == pickLast || !p.seen[to]) {
			p.seen[to] = true
			p.cells.adopt(to, o.cells, uint32(g))
		}
	}
	return nil
}

func (p *picked) Append(b array.Builder, g int) error { return p.cells.append(b, g) }
func (p *picked) Finish(n int) (arrow.Array, error)   { return p.cells.finish(n) }
func (p *picked) Bytes() int64                        { return p.cells.bytes() + int64(cap(p.seen)) }
