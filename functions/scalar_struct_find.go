package functions

import (
	"errors"

	"github.com/apache/arrow/go/v17/arrow"
	"github.com/apache/arrow/go/v17/arrow/array"

	"tq/functions/kernel"
)

var structFindFunctions = []Def{
	scalar(structFamily, "struct_contains", "Whether a struct without names has the value.", "struct_contains(row(1, 2), 2)", "true",
		Overload{Args: types(Any, Any), RetOf: ofNameless(Boolean), Eval: structContains}).also("struct_has"),
	scalar(structFamily, "struct_position", "Where a struct without names has the value, counted from 1: the last of several places; NULL if nowhere.", "struct_position(row(5, 7), 7)", "2",
		Overload{Args: types(Any, Any), RetOf: ofNameless(Integer), Eval: structPosition}).seesNulls().also("struct_indexof"),
}

// ofNameless is the result type of a function that seeks a value in a struct without names.
func ofNameless(ret arrow.DataType) func(args []arrow.DataType) (arrow.DataType, error) {
	return func(args []arrow.DataType) (arrow.DataType, error) {
		st, ok := args[0].(*arrow.StructType)
		if !ok {
			return nil, errNoStruct
		}
		for _, f := range st.Fields() {
			if f.Name != "" {
				return nil, errors.New("a value is only sought in a struct without names, such as row(1, 2)")
			}
		}
		return ret, nil
	}
}

func structContains(c *Call, args []kernel.Vec, n int) (kernel.Vec, error) {
	if anyNullConst(args) {
		return nullOf(c), nil
	}
	n = rowCount(args, n)
	found, err := fieldPositions(c, args, n)
	if err != nil {
		return kernel.Vec{}, err
	}
	return boolRows(c, args, n, func(i int) (bool, error) { return found[i] > 0, nil })
}

func structPosition(c *Call, args []kernel.Vec, n int) (kernel.Vec, error) {
	if anyNullConst(args[:1]) {
		return nullOf(c), nil
	}
	n = rowCount(args, n)
	found, err := fieldPositions(c, args, n)
	if err != nil {
		return kernel.Vec{}, err
	}
	missing := newNulls(n)
	for i, at := range found {
		if at == 0 {
			missing.set(i)
		}
	}
	return column(args, kernel.FromValues(c.Ret, found, missing.with(kernel.RowValidity(args[0], n)))), nil
}

// fieldPositions returns, for each row, the number of the last field that is the value
// sought, counted from 1; 0 if none is. A NULL is found where a field is NULL.
func fieldPositions(c *Call, args []kernel.Vec, n int) ([]int32, error) {
	st, ok := args[0].Array.(*array.Struct)
	if !ok {
		return nil, errNoStruct
	}
	found, noneSought := make([]int32, n), kernel.RowValidity(args[1], n)
	for f := range st.NumField() {
		field := kernel.Vec{Array: kernel.StructField(st, f), Const: args[0].Const}
		common, ok := soughtAs(field.DataType(), c.Args[1])
		if !ok {
			continue
		}
		equal, err := equalRows(c, common, field, args[1], n)
		if err != nil {
			return nil, err
		}
		for _, i := range equal {
			found[i] = int32(f) + 1
		}
		some := kernel.RowValidity(field, n)
		for i := range found {
			if !noneSought.Valid(i) && !some.Valid(i) {
				found[i] = int32(f) + 1
			}
		}
	}
	return found, nil
}

// soughtAs is the type in which a field is compared with the value sought. A text is only
// found among texts, so that no field has to be read as a number.
func soughtAs(field, sought arrow.DataType) (arrow.DataType, bool) {
	if field.ID() != arrow.NULL && sought.ID() != arrow.NULL && isString(field) != isString(sought) {
		return nil, false
	}
	return ComparisonType(field, sought)
}
