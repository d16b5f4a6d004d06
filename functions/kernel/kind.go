package kernel

import (
	"github.com/apache/arrow/go/v17/arrow"
	"github.com/apache/arrow/go/v17/arrow/decimal128"
)

// Kind is how an array lies in memory, which is what a loop has to know: TIMESTAMP,
// DURATION and BIGINT are all [Int64].
type Kind uint8

// The kinds of arrays. String stands for VARCHAR and BLOB, Dict for strings by int32
// codes. A MAP is a List of structs of a key and a value.
const (
	Null Kind = iota
	Bool
	Int8
	Int16
	Int32
	Int64
	Uint8
	Uint16
	Uint32
	Uint64
	Float32
	Float64
	Decimal
	Interval
	String
	Dict
	List
	Struct
)

// Integer is the Go types of whole numbers.
type Integer interface {
	int8 | int16 | int32 | int64 | uint8 | uint16 | uint32 | uint64
}

// Signed is the Go types of whole numbers with a sign.
type Signed interface {
	int8 | int16 | int32 | int64
}

// Float is the Go types of floating-point numbers.
type Float interface {
	float32 | float64
}

// Number is the Go types of numbers that the processor knows.
type Number interface {
	Integer | Float
}

// Fixed is the Go types of values of fixed width.
type Fixed interface {
	Number | decimal128.Num | arrow.MonthDayNanoInterval
}

// KindOf returns the kind of arrays of a type.
func KindOf(dt arrow.DataType) Kind {
	switch dt.ID() {
	case arrow.BOOL:
		return Bool
	case arrow.INT8:
		return Int8
	case arrow.INT16:
		return Int16
	case arrow.INT32, arrow.DATE32:
		return Int32
	case arrow.INT64, arrow.TIMESTAMP, arrow.DURATION, arrow.TIME64:
		return Int64
	case arrow.UINT8:
		return Uint8
	case arrow.UINT16:
		return Uint16
	case arrow.UINT32:
		return Uint32
	case arrow.UINT64:
		return Uint64
	case arrow.FLOAT32:
		return Float32
	case arrow.FLOAT64:
		return Float64
	case arrow.DECIMAL128:
		return Decimal
	case arrow.INTERVAL_MONTH_DAY_NANO:
		return Interval
	case arrow.STRING, arrow.BINARY:
		return String
	case arrow.DICTIONARY:
		return Dict
	case arrow.LIST, arrow.MAP:
		return List
	case arrow.STRUCT:
		return Struct
	default:
		return Null
	}
}

// width returns the bytes of a value of a kind of fixed width, else 0.
func (k Kind) width() int {
	switch k {
	case Int8, Uint8:
		return 1
	case Int16, Uint16:
		return 2
	case Int32, Uint32, Float32:
		return 4
	case Int64, Uint64, Float64:
		return 8
	case Decimal, Interval:
		return 16
	default:
		return 0
	}
}
