package functions

import (
	"github.com/apache/arrow/go/v17/arrow"

	"tq/functions/kernel"
)

// find returns, for each row, the entry of the row's map whose key or value is the one in
// the row of sought; -1 if there is none, or a NULL is sought.
func (m maps) find(field int, sought kernel.Vec, n int) []int32 {
	column := m.keys
	if field == itemField {
		column = m.items
	}
	some, valid := kernel.ValidityOf(column), kernel.RowValidity(sought, n)
	compare, w := kernel.Comparer(column, sought.Array), step(sought)
	rows := make([]int32, n)
	for i := range rows {
		rows[i] = -1
		if !valid.Valid(i) {
			continue
		}
		for j, to := m.At(i); j < to; j++ {
			if some.Valid(int(j)) && compare(int(j), i&w) == 0 {
				rows[i] = j
				break
			}
		}
	}
	return rows
}

func mapContains(field int) ScalarFunc {
	return func(c *Call, args []kernel.Vec, n int) (kernel.Vec, error) {
		if anyNullConst(args) {
			return nullOf(c), nil
		}
		n = rowCount(args, n)
		found := mapsOf(args[0], n).find(field, args[1], n)
		return boolRows(c, args, n, func(i int) (bool, error) { return found[i] >= 0, nil })
	}
}

func mapExtractValue(c *Call, args []kernel.Vec, n int) (kernel.Vec, error) {
	if anyNullConst(args) {
		return nullOf(c), nil
	}
	n = rowCount(args, n)
	m := mapsOf(args[0], n)
	return column(args, kernel.TakeNullable(m.items, m.find(keyField, args[1], n))), nil
}

// mapExtract makes a list of the one value that is found. Under a key that is NULL there
// is none.
func mapExtract(c *Call, args []kernel.Vec, n int) (kernel.Vec, error) {
	if anyNullConst(args[:1]) {
		return nullOf(c), nil
	}
	n = rowCount(args, n)
	m := mapsOf(args[0], n)
	offsets, rows := make([]int32, n+1), []int32{}
	if args[1].DataType().ID() != arrow.NULL {
		for i, at := range m.find(keyField, args[1], n) {
			if at >= 0 {
				rows = append(rows, at)
			}
			offsets[i+1] = int32(len(rows))
		}
	}
	return column(args, kernel.FromLists(c.Ret, offsets, kernel.Take(m.items, rows), m.Valid)), nil
}
