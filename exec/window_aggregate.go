package exec

import (
	"context"
	"slices"

	"github.com/apache/arrow/go/v17/arrow"
	"github.com/apache/arrow/go/v17/arrow/array"
	"github.com/apache/arrow/go/v17/arrow/memory"

	"tq/functions"
	"tq/functions/kernel"
)

// aggregate computes an aggregate over the frames of a partition with nothing but its
// accumulator. Frames that only grow, as that of a running total, are fed as they grow;
// others one by one, many in one go.
func (w *windowCall) aggregate(ctx context.Context, p *functions.Partition, in windowArgs) (arrow.Array, error) {
	if len(w.orderBy) == 0 && p.Parts == nil && growing(p) {
		return w.aggregateGrowing(ctx, p, in)
	}
	return w.aggregateEach(ctx, p, in)
}

// growing reports whether each frame contains the one before it and begins with it.
func growing(p *functions.Partition) bool {
	for i := 1; i < p.N; i++ {
		if p.Start[i] != p.Start[0] || p.End[i] < p.End[i-1] {
			return false
		}
	}
	return p.N > 0 && p.Start[0] <= p.End[0]
}

func (w *windowCall) aggregateGrowing(ctx context.Context, p *functions.Partition, in windowArgs) (arrow.Array, error) {
	acc := w.accumulate(&w.call)
	acc.Grow(1)
	var seen *distinctRows
	if w.distinct {
		seen = newDistinctRows(w.call.Args)
	}
	out := array.NewBuilder(memory.DefaultAllocator, w.call.Ret)
	out.Reserve(p.N)
	done := int(p.Start[0])
	for i := range p.N {
		if i%4096 == 0 {
			if err := ctx.Err(); err != nil {
				return nil, err
			}
		}
		if end := int(p.End[i]); end > done {
			if err := w.feed(acc, in.rows(done, end, nil), nil, in, seen); err != nil {
				return nil, err
			}
			done = end
		}
		if err := acc.Append(out, 0); err != nil {
			return nil, err
		}
	}
	return out.NewArray(), nil
}

// frameChunk is how many rows of frames are fed in one go.
const frameChunk = 1 << 16

// aggregateEach makes a group of every frame.
func (w *windowCall) aggregateEach(ctx context.Context, p *functions.Partition, in windowArgs) (arrow.Array, error) {
	acc := w.accumulate(&w.call)
	acc.Grow(p.N)
	var seen *distinctRows
	if w.distinct {
		seen = newDistinctRows(w.call.Args)
	}
	parts := p.Parts
	if parts == nil {
		parts = func(i int, f func(start, end int)) { f(int(p.Start[i]), int(p.End[i])) }
	}
	var rows []int32
	var ids []uint32
	for i := range p.N {
		from := len(rows)
		parts(i, func(start, end int) { rows = in.rows(start, end, rows) })
		if len(in.by) > 0 {
			slices.SortStableFunc(rows[from:], func(a, b int32) int { return compareWords(in.by, int(a), int(b)) })
		}
		for range rows[from:] {
			ids = append(ids, uint32(i))
		}
		if len(rows) < frameChunk && i < p.N-1 {
			continue
		}
		if err := ctx.Err(); err != nil {
			return nil, err
		}
		if err := w.feed(acc, rows, ids, in, seen); err != nil {
			return nil, err
		}
		rows, ids = rows[:0], ids[:0]
	}
	return acc.Finish(p.N)
}

// rows appends the rows from start to end-1 that take part.
func (in *windowArgs) rows(start, end int, rows []int32) []int32 {
	for r := start; r < end; r++ {
		if in.skip == nil || !in.skip[r] {
			rows = append(rows, int32(r))
		}
	}
	return rows
}

// feed gives rows of a partition to an accumulator.
func (w *windowCall) feed(acc functions.Accumulator, rows []int32, ids []uint32, in windowArgs, seen *distinctRows) error {
	if len(rows) == 0 {
		return nil
	}
	fed := aggRows{batch: NewBatch(len(rows)), n: len(rows), ids: ids, args: make([]kernel.Vec, len(in.args))}
	for i, arg := range in.args {
		fed.args[i] = arg
		if !arg.Const {
			fed.args[i] = kernel.Col(kernel.Take(arg.Array, rows))
		}
	}
	if seen != nil {
		fed = fed.where(seen.fresh(&fed))
	}
	if fed.n == 0 {
		return nil
	}
	return acc.Update(fed.ids, fed.args, fed.n)
}
