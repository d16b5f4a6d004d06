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
	rows    *rowSorter
	columns []int // that the keys depend on

	sorted bool
}

func (s *sortOp) Next(ctx context.Context) (*Batch, error) {
	if !s.sorted {
		add := func(b *Batch) error { return s.rows.add(ctx, b) }
		if err := drainParallel(ctx, s.input, s.rows.threads, loadColumns(s.columns), add); err != nil {
			return nil, err
		}
		if err := s.rows.finish(ctx); err != nil {
			return nil, err
		}
		s.sorted = true
	}
	if err := ctx.Err(); err != nil {
		return nil, err
	}
	return s.rows.next(ctx)
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
	err := s.rows.close()
	if e := s.input.Close(); err == nil {
		err = e
	}
	return err
}
