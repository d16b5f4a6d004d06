package exec

import (
	"context"
	"errors"
	"io"

	"github.com/apache/arrow/go/v17/arrow"

	"tq/functions/kernel"
)

// errManyRows is what a scalar subquery with several rows fails with.
var errManyRows = errors.New("more than one row returned by a subquery used as an expression")

// maxOneRow guards a scalar subquery: it passes the only row, makes a row of NULLs if
// there is none, and fails if there are more.
type maxOneRow struct {
	oneInput
	done bool
}

func (m *maxOneRow) Next(ctx context.Context) (*Batch, error) {
	if m.done {
		return nil, io.EOF
	}
	m.done = true
	first, err := m.input.Next(ctx)
	if err == io.EOF {
		return nullRow(m.schema), nil
	}
	if err != nil {
		return nil, err
	}
	if first.NumRows() > 1 {
		return nil, errManyRows
	}
	if _, err = m.input.Next(ctx); err == nil {
		return nil, errManyRows
	}
	if err != io.EOF {
		return nil, err
	}
	return first, nil
}

// nullRow is one row of NULLs.
func nullRow(schema *arrow.Schema) *Batch {
	arrays := make([]arrow.Array, schema.NumFields())
	for i := range arrays {
		arrays[i] = kernel.Nulls(schema.Field(i).Type, 1)
	}
	return NewBatch(1, arrays...)
}
