package functions

import (
	"fmt"

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

// ofEntry is BOOLEAN if a map's keys and values can be compared with a key and a value.
func ofEntry(args []arrow.DataType) (arrow.DataType, error) {
	key, item := mapParts(args[0])
	for i, part := range []arrow.DataType{key, item} {
		if _, ok := ComparisonType(part, args[i+1]); !ok {
			return nil, fmt.Errorf("%s cannot be compared with %s", TypeName(part), TypeName(args[i+1]))
		}
	}
	return Boolean, nil
}

func mapContainsEntry(c *Call, args []kernel.Vec, n int) (kernel.Vec, error) {
	if anyNullConst(args[:1]) {
		return nullOf(c), nil
	}
	n = rowCount(args, n)
	m := mapsOf(args[0], n)
	sameKey, err := sameValue(c, m.keys, args[1], n)
	if err != nil {
		return kernel.Vec{}, err
	}
	sameItem, err := sameValue(c, m.items, args[2], n)
	if err != nil {
		return kernel.Vec{}, err
	}
	out := make([]bool, n)
	for i := range out {
		for j, to := m.At(i); j < to && !out[i]; j++ {
			out[i] = sameKey(int(j), i) && sameItem(int(j), i)
		}
	}
	return column(args, kernel.FromBools(out, m.Valid)), nil
}

// sameValue tells whether a value is that of a row, or both are NULL.
func sameValue(c *Call, values arrow.Array, v kernel.Vec, n int) (func(value, row int) bool, error) {
	common, _ := ComparisonType(values.DataType(), v.DataType())
	all, err := Cast(kernel.Col(values), common, false, c.Env, values.Len())
	if err != nil {
		return nil, err
	}
	if v, err = Cast(v, common, false, c.Env, n); err != nil {
		return nil, err
	}
	have, valid := kernel.ValidityOf(all.Array), kernel.RowValidity(v, n)
	compare, step := kernel.Comparer(all.Array, v.Array), step(v)
	return func(value, row int) bool {
		if !have.Valid(value) || !valid.Valid(row) {
			return have.Valid(value) == valid.Valid(row)
		}
		return compare(value, row&step) == 0
	}, nil
}
