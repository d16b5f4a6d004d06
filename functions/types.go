package functions

import "github.com/apache/arrow/go/v17/arrow"

// The SQL types are Arrow's; these are the ones the language makes. Strings may be
// dictionary-encoded wherever VARCHAR stands: both forms are the one SQL type.
var (
	Null      arrow.DataType = arrow.Null
	Boolean   arrow.DataType = arrow.FixedWidthTypes.Boolean
	TinyInt   arrow.DataType = arrow.PrimitiveTypes.Int8
	SmallInt  arrow.DataType = arrow.PrimitiveTypes.Int16
	Integer   arrow.DataType = arrow.PrimitiveTypes.Int32
	BigInt    arrow.DataType = arrow.PrimitiveTypes.Int64
	UTinyInt  arrow.DataType = arrow.PrimitiveTypes.Uint8
	USmallInt arrow.DataType = arrow.PrimitiveTypes.Uint16
	UInteger  arrow.DataType = arrow.PrimitiveTypes.Uint32
	UBigInt   arrow.DataType = arrow.PrimitiveTypes.Uint64
	HugeInt   arrow.DataType = &arrow.Decimal128Type{Precision: 38, Scale: 0}
	Float     arrow.DataType = arrow.PrimitiveTypes.Float32
	Double    arrow.DataType = arrow.PrimitiveTypes.Float64
	Varchar   arrow.DataType = arrow.BinaryTypes.String
	Blob      arrow.DataType = arrow.BinaryTypes.Binary
	Date      arrow.DataType = arrow.FixedWidthTypes.Date32
	Time      arrow.DataType = arrow.FixedWidthTypes.Time64ns
	Timestamp arrow.DataType = &arrow.TimestampType{Unit: arrow.Nanosecond}
	// TimestampTZ is the same nanoseconds as Timestamp, which are a point of time either way;
	// its text says by how much the session's zone is ahead of UTC then.
	TimestampTZ arrow.DataType = &arrow.TimestampType{Unit: arrow.Nanosecond, TimeZone: "UTC"}

	// Duration is a length of time, nanoseconds; Interval one of the calendar, whose months
	// and days have no fixed length. See interval.go for where each is made.
	Duration arrow.DataType = arrow.FixedWidthTypes.Duration_ns
	Interval arrow.DataType = arrow.FixedWidthTypes.MonthDayNanoInterval

	// JSON is text that is one JSON value. Columns of it are columns of text; that they are
	// more only the type says.
	JSON arrow.DataType = &jsonType{}

	// DictVarchar is VARCHAR as captures hold it: int32 codes into a dictionary.
	DictVarchar arrow.DataType = &arrow.DictionaryType{IndexType: arrow.PrimitiveTypes.Int32, ValueType: arrow.BinaryTypes.String}

	// These are placeholders in signatures, never types of values. AnyNumber and AnyList
	// take every number and list as it is; AnyDecimal takes every DECIMAL, and whole
	// numbers as the DECIMAL that holds them; SameList takes a list of what is [SameAny],
	// FirstList one of what the first argument is, SameKeys and SameItems a map whose keys, or values, are.
	Any        arrow.DataType = placeholder("any")
	SameAny    arrow.DataType = placeholder("T")
	AnyNumber  arrow.DataType = placeholder("number")
	AnyDecimal arrow.DataType = placeholder("DECIMAL")
	AnyList    arrow.DataType = placeholder("list")
	SameList   arrow.DataType = placeholder("T[]")
	FirstList  arrow.DataType = placeholder("any[]")
	AnyMap     arrow.DataType = placeholder("map")
	SameKeys   arrow.DataType = placeholder("MAP(T, any)")
	SameItems  arrow.DataType = placeholder("MAP(any, T)")

	// Lambda is the parameter of functions that lang/sem binds by itself: a function of
	// list elements, which is no value.
	Lambda arrow.DataType = placeholder("lambda")
)

// jsonType is Arrow's type of text under another name.
type jsonType struct{ arrow.StringType }

// IsJSON reports whether a type is [JSON].
func IsJSON(dt arrow.DataType) bool {
	_, ok := dt.(*jsonType)
	return ok
}

// StoredType is the type of Arrow's own that columns of a type have in files: JSON is text
// there.
func StoredType(dt arrow.DataType) arrow.DataType {
	switch t := dt.(type) {
	case *jsonType:
		return Varchar
	case *arrow.ListType:
		return arrow.ListOf(StoredType(t.Elem()))
	case *arrow.MapType:
		return MapOf(StoredType(t.KeyType()), StoredType(t.ItemType()))
	case *arrow.StructType:
		fields := t.Fields()
		for i := range fields {
			fields[i].Type = StoredType(fields[i].Type)
		}
		return arrow.StructOf(fields...)
	}
	return dt
}

const placeholderZone = "placeholder:"

// placeholder is the type of a parameter that takes many types.
func placeholder(name string) arrow.DataType {
	return &arrow.TimestampType{Unit: arrow.Second, TimeZone: placeholderZone + name}
}
