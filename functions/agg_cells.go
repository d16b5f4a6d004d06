package functions

import (
	"github.com/apache/arrow/go/v17/arrow"
	"github.com/apache/arrow/go/v17/arrow/array"
	"github.com/apache/arrow/go/v17/arrow/decimal128"

	"tq/functions/kernel"
)

// cells keep one value of some type for each group.
type cells interface {
	grow(n int)
	// set stores row rows[i] of a as the value of groups[i], the last of several.
	set(groups []uint32, a arrow.Array, rows []int32)
	// adopt takes the value of group g of other cells as that of group to.
	adopt(to uint32, other cells, g uint32)
	finish(n int) (arrow.Array, error)
	append(b array.Builder, g int) error
	bytes() int64
}

func newCells(dt arrow.DataType) cells {
	switch kernel.KindOf(dt) {
	case kernel.Int8, kernel.Uint8:
		return &fixedCells[uint8]{dt: dt}
	case kernel.Int16, kernel.Uint16:
		return &fixedCells[uint16]{dt: dt}
	case kernel.Int32, kernel.Uint32, kernel.Float32:
		return &fixedCells[uint32]{dt: dt}
	case kernel.Int64, kernel.Uint64, kernel.Float64:
		return &fixedCells[uint64]{dt: dt}
	case kernel.Decimal:
		return &fixedCells[decimal128.Num]{dt: dt}
	case kernel.Interval:
		return &fixedCells[arrow.MonthDayNanoInterval]{dt: dt}
	case kernel.String, kernel.Dict:
		return &stringCells{dt: dt}
	}
	return &rowCells{dt: dt}
}

// fixedCells keep values of fixed width, by width only.
type fixedCells[T kernel.Fixed] struct {
	dt     arrow.DataType
	values []T
	valid  []bool
}

func (c *fixedCells[T]) grow(n int) {
	c.values = append(c.values, make([]T, n-len(c.values))...)
	c.valid = append(c.valid, make([]bool, n-len(c.valid))...)
}

func (c *fixedCells[T]) set(groups []uint32, a arrow.Array, rows []int32) {
	values, valid := kernel.Values[T](a), kernel.ValidityOf(a)
	for i, r := range rows {
		c.values[groups[i]], c.valid[groups[i]] = values[r], valid.Valid(int(r))
	}
}

func (c *fixedCells[T]) adopt(to uint32, other cells, g uint32) {
	o := other.(*fixedCells[T])
	c.values[to], c.valid[to] = o.values[g], o.valid[g]
}

func (c *fixedCells[T]) finish(n int) (arrow.Array, error) {
	values := append([]T{}, c.values[:n]...)
	return kernel.FromValues(c.dt, values, kernel.NewValidity(kernel.PackBools(c.valid[:n]), n)), nil
}

func (c *fixedCells[T]) append(b array.Builder, g int) error {
	one := kernel.FromValues(c.dt, c.values[g:g+1:g+1], kernel.NewValidity(kernel.PackBools(c.valid[g:g+1]), 1))
	return appendRow(b, one, 0)
}

func (c *fixedCells[T]) bytes() int64 {
	var zero [1]T
	return int64(cap(c.values))*int64(sizeOf(zero)) + int64(cap(c.valid))
}

// stringCells keep copies of strings.
type stringCells struct {
	dt     arrow.DataType
	values []string
	valid  []bool
	size   int64
}

func (c *stringCells) grow(n int) {
	c.values = append(c.values, make([]string, n-len(c.values))...)
	c.valid = append(c.valid, make([]bool, n-len(c.valid))...)
}

func (c *stringCells) put(g uint32, s string, valid bool) {
	c.size += int64(len(s) - len(c.values[g]))
	c.values[g], c.valid[g] = s, valid
}

func (c *stringCells) set(groups []uint32, a arrow.Array, rows []int32) {
	values, valid := kernel.StringsOf(a), kernel.ValidityOf(a)
	for i, r := range rows {
		if !valid.Valid(int(r)) {
			c.put(groups[i], "", false)
			continue
		}
		c.put(groups[i], clone(values.At(int(r))), true)
	}
}

func (c *stringCells) adopt(to uint32, other cells, g uint32) {
	o := other.(*stringCells)
	c.put(to, o.values[g], o.valid[g])
}

func (c *stringCells) finish(n int) (arrow.Array, error) {
	b := kernel.NewStringBuilder(n)
	for g := range n {
		if c.valid[g] {
			b.Append(c.values[g])
		} else {
			b.AppendNull()
		}
	}
	return b.Finish(plainType(c.dt))
}

func (c *stringCells) append(b array.Builder, g int) error {
	return appendString(b, c.values[g], c.valid[g])
}

func (c *stringCells) bytes() int64 { return c.size + int64(cap(c.values))*17 }

// rowCells keep values of any type as arrays of one row.
type rowCells struct {
	dt     arrow.DataType
	values []arrow.Array // nil: NULL
	size   int64
}

func (c *rowCells) grow(n int) {
	c.values = append(c.values, make([]arrow.Array, n-len(c.values))...)
}

func (c *rowCells) set(groups []uint32, a arrow.Array, rows []int32) {
	for i, r := range rows {
		one := kernel.Take(a, rows[i:i+1])
		c.values[groups[i]] = one
		c.size += int64(one.Data().SizeInBytes())
		if !kernel.ValidityOf(a).Valid(int(r)) {
			c.values[groups[i]] = nil
		}
	}
}

func (c *rowCells) adopt(to uint32, other cells, g uint32) {
	c.values[to] = other.(*rowCells).values[g]
}

func (c *rowCells) finish(n int) (arrow.Array, error) {
	if n == 0 {
		return kernel.Nulls(c.dt, 0), nil
	}
	rows := make([]arrow.Array, n)
	for g := range rows {
		if rows[g] = c.values[g]; rows[g] == nil {
			rows[g] = kernel.Nulls(c.dt, 1)
		}
	}
	return kernel.Concat(rows)
}

func (c *rowCells) append(b array.Builder, g int) error {
	if c.values[g] == nil {
		b.AppendNull()
		return nil
	}
	return appendRow(b, c.values[g], 0)
}

func (c *rowCells) bytes() int64 { return c.size + int64(cap(c.values))*16 }
