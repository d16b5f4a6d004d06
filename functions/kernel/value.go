package kernel

import (
	"fmt"
	"math"

	"github.com/apache/arrow/go/v17/arrow"
	"github.com/apache/arrow/go/v17/arrow/array"
	"github.com/apache/arrow/go/v17/arrow/decimal128"
)

// Value returns row i as a Go value: nil, bool, int64 (also for DATE, TIME, TIMESTAMP and
// DURATION, in their units), uint64, float64, decimal128.Num (without the scale),
// arrow.MonthDayNanoInterval, string, []byte for BLOB, and []any for LIST, MAP and STRUCT.
// It is meant for single values, not for loops.
func Value(a arrow.Array, i int) any {
	if a.DataType().ID() == arrow.NULL || a.IsNull(i) {
		return nil
	}
	switch KindOf(a.DataType()) {
	case Bool:
		return a.(*array.Boolean).Value(i)
	case Int8:
		return int64(Values[int8](a)[i])
	case Int16:
		return int64(Values[int16](a)[i])
	case Int32:
		return int64(Values[int32](a)[i])
	case Int64:
		return Values[int64](a)[i]
	case Uint8:
		return uint64(Values[uint8](a)[i])
	case Uint16:
		return uint64(Values[uint16](a)[i])
	case Uint32:
		return uint64(Values[uint32](a)[i])
	case Uint64:
		return Values[uint64](a)[i]
	case Float32:
		return float64(Values[float32](a)[i])
	case Float64:
		return Values[float64](a)[i]
	case Decimal:
		return Values[decimal128.Num](a)[i]
	case Interval:
		return Values[arrow.MonthDayNanoInterval](a)[i]
	case String:
		if a.DataType().ID() == arrow.BINARY {
			return append([]byte{}, StringsOf(a).Bytes(i)...)
		}
		return StringsOf(a).At(i)
	case Dict:
		return StringsOf(a).At(i)
	case List:
		off, values := ListParts(a)
		return valueRange(values, int(off[i]), int(off[i+1]))
	case Struct:
		fields := a.(*array.Struct)
		out := make([]any, fields.NumField())
		for f := range out {
			out[f] = Value(StructField(a, f), i)
		}
		return out
	}
	return nil
}

func valueRange(a arrow.Array, from, to int) []any {
	out := make([]any, 0, to-from)
	for i := from; i < to; i++ {
		out = append(out, Value(a, i))
	}
	return out
}

// Of makes an array of one row of type dt from a Go value as [Value] returns it. Whole
// numbers of any size and sign are taken where they fit.
func Of(dt arrow.DataType, v any) (arrow.Array, error) {
	if v == nil {
		return Nulls(dt, 1), nil
	}
	switch x := v.(type) {
	case int:
		v = int64(x)
	case int32:
		v = int64(x)
	case float32:
		v = float64(x)
	}
	k := KindOf(dt)
	switch x := v.(type) {
	case bool:
		if k == Bool {
			return FromBools([]bool{x}, Validity{}), nil
		}
	case int64:
		return ofInteger(dt, k, x)
	case uint64:
		if k == Uint64 {
			return FromValues(dt, []uint64{x}, Validity{}), nil
		}
		if x <= math.MaxInt64 {
			return ofInteger(dt, k, int64(x))
		}
		if k == Decimal {
			return FromValues(dt, []decimal128.Num{decimal128.FromU64(x)}, Validity{}), nil
		}
	case float64:
		switch k {
		case Float32:
			return FromValues(dt, []float32{float32(x)}, Validity{}), nil
		case Float64:
			return FromValues(dt, []float64{x}, Validity{}), nil
		}
	case decimal128.Num:
		if k == Decimal {
			return FromValues(dt, []decimal128.Num{x}, Validity{}), nil
		}
	case arrow.MonthDayNanoInterval:
		if k == Interval {
			return FromValues(dt, []arrow.MonthDayNanoInterval{x}, Validity{}), nil
		}
	case string:
		switch k {
		case String:
			return FromOffsets(dt, []int32{0, int32(len(x))}, []byte(x), Validity{}), nil
		case Dict:
			return OfString(x), nil
		}
	case []byte:
		if k == String {
			return FromOffsets(dt, []int32{0, int32(len(x))}, append([]byte{}, x...), Validity{}), nil
		}
	case []any:
		switch k {
		case List:
			return ofList(dt.(arrow.ListLikeType), x)
		case Struct:
			return ofStruct(dt.(*arrow.StructType), x)
		}
	}
	return nil, fmt.Errorf("a Go %T is no value of type %s", v, dt)
}

