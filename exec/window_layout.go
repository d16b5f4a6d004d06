package exec

import (
	"context"

	"github.com/apache/arrow/go/v17/arrow"

	"tq/functions/kernel"
)

// windowLayout is the rows of a window in window order: partition after partition, each
// in the order of its keys.
type windowLayout struct {
	n      int
	order  []int32 // the input's rows in window order; nil if that is the input's order
	starts []int32 // of the partitions; one more for the end

	keys []sortKey
	by   []arrow.Array // the order keys, by input row
	sort wordSorter
	// words are by in comparable form, made when they are first needed: for order that
	// has to be made, and for peers.
	words []wordColumn
	made  bool
}

// layOut partitions and orders all rows.
func (w *window) layOut(ctx context.Context, all *Batch) (*windowLayout, error) {
	l := &windowLayout{n: all.NumRows(), keys: w.orderBy, sort: wordSorter{ctx: ctx}}
	var err error
	if l.by, err = keyColumns(w.orderBy, all); err != nil {
		return nil, err
	}
	l.starts = []int32{0, int32(l.n)}
	if len(w.partitionBy) > 0 {
		keys, err := evalAll(w.partitionBy, all)
		if err != nil {
			return nil, err
		}
		l.partition(keys, w.types)
	}
	if len(l.by) > 0 && w.keys.sorted == unsorted {
		l.sortPartitions()
	}
	return l, ctx.Err()
}

// partition puts rows of one key together, keys in order of appearance.
func (l *windowLayout) partition(keys []kernel.Vec, types []arrow.DataType) {
	table := newKeyTable(types)
	ids := make([]uint32, l.n)
	table.insert(keys, ids)
	if table.groups() == 1 {
		return
	}
	rows := groupRows(ids, table.groups())
	l.starts = rows.starts
	if !inRowOrder(rows.rows) {
		l.order = rows.rows
	}
}

func inRowOrder(rows []int32) bool {
	for i, r := range rows {
		if int(r) != i {
			return false
		}
	}
	return true
}

// sortPartitions orders the rows of each partition. Most traces are in order already,
// which is seen from the keys as they are.
func (l *windowLayout) sortPartitions() {
	nums := plainKey(l.by, l.n)
	for k := range len(l.starts) - 1 {
		start, end := int(l.starts[k]), int(l.starts[k+1])
		if nums != nil && l.inOrder(nums, start, end) {
			continue
		}
		l.sortPartition(start, end)
	}
}

// inOrder reports whether a stretch of window order is ordered by a plain key.
func (l *windowLayout) inOrder(nums []int64, start, end int) bool {
	desc := l.keys[0].desc
	if l.order == nil {
		return numbersInOrder(nums[start:end], desc)
	}
	rows := l.order[start:end]
	for i := 1; i < len(rows); i++ {
		a, b := nums[rows[i-1]], nums[rows[i]]
		if a != b && b < a != desc {
			return false
		}
	}
	return true
}

// sortPartition orders a stretch of window order by the words of the keys.
func (l *windowLayout) sortPartition(start, end int) {
	words := l.keyWords()
	sorted := true
	for i := start + 1; i < end && sorted; i++ {
		sorted = compareWords(words, l.row(i-1), l.row(i)) <= 0
	}
	if sorted {
		return
	}
	rows := make([]wordRow, end-start)
	for i := range rows {
		r := l.row(start + i)
		rows[i] = wordRow{words[0].words[r], int32(r)}
	}
	l.sort.spare = resize(l.sort.spare, len(rows))
	l.sort.sortBy(rows, words)
	if l.order == nil {
		l.order = rowRange(0, l.n)
	}
	for i, r := range rows {
		l.order[start+i] = r.row
	}
}

func (l *windowLayout) keyWords() []wordColumn {
	if !l.made {
		l.words, l.made = sortWords(l.by, l.keys), true
	}
	return l.words
}

// row is the input row at a place in window order.
func (l *windowLayout) row(i int) int {
	if l.order == nil {
		return i
	}
	return int(l.order[i])
}

// arrange brings a column of the input into window order.
func (l *windowLayout) arrange(arr arrow.Array) arrow.Array {
	if l.order == nil || arr.Len() != l.n {
		return arr
	}
	return kernel.Take(arr, l.order)
}

// restore brings a column from window order into that of the input.
func (l *windowLayout) restore(arr arrow.Array) arrow.Array {
	if l.order == nil {
		return arr
	}
	at := make([]int32, l.n)
	for i, r := range l.order {
		at[r] = int32(i)
	}
	return kernel.Take(arr, at)
}

// arrangeBatch brings all rows into window order.
func (l *windowLayout) arrangeBatch(all *Batch) *Batch {
	if l.order == nil {
		return all
	}
	return all.Take(l.order)
}

// asKeys is the partitions and the order of the rows as they stand in window order.
func (l *windowLayout) asKeys() *windowKeys {
	part := windowPart{ids: make([]uint32, l.n), partitions: len(l.starts) - 1}
	words, found := l.keyWords(), strictly
	for k := range part.partitions {
		start, end := int(l.starts[k]), int(l.starts[k+1])
		for i := start; i < end; i++ {
			part.ids[i] = uint32(k)
			if i > start && found == strictly && compareWords(words, l.row(i-1), l.row(i)) == 0 {
				found = sorted
			}
		}
	}
	keys := &windowKeys{sorted: found, parts: []windowPart{part}}
	if part.partitions > 1 {
		keys.table = newKeyTable(nil)
	}
	return keys
}

func (l *windowLayout) bytes() int64 { return int64(4*len(l.order) + 8*len(l.words)*l.n) }

// peers fills in the bounds of the peer group of each row of a partition that starts at
// a place in window order.
func (l *windowLayout) peers(start int, first, end []int32) {
	n, words := len(first), l.keyWords()
	for i := 0; i < n; {
		k := i + 1
		for k < n && compareWords(words, l.row(start+k-1), l.row(start+k)) == 0 {
			k++
		}
		for p := i; p < k; p++ {
			first[p], end[p] = int32(i), int32(k)
		}
		i = k
	}
}
