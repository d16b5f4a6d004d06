package exec

import (
	"context"

	"tq/lang/plan"
)

// nestedLoopJoin tries every pair of rows.
type nestedLoopJoin struct {
	pairJoin
	mark  *markJoin // nil unless kind is Mark
	every everyCandidate
}

// everyCandidate is all right rows, for every left row.
type everyCandidate []int32

func (e everyCandidate) of(int) []int32 { return e }

func (q *builder) buildNestedLoopJoin(n *plan.NestedLoopJoin, mem *account) (Operator, error) {
	b, err := q.overBoth(n, n.Left, n.Right)
	if err != nil {
		return nil, err
	}
	j := &nestedLoopJoin{pairJoin: pairJoin{twoInputs: b, kind: n.Kind, mem: mem, size: q.env.Config.batchRows()}}
	j.build, j.probe = j.store, j.tryAll
	both := q.compilerOver(n.Left, n.Right)
	if n.Kind == plan.Mark {
		j.mark, err = newMarkJoin(n.On, both, j.size)
		return j, err
	}
	j.residual, err = both.compileOptional(n.On)
	return j, err
}

// store reads the right side.
func (j *nestedLoopJoin) store(ctx context.Context) (*Batch, error) {
	buffer := newRowBuffer(j.right.Schema())
	if err := buffer.fill(ctx, j.right, j.mem); err != nil {
		return nil, err
	}
	j.every = rowRange(0, buffer.rows)
	right := buffer.batch()
	if j.mark != nil {
		j.mark.right = right
	}
	return right, nil
}

func (j *nestedLoopJoin) tryAll(ctx context.Context, b *Batch) (*Batch, candidates, error) {
	if j.mark != nil {
		out, err := j.mark.probeAll(ctx, b, j.every)
		return out, nil, err
	}
	return nil, j.every, nil
}
