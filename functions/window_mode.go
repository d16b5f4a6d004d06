package functions

import (
	"github.com/apache/arrow/go/v17/arrow"

	"tq/functions/kernel"
)

// modeFrames finds the most frequent value of each frame as DuckDB does it: of equally
// frequent ones it keeps the one that it had found in the frame before as long as none
// becomes more frequent and its own number doesn't fall; then it takes the one that was
// met first since the frames last had no row in common.
func modeFrames(_ *Call, p *Partition, args []kernel.Vec) (arrow.Array, error) {
	a := kernel.Full(args[0], p.N)
	if a.DataType().ID() == arrow.NULL {
		return a, nil
	}
	ids, _ := numberValues(a, 0, p.N)
	m := &slidingMode{ids: ids, in: p.counted(kernel.ValidityOf(a))}
	rows := make([]int32, p.N)
	whole := true
	for i := range rows {
		rows[i] = m.over(p, i)
		whole = whole && p.Parts == nil && p.Start[i] == 0 && int(p.End[i]) == p.N
	}
	if whole {
		for i := range rows {
			rows[i] = m.first()
		}
	}
	return kernel.Plain(kernel.TakeNullable(a, rows))
}

// run is the rows from start to end-1.
type run struct{ start, end int }

func (r run) holds(i int) bool { return r.start <= i && i < r.end }

// slidingMode counts the values of a frame that changes from row to row.
type slidingMode struct {
	ids []int32            // the number of each row's value
	in  func(i int) bool   // the rows that count; nil: all
	of  map[int32]*counted // the values met since the counts were last cleared

	present int // how many values have a row in the frame
	frame   []run
	mode    int32
	most    int  // how often mode occurs
	valid   bool // mode is the most frequent
}

type counted struct {
	n     int
	first int32 // row
}

// over returns a row of the frame of row i with its most frequent value, or -1.
func (m *slidingMode) over(p *Partition, i int) int32 {
	var frame []run
	p.parts(i, func(start, end int) { frame = append(frame, run{start, end}) })
	if len(frame) == 0 {
		at := int(p.Start[i])
		frame = []run{{at, at}}
	}
	if m.startsAnew(frame) {
		m.of, m.present, m.most, m.valid = map[int32]*counted{}, 0, 0, false
		m.frame = nil
	}
	m.moveTo(frame)
	if !m.valid {
		return m.found(m.first())
	}
	return m.of[m.mode].first
}

// startsAnew reports whether the counts are of no use for a frame: it has no row in
// common with the one before, or most of the values counted are gone.
func (m *slidingMode) startsAnew(frame []run) bool {
	if len(m.frame) == 0 || m.present <= len(m.of)/4 {
		return true
	}
	return m.frame[len(m.frame)-1].end <= frame[0].start || frame[len(frame)-1].end <= m.frame[0].start
}

// moveTo takes the rows out that are no longer in the frame and adds the new ones, in
// the order of the rows.
func (m *slidingMode) moveTo(frame []run) {
	before, after := m.frame, frame
	from, to := frame[0].start, frame[len(frame)-1].end
	if len(before) > 0 {
		from, to = min(from, before[0].start), max(to, before[len(before)-1].end)
	}
	for i := from; i < to; i++ {
		for len(before) > 0 && before[0].end <= i {
			before = before[1:]
		}
		for len(after) > 0 && after[0].end <= i {
			after = after[1:]
		}
		was, is := len(before) > 0 && before[0].holds(i), len(after) > 0 && after[0].holds(i)
		switch {
		case was && is:
			i = min(before[0].end, after[0].end) - 1
		case m.in != nil && !m.in(i):
		case was:
			m.remove(m.ids[i])
		case is:
			m.add(m.ids[i], int32(i))
		}
	}
	m.frame = frame
}

func (m *slidingMode) add(id, row int32) {
	c := m.of[id]
	if c == nil {
		c = &counted{}
		m.of[id] = c
	}
	if c.n++; c.n == 1 {
		m.present++
		c.first = row
	}
	c.first = min(c.first, row)
	if c.n > m.most {
		m.mode, m.most, m.valid = id, c.n, true
	}
}

func (m *slidingMode) remove(id int32) {
	c := m.of[id]
	if c.n == m.most && id == m.mode {
		m.valid = false
	}
	if c.n--; c.n == 0 {
		m.present--
	}
}

// first returns the first row of the value that occurs most often, or -1.
func (m *slidingMode) first() int32 {
	row, most := int32(-1), 0
	for _, c := range m.of {
		if c.n > most || c.n == most && most > 0 && c.first < row {
			row, most = c.first, c.n
		}
	}
	return row
}

// found makes the value of a row the mode.
func (m *slidingMode) found(row int32) int32 {
	if row >= 0 {
		m.mode = m.ids[row]
		m.most, m.valid = m.of[m.mode].n, true
	}
	return row
}
