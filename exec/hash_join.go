package exec

import (
	"context"
	"fmt"
	"slices"
	"sync"

	"github.com/apache/arrow/go/v17/arrow"

	"tq/lang/plan"
)

// hashJoin numbers the keys of its right side and looks those of the left side up, batch
// by batch.
type hashJoin struct {
	pairJoin
	leftKeys, rightKeys joinKeys
	mark                *markJoin // nil unless kind is Mark
	threads             int
	types               []arrow.DataType // of the right keys
	spilled             *spilledJoin     // nil unless rows may go to disk

	table   *keyTable
	readers sync.Pool // of *keyReader
	rows    rowsByKey // of the right side; empty if only its keys matter
	only    []int32   // the row of each key; nil if some have several
}

func (q *builder) buildHashJoin(n *plan.HashJoin, mem *account) (Operator, error) {
	b, err := q.overBoth(n, n.Left, n.Right)
	if err != nil {
		return nil, err
	}
	j := &hashJoin{pairJoin: pairJoin{twoInputs: b, kind: n.Kind, mem: mem, size: q.env.Config.batchRows()}, threads: q.env.Config.threads()}
	j.leftKeys, j.rightKeys, err = compileJoinKeys(n.Keys, q.compilerOver(n.Left), q.compilerOver(n.Right))
	if err != nil {
		return nil, err
	}
	for _, k := range n.Keys {
		j.types = append(j.types, k.Right.Type())
	}
	j.prepare()
	both := q.compilerOver(n.Left, n.Right)
	if n.Kind == plan.Mark {
		j.mark, err = newMarkJoin(n.Residual, both, j.size)
		return j, err
	}
	if j.residual, err = both.compileOptional(n.Residual); err != nil || q.budget.limit == 0 {
		return j, err
	}
	j.spilled, err = q.newSpilledJoin(n, j)
	return j, err
}

// prepare makes what the join works with.
func (j *hashJoin) prepare() {
	j.build, j.probe = j.buildTable, j.lookUp
	j.readers.New = func() any { return &keyReader{table: j.table.reader()} }
	j.table = newKeyTable(j.types)
}

func (j *hashJoin) Next(ctx context.Context) (*Batch, error) {
	if err := j.begin(ctx); err != nil {
		return nil, err
	}
	if j.spilled.began() {
		return j.spilled.next(ctx)
	}
	return j.pairJoin.Next(ctx)
}

func (j *hashJoin) nextMorsel(ctx context.Context) (morsel, error) {
	if err := j.begin(ctx); err != nil {
		return nil, err
	}
	if j.spilled.began() {
		b, err := j.spilled.next(ctx)
		return oneBatch(b), err
	}
	return j.pairJoin.nextMorsel(ctx)
}

func (j *hashJoin) Close() error {
	err := j.spilled.close()
	if e := j.pairJoin.Close(); err == nil {
		err = e
	}
	return err
}

// choice implements [chooser].
func (j *hashJoin) choice() string {
	switch {
	case j.stored == nil:
		return ""
	case j.spilled.began():
		return "both sides partitioned on disk"
	}
	return fmt.Sprintf("%d right rows kept by %d keys", j.stored.NumRows(), j.table.groups())
}

// keyReader looks keys up, for one goroutine at a time.
type keyReader struct {
	table *keyTable
	ids   []uint32
}

// onlyKeys reports whether the right rows matter for nothing but their keys.
func (j *hashJoin) onlyKeys() bool {
	return j.residual == nil && (j.kind == plan.Semi || j.kind == plan.Anti)
}

