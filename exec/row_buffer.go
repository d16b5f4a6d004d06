package exec

import (
	"context"
	"fmt"
	"math"
	"sort"

	"github.com/apache/arrow/go/v17/arrow"

	"tq/functions/kernel"
)

// rowBuffer keeps the batches of an input and shows their rows as one relation, with
// rows numbered throughout. Columns are joined only when they are asked for as a whole.
type rowBuffer struct {
	schema  *arrow.Schema
	batches []*Batch
	starts  []int // of each batch
	rows    int
	held    int64 // bytes of what was loaded when it came
}

func newRowBuffer(schema *arrow.Schema) *rowBuffer { return &rowBuffer{schema: schema} }

// add appends a batch. Row numbers are 32 bits wide everywhere.
func (r *rowBuffer) add(b *Batch) error {
	if r.rows+b.NumRows() > math.MaxInt32 {
		return fmt.Errorf("more than %d rows at once", math.MaxInt32)
	}
	r.append(b)
	return nil
}

// width estimates the bytes that all rows take when every column is loaded.
func (r *rowBuffer) width() int64 {
	var perRow int64
	for _, f := range r.schema.Fields() {
		if dt, ok := f.Type.(arrow.FixedWidthDataType); ok && f.Type.ID() != arrow.DICTIONARY {
			perRow += int64(dt.Bytes()) + 1
		} else {
			perRow += textBytes
		}
	}
	return max(r.held, perRow*int64(r.rows))
}

// textBytes is what a text is taken to need that isn't loaded yet.
const textBytes = 16

// append is add for what is known to be small.
func (r *rowBuffer) append(b *Batch) {
	r.batches = append(r.batches, b)
	r.starts = append(r.starts, r.rows)
	r.rows += b.NumRows()
	r.held += b.bytes()
}

// fill adds all batches of an operator.
func (r *rowBuffer) fill(ctx context.Context, in Operator, mem *account) error {
	return r.fillParallel(ctx, in, mem, 1, nil)
}

// fillParallel is fill with several threads, which load the columns at some places: those
// that will be needed of all rows.
func (r *rowBuffer) fillParallel(ctx context.Context, in Operator, mem *account, threads int, columns []int) error {
	return drainParallel(ctx, in, threads, loadColumns(columns), func(b *Batch) error {
		if err := r.add(b); err != nil {
			return err
		}
		return mem.set(r.held)
	})
}

// loadColumns is work for [drainParallel] that loads columns of batches.
func loadColumns(columns []int) func(int, place, *Batch) (*Batch, error) {
	return func(_ int, _ place, b *Batch) (*Batch, error) {
		for _, i := range columns {
			if _, err := b.Vec(i); err != nil {
				return nil, err
			}
		}
		return b, nil
	}
}

// batch returns all rows as one batch.
func (r *rowBuffer) batch() *Batch {
	if len(r.batches) == 1 {
		return r.batches[0]
	}
	cols := make([]column, r.schema.NumFields())
	refs := make([]*column, len(cols))
	for i := range cols {
		cols[i].rows, cols[i].origin = r.rows, bufferColumn{r, i}
		refs[i] = &cols[i]
	}
	return &Batch{rows: r.rows, cols: refs}
}

// locate returns the batch that holds a row, and its number there.
func (r *rowBuffer) locate(row int) (batch, at int) {
	batch = sort.SearchInts(r.starts, row+1) - 1
	return batch, row - r.starts[batch]
}

// bufferColumn is a column over all batches of a buffer.
type bufferColumn struct {
	buffer *rowBuffer
	index  int
}

func (c bufferColumn) all() (arrow.Array, error) {
	if c.buffer.rows == 0 {
		return c.empty(), nil
	}
	parts := make([]arrow.Array, len(c.buffer.batches))
	for i, b := range c.buffer.batches {
		arr, err := b.Column(c.index)
		if err != nil {
			return nil, err
		}
		parts[i] = arr
	}
	return kernel.Concat(parts)
}

func (c bufferColumn) gather(rows []int32) (arrow.Array, error) {
	if len(rows) == 0 {
		return c.empty(), nil
	}
	var parts []arrow.Array
	for len(rows) > 0 {
		k, _ := c.buffer.locate(int(rows[0]))
		b, start := c.buffer.batches[k], c.buffer.starts[k]
		end := sort.Search(len(rows), func(i int) bool { return int(rows[i]) >= start+b.NumRows() })
		local := make([]int32, end)
		for i, r := range rows[:end] {
			local[i] = r - int32(start)
		}
		picked := column{rows: end, base: b.cols[c.index], sel: &selection{rows: local, order: ascending}}
		arr, err := picked.array()
		if err != nil {
			return nil, err
		}
		parts = append(parts, arr)
		rows = rows[end:]
	}
	return kernel.Concat(parts)
}

func (c bufferColumn) empty() arrow.Array {
	return kernel.Nulls(c.buffer.schema.Field(c.index).Type, 0)
}
