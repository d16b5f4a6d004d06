package render

import (
	"bytes"
	"encoding/csv"
	"encoding/json"
	"fmt"
	"io"
	"math"
	"strings"
	"testing"
	"time"

	"github.com/apache/arrow/go/v17/arrow"
	"github.com/apache/arrow/go/v17/arrow/array"
	"github.com/apache/arrow/go/v17/arrow/decimal128"
	"github.com/apache/arrow/go/v17/arrow/memory"

	"tq/functions/kernel"
)

// batch is columns in memory.
type batch []arrow.Array

func (b batch) NumRows() int                      { return b[0].Len() }
func (b batch) Column(i int) (arrow.Array, error) { return b[i], nil }
func (b batch) Print(columns []int, print func([]kernel.Text)) error {
	var texts []kernel.Text
	for _, i := range columns {
		texts = append(texts, kernel.TextOf(b[i]))
	}
	print(texts)
	return nil
}

// build makes an array; nil is NULL.
func build(dt arrow.DataType, values ...any) arrow.Array {
	b := array.NewBuilder(memory.DefaultAllocator, dt)
	for _, v := range values {
		if v == nil {
			b.AppendNull()
			continue
		}
		if s, ok := v.(string); ok && dt.ID() != arrow.DICTIONARY {
			if err := b.AppendValueFromString(s); err != nil {
				panic(err)
			}
			continue
		}
		switch b := b.(type) {
		case *array.BinaryDictionaryBuilder:
			if err := b.AppendString(v.(string)); err != nil {
				panic(err)
			}
		case *array.TimestampBuilder:
			b.Append(arrow.Timestamp(v.(int)))
		case *array.DurationBuilder:
			b.Append(arrow.Duration(v.(int)))
		case *array.Time64Builder:
			b.Append(arrow.Time64(v.(int)))
		case *array.Float64Builder:
			b.Append(v.(float64))
		case *array.Decimal128Builder:
			b.Append(v.(decimal128.Num))
		case *array.BinaryBuilder:
			b.Append(v.([]byte))
		case *array.StringBuilder:
			b.Append(string(v.([]byte)))
		default:
			if err := b.AppendValueFromString(fmt.Sprint(v)); err != nil {
				panic(err)
			}
		}
	}
	return b.NewArray()
}

var (
	dictText  = &arrow.DictionaryType{IndexType: arrow.PrimitiveTypes.Int32, ValueType: arrow.BinaryTypes.String}
	timestamp = &arrow.TimestampType{Unit: arrow.Nanosecond}
	duration  = arrow.FixedWidthTypes.Duration_ns
	list      = arrow.ListOf(arrow.BinaryTypes.String)
	record    = arrow.StructOf(arrow.Field{Name: "a", Type: arrow.PrimitiveTypes.Int64}, arrow.Field{Name: "b", Type: arrow.BinaryTypes.String})
)

func fieldsOf(names string, b batch) *arrow.Schema {
	var fields []arrow.Field
	for i, name := range strings.Split(names, ",") {
		fields = append(fields, arrow.Field{Name: name, Type: b[i].DataType(), Nullable: true})
	}
	return arrow.NewSchema(fields, nil)
}

// draw renders batches in a format.
func draw(t *testing.T, format, names string, o Options, batches ...batch) string {
	t.Helper()
	f, ok := Lookup(format)
	if !ok {
		t.Fatalf("no format %q", format)
	}
	var out bytes.Buffer
	w := f.New(&out, fieldsOf(names, batches[0]), o)
	for _, b := range batches {
		if b.NumRows() == 0 {
			continue
		}
		if err := w.Write(b); err != nil {
			t.Fatal(err)
		}
	}
	if err := w.Close(); err != nil {
		t.Fatal(err)
	}
	return out.String()
}