// buildTable reads the right side.
func (j *hashJoin) buildTable(ctx context.Context) (*Batch, error) {
	buffer, onlyKeys := newRowBuffer(j.right.Schema()), j.onlyKeys()
	var ids []uint32
	rows := 0
	read := func(_ int, _ place, b *Batch) (keyedRows, error) {
		keys, err := evalAll(j.rightKeys.values, b)
		return keyedRows{b, keys}, err
	}
	err := drainParallel(ctx, j.right, j.threads, read, func(r keyedRows) error {
		if j.spilled.began() {
			return j.spilled.right.add(r.batch)
		}
		n, known := r.batch.NumRows(), j.table.groups()
		if onlyKeys {
			ids = ids[:0]
		}
		at := len(ids)
		ids = append(ids, make([]uint32, n)...)
		j.rightKeys.insert(j.table, r.keys, ids[at:])
		rows += n
		if onlyKeys {
			fresh := freshKeys(ids, known)
			if len(fresh) == 0 {
				return j.mem.set(j.table.bytes() + buffer.held)
			}
			r.batch = r.batch.Select(fresh)
		}
		if err := buffer.add(r.batch); err != nil {
			return err
		}
		err := j.mem.set(j.table.bytes() + buffer.held + int64(8*cap(ids)))
		if err != nil && j.spilled != nil {
			return j.spilled.start(buffer)
		}
		return err
	})
	if err != nil || j.spilled.began() {
		return buffer.batch(), err
	}
	j.table.freeze()
	if onlyKeys {
		return NewBatch(rows), nil
	}
	j.rows = groupRows(ids, j.table.groups())
	j.only = j.rows.only()
	right := buffer.batch()
	if j.mark != nil {
		return right, j.mark.build(right, &j.rightKeys, j.table)
	}
	return right, nil
}

// freshKeys returns the first row of each key that is not among the known ones.
func freshKeys(ids []uint32, known int) []int32 {
	var rows []int32
	next := uint32(known)
	for i, id := range ids {
		if id >= next && id != noGroup {
			rows = append(rows, int32(i))
			next = id + 1
		}
	}
	return rows
}

// lookUp finds the keys of a left batch.
func (j *hashJoin) lookUp(ctx context.Context, b *Batch) (*Batch, candidates, error) {
	r := j.readers.Get().(*keyReader)
	defer j.readers.Put(r)
	if j.mark != nil {
		out, err := j.mark.probe(ctx, b, &j.leftKeys, r.table, &j.rows)
		return out, nil, err
	}
	r.ids = resize(r.ids, b.NumRows())
	if err := j.leftKeys.find(r.table, b, r.ids); err != nil {
		return nil, nil, err
	}
	if j.onlyKeys() {
		return withKey(b, r.ids, j.kind == plan.Semi), nil, nil
	}
	if j.residual == nil && j.only != nil {
		switch j.kind {
		case plan.Inner:
			return j.joinOnly(b, r.ids), nil, nil
		case plan.Left, plan.Single:
			return b.beside(j.stored.Take(j.rowsOf(r.ids))), nil, nil
		}
	}
	return nil, &foundKeys{slices.Clone(r.ids), &j.rows}, nil
}

// rowsOf returns the right row of each key, -1 where there is none. No key has two.
func (j *hashJoin) rowsOf(ids []uint32) []int32 {
	rows := make([]int32, len(ids))
	for i, id := range ids {
		rows[i] = -1
		if id != noGroup {
			rows[i] = j.only[id]
		}
	}
	return rows
}

// joinOnly is the inner join of a left batch with rows of which none share a key; nil if
// it is empty.
func (j *hashJoin) joinOnly(b *Batch, ids []uint32) *Batch {
	left := rowsWithKey(ids, true)
	n := left.size(b)
	if n == 0 {
		return nil
	}
	right := make([]int32, n)
	for i := range right {
		right[i] = j.only[ids[left.at(i)]]
	}
	return left.of(b).beside(takeRows(j.stored, right))
}

// withKey returns the rows of a batch that have a key or, with has unset, that have none;
// nil if there are no such rows.
func withKey(b *Batch, ids []uint32, has bool) *Batch {
	rows := rowsWithKey(ids, has)
	if rows.size(b) == 0 {
		return nil
	}
	return rows.of(b)
}

func rowsWithKey(ids []uint32, has bool) rowSet {
	rows, all := chooseRows(len(ids), func(room []int32) []int32 {
		k := 0
		for i, id := range ids {
			room[k] = int32(i)
			k += bit((id != noGroup) == has)
		}
		return room[:k]
	})
	return rowSet{all, rows}
}

// foundKeys are the rows that have the keys of a left batch.
type foundKeys struct {
	ids  []uint32
	rows *rowsByKey
}

func (f *foundKeys) of(row int) []int32 { return f.rows.of(f.ids[row]) }
