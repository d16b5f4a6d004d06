package functions

import (
	"errors"
	"fmt"
	"strings"

	"github.com/apache/arrow/go/v17/arrow"
	"github.com/apache/arrow/go/v17/arrow/array"

	"tq/functions/kernel"
)

const structFamily = "struct"

// The type of a struct depends on names that are given with the arguments, which types do
// not show: lang/sem computes it with [StructOf] and [FieldOf], not with the signatures.
var structFunctions = []Def{
	scalar(structFamily, "struct_pack", "A struct of named values; {'a': 1} is the same.", "struct_pack(a := 1, b := 'x')", "{'a': 1, 'b': x}",
		Overload{Args: types(Any), Variadic: true, RetOf: unnamedStruct, Eval: packStruct}).seesNulls(),
	scalar(structFamily, "row", "A struct of values without names; a list of values in parentheses is the same.", "row(1, 'x')", "(1, x)",
		Overload{Args: types(Any), Variadic: true, RetOf: unnamedStruct, Eval: packStruct}).seesNulls(),
	scalar(structFamily, "struct_extract", "The field of a struct with the given name or, counted from 1, number; s.a is the same.", "struct_extract({'a': 1, 'b': 2}, 'b')", "2",
		Overload{Args: types(Any, BigInt), RetOf: anyField, Eval: extractField}).also("struct_extract_at"),
	scalar(structFamily, "struct_insert", "The struct with more fields behind its own.", "struct_insert({'a': 1}, b := 2)", "{'a': 1, 'b': 2}",
		Overload{Args: types(Any, Any), Variadic: true, RetOf: ofStruct(nil), Eval: insertFields}).seesNulls(),
	scalar(structFamily, "struct_update", "The struct with other values in fields of its own, and more fields behind them.", "struct_update({'a': 1, 'b': 2}, b := 'x', c := 3)", "{'a': 1, 'b': x, 'c': 3}",
		Overload{Args: types(Any, BigInt, Any), Variadic: true, RetOf: ofStruct(nil), Eval: updateFields}).seesNulls(),
	scalar(structFamily, "struct_concat", "A struct of the fields of all structs.", "struct_concat({'a': 1}, {'b': 2})", "{'a': 1, 'b': 2}",
		Overload{Args: types(Any), Variadic: true, RetOf: fieldsOfAll, Eval: concatFields}).seesNulls(),
	scalar(structFamily, "struct_keys", "The names of the fields.", "struct_keys({'a': 1, 'b': 2})", "[a, b]",
		Overload{Args: types(Any), RetOf: ofStruct(textList), Eval: structKeys}),
	scalar(structFamily, "struct_values", "The values of the fields as a struct without names.", "struct_values({'a': 1, 'b': 2})", "(1, 2)",
		Overload{Args: types(Any), RetOf: withoutNames, Eval: func(c *Call, args []kernel.Vec, _ int) (kernel.Vec, error) {
			return kernel.Vec{Array: kernel.Retype(args[0].Array, c.Ret), Const: args[0].Const}, nil
		}}),
}

// StructOf is the type of a struct with these fields; nameless ones are called "".
func StructOf(names []string, fields []arrow.DataType) (arrow.DataType, error) {
	out := make([]arrow.Field, len(fields))
	for i, f := range fields {
		for _, before := range names[:i] {
			if names[i] != "" && strings.EqualFold(before, names[i]) {
				return nil, fmt.Errorf("a struct has only one field %q", names[i])
			}
		}
		out[i] = arrow.Field{Name: names[i], Type: plainType(f), Nullable: true}
	}
	return arrow.StructOf(out...), nil
}

// FieldOf finds a field of a struct type by its name, whatever the case: its number,
// counted from 0, and type.
func FieldOf(dt arrow.DataType, name string) (at int, field arrow.DataType, ok bool) {
	st, isStruct := dt.(*arrow.StructType)
	if !isStruct {
		return 0, nil, false
	}
	for i, f := range st.Fields() {
		if strings.EqualFold(f.Name, name) {
			return i, f.Type, true
		}
	}
	return 0, nil, false
}

// FieldNames are the names of a struct's fields.
func FieldNames(dt arrow.DataType) []string {
	var names []string
	if st, ok := dt.(*arrow.StructType); ok {
		for _, f := range st.Fields() {
			names = append(names, f.Name)
		}
	}
	return names
}

func unnamedStruct(args []arrow.DataType) (arrow.DataType, error) {
	return StructOf(make([]string, len(args)), args)
}

var errNoStruct = errors.New("this is no struct")

func anyField(args []arrow.DataType) (arrow.DataType, error) {
	if st, ok := args[0].(*arrow.StructType); ok && st.NumFields() > 0 {
		return st.Field(0).Type, nil
	}
	return nil, errNoStruct
}

// ofStruct is the result type of a function of structs; nil is the struct's own.
func ofStruct(ret arrow.DataType) func(args []arrow.DataType) (arrow.DataType, error) {
	return func(args []arrow.DataType) (arrow.DataType, error) {
		if args[0].ID() != arrow.STRUCT {
			return nil, errNoStruct
		}
		if ret == nil {
			return args[0], nil
		}
		return ret, nil
	}
}

func withoutNames(args []arrow.DataType) (arrow.DataType, error) {
	st, ok := args[0].(*arrow.StructType)
	if !ok {
		return nil, errNoStruct
	}
	fields := make([]arrow.DataType, st.NumFields())
	for i, f := range st.Fields() {
		fields[i] = f.Type
	}
	return unnamedStruct(fields)
}

