package functions

import (
	"errors"
	"math"

	"github.com/apache/arrow/go/v17/arrow"

	"tq/functions/kernel"
)

var listMemberFunctions = []Def{
	scalar(listFamily, "list_position", "The number, counted from 1, of the first element that equals the value; NULL if there is none.", "list_position([7, 8], 8)", "2",
		sig(Integer, listPosition, SameList, SameAny)).also("list_indexof", "array_position", "array_indexof").seesNulls(),
	scalar(listFamily, "list_has_any", "Whether the lists have an element in common; it is also written a && b.", "list_has_any([1, 2], [2, 3])", "true",
		sig(Boolean, hasAny, SameList, SameList)).also("array_has_any", "&&"),
	scalar(listFamily, "list_has_all", "Whether all elements of the second list are in the first; it is also written a @> b.", "list_has_all([1, 2, 3], [3, 1])", "true",
		sig(Boolean, hasAll, SameList, SameList)).also("array_has_all", "@>"),
	scalar(listFamily, "<@", "Whether all elements of the first list are in the second.", "[3, 1] <@ [1, 2, 3]", "true",
		sig(Boolean, swapped(hasAll), SameList, SameList)),
	scalar(listFamily, "list_intersect", "The different elements that both lists have.", "list_intersect([1, 2, 3], [3, 1, 4])", "[1, 3]",
		Overload{Args: types(SameList, SameList), RetOf: firstArg, Eval: perList(intersect)}).also("array_intersect"),
	pairListDef("list_distance", "The distance of two points with these coordinates.", "list_distance([0, 0], [3, 4])", "5.0", func(x, y []float64) (float64, bool) {
		sum := 0.0
		for i := range x {
			sum += (x[i] - y[i]) * (x[i] - y[i])
		}
		return math.Sqrt(sum), true
	}).also("array_distance", "<->"),
	pairListDef("list_inner_product", "The sum of the products of the elements.", "list_inner_product([1, 2], [3, 4])", "11.0", func(x, y []float64) (float64, bool) {
		return inner(x, y), true
	}).also("list_dot_product", "array_inner_product", "array_dot_product"),
	pairListDef("list_negative_inner_product", "The sum of the products of the elements, negated.", "list_negative_inner_product([1, 2], [3, 4])", "-11.0", func(x, y []float64) (float64, bool) {
		return -inner(x, y), true
	}).also("list_negative_dot_product", "array_negative_inner_product", "array_negative_dot_product"),
	pairListDef("list_cosine_similarity", "The cosine of the angle between two vectors.", "list_cosine_similarity([1, 0], [0, 1])", "0.0", cosine).also("array_cosine_similarity"),
	pairListDef("list_cosine_distance", "1 less the cosine of the angle between two vectors.", "list_cosine_distance([1, 0], [0, 1])", "1.0", func(x, y []float64) (float64, bool) {
		c, ok := cosine(x, y)
		return 1 - c, ok
	}).also("array_cosine_distance", "<=>"),
}

func listPosition(c *Call, args []kernel.Vec, n int) (kernel.Vec, error) {
	if anyNullConst(args[:1]) {
		return nullOf(c), nil
	}
	n = rowCount(args, n)
	list, sought := ListsOf(args[0], n), kernel.RowValidity(args[1], n)
	some, w := kernel.ValidityOf(list.Values), step(args[1])
	equal := func(int, int) int { return 1 }
	if args[1].DataType().ID() != arrow.NULL {
		equal = kernel.Comparer(list.Values, args[1].Array)
	} else {
		sought = kernel.AllNull(n)
	}
	missing, out := newNulls(n), make([]int32, n)
	for i := range n {
		from, to := list.At(i)
		at := from
		for ; at < to; at++ {
			if some.Valid(int(at)) == sought.Valid(i) && (!sought.Valid(i) || equal(int(at), i&w) == 0) {
				break
			}
		}
		if out[i] = at - from + 1; at == to {
			missing.set(i)
		}
	}
	return column(args, kernel.FromValues(Integer, out, missing.with(kernel.Validity{}))), nil
}

