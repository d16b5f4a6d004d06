package functions

import (
	"errors"

	"github.com/apache/arrow/go/v17/arrow"

	"tq/functions/kernel"
)

var listJoinFunctions = []Def{
	scalar(listFamily, "list_append", "The list with one more element at its end; NULL counts as the empty list.", "list_append([1, 2], 3)", "[1, 2, 3]",
		Overload{Args: types(SameList, SameAny), RetOf: firstArg, Eval: extendList(0, 1)}).also("array_append", "array_push_back", "list_push_back").seesNulls(),
	scalar(listFamily, "list_prepend", "The list with one more element, which stands first here too, at its beginning.", "list_prepend(1, [2, 3])", "[1, 2, 3]",
		Overload{Args: types(SameAny, SameList), RetOf: secondArg, Eval: extendList(0, 1)}).also("array_prepend").seesNulls(),
	scalar(listFamily, "array_push_front", "The list with one more element at its beginning.", "array_push_front([2, 3], 1)", "[1, 2, 3]",
		Overload{Args: types(SameList, SameAny), RetOf: firstArg, Eval: extendList(1, 0)}).seesNulls(),
	scalar(listFamily, "list_concat", "One list behind the other; NULL counts as the empty list.", "list_concat([1], [2, 3])", "[1, 2, 3]",
		Overload{Args: types(SameList), Variadic: true, RetOf: firstArg, Eval: concatLists(false)}).also("list_cat", "array_concat", "array_cat").seesNulls(),
	scalar(listFamily, "array_pop_back", "The list without its last element.", "array_pop_back([1, 2, 3])", "[1, 2]",
		Overload{Args: types(AnyList), RetOf: firstArg, Eval: cutList(0, 1)}),
	scalar(listFamily, "array_pop_front", "The list without its first element.", "array_pop_front([1, 2, 3])", "[2, 3]",
		Overload{Args: types(AnyList), RetOf: firstArg, Eval: cutList(1, 0)}),
	scalar(listFamily, "flatten", "The elements of the lists in a list.", "flatten([[1, 2], [3]])", "[1, 2, 3]",
		Overload{Args: types(AnyList), RetOf: listInList, Eval: flattenList}),
	scalar(listFamily, "list_resize", "The list with so many elements: the last ones cut off, or NULL or the third argument added.", "list_resize([1, 2], 4, 0)", "[1, 2, 0, 0]",
		Overload{Args: types(SameList, BigInt, SameAny), RetOf: firstArg, Eval: resizeList},
		Overload{Args: types(AnyList, BigInt), RetOf: firstArg, Eval: resizeList}).also("array_resize").seesNulls(),
	scalar(listFamily, "list_select", "The elements with the given numbers, counted from 1; NULL where there is none.", "list_select([7, 8, 9], [3, 1])", "[9, 7]",
		Overload{Args: types(AnyList, arrow.ListOf(BigInt)), RetOf: firstArg, Eval: perList(selectElements)}).also("array_select"),
	scalar(listFamily, "list_where", "The elements at whose places the second list has true.", "list_where([7, 8, 9], [true, false, true])", "[7, 9]",
		Overload{Args: types(AnyList, arrow.ListOf(Boolean)), RetOf: firstArg, Eval: perList(whereElements)}).also("array_where"),
}

// extendList joins a list and an element, in either order: first and then are the numbers
// of the arguments that come first and second in the result.
func extendList(first, then int) ScalarFunc {
	return func(c *Call, args []kernel.Vec, n int) (kernel.Vec, error) {
		n = rowCount(args, n)
		m := newListMaker(n)
		var puts [2]func(i int)
		for k, at := range []int{first, then} {
			a := args[at]
			if at == listAt(c) {
				puts[k] = m.listSource(a, n)
				continue
			}
			base, w := m.source(a.Array), step(a)
			puts[k] = func(i int) { m.add(base + int32(i&w)) }
		}
		for i := range n {
			puts[0](i)
			puts[1](i)
			m.end()
		}
		out, err := m.finish(c.Ret)
		return column(args, out), err
	}
}

// listAt is which of two arguments is the list that the other is an element of.
func listAt(c *Call) int {
	if arrow.TypeEqual(plainType(c.Args[0]), c.Ret) {
		return 0
	}
	return 1
}

// listSource returns a function that adds the elements of row i of an argument.
func (m *listMaker) listSource(a kernel.Vec, n int) func(i int) {
	if a.DataType().ID() == arrow.NULL {
		return func(int) {}
	}
	list := ListsOf(a, n)
	base := m.source(list.Values)
	return func(i int) {
		from, to := list.At(i)
		for j := from; j < to; j++ {
			m.add(base + j)
		}
	}
}

