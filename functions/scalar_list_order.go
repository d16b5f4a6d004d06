package functions

import (
	"fmt"
	"slices"
	"strings"

	"github.com/apache/arrow/go/v17/arrow"

	"tq/functions/kernel"
)

var listOrderFunctions = []Def{
	sortDef("list_sort", "The elements in order. The second argument is ASC or DESC, the third NULLS FIRST or NULLS LAST, which is the default.", "list_sort([3, 1, 2])", "[1, 2, 3]", firstArg, sortList(false, false)).also("array_sort"),
	reverseSortDef("list_reverse_sort", "The elements in descending order, NULLs last unless the second argument is NULLS FIRST.", "list_reverse_sort([3, 1, 2])", "[3, 2, 1]").also("array_reverse_sort"),
	sortDef("list_grade_up", "The numbers of the elements, counted from 1, in the order of the elements.", "list_grade_up([30, 10, 20])", "[2, 3, 1]",
		func([]arrow.DataType) (arrow.DataType, error) { return arrow.ListOf(BigInt), nil }, sortList(false, true)).also("array_grade_up", "grade_up"),
	scalar(listFamily, "list_reverse", "The elements from the last to the first.", "list_reverse([1, 2, 3])", "[3, 2, 1]",
		Overload{Args: types(AnyList), RetOf: firstArg, Eval: perList(func([]kernel.Vec, arrow.Array, int) (func(*listMaker, int, int32, int32) error, error) {
			return func(m *listMaker, _ int, from, to int32) error {
				for j := to - 1; j >= from; j-- {
					m.add(j)
				}
				return nil
			}, nil
		})}).also("array_reverse"),
	scalar(listFamily, "list_distinct", "The elements that are not NULL, each once, those that came first last.", "list_distinct([2, 1, 2, NULL])", "[1, 2]",
		Overload{Args: types(AnyList), RetOf: firstArg, Eval: perList(func(_ []kernel.Vec, values arrow.Array, _ int) (func(*listMaker, int, int32, int32) error, error) {
			return func(m *listMaker, _ int, from, to int32) error {
				for _, t := range slices.Backward(distinctOf(values, from, to)) {
					m.add(t.row) // DuckDB's order, as far as its hashing doesn't mix it
				}
				return nil
			}, nil
		})}).also("array_distinct"),
	scalar(listFamily, "list_unique", "How many different elements there are, NULL not counted.", "list_unique([2, 1, 2, NULL])", "2",
		Overload{Args: types(AnyList), Ret: UBigInt, Eval: func(c *Call, args []kernel.Vec, n int) (kernel.Vec, error) {
			if anyNullConst(args) {
				return nullOf(c), nil
			}
			list := ListsOf(args[0], rowCount(args, n))
			return fixedRows(c, args, n, func(i int) (uint64, bool, error) {
				from, to := list.At(i)
				return uint64(len(distinctOf(list.Values, from, to))), true, nil
			})
		}}).also("array_unique"),
}

// distinctOf are the different values, NULL left out, of rows from to to.
func distinctOf(values arrow.Array, from, to int32) []tally {
	some := kernel.ValidityOf(values)
	var rows []int32
	for j := from; j < to; j++ {
		if some.Valid(int(j)) {
			rows = append(rows, j)
		}
	}
	out := talliesOf(kernel.Take(values, rows), 0, len(rows))
	for k := range out {
		out[k].row = rows[out[k].row]
	}
	return out
}

func sortDef(name, doc, example, result string, ret func([]arrow.DataType) (arrow.DataType, error), eval ScalarFunc) Def {
	return scalar(listFamily, name, doc, example, result,
		Overload{Args: types(AnyList, Varchar, Varchar), Optional: 2, RetOf: ret, Eval: eval})
}

func reverseSortDef(name, doc, example, result string) Def {
	return scalar(listFamily, name, doc, example, result,
		Overload{Args: types(AnyList, Varchar), Optional: 1, RetOf: firstArg, Eval: sortList(true, false)})
}

// sortOrder is how a list is to be sorted.
type sortOrder struct{ desc, nullsFirst bool }

// sortOrderOf reads the words behind a list. A list that is sorted in descending order
// anyway takes no order, but where NULLs stand.
func sortOrderOf(words []string, descending bool) (sortOrder, error) {
	o := sortOrder{desc: descending}
	for k, word := range words {
		nulls := k == 1 || descending
		switch strings.ToUpper(word) {
		case "ASC", "DESC":
			if nulls {
				return o, errSortOrder(word)
			}
			o.desc = strings.EqualFold(word, "DESC")
		case "NULLS FIRST", "NULLS LAST":
			if !nulls {
				return o, errSortOrder(word)
			}
			o.nullsFirst = strings.EqualFold(word, "NULLS FIRST")
		default:
			return o, errSortOrder(word)
		}
	}
	return o, nil
}

func errSortOrder(word string) error {
	return fmt.Errorf("%q is no order of a list; there are ASC and DESC, and NULLS FIRST and NULLS LAST", word)
}

// sortList orders elements; with numbers it gives their places instead.
func sortList(descending, numbers bool) ScalarFunc {
	return func(c *Call, args []kernel.Vec, n int) (kernel.Vec, error) {
		if anyNullConst(args) {
			return nullOf(c), nil
		}
		n = rowCount(args, n)
		list, valid := ListsOf(args[0], n), validAll(args, n)
		words, texts := make([]string, len(args)-1), make([]texts, len(args)-1)
		for k, a := range args[1:] {
			texts[k] = textsOf(a)
		}
		comparers := map[sortOrder]func(i, j int) int{}
		m := newListMaker(n)
		if !numbers {
			m.source(list.Values)
		}
		var places []int64
		for i := range n {
			if !valid.Valid(i) {
				m.endNull()
				continue
			}
			for k := range words {
				words[k] = texts[k].at(i)
			}
			o, err := sortOrderOf(words, descending)
			if err != nil {
				return kernel.Vec{}, err
			}
			compare := comparers[o]
			if compare == nil {
				compare = kernel.RowComparer(list.Values, list.Values, o.desc, o.nullsFirst)
				comparers[o] = compare
			}
			from, to := list.At(i)
			for _, row := range orderedRows(from, to, compare) {
				if numbers {
					places = append(places, int64(row-from)+1)
					row = int32(len(places) - 1)
				}
				m.add(row)
			}
			m.end()
		}
		if numbers {
			m.source(kernel.FromValues(BigInt, places, kernel.Validity{}))
		}
		a, err := m.finish(c.Ret)
		return column(args, a), err
	}
}

// orderedRows are the rows from to to in the order of a comparison, equal ones as they come.
func orderedRows(from, to int32, compare func(i, j int) int) []int32 {
	order := make([]int32, to-from)
	for j := range order {
		order[j] = from + int32(j)
	}
	slices.SortStableFunc(order, func(a, b int32) int { return compare(int(a), int(b)) })
	return order
}
