package functions

import (
	"cmp"
	"fmt"
	"strings"

	"github.com/apache/arrow/go/v17/arrow"

	"tq/functions/kernel"
)

var listSearchFunctions = []Def{
	scalar(listFamily, "list_contains", "Whether a value is among the elements of a list.", "list_contains([1, 2], 2)", "true",
		sig(Boolean, listContains, SameList, SameAny)).also("array_contains", "list_has", "array_has"),
	scalar(listFamily, "list_any", "Whether a test holds for an element of a list and a value: one of = <> < <= > >=, of texts also contains, icontains, starts_with, ends_with, glob, iglob, path_under and regexp_full_match.",
		"list_any(['sshd', 'init'], 'starts_with', 'ss')", "true",
		sig(Boolean, anyText, arrow.ListOf(Varchar), Varchar, Varchar),
		sig(Boolean, anyNumber, arrow.ListOf(BigInt), Varchar, BigInt)),
}

func listContains(c *Call, args []kernel.Vec, n int) (kernel.Vec, error) {
	if anyNullConst(args) {
		return nullOf(c), nil
	}
	offsets, values := kernel.ListParts(args[0].Array)
	compare, some := kernel.Comparer(values, args[1].Array), kernel.ValidityOf(values)
	m, w := step(args[0]), step(args[1])
	return boolRows(c, args, n, func(i int) (bool, error) {
		for j := int(offsets[i&m]); j < int(offsets[i&m+1]); j++ {
			if some.Valid(j) && compare(j, i&w) == 0 {
				return true, nil
			}
		}
		return false, nil
	})
}

// listAny tests the elements of each list with the value of its row.
func listAny[T any](elements func(arrow.Array) func(i int) T, values func(kernel.Vec) func(row int) T,
	make func(value T, test string) (func(T) bool, error)) ScalarFunc {
	return func(c *Call, args []kernel.Vec, n int) (kernel.Vec, error) {
		if anyNullConst(args) {
			return nullOf(c), nil
		}
		offsets, list := kernel.ListParts(args[0].Array)
		element, some, m := elements(list), kernel.ValidityOf(list), step(args[0])
		test, value := textsOf(args[1]), values(args[2])
		return boolRows(c, args, n, func(i int) (bool, error) {
			holds, err := make(value(i), test.at(i))
			if err != nil {
				return false, err
			}
			for j := int(offsets[i&m]); j < int(offsets[i&m+1]); j++ {
				if some.Valid(j) && holds(element(j)) {
					return true, nil
				}
			}
			return false, nil
		})
	}
}

// anyText is list_any of texts.
func anyText(c *Call, args []kernel.Vec, n int) (kernel.Vec, error) {
	cache := compiled[matcher]{make: textTest}
	return listAny(
		func(list arrow.Array) func(int) string { return kernel.StringsOf(list).At },
		func(v kernel.Vec) func(int) string { return textsOf(v).at },
		func(value, test string) (func(string) bool, error) { return cache.of(value, test) },
	)(c, args, n)
}

// anyNumber is list_any of numbers.
func anyNumber(c *Call, args []kernel.Vec, n int) (kernel.Vec, error) {
	return listAny(
		func(list arrow.Array) func(int) int64 {
			values := kernel.Values[int64](list)
			return func(i int) int64 { return values[i] }
		},
		func(v kernel.Vec) func(int) int64 { return numbersOf[int64](v).at },
		orderTest[int64],
	)(c, args, n)
}

// textTest is the test of a text by the name of an operator or a function.
func textTest(value, test string) (matcher, error) {
	switch test {
	case "contains":
		return func(s string) bool { return strings.Contains(s, value) }, nil
	case "icontains":
		return func(s string) bool { return containsFold(s, value) }, nil
	case "starts_with":
		return func(s string) bool { return strings.HasPrefix(s, value) }, nil
	case "ends_with":
		return func(s string) bool { return strings.HasSuffix(s, value) }, nil
	case "path_under":
		return func(s string) bool { return pathUnder(s, value) }, nil
	case "glob":
		return globMatcher(value)
	case "iglob":
		return iglobMatcher(value)
	case "regexp_full_match":
		return wholeMatcher(value, "")
	}
	return orderTest(value, test)
}

// orderTest is the test of a value by the name of a comparison.
func orderTest[T cmp.Ordered](value T, test string) (func(T) bool, error) {
	switch test {
	case "=":
		return func(x T) bool { return x == value }, nil
	case "<>":
		return func(x T) bool { return x != value }, nil
	case "<":
		return func(x T) bool { return x < value }, nil
	case "<=":
		return func(x T) bool { return x <= value }, nil
	case ">":
		return func(x T) bool { return x > value }, nil
	case ">=":
		return func(x T) bool { return x >= value }, nil
	}
	return nil, fmt.Errorf("list_any knows no test %q of %T", test, value)
}
