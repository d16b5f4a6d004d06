package exec

import (
	"context"
	"io"

	"github.com/apache/arrow/go/v17/arrow"

	"tq/lang/plan"
)

// window adds the columns of window calls that share one partition and order. The rows
// stay where they are: only the keys and arguments are brought into window order, and
// only if they aren't in it already; the results are brought back. Partitions are
// computed side by side.
type window struct {
	oneInput
	partitionBy []evaluator
	types       []arrow.DataType // of partitionBy
	orderBy     []sortKey
	calls       []*windowCall
	columns     []int // that the keys and calls depend on
	mem         *account
	threads     int

	rows    *rowBuffer
	results []windowResult // by call, in the order of the input
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
	if w.rows == nil {
		w.rows = newRowBuffer(w.input.Schema())
		if err := w.rows.fillParallel(ctx, w.input, w.mem, w.threads, w.columns); err != nil {
			return nil, err
		}
		if w.rows.rows > 0 {
			if err := w.compute(ctx); err != nil {
				return nil, err
			}
		}
	}
	if err := ctx.Err(); err != nil {
		return nil, err
	}
	if w.at == len(w.rows.batches) {
		return nil, io.EOF
	}
	b, start := w.rows.batches[w.at], w.rows.starts[w.at]
	w.at++
	added := &Batch{rows: b.NumRows()}
	for _, r := range w.results {
		added.cols = append(added.cols, r.column(start, start+b.NumRows()))
	}
	return b.beside(added), nil
}

// compute evaluates all calls.
func (w *window) compute(ctx context.Context) error {
	all := w.rows.batch()
	if done, err := w.computeByNeighbours(ctx, all); done || err != nil {
		return err
	}
	layout, err := w.layOut(ctx, all)
	if err != nil {
		return err
	}
	bytes := w.rows.held + layout.bytes()
	for _, call := range w.calls {
		arr, err := call.compute(ctx, all, layout, w.threads)
		if err != nil {
			return err
		}
		bytes += arrayBytes(arr)
		if err := w.mem.set(bytes); err != nil {
			return err
		}
		w.results = append(w.results, wholeResult{layout.restore(arr)})
	}
	return nil
}

func (w *window) Close() error {
	w.mem.release()
	return w.input.Close()
}