func TestValues(t *testing.T) {
	f := func(a arrow.Array, csv, json, table string) {
		t.Helper()
		b := batch{a}
		got := strings.Split(draw(t, "csv", "x", Options{NoHeader: true}, b), "\n")[0]
		if got != csv {
			t.Errorf("csv: %s, want %s", got, csv)
		}
		got = strings.TrimSuffix(strings.TrimPrefix(draw(t, "jsonl", "x", Options{}, b), `{"x":`), "}\n")
		if got != json {
			t.Errorf("json: %s, want %s", got, json)
		}
		got = strings.TrimSuffix(strings.TrimPrefix(draw(t, "line", "x", Options{}, b), "x = "), "\n")
		if got != table {
			t.Errorf("table: %s, want %s", got, table)
		}
	}
	text, int64s, float := arrow.BinaryTypes.String, arrow.PrimitiveTypes.Int64, arrow.PrimitiveTypes.Float64
	f(build(int64s, nil), "", "null", "NULL")
	f(array.NewNull(1), "", "null", "NULL")
	f(build(int64s, math.MinInt64), "-9223372036854775808", "-9223372036854775808", "-9223372036854775808")
	f(build(arrow.PrimitiveTypes.Uint64, uint64(math.MaxUint64)), "18446744073709551615", "18446744073709551615", "18446744073709551615")
	f(build(arrow.PrimitiveTypes.Int8, -7), "-7", "-7", "-7")
	f(build(arrow.FixedWidthTypes.Boolean, true), "true", "true", "true")
	f(build(arrow.FixedWidthTypes.Boolean, false), "false", "false", "false")
	f(build(float, 0.1), "0.1", "0.1", "0.1")
	f(build(float, 3.0), "3.0", "3.0", "3.0")
	f(build(float, 1e300), "1e+300", "1e+300", "1e+300")
	f(build(float, math.NaN()), "nan", "null", "nan")
	f(build(float, math.Inf(-1)), "-inf", "null", "-inf")
	f(build(arrow.PrimitiveTypes.Float32, 0.1), "0.1", "0.1", "0.1")
	f(build(&arrow.Decimal128Type{Precision: 38}, decimal128.FromU64(math.MaxUint64)), "18446744073709551615", "18446744073709551615", "18446744073709551615")
	f(build(&arrow.Decimal128Type{Precision: 9, Scale: 2}, decimal128.FromI64(-5)), "-0.05", "-0.05", "-0.05")

	f(build(text, ""), `""`, `""`, "")
	f(build(text, "plain"), "plain", `"plain"`, "plain")
	f(build(text, `a,"b"`), `"a,""b"""`, `"a,\"b\""`, `a,"b"`)
	f(build(dictText, ""), `""`, `""`, "")
	f(build(dictText, nil), "", "null", "NULL")
	f(build(dictText, "a,b"), `"a,b"`, `"a,b"`, "a,b")
	f(build(text, "a\x1b[31mb"), "a\x1b[31mb", `"a\u001b[31mb"`, `a\x1b[31mb`)
	f(build(text, []byte("a\xffb")), "a\xffb", `"a`+"\ufffd"+`b"`, `a\xffb`)
	f(build(text, "left\u202eright"), "left\u202eright", `"left\u202eright"`, `left\u202eright`)
	f(build(text, "naïve 漢字"), "naïve 漢字", `"naïve 漢字"`, "naïve 漢字")
	f(build(text, `C:\new`), `C:\new`, `"C:\\new"`, `C:\\new`)
	f(build(text, `a\b`), `a\b`, `"a\\b"`, `a\b`)
	f(build(arrow.BinaryTypes.Binary, []byte("a\x00\"b")), `a\x00\x22b`, `"a\\x00\\x22b"`, `a\x00\x22b`)

	f(build(timestamp, 1408726886375374738), "2014-08-22 17:01:26.375374738", `"2014-08-22T17:01:26.375374738Z"`, "2014-08-22 17:01:26.375374738")
	f(build(timestamp, -1), "1969-12-31 23:59:59.999999999", `"1969-12-31T23:59:59.999999999Z"`, "1969-12-31 23:59:59.999999999")
	f(build(timestamp, 0), "1970-01-01 00:00:00.000000000", `"1970-01-01T00:00:00.000000000Z"`, "1970-01-01 00:00:00.000000000")
	f(build(arrow.FixedWidthTypes.Date32, "2014-08-22"), "2014-08-22", `"2014-08-22"`, "2014-08-22")
	f(build(arrow.FixedWidthTypes.Time64ns, 61_500_000_000), "00:01:01.5", `"00:01:01.5"`, "00:01:01.5")

	f(build(duration, 5035431870), "5.035431870", "5.035431870", "5.035 s")
	f(build(duration, -1), "-0.000000001", "-0.000000001", "-1 ns")
	f(build(duration, math.MinInt64), "-9223372036.854775808", "-9223372036.854775808", "-106751.991 d")
	f(build(duration, 0), "0.000000000", "0.000000000", "0 ns")
	f(build(duration, 999), "0.000000999", "0.000000999", "999 ns")
	f(build(duration, 1500), "0.000001500", "0.000001500", "1.500 us")
	f(build(duration, 250_000_000), "0.250000000", "0.250000000", "250.000 ms")
	f(build(duration, 999_999_999), "0.999999999", "0.999999999", "1.000 s")
	f(build(duration, 5_400_000_000_000), "5400.000000000", "5400.000000000", "1.500 h")

	f(build(list, `["a",null,"b c",""]`), `"[a, NULL, b c, '']"`, `["a",null,"b c",""]`, "[a, NULL, b c, '']")
	f(build(list, `[]`), "[]", "[]", "[]")
	f(build(list, `["a\tb"]`), "[a\tb]", `["a\tb"]`, `[a\tb]`)
	f(build(arrow.ListOf(list), `[["a", "b,c"], []]`), `"[[a, 'b,c'], []]"`, `[["a","b,c"],[]]`, `[[a, 'b,c'], []]`)
	f(build(arrow.ListOf(arrow.BinaryTypes.Binary), `["AAE="]`), `[\x00\x01]`, `["\\x00\\x01"]`, `[\x00\x01]`)
	f(build(record, `{"a":1,"b":"x,y"}`), `"{'a': 1, 'b': 'x,y'}"`, `{"a":1,"b":"x,y"}`, `{'a': 1, 'b': 'x,y'}`)
}

