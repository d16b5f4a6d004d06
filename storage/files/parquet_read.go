package files

import (
	"errors"
	"fmt"

	"github.com/apache/arrow/go/v17/arrow"
	"github.com/apache/arrow/go/v17/parquet"
	"github.com/apache/arrow/go/v17/parquet/file"

	"tq/functions/kernel"
)

// leafValues is what is stored of a leaf in a row group: an entry for each value and each
// NULL, and the values that are not NULL as a slice of the physical type. A leaf that can
// be neither NULL nor repeated has no levels.
type leafValues struct {
	entries  int
	def, rep []int16
	values   any
}

// readBatchRows is how many values are read at a time.
const readBatchRows = 16 << 10

// readLeaf reads a leaf of a row group.
func readLeaf(g *file.RowGroupReader, leaf int) (*leafValues, error) {
	meta, err := g.MetaData().ColumnChunk(leaf)
	if err != nil {
		return nil, err
	}
	chunk, err := g.Column(leaf)
	if err != nil {
		return nil, err
	}
	v := &leafValues{}
	n := int(meta.NumValues())
	switch chunk.Type() {
	case parquet.Types.Boolean:
		err = readPhysical[bool](v, chunk, n)
	case parquet.Types.Int32:
		err = readPhysical[int32](v, chunk, n)
	case parquet.Types.Int64:
		err = readPhysical[int64](v, chunk, n)
	case parquet.Types.Int96:
		err = readPhysical[parquet.Int96](v, chunk, n)
	case parquet.Types.Float:
		err = readPhysical[float32](v, chunk, n)
	case parquet.Types.Double:
		err = readPhysical[float64](v, chunk, n)
	case parquet.Types.ByteArray:
		err = readPhysical[parquet.ByteArray](v, chunk, n)
	case parquet.Types.FixedLenByteArray:
		err = readPhysical[parquet.FixedLenByteArray](v, chunk, n)
	default:
		err = fmt.Errorf("values of physical type %s cannot be read", chunk.Type())
	}
	return v, err
}

// batchReader is what the readers of column chunks have in common.
type batchReader[T any] interface {
	ReadBatch(n int64, values []T, def, rep []int16) (entries int64, read int, err error)
	Err() error
}

// readPhysical reads the n entries of a column chunk. Memory grows with what is there, not
// with what the file says there is.
func readPhysical[T any](v *leafValues, chunk file.ColumnChunkReader, n int) error {
	r := chunk.(batchReader[T])
	descr := chunk.Descriptor()
	var values []T
	for v.entries < n {
		batch := min(readBatchRows, n-v.entries)
		values = grow(values, batch, n)
		if descr.MaxDefinitionLevel() > 0 {
			v.def = grow(v.def, batch, n)
		}
		if descr.MaxRepetitionLevel() > 0 {
			v.rep = grow(v.rep, batch, n)
		}
		entries, read, err := r.ReadBatch(int64(batch), room(values, batch), room(v.def, batch), room(v.rep, batch))
		if err = errors.Join(err, r.Err()); err != nil {
			return err
		}
		if entries == 0 {
			return fmt.Errorf("it ends after %d of %d values", v.entries, n)
		}
		values = values[:len(values)+read]
		v.entries += int(entries)
		v.def, v.rep = v.def[:min(v.entries, cap(v.def))], v.rep[:min(v.entries, cap(v.rep))]
	}
	v.values = values
	return nil
}

// firstRoomRows is how much room is made for values before any is read.
const firstRoomRows = 1 << 20

// grow makes room for some more values of total in all.
func grow[T any](s []T, more, total int) []T {
	if cap(s)-len(s) >= more {
		return s
	}
	grown := make([]T, len(s), min(total, max(firstRoomRows, 2*cap(s)+more)))
	copy(grown, s)
	return grown
}

// room is the free part of a slice that follows its values; nil if it has none.
func room[T any](s []T, n int) []T {
	if cap(s) == 0 {
		return nil
	}
	return s[len(s) : len(s)+n]
}

// readParquetColumn reads a column of a row group of n rows.
func readParquetColumn(g *file.RowGroupReader, node *parquetNode, n int) (a arrow.Array, err error) {
	defer recovered(&err)
	r := &columnReader{group: g, leaves: map[int]*leafValues{}}
	if a, err = r.build(node, slots{}); err != nil {
		return nil, err
	}
	if a.Len() != n {
		return nil, fmt.Errorf("it has %d rows, the row group %d", a.Len(), n)
	}
	return a, nil
}

