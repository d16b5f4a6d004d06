package exec

import (
	"context"
	"sync"

	"tq/lang/plan"
	"tq/lang/sem"
)

// hashJoin numbers the keys of its right side and looks those of the left side up, batch
// by batch.
type hashJoin struct {
	pairJoin
	leftKeys, rightKeys joinKeys
	mark                *markJoin // nil unless kind is Mark

	table   *keyTable
	readers sync.Pool // of *keyTable
	rows    rowsByKey
}

func (q *builder) buildHashJoin(n *plan.HashJoin, mem *account) (Operator, error) {
	b, err := q.overBoth(n, n.Left, n.Right)
	if err != nil {
		return nil, err
	}
	j := &hashJoin{pairJoin: pairJoin{twoInputs: b, kind: n.Kind, mem: mem, size: q.env.Config.batchRows()}}
	j.build, j.probe = j.buildTable, j.lookUp
	j.readers.New = func() any { return j.table.reader() }
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
		j.mark, err = newMarkJoin(n.Residual, both, j.size)
		return j, err
	}
	j.residual, err = both.compileOptional(n.Residual)
	return j, err
}

// buildTable reads the right side.
func (j *hashJoin) buildTable(ctx context.Context) (*Batch, error) {
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
		return nil, err
	}
	j.rows = groupRows(ids, j.table.groups())
	right := buffer.batch()
	if j.mark != nil {
		return right, j.mark.build(right, &j.rightKeys, j.table)
	}
	return right, nil
}

// lookUp finds the keys of a left batch.
func (j *hashJoin) lookUp(ctx context.Context, b *Batch) (*Batch, candidates, error) {
	table := j.readers.Get().(*keyTable)
	defer j.readers.Put(table)
	if j.mark != nil {
		out, err := j.mark.probe(ctx, b, &j.leftKeys, table, &j.rows)
		return out, nil, err
	}
	ids := make([]uint32, b.NumRows())
	if err := j.leftKeys.find(table, b, ids); err != nil {
		return nil, nil, err
	}
	if j.residual == nil && (j.kind == plan.Semi || j.kind == plan.Anti) {
		return j.rows.filter(b, ids, j.kind == plan.Semi), nil, nil
	}
	return nil, &foundKeys{ids, &j.rows}, nil
}

// foundKeys are the rows that have the keys of a left batch.
type foundKeys struct {
	ids  []uint32
	rows *rowsByKey
}

func (f *foundKeys) of(row int) []int32 { return f.rows.of(f.ids[row]) }
