package exec

import (
	"context"
	"math"
	"slices"
	"sync/atomic"

	"github.com/apache/arrow/go/v17/arrow"

	"tq/functions/kernel"
)

// maxTopN is how many rows a topN keeps at most; beyond, sorting everything is cheaper
// than choosing again for every batch.
const maxTopN = 1 << 16

// topN finds the first rows of its input in order. From every batch it takes the rows
// that can still be among them, by the keys alone; only what is in the result is ever
// loaded of the other columns. Workers choose rows of a batch, one goroutine merges.
type topN struct {
	oneInput
	keys    []sortKey
	want    int // rows to keep, those skipped included
	skip    int
	mem     *account
	size    int
	threads int

	kept    []keptRow
	keptBy  []arrow.Array // the keys of kept
	limit   atomic.Pointer[keyLimit]
	started bool
	out     slicer
}

// keptRow is where a kept row stands.
type keptRow struct {
	batch *Batch
	row   int32
}

// keyLimit is the greatest number that the first key of a later row may have, in the form
// that leastNumbers compares.
type keyLimit struct {
	word uint64
	none bool // not even the least number will do
}

// chosenRows are the rows of a batch that may be in the result, and their keys.
type chosenRows struct {
	batch *Batch
	rows  rowSet
	keys  []arrow.Array
}

func (t *topN) Next(ctx context.Context) (*Batch, error) {
	if !t.started {
		t.started = true
		if t.want > t.skip {
			choose := func(_ int, _ place, b *Batch) (*chosenRows, error) { return t.choose(ctx, b) }
			merge := func(c *chosenRows) error { return t.merge(ctx, c) }
			if err := drainParallel(ctx, t.input, t.threads, choose, merge); err != nil {
				return nil, err
			}
			t.out = slicer{whole: t.result(), size: t.size}
		}
	}
	return t.out.next()
}

// choose returns the rows of a batch that may be in the result; nil if there are none.
func (t *topN) choose(ctx context.Context, b *Batch) (*chosenRows, error) {
	cols := make([]arrow.Array, len(t.keys))
	for i, k := range t.keys {
		v, err := k.value.eval(b)
		if err != nil {
			return nil, err
		}
		// What is constant in one batch may be another constant in the next.
		cols[i] = kernel.Full(v, b.NumRows())
	}
	rows := t.best(cols[0])
	if rows.size(b) == 0 {
		return nil, nil
	}
	picked := pickKeys(cols, rows)
	if n := rows.size(b); n > t.want {
		first, err := firstRows(ctx, sortWords(picked, t.keys), n, t.want)
		if err != nil {
			return nil, err
		}
		picked = pickKeys(picked, rowSet{rows: first})
		for i, at := range first {
			first[i] = rows.at(int(at))
		}
		rows = rowSet{rows: first}
	}
	return &chosenRows{b, rows, picked}, nil
}

// flip is what turns the numbers of the first key into words that ascend.
func (t *topN) flip() uint64 {
	if t.keys[0].desc {
		return ^(uint64(1) << 63)
	}
	return 1 << 63
}

// best returns the rows of a batch that may be in the result, judged by their first key,
// if it is plain numbers whose NULLs, if any, come last: the first ones of the batch, with
// all that are equal to the last of them if other keys decide, and as far as they come
// before the last row kept. Otherwise it returns all rows.
func (t *topN) best(key arrow.Array) rowSet {
	valid := kernel.ValidityOf(key)
	if !isInteger(key.DataType()) || kernel.KindOf(key.DataType()) == kernel.Uint64 || valid.Bits != nil && t.keys[0].nullsFirst {
		return everyRow
	}
	var buffer wordBuffer
	nums := buffer.integers(key)
	flip, bound, kept := t.flip(), uint64(math.MaxUint64), t.limit.Load()
	if kept != nil {
		if kept.none {
			return rowSet{}
		}
		bound = kept.word
	}
	rows := leastNumbers(nums, valid, flip, bound, t.want)
	if valid.Bits != nil && kept == nil && len(rows) < t.want {
		return everyRow // NULLs may be among the first
	}
	if len(t.keys) > 1 && len(rows) == t.want {
		rows = dropNulls(upTo(nums, flip, rows), kernel.Col(key))
	}
	slices.Sort(rows)
	return rowSet{rows: rows}
}

// upTo returns all rows whose numbers, flipped, are not above the greatest of some rows.
func upTo(nums []int64, flip uint64, rows []int32) []int32 {
	var greatest uint64
	for _, r := range rows {
		greatest = max(greatest, uint64(nums[r])^flip)
	}
	some, all := chooseRows(len(nums), func(room []int32) []int32 {
		k := 0
		for i, v := range nums {
			room[k] = int32(i)
			k += bit(uint64(v)^flip <= greatest)
		}
		return room[:k]
	})
	if all {
		return rowRange(0, len(nums))
	}
	return some
}

// narrow lets workers know what the last row kept rules out. Of rows that are equal in all
// keys the earlier one stays, and kept rows are earlier than those in work.
func (t *topN) narrow() {
	last := t.want - 1
	if len(t.kept) < t.want || !isInteger(t.keptBy[0].DataType()) || !t.keptBy[0].IsValid(last) {
		return
	}
	var buffer wordBuffer
	limit := keyLimit{word: uint64(buffer.integers(t.keptBy[0])[last]) ^ t.flip()}
	if len(t.keys) == 1 {
		limit.none = limit.word == 0
		limit.word--
	}
	t.limit.Store(&limit)
}

