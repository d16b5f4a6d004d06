package exec

import (
	"tq/functions/kernel"
	"tq/lang/plan"
)

// joinKeys evaluates the equality keys of one side of a join.
type joinKeys struct {
	values   []evaluator
	nullSafe []bool
}

// compileJoinKeys compiles the keys of both sides.
func compileJoinKeys(keys []plan.JoinKey, left, right *compiler) (l, r joinKeys, err error) {
	for _, k := range keys {
		lv, err := left.compile(k.Left)
		if err != nil {
			return l, r, err
		}
		rv, err := right.compile(k.Right)
		if err != nil {
			return l, r, err
		}
		l.values, l.nullSafe = append(l.values, lv), append(l.nullSafe, k.NullSafe)
		r.values, r.nullSafe = append(r.values, rv), append(r.nullSafe, k.NullSafe)
	}
	return l, r, nil
}

// insert numbers keys; rows whose key equals nothing get noGroup.
func (k *joinKeys) insert(t *keyTable, keys []kernel.Vec, ids []uint32) {
	t.insert(keys, ids)
	k.dropNulls(keys, ids)
}

// find looks up the keys of a batch: unknown keys get noGroup too.
func (k *joinKeys) find(t *keyTable, b *Batch, ids []uint32) error {
	keys, err := evalAll(k.values, b)
	if err != nil {
		return err
	}
	t.find(keys, ids)
	k.dropNulls(keys, ids)
	return nil
}

// dropNulls sets noGroup where a key is NULL that NULL doesn't equal.
func (k *joinKeys) dropNulls(keys []kernel.Vec, ids []uint32) {
	for i, key := range keys {
		if k.nullSafe[i] {
			continue
		}
		valid := kernel.RowValidity(key, len(ids))
		if valid.Bits == nil {
			continue
		}
		for row := range ids {
			if !valid.Valid(row) {
				ids[row] = noGroup
			}
		}
	}
}

// rowsByKey lists the rows of each key, in order.
type rowsByKey struct {
	starts []int32 // of each key's rows; one more for the end
	rows   []int32
}

// groupRows collects the rows of each key by counting. Rows without a key are left out.
func groupRows(ids []uint32, groups int) rowsByKey {
	starts := make([]int32, groups+1)
	for _, id := range ids {
		if id != noGroup {
			starts[id+1]++
		}
	}
	for g := range groups {
		starts[g+1] += starts[g]
	}
	rows := make([]int32, starts[groups])
	next := append([]int32(nil), starts[:groups]...)
	for row, id := range ids {
		if id != noGroup {
			rows[next[id]] = int32(row)
			next[id]++
		}
	}
	return rowsByKey{starts, rows}
}

// of returns the rows of a key.
func (r *rowsByKey) of(id uint32) []int32 {
	if id == noGroup {
		return nil
	}
	return r.rows[r.starts[id]:r.starts[id+1]]
}

// only returns the row of each key, -1 for a key without; nil if some key has more.
func (r *rowsByKey) only() []int32 {
	rows := make([]int32, len(r.starts)-1)
	for g := range rows {
		switch of := r.of(uint32(g)); len(of) {
		case 0:
			rows[g] = -1
		case 1:
			rows[g] = of[0]
		default:
			return nil
		}
	}
	return rows
}