// concatLists joins lists. A NULL counts as empty, or else makes the result NULL.
func concatLists(nullWins bool) ScalarFunc {
	return func(c *Call, args []kernel.Vec, n int) (kernel.Vec, error) {
		if nullWins && anyNullConst(args) || untypedNulls(args) {
			return nullOf(c), nil
		}
		n = rowCount(args, n)
		m, valid := newListMaker(n), kernel.Validity{}
		if nullWins {
			valid = validAll(args, n)
		}
		puts := make([]func(i int), len(args))
		for k, a := range args {
			puts[k] = m.listSource(a, n)
		}
		for i := range n {
			if !valid.Valid(i) {
				m.endNull()
				continue
			}
			for _, put := range puts {
				put(i)
			}
			m.end()
		}
		out, err := m.finish(c.Ret)
		return column(args, out), err
	}
}

// untypedNulls reports whether all lists are NULL, and of no type.
func untypedNulls(args []kernel.Vec) bool {
	for _, a := range args {
		if a.DataType().(*arrow.ListType).Elem().ID() != arrow.NULL || !anyNullConst([]kernel.Vec{a}) {
			return false
		}
	}
	return true
}

// cutList leaves so many elements out at either end.
func cutList(front, back int32) ScalarFunc {
	return perList(func([]kernel.Vec, arrow.Array, int) (func(*listMaker, int, int32, int32) error, error) {
		return func(m *listMaker, _ int, from, to int32) error {
			for j := from + front; j < to-back; j++ {
				m.add(j)
			}
			return nil
		}, nil
	})
}

func listInList(args []arrow.DataType) (arrow.DataType, error) {
	elem := args[0].(*arrow.ListType).Elem()
	if elem.ID() != arrow.LIST {
		return nil, errors.New("flatten takes a list of lists")
	}
	return elem, nil
}

func flattenList(c *Call, args []kernel.Vec, n int) (kernel.Vec, error) {
	if anyNullConst(args) {
		return nullOf(c), nil
	}
	n = rowCount(args, n)
	outer := ListsOf(args[0], n)
	inner := ListsOf(kernel.Col(outer.Values), outer.Values.Len())
	m := newListMaker(n)
	m.source(inner.Values)
	for i := range n {
		if !outer.Valid.Valid(i) {
			m.endNull()
			continue
		}
		from, to := outer.At(i)
		for j := from; j < to; j++ {
			a, b := inner.At(int(j))
			for k := a; k < b; k++ {
				m.add(k)
			}
		}
		m.end()
	}
	a, err := m.finish(c.Ret)
	return column(args, a), err
}

const maxElements = 1 << 27

func resizeList(c *Call, args []kernel.Vec, n int) (kernel.Vec, error) {
	if anyNullConst(args[:1]) {
		return nullOf(c), nil
	}
	n = rowCount(args, n)
	list, m := ListsOf(args[0], n), newListMaker(n)
	m.source(list.Values)
	fill := func(int) int32 { return -1 }
	if len(args) == 3 && args[2].DataType().ID() != arrow.NULL {
		base, w := m.source(args[2].Array), step(args[2])
		fill = func(i int) int32 { return base + int32(i&w) }
	}
	size := func(int) int64 { return 0 } // of NULL
	if args[1].DataType().ID() != arrow.NULL {
		sizes, given := numbersOf[int64](args[1]), kernel.RowValidity(args[1], n)
		size = func(i int) int64 {
			if given.Valid(i) {
				return sizes.at(i)
			}
			return 0
		}
	}
	for i := range n {
		if !list.Valid.Valid(i) {
			m.endNull()
			continue
		}
		if size(i) < 0 || size(i) > maxElements || len(m.rows) > maxElements {
			return kernel.Vec{}, errors.New("list_resize takes a number of elements from 0 to 134217728")
		}
		from, to := list.At(i)
		for j := range int32(size(i)) {
			if from+j < to {
				m.add(from + j)
			} else {
				m.add(fill(i))
			}
		}
		m.end()
	}
	a, err := m.finish(c.Ret)
	return column(args, a), err
}

var errNullElement = errors.New("the second list must hold no NULL")

func selectElements(args []kernel.Vec, _ arrow.Array, n int) (func(*listMaker, int, int32, int32) error, error) {
	chosen := ListsOf(args[1], n)
	numbers, some := kernel.Values[int64](chosen.Values), kernel.ValidityOf(chosen.Values)
	return func(m *listMaker, i int, from, to int32) error {
		a, b := chosen.At(i)
		for j := a; j < b; j++ {
			switch at := numbers[j]; {
			case !some.Valid(int(j)):
				return errNullElement
			case at >= 1 && at <= int64(to-from):
				m.add(from + int32(at) - 1)
			default:
				m.add(-1)
			}
		}
		return nil
	}, nil
}

func whereElements(args []kernel.Vec, _ arrow.Array, n int) (func(*listMaker, int, int32, int32) error, error) {
	chosen := ListsOf(args[1], n)
	bits, some := kernel.Bitmap(kernel.Bits(chosen.Values)), kernel.ValidityOf(chosen.Values)
	return func(m *listMaker, i int, from, to int32) error {
		a, b := chosen.At(i)
		for j := a; j < b; j++ {
			switch at := from + j - a; {
			case !some.Valid(int(j)):
				return errNullElement
			case !bits.Get(int(j)):
			case at < to:
				m.add(at)
			default:
				m.add(-1)
			}
		}
		return nil
	}, nil
}
