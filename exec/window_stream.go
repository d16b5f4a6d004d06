package exec

import (
	"context"

	"tq/lang/ast"
)

// Where the rows of each partition come in order, as they mostly do in a trace, most calls
// need no window order: nothing is sorted, brought together or brought back. What a call
// remembers of each partition is enough to tell its value at the next row. So its column
// is computed batch by batch, as somebody asks for them.

// windowStream computes the column of a call batch by batch, in their order.
type windowStream interface {
	next(b *windowBatch) (*column, error)
}

// windowBatch is a batch of a window with the partitions of its rows.
type windowBatch struct {
	*Batch
	index, start int      // of the batch, of its first row
	ids          []uint32 // for as long as the batch is in work
	partitions   int      // so far
}

// batch returns a batch of the window. Those of lower numbers must have been asked for
// before; if they will be asked for again, all must be kept.
func (w *window) batch(i int, keep bool) *windowBatch {
	b := &windowBatch{Batch: w.rows.batches[i], index: i, start: w.rows.starts[i]}
	b.ids, b.partitions = w.keys.number(i, b.NumRows(), keep)
	return b
}

// stream returns what computes a call without a window order; nil if it needs one.
func (w *window) stream(ctx context.Context, call *windowCall) (windowStream, error) {
	order, f := w.keys.sorted, call.frame.frame
	toCurrent := f.Start.Kind == ast.UnboundedPreceding && f.End.Kind == ast.CurrentRow && f.Exclude == ast.ExcludeNoOthers
	toEnd := f.Start.Kind == ast.UnboundedPreceding && f.End.Kind == ast.UnboundedFollowing && f.Exclude == ast.ExcludeNoOthers
	if toCurrent && f.Unit != ast.Rows {
		// The frame has the peers of the current row, too.
		toCurrent, toEnd = order == strictly, len(w.orderBy) == 0
	}
	switch {
	case order == unsorted || order == sorted && call.needs() == windowNeeds{peers: true}:
		return nil, nil
	case call.numbers():
		return &rowCounter{}, nil
	case call.carry == carryPrevious && call.shift > 0:
		return w.newLead(ctx, call)
	case call.carry == carryPrevious,
		call.carry == carryFirst && (toCurrent || toEnd && !call.ignoreNulls),
		call.carry == carryLatest && toCurrent:
		return w.newCarrier(call, false), nil
	case call.aggregator != nil && toEnd:
		return w.newWholePartition(ctx, call)
	case toCurrent:
		return newRunningAggregate(call)
	}
	return nil, nil
}
