package render

import (
	"encoding/binary"
	"fmt"
	"strconv"
	"strings"

	"github.com/apache/arrow/go/v17/arrow"
	"github.com/apache/arrow/go/v17/arrow/array"
	"github.com/apache/arrow/go/v17/arrow/decimal128"
	"github.com/apache/arrow/go/v17/parquet"
	"github.com/apache/arrow/go/v17/parquet/file"
	"github.com/apache/arrow/go/v17/parquet/schema"

	"tq/functions"
	"tq/functions/kernel"
)

// parquetColumn is a column of a result, or what a nested one consists of.
type parquetColumn struct {
	kind     kernel.Kind
	required bool // there is no NULL, and no definition level that would say so
	children []*parquetColumn
	leaf     leafWriter
}

// leafWriter writes values of a leaf: those of an array without NULLs.
type leafWriter func(w file.ColumnChunkWriter, values arrow.Array, def, rep []int16) error

// buildSchema makes the schema of the file and the columns that write it.
func (w *parquetFile) buildSchema() *schema.GroupNode {
	var fields schema.FieldList
	for i, name := range uniqueNames(w.schema) {
		c, node := newParquetColumn(name, w.schema.Field(i).Type, optional)
		w.columns = append(w.columns, c)
		fields = append(fields, node)
	}
	return schema.MustGroup(schema.NewGroupNode("schema", parquet.Repetitions.Required, fields, -1))
}

// durations lists the columns that are DURATION for [DurationsKey].
func durations(s *arrow.Schema) string {
	var list []string
	for i, f := range s.Fields() {
		if f.Type.ID() == arrow.DURATION {
			list = append(list, strconv.Itoa(i))
		}
	}
	return strings.Join(list, ",")
}

var optional = parquet.Repetitions.Optional

// newParquetColumn makes a column of a repetition type, which is not that of repeated
// ones, and its node in the schema.
func newParquetColumn(name string, typ arrow.DataType, rep parquet.Repetition) (*parquetColumn, schema.Node) {
	c := &parquetColumn{kind: kernel.KindOf(typ), required: rep != optional}
	switch typ := typ.(type) {
	case *arrow.ListType:
		child, elem := newParquetColumn("element", typ.Elem(), optional)
		c.children = []*parquetColumn{child}
		return c, schema.MustGroup(schema.ListOfWithName(name, elem, rep, -1))
	case *arrow.MapType:
		key, keyNode := newParquetColumn("key", typ.KeyType(), parquet.Repetitions.Required)
		item, itemNode := newParquetColumn("value", typ.ItemType(), optional)
		entry := &parquetColumn{kind: kernel.Struct, required: true, children: []*parquetColumn{key, item}}
		c.children = []*parquetColumn{entry}
		return c, schema.MustGroup(schema.MapOf(name, keyNode, itemNode, rep, -1))
	case *arrow.StructType:
		var fields schema.FieldList
		for _, f := range typ.Fields() {
			child, node := newParquetColumn(f.Name, f.Type, optional)
			c.children = append(c.children, child)
			fields = append(fields, node)
		}
		return c, schema.MustGroup(schema.NewGroupNode(name, rep, fields, -1))
	}
	stored, logical, length, leaf := parquetLeaf(typ)
	c.leaf = leaf
	return c, schema.MustPrimitive(schema.NewPrimitiveNodeLogical(name, rep, logical, stored, length, -1))
}

