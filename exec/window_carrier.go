package exec

import (
	"context"
	"slices"
	"sync"

	"github.com/apache/arrow/go/v17/arrow"

	"tq/functions/kernel"
	"tq/lang/sem"
)

// carrying is what a call takes over from an earlier row of the partition.
type carrying uint8

const (
	carryNothing  carrying = iota
	carryPrevious          // the value some rows before or after: LAG and LEAD
	carryFirst             // the first value: FIRST_VALUE
	carryLatest            // the value of the row itself or, with IGNORE NULLS, the last one before: LAST_VALUE
)

// farthestCarried is how many rows LAG and LEAD may go for values to be carried.
const farthestCarried = 64

// setCarry finds out whether the call carries values, and how far.
func (w *windowCall) setCarry(n *sem.WindowCall) {
	if n.Filter != nil || len(n.OrderBy) > 0 {
		return
	}
	switch n.Fn.Name {
	case "first_value":
		w.carry = carryFirst
	case "last_value":
		w.carry = carryLatest
	case "lag", "lead":
		by := int64(1)
		if len(n.Args) == 2 {
			offset, ok := n.Args[1].(*sem.Const)
			if !ok {
				return
			}
			if by, ok = kernel.Value(offset.Value, 0).(int64); !ok {
				return
			}
		}
		if by < 1 || by > farthestCarried || len(n.Args) > 2 {
			return
		}
		w.carry, w.shift = carryPrevious, int(by)
		if n.Fn.Name == "lag" {
			w.shift = -w.shift
		}
	}
}

// carrier hands values of the rows of each partition on to later rows: values of fixed
// width as they are, others by the numbers of their rows.
type carrier struct {
	call *windowCall
	held interface {
		// carry returns the values handed on to the rows of a batch, whose own values are
		// given.
		carry(b *windowBatch, arr arrow.Array) arrow.Array
	}
	all *heldValues // what row numbers stand for; nil if values are carried
}

func (w *window) newCarrier(call *windowCall, backward bool) *carrier {
	c := &carrier{call: call}
	switch kernel.KindOf(call.call.Args[0]) {
	case kernel.Int8, kernel.Uint8:
		c.held = newCarried[uint8](call, backward)
	case kernel.Int16, kernel.Uint16:
		c.held = newCarried[uint16](call, backward)
	case kernel.Int32, kernel.Uint32, kernel.Float32:
		c.held = newCarried[uint32](call, backward)
	case kernel.Int64, kernel.Uint64, kernel.Float64:
		c.held = newCarried[uint64](call, backward)
	default:
		c.held = newCarried[int32](call, backward)
		c.all = &heldValues{rows: w.rows, value: call.args[0]}
	}
	return c
}

func (c *carrier) next(b *windowBatch) (*column, error) {
	v, err := c.call.args[0].eval(b.Batch)
	if err != nil {
		return nil, err
	}
	arr := kernel.Full(v, b.NumRows())
	if c.all == nil {
		return loadedColumn(c.held.carry(b, arr)), nil
	}
	numbers := kernel.FromValues(arrow.PrimitiveTypes.Int32, rowRange(b.start, b.start+b.NumRows()), kernel.ValidityOf(arr))
	return &column{rows: b.NumRows(), origin: heldColumn{c.all, rowsOrNone(c.held.carry(b, numbers))}}, nil
}

// rowsOrNone is row numbers, -1 for NULL.
func rowsOrNone(numbers arrow.Array) []int32 {
	rows, valid := kernel.Values[int32](numbers), kernel.ValidityOf(numbers)
	if valid.Bits == nil {
		return rows
	}
	for i := range rows {
		if !valid.Valid(i) {
			rows[i] = -1
		}
	}
	return rows
}

// carried is what was carried of each partition so far.
type carried[T kernel.Fixed] struct {
	what        carrying
	ignoreNulls bool
	backward    bool
	distance    int // rows that a value stays: it is a ring of so many

	values []T
	valid  []bool
	next   []uint8 // the place in the ring of each partition; nil if there is only one
	nulls  bool    // there was a NULL, so that valid may be false of a value that was seen
	seen   []bool  // partitions that have a first value
}

func newCarried[T kernel.Fixed](call *windowCall, backward bool) *carried[T] {
	c := &carried[T]{what: call.carry, ignoreNulls: call.ignoreNulls, backward: backward, distance: 1}
	if c.what == carryPrevious {
		c.distance = max(call.shift, -call.shift)
	}
	return c
}