// packStruct makes the arguments the fields of c.Ret.
func packStruct(c *Call, args []kernel.Vec, n int) (kernel.Vec, error) {
	n = rowCount(args, n)
	fields, err := fieldColumns(c.Ret.(*arrow.StructType), 0, args, n)
	if err != nil {
		return kernel.Vec{}, err
	}
	return column(args, kernel.FromFields(c.Ret, n, fields, kernel.Validity{})), nil
}

// fieldColumns are arguments as columns of the fields from one on.
func fieldColumns(st *arrow.StructType, from int, args []kernel.Vec, n int) ([]arrow.Array, error) {
	out := make([]arrow.Array, len(args))
	for i, a := range args {
		if a.DataType().ID() == arrow.NULL {
			out[i] = kernel.Nulls(st.Field(from+i).Type, n)
			continue
		}
		var err error
		if out[i], err = kernel.Plain(kernel.Full(a, n)); err != nil {
			return nil, err
		}
	}
	return out, nil
}

// extractField takes the field whose number, counted from 1, is the constant second
// argument.
func extractField(c *Call, args []kernel.Vec, n int) (kernel.Vec, error) {
	if anyNullConst(args) {
		return nullOf(c), nil
	}
	st, ok := args[0].Array.(*array.Struct)
	if !ok {
		return kernel.Vec{}, errNoStruct
	}
	at := numbersOf[int64](args[1]).at(0)
	if at < 1 || at > int64(st.NumField()) {
		return kernel.Vec{}, fmt.Errorf("the struct has no field number %d", at)
	}
	field := kernel.StructField(st, int(at-1))
	valid := kernel.ValidityOf(field).And(kernel.ValidityOf(st), st.Len())
	return kernel.Vec{Array: kernel.WithValidity(field, valid), Const: args[0].Const}, nil
}

// insertFields appends fields to a struct; of NULL it makes NULL.
func insertFields(c *Call, args []kernel.Vec, n int) (kernel.Vec, error) {
	if anyNullConst(args[:1]) {
		return nullOf(c), nil
	}
	n = rowCount(args, n)
	st, ok := c.Ret.(*arrow.StructType)
	if !ok || c.Args[0].ID() != arrow.STRUCT {
		return kernel.Vec{}, errNoStruct
	}
	whole, own := kernel.Full(args[0], n), st.NumFields()-len(args)+1
	var fields []arrow.Array
	for f := range own {
		fields = append(fields, kernel.StructField(whole, f))
	}
	more, err := fieldColumns(st, own, args[1:], n)
	if err != nil {
		return kernel.Vec{}, err
	}
	return column(args, kernel.FromFields(c.Ret, n, append(fields, more...), kernel.ValidityOf(whole))), nil
}

// updateFields puts values in the place of fields, or behind them: after the struct each
// value follows the number of its field, counted from 1. Of NULL it makes a struct whose
// other fields are NULL.
func updateFields(c *Call, args []kernel.Vec, n int) (kernel.Vec, error) {
	st, ok := c.Ret.(*arrow.StructType)
	if !ok || c.Args[0].ID() != arrow.STRUCT || len(args)%2 == 0 {
		return kernel.Vec{}, errNoStruct
	}
	n = rowCount(args, n)
	fields := make([]arrow.Array, st.NumFields())
	copy(fields, fieldsOf(args[0], n))
	for i := 1; i < len(args); i += 2 {
		if anyNullConst(args[i : i+1]) {
			return kernel.Vec{}, errNoStruct
		}
		at := int(numbersOf[int64](args[i]).at(0)) - 1
		if at < 0 || at >= len(fields) {
			return kernel.Vec{}, errNoStruct
		}
		value, err := fieldColumns(st, at, args[i+1:i+2], n)
		if err != nil {
			return kernel.Vec{}, err
		}
		fields[at] = value[0]
	}
	return column(args, kernel.FromFields(c.Ret, n, fields, kernel.Validity{})), nil
}

// fieldsOf are the fields of a struct as columns, which are NULL where it is.
func fieldsOf(v kernel.Vec, n int) []arrow.Array {
	whole := kernel.Full(v, n)
	valid := kernel.ValidityOf(whole)
	fields := make([]arrow.Array, v.DataType().(*arrow.StructType).NumFields())
	for f := range fields {
		field := kernel.StructField(whole, f)
		fields[f] = kernel.WithValidity(field, kernel.ValidityOf(field).And(valid, n))
	}
	return fields
}

// fieldsOfAll is the type of a struct of the fields of structs.
func fieldsOfAll(args []arrow.DataType) (arrow.DataType, error) {
	var names []string
	var fields []arrow.DataType
	for _, a := range args {
		st, ok := a.(*arrow.StructType)
		if !ok {
			return nil, errNoStruct
		}
		for _, f := range st.Fields() {
			if len(names) > 0 && (f.Name == "") != (names[0] == "") {
				return nil, errors.New("structs with names and without cannot be put together")
			}
			names, fields = append(names, f.Name), append(fields, f.Type)
		}
	}
	return StructOf(names, fields)
}

func concatFields(c *Call, args []kernel.Vec, n int) (kernel.Vec, error) {
	n = rowCount(args, n)
	var fields []arrow.Array
	for _, a := range args {
		fields = append(fields, fieldsOf(a, n)...)
	}
	return column(args, kernel.FromFields(c.Ret, n, fields, kernel.Validity{})), nil
}

func structKeys(c *Call, args []kernel.Vec, n int) (kernel.Vec, error) {
	names := FieldNames(c.Args[0])
	return textLists(c, args, n, func(emit func(string), _ int) error {
		for _, name := range names {
			emit(name)
		}
		return nil
	})
}
