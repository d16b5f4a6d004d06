package render

import (
	"bytes"
	"io"

	"github.com/apache/arrow/go/v17/arrow"
)

// line writes each value on a line of its own, behind its column's name, and an empty
// line between rows.
type line struct {
	sink  *sink
	cols  []*column
	names [][]byte // right-aligned, with the equals sign
	any   bool
}

func newLine(out io.Writer, schema *arrow.Schema, o Options) Writer {
	how := visibleDialect(o)
	w := &line{sink: newSink(out), cols: newColumns(schema, how)}
	names := make([][]byte, schema.NumFields())
	widest := 0
	for i, f := range schema.Fields() {
		names[i] = how.text(nil, f.Name)
		widest = max(widest, width(names[i]))
	}
	for _, name := range names {
		pad := bytes.Repeat([]byte{' '}, widest-width(name))
		w.names = append(w.names, append(append(pad, name...), " = "...))
	}
	return w
}

func (w *line) Write(b Batch) error { return w.sink.blocks(b, w.cols, w.lay) }

func (w *line) Close() error { return w.sink.flush() }

func (w *line) lay(block []*cells, rows int) {
	buf := w.sink.buf
	for r := range rows {
		if w.any {
			buf = append(buf, '\n')
		}
		w.any = true
		for i, c := range block {
			buf = append(append(append(buf, w.names[i]...), c.at(r)...), '\n')
		}
	}
	w.sink.buf = buf
}
