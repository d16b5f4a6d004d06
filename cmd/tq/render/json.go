package render

import (
	"io"
	"strconv"

	"github.com/apache/arrow/go/v17/arrow"
)

// objects writes rows as JSON objects, one a line: bare, or as the elements of an array.
type objects struct {
	sink  *sink
	cols  []*column
	keys  [][]byte // `{"a":`, `,"b":`, …
	array bool
	any   bool // a row has been written
}

func newJSON(out io.Writer, schema *arrow.Schema, o Options) Writer {
	return newObjects(out, schema, o, true)
}

func newJSONLines(out io.Writer, schema *arrow.Schema, o Options) Writer {
	return newObjects(out, schema, o, false)
}

func newObjects(out io.Writer, schema *arrow.Schema, o Options, array bool) Writer {
	how := &dialect{null: "null", text: appendJSONString, quote: appendJSONString, zone: o.zone(), json: true}
	w := &objects{sink: newSink(out), cols: newColumns(schema, how), array: array}
	for i, name := range uniqueNames(schema) {
		key := []byte(",")
		if i == 0 {
			key = []byte("{")
		}
		w.keys = append(w.keys, append(appendJSONString(key, name), ':'))
	}
	return w
}

func (w *objects) Write(b Batch) error { return w.sink.blocks(b, w.cols, w.lay) }

func (w *objects) Close() error {
	switch {
	case w.array && w.any:
		w.sink.buf = append(w.sink.buf, "\n]\n"...)
	case w.array:
		w.sink.buf = append(w.sink.buf, "[]\n"...)
	}
	return w.sink.flush()
}

func (w *objects) lay(block []*cells, rows int) {
	buf := w.sink.buf
	for r := range rows {
		switch {
		case w.array && w.any:
			buf = append(buf, ",\n"...)
		case w.array:
			buf = append(buf, "[\n"...)
		}
		w.any = true
		for i, c := range block {
			buf = append(buf, w.keys[i]...)
			buf = append(buf, c.text[c.from[r]:c.to[r]]...)
		}
		buf = append(buf, '}')
		if !w.array {
			buf = append(buf, '\n')
		}
	}
	w.sink.buf = buf
}

// uniqueNames returns the names of the columns, repeated ones numbered: readers of JSON
// keep only one value of a name.
func uniqueNames(schema *arrow.Schema) []string {
	used := make(map[string]bool, schema.NumFields())
	for _, f := range schema.Fields() {
		used[f.Name] = false // taken by a column, but not written yet
	}
	names := make([]string, schema.NumFields())
	for i, f := range schema.Fields() {
		name := f.Name
		if used[name] {
			for n, taken := 1, true; taken; n++ {
				name = f.Name + "_" + strconv.Itoa(n)
				_, taken = used[name]
			}
		}
		used[name] = true
		names[i] = name
	}
	return names
}
