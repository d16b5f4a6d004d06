package files

import (
	"context"
	"encoding/json"
	"fmt"
	"io"
	"os"
	"reflect"
	"strings"
	"testing"

	"tq/functions"
	"tq/functions/kernel"
	"tq/storage"
)

// differ are files that are understood otherwise than by DuckDB, and why.
var differ = map[string]string{
	"dates2.csv":         "one order of day and month serves for all columns, whatever separates them",
	"floats.csv":         "inf is no date",
	"newline_only.csv":   "an empty line is a row of a table of one column",
	"ts_frac.csv":        "nanoseconds are kept",
	"date_time_cols.csv": "nanoseconds are kept",
	"dates.json":         "times with fractions are times",
	"ndj.ndjson":         "times with fractions are times",
	"listmix.json":       "elements of a list that are text are quoted",
	"emptyobj.json":      "there is no MAP: an object without keys is text",
	"emptyobj2.json":     "there is no MAP: an object without keys is text",
	"dupkey.json":        "the last of several equal keys counts",
	"bad.json":           "a comma before a closing brace is an error",
}

// TestSniffed compares names, types and values with those that DuckDB finds.
func TestSniffed(t *testing.T) {
	data, err := os.ReadFile(testdata + "sniffed.json")
	if err != nil {
		t.Fatal(err)
	}
	type found struct {
		Text    string
		Columns []string
		Rows    [][]any
		Error   bool
	}
	var all map[string]found
	if err := json.Unmarshal(data, &all); err != nil {
		t.Fatal(err)
	}
	for name, want := range all {
		got := found{Text: want.Text, Rows: [][]any{}}
		src, _ := readWhole(name, strings.NewReader(want.Text))
		table, err := recognize(name, nil).open(src, Options{})
		if err == nil {
			for _, f := range table.Schema().Fields() {
				got.Columns = append(got.Columns, f.Name+" "+functions.TypeName(f.Type))
			}
			got.Rows, err = asText(table)
		}
		got.Error = err != nil
		if got.Error {
			got.Columns, got.Rows = nil, nil
		}
		if why, known := differ[name]; reflect.DeepEqual(got, want) == known {
			t.Errorf("%s: %q\n got  %v (%v)\n want %v\n known: %s", name, want.Text, got, err, want, why)
		}
	}
}

// asText returns the rows of a table as texts, with nil for NULL.
func asText(t storage.Table) ([][]any, error) {
	opts := storage.ScanOptions{Limit: -1}
	for _, f := range t.Schema().Fields() {
		opts.Columns = append(opts.Columns, f.Name)
	}
	s, err := t.Scan(context.Background(), opts)
	if err != nil {
		return nil, err
	}
	rows := [][]any{}
	for {
		c, err := s.Next(context.Background())
		if err == io.EOF {
			return rows, nil
		}
		if err != nil {
			return nil, err
		}
		first := len(rows)
		for range c.NumRows() {
			rows = append(rows, make([]any, len(opts.Columns)))
		}
		for j := range opts.Columns {
			a, err := c.Column(j)
			if err != nil {
				return nil, err
			}
			v, err := functions.Cast(kernel.Col(a), functions.Varchar, false, &functions.Env{}, a.Len())
			if err != nil {
				return nil, err
			}
			for i := range a.Len() {
				if kernel.ValidityOf(v.Array).Valid(i) {
					rows[first+i][j] = kernel.StringsOf(v.Array).At(i)
				}
			}
		}
	}
}

// FuzzTexts reads whatever it is given as CSV and as JSON: with an error or with rows.
func FuzzTexts(f *testing.F) {
	for _, s := range []string{"a,b\n1,2\n", "\"x\"\"y\";'z'\r\n", "#c\n\n\t|", `[{"a":[1,{"b":"\ud83d\u00e9"}]},null]`, `{"a":1}{"a":"x"} 5`, "[1,2"} {
		f.Add(s)
	}
	f.Fuzz(func(t *testing.T, text string) {
		for _, open := range []func(*source, Options) (storage.Table, error){openCSV, openJSON} {
			src, _ := readWhole("text", strings.NewReader(text))
			table, err := open(src, Options{})
			if err == nil {
				_, _, err = readAll(table)
			}
			if err != nil && strings.Contains(fmt.Sprint(err), "the file is damaged") {
				t.Errorf("%q: %v", text, err) // a panic was caught
			}
		}
	})
}

// FuzzArrow reads whatever it is given as Arrow, with an error or with rows.
func FuzzArrow(f *testing.F) {
	data, err := os.ReadFile(testdata + "people.arrow")
	if err != nil {
		f.Fatal(err)
	}
	f.Add(data)
	f.Fuzz(func(t *testing.T, data []byte) {
		src, _ := readWhole("file", strings.NewReader(string(data)))
		if table, err := openArrow(src, Options{}); err == nil {
			asText(table)
		}
	})
}