// columnReader reads a column. What nests is told by the levels of its leaves: the
// definition level of an entry says how much of the path down to the leaf is there, the
// repetition level which of the lists on the path goes on.
type columnReader struct {
	group  *file.RowGroupReader
	leaves map[int]*leafValues // as far as read, by number
}

// slots says which entries of a leaf stand for a value of a node, be it NULL: those that
// begin an element of the list around it.
type slots struct {
	rep int16 // an entry with a greater repetition level goes on with what has begun
	def int16 // an entry with a smaller definition level belongs to an empty list, or none
}

func (r *columnReader) leaf(n *parquetNode) (*leafValues, error) {
	if v, ok := r.leaves[n.leaf]; ok {
		return v, nil
	}
	v, err := readLeaf(r.group, n.leaf)
	r.leaves[n.leaf] = v
	return v, err
}

func (r *columnReader) build(n *parquetNode, at slots) (arrow.Array, error) {
	v, err := r.leaf(n.firstLeaf())
	if err != nil {
		return nil, err
	}
	switch {
	case n.isLeaf():
		return buildLeaf(n, v, at)
	case n.isList():
		return r.buildList(n, v, at)
	}
	return r.buildStruct(n, v, at)
}

// buildLeaf spreads the values of a leaf over its slots.
func buildLeaf(n *parquetNode, v *leafValues, at slots) (arrow.Array, error) {
	a, err := n.convert(v.values)
	if err != nil {
		return nil, err
	}
	if v.def == nil || a.Len() == v.entries {
		return a, nil
	}
	rows := make([]int32, 0, v.entries)
	next := int32(0)
	for i := range v.entries {
		switch {
		case v.def[i] == n.defined:
			rows = append(rows, next)
			next++
		case at.begins(v, i):
			rows = append(rows, -1)
		}
	}
	if int(next) != a.Len() {
		return nil, fmt.Errorf("%d values where the levels say %d", a.Len(), next)
	}
	if len(rows) == a.Len() {
		return a, nil
	}
	return kernel.TakeNullable(a, rows), nil
}

// begins reports whether entry i of a leaf is a slot.
func (at slots) begins(v *leafValues, i int) bool {
	return v.def == nil || v.def[i] >= at.def && (v.rep == nil || v.rep[i] <= at.rep)
}

// buildList makes the lists of a node. The elements are those entries whose repetition
// level is at most that of the list; each belongs to the slot that was begun last.
func (r *columnReader) buildList(n *parquetNode, v *leafValues, at slots) (arrow.Array, error) {
	inner := slots{rep: at.rep + 1, def: n.element}
	offsets := []int32{}
	valid := kernel.NewBitmap(v.entries)
	elements := int32(0)
	for i := range v.entries {
		if at.begins(v, i) {
			if v.def[i] >= n.defined {
				valid.Set(len(offsets))
			}
			offsets = append(offsets, elements)
		}
		if inner.begins(v, i) {
			elements++
		}
	}
	rows := len(offsets)
	values, err := r.build(n.children[0], inner)
	if err != nil {
		return nil, err
	}
	if values.Len() != int(elements) || elements > 0 && rows == 0 {
		return nil, errors.New("the lists do not fit their elements")
	}
	return listsOrMaps(n.typ, append(offsets, elements), values, validityOf(valid, rows))
}

// buildStruct makes the structs of a node.
func (r *columnReader) buildStruct(n *parquetNode, v *leafValues, at slots) (arrow.Array, error) {
	valid := kernel.NewBitmap(v.entries)
	rows := 0
	for i := range v.entries {
		if !at.begins(v, i) {
			continue
		}
		if v.def == nil || v.def[i] >= n.defined {
			valid.Set(rows)
		}
		rows++
	}
	fields := make([]arrow.Array, len(n.children))
	for i, child := range n.children {
		var err error
		if fields[i], err = r.build(child, at); err != nil {
			return nil, err
		}
		if fields[i].Len() != rows {
			return nil, fmt.Errorf("field %s has %d values for %d structs", child.name, fields[i].Len(), rows)
		}
	}
	return kernel.FromFields(n.typ, rows, fields, validityOf(valid, rows)), nil
}

// validityOf is the validity of n rows, of whose bitmap there may be more.
func validityOf(bitmap kernel.Bitmap, n int) kernel.Validity {
	return kernel.NewValidity(bitmap[:(n+7)/8], n)
}
