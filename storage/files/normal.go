package files

import (
	"errors"
	"fmt"

	"github.com/apache/arrow/go/v17/arrow"
	"github.com/apache/arrow/go/v17/arrow/array"
	"github.com/apache/arrow/go/v17/arrow/decimal128"

	"tq/functions"
	"tq/functions/kernel"
)

// normalType returns the type that stands for one of Arrow's where functions are: there is
// one width of offsets, one unit of time.
func normalType(t arrow.DataType) (arrow.DataType, error) {
	switch t := t.(type) {
	case *arrow.NullType:
		return functions.Integer, nil
	case *arrow.BooleanType, *arrow.Int8Type, *arrow.Int16Type, *arrow.Int32Type, *arrow.Int64Type,
		*arrow.Uint8Type, *arrow.Uint16Type, *arrow.Uint32Type, *arrow.Uint64Type,
		*arrow.Float32Type, *arrow.Float64Type, *arrow.Date32Type:
		return t, nil
	case *arrow.Float16Type:
		return functions.Float, nil
	case *arrow.Decimal128Type:
		if t.Precision >= 1 && t.Precision <= 38 && t.Scale >= 0 && t.Scale <= t.Precision {
			return t, nil
		}
	case *arrow.Decimal256Type:
		if t.Precision >= 1 && t.Precision <= 38 && t.Scale >= 0 && t.Scale <= t.Precision {
			return &arrow.Decimal128Type{Precision: t.Precision, Scale: t.Scale}, nil
		}
	case *arrow.StringType, *arrow.LargeStringType, *arrow.StringViewType:
		return functions.Varchar, nil
	case *arrow.BinaryType, *arrow.LargeBinaryType, *arrow.BinaryViewType, *arrow.FixedSizeBinaryType:
		return functions.Blob, nil
	case *arrow.Date64Type:
		return functions.Date, nil
	case *arrow.Time32Type, *arrow.Time64Type:
		return functions.Time, nil
	case *arrow.TimestampType:
		return timestampType(t.TimeZone != ""), nil
	case *arrow.DurationType:
		return functions.Duration, nil
	case *arrow.DayTimeIntervalType, *arrow.MonthDayNanoIntervalType, *arrow.MonthIntervalType:
		return functions.Interval, nil
	case *arrow.DictionaryType:
		if isText(t.ValueType) {
			return functions.DictVarchar, nil
		}
		return normalType(t.ValueType)
	case arrow.ExtensionType:
		return normalType(t.StorageType())
	case *arrow.StructType:
		return normalStruct(t)
	case *arrow.ListType:
		return normalList(t.Elem())
	case *arrow.LargeListType:
		return normalList(t.Elem())
	case *arrow.FixedSizeListType:
		return normalList(t.Elem())
	case *arrow.MapType:
		return normalMap(t)
	}
	return nil, fmt.Errorf("its type, %s, has no counterpart here", t)
}

func normalList(elem arrow.DataType) (arrow.DataType, error) {
	typ, err := normalType(elem)
	if err != nil {
		return nil, err
	}
	return arrow.ListOf(typ), nil
}

func normalMap(t *arrow.MapType) (arrow.DataType, error) {
	key, err := normalType(t.KeyType())
	if err != nil {
		return nil, err
	}
	item, err := normalType(t.ItemType())
	if err != nil {
		return nil, err
	}
	return functions.MapOf(key, item), nil
}

func normalStruct(t *arrow.StructType) (arrow.DataType, error) {
	if t.NumFields() == 0 {
		return nil, errors.New("a STRUCT without fields cannot be read")
	}
	fields := make([]arrow.Field, t.NumFields())
	for i, f := range t.Fields() {
		typ, err := normalType(f.Type)
		if err != nil {
			return nil, err
		}
		fields[i] = arrow.Field{Name: f.Name, Type: typ, Nullable: true}
	}
	return arrow.StructOf(distinctNames(fields)...), nil
}

func isText(t arrow.DataType) bool {
	return t.ID() == arrow.STRING || t.ID() == arrow.LARGE_STRING || t.ID() == arrow.STRING_VIEW
}

