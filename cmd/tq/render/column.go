package render

import (
	"unsafe"

	"github.com/apache/arrow/go/v17/arrow"
	"github.com/apache/arrow/go/v17/arrow/decimal128"

	"tq/functions"
	"tq/functions/digits"
	"tq/functions/kernel"
)

// column turns one column of a result into text, a block of rows at a time.
type column struct {
	how    *dialect
	own    cells // text of its own
	shared cells // text of the dictionary
	dict   dictionary
	clock  clock
	inner  []*column // of lists and structs
}

func newColumns(schema *arrow.Schema, how *dialect) []*column {
	cols := make([]*column, schema.NumFields())
	for i := range cols {
		cols[i] = newColumn(schema.Field(i).Type, how)
	}
	return cols
}

func newColumn(typ arrow.DataType, how *dialect) *column {
	if functions.IsJSON(typ) {
		how = how.ofJSON()
	}
	return &column{how: how, clock: clock{zone: how.zone}}
}

// rows turns rows i … j-1 of the column into text, which is valid until the next call.
func (c *column) rows(arr arrow.Array, i, j int) *cells {
	if arr.DataType().ID() == arrow.DICTIONARY && arr.Data().Dictionary().Len() <= maxDictionary {
		c.dict.rows(&c.shared, arr, i, j, c.how)
		return &c.shared
	}
	c.own.resize(j - i)
	c.own.text = append(c.own.text[:0], c.how.null...)
	c.values(arr, i, j)
	if valid := kernel.ValidityOf(arr); valid.Nulls > 0 {
		for r := range c.own.from {
			if !valid.Valid(i + r) {
				c.own.from[r], c.own.to[r] = 0, int32(len(c.how.null))
			}
		}
	}
	return &c.own
}

// values writes rows i … j-1, those that are NULL as anything.
func (c *column) values(arr arrow.Array, i, j int) {
	switch t := arr.DataType().(type) {
	case *arrow.NullType:
	case *arrow.BooleanType:
		c.booleans(kernel.Bits(arr), i, j)
	case *arrow.Int8Type:
		signed(&c.own, kernel.Values[int8](arr)[i:j])
	case *arrow.Int16Type:
		signed(&c.own, kernel.Values[int16](arr)[i:j])
	case *arrow.Int32Type:
		signed(&c.own, kernel.Values[int32](arr)[i:j])
	case *arrow.Int64Type:
		signed(&c.own, kernel.Values[int64](arr)[i:j])
	case *arrow.Uint8Type:
		unsigned(&c.own, kernel.Values[uint8](arr)[i:j])
	case *arrow.Uint16Type:
		unsigned(&c.own, kernel.Values[uint16](arr)[i:j])
	case *arrow.Uint32Type:
		unsigned(&c.own, kernel.Values[uint32](arr)[i:j])
	case *arrow.Uint64Type:
		unsigned(&c.own, kernel.Values[uint64](arr)[i:j])
	case *arrow.Float32Type:
		floats(&c.own, kernel.Values[float32](arr)[i:j], 32, c.how)
	case *arrow.Float64Type:
		floats(&c.own, kernel.Values[float64](arr)[i:j], 64, c.how)
	case *arrow.Decimal128Type:
		c.decimals(kernel.Values[decimal128.Num](arr)[i:j], t.Scale)
	case *arrow.TimestampType:
		c.timestamps(kernel.Values[int64](arr)[i:j], t)
	case *arrow.DurationType:
		c.durations(kernel.Values[int64](arr)[i:j], t.Unit)
	case *arrow.MonthDayNanoIntervalType:
		c.intervals(kernel.Values[arrow.MonthDayNanoInterval](arr)[i:j])
	case *arrow.Time64Type:
		c.times(kernel.Values[int64](arr)[i:j], t.Unit)
	case *arrow.Date32Type:
		c.dates(kernel.Values[int32](arr)[i:j])
	case *arrow.BinaryType:
		c.blobs(kernel.StringsOf(arr), i, j)
	case *arrow.ListType:
		c.lists(arr, t.Elem(), i, j)
	case *arrow.MapType:
		c.maps(arr, t, i, j)
	case *arrow.StructType:
		c.structs(arr, t, i, j)
	case *arrow.StringType, *arrow.DictionaryType:
		c.strings(arr, i, j)
	default:
		if kernel.KindOf(t) == kernel.String { // text of which the type says more
			c.strings(arr, i, j)
			return
		}
		c.others(arr, i, j)
	}
}

func signed[T kernel.Signed](out *cells, values []T) {
	for i, v := range values {
		began := len(out.text)
		out.text = digits.AppendInt(out.text, int64(v))
		out.end(i, began)
	}
}

func unsigned[T uint8 | uint16 | uint32 | uint64](out *cells, values []T) {
	for i, v := range values {
		began := len(out.text)
		out.text = digits.AppendUint(out.text, uint64(v))
		out.end(i, began)
	}
}

func floats[T kernel.Float](out *cells, values []T, bits int, how *dialect) {
	for i, v := range values {
		began := len(out.text)
		out.text = appendFloat(out.text, float64(v), bits, how)
		out.end(i, began)
	}
}

// booleans lets all rows share the two words.
func (c *column) booleans(bitmap []byte, i, j int) {
	no := int32(len(c.own.text))
	yes := no + int32(len("false"))
	c.own.text = append(c.own.text, "falsetrue"...)
	end := int32(len(c.own.text))
	for r := range c.own.from {
		at := i + r
		if bitmap[at>>3]&(1<<(at&7)) != 0 {
			c.own.from[r], c.own.to[r] = yes, end
		} else {
			c.own.from[r], c.own.to[r] = no, yes
		}
	}
}

func (c *column) decimals(values []decimal128.Num, scale int32) {
	for i, v := range values {
		began := len(c.own.text)
		c.own.text = kernel.AppendDecimal(c.own.text, v, int(scale))
		c.own.end(i, began)
	}
}

func (c *column) strings(arr arrow.Array, i, j int) {
	values, valid := kernel.StringsOf(arr), kernel.ValidityOf(arr)
	for r := range c.own.from {
		if valid.Valid(i + r) {
			began := len(c.own.text)
			c.own.text = c.how.text(c.own.text, values.At(i+r))
			c.own.end(r, began)
		}
	}
}

func (c *column) blobs(values kernel.Strings, i, j int) {
	var plain []byte
	for r := range c.own.from {
		began := len(c.own.text)
		plain = functions.AppendBlob(plain[:0], values.Bytes(i+r))
		c.own.text = c.how.quote(c.own.text, unsafe.String(unsafe.SliceData(plain), len(plain)))
		c.own.end(r, began)
	}
}

// others writes types that the language does not make, as Arrow does.
func (c *column) others(arr arrow.Array, i, j int) {
	for r := range c.own.from {
		began := len(c.own.text)
		c.own.text = c.how.text(c.own.text, arr.ValueStr(i+r))
		c.own.end(r, began)
	}
}
