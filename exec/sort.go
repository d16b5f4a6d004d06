package exec

import (
	"context"

	"github.com/apache/arrow/go/v17/arrow"
	"github.com/apache/arrow/go/v17/arrow/array"
)

// sortOp orders its whole input. Only the keys are loaded and compared; the other
// columns follow when, and as far as, they are read.
type sortOp struct {
	oneInput
	keys    []sortKey
	columns []int // that the keys depend on
	mem     *account
	size    int
	threads int

	sorted bool
	out    slicer
}

func (s *sortOp) Next(ctx context.Context) (*Batch, error) {
	if !s.sorted {
		rows := newRowBuffer(s.schema)
		if err := rows.fillParallel(ctx, s.input, s.mem, s.threads, s.columns); err != nil {
			return nil, err
		}
		all := rows.batch()
		order, err := s.order(ctx, all)
		if err != nil {
			return nil, err
		}
		if order != nil {
			all = all.Take(order)
		}
		s.out = slicer{whole: all, size: s.size}
		s.sorted = true
	}
	if err := ctx.Err(); err != nil {
		return nil, err
	}
	return s.out.next()
}

// order returns the rows of a batch in order, nil if they are.
func (s *sortOp) order(ctx context.Context, b *Batch) ([]int32, error) {
	if b.NumRows() == 0 {
		return nil, nil
	}
	cols, err := keyColumns(s.keys, b)
	if err != nil {
		return nil, err
	}
	if nums := plainKey(cols, b.NumRows()); nums != nil && numbersInOrder(nums, s.keys[0].desc) {
		return nil, nil
	}
	if err := s.mem.grow(24 * int64(b.NumRows())); err != nil {
		return nil, err
	}
	return sortRowsParallel(ctx, sortWords(cols, s.keys), b.NumRows(), s.threads)
}

// keyColumns evaluates sort keys. A constant key, which orders nothing, is left as one
// row of NULL type.
func keyColumns(keys []sortKey, b *Batch) ([]arrow.Array, error) {
	cols := make([]arrow.Array, len(keys))
	for i, k := range keys {
		v, err := k.value.eval(b)
		if err != nil {
			return nil, err
		}
		cols[i] = v.Array
		if v.Const {
			cols[i] = array.NewNull(1)
		}
	}
	return cols, nil
}

func (s *sortOp) Close() error {
	s.mem.release()
	return s.input.Close()
}
