package exec

import (
	"math/bits"
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
	var packed []wordColumn
	for i, col := range cols {
		for _, w := range keyWords(col, keys[i]) {
			packed = packWords(packed, w)
		}
	}
	return packed
}

// packWords appends a column to others, into the bits the last one has left if they are
// enough.
func packWords(cols []wordColumn, w wordColumn) []wordColumn {
	if w.bits == 0 {
		return cols // all rows are equal
	}
	if len(cols) == 0 || cols[len(cols)-1].bits+w.bits > 64 {
		return append(cols, w)
	}
	last := &cols[len(cols)-1]
	for i, x := range w.words {
		last.words[i] = last.words[i]<<w.bits | x
	}
	last.bits += w.bits
	return cols
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

// keyWords returns the words of one key: a column, or two if NULLs don't fit into the
// first.
func keyWords(arr arrow.Array, key sortKey) []wordColumn {
	if kernel.KindOf(arr.DataType()) == kernel.Null {
		return nil
	}
	return numberWords(orderNumbers(arr), kernel.ValidityOf(arr), key)
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
	return ranks(arr)
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

// numberWords turns numbers into words. The largest word, or 0, stands for NULL.
func numberWords(nums []int64, valid kernel.Validity, key sortKey) []wordColumn {
	low, high, ok := numberRange(nums, valid)
	if !ok {
		return nil
	}
	span := uint64(high - low)
	hasNulls := valid.Bits != nil
	var flags []wordColumn
	if hasNulls && span+1 == 0 {
		flags = []wordColumn{nullWords(valid, len(nums), key.nullsFirst)}
		hasNulls = false
	}
	words := make([]uint64, len(nums))
	var shift uint64
	if hasNulls && key.nullsFirst {
		shift = 1
	}
	if key.desc {
		for i, v := range nums {
			words[i] = uint64(high-v) + shift
		}
	} else {
		for i, v := range nums {
			words[i] = uint64(v-low) + shift
		}
	}
	if valid.Bits != nil {
		null := uint64(0)
		if hasNulls {
			if span++; !key.nullsFirst {
				null = span
			}
		}
		for i := range words {
			if !valid.Valid(i) {
				words[i] = null
			}
		}
	}
	return append(flags, wordColumn{words, uint(bits.Len64(span))})
}

// numberRange returns the least and the greatest number that is not NULL.
func numberRange(nums []int64, valid kernel.Validity) (low, high int64, ok bool) {
	low, high = 1<<63-1, -1<<63
	if valid.Bits == nil {
		for _, v := range nums {
			low, high = min(low, v), max(high, v)
		}
		return low, high, len(nums) > 0
	}
	for i, v := range nums {
		if valid.Valid(i) {
			low, high = min(low, v), max(high, v)
			ok = true
		}
	}
	return low, high, ok
}

// nullWords is a column that only tells NULLs from values.
func nullWords(valid kernel.Validity, n int, first bool) wordColumn {
	words := make([]uint64, n)
	for i := range words {
		if valid.Valid(i) == first {
			words[i] = 1
		}
	}
	return wordColumn{words, 1}
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