func TestZone(t *testing.T) {
	berlin, err := time.LoadLocation("Europe/Berlin")
	if err != nil {
		t.Skip(err)
	}
	// One second before and after the end of summer time.
	b := batch{build(timestamp, 1414285199000000000, 1414285200000000000)}
	o := Options{Zone: berlin}
	if got, want := draw(t, "csv", "t", o, b), "t\n2014-10-26 02:59:59.000000000\n2014-10-26 02:00:00.000000000\n"; got != want {
		t.Errorf("got %s, want %s", got, want)
	}
	if got, want := draw(t, "jsonl", "t", o, b),
		`{"t":"2014-10-26T02:59:59.000000000+02:00"}`+"\n"+`{"t":"2014-10-26T02:00:00.000000000+01:00"}`+"\n"; got != want {
		t.Errorf("got %s, want %s", got, want)
	}
}

func TestSlicedAndSharedDictionaries(t *testing.T) {
	whole := build(dictText, "a", nil, "b", "c", "a", "b")
	parts := []batch{{array.NewSlice(whole, 3, 6)}, {array.NewSlice(whole, 0, 3)}, {build(dictText, "z", "b")}}
	if got, want := draw(t, "csv", "x", Options{}, parts...), "x\nc\na\nb\na\n\nb\nz\nb\n"; got != want {
		t.Errorf("got %q, want %q", got, want)
	}
	ints := array.NewSlice(build(arrow.PrimitiveTypes.Int32, 1, nil, 3, 4), 1, 4)
	lists := array.NewSlice(build(list, `["a"]`, `["b","c"]`, nil, `["d"]`), 1, 4)
	records := array.NewSlice(build(record, `{"a":1,"b":"x"}`, `{"a":2,"b":null}`, nil, `{"a":3,"b":"y"}`), 1, 4)
	bools := array.NewSlice(build(arrow.FixedWidthTypes.Boolean, true, false, nil, true), 1, 4)
	want := `{"i":null,"l":["b","c"],"r":{"a":2,"b":null},"b":false}` + "\n" +
		`{"i":3,"l":null,"r":null,"b":null}` + "\n" + `{"i":4,"l":["d"],"r":{"a":3,"b":"y"},"b":true}` + "\n"
	if got := draw(t, "jsonl", "i,l,r,b", Options{}, batch{ints, lists, records, bools}); got != want {
		t.Errorf("got %s, want %s", got, want)
	}
}

