package functions

import (
	"errors"

	"github.com/apache/arrow/go/v17/arrow"

	"tq/functions/kernel"
)

var (
	errNullKey     = errors.New("a key of a map cannot be NULL")
	errRepeatedKey = errors.New("a map has each key only once")
	errUnevenMap   = errors.New("a map needs as many values as keys")
)

// makeMap makes maps of type dt: row i has the entries offsets[i] to offsets[i+1], of which
// no key is NULL.
func makeMap(dt arrow.DataType, offsets []int32, keys, items arrow.Array, valid kernel.Validity) (arrow.Array, error) {
	entry := dt.(*arrow.MapType).Elem().(*arrow.StructType)
	parts := []arrow.Array{keys, items}
	for f, part := range parts {
		plain, err := kernel.Plain(part)
		if err != nil {
			return nil, err
		}
		if plain.DataType().ID() == arrow.NULL {
			plain = kernel.Nulls(entry.Field(f).Type, plain.Len())
		}
		parts[f] = plain
	}
	entries := kernel.FromFields(entry, keys.Len(), parts, kernel.Validity{})
	return kernel.FromLists(dt, offsets, entries, valid), nil
}

func emptyMap(c *Call, _ []kernel.Vec, _ int) (kernel.Vec, error) {
	key, item := mapParts(c.Ret)
	a, err := makeMap(c.Ret, []int32{0, 0}, kernel.Nulls(key, 0), kernel.Nulls(item, 0), kernel.Validity{})
	return kernel.Const(a), err
}

func mapFromLists(c *Call, args []kernel.Vec, n int) (kernel.Vec, error) {
	if anyNullConst(args) {
		return nullOf(c), nil
	}
	n = rowCount(args, n)
	keys, items, valid := ListsOf(args[0], n), ListsOf(args[1], n), validAll(args, n)
	offsets := make([]int32, n+1)
	var keyRows, itemRows []int32
	for i := range n {
		if valid.Valid(i) {
			k, kEnd := keys.At(i)
			v, vEnd := items.At(i)
			if kEnd-k != vEnd-v {
				return kernel.Vec{}, errUnevenMap
			}
			for ; k < kEnd; k, v = k+1, v+1 {
				keyRows, itemRows = append(keyRows, k), append(itemRows, v)
			}
		}
		offsets[i+1] = int32(len(keyRows))
	}
	return checkedMap(c, args, offsets, kernel.Take(keys.Values, keyRows), kernel.Take(items.Values, itemRows), valid)
}

func mapFromEntries(c *Call, args []kernel.Vec, n int) (kernel.Vec, error) {
	if anyNullConst(args) {
		return nullOf(c), nil
	}
	n = rowCount(args, n)
	list := ListsOf(args[0], n)
	offsets := make([]int32, n+1)
	var rows []int32
	for i := range n {
		for j, to := list.At(i); j < to; j++ {
			rows = append(rows, j)
		}
		offsets[i+1] = int32(len(rows))
	}
	entries := kernel.Take(list.Values, rows)
	switch {
	case kernel.ValidityOf(entries).Nulls > 0:
		return kernel.Vec{}, errNullKey
	case entries.DataType().ID() == arrow.NULL: // there are none
		entries = kernel.Nulls(c.Ret.(*arrow.MapType).Elem(), 0)
	}
	return checkedMap(c, args, offsets, kernel.StructField(entries, keyField), kernel.StructField(entries, itemField), list.Valid)
}

// checkedMap is [makeMap] of keys that may not be what keys have to be: known and distinct.
func checkedMap(c *Call, args []kernel.Vec, offsets []int32, keys, items arrow.Array, valid kernel.Validity) (kernel.Vec, error) {
	if kernel.ValidityOf(keys).Nulls > 0 {
		return kernel.Vec{}, errNullKey
	}
	if err := distinctKeys(offsets, keys); err != nil {
		return kernel.Vec{}, err
	}
	a, err := makeMap(c.Ret, offsets, keys, items, valid)
	return column(args, a), err
}

