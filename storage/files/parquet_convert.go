package files

import (
	"encoding/binary"
	"encoding/hex"
	"fmt"
	"math"
	"math/big"

	"github.com/apache/arrow/go/v17/arrow"
	"github.com/apache/arrow/go/v17/arrow/decimal128"
	"github.com/apache/arrow/go/v17/arrow/float16"
	"github.com/apache/arrow/go/v17/parquet"

	"tq/functions"
	"tq/functions/kernel"
)

// leafConverter makes a column of the values of a leaf, none of them NULL. They are a
// slice of the Go type of the leaf's physical type.
type leafConverter func(values any) (arrow.Array, error)

// keep takes values as they are.
func keep[T kernel.Fixed](typ arrow.DataType) leafConverter {
	return func(values any) (arrow.Array, error) {
		return kernel.FromValues(typ, values.([]T), kernel.Validity{}), nil
	}
}

// narrow converts INT32 to a type that is stored in it.
func narrow[T int8 | int16 | uint8 | uint16](typ arrow.DataType) leafConverter {
	return convertEach(typ, func(v int32) (T, error) {
		if int32(T(v)) != v {
			return 0, fmt.Errorf("%d is out of range for %s", v, functions.TypeName(typ))
		}
		return T(v), nil
	})
}

// convertEach converts one value after the other.
func convertEach[From any, To kernel.Fixed](typ arrow.DataType, convert func(From) (To, error)) leafConverter {
	return func(values any) (arrow.Array, error) {
		in := values.([]From)
		out := make([]To, len(in))
		for i, v := range in {
			var err error
			if out[i], err = convert(v); err != nil {
				return nil, err
			}
		}
		return kernel.FromValues(typ, out, kernel.Validity{}), nil
	}
}

func booleans(values any) (arrow.Array, error) {
	return kernel.FromBools(values.([]bool), kernel.Validity{}), nil
}

// timestampType is TIMESTAMPTZ for times that are points of time whatever the zone, and
// TIMESTAMP for what a clock showed.
func timestampType(zoned bool) arrow.DataType {
	if zoned {
		return functions.TimestampTZ
	}
	return functions.Timestamp
}

// timesConverter converts times in units of so many nanoseconds since the epoch.
func timesConverter(typ arrow.DataType, unit int64) leafConverter {
	if unit == 1 {
		return keep[int64](typ)
	}
	return convertEach(typ, func(v int64) (int64, error) { return nanoseconds(v, unit) })
}

// nanoseconds converts a time since the epoch, which may lie beyond what nanoseconds can
// count to: the years 1677 to 2262.
func nanoseconds(v, unit int64) (int64, error) {
	if v > math.MaxInt64/unit || v < math.MinInt64/unit {
		return 0, fmt.Errorf("a time of %d × %d ns since 1970 is beyond what TIMESTAMP can hold, which counts nanoseconds", v, unit)
	}
	return v * unit, nil
}

// timeConverter converts times of day in units of so many nanoseconds.
func timeConverter(t parquet.Type, unit int64) leafConverter {
	switch t {
	case parquet.Types.Int32:
		return convertEach(functions.Time, func(v int32) (int64, error) { return timeOfDay(int64(v), unit) })
	case parquet.Types.Int64:
		return convertEach(functions.Time, func(v int64) (int64, error) { return timeOfDay(v, unit) })
	}
	return nil
}

// dayLength is the length of a day in nanoseconds.
const dayLength = 24 * 60 * 60 * 1e9

func timeOfDay(v, unit int64) (int64, error) {
	if v < 0 || v > dayLength/unit {
		return 0, fmt.Errorf("%d × %d ns is no time of day", v, unit)
	}
	return v * unit, nil
}

