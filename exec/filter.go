package exec

import "context"

// filter passes the rows for which its condition is TRUE. What it yields is the input's
// batch with a selection pending, or the batch itself when all its rows pass.
type filter struct {
	oneInput
	cond condition
}

func (f *filter) Next(ctx context.Context) (*Batch, error) {
	for {
		b, err := f.input.Next(ctx)
		if err != nil {
			return nil, err
		}
		rows, err := f.cond.choose(b, everyRow, true)
		if err != nil {
			return nil, err
		}
		if rows.size(b) > 0 {
			return rows.of(b), nil
		}
		if err := ctx.Err(); err != nil {
			return nil, err
		}
	}
}
