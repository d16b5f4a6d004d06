package functions

import (
	"math"
	"strconv"
	"strings"
	"time"

	"github.com/apache/arrow/go/v17/arrow"
	"github.com/apache/arrow/go/v17/arrow/array"
	"github.com/apache/arrow/go/v17/arrow/decimal128"

	"tq/functions/digits"
	"tq/functions/kernel"
)

// format converts anything to VARCHAR.
func (c *caster) format(a arrow.Array) (arrow.Array, error) {
	text := textOf(a, c.env.Zone)
	b := kernel.NewStringBuilder(c.n)
	for i := range c.n {
		if !c.valid.Valid(i) {
			b.AppendNull()
			continue
		}
		b.SetBuffer(text(b.Buffer(), i))
	}
	return b.Finish(Varchar)
}

// textOf returns the function that writes row i, which is not NULL, as text.
func textOf(a arrow.Array, zone *time.Location) func(b []byte, i int) []byte {
	switch a.DataType().ID() {
	case arrow.NULL: // there is no row that is not NULL
		return func(b []byte, _ int) []byte { return b }
	case arrow.STRING, arrow.DICTIONARY:
		s := kernel.StringsOf(a)
		return func(b []byte, i int) []byte { return append(b, s.At(i)...) }
	case arrow.BINARY:
		s := kernel.StringsOf(a)
		return func(b []byte, i int) []byte { return AppendBlob(b, s.Bytes(i)) }
	case arrow.DATE32:
		v := kernel.Values[int32](a)
		return func(b []byte, i int) []byte { return AppendDate(b, int64(v[i])) }
	case arrow.TIME64:
		v := kernel.Values[int64](a)
		return func(b []byte, i int) []byte { return appendClock(b, v[i]) }
	case arrow.TIMESTAMP:
		v, zoned := kernel.Values[int64](a), isZoned(a.DataType())
		return func(b []byte, i int) []byte {
			b = appendTimestamp(b, v[i], zone)
			if zoned {
				b = AppendOffset(b, v[i], zone)
			}
			return b
		}
	case arrow.DURATION:
		v := kernel.Values[int64](a)
		return func(b []byte, i int) []byte { return AppendInterval(b, intervalOf(v[i])) }
	case arrow.INTERVAL_MONTH_DAY_NANO:
		v := kernel.Values[interval](a)
		return func(b []byte, i int) []byte { return AppendInterval(b, v[i]) }
	case arrow.BOOL:
		v := kernel.Bitmap(kernel.Bits(a))
		return func(b []byte, i int) []byte { return strconv.AppendBool(b, v.Get(i)) }
	case arrow.FLOAT32:
		v := kernel.Values[float32](a)
		return func(b []byte, i int) []byte { return AppendFloat(b, float64(v[i]), 32) }
	case arrow.FLOAT64:
		v := kernel.Values[float64](a)
		return func(b []byte, i int) []byte { return AppendFloat(b, v[i], 64) }
	case arrow.DECIMAL128:
		v := kernel.Values[decimal128.Num](a)
		_, scale := decimalShape(a.DataType())
		return func(b []byte, i int) []byte { return kernel.AppendDecimal(b, v[i], scale) }
	case arrow.UINT64:
		v := kernel.Values[uint64](a)
		return func(b []byte, i int) []byte { return digits.AppendUint(b, v[i]) }
	case arrow.LIST:
		return listText(a, zone)
	case arrow.MAP:
		return mapText(a, zone)
	case arrow.STRUCT:
		return structText(a.(*array.Struct), zone)
	}
	v := kernel.Int64s(a)
	return func(b []byte, i int) []byte { return digits.AppendInt(b, v[i]) }
}

func listText(a arrow.Array, zone *time.Location) func(b []byte, i int) []byte {
	offsets, values := kernel.ListParts(a)
	elem := elementText(values, a.DataType().(*arrow.ListType).Elem(), zone)
	return func(b []byte, i int) []byte {
		b = append(b, '[')
		for j := offsets[i]; j < offsets[i+1]; j++ {
			if j > offsets[i] {
				b = append(b, ", "...)
			}
			b = elem(b, int(j))
		}
		return append(b, ']')
	}
}