// normalArray converts an array to the type that stands for its own.
func normalArray(a arrow.Array) (arrow.Array, error) {
	typ, err := normalType(a.DataType())
	if err != nil {
		return nil, err
	}
	v := kernel.ValidityOf(a)
	switch a := a.(type) {
	case *array.Null:
		return kernel.Nulls(typ, a.Len()), nil
	case *array.Float16:
		return convertRows(a, typ, v, func(i int) (float32, error) { return a.Value(i).Float32(), nil })
	case *array.Decimal256:
		return convertRows(a, typ, v, func(i int) (decimal128.Num, error) { return decimalOf(a.Value(i).BigInt()) })
	case *array.Date64:
		return convertRows(a, typ, v, func(i int) (int32, error) { return int32(int64(a.Value(i)) / 86400000), nil })
	case *array.Time32:
		unit := unitOf(a.DataType().(*arrow.Time32Type).Unit)
		return convertRows(a, typ, v, func(i int) (int64, error) { return timeOfDay(int64(a.Value(i)), unit) })
	case *array.Time64:
		unit := unitOf(a.DataType().(*arrow.Time64Type).Unit)
		return convertRows(a, typ, v, func(i int) (int64, error) { return timeOfDay(int64(a.Value(i)), unit) })
	case *array.Timestamp:
		unit := unitOf(a.DataType().(*arrow.TimestampType).Unit)
		return convertRows(a, typ, v, func(i int) (int64, error) { return nanoseconds(int64(a.Value(i)), unit) })
	case *array.Duration:
		unit := unitOf(a.DataType().(*arrow.DurationType).Unit)
		return convertRows(a, typ, v, func(i int) (int64, error) { return nanoseconds(int64(a.Value(i)), unit) })
	case *array.MonthInterval:
		return convertRows(a, typ, v, func(i int) (arrow.MonthDayNanoInterval, error) {
			return arrow.MonthDayNanoInterval{Months: int32(a.Value(i))}, nil
		})
	case *array.DayTimeInterval:
		return convertRows(a, typ, v, func(i int) (arrow.MonthDayNanoInterval, error) {
			return arrow.MonthDayNanoInterval{Days: a.Value(i).Days, Nanoseconds: int64(a.Value(i).Milliseconds) * 1e6}, nil
		})
	case *array.LargeString:
		return normalBytes(a.Len(), typ, v, func(i int) string { return a.Value(i) })
	case *array.StringView:
		return normalBytes(a.Len(), typ, v, a.Value)
	case *array.LargeBinary:
		return normalBytes(a.Len(), typ, v, a.Value)
	case *array.BinaryView:
		return normalBytes(a.Len(), typ, v, a.Value)
	case *array.FixedSizeBinary:
		return normalBytes(a.Len(), typ, v, a.Value)
	case *array.Dictionary:
		return normalDictionary(a, v)
	case array.ExtensionArray:
		return normalArray(a.Storage())
	case *array.Struct:
		return normalFields(a, typ, v)
	case array.ListLike: // lists of all kinds and maps
		return normalLists(a, typ, v)
	}
	return kernel.Retype(a, typ), nil
}

// unitOf is the length of a unit of time in nanoseconds.
func unitOf(u arrow.TimeUnit) int64 {
	return [...]int64{arrow.Second: 1e9, arrow.Millisecond: 1e6, arrow.Microsecond: 1e3, arrow.Nanosecond: 1}[u]
}

// convertRows converts the rows that are not NULL.
func convertRows[T kernel.Fixed](a arrow.Array, typ arrow.DataType, v kernel.Validity, convert func(i int) (T, error)) (arrow.Array, error) {
	out := make([]T, a.Len())
	for i := range out {
		if !v.Valid(i) {
			continue
		}
		var err error
		if out[i], err = convert(i); err != nil {
			return nil, err
		}
	}
	return kernel.FromValues(typ, out, v), nil
}

func normalBytes[T string | []byte](n int, typ arrow.DataType, v kernel.Validity, value func(i int) T) (arrow.Array, error) {
	b := kernel.NewStringBuilder(n)
	for i := range n {
		if v.Valid(i) {
			b.AppendBytes([]byte(value(i)))
		} else {
			b.AppendNull()
		}
	}
	return b.Finish(typ)
}