// parquetLeaf returns how a type is stored.
func parquetLeaf(typ arrow.DataType) (stored parquet.Type, logical schema.LogicalType, length int, leaf leafWriter) {
	types := parquet.Types
	none := schema.NoLogicalType{}
	if functions.IsJSON(typ) {
		return types.ByteArray, schema.JSONLogicalType{}, -1, writeTexts
	}
	switch typ := typ.(type) {
	case *arrow.BooleanType:
		return types.Boolean, none, -1, writeBools
	case *arrow.Int8Type:
		return types.Int32, schema.NewIntLogicalType(8, true), -1, writeAs[int8, int32]
	case *arrow.Int16Type:
		return types.Int32, schema.NewIntLogicalType(16, true), -1, writeAs[int16, int32]
	case *arrow.Int32Type:
		return types.Int32, none, -1, writeAs[int32, int32]
	case *arrow.Uint8Type:
		return types.Int32, schema.NewIntLogicalType(8, false), -1, writeAs[uint8, int32]
	case *arrow.Uint16Type:
		return types.Int32, schema.NewIntLogicalType(16, false), -1, writeAs[uint16, int32]
	case *arrow.Uint32Type:
		return types.Int32, schema.NewIntLogicalType(32, false), -1, writeAs[uint32, int32]
	case *arrow.Uint64Type:
		return types.Int64, schema.NewIntLogicalType(64, false), -1, writeAs[uint64, int64]
	case *arrow.Float32Type:
		return types.Float, none, -1, writeAs[float32, float32]
	case *arrow.Float64Type:
		return types.Double, none, -1, writeAs[float64, float64]
	case *arrow.Date32Type:
		return types.Int32, schema.DateLogicalType{}, -1, writeAs[int32, int32]
	case *arrow.Time64Type:
		return types.Int64, schema.NewTimeLogicalType(false, schema.TimeUnitNanos), -1, writeAs[int64, int64]
	case *arrow.TimestampType:
		return types.Int64, schema.NewTimestampLogicalType(typ.TimeZone != "", schema.TimeUnitNanos), -1, writeAs[int64, int64]
	case *arrow.Decimal128Type:
		logical := schema.NewDecimalLogicalType(typ.Precision, typ.Scale)
		if typ.Precision <= 18 {
			return types.Int64, logical, -1, writeSmallDecimals
		}
		return types.FixedLenByteArray, logical, 16, writeDecimals
	case *arrow.MonthDayNanoIntervalType:
		return types.FixedLenByteArray, schema.IntervalLogicalType{}, 12, writeIntervals
	case *arrow.BinaryType:
		return types.ByteArray, none, -1, writeTexts
	case *arrow.NullType: // nothing but NULL
		return types.Int32, none, -1, writeAs[int32, int32]
	case *arrow.StringType, *arrow.DictionaryType:
		return types.ByteArray, schema.StringLogicalType{}, -1, writeTexts
	}
	return types.Int64, none, -1, writeAs[int64, int64] // BIGINT and DURATION
}

// valueWriter is what the writers of column chunks have in common.
type valueWriter[T any] interface {
	WriteBatch(values []T, def, rep []int16) (int64, error)
}

// writeAs writes numbers as a type that they fit, or whose bits they are.
func writeAs[T kernel.Number, S int32 | int64 | float32 | float64](w file.ColumnChunkWriter, a arrow.Array, def, rep []int16) error {
	out := make([]S, a.Len())
	for i, v := range kernel.Values[T](a) {
		out[i] = S(v)
	}
	return writeValues(w, out, def, rep)
}

func writeValues[T any](w file.ColumnChunkWriter, values []T, def, rep []int16) error {
	_, err := w.(valueWriter[T]).WriteBatch(values, def, rep)
	return err
}

func writeBools(w file.ColumnChunkWriter, a arrow.Array, def, rep []int16) error {
	out := make([]bool, a.Len())
	bits := kernel.Bitmap(kernel.Bits(a))
	for i := range out {
		out[i] = bits.Get(i)
	}
	return writeValues(w, out, def, rep)
}

func writeTexts(w file.ColumnChunkWriter, a arrow.Array, def, rep []int16) error {
	out := make([]parquet.ByteArray, a.Len())
	texts := kernel.StringsOf(a)
	for i := range out {
		out[i] = texts.Bytes(i)
	}
	return writeValues(w, out, def, rep)
}

func writeSmallDecimals(w file.ColumnChunkWriter, a arrow.Array, def, rep []int16) error {
	out := make([]int64, a.Len())
	for i, v := range kernel.Values[decimal128.Num](a) {
		out[i] = int64(v.LowBits())
	}
	return writeValues(w, out, def, rep)
}

