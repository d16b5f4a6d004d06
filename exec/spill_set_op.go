package exec

import (
	"context"
	"io"

	"github.com/apache/arrow/go/v17/arrow"
)

// A set operation with a limit to its memory takes values of the right side while a quarter
// of the limit has room for them. Rows of other values, of both sides, wait on disk and are
// compared afterwards in the same way, as often as it takes. From the first left row on
// that has to wait, those that pass are sorted by where they stood.

// lateRows is what a set operation has no room for.
type lateRows struct {
	right, left waitingRows // left rows with their places as the last column
	again       []*waitingRows
	rightList   *spillReader // nil while the inputs themselves are read
	leftList    *spillReader
	full        bool // no more values are taken

	place  int64 // of the next left row
	passed *rowSorter
	sorted bool // passed is complete
	some   bool // passed is in use
}

func newLateRows(left, right *arrow.Schema, mem *account, config Config) *lateRows {
	schema := numberedSchema(left)
	by := byColumns(left.NumFields())
	return &lateRows{
		right: waitingRows{schema: right}, left: waitingRows{schema: schema},
		passed: newRowSorter(schema, by, mem, config),
	}
}

// room reports whether more values are taken.
func (l *lateRows) room() bool { return l == nil || !l.full }

// incomplete reports whether rows of the right side wait.
func (l *lateRows) incomplete() bool { return l != nil && !l.right.empty() }

// someHeld reports whether rows that passed are in memory.
func (l *lateRows) someHeld() bool { return l != nil && l.passed.buffer.rows > 0 }

// withPlaces adds the places of left rows as a column.
func (l *lateRows) withPlaces(b *Batch) *Batch {
	first := l.place
	l.place += int64(b.NumRows())
	return numbered(b, first)
}

func (l *lateRows) close() error {
	if l == nil {
		return nil
	}
	err := l.passed.close()
	for _, rows := range append(l.again, &l.right, &l.left) {
		if e := rows.close(); err == nil {
			err = e
		}
	}
	return err
}

// nextWithin is Next with a limit to memory.
func (s *setOp) nextWithin(ctx context.Context) (*Batch, error) {
	l := s.late
	for !l.sorted {
		if err := ctx.Err(); err != nil {
			return nil, err
		}
		if !s.built {
			if err := s.countWithin(ctx); err != nil {
				return nil, err
			}
			s.built = true
		}
		b, err := s.nextLeft(ctx)
		if err == io.EOF {
			err = s.nextRound(ctx)
		} else if err == nil {
			b, err = s.passWithin(ctx, b)
		}
		if err != nil || b != nil {
			return b, err
		}
	}
	b, err := l.passed.next(ctx)
	if err != nil {
		return nil, err
	}
	return s.withoutPlaces(b), nil
}

func (s *setOp) withoutPlaces(b *Batch) *Batch { return b.Project(upToColumn(len(s.types))) }

// countWithin counts the rows of the right side as far as there is room for their values.
func (s *setOp) countWithin(ctx context.Context) error {
	l := s.late
	next := func() (*Batch, error) { return s.right.Next(ctx) }
	if list := l.rightList; list != nil {
		next = list.next
	} else if len(l.again) > 0 {
		return nil // all of the right side has been counted
	}
	for {
		if err := ctx.Err(); err != nil {
			return err
		}
		b, err := next()
		if err != nil {
			return noEOF(err)
		}
		for steps := (slicer{whole: b, size: groupSteps}); ; {
			b, err := steps.next()
			if err != nil {
				break
			}
			if l.full {
				if b, err = s.countable(b); err != nil {
					return err
				}
				if b == nil {
					continue
				}
			}
			if err := s.count(ctx, b); err != nil {
				return err
			}
			s.noteRoom()
		}
	}
}

// countable returns the right rows whose values are in the table, nil if there are none,
// and has the others wait.
func (s *setOp) countable(b *Batch) (*Batch, error) {
	keys, err := b.vecs()
	if err != nil {
		return nil, err
	}
	known, unknown := s.table.split(keys, b.NumRows())
	if len(unknown) > 0 {
		if err := s.late.right.add(b.Select(unknown)); err != nil {
			return nil, err
		}
	}
	if len(known) == 0 {
		return nil, nil
	}
	return b.Select(known), nil
}

// noteRoom sees whether there is room for more values.
func (s *setOp) noteRoom() {
	s.late.full = s.late.full || s.bytes() > s.mem.budget.limit/4
}

// nextLeft returns the next left rows, with their places.
func (s *setOp) nextLeft(ctx context.Context) (*Batch, error) {
	if s.late.leftList != nil {
		return s.late.leftList.next()
	}
	b, err := s.left.Next(ctx)
	if err != nil {
		return nil, err
	}
	return s.late.withPlaces(b), nil
}

// passWithin decides about left rows: it returns those that pass now, nil if there are
// none or they have to be sorted.
func (s *setOp) passWithin(ctx context.Context, b *Batch) (*Batch, error) {
	l := s.late
	var all []int32
	for at := 0; at < b.NumRows(); at += groupSteps {
		step := b.Slice(at, min(at+groupSteps, b.NumRows()))
		keys, err := s.withoutPlaces(step).vecs()
		if err != nil {
			return nil, err
		}
		pass, wait, err := s.decide(ctx, keys, step.NumRows())
		if err != nil {
			return nil, err
		}
		s.noteRoom()
		if len(wait) > 0 {
			l.some = true
			if err := l.left.add(step.Select(wait)); err != nil {
				return nil, err
			}
		}
		for _, row := range pass {
			all = append(all, row+int32(at))
		}
	}
	if len(all) == 0 {
		return nil, nil
	}
	passed := b.Select(all)
	if !l.some {
		return s.withoutPlaces(passed), nil
	}
	return nil, l.passed.add(ctx, passed)
}

// nextRound begins to compare the rows that wait. If there are none, the rows that passed
// are complete.
func (s *setOp) nextRound(ctx context.Context) error {
	l := s.late
	for _, rows := range l.again {
		if err := rows.close(); err != nil {
			return err
		}
	}
	if l.left.empty() {
		l.sorted = true
		return l.passed.finish(ctx)
	}
	left, right := l.left, l.right
	l.again = []*waitingRows{&left, &right}
	l.left, l.right = waitingRows{schema: left.schema}, waitingRows{schema: right.schema}
	var err error
	if l.leftList, err = s.readBack(&left); err != nil {
		return err
	}
	if l.rightList, err = s.readBack(&right); err != nil {
		return err
	}
	s.table, s.counts, s.taken, s.built, l.full = newKeyTable(s.types), nil, nil, false, false
	s.mem.release()
	return nil
}

// readBack returns a reader of rows that waited, nil if there are none.
func (s *setOp) readBack(rows *waitingRows) (*spillReader, error) {
	if rows.empty() {
		return nil, nil
	}
	bytes, err := rows.finish()
	if err != nil {
		return nil, err
	}
	s.mem.spilled(bytes)
	return rows.list.reader()
}