// normalDictionary gives a column codes of 32 bits into values that are distinct.
func normalDictionary(a *array.Dictionary, v kernel.Validity) (arrow.Array, error) {
	values, err := normalArray(a.Dictionary())
	if err != nil {
		return nil, err
	}
	codes := make([]int32, a.Len())
	for i := range codes {
		if !v.Valid(i) {
			codes[i] = -1
			continue
		}
		code := a.GetValueIndex(i)
		if code < 0 || code >= values.Len() {
			return nil, fmt.Errorf("code %d of a dictionary of %d values", code, values.Len())
		}
		codes[i] = int32(code)
	}
	if values.DataType().ID() == arrow.STRING {
		return kernel.Recode(values, codes, v), nil
	}
	return kernel.TakeNullable(values, codes), nil
}

func normalFields(a *array.Struct, typ arrow.DataType, v kernel.Validity) (arrow.Array, error) {
	fields := make([]arrow.Array, a.NumField())
	for i := range fields {
		var err error
		if fields[i], err = normalArray(kernel.StructField(a, i)); err != nil {
			return nil, err
		}
	}
	return kernel.FromFields(typ, a.Len(), fields, v), nil
}

func normalLists(a array.ListLike, typ arrow.DataType, v kernel.Validity) (arrow.Array, error) {
	values, err := normalArray(a.ListValues())
	if err != nil {
		return nil, err
	}
	offsets := make([]int32, 1, a.Len()+1)
	rows := make([]int32, 0, values.Len())
	for i := range a.Len() {
		if v.Valid(i) {
			start, end := a.ValueOffsets(i)
			if start < 0 || end < start || end > int64(values.Len()) {
				return nil, errors.New("the offsets of a list do not fit its values")
			}
			for k := start; k < end; k++ {
				rows = append(rows, int32(k))
			}
		}
		offsets = append(offsets, int32(len(rows)))
	}
	return listsOrMaps(typ, offsets, kernel.Take(values, rows), v)
}

// listsOrMaps makes lists of elements or, where that is the type, maps of structs.
func listsOrMaps(typ arrow.DataType, offsets []int32, values arrow.Array, v kernel.Validity) (arrow.Array, error) {
	m, ok := typ.(*arrow.MapType)
	if !ok {
		return kernel.FromLists(typ, offsets, values, v), nil
	}
	keys, err := kernel.Plain(kernel.StructField(values, 0))
	if err != nil {
		return nil, err
	}
	items, err := kernel.Plain(kernel.StructField(values, 1))
	if err != nil {
		return nil, err
	}
	if kernel.ValidityOf(values).Nulls > 0 || kernel.ValidityOf(keys).Nulls > 0 {
		return nil, errors.New("a key of a map is NULL")
	}
	entries := kernel.FromFields(m.Elem(), values.Len(), []arrow.Array{keys, items}, kernel.Validity{})
	return kernel.FromLists(typ, offsets, entries, v), nil
}

// checkArray finds offsets of strings that point outside their bytes, which Arrow's reader
// takes from a file as they are.
func checkArray(a arrow.Array) error {
	switch kernel.KindOf(a.DataType()) {
	case kernel.Null, kernel.Dict, kernel.Bool:
		return nil
	case kernel.String:
		return checkOffsets(a)
	case kernel.Struct:
		for i := range a.DataType().(*arrow.StructType).NumFields() {
			if err := checkArray(kernel.StructField(a, i)); err != nil {
				return err
			}
		}
		return nil
	case kernel.List:
		_, values := kernel.ListParts(a)
		return checkArray(values)
	}
	width := a.DataType().(arrow.FixedWidthDataType).BitWidth() / 8
	if b := a.Data().Buffers()[1]; a.Len() > 0 && (b == nil || b.Len() < (a.Data().Offset()+a.Len())*width) {
		return errors.New("there are fewer values than rows")
	}
	return nil
}

func checkOffsets(a arrow.Array) error {
	if a.Len() == 0 {
		return nil
	}
	d := a.Data()
	if len(d.Buffers()) < 3 || d.Buffers()[1] == nil || d.Buffers()[1].Len() < 4*(d.Offset()+d.Len()+1) {
		return errors.New("there are fewer texts than rows")
	}
	size := 0
	if d.Buffers()[2] != nil {
		size = d.Buffers()[2].Len()
	}
	offsets := arrow.Int32Traits.CastFromBytes(d.Buffers()[1].Bytes())[d.Offset() : d.Offset()+d.Len()+1]
	last := int32(0)
	for _, at := range offsets {
		if at < last || int(at) > size {
			return errors.New("the offsets of a text do not fit its bytes")
		}
		last = at
	}
	return nil
}
