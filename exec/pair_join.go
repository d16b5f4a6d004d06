package exec

import (
	"context"
	"io"

	"github.com/apache/arrow/go/v17/arrow"

	"tq/functions/kernel"
	"tq/lang/plan"
)

// pairJoin makes the rows of a join out of candidate pairs, for joins that keep the right
// side, go through the left side batch by batch and know for each left row the right rows
// to try. It keeps the order of the left side, whose batches are independent of each
// other but for the right rows that nobody matched.
type pairJoin struct {
	twoInputs
	kind     plan.JoinKind
	residual condition // over the columns of both sides; nil if every candidate matches
	mem      *account
	size     int // pairs to try at a time

	// build reads the right side and returns all its rows; it is called once.
	build func(ctx context.Context) (*Batch, error)
	// probe returns what a left batch gives if that takes no pairs, else the candidates
	// of its rows. Any number of goroutines may call it.
	probe func(ctx context.Context, left *Batch) (*Batch, candidates, error)

	stored  *Batch // the right side; nil until it is built
	hit     []bool // right rows that matched; only for right and full joins
	probing *probing
	ended   bool   // the left side is used up
	last    slicer // right rows that matched nothing
}

// candidates are the right rows to try for the rows of a left batch.
type candidates interface {
	of(row int) []int32
}

// begin builds the right side if that wasn't done yet.
func (j *pairJoin) begin(ctx context.Context) error {
	if j.stored != nil {
		return nil
	}
	var err error
	if j.stored, err = j.build(ctx); err != nil {
		return err
	}
	switch j.kind {
	case plan.Inner, plan.Semi:
		j.ended = j.stored.NumRows() == 0 // the left side need not be read at all
	case plan.Right, plan.Full:
		j.hit = make([]bool, j.stored.NumRows())
	}
	return nil
}

func (j *pairJoin) Next(ctx context.Context) (*Batch, error) {
	if err := j.begin(ctx); err != nil {
		return nil, err
	}
	for {
		if err := ctx.Err(); err != nil {
			return nil, err
		}
		if j.probing != nil {
			out, more, err := j.probing.next()
			if !more {
				j.probing = nil
			}
			if out != nil || err != nil {
				return out, err
			}
			continue
		}
		if j.ended {
			return j.last.next()
		}
		b, err := j.left.Next(ctx)
		if err == io.EOF {
			j.ended = true
			j.last = slicer{whole: j.unmatched(), size: j.size}
			continue
		}
		if err != nil {
			return nil, err
		}
		out, found, err := j.probe(ctx, b)
		if out != nil || err != nil {
			return out, err
		}
		if found != nil {
			j.probing = j.start(b, found)
		}
	}
}

// nextMorsel joins a morsel of the left side. Right and full joins note which right rows
// matched, so they join batch after batch.
func (j *pairJoin) nextMorsel(ctx context.Context) (morsel, error) {
	if err := j.begin(ctx); err != nil {
		return nil, err
	}
	if j.hit != nil {
		b, err := j.Next(ctx)
		return oneBatch(b), err
	}
	if j.ended {
		return nil, io.EOF
	}
	left, err := nextMorsel(ctx, j.left)
	if err != nil {
		return nil, err
	}
	return func(yield func(*Batch) error) error {
		return left(func(b *Batch) error {
			out, found, err := j.probe(ctx, b)
			if err != nil {
				return err
			}
			if out != nil {
				return yield(out)
			}
			if found == nil {
				return nil
			}
			return j.start(b, found).all(ctx, yield)
		})
	}, nil
}

func (j *pairJoin) Close() error {
	j.mem.release()
	return j.twoInputs.Close()
}

// takeRows is Take, or Select where the rows allow it, which loads less.
func takeRows(b *Batch, rows []int32) *Batch {
	for i := 1; i < len(rows); i++ {
		if rows[i] <= rows[i-1] {
			return b.Take(rows)
		}
	}
	if len(rows) > 0 && rows[0] < 0 {
		return b.Take(rows)
	}
	return b.Select(rows)
}

// nullColumns is n rows of NULLs.
func nullColumns(schema *arrow.Schema, n int) *Batch {
	cols := make([]column, schema.NumFields())
	refs := make([]*column, len(cols))
	for i := range cols {
		cols[i].rows, cols[i].vec = n, kernel.Const(kernel.Nulls(schema.Field(i).Type, 1))
		refs[i] = &cols[i]
	}
	return &Batch{rows: n, cols: refs}
}

// unmatched returns the right rows of a right or full join that matched nothing, beside
// NULLs; nil if there are none.
func (j *pairJoin) unmatched() *Batch {
	return unmatchedRows(j.stored, j.hit, func(rows *Batch) *Batch {
		return nullColumns(j.left.Schema(), rows.NumRows()).beside(rows)
	})
}

// unmatchedRows returns the rows of a side that were not hit, completed by other; nil if
// there are none.
func unmatchedRows(side *Batch, hit []bool, complete func(*Batch) *Batch) *Batch {
	var rows []int32
	for r, h := range hit {
		if !h {
			rows = append(rows, int32(r))
		}
	}
	if len(rows) == 0 {
		return nil
	}
	return complete(side.Select(rows))
}
