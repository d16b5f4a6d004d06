package exec

import (
	"context"
	"io"

	"github.com/apache/arrow/go/v17/arrow"

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
// of the left that the counts let through, in their order.
type setOp struct {
	twoInputs
	kind plan.SetOpKind
	mem  *account

	table  *keyTable
	counts []int64 // by row value: how often it stands on the right
	taken  []bool  // by row value: passed already (distinct kinds)
	ids    []uint32
	built  bool
}

func newSetOp(b twoInputs, kind plan.SetOpKind, mem *account) *setOp {
	return &setOp{twoInputs: b, kind: kind, mem: mem, table: newKeyTable(fieldTypes(b.schema))}
}

func (s *setOp) Next(ctx context.Context) (*Batch, error) {
	if !s.built {
		if err := drain(ctx, s.right, s.count); err != nil {
			return nil, err
		}
		s.built = true
	}
	for {
		b, err := s.left.Next(ctx)
		if err != nil {
			return nil, err
		}
		if err := s.number(b); err != nil {
			return nil, err
		}
		var pass []int32
		for i, id := range s.ids {
			if s.passes(id) {
				pass = append(pass, int32(i))
			}
		}
		if len(pass) > 0 {
			return b.Select(pass), nil
		}
		if err := ctx.Err(); err != nil {
			return nil, err
		}
	}
}

// number writes the number of each row's value to ids.
func (s *setOp) number(b *Batch) error {
	keys, err := b.vecs()
	if err != nil {
		return err
	}
	s.ids = resize(s.ids, b.NumRows())
	s.table.insert(keys, s.ids)
	if more := s.table.groups() - len(s.counts); more > 0 {
		s.counts = append(s.counts, make([]int64, more)...)
		s.taken = append(s.taken, make([]bool, more)...)
	}
	return s.mem.set(s.table.bytes() + int64(9*cap(s.counts)))
}

func (s *setOp) count(b *Batch) error {
	if err := s.number(b); err != nil {
		return err
	}
	for _, id := range s.ids {
		s.counts[id]++
	}
	return nil
}

// passes decides about the next left row of a value.
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
	return s.twoInputs.Close()
}

func fieldTypes(schema *arrow.Schema) []arrow.DataType {
	types := make([]arrow.DataType, schema.NumFields())
	for i := range types {
		types[i] = schema.Field(i).Type
	}
	return types
}
