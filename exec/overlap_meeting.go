package exec

import (
	"math"

	"github.com/apache/arrow/go/v17/arrow"

	"tq/functions/kernel"
)

// overlapMeeting tells which right rows of an overlap join may meet a left one at all:
// they have a key of the left side and lie in the time that it takes up. The others need
// not be kept, so a join with few left rows needs little memory, however many right rows
// there are.
type overlapMeeting struct {
	join     *overlapJoin
	readers  []*keyTable // by worker; nil without keys
	from, to int64       // of all left rows, if both sides are integers of one type
	bounded  bool
	boundsOf arrow.DataType
}

// mostlyMeeting is the share of a batch, in eighths, from which on it is kept as it is.
const mostlyMeeting = 7

func (j *overlapJoin) newMeeting(left *Batch) (*overlapMeeting, error) {
	m := &overlapMeeting{join: j, from: math.MaxInt64, to: math.MinInt64}
	if len(j.leftKeys.values) > 0 {
		table, _, err := j.leftKeyTable(left)
		if err != nil {
			return nil, err
		}
		table.freeze()
		for range max(j.threads, 1) {
			m.readers = append(m.readers, table.reader())
		}
	}
	for _, e := range j.bounds[:2] {
		v, err := e.eval(left)
		if err != nil {
			return nil, err
		}
		if m.boundsOf != nil && !arrow.TypeEqual(m.boundsOf, v.DataType()) || !plainNumbers(v.DataType()) {
			return m, nil
		}
		m.boundsOf = v.DataType()
		valid := kernel.ValidityOf(v.Array)
		var buffer wordBuffer
		for i, x := range buffer.integers(v.Array) {
			if valid.Valid(i) {
				m.from, m.to = min(m.from, x), max(m.to, x)
			}
		}
	}
	m.bounded = true
	return m, nil
}

// plainNumbers reports whether values of a type are ordered as their integers are.
func plainNumbers(dt arrow.DataType) bool {
	return isInteger(dt) && kernel.KindOf(dt) != kernel.Uint64
}

// choose is work for [drainParallel]: it leaves of a right batch what may meet a left row,
// nil if that is nothing, and loads the columns that the join looks at.
func (m *overlapMeeting) choose(worker int, _ place, b *Batch) (*Batch, error) {
	n := b.NumRows()
	ids := make([]uint32, n)
	if m.readers != nil {
		if err := m.join.rightKeys.find(m.readers[worker], b, ids); err != nil {
			return nil, err
		}
	}
	start, end, err := m.intervals(b)
	if err != nil {
		return nil, err
	}
	rows, all := chooseRows(n, func(room []int32) []int32 {
		k := 0
		for i, id := range ids {
			room[k] = int32(i)
			meets := id != noGroup
			if meets && start != nil {
				meets = max(start[i], end[i]) >= m.from && min(start[i], end[i]) <= m.to
			}
			k += bit(meets)
		}
		return room[:k]
	})
	switch {
	case all:
	case len(rows) == 0:
		return nil, nil
	case len(rows) < n/8*mostlyMeeting:
		b = b.Select(rows)
	}
	return loadColumns(m.join.columns[1])(worker, place{}, b)
}

// intervals returns the bounds of right rows, nil if they can't be compared with those of
// the left side as they are. NULLs are anything: the sweep leaves them out.
func (m *overlapMeeting) intervals(b *Batch) (start, end []int64, err error) {
	if !m.bounded {
		return nil, nil, nil
	}
	var bounds [2][]int64
	for i, e := range m.join.bounds[2:] {
		v, err := e.eval(b)
		if err != nil {
			return nil, nil, err
		}
		if !arrow.TypeEqual(v.DataType(), m.boundsOf) {
			return nil, nil, nil
		}
		var buffer wordBuffer
		bounds[i] = buffer.integers(kernel.Full(v, b.NumRows()))
	}
	return bounds[0], bounds[1], nil
}