func mapText(a arrow.Array, zone *time.Location) func(b []byte, i int) []byte {
	offsets, entries := kernel.ListParts(a)
	keyType, itemType := mapParts(a.DataType())
	key := elementText(kernel.StructField(entries, keyField), keyType, zone)
	item := elementText(kernel.StructField(entries, itemField), itemType, zone)
	return func(b []byte, i int) []byte {
		b = append(b, '{')
		for j := int(offsets[i]); j < int(offsets[i+1]); j++ {
			if j > int(offsets[i]) {
				b = append(b, ", "...)
			}
			b = item(append(key(b, j), '='), j)
		}
		return append(b, '}')
	}
}

func structText(a *array.Struct, zone *time.Location) func(b []byte, i int) []byte {
	st := a.DataType().(*arrow.StructType)
	fields := make([]func(b []byte, i int) []byte, st.NumFields())
	for f := range fields {
		fields[f] = elementText(kernel.StructField(a, f), st.Field(f).Type, zone)
	}
	open, end := byte('{'), byte('}')
	if st.NumFields() > 0 && st.Field(0).Name == "" {
		open, end = '(', ')'
	}
	return func(b []byte, i int) []byte {
		b = append(b, open)
		for f, text := range fields {
			if f > 0 {
				b = append(b, ", "...)
			}
			if name := st.Field(f).Name; name != "" {
				b = append(b, '\'')
				b = append(b, name...)
				b = append(b, "': "...)
			}
			b = text(b, i)
		}
		return append(b, end)
	}
}

// elementText writes a part of a list, map or struct: NULL by its name, and in quotes what
// could be misread.
func elementText(a arrow.Array, dt arrow.DataType, zone *time.Location) func(b []byte, i int) []byte {
	text, valid, quote := textOf(a, zone), kernel.ValidityOf(a), isString(dt) && !IsJSON(dt)
	switch dt.ID() {
	case arrow.TIMESTAMP, arrow.TIME64, arrow.DURATION, arrow.INTERVAL_MONTH_DAY_NANO:
		quote = true
	}
	return func(b []byte, i int) []byte {
		switch {
		case !valid.Valid(i):
			return append(b, "NULL"...)
		case quote:
			return AppendElement(b, string(text(nil, i)))
		}
		return text(b, i)
	}
}

// AppendElement writes a string inside a list or struct: in quotes if it could be taken
// for something else.
func AppendElement(b []byte, s string) []byte {
	if !needsQuotes(s) {
		return append(b, s...)
	}
	b = append(b, '\'')
	b = append(b, elementEscapes.Replace(s)...)
	return append(b, '\'')
}

var elementEscapes = strings.NewReplacer(`\`, `\\`, `'`, `\'`)

func needsQuotes(s string) bool {
	return s == "" || strings.EqualFold(s, "null") || strings.TrimSpace(s) != s || strings.ContainsAny(s, `,[]{}()'"\:=`)
}

// AppendFloat writes the shortest digits that read back as the same number, as DuckDB
// lays them out: 1.0, 0.1, 1e+16, 1e-05, inf, nan.
func AppendFloat(b []byte, f float64, bits int) []byte {
	switch {
	case math.IsNaN(f):
		return append(b, "nan"...)
	case math.IsInf(f, 1):
		return append(b, "inf"...)
	case math.IsInf(f, -1):
		return append(b, "-inf"...)
	}
	if abs := math.Abs(f); abs != 0 && (abs < 1e-4 || abs >= 1e16) {
		return strconv.AppendFloat(b, f, 'e', -1, bits)
	}
	at := len(b)
	b = strconv.AppendFloat(b, f, 'f', -1, bits)
	if !strings.Contains(string(b[at:]), ".") {
		b = append(b, ".0"...)
	}
	return b
}

// AppendBlob writes bytes as text: printable ASCII as it is, the rest as \xHH.
func AppendBlob(b, blob []byte) []byte {
	const hex = "0123456789ABCDEF"
	for _, c := range blob {
		if c >= ' ' && c <= '~' && c != '\\' && c != '\'' && c != '"' {
			b = append(b, c)
			continue
		}
		b = append(b, '\\', 'x', hex[c>>4], hex[c&15])
	}
	return b
}
