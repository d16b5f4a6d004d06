package kernel

import (
	"slices"

	"github.com/apache/arrow/go/v17/arrow"
	"github.com/apache/arrow/go/v17/arrow/decimal128"
)

// Partition joins arrays of one type, of which there is at least one, and puts their rows
// in the order of their groups, those of a group as they stand. groups holds the group of
// each row, and offsets where each group's rows begin and, last, where they end. Nothing
// else holds the memory of the result's values if their width is fixed and none is NULL.
func Partition(parts []arrow.Array, groups [][]uint32, offsets []int32) (arrow.Array, error) {
	next := slices.Clone(offsets)
	kind := KindOf(parts[0].DataType())
	for _, part := range parts {
		if ValidityOf(part).Bits != nil || KindOf(part.DataType()) != kind {
			kind = Null
		}
	}
	switch kind {
	case Int8, Uint8:
		return partitionFixed[uint8](parts, groups, next), nil
	case Int16, Uint16:
		return partitionFixed[uint16](parts, groups, next), nil
	case Int32, Uint32, Float32:
		return partitionFixed[uint32](parts, groups, next), nil
	case Int64, Uint64, Float64:
		return partitionFixed[uint64](parts, groups, next), nil
	case Decimal:
		return partitionFixed[decimal128.Num](parts, groups, next), nil
	}
	joined, err := Concat(parts)
	if err != nil || len(offsets) <= 2 {
		return joined, err
	}
	order, row := make([]int32, joined.Len()), int32(0)
	for _, part := range groups {
		for _, g := range part {
			order[next[g]] = row
			next[g]++
			row++
		}
	}
	return Take(joined, order), nil
}

func partitionFixed[T Fixed](parts []arrow.Array, groups [][]uint32, next []int32) arrow.Array {
	out := make([]T, next[len(next)-1])
	for i, part := range parts {
		values, of := Values[T](part), groups[i]
		if len(next) == 2 {
			next[0] += int32(copy(out[next[0]:], values))
			continue
		}
		for r, g := range of {
			out[next[g]] = values[r]
			next[g]++
		}
	}
	return FromValues(parts[0].DataType(), out, Validity{})
}
