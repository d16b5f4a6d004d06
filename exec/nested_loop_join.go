package exec

import (
	"context"

	"tq/lang/plan"
)

// nestedLoopJoin tries every pair of rows.
type nestedLoopJoin struct {
	twoInputs
	mem   *account
	pairs pairJoin
	mark  *markJoin // nil unless kind is Mark

	every rowsByKey // all right rows, under key 0
	keys  []uint32
	built bool
}

func (q *builder) buildNestedLoopJoin(n *plan.NestedLoopJoin, mem *account) (Operator, error) {
	b, err := q.overBoth(n, n.Left, n.Right)
	if err != nil {
		return nil, err
	}
	j := &nestedLoopJoin{twoInputs: b, mem: mem, pairs: pairJoin{kind: n.Kind, size: q.env.Config.batchRows()}}
	both := q.compilerOver(n.Left, n.Right)
	if n.Kind == plan.Mark {
		j.mark, err = newMarkJoin(n.On, both, j.pairs.size)
		return j, err
	}
	j.pairs.residual, err = both.compileOptional(n.On)
	return j, err
}

func (j *nestedLoopJoin) Next(ctx context.Context) (*Batch, error) {
	if !j.built {
		buffer := newRowBuffer(j.right.Schema())
		if err := buffer.fill(ctx, j.right, j.mem); err != nil {
			return nil, err
		}
		j.pairs.begin(buffer.batch())
		j.every = groupRows(make([]uint32, buffer.rows), 1)
		j.built = true
	}
	return j.pairs.drive(ctx, j.left, j.probe)
}

func (j *nestedLoopJoin) probe(ctx context.Context, b *Batch) (*Batch, error) {
	if j.mark != nil {
		return j.mark.probeAll(ctx, b, j.pairs.right, j.every.rows)
	}
	j.keys = resize(j.keys, b.NumRows()) // all 0
	j.pairs.start(b, j.keys, &j.every)
	return nil, nil
}

func (j *nestedLoopJoin) Close() error {
	j.mem.release()
	return j.twoInputs.Close()
}
