package files

import (
	"bytes"
	"fmt"
	"testing"

	"github.com/apache/arrow/go/v17/arrow"
	"github.com/apache/arrow/go/v17/arrow/array"
	"github.com/apache/arrow/go/v17/arrow/ipc"
	"github.com/apache/arrow/go/v17/arrow/memory"

	"tq/functions"
	"tq/functions/kernel"
)

// TestArrowTypes reads each type that Arrow has from a file and from a stream.
func TestArrowTypes(t *testing.T) {
	ms := &arrow.TimestampType{Unit: arrow.Millisecond, TimeZone: "Europe/Berlin"}
	for _, test := range []struct {
		typ  arrow.DataType
		json string
		name string // of the type that it becomes
		want string
	}{
		{arrow.FixedWidthTypes.Boolean, `[true, null]`, "BOOLEAN", "[true <nil>]"},
		{arrow.PrimitiveTypes.Uint64, `[4503599627370497, null]`, "UBIGINT", "[4503599627370497 <nil>]"},
		{arrow.FixedWidthTypes.Float16, `[1.5, null]`, "FLOAT", "[1.5 <nil>]"},
		{&arrow.Decimal128Type{Precision: 9, Scale: 2}, `["-1.25", null]`, "DECIMAL(9,2)", "[-1.25 <nil>]"},
		{&arrow.Decimal256Type{Precision: 20, Scale: 3}, `["-1.250", null]`, "DECIMAL(20,3)", "[-1.250 <nil>]"},
		{arrow.BinaryTypes.LargeString, `["a", null, ""]`, "VARCHAR", "[a <nil> ]"},
		{arrow.BinaryTypes.StringView, `["a text that is not short", null, "b"]`, "VARCHAR", "[a text that is not short <nil> b]"},
		{arrow.BinaryTypes.LargeBinary, `["AP8=", null]`, "BLOB", `[\x00\xFF <nil>]`},
		{&arrow.FixedSizeBinaryType{ByteWidth: 2}, `["AP8=", null]`, "BLOB", `[\x00\xFF <nil>]`},
		{arrow.FixedWidthTypes.Date64, `["1969-12-31", null]`, "DATE", "[1969-12-31 <nil>]"},
		{arrow.FixedWidthTypes.Time32s, `["01:02:03", null]`, "TIME", "[01:02:03 <nil>]"},
		{arrow.FixedWidthTypes.Time64us, `["01:02:03.000004", null]`, "TIME", "[01:02:03.000004 <nil>]"},
		{ms, `["1969-12-31 23:59:59.999", null]`, "TIMESTAMP WITH TIME ZONE", "[1969-12-31 23:59:59.999+00 <nil>]"},
		{arrow.FixedWidthTypes.Duration_us, `[1500, null]`, "DURATION", "[00:00:00.0015 <nil>]"},
		{arrow.FixedWidthTypes.DayTimeInterval, `[{"days": 1, "milliseconds": 5}, null]`, "INTERVAL", "[1 day 00:00:00.005 <nil>]"},
		{arrow.FixedWidthTypes.MonthDayNanoInterval, `[{"months": 14, "days": -1, "nanoseconds": 7}, null]`, "INTERVAL", "[1 year 2 months -1 day 00:00:00.000000007 <nil>]"},
		{arrow.ListOf(arrow.PrimitiveTypes.Int32), `[[1, null], null, []]`, "INTEGER[]", "[[1, NULL] <nil> []]"},
		{arrow.LargeListOf(arrow.BinaryTypes.String), `[["a", null], null, []]`, "VARCHAR[]", "[[a, NULL] <nil> []]"},
		{arrow.FixedSizeListOf(2, arrow.PrimitiveTypes.Int8), `[[1, 2], null, [3, null]]`, "TINYINT[]", "[[1, 2] <nil> [3, NULL]]"},
		{arrow.MapOf(arrow.BinaryTypes.String, arrow.PrimitiveTypes.Int64), `[[{"key": "k", "value": 1}], null]`, "MAP(VARCHAR, BIGINT)", "[{k=1} <nil>]"},
		{arrow.StructOf(arrow.Field{Name: "a", Type: ms, Nullable: true}), `[{"a": null}, null]`, "STRUCT(a TIMESTAMP WITH TIME ZONE)", "[{'a': NULL} <nil>]"},
		{&arrow.DictionaryType{IndexType: arrow.PrimitiveTypes.Uint8, ValueType: arrow.BinaryTypes.String}, `["x", "y", null, "x"]`, "VARCHAR", "[x y <nil> x]"},
		{&arrow.DictionaryType{IndexType: arrow.PrimitiveTypes.Int64, ValueType: arrow.PrimitiveTypes.Int64}, `[7, 8, null, 7]`, "BIGINT", "[7 8 <nil> 7]"},
		{arrow.Null, `[null, null]`, "INTEGER", "[<nil> <nil>]"},
	} {
		a, _, err := array.FromJSON(memory.DefaultAllocator, test.typ, bytes.NewReader([]byte(test.json)))
		if err != nil {
			t.Fatalf("%s: %v", test.typ, err)
		}
		schema := arrow.NewSchema([]arrow.Field{{Name: "c", Type: test.typ, Nullable: true}}, nil)
		whole := array.NewRecord(schema, []arrow.Array{a}, int64(a.Len()))
		for name, data := range map[string][]byte{"file": asFile(t, whole), "stream": asStream(t, whole)} {
			src, _ := readWhole("test", bytes.NewReader(data))
			table, err := openArrow(src, Options{})
			if err != nil {
				t.Errorf("%s in a %s: %v", test.typ, name, err)
				continue
			}
			rows, err := asText(table)
			var got []any
			for _, row := range rows {
				got = append(got, row[0])
			}
			typ := functions.TypeName(table.Schema().Field(0).Type)
			if err != nil || typ != test.name || fmt.Sprint(got) != test.want {
				t.Errorf("%s in a %s is %s %v (%v), want %s %s", test.typ, name, typ, got, err, test.name, test.want)
			}
		}
	}
}

