package exec

import (
	"math/bits"

	"github.com/apache/arrow/go/v17/arrow"

	"tq/functions/kernel"
)

// windowLayout is the rows of a window in window order: partition after partition, each
// in the order of its keys.
type windowLayout struct {
	n      int
	order  []int32 // the input's rows in window order; nil if that is the input's order
	starts []int   // of the partitions; one more for the end

	words []wordColumn // the order keys, by input row: rows with equal words are peers
	// key is the first order key by row in window order, for RANGE offsets.
	key      arrow.Array
	firstKey sortKey
}

// layOut partitions and orders all rows.
func (w *window) layOut(all *Batch) (*windowLayout, error) {
	l := &windowLayout{n: all.NumRows()}
	var cols []wordColumn
	var ids []uint32
	if len(w.partitionBy) > 0 {
		keys, err := evalAll(w.partitionBy, all)
		if err != nil {
			return nil, err
		}
		table := newKeyTable(w.types)
		ids = make([]uint32, l.n)
		table.insert(keys, ids)
		if table.groups() > 1 {
			cols = append(cols, idWords(ids, table.groups()))
		}
	}
	by, err := keyColumns(w.orderBy, all)
	if err != nil {
		return nil, err
	}
	l.words = sortWords(by, w.orderBy)
	l.order = sortRows(append(cols, l.words...), l.n)
	if len(by) > 0 {
		l.firstKey = w.orderBy[0]
		l.key = l.arrange(by[0])
	}
	l.starts = []int{0}
	if len(cols) > 0 {
		for i := 1; i < l.n; i++ {
			if ids[l.row(i)] != ids[l.row(i-1)] {
				l.starts = append(l.starts, i)
			}
		}
	}
	l.starts = append(l.starts, l.n)
	return l, nil
}

func idWords(ids []uint32, groups int) wordColumn {
	words := make([]uint64, len(ids))
	for i, id := range ids {
		words[i] = uint64(id)
	}
	return wordColumn{words, uint(bits.Len(uint(groups - 1)))}
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

func (l *windowLayout) bytes() int64 { return int64(4*len(l.order) + 8*len(l.words)*l.n) }

// peers fills in the bounds of the peer group of each row of a partition that starts at
// a place in window order.
func (l *windowLayout) peers(start int, first, end []int32) {
	n := len(first)
	for i := 0; i < n; {
		k := i + 1
		for k < n && compareWords(l.words, l.row(start+k-1), l.row(start+k)) == 0 {
			k++
		}
		for p := i; p < k; p++ {
			first[p], end[p] = int32(i), int32(k)
		}
		i = k
	}
}
