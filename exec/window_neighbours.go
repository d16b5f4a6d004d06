package exec

import (
	"context"

	"github.com/apache/arrow/go/v17/arrow"

	"tq/functions/kernel"
	"tq/lang/sem"
)

// Where the rows of each partition come in order, as they mostly do in a trace, calls that
// look a few rows back or ahead need no window order at all: it is enough to know, of each
// row, the one before it in its partition. Nothing is sorted, brought together or brought
// back, and the values are fetched batch by batch as somebody asks for them.

// neighbourCall is a call of LAG or LEAD by a few rows, or of ROW_NUMBER.
type neighbourCall struct {
	arg evaluator // nil for ROW_NUMBER
	by  int       // rows: negative for those before
}

// farthestNeighbour is how many rows a neighbourCall goes at most.
const farthestNeighbour = 8

// newNeighbourCall returns nil for other calls.
func newNeighbourCall(n *sem.WindowCall, c *windowCall) *neighbourCall {
	if n.Fn.Name == "row_number" {
		return &neighbourCall{}
	}
	direction := map[string]int{"lag": -1, "lead": 1}[n.Fn.Name]
	if direction == 0 || n.IgnoreNulls || len(n.Args) > 2 {
		return nil
	}
	by := int64(1)
	if len(n.Args) == 2 {
		offset, ok := n.Args[1].(*sem.Const)
		if !ok {
			return nil
		}
		if by, ok = kernel.Value(offset.Value, 0).(int64); !ok {
			return nil
		}
	}
	if by < 1 || by > farthestNeighbour {
		return nil
	}
	return &neighbourCall{arg: c.args[0], by: direction * int(by)}
}

// neighbours is the rows before and after each row in its partition; -1: there is none.
type neighbours struct {
	before []int32
	after  []int32 // nil until it is needed
}

// findNeighbours reports false if the rows of some partition are not in order, or if
// that can't be seen from the keys as they are.
func (w *window) findNeighbours(ctx context.Context, all *Batch) (*neighbours, bool, error) {
	n := all.NumRows()
	order, err := newRowOrder(w.orderBy, all)
	if order == nil || err != nil {
		return nil, false, err
	}
	before := make([]int32, n)
	if len(w.partitionBy) == 0 {
		for i := range before {
			before[i] = int32(i) - 1
		}
	} else {
		keys, err := evalAll(w.partitionBy, all)
		if err != nil {
			return nil, false, err
		}
		table, ids := newKeyTable(w.types), make([]uint32, n)
		table.insert(keys, ids)
		last := make([]int32, table.groups()) // row + 1 of each partition
		for i, id := range ids {
			before[i] = last[id] - 1
			last[id] = int32(i) + 1
		}
	}
	return &neighbours{before: before}, order.holds(before), ctx.Err()
}

// rowOrder is an order by keys that are plain numbers.
type rowOrder struct{ keys []numberKey }

type numberKey struct {
	nums []int64
	desc bool
}

// newRowOrder returns nil if a key is not plain numbers.
func newRowOrder(keys []sortKey, all *Batch) (*rowOrder, error) {
	cols, err := keyColumns(keys, all)
	if err != nil {
		return nil, err
	}
	o := &rowOrder{}
	for i, col := range cols {
		if col.DataType().ID() == arrow.NULL && col.Len() == 1 {
			continue // a constant
		}
		nums := plainKey(cols[i:i+1], all.NumRows())
		if nums == nil {
			return nil, nil
		}
		o.keys = append(o.keys, numberKey{nums, keys[i].desc})
	}
	return o, nil
}

// holds reports whether no row comes before the one that stands before it.
func (o *rowOrder) holds(before []int32) bool {
	if len(o.keys) == 0 {
		return true
	}
	first := o.keys[0]
	for i, b := range before {
		if b < 0 {
			continue
		}
		x, y := first.nums[b], first.nums[i]
		if first.desc {
			x, y = y, x
		}
		if x > y || x == y && !o.tieHolds(int(b), i) {
			return false
		}
	}
	return true
}

// tieHolds is the order of two rows that are equal in the first key.
func (o *rowOrder) tieHolds(a, b int) bool {
	for _, k := range o.keys[1:] {
		if x, y := k.nums[a], k.nums[b]; x != y {
			return x < y != k.desc
		}
	}
	return true
}

// rows returns the rows that are by rows away from those from … to-1.
func (n *neighbours) rows(by, from, to int) []int32 {
	next := n.before
	if by > 0 {
		next, by = n.after, -by
	}
	rows := make([]int32, to-from)
	copy(rows, next[from:to])
	for ; by < -1; by++ {
		for i, r := range rows {
			if r >= 0 {
				rows[i] = next[r]
			}
		}
	}
	return rows
}

// lookAhead finds the rows after each row.
func (n *neighbours) lookAhead() {
	if n.after != nil {
		return
	}
	n.after = make([]int32, len(n.before))
	for i := range n.after {
		n.after[i] = -1
	}
	for i, b := range n.before {
		if b >= 0 {
			n.after[b] = int32(i)
		}
	}
}

// number counts the rows of each partition from 1.
func (n *neighbours) number(dt arrow.DataType) arrow.Array {
	out := make([]int64, len(n.before))
	for i, b := range n.before {
		if out[i] = 1; b >= 0 {
			out[i] = out[b] + 1
		}
	}
	return kernel.FromValues(dt, out, kernel.Validity{})
}

// computeByNeighbours computes the calls if all of them, and the order of the rows, allow
// it; otherwise it reports false.
func (w *window) computeByNeighbours(ctx context.Context, all *Batch) (bool, error) {
	for _, call := range w.calls {
		if call.neighbour == nil {
			return false, nil
		}
	}
	found, ok, err := w.findNeighbours(ctx, all)
	if !ok || err != nil {
		return false, err
	}
	for _, call := range w.calls {
		if call.neighbour.arg == nil {
			w.results = append(w.results, wholeResult{found.number(call.call.Ret)})
			continue
		}
		values, err := call.neighbour.arg.eval(all)
		if err != nil {
			return false, err
		}
		if call.neighbour.by > 0 {
			found.lookAhead()
		}
		w.results = append(w.results, &neighbourResult{kernel.Full(values, all.NumRows()), found, call.neighbour.by})
	}
	return true, w.mem.set(w.rows.held + 8*int64(all.NumRows()))
}

// windowResult is the column of a call.
type windowResult interface {
	// column returns rows from … to-1.
	column(from, to int) *column
}

// wholeResult is a column that is there already.
type wholeResult struct{ arrow.Array }

func (r wholeResult) column(from, to int) *column {
	return &column{rows: to - from, vec: kernel.Col(kernel.Slice(r.Array, from, to))}
}

// neighbourResult is the values of rows some rows away.
type neighbourResult struct {
	values arrow.Array
	rows   *neighbours
	by     int
}

func (r *neighbourResult) column(from, to int) *column {
	return &column{rows: to - from, origin: neighbourColumn{r, from, to}}
}

// neighbourColumn is a stretch of a neighbourResult.
type neighbourColumn struct {
	*neighbourResult
	from, to int
}

func (c neighbourColumn) all() (arrow.Array, error) {
	return kernel.TakeNullable(c.values, c.rows.rows(c.by, c.from, c.to)), nil
}

func (c neighbourColumn) gather(rows []int32) (arrow.Array, error) {
	far := c.rows.rows(c.by, c.from, c.to)
	picked := make([]int32, len(rows))
	for i, r := range rows {
		picked[i] = far[r]
	}
	return kernel.TakeNullable(c.values, picked), nil
}
