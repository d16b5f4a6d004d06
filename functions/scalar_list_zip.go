package functions

import (
	"errors"

	"github.com/apache/arrow/go/v17/arrow"

	"tq/functions/kernel"
)

var listZipFunctions = []Def{
	scalar(listFamily, "list_zip", "A list of structs of the first elements of the lists, the second ones, and so on; NULL where a list is at its end. With true behind the lists it ends with the shortest.",
		"list_zip([1, 2], ['a', 'b'])", "[(1, a), (2, b)]",
		Overload{Args: types(Any), Variadic: true, RetOf: listOfTuples, Eval: zipLists}).also("array_zip").seesNulls(),
}

var errZip = errors.New("list_zip takes lists, and perhaps true or false behind them")

// zipped are the arguments of list_zip that are lists, and whether one says to truncate.
func zipped(args []arrow.DataType) (lists int, truncate bool) {
	last := len(args) - 1
	if last > 0 && args[last].ID() == arrow.BOOL {
		return last, true
	}
	return len(args), false
}

func listOfTuples(args []arrow.DataType) (arrow.DataType, error) {
	n, _ := zipped(args)
	elems := make([]arrow.DataType, n)
	for i, a := range args[:n] {
		switch t := a.(type) {
		case *arrow.ListType:
			elems[i] = t.Elem()
		case *arrow.NullType:
			elems[i] = Null
		default:
			return nil, errZip
		}
	}
	tuple, err := unnamedStruct(elems)
	return arrow.ListOf(tuple), err
}

func zipLists(c *Call, args []kernel.Vec, n int) (kernel.Vec, error) {
	count, truncating := zipped(c.Args)
	n = rowCount(args, n)
	lists := make([]*Lists, count) // nil for NULLs
	for k, a := range args[:count] {
		if a.DataType().ID() != arrow.NULL {
			lists[k] = ListsOf(a, n)
		}
	}
	short := func(int) bool { return false }
	if truncating {
		flag := args[count]
		valid, bits := kernel.RowValidity(flag, n), kernel.Bitmap(kernel.Bits(flag.Array))
		short = func(i int) bool { return valid.Valid(i) && bits.Get(flag.Row(i)) }
	}
	offsets, rows, ends := make([]int32, n+1), make([][]int32, count), make([][2]int32, count)
	for i := range n {
		size := int32(-1)
		for k, l := range lists {
			ends[k] = [2]int32{}
			if l != nil {
				ends[k][0], ends[k][1] = l.At(i)
			}
			length := ends[k][1] - ends[k][0]
			if size < 0 || (length < size) == short(i) {
				size = length
			}
		}
		for k, end := range ends {
			for j := range size {
				row := end[0] + j
				if row >= end[1] {
					row = -1
				}
				rows[k] = append(rows[k], row)
			}
		}
		offsets[i+1] = offsets[i] + size
	}
	tuple := c.Ret.(*arrow.ListType).Elem().(*arrow.StructType)
	fields := make([]arrow.Array, count)
	for k, l := range lists {
		if fields[k] = kernel.Nulls(tuple.Field(k).Type, int(offsets[n])); l != nil {
			var err error
			if fields[k], err = kernel.Plain(kernel.TakeNullable(l.Values, rows[k])); err != nil {
				return kernel.Vec{}, err
			}
		}
	}
	tuples := kernel.FromFields(tuple, int(offsets[n]), fields, kernel.Validity{})
	return column(args, kernel.FromLists(c.Ret, offsets, tuples, kernel.Validity{})), nil
}
