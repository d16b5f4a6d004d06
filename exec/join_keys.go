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

// insert numbers the keys of a batch; rows whose key equals nothing get noGroup.
func (k *joinKeys) insert(t *keyTable, b *Batch, ids []uint32) error {
	keys, err := evalAll(k.values, b)
	if err != nil {
		return err
	}
	t.insert(keys, ids)
	k.dropNulls(keys, ids)
	return nil
}

// find is insert for the side that is looked up: unknown keys get noGroup too.
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

// filter returns the rows of a batch whose keys have rows here or, with has unset, have
// none; nil if there are no such rows.
func (r *rowsByKey) filter(b *Batch, ids []uint32, has bool) *Batch {
	kept, k := make([]int32, len(ids)), 0
	for i, id := range ids {
		kept[k] = int32(i)
		k += bit((id != noGroup && r.starts[id] < r.starts[id+1]) == has)
	}
	if k == 0 {
		return nil
	}
	return b.Select(kept[:k])
}