func ofInteger(dt arrow.DataType, k Kind, x int64) (arrow.Array, error) {
	fits := true
	var a arrow.Array
	switch k {
	case Int8:
		a, fits = ofFixed[int8](dt, x)
	case Int16:
		a, fits = ofFixed[int16](dt, x)
	case Int32:
		a, fits = ofFixed[int32](dt, x)
	case Int64:
		a = FromValues(dt, []int64{x}, Validity{})
	case Uint8:
		a, fits = ofFixed[uint8](dt, x)
	case Uint16:
		a, fits = ofFixed[uint16](dt, x)
	case Uint32:
		a, fits = ofFixed[uint32](dt, x)
	case Uint64:
		a, fits = ofFixed[uint64](dt, x)
	case Float32:
		a = FromValues(dt, []float32{float32(x)}, Validity{})
	case Float64:
		a = FromValues(dt, []float64{float64(x)}, Validity{})
	case Decimal:
		a = FromValues(dt, []decimal128.Num{decimal128.FromI64(x)}, Validity{})
	default:
		return nil, fmt.Errorf("a whole number is no value of type %s", dt)
	}
	if !fits {
		return nil, fmt.Errorf("%d is out of range for %s", x, dt)
	}
	return a, nil
}

func ofFixed[T Integer](dt arrow.DataType, x int64) (arrow.Array, bool) {
	v := T(x)
	return FromValues(dt, []T{v}, Validity{}), int64(v) == x && (v >= 0) == (x >= 0)
}

func ofList(dt arrow.ListLikeType, x []any) (arrow.Array, error) {
	values, err := ofAll(dt.Elem(), x)
	if err != nil {
		return nil, err
	}
	return FromLists(dt, []int32{0, int32(len(x))}, values, Validity{}), nil
}

func ofStruct(dt *arrow.StructType, x []any) (arrow.Array, error) {
	if len(x) != dt.NumFields() {
		return nil, fmt.Errorf("%d values for the %d fields of %s", len(x), dt.NumFields(), dt)
	}
	fields := make([]arrow.Array, len(x))
	for i, v := range x {
		f, err := Of(dt.Field(i).Type, v)
		if err != nil {
			return nil, err
		}
		fields[i] = f
	}
	return FromFields(dt, 1, fields, Validity{}), nil
}

func ofAll(dt arrow.DataType, x []any) (arrow.Array, error) {
	if len(x) == 0 {
		return Nulls(dt, 0), nil
	}
	rows := make([]arrow.Array, len(x))
	for i, v := range x {
		a, err := Of(dt, v)
		if err != nil {
			return nil, err
		}
		rows[i] = a
	}
	return Concat(rows)
}

// FromAny makes an array from Go values as [Of] takes them.
func FromAny(dt arrow.DataType, values ...any) (arrow.Array, error) { return ofAll(dt, values) }

// OfBool makes a BOOLEAN of one row.
func OfBool(v bool) arrow.Array { return FromBools([]bool{v}, Validity{}) }

// OfInt32 makes an INTEGER of one row.
func OfInt32(v int32) arrow.Array {
	return FromValues(arrow.PrimitiveTypes.Int32, []int32{v}, Validity{})
}

// OfInt64 makes a BIGINT of one row.
func OfInt64(v int64) arrow.Array {
	return FromValues(arrow.PrimitiveTypes.Int64, []int64{v}, Validity{})
}

// OfFloat64 makes a DOUBLE of one row.
func OfFloat64(v float64) arrow.Array {
	return FromValues(arrow.PrimitiveTypes.Float64, []float64{v}, Validity{})
}

