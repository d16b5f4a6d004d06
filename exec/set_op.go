package exec

import (
	"context"
	"io"

	"github.com/apache/arrow/go/v17/arrow"

	"tq/functions/kernel"
	"tq/lang/plan"
)

// unionAll appends its right input to its left one.
type unionAll struct {
	twoInputs
	leftDone bool
}

func (u *unionAll) Next(ctx context.Context) (*Batch, error) {
	if !u.leftDone {
		b, err := u.left.Next(ctx)
		if err != io.EOF {
			return b, err
		}
		u.leftDone = true
	}
	return u.right.Next(ctx)
}

// setOp is INTERSECT and EXCEPT: it counts the rows of the right side, then passes those
// of the left that the counts let through, in their order. What a limit to memory has no
// room for waits on disk (spill_set_op.go).
type setOp struct {
	twoInputs
	kind plan.SetOpKind
	mem  *account

	types  []arrow.DataType
	table  *keyTable
	counts []int64 // by row value: how often it stands on the right
	taken  []bool  // by row value: passed already (distinct kinds)
	ids    []uint32
	built  bool
	late   *lateRows // nil unless there is a limit
}

func newSetOp(b twoInputs, kind plan.SetOpKind, mem, passedMem *account, config Config) *setOp {
	s := &setOp{twoInputs: b, kind: kind, mem: mem, types: fieldTypes(b.schema)}
	s.table = newKeyTable(s.types)
	if config.MemoryLimit > 0 {
		s.late = newLateRows(b.left.Schema(), b.right.Schema(), passedMem, config)
	}
	return s
}

func (s *setOp) Next(ctx context.Context) (*Batch, error) {
	if s.late != nil {
		return s.nextWithin(ctx)
	}
	if !s.built {
		if err := drain(ctx, s.right, func(b *Batch) error { return s.count(ctx, b) }); err != nil {
			return nil, err
		}
		s.built = true
	}
	for {
		b, err := s.left.Next(ctx)
		if err != nil {
			return nil, err
		}
		keys, err := b.vecs()
		if err != nil {
			return nil, err
		}
		pass, _, err := s.decide(ctx, keys, b.NumRows())
		if err != nil {
			return nil, err
		}
		if len(pass) > 0 {
			return b.Select(pass), nil
		}
		if err := ctx.Err(); err != nil {
			return nil, err
		}
	}
}

// number writes the number of each row's value to ids; with add unset, noGroup for values
// not in the table.
func (s *setOp) number(ctx context.Context, keys []kernel.Vec, n int, add bool) error {
	s.ids = resize(s.ids, n)
	s.table.number(keys, s.ids, add)
	if more := s.table.groups() - len(s.counts); more > 0 {
		s.counts = append(s.counts, make([]int64, more)...)
		s.taken = append(s.taken, make([]bool, more)...)
	}
	err := s.mem.set(s.bytes())
	if err != nil && s.late.someHeld() {
		return s.late.passed.spill(ctx)
	}
	return err
}

func (s *setOp) bytes() int64 { return s.table.bytes() + int64(9*cap(s.counts)) }

// count counts rows of the right side.
func (s *setOp) count(ctx context.Context, b *Batch) error {
	keys, err := b.vecs()
	if err != nil {
		return err
	}
	if err := s.number(ctx, keys, b.NumRows(), true); err != nil {
		return err
	}
	for _, id := range s.ids {
		s.counts[id]++
	}
	return nil
}

// decide returns the left rows that pass, and those that have to wait.
func (s *setOp) decide(ctx context.Context, keys []kernel.Vec, n int) (pass, wait []int32, err error) {
	// Only EXCEPT has to remember values that do not stand on the right.
	if err := s.number(ctx, keys, n, s.kind == plan.ExceptDistinct && s.late.room()); err != nil {
		return nil, nil, err
	}
	for i, id := range s.ids {
		switch {
		case id != noGroup:
			if s.passes(id) {
				pass = append(pass, int32(i))
			}
		case s.kind == plan.ExceptDistinct || s.late.incomplete():
			wait = append(wait, int32(i))
		case s.kind == plan.ExceptAll:
			pass = append(pass, int32(i))
		}
	}
	return pass, wait, nil
}

// passes decides about the next left row of a value in the table.
func (s *setOp) passes(id uint32) bool {
	switch s.kind {
	case plan.IntersectAll:
		s.counts[id]--
		return s.counts[id] >= 0
	case plan.ExceptAll:
		s.counts[id]--
		return s.counts[id] < 0
	}
	if s.taken[id] || (s.counts[id] > 0) != (s.kind == plan.IntersectDistinct) {
		return false
	}
	s.taken[id] = true
	return true
}

func (s *setOp) Close() error {
	s.mem.release()
	err := s.late.close()
	if e := s.twoInputs.Close(); err == nil {
		err = e
	}
	return err
}

func fieldTypes(schema *arrow.Schema) []arrow.DataType {
	types := make([]arrow.DataType, schema.NumFields())
	for i := range types {
		types[i] = schema.Field(i).Type
	}
	return types
}
