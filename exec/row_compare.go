package exec

import (
	"cmp"
	"strings"

	"github.com/apache/arrow/go/v17/arrow"
	"github.com/apache/arrow/go/v17/arrow/decimal128"

	"tq/functions/kernel"
)

// rowComparer returns the comparison of two rows of a column that are not NULL, for
// types that aren't plain numbers. Strings compare by their bytes, lists by their first
// difference, structs by their fields in turn; NULLs inside come last.
func rowComparer(arr arrow.Array) func(a, b int32) int {
	switch kernel.KindOf(arr.DataType()) {
	case kernel.String, kernel.Dict:
		s := kernel.StringsOf(arr)
		return func(a, b int32) int { return strings.Compare(s.At(int(a)), s.At(int(b))) }
	case kernel.Decimal:
		vals := kernel.Values[decimal128.Num](arr)
		return func(a, b int32) int { return vals[a].Cmp(vals[b]) }
	case kernel.Interval:
		vals := kernel.Values[arrow.MonthDayNanoInterval](arr)
		return func(a, b int32) int { return kernel.CompareIntervals(vals[a], vals[b]) }
	case kernel.List:
		offsets, values := kernel.ListParts(arr)
		return listComparer(offsets, nullsLast(values))
	case kernel.Struct:
		fields := make([]func(a, b int32) int, len(arr.Data().Children()))
		for f := range fields {
			fields[f] = nullsLast(kernel.StructField(arr, f))
		}
		return func(a, b int32) int {
			for _, compare := range fields {
				if c := compare(a, b); c != 0 {
					return c
				}
			}
			return 0
		}
	case kernel.Null:
		return func(a, b int32) int { return 0 }
	}
	nums := orderNumbers(arr)
	return func(a, b int32) int { return cmp.Compare(nums[a], nums[b]) }
}

// nullsLast extends the comparison of a column to NULLs.
func nullsLast(arr arrow.Array) func(a, b int32) int {
	compare, valid := rowComparer(arr), kernel.ValidityOf(arr)
	if valid.Bits == nil {
		return compare
	}
	return func(a, b int32) int {
		x, y := valid.Valid(int(a)), valid.Valid(int(b))
		if x && y {
			return compare(a, b)
		}
		return bit(!x) - bit(!y)
	}
}

func listComparer(offsets []int32, compare func(a, b int32) int) func(a, b int32) int {
	return func(a, b int32) int {
		n := min(offsets[a+1]-offsets[a], offsets[b+1]-offsets[b])
		for k := range n {
			if c := compare(offsets[a]+k, offsets[b]+k); c != 0 {
				return c
			}
		}
		return cmp.Compare(offsets[a+1]-offsets[a], offsets[b+1]-offsets[b])
	}
}