// TestRoundTrip reads back what was written with other readers than our own.
func TestRoundTrip(t *testing.T) {
	values := []any{"plain", "", "a,b", "quote\"d", "line\nbreak", "\r", "tab\t", " space ", "NULL", "漢字"}
	b := batch{build(arrow.BinaryTypes.String, values...), build(dictText, values...)}
	for format, comma := range map[string]rune{"csv": ',', "tsv": '\t'} {
		r := csv.NewReader(strings.NewReader(draw(t, format, "x,y", Options{}, b)))
		r.Comma = comma
		records, err := r.ReadAll()
		if err != nil {
			t.Fatalf("%s: %v", format, err)
		}
		for i, v := range values {
			if got := records[i+1]; got[0] != v || got[1] != v {
				t.Errorf("%s: row %d is %q, want %q", format, i, got, v)
			}
		}
	}
	var rows []map[string]string
	if err := json.Unmarshal([]byte(draw(t, "json", "x,y", Options{}, b)), &rows); err != nil {
		t.Fatal(err)
	}
	for i, v := range values {
		if rows[i]["x"] != v || rows[i]["y"] != v {
			t.Errorf("json: row %d is %q, want %q", i, rows[i], v)
		}
	}
}

func TestManyBlocks(t *testing.T) {
	var want strings.Builder
	var parts []batch
	want.WriteString("n,s\n")
	row := 0
	for _, n := range []int{1, blockRows, blockRows + 1, 3*blockRows - 1} {
		ints, texts := make([]any, n), make([]any, n)
		for i := range ints {
			ints[i], texts[i] = row, fmt.Sprint("v", row%7)
			fmt.Fprintf(&want, "%d,v%d\n", row, row%7)
			row++
		}
		parts = append(parts, batch{build(arrow.PrimitiveTypes.Int64, ints...), build(dictText, texts...)})
	}
	if got := draw(t, "csv", "n,s", Options{}, parts...); got != want.String() {
		t.Error("rows differ")
	}
}

func TestJSONNames(t *testing.T) {
	one := build(arrow.PrimitiveTypes.Int64, 1)
	b := batch{one, one, one, one}
	if got, want := draw(t, "jsonl", `a,a,a_1,"`, Options{}, b), `{"a":1,"a_2":1,"a_1":1,"\"":1}`+"\n"; got != want {
		t.Errorf("got %s, want %s", got, want)
	}
	empty := batch{build(arrow.PrimitiveTypes.Int64)}
	if got := draw(t, "json", "a", Options{}, empty); got != "[]\n" {
		t.Errorf("no rows: %q", got)
	}
}

func TestNullText(t *testing.T) {
	b := batch{build(arrow.BinaryTypes.String, nil, "-", "")}
	null := "-"
	if got, want := draw(t, "csv", "x", Options{Null: &null}, b), "x\n-\n\"-\"\n\"\"\n"; got != want {
		t.Errorf("got %q, want %q", got, want)
	}
}

// events is a batch that every format can write: n events whose text is the given one.
func events(n int, text string) (names string, b batch) {
	ints, times, texts := make([]any, n), make([]any, n), make([]any, n)
	for i := range n {
		ints[i], times[i], texts[i] = i, i, text
	}
	number, plain, coded := build(arrow.PrimitiveTypes.Int64, ints...), build(arrow.BinaryTypes.String, texts...), build(dictText, texts...)
	return "num,ts,cpu,proc,tid,dir,type,args", batch{number, build(timestamp, times...), number, coded, number, coded, coded, plain}
}

func TestTerminalNeverSeesControls(t *testing.T) {
	evil := "\x1b[2J\x07\u009b0m\r"
	names, b := events(1, evil)
	names, b = names+",list,evil\x1b", append(b, build(list, `["\u001b[2J"]`), build(dictText, evil))
	for _, f := range Formats {
		if f.Binary {
			continue // it is refused on a terminal
		}
		got := draw(t, f.Name, names, Options{Terminal: true}, b)
		if i := strings.IndexAny(got, "\x1b\x07\r\u009b"); i >= 0 {
			t.Errorf("%s: control character at %d of %q", f.Name, i, got)
		}
	}
}

func TestWriteError(t *testing.T) {
	names, b := events(20_000, "some text that is long enough")
	for _, f := range Formats {
		if f.Name == "none" {
			continue
		}
		w := f.New(failing{}, fieldsOf(names, b), Options{})
		err := w.Write(b)
		if e := w.Close(); err == nil {
			err = e
		}
		if err != io.ErrClosedPipe {
			t.Errorf("%s: error %v", f.Name, err)
		}
	}
}

type failing struct{}

func (failing) Write([]byte) (int, error) { return 0, io.ErrClosedPipe }