// distinctKeys complains if a map has two equal keys.
func distinctKeys(offsets []int32, keys arrow.Array) error {
	known := newKeyIndex(keys)
	for i := range offsets[1:] {
		known.reset()
		for j := offsets[i]; j < offsets[i+1]; j++ {
			if known.put(j) != j {
				return errRepeatedKey
			}
		}
	}
	return nil
}

// keyIndex finds equal keys among rows of a column that are not NULL.
type keyIndex struct {
	hashes  []uint64
	compare func(i, j int) int
	rows    []int32            // what was put, while that is little
	byHash  map[uint64][]int32 // when it is more
}

// fewKeys is how many keys are looked through one by one.
const fewKeys = 16

func newKeyIndex(keys arrow.Array) *keyIndex {
	x := &keyIndex{hashes: make([]uint64, keys.Len()), compare: kernel.Comparer(keys, keys)}
	kernel.Hash(kernel.Col(keys), x.hashes, keys.Len(), false)
	return x
}

func (x *keyIndex) reset() {
	x.rows = x.rows[:0]
	clear(x.byHash)
}

// put returns the first row that was put since the last reset and has the same key: the
// row itself if it is the first.
func (x *keyIndex) put(row int32) int32 {
	among := x.rows
	if len(x.rows) >= fewKeys {
		among = x.byHash[x.hashes[row]]
	}
	for _, r := range among {
		if x.hashes[r] == x.hashes[row] && x.compare(int(r), int(row)) == 0 {
			return r
		}
	}
	x.rows = append(x.rows, row)
	switch {
	case len(x.rows) > fewKeys:
		x.file(row)
	case len(x.rows) == fewKeys:
		for _, r := range x.rows {
			x.file(r)
		}
	}
	return row
}

func (x *keyIndex) file(row int32) {
	if x.byHash == nil {
		x.byHash = map[uint64][]int32{}
	}
	x.byHash[x.hashes[row]] = append(x.byHash[x.hashes[row]], row)
}

// mapConcat puts maps together. A key stands where the first map has it, with the value of
// the last.
func mapConcat(c *Call, args []kernel.Vec, n int) (kernel.Vec, error) {
	if c.Ret.ID() == arrow.NULL {
		return nullOf(c), nil
	}
	n = rowCount(args, n)
	var lists []maps
	var bases []int32
	var keys, items []arrow.Array
	size := int32(0)
	for _, a := range args {
		if a.DataType().ID() == arrow.NULL {
			continue
		}
		m := mapsOf(a, n)
		lists, bases = append(lists, m), append(bases, size)
		keys, items, size = append(keys, m.keys), append(items, m.items), size+int32(m.keys.Len())
	}
	allKeys, err := kernel.Concat(keys)
	if err != nil {
		return kernel.Vec{}, err
	}
	allItems, err := kernel.Concat(items)
	if err != nil {
		return kernel.Vec{}, err
	}
	known, missing, offsets := newKeyIndex(allKeys), newNulls(n), make([]int32, n+1)
	var keyRows, itemRows []int32
	itemOf := make([]int32, size) // by the row of the key that came first
	for i := range n {
		known.reset()
		some := false
		for k, m := range lists {
			some = some || m.Valid.Valid(i)
			for j, to := m.At(i); j < to; j++ {
				itemOf[known.put(bases[k]+j)] = bases[k] + j
			}
		}
		if !some {
			missing.set(i)
		}
		for _, r := range known.rows {
			keyRows, itemRows = append(keyRows, r), append(itemRows, itemOf[r])
		}
		offsets[i+1] = int32(len(keyRows))
	}
	a, err := makeMap(c.Ret, offsets, kernel.Take(allKeys, keyRows), kernel.Take(allItems, itemRows), missing.with(kernel.Validity{}))
	return column(args, a), err
}