// int96Times converts the nanoseconds of a day and the Julian day that Impala and Spark
// wrote once.
var int96Times = convertEach(functions.Timestamp, func(v parquet.Int96) (int64, error) {
	const unixEpoch = 2440588 // as a Julian day
	day := int64(binary.LittleEndian.Uint32(v[8:])) - unixEpoch
	start, err := nanoseconds(day, dayLength)
	ns := start + int64(binary.LittleEndian.Uint64(v[:8]))
	if err == nil && ns < start {
		_, err = nanoseconds(day+1, dayLength)
	}
	return ns, err
})

// intervals converts months, days and milliseconds.
var intervals = convertEach(functions.Interval, func(v parquet.FixedLenByteArray) (arrow.MonthDayNanoInterval, error) {
	months, days, millis := binary.LittleEndian.Uint32(v), binary.LittleEndian.Uint32(v[4:]), binary.LittleEndian.Uint32(v[8:])
	return arrow.MonthDayNanoInterval{Months: int32(months), Days: int32(days), Nanoseconds: int64(int32(millis)) * 1e6}, nil
})

var halves = convertEach(functions.Float, func(v parquet.FixedLenByteArray) (float32, error) {
	return float16.FromLEBytes(v).Float32(), nil
})

// decimalConverter converts the unscaled values of decimals; nil if they cannot be stored
// as that physical type.
func decimalConverter(t parquet.Type, typ *arrow.Decimal128Type) leafConverter {
	switch t {
	case parquet.Types.Int32:
		return convertEach(typ, func(v int32) (decimal128.Num, error) { return decimal128.FromI64(int64(v)), nil })
	case parquet.Types.Int64:
		return convertEach(typ, func(v int64) (decimal128.Num, error) { return decimal128.FromI64(v), nil })
	case parquet.Types.FixedLenByteArray:
		return convertEach(typ, func(v parquet.FixedLenByteArray) (decimal128.Num, error) { return bigEndian(v) })
	case parquet.Types.ByteArray:
		return convertEach(typ, func(v parquet.ByteArray) (decimal128.Num, error) { return bigEndian(v) })
	}
	return nil
}

// bigEndian returns the number that is stored in two's complement, highest byte first.
func bigEndian(b []byte) (decimal128.Num, error) {
	n := new(big.Int).SetBytes(b)
	if len(b) > 0 && b[0]&0x80 != 0 {
		n.Sub(n, new(big.Int).Lsh(big.NewInt(1), uint(8*len(b))))
	}
	return decimalOf(n)
}

func decimalOf(n *big.Int) (decimal128.Num, error) {
	if n.BitLen() > 127 {
		return decimal128.Num{}, fmt.Errorf("%v has more digits than DECIMAL can hold", n)
	}
	return decimal128.FromBigInt(n), nil
}

// bytesConverter converts text and binary strings.
func bytesConverter(typ arrow.DataType) leafConverter {
	return func(values any) (arrow.Array, error) {
		in := values.([]parquet.ByteArray)
		if a, ok := repeatedStrings(in); ok && typ.ID() == arrow.STRING {
			return a, nil
		}
		b := kernel.NewStringBuilder(len(in))
		for _, v := range in {
			b.AppendBytes(v)
		}
		return b.Finish(typ)
	}
}

func fixedBytes(values any) (arrow.Array, error) {
	in := values.([]parquet.FixedLenByteArray)
	b := kernel.NewStringBuilder(len(in))
	for _, v := range in {
		b.AppendBytes(v)
	}
	return b.Finish(functions.Blob)
}

// uuids converts UUIDs to their usual form: 8-4-4-4-12 hexadecimal digits.
func uuids(values any) (arrow.Array, error) {
	in := values.([]parquet.FixedLenByteArray)
	b := kernel.NewStringBuilder(len(in))
	for _, v := range in {
		b.AppendBytes(appendUUID(nil, v))
	}
	return b.Finish(functions.Varchar)
}

func appendUUID(dst, v []byte) []byte {
	at := 0
	for _, n := range []int{4, 2, 2, 2, 6} {
		if at > 0 {
			dst = append(dst, '-')
		}
		dst = hex.AppendEncode(dst, v[at:at+n])
		at += n
	}
	return dst
}
