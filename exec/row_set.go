package exec

import (
	"slices"
	"sync"
)

// rowScratch holds lists of rows for conditions to write to: most choose few of the rows
// they have to have room for.
var rowScratch = sync.Pool{New: func() any { return new([]int32) }}

// chooseRows returns the rows that choose writes to a list of room for n; all says that it
// is all n of them, which are not listed then.
func chooseRows(n int, choose func(room []int32) []int32) (rows []int32, all bool) {
	scratch := rowScratch.Get().(*[]int32)
	defer rowScratch.Put(scratch)
	*scratch = resize(*scratch, n)
	rows = choose(*scratch)
	switch {
	case len(rows) == n:
		return nil, true
	case len(rows) > n/2:
		*scratch = nil // it is given away
		return rows, false
	}
	return slices.Clone(rows), false
}

// rowSet is some of the rows of a batch, ascending: all of them, or those listed.
type rowSet struct {
	all  bool
	rows []int32
}

// everyRow is all rows of whatever batch.
var everyRow = rowSet{all: true}

func (s rowSet) size(b *Batch) int {
	if s.all {
		return b.NumRows()
	}
	return len(s.rows)
}

// at is row i of the set.
func (s rowSet) at(i int) int32 {
	if s.all {
		return int32(i)
	}
	return s.rows[i]
}

// of returns the batch of these rows of b.
func (s rowSet) of(b *Batch) *Batch {
	if s.all {
		return b
	}
	return b.Select(s.rows)
}

// without returns the rows of s that are not in other, a subset of it.
func (s rowSet) without(b *Batch, other rowSet) rowSet {
	if other.all {
		return rowSet{}
	}
	left := make([]int32, 0, s.size(b)-len(other.rows))
	skip := other.rows
	for i := range s.size(b) {
		row := s.at(i)
		if len(skip) > 0 && skip[0] == row {
			skip = skip[1:]
			continue
		}
		left = append(left, row)
	}
	return rowSet{rows: left}
}

// union merges two disjoint sets.
func (s rowSet) union(other rowSet) rowSet {
	switch {
	case s.all || len(other.rows) == 0 && !other.all:
		return s
	case other.all || len(s.rows) == 0:
		return other
	}
	merged := make([]int32, 0, len(s.rows)+len(other.rows))
	x, y := s.rows, other.rows
	for len(x) > 0 && len(y) > 0 {
		if x[0] < y[0] {
			merged, x = append(merged, x[0]), x[1:]
		} else {
			merged, y = append(merged, y[0]), y[1:]
		}
	}
	return rowSet{rows: append(append(merged, x...), y...)}
}
