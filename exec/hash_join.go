package exec

import (
	"context"

	"tq/lang/plan"
	"tq/lang/sem"
)

// hashJoin numbers the keys of its right side and looks those of the left side up, batch
// by batch.
type hashJoin struct {
	twoInputs
	leftKeys, rightKeys joinKeys
	mem                 *account
	pairs               pairJoin
	mark                *markJoin // nil unless kind is Mark

	table *keyTable
	rows  rowsByKey
	ids   []uint32 // of the left batch
	built bool
}

func (q *builder) buildHashJoin(n *plan.HashJoin, mem *account) (Operator, error) {
	b, err := q.overBoth(n, n.Left, n.Right)
	if err != nil {
		return nil, err
	}
	j := &hashJoin{twoInputs: b, mem: mem, pairs: pairJoin{kind: n.Kind, size: q.env.Config.batchRows()}}
	j.leftKeys, j.rightKeys, err = compileJoinKeys(n.Keys, q.compilerOver(n.Left), q.compilerOver(n.Right))
	if err != nil {
		return nil, err
	}
	types := make([]sem.Expr, len(n.Keys))
	for i, k := range n.Keys {
		types[i] = k.Right
	}
	j.table = newKeyTable(exprTypes(types))
	both := q.compilerOver(n.Left, n.Right)
	if n.Kind == plan.Mark {
		j.mark, err = newMarkJoin(n.Residual, both, j.pairs.size)
		return j, err
	}
	j.pairs.residual, err = both.compileOptional(n.Residual)
	return j, err
}

// build reads the right side.
func (j *hashJoin) build(ctx context.Context) error {
	buffer := newRowBuffer(j.right.Schema())
	var ids []uint32
	err := drain(ctx, j.right, func(b *Batch) error {
		if err := buffer.add(b); err != nil {
			return err
		}
		at := len(ids)
		ids = append(ids, make([]uint32, b.NumRows())...)
		if err := j.rightKeys.insert(j.table, b, ids[at:]); err != nil {
			return err
		}
		return j.mem.set(j.table.bytes() + buffer.held + int64(8*cap(ids)))
	})
	if err != nil {
		return err
	}
	j.rows = groupRows(ids, j.table.groups())
	j.pairs.begin(buffer.batch())
	if j.mark != nil {
		return j.mark.build(j.pairs.right, &j.rightKeys, j.table)
	}
	return nil
}

func (j *hashJoin) Next(ctx context.Context) (*Batch, error) {
	if !j.built {
		if err := j.build(ctx); err != nil {
			return nil, err
		}
		j.built = true
	}
	return j.pairs.drive(ctx, j.left, j.probe)
}

// probe looks a left batch up. It returns the result at once when no pairs are needed
// for it, and else leaves the pairs to be tried.
func (j *hashJoin) probe(ctx context.Context, b *Batch) (*Batch, error) {
	if j.mark != nil {
		return j.mark.probe(ctx, b, &j.leftKeys, j.table, &j.rows)
	}
	j.ids = resize(j.ids, b.NumRows())
	if err := j.leftKeys.find(j.table, b, j.ids); err != nil {
		return nil, err
	}
	if j.pairs.residual == nil && (j.pairs.kind == plan.Semi || j.pairs.kind == plan.Anti) {
		var rows []int32
		for i, id := range j.ids {
			if (len(j.rows.of(id)) > 0) == (j.pairs.kind == plan.Semi) {
				rows = append(rows, int32(i))
			}
		}
		if len(rows) == 0 {
			return nil, nil
		}
		return b.Select(rows), nil
	}
	j.pairs.start(b, j.ids, &j.rows)
	return nil, nil
}

func (j *hashJoin) Close() error {
	j.mem.release()
	return j.twoInputs.Close()
}