// writeIntervals writes months, days and milliseconds, which cut off what is shorter.
// Hours that are too many for 32 bits of them become days.
func writeIntervals(w file.ColumnChunkWriter, a arrow.Array, def, rep []int16) error {
	out := make([]parquet.FixedLenByteArray, a.Len())
	const day = 24 * 60 * 60 * 1e9
	for i, v := range kernel.Values[arrow.MonthDayNanoInterval](a) {
		if ms := v.Nanoseconds / 1e6; int64(int32(ms)) != ms {
			v.Days, v.Nanoseconds = v.Days+int32(v.Nanoseconds/day), v.Nanoseconds%day
		}
		b := binary.LittleEndian.AppendUint32(make([]byte, 0, 12), uint32(v.Months))
		b = binary.LittleEndian.AppendUint32(b, uint32(v.Days))
		out[i] = binary.LittleEndian.AppendUint32(b, uint32(v.Nanoseconds/1e6))
	}
	return writeValues(w, out, def, rep)
}

// writeDecimals writes 16 bytes in two's complement, the highest first.
func writeDecimals(w file.ColumnChunkWriter, a arrow.Array, def, rep []int16) error {
	out := make([]parquet.FixedLenByteArray, a.Len())
	for i, v := range kernel.Values[decimal128.Num](a) {
		b := make([]byte, 0, 16)
		for shift := 56; shift >= 0; shift -= 8 {
			b = append(b, byte(v.HighBits()>>shift))
		}
		for shift := 56; shift >= 0; shift -= 8 {
			b = append(b, byte(v.LowBits()>>shift))
		}
		out[i] = b
	}
	return writeValues(w, out, def, rep)
}

// entry is what the levels of a column say in one place: the row of its array that stands
// there, or -1 where it is missing because what it belongs to is NULL or empty.
type entry struct {
	row      int32
	def, rep int16
}

// write writes a column of a row group.
func (c *parquetColumn) write(group file.SerialRowGroupWriter, a arrow.Array) error {
	entries := make([]entry, a.Len())
	for i := range entries {
		entries[i].row = int32(i)
	}
	return c.writeEntries(group, a, entries, 0)
}

// writeEntries writes what stands in some places; lists is how many lists they are in.
func (c *parquetColumn) writeEntries(group file.SerialRowGroupWriter, a arrow.Array, entries []entry, lists int16) error {
	if _, untyped := a.(*array.Null); untyped {
		a = kernel.Nulls(arrow.PrimitiveTypes.Int32, a.Len())
	}
	if !c.required {
		entries = markNulls(a, entries)
	}
	switch c.kind {
	case kernel.List:
		return c.writeLists(group, a, entries, lists)
	case kernel.Struct:
		for i, child := range c.children {
			if err := child.writeEntries(group, kernel.StructField(a, i), entries, lists); err != nil {
				return err
			}
		}
		return nil
	}
	def, rep := make([]int16, len(entries)), make([]int16, len(entries))
	rows := make([]int32, 0, len(entries))
	for i, e := range entries {
		def[i], rep[i] = e.def, e.rep
		if e.row >= 0 {
			rows = append(rows, e.row)
		}
	}
	if len(rows) < a.Len() || lists > 0 {
		a = kernel.Take(a, rows)
	}
	if lists == 0 {
		rep = nil
	}
	chunk, err := group.NextColumn()
	if err != nil {
		return err
	}
	if err := c.leaf(chunk, a, def, rep); err != nil {
		return fmt.Errorf("writing Parquet: %w", err)
	}
	return chunk.Close()
}

// markNulls raises the definition level where an array is not NULL.
func markNulls(a arrow.Array, entries []entry) []entry {
	valid := kernel.ValidityOf(a)
	out := make([]entry, len(entries))
	for i, e := range entries {
		switch {
		case e.row < 0:
		case valid.Valid(int(e.row)):
			e.def++
		default:
			e.row = -1
		}
		out[i] = e
	}
	return out
}

// writeLists writes the elements of lists.
func (c *parquetColumn) writeLists(group file.SerialRowGroupWriter, a arrow.Array, entries []entry, lists int16) error {
	offsets, values := kernel.ListParts(a)
	inner := make([]entry, 0, max(len(entries), values.Len()))
	for _, e := range entries {
		if e.row < 0 || offsets[e.row] == offsets[e.row+1] {
			inner = append(inner, entry{-1, e.def, e.rep})
			continue
		}
		rep := e.rep
		for k := offsets[e.row]; k < offsets[e.row+1]; k++ {
			inner = append(inner, entry{k, e.def + 1, rep})
			rep = lists + 1
		}
	}
	return c.children[0].writeEntries(group, values, inner, lists+1)
}
