package exec

import (
	"sort"

	"github.com/apache/arrow/go/v17/arrow"

	"tq/functions/kernel"
)

// ordinals turns the values of a column into integers of the same order, and afterwards
// other values of the same type: equal values become equal integers, and a value that
// the column doesn't have an integer between those of its neighbours.
//
// Numbers and times are ordered by their own bits. Of other types the distinct values
// of the column are numbered 1, 3, 5 …, which leaves room in between.
type ordinals struct {
	distinct arrow.Array // sorted; nil where bits do
}

// newOrdinals returns the ordinals of a column and the integers of its rows; those of
// NULL rows are arbitrary.
func newOrdinals(column arrow.Array) (*ordinals, []int64) {
	switch kernel.KindOf(column.DataType()) {
	case kernel.Null, kernel.Decimal, kernel.Interval, kernel.String, kernel.Dict, kernel.List, kernel.Struct:
	default:
		return &ordinals{}, orderNumbers(column)
	}
	nums := ranks(column)
	var rows []int32 // the first of each rank
	valid := kernel.ValidityOf(column)
	for row, rank := range nums {
		if !valid.Valid(row) {
			continue
		}
		for int(rank) >= len(rows) {
			rows = append(rows, -1)
		}
		if rows[rank] < 0 {
			rows[rank] = int32(row)
		}
		nums[row] = 2*rank + 1
	}
	return &ordinals{kernel.Take(column, rows)}, nums
}

// of returns the integers of other values.
func (o *ordinals) of(column arrow.Array) ([]int64, error) {
	if o.distinct == nil {
		return orderNumbers(column), nil
	}
	all, err := kernel.Concat([]arrow.Array{o.distinct, column})
	if err != nil {
		return nil, err
	}
	known := int32(o.distinct.Len())
	compare := rowComparer(all)
	nums := make([]int64, column.Len())
	valid := kernel.ValidityOf(column)
	for i := range nums {
		if !valid.Valid(i) {
			continue
		}
		row := known + int32(i)
		at := sort.Search(int(known), func(k int) bool { return compare(int32(k), row) >= 0 })
		nums[i] = 2 * int64(at)
		if at < int(known) && compare(int32(at), row) == 0 {
			nums[i]++
		}
	}
	return nums, nil
}
