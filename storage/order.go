package storage

import "context"

// Ordered is implemented by tables that know the order of their rows.
type Ordered interface {
	// Ascending reports whether the values of a column never fall from one row to the
	// next and none is NULL. That is checked, not assumed, for which the table may have to
	// be read.
	Ascending(ctx context.Context, qualifier, column string) (bool, error)
}

// Bounded is implemented by chunks that know the range of a column without building it.
type Bounded interface {
	// Bounds returns the range of column i of the scan, which may be wider than that of
	// the chunk's rows, and whether the column is ascending within the chunk; ok is false
	// when nothing is known.
	Bounds(i int) (b Bounds, ok bool)
}

// Bounds is the range of a column of numbers, or of times in ns since the epoch.
type Bounds struct {
	Min, Max  int64
	Ascending bool
}

var (
	_ Ordered = captureTable{}
	_ Bounded = (*tableChunk[eventRows])(nil)
)

// Ascending implements [Ordered]. Several captures together keep no order but that of
// the times they are merged by.
func (t captureTable) Ascending(ctx context.Context, qualifier, column string) (bool, error) {
	captures, err := t.captures(qualifier)
	if err != nil {
		return false, err
	}
	if len(captures) > 1 && column != t.decl.orderColumn() {
		return false, nil
	}
	for _, c := range captures {
		r := c.whole()
		if err := r.wait(ctx); err != nil {
			return false, err
		}
		if !t.decl.ascending(r, column) {
			return false, nil
		}
	}
	return true, nil
}

func (t *table[R]) ascending(r *reading, column string) bool {
	check := t.sorted[column]
	return check != nil && check(r)
}

// always says that a column is ascending by the way the table is made.
func always(*reading) bool { return true }

// eventTimesAscend reports whether the times of events never step back.
func eventTimesAscend(r *reading) bool {
	for i, b := range r.batches {
		if !b.ascending || i > 0 && b.minTS < r.batches[i-1].maxTS {
			return false
		}
	}
	return true
}

// stayStartsAscend reports whether the start of every stay is known: they are sorted by
// it, but those without one stand where they end.
func stayStartsAscend(r *reading) bool {
	l := r.stayList()
	for i := range l.rows {
		if _, ok := r.last.began(&l.rows[i]); !ok {
			return false
		}
	}
	return true
}

// callTimesAscend reports whether the times of calls never step back.
func callTimesAscend(r *reading) bool {
	l := r.callList()
	last := int64(0)
	for i, ref := range l.starts {
		if ref == noRow {
			ref = l.ends[i]
		}
		ts := r.last.timeOf(ref)
		if i > 0 && ts < last {
			return false
		}
		last = ts
	}
	return true
}

// Bounds implements [Bounded].
func (c *tableChunk[R]) Bounds(i int) (Bounds, bool) {
	if r, ok := any(c.rows).(interface {
		bounds(column string) (Bounds, bool)
	}); ok {
		return r.bounds(c.columns[i].name)
	}
	return Bounds{}, false
}

func (r eventRows) bounds(column string) (Bounds, bool) {
	if r.batch == nil {
		return Bounds{}, false
	}
	switch column {
	case "num", "evt.num":
		nums := r.batch.num
		return Bounds{int64(nums[0]), int64(nums[len(nums)-1]), true}, true
	case "ts", "evt.rawtime":
		return Bounds{r.batch.minTS, r.batch.maxTS, r.batch.ascending}, true
	}
	return Bounds{}, false
}