// member returns a function that says whether row j of a, which is not NULL, equals one of
// rows from to to of b.
func member(a, b arrow.Array) func(j, from, to int32) bool {
	some, compare := kernel.ValidityOf(b), kernel.Comparer(a, b)
	return func(j, from, to int32) bool {
		for k := from; k < to; k++ {
			if some.Valid(int(k)) && compare(int(j), int(k)) == 0 {
				return true
			}
		}
		return false
	}
}

func hasAny(c *Call, args []kernel.Vec, n int) (kernel.Vec, error) {
	return ofLists(c, args, n, func(any, _ bool) bool { return any })
}

func hasAll(c *Call, args []kernel.Vec, n int) (kernel.Vec, error) {
	return ofLists(c, args, n, func(_, all bool) bool { return all })
}

// ofLists tells of each row whether any and whether all elements of the second list, NULLs
// left out, are in the first.
func ofLists(c *Call, args []kernel.Vec, n int, f func(any, all bool) bool) (kernel.Vec, error) {
	if anyNullConst(args) {
		return nullOf(c), nil
	}
	rows := rowCount(args, n)
	list, sought := ListsOf(args[0], rows), ListsOf(args[1], rows)
	some, in := kernel.ValidityOf(sought.Values), member(sought.Values, list.Values)
	return boolRows(c, args, n, func(i int) (bool, error) {
		from, to := list.At(i)
		a, b := sought.At(i)
		found, all := false, true
		for j := a; j < b; j++ {
			if some.Valid(int(j)) {
				is := in(j, from, to)
				found, all = found || is, all && is
			}
		}
		return f(found, all), nil
	})
}

func intersect(args []kernel.Vec, values arrow.Array, n int) (func(*listMaker, int, int32, int32) error, error) {
	other := ListsOf(args[1], n)
	in := member(values, other.Values)
	return func(m *listMaker, i int, from, to int32) error {
		a, b := other.At(i)
		for _, t := range distinctOf(values, from, to) {
			if in(t.row, a, b) {
				m.add(t.row)
			}
		}
		return nil
	}, nil
}

var errVectors = errors.New("the lists must have the same number of elements, none of them NULL")

// pairListDef is a DOUBLE function of two lists of numbers of the same length.
func pairListDef(name, doc, example, result string, f func(x, y []float64) (float64, bool)) Def {
	numbers := arrow.ListOf(Double)
	return scalar(listFamily, name, doc, example, result, sig(Double, func(c *Call, args []kernel.Vec, n int) (kernel.Vec, error) {
		if anyNullConst(args) {
			return nullOf(c), nil
		}
		rows := rowCount(args, n)
		a, b := ListsOf(args[0], rows), ListsOf(args[1], rows)
		x, y := kernel.Values[float64](a.Values), kernel.Values[float64](b.Values)
		someX, someY := kernel.ValidityOf(a.Values), kernel.ValidityOf(b.Values)
		return fixedRows(c, args, n, func(i int) (float64, bool, error) {
			a1, a2 := a.At(i)
			b1, b2 := b.At(i)
			if a2-a1 != b2-b1 || !allValid(someX, a1, a2) || !allValid(someY, b1, b2) {
				return 0, false, errVectors
			}
			r, ok := f(x[a1:a2], y[b1:b2])
			return r, ok, nil
		})
	}, numbers, numbers))
}

func allValid(v kernel.Validity, from, to int32) bool {
	for j := from; j < to; j++ {
		if !v.Valid(int(j)) {
			return false
		}
	}
	return true
}

func inner(x, y []float64) float64 {
	sum := 0.0
	for i := range x {
		sum += x[i] * y[i]
	}
	return sum
}

func cosine(x, y []float64) (float64, bool) {
	c := inner(x, y) / math.Sqrt(inner(x, x)*inner(y, y))
	if math.IsNaN(c) { // a vector is zero, which has no direction; DuckDB says so
		c = -1
	}
	return min(max(c, -1), 1), len(x) > 0
}
