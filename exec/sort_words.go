package exec

import (
	"slices"

	"github.com/apache/arrow/go/v17/arrow"

	"tq/functions/kernel"
	"tq/lang/sem"
)

// sortExprs lists the expressions of sort keys.
func sortExprs(keys []sem.SortKey) []sem.Expr {
	exprs := make([]sem.Expr, len(keys))
	for i, k := range keys {
		exprs[i] = k.Expr
	}
	return exprs
}

// sortKey is a compiled key of an order.
type sortKey struct {
	value      evaluator
	typ        arrow.DataType
	desc       bool
	nullsFirst bool
}

func (c *compiler) compileSortKeys(keys []sem.SortKey) ([]sortKey, error) {
	out := make([]sortKey, len(keys))
	for i, k := range keys {
		value, err := c.compile(k.Expr)
		if err != nil {
			return nil, err
		}
		out[i] = sortKey{value: value, typ: k.Expr.Type(), desc: k.Desc, nullsFirst: k.NullsFirst}
	}
	return out, nil
}

// wordColumn is a column of unsigned numbers below 1<<bits whose order is the order
// wanted of the rows.
type wordColumn struct {
	words []uint64
	bits  uint
}

// sortWords turns key columns into as few columns of words as hold them: comparing rows
// is then comparing words, whatever the types, the directions and the places of NULLs.
//
// Numbers become their distance from the smallest (or, descending, the largest) one,
// everything else the rank of the value among the distinct ones; so the words are short,
// and several keys mostly fit into 64 bits.
func sortWords(cols []arrow.Array, keys []sortKey) []wordColumn {
	return sortWordsParallel(cols, keys, 1)
}

// sortWordsParallel is sortWords with several threads.
func sortWordsParallel(cols []arrow.Array, keys []sortKey, threads int) []wordColumn {
	var packed []wordColumn
	for i, col := range cols {
		if kernel.KindOf(col.DataType()) != kernel.Null {
			packed = packNumbers(packed, orderNumbers(col), kernel.ValidityOf(col), keys[i], threads)
		}
	}
	return packed
}

// plainKey returns the values of a single key that needs no words to be compared: one of
// integers, dates, times or durations without NULLs. Otherwise it returns nil.
func plainKey(cols []arrow.Array, n int) []int64 {
	if len(cols) != 1 || cols[0].Len() != n || !isInteger(cols[0].DataType()) ||
		kernel.KindOf(cols[0].DataType()) == kernel.Uint64 || kernel.ValidityOf(cols[0]).Bits != nil {
		return nil
	}
	var buffer wordBuffer
	return buffer.integers(cols[0])
}

// numbersInOrder reports whether numbers never fall or, descending, never rise.
func numbersInOrder(nums []int64, desc bool) bool {
	for i := 1; i < len(nums); i++ {
		if nums[i] != nums[i-1] && nums[i] < nums[i-1] != desc {
			return false
		}
	}
	return true
}

// orderNumbers returns integers that are ordered as the values of a column are. Those of
// NULL rows are arbitrary; the slice must not be changed.
func orderNumbers(arr arrow.Array) []int64 {
	var buffer wordBuffer
	switch kernel.KindOf(arr.DataType()) {
	case kernel.Bool, kernel.Int8, kernel.Int16, kernel.Int32, kernel.Int64,
		kernel.Uint8, kernel.Uint16, kernel.Uint32:
		return buffer.words(arr)
	case kernel.Float32, kernel.Float64:
		return floatNumbers(arr)
	case kernel.Uint64:
		nums := slices.Clone(kernel.Values[int64](arr))
		for i := range nums {
			nums[i] ^= -1 << 63
		}
		return nums
	}
	if kernel.KindOf(arr.DataType()) == kernel.Dict {
		if codes, dict := kernel.Codes(arr); dict.Len() <= len(codes)/4 {
			return codeRanks(codes, kernel.ValidityOf(arr), kernel.Ranks(dict))
		}
	}
	return ranks(arr)
}

// codeRanks returns the ranks of dictionary values for the rows that have them.
func codeRanks(codes []int32, valid kernel.Validity, rank []int32) []int64 {
	nums := make([]int64, len(codes))
	for i, code := range codes {
		if valid.Valid(i) {
			nums[i] = int64(rank[code])
		}
	}
	return nums
}

// floatNumbers maps floats to integers of the same order: -0 is 0, and NaN is greater
// than everything.
func floatNumbers(arr arrow.Array) []int64 {
	var buffer wordBuffer
	nums := buffer.words(arr)
	for i, w := range nums {
		if w < 0 {
			nums[i] = w ^ (1<<63 - 1)
		}
	}
	return nums
}

// ranks returns for each row the rank of its value among the distinct values of the
// column, so each is compared only once, not once for every row that has it.
func ranks(arr arrow.Array) []int64 {
	n := arr.Len()
	encoder := newKeyEncoder(arr.DataType())
	codes := make([]uint32, n)
	encoder.encode(arr, codes, true)
	valid := kernel.ValidityOf(arr)
	var rows []int32 // one for each distinct value
	for _, r := range newGroups(codes, 0, nil) {
		if valid.Valid(int(r)) {
			rows = append(rows, r)
		}
	}
	compare := rowComparer(arr)
	slices.SortFunc(rows, compare)
	rank := make([]int64, encoder.size())
	next := int64(-1)
	for i, r := range rows {
		if i == 0 || compare(rows[i-1], r) != 0 {
			next++
		}
		rank[codes[r]] = next
	}
	nums := make([]int64, n)
	for i, c := range codes {
		nums[i] = rank[c]
	}
	return nums
}
