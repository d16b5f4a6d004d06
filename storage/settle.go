package storage

import "tq/storage/scratch"

// heapBatches is how many batches of a reading that keeps them stay on the heap, the first
// of them small. Those that follow settle in a file without a name.
const heapBatches = 4

// settledRows moves the native rows of batches into a file, which is mapped, and lets the
// memory that they had serve the next batch. Where there is no room for a file, rows stay
// on the heap.
type settledRows struct {
	batches int
	spare   nativeColumns
	failed  bool
}

// take returns columns with room for so many rows.
func (s *settledRows) take(rows int) nativeColumns {
	if cap(s.spare.num) < rows {
		return newNativeColumns(rows)
	}
	c := s.spare.first(rows)
	s.spare = nativeColumns{}
	clear(c.enter) // not all rows have one
	return c
}

// settle moves the columns of a complete batch of a reading.
func (s *settledRows) settle(c *nativeColumns, r *reading) {
	if s.batches++; s.batches <= heapBatches || s.failed {
		return
	}
	var err error
	if r.scratch == nil {
		r.scratch, err = scratch.Create()
	}
	var kept []byte
	if err == nil {
		kept, err = r.scratch.Keep(c.bytes()...)
	}
	if s.failed = err != nil; s.failed {
		return
	}
	onHeap := *c
	if s.failed = c.restore(kept, len(c.num)) != nil; s.failed {
		*c = onHeap
		return
	}
	s.spare = onHeap
}