// What cannot be held is refused, with the name of its column.
func TestArrowRefusals(t *testing.T) {
	for typ, json := range map[arrow.DataType]string{
		&arrow.Decimal256Type{Precision: 76, Scale: 0}:                              `[]`,
		arrow.RunEndEncodedOf(arrow.PrimitiveTypes.Int32, arrow.BinaryTypes.String): `[]`,
		&arrow.TimestampType{Unit: arrow.Second}:                                    `["9999-12-31 00:00:00"]`,
	} {
		a, _, err := array.FromJSON(memory.DefaultAllocator, typ, bytes.NewReader([]byte(json)))
		if err != nil {
			t.Fatalf("%s: %v", typ, err)
		}
		schema := arrow.NewSchema([]arrow.Field{{Name: "c", Type: typ, Nullable: true}}, nil)
		src, _ := readWhole("test", bytes.NewReader(asFile(t, array.NewRecord(schema, []arrow.Array{a}, int64(a.Len())))))
		table, err := openArrow(src, Options{})
		if err == nil {
			_, err = asText(table)
		}
		if err == nil || !bytes.Contains([]byte(err.Error()), []byte("column c: ")) {
			t.Errorf("%s: %v", typ, err)
		}
	}
}

func asFile(t *testing.T, rec arrow.Record) []byte {
	t.Helper()
	var out bytes.Buffer
	w, err := ipc.NewFileWriter(&seekable{Buffer: &out}, ipc.WithSchema(rec.Schema()), ipc.WithLZ4())
	if err != nil {
		t.Fatal(err)
	}
	if err := w.Write(rec); err != nil {
		t.Fatal(err)
	}
	if err := w.Close(); err != nil {
		t.Fatal(err)
	}
	return out.Bytes()
}

func asStream(t *testing.T, rec arrow.Record) []byte {
	t.Helper()
	var out bytes.Buffer
	w := ipc.NewWriter(&out, ipc.WithSchema(rec.Schema()))
	if err := w.Write(rec); err != nil {
		t.Fatal(err)
	}
	if err := w.Close(); err != nil {
		t.Fatal(err)
	}
	return out.Bytes()
}

// seekable tells where it is.
type seekable struct{ *bytes.Buffer }

func (s *seekable) Seek(int64, int) (int64, error) { return int64(s.Len()), nil }

// TestArrowRows refuses batches whose rows can't be as many as they say.
func TestArrowRows(t *testing.T) {
	column, err := kernel.FromAny(arrow.PrimitiveTypes.Int64, 1, 2, 3)
	if err != nil {
		t.Fatal(err)
	}
	schema := arrow.NewSchema([]arrow.Field{{Name: "a", Type: column.DataType()}}, nil)
	f := func(rec arrow.Record, want string) {
		t.Helper()
		if err := checkRows(rec, 100); fmt.Sprint(err) != want {
			t.Errorf("%v, want %s", err, want)
		}
	}
	f(array.NewRecord(schema, []arrow.Array{column}, 3), "<nil>")
	f(array.NewRecord(schema, []arrow.Array{column}, 2), "a batch of 2 rows has 3 of column a")
	f(array.NewRecord(arrow.NewSchema(nil, nil), nil, 1<<40), "a batch says that it has 1099511627776 rows")
}

// TestArrowClaims changes every byte of what files say about themselves: they are read or
// refused, and nothing takes the memory that they claim to need.
func TestArrowClaims(t *testing.T) {
	column, err := kernel.FromAny(arrow.PrimitiveTypes.Int64, 1, 2, 3)
	if err != nil {
		t.Fatal(err)
	}
	typ := arrow.StructOf(arrow.Field{Name: "x", Type: arrow.ListOf(arrow.BinaryTypes.String), Nullable: true})
	schema := arrow.NewSchema([]arrow.Field{{Name: "a", Type: column.DataType()}, {Name: "b", Type: typ, Nullable: true}}, nil)
	rec := array.NewRecord(schema, []arrow.Array{column, array.MakeArrayOfNull(memory.DefaultAllocator, typ, 3)}, 3)
	for _, file := range [][]byte{asFile(t, rec), asStream(t, rec)} {
		for i := range file {
			for _, b := range []byte{0x00, 0x7f, 0xff, file[i] ^ 0x10} {
				damaged := bytes.Clone(file)
				damaged[i] = b
				src, _ := readWhole("test", bytes.NewReader(damaged))
				if table, err := openArrow(src, Options{}); err == nil {
					asText(table)
				}
			}
		}
	}
}
