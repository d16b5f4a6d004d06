package functions

import (
	"fmt"
	"regexp"
	"strconv"
	"strings"

	"github.com/apache/arrow/go/v17/arrow"
)

// typesByName maps DuckDB's type names and their aliases to types.
var typesByName = map[string]arrow.DataType{
	"NULL": Null,

	"BOOLEAN": Boolean, "BOOL": Boolean, "LOGICAL": Boolean,

	"TINYINT": TinyInt, "INT1": TinyInt,
	"SMALLINT": SmallInt, "INT2": SmallInt, "SHORT": SmallInt, "INT16": SmallInt,
	"INTEGER": Integer, "INT4": Integer, "INT": Integer, "SIGNED": Integer, "INT32": Integer,
	"BIGINT": BigInt, "INT8": BigInt, "LONG": BigInt, "INT64": BigInt, "OID": BigInt,
	"HUGEINT": HugeInt, "INT128": HugeInt,
	"UTINYINT": UTinyInt, "UINT8": UTinyInt,
	"USMALLINT": USmallInt, "UINT16": USmallInt,
	"UINTEGER": UInteger, "UINT32": UInteger,
	"UBIGINT": UBigInt, "UINT64": UBigInt,

	"FLOAT": Float, "FLOAT4": Float, "REAL": Float,
	"DOUBLE": Double, "FLOAT8": Double, "DOUBLE PRECISION": Double,

	"VARCHAR": Varchar, "TEXT": Varchar, "STRING": Varchar, "CHAR": Varchar, "BPCHAR": Varchar,
	"NVARCHAR": Varchar, "CHARACTER VARYING": Varchar, "CHARACTER": Varchar,
	"JSON": JSON,
	"BLOB": Blob, "BYTEA": Blob, "BINARY": Blob, "VARBINARY": Blob,

	"DATE": Date, "TIME": Time,
	"TIMESTAMP": Timestamp, "DATETIME": Timestamp, "TIMESTAMP_NS": Timestamp, "TIMESTAMP_US": Timestamp,
	"TIMESTAMP WITHOUT TIME ZONE": Timestamp, "TIMESTAMPTZ": TimestampTZ, "TIMESTAMP WITH TIME ZONE": TimestampTZ,
	"DURATION": Duration, "INTERVAL": Interval,
}

// The widths of DECIMAL: as written without parameters, and the most that is possible.
const (
	defaultPrecision = 18
	defaultScale     = 3
	maxPrecision     = 38
)

// ParseType returns the type of a name such as BIGINT, DECIMAL with its arguments, or a
// name followed by [] for each level of lists. Upper and lower case are the same.
func ParseType(name string, args []int) (arrow.DataType, error) {
	name = strings.ToUpper(strings.Join(strings.Fields(name), " "))
	if elem, ok := strings.CutSuffix(name, "[]"); ok {
		dt, err := ParseType(elem, args)
		if err != nil {
			return nil, err
		}
		return arrow.ListOf(dt), nil
	}
	switch name {
	case "DECIMAL", "NUMERIC", "DEC":
		return parseDecimal(name, args)
	}
	dt, ok := typesByName[name]
	if !ok {
		return nil, fmt.Errorf("there is no type %s", name)
	}
	if len(args) > 0 && dt != Varchar {
		return nil, fmt.Errorf("the type %s has no parameters", name)
	}
	return dt, nil
}

// typeArgs is a type's name with its arguments.
var typeArgs = regexp.MustCompile(`^(.*?)\s*\(\s*(\d{1,3})\s*(?:,\s*(\d{1,3})\s*)?\)(.*)$`)

// ParseTypeText returns the type that a text such as DECIMAL(9,2) names.
func ParseTypeText(text string) (arrow.DataType, error) {
	m := typeArgs.FindStringSubmatch(text)
	if m == nil {
		return ParseType(text, nil)
	}
	var args []int
	for _, digits := range m[2:4] {
		if digits != "" {
			n, _ := strconv.Atoi(digits) // they are digits
			args = append(args, n)
		}
	}
	return ParseType(m[1]+m[4], args)
}