// merge keeps the first of the rows kept and those chosen.
func (t *topN) merge(ctx context.Context, c *chosenRows) error {
	if c == nil {
		return nil
	}
	for i := range c.rows.size(c.batch) {
		t.kept = append(t.kept, keptRow{c.batch, c.rows.at(i)})
	}
	if t.keptBy == nil {
		t.keptBy = c.keys
	} else {
		for i, col := range c.keys {
			joined, err := kernel.Concat([]arrow.Array{t.keptBy[i], col})
			if err != nil {
				return err
			}
			t.keptBy[i] = joined
		}
	}
	order, err := sortRows(ctx, sortWords(t.keptBy, t.keys), len(t.kept))
	if err != nil {
		return err
	}
	if order == nil {
		order = rowRange(0, len(t.kept))
	}
	order = order[:min(t.want, len(order))]
	kept := make([]keptRow, len(order))
	for i, r := range order {
		kept[i] = t.kept[r]
	}
	t.kept = kept
	bytes := int64(16 * len(kept))
	for i, col := range t.keptBy {
		t.keptBy[i] = kernel.Take(col, order)
		bytes += arrayBytes(t.keptBy[i])
	}
	t.narrow()
	return t.mem.set(bytes)
}

// result returns the rows kept, in order, without those to skip.
func (t *topN) result() *Batch {
	kept := t.kept[min(t.skip, len(t.kept)):]
	if len(kept) == 0 {
		return nil
	}
	byBatch := map[*Batch][]int32{}
	var batches []*Batch
	for _, k := range kept {
		if byBatch[k.batch] == nil {
			batches = append(batches, k.batch)
		}
		byBatch[k.batch] = append(byBatch[k.batch], k.row)
	}
	buffer := newRowBuffer(t.schema)
	start := map[*Batch]int{}
	for _, b := range batches {
		slices.Sort(byBatch[b])
		start[b] = buffer.rows
		buffer.append(b.Select(byBatch[b]))
	}
	order := make([]int32, len(kept))
	for i, k := range kept {
		at, _ := slices.BinarySearch(byBatch[k.batch], k.row)
		order[i] = int32(start[k.batch] + at)
	}
	return buffer.batch().Take(order)
}

func (t *topN) Close() error {
	t.mem.release()
	return t.input.Close()
}

// pickKeys returns some rows of key columns.
func pickKeys(cols []arrow.Array, rows rowSet) []arrow.Array {
	if rows.all {
		return cols
	}
	picked := make([]arrow.Array, len(cols))
	for i, col := range cols {
		picked[i] = kernel.Filter(col, rows.rows)
	}
	return picked
}

// firstRows returns which of n rows are the first k in the order of their words; the
// rows ascend.
func firstRows(ctx context.Context, cols []wordColumn, n, k int) ([]int32, error) {
	var first []int32
	switch len(cols) {
	case 0:
		return rowRange(0, k), nil
	case 1:
		first = leastNumbers(cols[0].words, kernel.Validity{}, 0, math.MaxUint64, k)
	default:
		order, err := sortRows(ctx, cols, n)
		if err != nil {
			return nil, err
		}
		if order == nil {
			return rowRange(0, k), nil
		}
		first = order[:k]
	}
	slices.Sort(first)
	return first, nil
}

// leastNumbers returns the rows of the k numbers that are least after flipping some of
// their bits, in no order; of equal ones the first, none above a bound, and no NULL. It
// walks from the end that seems to have the lesser ones, so that in ordered data hardly any
// row replaces another.
func leastNumbers[T int64 | uint64](nums []T, valid kernel.Validity, flip, bound uint64, k int) []int32 {
	heap := make([]wordRow, 0, min(k, len(nums))) // the greatest on top
	add := func(w wordRow) {
		if len(heap) < k {
			heap = append(heap, w)
			siftUp(heap)
		} else if w.compare(heap[0]) < 0 {
			heap[0] = w
			siftDown(heap)
		}
		if len(heap) == k {
			bound = heap[0].word
		}
	}
	last := len(nums) - 1
	if uint64(nums[0])^flip <= uint64(nums[last])^flip {
		for i, v := range nums {
			if w := uint64(v) ^ flip; w <= bound && valid.Valid(i) {
				add(wordRow{w, int32(i)})
			}
		}
	} else {
		for i := last; i >= 0; i-- {
			if w := uint64(nums[i]) ^ flip; w <= bound && valid.Valid(i) {
				add(wordRow{w, int32(i)})
			}
		}
	}
	rows := make([]int32, len(heap))
	for i, r := range heap {
		rows[i] = r.row
	}
	return rows
}

func siftUp(heap []wordRow) {
	for i := len(heap) - 1; i > 0; {
		parent := (i - 1) / 2
		if heap[parent].compare(heap[i]) >= 0 {
			return
		}
		heap[parent], heap[i] = heap[i], heap[parent]
		i = parent
	}
}

func siftDown(heap []wordRow) {
	for i := 0; ; {
		child := 2*i + 1
		if child >= len(heap) {
			return
		}
		if child+1 < len(heap) && heap[child+1].compare(heap[child]) > 0 {
			child++
		}
		if heap[i].compare(heap[child]) >= 0 {
			return
		}
		heap[i], heap[child] = heap[child], heap[i]
		i = child
	}
}