// OfString makes a VARCHAR of one row.
func OfString(v string) arrow.Array {
	return FromOffsets(arrow.BinaryTypes.String, []int32{0, int32(len(v))}, []byte(v), Validity{})
}

// OfTimestamp makes a TIMESTAMP of one row from nanoseconds since the epoch.
func OfTimestamp(ns int64) arrow.Array {
	return FromValues(&arrow.TimestampType{Unit: arrow.Nanosecond}, []int64{ns}, Validity{})
}

// OfDuration makes a DURATION of one row from nanoseconds.
func OfDuration(ns int64) arrow.Array {
	return FromValues(arrow.FixedWidthTypes.Duration_ns, []int64{ns}, Validity{})
}

// Nulls makes n NULLs of a type.
func Nulls(dt arrow.DataType, n int) arrow.Array {
	v := AllNull(n)
	switch k := KindOf(dt); k {
	case Null:
		return array.NewNull(n)
	case Bool:
		return FromBits(make([]byte, bitBytes(n)), n, v)
	case String:
		return FromOffsets(dt, make([]int32, n+1), nil, v)
	case Dict:
		return FromCodes(make([]int32, n), v, FromOffsets(arrow.BinaryTypes.String, []int32{0}, nil, Validity{}))
	case List:
		return FromLists(dt, make([]int32, n+1), Nulls(dt.(arrow.ListLikeType).Elem(), 0), v)
	case Struct:
		st := dt.(*arrow.StructType)
		fields := make([]arrow.Array, st.NumFields())
		for i := range fields {
			fields[i] = Nulls(st.Field(i).Type, n)
		}
		return FromFields(dt, n, fields, v)
	default:
		zero := FromValues(arrow.PrimitiveTypes.Uint8, make([]uint8, n*k.width()), Validity{})
		return array.MakeFromData(array.NewData(dt, n, append(zero.Data().Buffers()[:0:0], v.buffer(), zero.Data().Buffers()[1]), nil, v.Nulls, 0))
	}
}

// Repeat makes n rows of the first row of an array. Strings come out
// dictionary-encoded.
func Repeat(a arrow.Array, n int) arrow.Array {
	dt := a.DataType()
	if n == 0 || dt.ID() == arrow.NULL || a.IsNull(0) {
		return Nulls(dt, n)
	}
	switch KindOf(dt) {
	case Bool:
		bitmap := NewBitmap(n)
		if a.(*array.Boolean).Value(0) {
			bitmap.SetAll(n)
		}
		return FromBits(bitmap, n, Validity{})
	case Int8:
		return repeat[int8](a, n)
	case Int16:
		return repeat[int16](a, n)
	case Int32:
		return repeat[int32](a, n)
	case Int64:
		return repeat[int64](a, n)
	case Uint8:
		return repeat[uint8](a, n)
	case Uint16:
		return repeat[uint16](a, n)
	case Uint32:
		return repeat[uint32](a, n)
	case Uint64:
		return repeat[uint64](a, n)
	case Float32:
		return repeat[float32](a, n)
	case Float64:
		return repeat[float64](a, n)
	case Decimal:
		return repeat[decimal128.Num](a, n)
	case Interval:
		return repeat[arrow.MonthDayNanoInterval](a, n)
	case String:
		if dt.ID() == arrow.STRING {
			return FromCodes(make([]int32, n), Validity{}, Slice(a, 0, 1))
		}
	case Dict:
		return FromCodes(make([]int32, n), Validity{}, OfString(StringsOf(a).At(0)))
	}
	return Take(a, make([]int32, n))
}

func repeat[T Fixed](a arrow.Array, n int) arrow.Array {
	out := make([]T, n)
	v := Values[T](a)[0]
	for i := range out {
		out[i] = v
	}
	return FromValues(a.DataType(), out, Validity{})
}

// Full returns the n rows of a column as an array: constants are repeated.
func Full(v Vec, n int) arrow.Array {
	if v.Const {
		return Repeat(v.Array, n)
	}
	return v.Array
}
