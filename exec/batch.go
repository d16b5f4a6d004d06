package exec

import (
	"sync"

	"github.com/apache/arrow/go/v17/arrow"

	"tq/functions/kernel"
	"tq/storage"
)

// Batch is a run of rows whose columns are loaded when they are asked for. A filter
// gives a batch with a selection pending on every column; what no later operator reads
// is never decoded nor copied.
//
// The rows of a batch never change, and any number of goroutines may read it.
type Batch struct {
	rows int
	cols []*column

	mu       sync.Mutex // guards what follows
	repeated map[*repeatedEval]kernel.Vec
}

// NewBatch makes a batch of n rows from loaded columns of that length.
func NewBatch(n int, arrays ...arrow.Array) *Batch {
	cols := make([]column, len(arrays))
	refs := make([]*column, len(arrays))
	for i, arr := range arrays {
		cols[i].rows, cols[i].vec = n, kernel.Col(arr)
		refs[i] = &cols[i]
	}
	return &Batch{rows: n, cols: refs}
}

// newChunkBatch makes a batch of the first width columns of a chunk of a table.
func newChunkBatch(chunk storage.Chunk, width int) *Batch {
	n := chunk.NumRows()
	cols := make([]column, width)
	refs := make([]*column, width)
	for i := range cols {
		cols[i].rows, cols[i].origin = n, chunkColumn{chunk, i}
		refs[i] = &cols[i]
	}
	return &Batch{rows: n, cols: refs}
}

// NumRows is the number of rows, never 0 in a batch that an operator yields.
func (b *Batch) NumRows() int { return b.rows }

// NumCols is the number of columns.
func (b *Batch) NumCols() int { return len(b.cols) }

// Column returns column i in full, loading it if need be.
func (b *Batch) Column(i int) (arrow.Array, error) { return b.cols[i].array() }

// Vec is like [Batch.Column], but leaves a constant column constant.
func (b *Batch) Vec(i int) (kernel.Vec, error) { return b.cols[i].load() }

// Print calls print with what appends the texts of columns of VARCHAR, INTEGER or BIGINT,
// which are valid until print returns. What storage can print is not loaded for that.
func (b *Batch) Print(columns []int, print func(texts []kernel.Text)) error {
	var chunk storage.Printer
	var rows *selection
	var at, unloaded []int
	texts := make([]kernel.Text, len(columns))
	for i, c := range columns {
		from, sel, ok := b.cols[c].unloaded()
		if p, prints := from.chunk.(storage.Printer); ok && prints && (chunk == nil || chunk == p && rows == sel) {
			chunk, rows = p, sel
			at, unloaded = append(at, i), append(unloaded, from.index)
			continue
		}
		a, err := b.Column(c)
		if err != nil {
			return err
		}
		texts[i] = kernel.TextOf(a)
	}
	if chunk == nil {
		print(texts)
		return nil
	}
	var picked []int32
	if rows != nil {
		picked = rows.rows
	}
	return chunk.Print(unloaded, picked, func(printed []kernel.Text) {
		for i, text := range printed {
			texts[at[i]] = text
		}
		print(texts)
	})
}

// vecs loads all columns.
func (b *Batch) vecs() ([]kernel.Vec, error) {
	vecs := make([]kernel.Vec, len(b.cols))
	for i, c := range b.cols {
		var err error
		if vecs[i], err = c.load(); err != nil {
			return nil, err
		}
	}
	return vecs, nil
}

// Select returns the batch of the given rows, which ascend without repeats. Nothing is
// copied until a column is asked for. When all rows are selected it returns b itself.
func (b *Batch) Select(rows []int32) *Batch {
	if len(rows) == b.rows {
		return b
	}
	return b.pick(&selection{rows: rows, order: ascending})
}

// Take returns the batch of the given rows in any order and number; row -1 is a row of
// NULLs.
func (b *Batch) Take(rows []int32) *Batch {
	return b.pick(&selection{rows: rows, order: anyOrder})
}

// Slice returns rows from … to-1.
func (b *Batch) Slice(from, to int) *Batch {
	if from == 0 && to == b.rows {
		return b
	}
	cols := make([]column, len(b.cols))
	refs := make([]*column, len(b.cols))
	var sel, shuffled, part *selection
	for i, c := range b.cols {
		cols[i].rows = to - from
		refs[i] = &cols[i]
		if v, loaded := c.held(); loaded {
			cols[i].vec = slice(v, from, to)
			continue
		}
		if base, whole := c.shuffled(); base != nil {
			if whole != shuffled {
				shuffled, part = whole, &selection{rows: whole.rows[from:to], order: anyOrder}
			}
			cols[i].base, cols[i].sel, cols[i].baseWhole = base, part, true
			continue
		}
		if sel == nil {
			sel = &selection{rows: rowRange(from, to), order: ascending}
		}
		cols[i].base, cols[i].sel = c, sel
	}
	return &Batch{rows: to - from, cols: refs}
}

// Project returns the batch of the given columns, sharing what is loaded of them.
func (b *Batch) Project(indices []int) *Batch {
	refs := make([]*column, len(indices))
	for i, at := range indices {
		refs[i] = b.cols[at]
	}
	return &Batch{rows: b.rows, cols: refs}
}

// beside returns a batch with the columns of b, then those of other; both have the same
// number of rows.
func (b *Batch) beside(other *Batch) *Batch {
	refs := make([]*column, 0, len(b.cols)+len(other.cols))
	return &Batch{rows: b.rows, cols: append(append(refs, b.cols...), other.cols...)}
}

// with returns a batch with one more column.
func (b *Batch) with(v kernel.Vec) *Batch {
	refs := make([]*column, 0, len(b.cols)+1)
	return &Batch{rows: b.rows, cols: append(append(refs, b.cols...), &column{rows: b.rows, vec: v})}
}

func (b *Batch) pick(sel *selection) *Batch {
	cols := make([]column, len(b.cols))
	refs := make([]*column, len(b.cols))
	for i, c := range b.cols {
		cols[i].rows, cols[i].base, cols[i].sel = len(sel.rows), c, sel
		refs[i] = &cols[i]
	}
	return &Batch{rows: len(sel.rows), cols: refs}
}

// rowRange is from, from+1 … to-1.
func rowRange(from, to int) []int32 {
	rows := make([]int32, to-from)
	for i := range rows {
		rows[i] = int32(from + i)
	}
	return rows
}
