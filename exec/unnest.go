package exec

import (
	"context"
	"io"

	"tq/functions"
	"tq/functions/kernel"
	"tq/lang/plan"
)

// unnest yields a row for each element of lists: beside each other, NULL where a list is
// shorter than the longest of its row. A row whose lists are empty or NULL yields none.
type unnest struct {
	oneInput
	lists []evaluator
	size  int

	batch   *Batch // in work; nil when the next one is due
	columns []*functions.Lists
	row     int
	element int32 // of row, the next to yield
}

func (q *builder) buildUnnest(n *plan.Unnest) (Operator, error) {
	u, c, err := q.over(n, n.Input)
	if err != nil {
		return nil, err
	}
	out := &unnest{oneInput: u, size: q.env.Config.batchRows()}
	for _, l := range n.Lists {
		list, err := c.compile(l.Expr)
		if err != nil {
			return nil, err
		}
		out.lists = append(out.lists, list)
	}
	return out, nil
}

func (u *unnest) Next(ctx context.Context) (*Batch, error) {
	for {
		if err := ctx.Err(); err != nil {
			return nil, err
		}
		if u.batch == nil {
			b, err := u.input.Next(ctx)
			if err != nil {
				return nil, err
			}
			if err := u.begin(b); err != nil {
				return nil, err
			}
		}
		if b, err := u.next(); err != io.EOF {
			return b, err
		}
		u.batch = nil
	}
}

// begin evaluates the lists of a batch.
func (u *unnest) begin(b *Batch) error {
	u.batch, u.row, u.element = b, 0, 0
	u.columns = u.columns[:0]
	for _, e := range u.lists {
		v, err := e.eval(b)
		if err != nil {
			return err
		}
		u.columns = append(u.columns, functions.ListsOf(v, b.NumRows()))
	}
	return nil
}

// next yields some rows of the batch in work; io.EOF when there are no more.
func (u *unnest) next() (*Batch, error) {
	rows := make([]int32, 0, u.size)
	picked := make([][]int32, len(u.columns))
	for ; u.row < u.batch.NumRows() && len(rows) < u.size; u.row++ {
		longest := int32(0)
		for _, l := range u.columns {
			from, to := l.At(u.row)
			longest = max(longest, to-from)
		}
		end := min(longest, u.element+int32(u.size-len(rows)))
		for range end - u.element {
			rows = append(rows, int32(u.row))
		}
		for i, l := range u.columns {
			from, to := l.At(u.row)
			for k := u.element; k < end; k++ {
				if from+k < to {
					picked[i] = append(picked[i], from+k)
				} else {
					picked[i] = append(picked[i], -1)
				}
			}
		}
		if u.element = end; end < longest {
			break
		}
		u.element = 0
	}
	if len(rows) == 0 {
		return nil, io.EOF
	}
	out := u.batch.Take(rows)
	for i, l := range u.columns {
		out = out.with(kernel.Col(kernel.TakeNullable(l.Values, picked[i])))
	}
	return out, nil
}
