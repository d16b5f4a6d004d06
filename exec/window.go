package exec

import (
	"context"
	"io"

	"github.com/apache/arrow/go/v17/arrow"

	"tq/functions/kernel"
	"tq/lang/plan"
)

// window adds the columns of window calls that share one partition and order. The rows
// stay where they are. Where they come in order, most calls are computed as they come
// (window_stream.go). For others the keys and arguments are brought into window order
// (window_layout.go), partitions are computed side by side, and the results are brought
// back.
type window struct {
	oneInput
	partitionBy []evaluator
	types       []arrow.DataType // of partitionBy
	orderBy     []sortKey
	calls       []*windowCall
	columns     []int // that the keys and calls depend on
	mem         *account
	threads     int

	began   bool
	rows    *rowBuffer     // nil when they went to disk
	spilled *spilledWindow // nil unless rows may go to disk
	keys    *windowKeys
	results []windowStream // by call
	at      int            // batches yielded
}

func newWindow(n *plan.Window, u oneInput, c *compiler, mem *account, threads int) (*window, error) {
	w := &window{oneInput: u, types: exprTypes(n.PartitionBy), mem: mem, threads: threads}
	needed := append(sortExprs(n.OrderBy), n.PartitionBy...)
	var err error
	if w.partitionBy, err = c.compileAll(n.PartitionBy); err != nil {
		return nil, err
	}
	if w.orderBy, err = c.compileSortKeys(n.OrderBy); err != nil {
		return nil, err
	}
	for i := range n.Calls {
		call, err := newWindowCall(&n.Calls[i], c)
		if err != nil {
			return nil, err
		}
		w.calls = append(w.calls, call)
		needed = append(needed, n.Calls[i].Args...)
	}
	w.columns = c.columnsIn(needed...)
	return w, nil
}

func (w *window) Next(ctx context.Context) (*Batch, error) {
	if !w.began {
		w.began = true
		if err := w.read(ctx); err != nil {
			return nil, err
		}
		if err := w.begin(ctx); err != nil {
			return nil, err
		}
	}
	if err := ctx.Err(); err != nil {
		return nil, err
	}
	if w.rows == nil {
		return w.spilled.result.next(ctx)
	}
	if w.at == len(w.rows.batches) {
		return nil, io.EOF
	}
	b := w.batch(w.at, false)
	w.at++
	added := &Batch{rows: b.NumRows()}
	for _, r := range w.results {
		col, err := r.next(b)
		if err != nil {
			return nil, err
		}
		added.cols = append(added.cols, col)
	}
	return b.Batch.beside(added), nil
}

// begin decides how each call is computed and does what has to be done of it before the
// first row is known.
func (w *window) begin(ctx context.Context) error {
	if w.rows == nil || w.rows.rows == 0 {
		return nil
	}
	bytes := w.rows.held
	var layout *windowLayout
	var arranged *window // nil if rows come in order
	for _, call := range w.calls {
		stream, err := w.stream(ctx, call)
		if err != nil {
			return err
		}
		if stream == nil {
			if layout == nil {
				if layout, err = w.layOut(ctx, w.rows.batch()); err != nil {
					return err
				}
				bytes += layout.bytes()
				if w.keys.sorted == unsorted {
					arranged = w.arrange(layout)
				}
			}
			var arr arrow.Array
			if arranged != nil {
				if arr, err = arranged.computeArranged(ctx, call); err != nil {
					return err
				}
			}
			if arr == nil {
				if arr, err = call.compute(ctx, w.rows.batch(), layout, w.threads); err != nil {
					return err
				}
			}
			bytes += arrayBytes(arr)
			stream = wholeResult{layout.restore(arr)}
		}
		if err := w.mem.set(bytes); err != nil {
			return err
		}
		w.results = append(w.results, stream)
	}
	return nil
}

// arrange is the window over its rows in window order.
func (w *window) arrange(layout *windowLayout) *window {
	arranged := *w
	arranged.rows, arranged.keys = newRowBuffer(w.rows.schema), layout.asKeys()
	arranged.rows.append(layout.arrangeBatch(w.rows.batch()))
	return &arranged
}

// computeArranged computes a call over rows in window order as others are over rows that
// come in order; it returns nil if that isn't all that it takes.
func (w *window) computeArranged(ctx context.Context, call *windowCall) (arrow.Array, error) {
	stream, err := w.stream(ctx, call)
	if stream == nil || err != nil {
		return nil, err
	}
	column, err := stream.next(w.batch(0, true))
	if err != nil {
		return nil, err
	}
	return column.array()
}

// choice implements [chooser].
func (w *window) choice() string {
	switch {
	case w.keys == nil || w.rows == nil || w.rows.rows == 0:
		return ""
	case w.keys.sorted > unsorted && len(w.orderBy) == 0:
		return "as rows come"
	case w.keys.sorted > unsorted:
		return "in order already"
	}
	return "sorted"
}

// wholeResult is the column of a call that needed a window order.
type wholeResult struct{ arrow.Array }

func (r wholeResult) next(b *windowBatch) (*column, error) {
	return loadedColumn(kernel.Slice(r.Array, b.start, b.start+b.NumRows())), nil
}

func (w *window) Close() error {
	w.mem.release()
	err := w.spilled.close()
	if e := w.input.Close(); err == nil {
		err = e
	}
	return err
}