func (c *carried[T]) grow(partitions int) (fresh bool) {
	more := partitions - len(c.values)/c.distance
	if more <= 0 {
		return false
	}
	c.values = append(c.values, make([]T, more*c.distance)...)
	c.valid = append(c.valid, make([]bool, more*c.distance)...)
	c.seen = append(c.seen, make([]bool, more)...)
	if c.distance > 1 {
		c.next = append(c.next, make([]uint8, more)...)
	}
	return true
}

func (c *carried[T]) carry(b *windowBatch, arr arrow.Array) arrow.Array {
	fresh := c.grow(b.partitions)
	values, valid := kernel.Values[T](arr), kernel.ValidityOf(arr)
	c.nulls = c.nulls || valid.Bits != nil
	out := make([]T, len(values))
	if c.what == carryPrevious && c.distance == 1 && !fresh && !c.nulls && !c.backward {
		held := c.values
		for i, id := range b.ids {
			out[i] = held[id]
			held[id] = values[i]
		}
		return kernel.FromValues(arr.DataType(), out, kernel.Validity{})
	}
	bits := kernel.NewBitmap(len(values))
	switch {
	case c.what != carryPrevious:
		for i, x := range values {
			c.keep(b.ids[i], i, x, valid.Valid(i), out, bits)
		}
	case c.backward:
		for i := len(values) - 1; i >= 0; i-- {
			c.hand(int(b.ids[i]), i, values[i], valid.Valid(i), out, bits)
		}
	default:
		for i, x := range values {
			c.hand(int(b.ids[i]), i, x, valid.Valid(i), out, bits)
		}
	}
	return kernel.FromValues(arr.DataType(), out, kernel.NewValidity(bits, len(values)))
}

// hand gives row i the value that a ring of values has had for long enough, in whose place
// its own one comes.
func (c *carried[T]) hand(id, i int, x T, valid bool, out []T, bits kernel.Bitmap) {
	at := id * c.distance
	if c.next != nil {
		at += int(c.next[id])
	}
	if c.valid[at] {
		out[i] = c.values[at]
		bits.Set(i)
	}
	if !valid && c.ignoreNulls {
		return
	}
	c.values[at], c.valid[at] = x, valid
	if c.next != nil {
		if c.next[id]++; int(c.next[id]) == c.distance {
			c.next[id] = 0
		}
	}
}

// keep gives row i the first or the latest value, which its own one may become.
func (c *carried[T]) keep(id uint32, i int, x T, valid bool, out []T, bits kernel.Bitmap) {
	if (valid || !c.ignoreNulls) && (c.what == carryLatest || !c.seen[id]) {
		c.values[id], c.valid[id], c.seen[id] = x, valid, true
	}
	if c.valid[id] {
		out[i] = c.values[id]
		bits.Set(i)
	}
}

// heldValues is an expression over all rows of a window, evaluated when it is first needed.
type heldValues struct {
	rows  *rowBuffer
	value evaluator

	once sync.Once
	arr  arrow.Array
	err  error
}

func (h *heldValues) load() (arrow.Array, error) {
	h.once.Do(func() {
		all := h.rows.batch()
		var v kernel.Vec
		if v, h.err = h.value.eval(all); h.err == nil {
			h.arr = kernel.Full(v, all.NumRows())
		}
	})
	return h.arr, h.err
}

// heldColumn is the values of some rows of a window, NULL for -1.
type heldColumn struct {
	values *heldValues
	rows   []int32
}

func (c heldColumn) all() (arrow.Array, error) {
	arr, err := c.values.load()
	if err != nil {
		return nil, err
	}
	return kernel.TakeNullable(arr, c.rows), nil
}

func (c heldColumn) gather(rows []int32) (arrow.Array, error) {
	arr, err := c.values.load()
	if err != nil {
		return nil, err
	}
	return kernel.TakeNullable(arr, pickRows(slices.Clone(c.rows), rows)), nil
}

// lead is LEAD: values are carried backward, so all of them are before the first is known.
type lead struct{ columns []*column }

func (w *window) newLead(ctx context.Context, call *windowCall) (windowStream, error) {
	l := &lead{columns: make([]*column, len(w.rows.batches))}
	for i := range l.columns {
		w.batch(i, true) // partitions are numbered forward
	}
	c := w.newCarrier(call, true)
	for i := len(l.columns) - 1; i >= 0; i-- {
		err := ctx.Err()
		if err == nil {
			l.columns[i], err = c.next(w.batch(i, true))
		}
		if err != nil {
			return nil, err
		}
	}
	return l, nil
}

func (l *lead) next(b *windowBatch) (*column, error) { return l.columns[b.index], nil }
