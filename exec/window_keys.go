package exec

import (
	"context"

	"github.com/apache/arrow/go/v17/arrow"

	"tq/functions/kernel"
)

// windowKeys is the partitions and the order of the rows of a window, batch by batch, as
// far as they can be told from the rows as they come.
type windowKeys struct {
	table  *keyTable  // nil without partitions: all rows are in partition 0
	sorted sortedness // of the rows within each partition
	parts  []windowPart
	shared []uint32 // where partitions are numbered that nobody asks for again
}

// windowPart is the keys of a batch.
type windowPart struct {
	partition []kernel.Vec
	order     *rowOrder // nil if the order can't be seen from the keys as they are
	sorted    sortedness
	// The partition of each row, and how many there are up to this batch, once they are
	// numbered to be kept.
	ids        []uint32
	partitions int
}

// sortedness is how far rows that follow each other are in order.
type sortedness uint8

const (
	unsorted sortedness = iota // or unknown
	sorted                     // some may be equal
	strictly                   // none are equal
)

// readKeys is work for [drainParallel]: it evaluates the keys of a batch.
func (w *window) readKeys(_ int, _ place, b *Batch) (keyedBatch, error) {
	if _, err := loadColumns(w.columns)(0, place{}, b); err != nil {
		return keyedBatch{}, err
	}
	k := keyedBatch{Batch: b}
	var err error
	if k.partition, err = evalAll(w.partitionBy, b); err != nil {
		return k, err
	}
	if k.order, err = newRowOrder(w.orderBy, b); err != nil || k.order == nil {
		return k, err
	}
	k.sorted = k.order.sortedness(b.NumRows())
	return k, nil
}

type keyedBatch struct {
	*Batch
	windowPart
}

// read takes in all batches and finds out how they are ordered: as a whole, which means
// that each partition is, or else partition by partition.
func (w *window) read(ctx context.Context) error {
	w.rows, w.keys = newRowBuffer(w.input.Schema()), &windowKeys{sorted: strictly}
	if len(w.partitionBy) > 0 {
		w.keys.table = newKeyTable(w.types)
	}
	ordered := true
	err := drainParallel(ctx, w.input, w.threads, w.readKeys, func(b keyedBatch) error {
		if w.rows == nil {
			return w.spilled.add(ctx, b.Batch)
		}
		if err := w.rows.add(b.Batch); err != nil {
			return err
		}
		ordered = ordered && b.order != nil
		w.keys.add(b.windowPart)
		err := w.mem.set(w.rows.held)
		if err != nil && w.spilled != nil {
			return w.spill(ctx)
		}
		return err
	})
	if w.rows == nil && err == nil {
		return w.spilled.compute(ctx)
	}
	if err != nil || w.keys.sorted > unsorted || !ordered || w.keys.table == nil {
		return err
	}
	w.keys.sorted, err = w.keys.sortedInPartitions(ctx, w.rows)
	return err
}

// add takes the keys of the next batch.
func (k *windowKeys) add(part windowPart) {
	k.sorted = min(k.sorted, part.sorted)
	if n := len(k.parts); n > 0 && k.sorted > unsorted {
		before := k.parts[n-1].order
		k.sorted = min(k.sorted, follows(before.compare(part.order, before.rows-1, 0)))
	}
	k.parts = append(k.parts, part)
}

// follows is how a row stands to the one before it that compares with it as given.
func follows(compared int) sortedness {
	switch {
	case compared < 0:
		return strictly
	case compared == 0:
		return sorted
	}
	return unsorted
}

// number returns the partitions of the rows of a batch, and how many partitions there are
// up to it. Batches are numbered in turn; the result lives until the next call unless it
// is to be kept.
func (k *windowKeys) number(batch, rows int, keep bool) (ids []uint32, partitions int) {
	part := &k.parts[batch]
	switch {
	case part.ids != nil:
		return part.ids, part.partitions
	case k.table == nil:
		if len(k.shared) < rows {
			k.shared = make([]uint32, rows)
		}
		return k.shared[:rows], 1
	case keep:
		ids = make([]uint32, rows)
		part.ids = ids
	default:
		k.shared = resize(k.shared, rows)
		ids = k.shared
	}
	k.table.insert(part.partition, ids)
	part.partitions = k.table.groups()
	return ids, part.partitions
}

// partitions is how many there are, once all batches are numbered.
func (k *windowKeys) partitions() int {
	if k.table == nil {
		return 1
	}
	return k.parts[len(k.parts)-1].partitions
}

// sortedInPartitions compares each row with the one before it in its partition.
func (k *windowKeys) sortedInPartitions(ctx context.Context, rows *rowBuffer) (sortedness, error) {
	type seen struct {
		order *rowOrder // nil: no row yet
		row   int32
	}
	var last []seen
	found := strictly
	for i := range k.parts {
		if err := ctx.Err(); err != nil {
			return unsorted, err
		}
		ids, n := k.number(i, rows.batches[i].NumRows(), true)
		last = append(last, make([]seen, n-len(last))...)
		order := k.parts[i].order
		for row, id := range ids {
			l := &last[id]
			if l.order != nil {
				found = min(found, follows(l.order.compare(order, int(l.row), row)))
			}
			l.order, l.row = order, int32(row)
		}
		if found == unsorted {
			break
		}
	}
	return found, nil
}

// rowOrder is an order by keys that are plain numbers, and how many rows have them.
type rowOrder struct {
	keys []numberKey
	rows int
}

type numberKey struct {
	nums []int64
	desc bool
}

// newRowOrder returns nil if a key is not plain numbers. What is constant in one batch may
// be something else in the next, so constants are keys like others.
func newRowOrder(keys []sortKey, b *Batch) (*rowOrder, error) {
	o := &rowOrder{rows: b.NumRows()}
	for _, key := range keys {
		v, err := key.value.eval(b)
		if err != nil {
			return nil, err
		}
		nums := plainKey([]arrow.Array{kernel.Full(v, o.rows)}, o.rows)
		if nums == nil {
			return nil, nil
		}
		o.keys = append(o.keys, numberKey{nums, key.desc})
	}
	return o, nil
}

// compare compares row i with row j of another batch.
func (o *rowOrder) compare(other *rowOrder, i, j int) int {
	for k, key := range o.keys {
		if x, y := key.nums[i], other.keys[k].nums[j]; x != y {
			if x < y != key.desc {
				return -1
			}
			return 1
		}
	}
	return 0
}

// sortedness is that of the first n rows.
func (o *rowOrder) sortedness(n int) sortedness {
	if len(o.keys) == 0 {
		return sorted
	}
	found := strictly
	first := o.keys[0]
	for i := 1; i < n; i++ {
		x, y := first.nums[i-1], first.nums[i]
		if first.desc {
			x, y = y, x
		}
		if x < y {
			continue
		}
		if found = min(found, follows(o.compare(o, i-1, i))); found == unsorted {
			break
		}
	}
	return found
}