func parseDecimal(name string, args []int) (arrow.DataType, error) {
	precision, scale := defaultPrecision, defaultScale
	switch len(args) {
	case 0:
	case 1:
		precision, scale = args[0], 0
	case 2:
		precision, scale = args[0], args[1]
	default:
		return nil, fmt.Errorf("%s has at most two parameters, width and scale", name)
	}
	if precision < 1 || precision > maxPrecision {
		return nil, fmt.Errorf("the width of %s must be between 1 and %d", name, maxPrecision)
	}
	if scale < 0 || scale > precision {
		return nil, fmt.Errorf("the scale of %s must be between 0 and its width", name)
	}
	return decimalOf(precision, scale), nil
}

// TypeNames lists the names that [ParseType] knows, for suggestions.
func TypeNames() []string {
	names := make([]string, 0, len(typesByName)+1)
	for name := range typesByName {
		names = append(names, name)
	}
	return append(names, "DECIMAL")
}

// TypeName returns the SQL name of a type, which [ParseType] understands unless the
// type is a struct.
func TypeName(dt arrow.DataType) string {
	switch t := dt.(type) {
	case *jsonType:
		return "JSON"
	case *arrow.Decimal128Type:
		if t.Precision == maxPrecision && t.Scale == 0 {
			return "HUGEINT"
		}
		return fmt.Sprintf("DECIMAL(%d,%d)", t.Precision, t.Scale)
	case *arrow.DictionaryType:
		return TypeName(t.ValueType)
	case *arrow.ListType:
		return TypeName(t.Elem()) + "[]"
	case *arrow.MapType:
		return "MAP(" + TypeName(t.KeyType()) + ", " + TypeName(t.ItemType()) + ")"
	case *arrow.StructType:
		fields := make([]string, t.NumFields())
		for i, f := range t.Fields() {
			fields[i] = f.Name + " " + TypeName(f.Type)
		}
		return "STRUCT(" + strings.Join(fields, ", ") + ")"
	}
	switch dt {
	case Any, SameAny, AnyNumber, AnyDecimal, AnyList, SameList, FirstList, AnyMap, SameKeys, SameItems, Lambda:
		return strings.TrimPrefix(dt.(*arrow.TimestampType).TimeZone, placeholderZone)
	}
	switch dt.ID() {
	case arrow.NULL:
		return "NULL"
	case arrow.BOOL:
		return "BOOLEAN"
	case arrow.INT8:
		return "TINYINT"
	case arrow.INT16:
		return "SMALLINT"
	case arrow.INT32:
		return "INTEGER"
	case arrow.INT64:
		return "BIGINT"
	case arrow.UINT8:
		return "UTINYINT"
	case arrow.UINT16:
		return "USMALLINT"
	case arrow.UINT32:
		return "UINTEGER"
	case arrow.UINT64:
		return "UBIGINT"
	case arrow.FLOAT32:
		return "FLOAT"
	case arrow.FLOAT64:
		return "DOUBLE"
	case arrow.STRING:
		return "VARCHAR"
	case arrow.BINARY:
		return "BLOB"
	case arrow.DATE32:
		return "DATE"
	case arrow.TIME64:
		return "TIME"
	case arrow.TIMESTAMP:
		if isZoned(dt) {
			return "TIMESTAMP WITH TIME ZONE"
		}
		return "TIMESTAMP"
	case arrow.DURATION:
		return "DURATION"
	case arrow.INTERVAL_MONTH_DAY_NANO:
		return "INTERVAL"
	}
	return strings.ToUpper(dt.String())
}

// Same reports whether two types are one SQL type: plain and dictionary-encoded strings
// are both VARCHAR.
func Same(a, b arrow.DataType) bool {
	if isString(a) && isString(b) {
		return IsJSON(a) == IsJSON(b)
	}
	la, aList := a.(*arrow.ListType)
	lb, bList := b.(*arrow.ListType)
	if aList && bList {
		return Same(la.Elem(), lb.Elem())
	}
	ta, aTime := a.(*arrow.TimestampType)
	tb, bTime := b.(*arrow.TimestampType)
	if aTime && bTime {
		return ta.Unit == tb.Unit && ta.TimeZone == tb.TimeZone
	}
	return arrow.TypeEqual(a, b)
}

// isZoned reports whether a type is TIMESTAMP WITH TIME ZONE.
func isZoned(dt arrow.DataType) bool { return Same(dt, TimestampTZ) }

func isString(dt arrow.DataType) bool {
	return dt.ID() == arrow.STRING || dt.ID() == arrow.DICTIONARY
}

// decimalOf returns DECIMAL(precision, scale).
func decimalOf(precision, scale int) arrow.DataType {
	return &arrow.Decimal128Type{Precision: int32(precision), Scale: int32(scale)}
}
