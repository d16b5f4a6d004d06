package exec

import (
	"slices"
	"sync"

	"github.com/apache/arrow/go/v17/arrow"

	"tq/functions/kernel"
	"tq/storage"
)

// column is a column of a batch: loaded (vec is set), to be loaded from its origin, or a
// selection of rows pending over another column. Batches share columns by pointer, so
// what one has loaded is loaded for all.
//
// Columns are loaded under a lock: batches that different goroutines work on may share
// them. A column locks those it comes from, never the other way round.
type column struct {
	rows   int
	mu     sync.Mutex // guards what follows
	vec    kernel.Vec
	origin origin
	base   *column
	sel    *selection
	picked int // rows that were fetched one selection at a time
	// baseWhole says that all of base is worth loading: it is a part of a selection of most.
	baseWhole bool
}

// origin is where the values of a column come from when they are first needed.
type origin interface {
	// all returns the whole column.
	all() (arrow.Array, error)
	// gather returns the values of the given rows, which ascend without repeats.
	gather(rows []int32) (arrow.Array, error)
}

// chunkColumn is a column of a chunk of a table.
type chunkColumn struct {
	chunk storage.Chunk
	index int
}

func (c chunkColumn) all() (arrow.Array, error) { return c.chunk.Column(c.index) }

func (c chunkColumn) gather(rows []int32) (arrow.Array, error) {
	return c.chunk.Gather(c.index, rows)
}

// unloaded returns which rows of which column of a chunk c is, nil for all; false where c
// is loaded or comes from elsewhere.
func (c *column) unloaded() (from chunkColumn, rows *selection, ok bool) {
	c.mu.Lock()
	origin, base, sel := c.origin, c.base, c.sel
	c.mu.Unlock()
	if base == nil {
		from, ok = origin.(chunkColumn)
		return from, nil, ok
	}
	from, rows, ok = base.unloaded()
	switch {
	case !ok || sel.order != ascending:
		return from, nil, false
	case rows == nil:
		return from, sel, true
	}
	return from, sel.after(rows), true
}

// held returns the values if they are loaded.
func (c *column) held() (v kernel.Vec, loaded bool) {
	c.mu.Lock()
	defer c.mu.Unlock()
	return c.vec, c.vec.Array != nil
}

// load returns the values, which are constant or as many as the column has rows.
func (c *column) load() (kernel.Vec, error) {
	c.mu.Lock()
	defer c.mu.Unlock()
	return c.loadLocked()
}

func (c *column) loadLocked() (kernel.Vec, error) {
	if c.vec.Array != nil {
		return c.vec, nil
	}
	var v kernel.Vec
	var err error
	if c.base != nil {
		if c.baseWhole {
			if _, err := c.base.load(); err != nil {
				return kernel.Vec{}, err
			}
		}
		v, err = c.base.pick(c.sel)
	} else {
		v.Array, err = c.origin.all()
	}
	if err != nil {
		return kernel.Vec{}, err
	}
	c.vec, c.origin, c.base, c.sel = v, nil, nil, nil
	return v, nil
}

// array is load with constants spread over all rows.
func (c *column) array() (arrow.Array, error) {
	c.mu.Lock()
	defer c.mu.Unlock()
	v, err := c.loadLocked()
	if err != nil {
		return nil, err
	}
	if v.Const {
		c.vec = kernel.Col(kernel.Repeat(v.Array, c.rows))
	}
	return c.vec.Array, nil
}

// pick returns the values of the selected rows and loads as little as it can.
func (c *column) pick(sel *selection) (kernel.Vec, error) {
	c.mu.Lock()
	defer c.mu.Unlock()
	switch {
	case c.vec.Array != nil:
		return c.take(sel), nil
	case c.base != nil && c.worthPicking(sel):
		if c.base.wantsAll(c.sel) {
			// All of c would need all of base: then other picks share it.
			if _, err := c.base.load(); err != nil {
				return kernel.Vec{}, err
			}
		}
		return c.base.pick(sel.after(c.sel))
	case c.origin != nil && c.worthPicking(sel):
		c.picked += len(sel.rows)
		if sel.order != ascending {
			return c.gatherAny(sel)
		}
		arr, err := c.origin.gather(sel.rows)
		return kernel.Col(arr), err
	}
	if _, err := c.loadLocked(); err != nil {
		return kernel.Vec{}, err
	}
	return c.take(sel), nil
}

