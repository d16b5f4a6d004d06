package functions

import (
	"github.com/apache/arrow/go/v17/arrow"

	"tq/functions/kernel"
)

const listFamily = "list"

var listFunctions = []Def{
	scalar(listFamily, "list_value", "A list of the values.", "[1, 2]", "[1, 2]",
		Overload{Args: types(SameAny), Variadic: true, Optional: 1, RetOf: listOfFirst, Eval: listValue}).also("list_pack").seesNulls(),
	scalar(listFamily, "array_extract", "The element of a list, or the character of a text, with the given number, counted from 1; a negative number counts from the end. NULL if there is none.",
		"array_extract([7, 8, 9], -1)", "9",
		Overload{Args: types(AnyList, BigInt), RetOf: elementOfFirst, Eval: listExtract},
		sig(Varchar, onValues(charExtract), Varchar, BigInt)).also("list_extract", "list_element"),
	scalar(listFamily, "array_slice", "The elements of a list, or the characters of a text, from one number to another, both counted from 1 and included.",
		"array_slice([7, 8, 9], 2, 3)", "[8, 9]",
		Overload{Args: types(AnyList, BigInt, BigInt), RetOf: firstArg, Eval: listSlice},
		sig(Varchar, charSlice, Varchar, BigInt, BigInt)).also("list_slice"),
}

func listOfFirst(args []arrow.DataType) (arrow.DataType, error) {
	if len(args) == 0 {
		return arrow.ListOf(Null), nil
	}
	return arrow.ListOf(plainType(args[0])), nil
}

func elementOfFirst(args []arrow.DataType) (arrow.DataType, error) {
	return args[0].(*arrow.ListType).Elem(), nil
}

// listValue interleaves the rows of the arguments.
func listValue(c *Call, args []kernel.Vec, n int) (kernel.Vec, error) {
	elem := c.Ret.(*arrow.ListType).Elem()
	n = rowCount(args, n)
	offsets := make([]int32, n+1)
	for i := range offsets {
		offsets[i] = int32(i * len(args))
	}
	parts, starts, at := []arrow.Array{kernel.Nulls(elem, 0)}, make([]int, len(args)), 0
	for k, a := range args {
		part := a.Array
		if part.DataType().ID() == arrow.NULL {
			part = kernel.Nulls(elem, part.Len())
		}
		parts, starts[k] = append(parts, part), at
		at += part.Len()
	}
	all, err := kernel.Concat(parts)
	if err != nil {
		return kernel.Vec{}, err
	}
	rows := make([]int32, 0, n*len(args))
	for i := range n {
		for k, a := range args {
			rows = append(rows, int32(starts[k]+a.Row(i)))
		}
	}
	values, err := kernel.Plain(kernel.Take(all, rows))
	if err != nil {
		return kernel.Vec{}, err
	}
	return column(args, kernel.FromLists(c.Ret, offsets, values, kernel.Validity{})), nil
}

// elementAt turns a number counted from 1, or from the end, into an index; -1: none.
func elementAt(at, size int64) int64 {
	switch {
	case at > 0 && at <= size:
		return at - 1
	case at < 0 && at >= -size:
		return size + at
	}
	return -1
}

func listExtract(c *Call, args []kernel.Vec, n int) (kernel.Vec, error) {
	if anyNullConst(args) {
		return nullOf(c), nil
	}
	n = rowCount(args, n)
	offsets, values := kernel.ListParts(args[0].Array)
	m, number, valid := step(args[0]), numbersOf[int64](args[1]), validAll(args, n)
	rows := make([]int32, n)
	for i := range rows {
		rows[i] = -1
		if !valid.Valid(i) {
			continue
		}
		from, to := offsets[i&m], offsets[i&m+1]
		if at := elementAt(number.at(i), int64(to-from)); at >= 0 {
			rows[i] = from + int32(at)
		}
	}
	return column(args, kernel.TakeNullable(values, rows)), nil
}

func charExtract(c *Call, args []kernel.Vec, n int) (kernel.Vec, error) {
	s, number := textsOf(args[0]), numbersOf[int64](args[1])
	return textRows(c, args, n, func(b []byte, i int) ([]byte, bool, error) {
		text := []rune(s.at(i))
		if at := elementAt(number.at(i), int64(len(text))); at >= 0 {
			return append(b, string(text[at])...), true, nil
		}
		return b, true, nil
	})
}

// sliceRange turns the ends of a slice of size elements, counted from 1 or from the end,
// into a range of indices.
func sliceRange(first, last, size int64) (from, to int64) {
	if first < 0 {
		first += size + 1
	}
	if last < 0 {
		last += size + 1
	}
	from, to = min(max(first, 1)-1, size), min(last, size)
	return from, max(from, to)
}

func listSlice(c *Call, args []kernel.Vec, n int) (kernel.Vec, error) {
	first, last := numbersOf[int64](args[1]), numbersOf[int64](args[2])
	return perList(func([]kernel.Vec, arrow.Array, int) (func(*listMaker, int, int32, int32) error, error) {
		return func(m *listMaker, i int, begin, end int32) error {
			from, to := sliceRange(first.at(i), last.at(i), int64(end-begin))
			for j := from; j < to; j++ {
				m.add(begin + int32(j))
			}
			return nil
		}, nil
	})(c, args, n)
}

func charSlice(c *Call, args []kernel.Vec, n int) (kernel.Vec, error) {
	s, first, last := textsOf(args[0]), numbersOf[int64](args[1]), numbersOf[int64](args[2])
	return textRows(c, args, n, func(b []byte, i int) ([]byte, bool, error) {
		text := []rune(s.at(i))
		from, to := sliceRange(first.at(i), last.at(i), int64(len(text)))
		return append(b, string(text[from:to])...), true, nil
	})
}
