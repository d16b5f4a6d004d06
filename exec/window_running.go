package exec

import (
	"context"

	"github.com/apache/arrow/go/v17/arrow"

	"tq/functions"
	"tq/functions/kernel"
)

// rowCounter is ROW_NUMBER, and each rank among rows of which none are equal.
type rowCounter struct{ counts []int64 }

// numbers reports whether a rowCounter computes the call.
func (w *windowCall) numbers() bool {
	switch w.def.Name {
	case "row_number", "rank", "dense_rank":
		return len(w.orderBy) == 0
	}
	return false
}

func (c *rowCounter) next(b *windowBatch) (*column, error) {
	c.counts = append(c.counts, make([]int64, b.partitions-len(c.counts))...)
	counts, out := c.counts, make([]int64, b.NumRows())
	for i, id := range b.ids {
		counts[id]++
		out[i] = counts[id]
	}
	return loadedColumn(kernel.FromValues(functions.BigInt, out, kernel.Validity{})), nil
}

// loadedColumn is a column of values that are there.
func loadedColumn(arr arrow.Array) *column {
	return &column{rows: arr.Len(), vec: kernel.Col(arr)}
}

// runningAggregate is an aggregate over the rows of the partition up to the current one.
type runningAggregate struct {
	call *windowCall
	acc  functions.Accumulator
	run  functions.Running
}

// newRunningAggregate returns nil for what is no such aggregate.
func newRunningAggregate(call *windowCall) (windowStream, error) {
	if call.accumulate == nil || call.distinct || len(call.orderBy) > 0 {
		return nil, nil
	}
	acc := call.accumulate(&call.call)
	run, ok := acc.(functions.Running)
	if !ok {
		return nil, nil
	}
	return &runningAggregate{call, acc, run}, nil
}

func (r *runningAggregate) next(b *windowBatch) (*column, error) {
	args, err := evalAll(r.call.args, b.Batch)
	if err != nil {
		return nil, err
	}
	if r.call.filter != nil {
		passing, err := r.call.filter.choose(b.Batch, everyRow, true)
		if err != nil {
			return nil, err
		}
		args = onlyRows(args, passing, b.NumRows())
	}
	r.acc.Grow(b.partitions)
	arr, err := r.run.Run(b.ids, args, b.NumRows())
	if err != nil {
		return nil, located(err, r.call.at)
	}
	return loadedColumn(arr), nil
}

// onlyRows makes the argument of an aggregate NULL, which is then left out, at all other
// rows. count(*) gets one for the purpose.
func onlyRows(args []kernel.Vec, rows rowSet, n int) []kernel.Vec {
	if rows.all {
		return args
	}
	bits := kernel.NewBitmap(n)
	for _, r := range rows.rows {
		bits.Set(int(r))
	}
	if len(args) == 0 {
		return []kernel.Vec{kernel.Col(kernel.FromBits(bits, n, kernel.NewValidity(bits, n)))}
	}
	arr := kernel.Full(args[0], n)
	valid := kernel.ValidityOf(arr).And(kernel.NewValidity(bits, n), n)
	return append([]kernel.Vec{kernel.Col(kernel.WithValidity(arr, valid))}, args[1:]...)
}

// wholePartition is an aggregate over all rows of the partition.
type wholePartition struct{ results arrow.Array }

func (w *window) newWholePartition(ctx context.Context, call *windowCall) (windowStream, error) {
	added := 0
	prepare := func(_ int, _ place, b *Batch) (*aggInput, error) { return call.aggregator.prepare(b) }
	err := drainParallel(ctx, &bufferReader{batches: w.rows.batches}, w.threads, prepare, func(in *aggInput) error {
		b := w.batch(added, true)
		added++
		return call.aggregator.add(in, b.ids, b.partitions)
	})
	if err != nil {
		return nil, err
	}
	results, err := call.aggregator.finish(ctx, w.keys.partitions())
	return &wholePartition{results}, err
}

func (p *wholePartition) next(b *windowBatch) (*column, error) {
	if p.results.Len() == 1 {
		return &column{rows: b.NumRows(), vec: kernel.Const(p.results)}, nil
	}
	rows := make([]int32, len(b.ids))
	for i, id := range b.ids {
		rows[i] = int32(id)
	}
	return loadedColumn(kernel.Take(p.results, rows)), nil
}
