package files

import (
	"fmt"
	"strings"

	"github.com/apache/arrow/go/v17/arrow"
	"github.com/apache/arrow/go/v17/parquet"
	"github.com/apache/arrow/go/v17/parquet/schema"

	"tq/functions"
)

// parquetNode is a column of a Parquet file, or what a nested one consists of: a list has
// one child, its elements, a map one, structs of keys and values; a struct has its fields; what has none is a leaf.
type parquetNode struct {
	name     string
	typ      arrow.DataType
	children []*parquetNode
	leaf     int // number of the leaf, for leaves
	convert  leafConverter
	// defined is the definition level from which on a value is not NULL, element that
	// from which on a list has an element.
	defined, element int16
}

func (n *parquetNode) isLeaf() bool { return n.convert != nil }
func (n *parquetNode) isList() bool { return n.typ.ID() == arrow.LIST || n.typ.ID() == arrow.MAP }

// firstLeaf is a leaf below the node, or the node itself.
func (n *parquetNode) firstLeaf() *parquetNode {
	for !n.isLeaf() {
		n = n.children[0]
	}
	return n
}

// parquetColumns returns the columns of a schema.
func parquetColumns(sc *schema.Schema) ([]*parquetNode, error) {
	b := parquetSchema{sc}
	root := sc.Root()
	columns := make([]*parquetNode, root.NumFields())
	for i := range columns {
		n, err := b.node(root.Field(i), 0)
		if err != nil {
			return nil, fmt.Errorf("column %s: %w", root.Field(i).Name(), err)
		}
		columns[i] = n
	}
	return columns, nil
}

type parquetSchema struct{ *schema.Schema }

// node makes the node of a field that stands in one of a definition level.
func (b parquetSchema) node(f schema.Node, level int16) (*parquetNode, error) {
	if f.RepetitionType() == parquet.Repetitions.Repeated {
		// A repeated field that is not marked as a list is one that has no NULLs.
		elem, err := b.value(f, level+1)
		if err != nil {
			return nil, err
		}
		return listNode(f.Name(), elem, level), nil
	}
	if f.RepetitionType() == parquet.Repetitions.Optional {
		level++
	}
	return b.value(f, level)
}

// value makes the node of a field whose values are not NULL from a definition level on.
func (b parquetSchema) value(f schema.Node, level int16) (*parquetNode, error) {
	group, ok := f.(*schema.GroupNode)
	if !ok {
		return b.leafNode(f.(*schema.PrimitiveNode), level)
	}
	if isRepeatedGroup(group) {
		return b.annotatedList(group, level)
	}
	n := &parquetNode{name: f.Name(), defined: level}
	if group.NumFields() == 0 {
		return nil, fmt.Errorf("a STRUCT without fields cannot be read")
	}
	fields := make([]arrow.Field, group.NumFields())
	for i := range fields {
		child, err := b.node(group.Field(i), level)
		if err != nil {
			return nil, err
		}
		n.children = append(n.children, child)
		fields[i] = arrow.Field{Name: child.name, Type: child.typ, Nullable: true}
	}
	n.typ = arrow.StructOf(distinctNames(fields)...)
	return n, nil
}

// isRepeatedGroup reports whether a group is what lists and maps are written as: one that
// has a repeated field and no other.
func isRepeatedGroup(g *schema.GroupNode) bool {
	if g.NumFields() != 1 || g.Field(0).RepetitionType() != parquet.Repetitions.Repeated {
		return false
	}
	_, list := g.LogicalType().(schema.ListLogicalType)
	return list || g.ConvertedType() == schema.ConvertedTypes.List || isMap(g)
}

func isMap(g *schema.GroupNode) bool {
	_, ok := g.LogicalType().(schema.MapLogicalType)
	return ok || g.ConvertedType() == schema.ConvertedTypes.Map || g.ConvertedType() == schema.ConvertedTypes.MapKeyValue
}

// annotatedList makes the node of a group that is marked as a list, or as a map, which is
// a list of structs, of a key and a value each. Which of the inner levels is the element
// follows the backward-compatibility rules of Parquet's LogicalTypes.md.
func (b parquetSchema) annotatedList(list *schema.GroupNode, level int16) (*parquetNode, error) {
	repeated := list.Field(0)
	group, ok := repeated.(*schema.GroupNode)
	var elem *parquetNode
	var err error
	if ok && group.NumFields() == 1 && !isRepeatedGroup(group) &&
		group.Name() != "array" && group.Name() != list.Name()+"_tuple" {
		elem, err = b.node(group.Field(0), level+1)
	} else {
		elem, err = b.value(repeated, level+1)
	}
	if err != nil {
		return nil, err
	}
	n := listNode(list.Name(), elem, level)
	if entry, ok := elem.typ.(*arrow.StructType); ok && isMap(list) && entry.NumFields() == 2 {
		n.typ = functions.MapOf(entry.Field(0).Type, entry.Field(1).Type)
	}
	return n, nil
}

func listNode(name string, elem *parquetNode, level int16) *parquetNode {
	return &parquetNode{
		name: name, typ: arrow.ListOf(elem.typ), children: []*parquetNode{elem},
		defined: level, element: level + 1,
	}
}