// shuffled returns the column that most rows are to be picked of in any order, and which,
// if that is what this column waits for: parts of it are then better picked one by one, by
// whoever needs them, than all together.
func (c *column) shuffled() (base *column, sel *selection) {
	c.mu.Lock()
	defer c.mu.Unlock()
	if c.vec.Array != nil || c.base == nil || c.sel.order == ascending || !c.base.wantsAll(c.sel) {
		return nil, nil
	}
	return c.base, c.sel
}

// wantsAll is the opposite of worthPicking, for callers that don't hold the lock.
func (c *column) wantsAll(sel *selection) bool {
	c.mu.Lock()
	defer c.mu.Unlock()
	return !c.worthPicking(sel)
}

// worthPicking reports whether values should be fetched for a selection alone, rather
// than for the whole column, which other selections may then share. Picking in any order
// costs more, and so does picking again and again.
func (c *column) worthPicking(sel *selection) bool {
	if sel.order == ascending {
		return c.picked+len(sel.rows) < c.rows
	}
	return c.picked+len(sel.rows) < c.rows/4
}

// gatherAny fetches rows in any order from the origin.
func (c *column) gatherAny(sel *selection) (kernel.Vec, error) {
	distinct := slices.Clone(sel.rows)
	slices.Sort(distinct)
	distinct = slices.Compact(distinct)
	if len(distinct) > 0 && distinct[0] < 0 {
		distinct = distinct[1:]
	}
	arr, err := c.origin.gather(distinct)
	if err != nil {
		return kernel.Vec{}, err
	}
	at := make([]int32, len(sel.rows))
	for i, r := range sel.rows {
		at[i] = -1
		if r >= 0 {
			k, _ := slices.BinarySearch(distinct, r)
			at[i] = int32(k)
		}
	}
	return kernel.Col(kernel.TakeNullable(arr, at)), nil
}

// take selects among loaded values.
func (c *column) take(sel *selection) kernel.Vec {
	switch {
	case c.vec.Const && !sel.hasNulls():
		return c.vec
	case c.vec.Const:
		rows := make([]int32, len(sel.rows))
		for i, r := range sel.rows {
			rows[i] = min(r, 0)
		}
		return kernel.Col(kernel.TakeNullable(c.vec.Array, rows))
	case sel.order == anyOrder && len(sel.rows) >= c.rows && c.rows > 0 && c.vec.DataType().ID() == arrow.STRING:
		// Texts that are repeated many times, as by a join: each is copied once.
		c.vec.Array = kernel.Encoded(c.vec.Array)
		return c.take(sel)
	case sel.hasNulls():
		return kernel.Col(kernel.TakeNullable(c.vec.Array, sel.rows))
	case sel.order == ascending:
		return kernel.Col(kernel.Filter(c.vec.Array, sel.rows))
	}
	return kernel.Col(kernel.Take(c.vec.Array, sel.rows))
}

// slice returns rows from … to-1 of loaded values.
func slice(v kernel.Vec, from, to int) kernel.Vec {
	if v.Const {
		return v
	}
	return kernel.Col(kernel.Slice(v.Array, from, to))
}

// pickOrder says what is known of the order of selected rows.
type pickOrder uint8

const (
	ascending pickOrder = iota // strictly
	anyOrder                   // with repeats, and -1 for NULL
)

// selection is a list of rows of some column. It is shared by the columns of a batch,
// and so is the work of composing it with another.
type selection struct {
	rows  []int32
	order pickOrder

	mu        sync.Mutex // guards what follows
	nulls     int8       // 0: not looked yet, 1: there is a -1, 2: there is none
	composed  *selection
	composedA *selection
}

// after composes two selections: the rows that s selects of those that first selects.
func (s *selection) after(first *selection) *selection {
	s.mu.Lock()
	defer s.mu.Unlock()
	if s.composedA == first {
		return s.composed
	}
	rows := make([]int32, len(s.rows))
	for i, r := range s.rows {
		if r < 0 {
			rows[i] = -1
		} else {
			rows[i] = first.rows[r]
		}
	}
	s.composed, s.composedA = &selection{rows: rows, order: max(s.order, first.order)}, first
	return s.composed
}

// hasNulls reports whether some row is -1.
func (s *selection) hasNulls() bool {
	if s.order == ascending {
		return false
	}
	s.mu.Lock()
	defer s.mu.Unlock()
	if s.nulls == 0 {
		s.nulls = 2
		if slices.Contains(s.rows, -1) {
			s.nulls = 1
		}
	}
	return s.nulls == 1
}
