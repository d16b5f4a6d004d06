package functions

import (
	"github.com/apache/arrow/go/v17/arrow"

	"tq/functions/kernel"
)

// Lists are the lists of a column, by row.
type Lists struct {
	Values  arrow.Array // the elements of all
	Valid   kernel.Validity
	offsets []int32
	step    int
}

// ListsOf returns the lists of n rows.
func ListsOf(v kernel.Vec, n int) *Lists {
	offsets, values := kernel.ListParts(v.Array)
	return &Lists{values, kernel.RowValidity(v, n), offsets, step(v)}
}

// At returns the elements of row i as a range of rows of Values; of NULL there are none.
func (l *Lists) At(i int) (from, to int32) {
	if !l.Valid.Valid(i) {
		return 0, 0
	}
	i &= l.step
	return l.offsets[i], l.offsets[i+1]
}

// listMaker makes a column of lists whose elements are rows of other arrays.
type listMaker struct {
	parts   []arrow.Array
	size    int32
	rows    []int32
	offsets []int32
	missing *nulls
}

func newListMaker(n int) *listMaker {
	return &listMaker{offsets: append(make([]int32, 0, n+1), 0), missing: newNulls(n)}
}

// source adds an array whose rows may become elements: row r of it is base + r to add.
func (m *listMaker) source(a arrow.Array) (base int32) {
	base = m.size
	m.parts, m.size = append(m.parts, a), m.size+int32(a.Len())
	return base
}

// add appends an element to the current list; -1 is NULL.
func (m *listMaker) add(row int32) { m.rows = append(m.rows, row) }

// end ends the current list, endNull makes it NULL.
func (m *listMaker) end() { m.offsets = append(m.offsets, int32(len(m.rows))) }

func (m *listMaker) endNull() {
	m.missing.set(len(m.offsets) - 1)
	m.end()
}

func (m *listMaker) finish(dt arrow.DataType) (arrow.Array, error) {
	elem := plainType(dt.(*arrow.ListType).Elem())
	parts := []arrow.Array{kernel.Nulls(elem, 0)}
	for _, p := range m.parts {
		if p.DataType().ID() == arrow.NULL {
			p = kernel.Nulls(elem, p.Len())
		}
		parts = append(parts, p)
	}
	all, err := kernel.Concat(parts)
	if err != nil {
		return nil, err
	}
	flat, err := kernel.Plain(kernel.TakeNullable(all, m.rows))
	if err != nil {
		return nil, err
	}
	return kernel.FromLists(dt, m.offsets, flat, m.missing.with(kernel.Validity{})), nil
}

// perList is a function of a list, and perhaps of more arguments, whose result is made of
// the list's own elements. make appends the elements of row i, which are the rows from to
// to of values. A NULL in any argument makes NULL.
func perList(prepare func(args []kernel.Vec, values arrow.Array, n int) (func(m *listMaker, i int, from, to int32) error, error)) ScalarFunc {
	return func(c *Call, args []kernel.Vec, n int) (kernel.Vec, error) {
		if anyNullConst(args) {
			return nullOf(c), nil
		}
		n = rowCount(args, n)
		list, valid := ListsOf(args[0], n), validAll(args, n)
		build, err := prepare(args, list.Values, n)
		if err != nil {
			return kernel.Vec{}, err
		}
		m := newListMaker(n)
		m.source(list.Values)
		for i := range n {
			if !valid.Valid(i) {
				m.endNull()
				continue
			}
			from, to := list.At(i)
			if err := build(m, i, from, to); err != nil {
				return kernel.Vec{}, err
			}
			m.end()
		}
		a, err := m.finish(c.Ret)
		return column(args, a), err
	}
}

// textLists computes a VARCHAR[] column; f hands the elements of a row without NULL to
// emit.
func textLists(c *Call, args []kernel.Vec, n int, f func(emit func(s string), i int) error) (kernel.Vec, error) {
	if anyNullConst(args) {
		return nullOf(c), nil
	}
	n = rowCount(args, n)
	a, err := makeTextLists(c.Ret, validAll(args, n), n, f)
	return column(args, a), err
}

// makeTextLists is [textLists] with the rows that are valid given.
func makeTextLists(dt arrow.DataType, valid kernel.Validity, n int, f func(emit func(s string), i int) error) (arrow.Array, error) {
	offsets, out := make([]int32, n+1), kernel.NewStringBuilder(n)
	for i := range n {
		if valid.Valid(i) {
			if err := f(out.Append, i); err != nil {
				return nil, err
			}
			if len(out.Buffer()) > maxTexts {
				return nil, errLongTexts
			}
		}
		offsets[i+1] = int32(out.Len())
	}
	flat, err := out.Finish(Varchar)
	if err != nil {
		return nil, err
	}
	return kernel.FromLists(dt, offsets, flat, valid), nil
}
