package exec

import (
	"context"
	"io"

	"github.com/apache/arrow/go/v17/arrow"

	"tq/functions/kernel"
)

// spilledWindow is a window whose rows have no room. They are sorted on disk by partition
// and order; then the window is computed over as many whole partitions at a time as there
// is room for, and the rows are put back into the order of the input. A partition that
// has no room by itself is an error.
type spilledWindow struct {
	window *window
	config Config
	// again makes a window like this one over another input, with the numbers of the rows
	// behind its columns.
	again func(in Operator) (*window, error)

	rows   *rowSorter // by partition, order and number
	number int64
	result restoredRows
}

// spill starts to sort the rows on disk, those that were read first.
func (w *window) spill(ctx context.Context) error {
	s := w.spilled
	schema := numberedSchema(w.input.Schema())
	keys := make([]sortKey, 0, len(w.partitionBy)+len(w.orderBy)+1)
	for i, value := range w.partitionBy {
		keys = append(keys, sortKey{value: value, typ: w.types[i]})
	}
	keys = append(append(keys, w.orderBy...), byColumns(schema.NumFields()-1)...)
	s.rows = newRowSorter(schema, keys, w.mem, s.config)
	held := w.rows.batches
	w.rows, w.keys = nil, nil
	w.mem.release()
	for _, b := range held {
		if err := s.add(ctx, b); err != nil {
			return err
		}
	}
	return nil
}

func (s *spilledWindow) add(ctx context.Context, b *Batch) error {
	first := s.number
	s.number += int64(b.NumRows())
	return s.rows.add(ctx, numbered(b, first))
}

// compute runs the window over the sorted rows.
func (s *spilledWindow) compute(ctx context.Context) error {
	if err := s.rows.finish(ctx); err != nil {
		return err
	}
	s.window.mem.spilled(s.rows.mem.disk.Load())
	width := s.rows.schema.NumFields()
	fields := append(s.rows.schema.Fields(), s.window.schema.Fields()[width-1:]...)
	sorter := newRowSorter(arrow.NewSchema(fields, nil), byColumns(width-1), s.window.mem.budget.account("window"), s.config)
	s.result = restoredRows{sorter, without(len(fields), width-1)}
	some, starts := newRowBuffer(s.rows.schema), partitionStarts{keys: s.window.partitionBy}
	for {
		b, err := s.rows.next(ctx)
		if err == io.EOF {
			break
		}
		if err != nil {
			return err
		}
		found, err := starts.in(b)
		if err != nil {
			return err
		}
		from := 0
		for _, start := range found {
			if some.rows+start-from == 0 || some.held < s.window.mem.budget.limit/partitionsShare {
				continue
			}
			if err := addSlice(some, b, from, start); err != nil {
				return err
			}
			if err := s.computeSome(ctx, some); err != nil {
				return err
			}
			some, from = newRowBuffer(s.rows.schema), start
		}
		if err := addSlice(some, b, from, b.NumRows()); err != nil {
			return err
		}
	}
	if err := s.computeSome(ctx, some); err != nil {
		return err
	}
	return sorter.finish(ctx)
}

// partitionsShare is what part of the limit partitions may take that are computed at once.
const partitionsShare = 8

func addSlice(to *rowBuffer, b *Batch, from, end int) error {
	if from == end {
		return nil
	}
	return to.add(b.Slice(from, end))
}

// computeSome runs the window over whole partitions.
func (s *spilledWindow) computeSome(ctx context.Context, some *rowBuffer) error {
	if err := s.result.sorter.makeRoom(ctx); err != nil {
		return err
	}
	w, err := s.again(&bufferReader{schema: some.schema, batches: some.batches})
	if err != nil {
		return err
	}
	defer w.mem.release()
	return drain(ctx, w, func(b *Batch) error { return s.result.sorter.add(ctx, b) })
}

func (s *spilledWindow) close() error {
	if s == nil || s.rows == nil {
		return nil
	}
	err := s.rows.close()
	if s.result.sorter != nil {
		if e := s.result.sorter.close(); err == nil {
			err = e
		}
	}
	return err
}

// partitionStarts finds where partitions begin in sorted rows.
type partitionStarts struct {
	keys []evaluator
	last []arrow.Array // the keys of the last batch; nil before the first
}

// in returns the rows of the next batch at which a partition begins.
func (p *partitionStarts) in(b *Batch) ([]int, error) {
	vecs, err := evalAll(p.keys, b)
	if err != nil {
		return nil, err
	}
	n := b.NumRows()
	keys, begins := make([]arrow.Array, len(vecs)), make([]bool, n)
	for i, v := range vecs {
		keys[i] = kernel.Full(v, n)
		if p.last != nil {
			last := p.last[i]
			begins[0] = begins[0] || kernel.RowComparer(last, keys[i], false, false)(last.Len()-1, 0) != 0
		}
		compare := kernel.RowComparer(keys[i], keys[i], false, false)
		for row := 1; row < n; row++ {
			begins[row] = begins[row] || compare(row-1, row) != 0
		}
	}
	p.last = keys
	var starts []int
	for row, yes := range begins {
		if yes {
			starts = append(starts, row)
		}
	}
	return starts, nil
}
