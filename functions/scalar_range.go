package functions

import (
	"errors"
	"math/bits"

	"github.com/apache/arrow/go/v17/arrow"

	"tq/functions/kernel"
)

var rangeFunctions = []Def{
	rangeDef("range", "The numbers, or times, from the first argument, or 0, to the second, not included, in steps of the third, or 1. In FROM it yields a row for each.", "range(2, 10, 3)", "[2, 5, 8]", false),
	rangeDef("generate_series", "As range, with the end included. In FROM it yields a row for each.", "generate_series(2, 8, 3)", "[2, 5, 8]", true),
	scalar(listFamily, "array_length", "The number of elements of a list.", "array_length([7, 8])", "2",
		sig(BigInt, listLength, AnyList), sig(BigInt, arrayLength, AnyList, BigInt)),
}

func rangeDef(name, doc, example, result string, closed bool) Def {
	return scalar(listFamily, name, doc, example, result,
		sig(arrow.ListOf(BigInt), rangeOf(closed), BigInt),
		sig(arrow.ListOf(BigInt), rangeOf(closed), BigInt, BigInt, BigInt).optional(1),
		sig(arrow.ListOf(Timestamp), rangeOf(closed), Timestamp, Timestamp, Duration),
		sig(arrow.ListOf(Timestamp), calendarRange(closed), Timestamp, Timestamp, Interval))
}

var errLongRange = errors.New("the range has more than 134217728 elements")

// rangeOf makes lists of numbers, or of the nanoseconds of times.
func rangeOf(closed bool) ScalarFunc {
	return func(c *Call, args []kernel.Vec, n int) (kernel.Vec, error) {
		if anyNullConst(args) {
			return nullOf(c), nil
		}
		n = rowCount(args, n)
		valid, offsets := validAll(args, n), make([]int32, n+1)
		from, to, step := numbers[int64]{[]int64{0}, 0}, numbersOf[int64](args[0]), orElse[int64](args, 2, 1)
		if len(args) > 1 {
			from, to = to, numbersOf[int64](args[1])
		}
		var values []int64
		for i := range n {
			if valid.Valid(i) {
				count := rangeLength(from.at(i), to.at(i), step.at(i), closed)
				if uint64(len(values))+count > maxElements {
					return kernel.Vec{}, errLongRange
				}
				for k := range int64(count) {
					values = append(values, from.at(i)+k*step.at(i))
				}
			}
			offsets[i+1] = int32(len(values))
		}
		flat := kernel.FromValues(c.Ret.(*arrow.ListType).Elem(), values, kernel.Validity{})
		return column(args, kernel.FromLists(c.Ret, offsets, flat, valid)), nil
	}
}

// rangeLength is how many steps lead from one number to another.
func rangeLength(from, to, step int64, closed bool) uint64 {
	distance, width := uint64(to)-uint64(from), uint64(step)
	switch {
	case step == 0 || step > 0 && to < from || step < 0 && to > from:
		return 0
	case step < 0:
		distance, width = uint64(from)-uint64(to), -uint64(step)
	}
	count, rest := bits.Div64(0, distance, width)
	if closed || rest > 0 {
		count++
	}
	return count
}

// arrayLength takes the number of the dimension, of which there is one.
func arrayLength(c *Call, args []kernel.Vec, n int) (kernel.Vec, error) {
	if anyNullConst(args) {
		return nullOf(c), nil
	}
	list, dimension := ListsOf(args[0], rowCount(args, n)), numbersOf[int64](args[1])
	return fixedRows(c, args, n, func(i int) (int64, bool, error) {
		if dimension.at(i) != 1 {
			return 0, false, errors.New("array_length knows the first dimension only")
		}
		from, to := list.At(i)
		return int64(to - from), true, nil
	})
}