func (b parquetSchema) leafNode(p *schema.PrimitiveNode, level int16) (*parquetNode, error) {
	typ, convert := leafType(p)
	if convert == nil {
		return nil, fmt.Errorf("its type, %s, has no counterpart here", describeLeaf(p))
	}
	return &parquetNode{
		name: p.Name(), typ: typ, defined: level,
		leaf: b.ColumnIndexByNode(p), convert: convert,
	}, nil
}

func describeLeaf(p *schema.PrimitiveNode) string {
	if l := p.LogicalType(); l != nil && !l.IsNone() {
		return fmt.Sprintf("%s as %s", strings.ToUpper(l.String()), p.PhysicalType())
	}
	return p.PhysicalType().String()
}

// leafType returns the type of a leaf's values, and what makes them from those that are
// stored; nil when there is nothing that can.
func leafType(p *schema.PrimitiveNode) (arrow.DataType, leafConverter) {
	switch l := p.LogicalType().(type) {
	case *schema.IntLogicalType:
		return intType(p.PhysicalType(), l.BitWidth(), l.IsSigned())
	case *schema.DecimalLogicalType:
		if l.Precision() < 1 || l.Precision() > 38 || l.Scale() < 0 || l.Scale() > l.Precision() {
			return nil, nil
		}
		typ := &arrow.Decimal128Type{Precision: l.Precision(), Scale: l.Scale()}
		return typ, decimalConverter(p.PhysicalType(), typ)
	case schema.DateLogicalType:
		if p.PhysicalType() == parquet.Types.Int32 {
			return functions.Date, keep[int32](functions.Date)
		}
	case *schema.TimeLogicalType:
		return functions.Time, timeConverter(p.PhysicalType(), unitLength(l.TimeUnit()))
	case *schema.TimestampLogicalType:
		if p.PhysicalType() == parquet.Types.Int64 {
			typ := timestampType(l.IsAdjustedToUTC())
			return typ, timesConverter(typ, unitLength(l.TimeUnit()))
		}
	case schema.JSONLogicalType:
		if p.PhysicalType() == parquet.Types.ByteArray {
			return functions.JSON, bytesConverter(functions.Varchar)
		}
	case schema.StringLogicalType, schema.EnumLogicalType:
		if p.PhysicalType() == parquet.Types.ByteArray {
			return functions.Varchar, bytesConverter(functions.Varchar)
		}
	case schema.UUIDLogicalType:
		if p.TypeLength() == 16 {
			return functions.Varchar, uuids
		}
	case schema.IntervalLogicalType:
		if p.TypeLength() == 12 {
			return functions.Interval, intervals
		}
	case schema.Float16LogicalType:
		if p.TypeLength() == 2 {
			return functions.Float, halves
		}
	default: // also BSON, which is a BLOB, and columns of nothing but NULL
		return physicalType(p.PhysicalType())
	}
	return nil, nil
}

// physicalType is the type of values of which the file says nothing but how they are
// stored.
func physicalType(t parquet.Type) (arrow.DataType, leafConverter) {
	switch t {
	case parquet.Types.Boolean:
		return functions.Boolean, booleans
	case parquet.Types.Int32:
		return functions.Integer, keep[int32](functions.Integer)
	case parquet.Types.Int64:
		return functions.BigInt, keep[int64](functions.BigInt)
	case parquet.Types.Float:
		return functions.Float, keep[float32](functions.Float)
	case parquet.Types.Double:
		return functions.Double, keep[float64](functions.Double)
	case parquet.Types.Int96:
		return functions.Timestamp, int96Times
	case parquet.Types.ByteArray:
		return functions.Blob, bytesConverter(functions.Blob)
	case parquet.Types.FixedLenByteArray:
		return functions.Blob, fixedBytes
	}
	return nil, nil
}

func intType(t parquet.Type, width int8, signed bool) (arrow.DataType, leafConverter) {
	if t == parquet.Types.Int64 {
		switch {
		case width == 64 && signed:
			return functions.BigInt, keep[int64](functions.BigInt)
		case width == 64:
			return functions.UBigInt, keep[int64](functions.UBigInt)
		}
		return nil, nil
	}
	if t != parquet.Types.Int32 {
		return nil, nil
	}
	switch {
	case width == 8 && signed:
		return functions.TinyInt, narrow[int8](functions.TinyInt)
	case width == 16 && signed:
		return functions.SmallInt, narrow[int16](functions.SmallInt)
	case width == 32 && signed:
		return functions.Integer, keep[int32](functions.Integer)
	case width == 8:
		return functions.UTinyInt, narrow[uint8](functions.UTinyInt)
	case width == 16:
		return functions.USmallInt, narrow[uint16](functions.USmallInt)
	case width == 32:
		return functions.UInteger, keep[int32](functions.UInteger)
	}
	return nil, nil
}

// unitLength is the length of a unit of time in nanoseconds.
func unitLength(u schema.TimeUnitType) int64 {
	switch u {
	case schema.TimeUnitMillis:
		return 1e6
	case schema.TimeUnitMicros:
		return 1e3
	}
	return 1
}
