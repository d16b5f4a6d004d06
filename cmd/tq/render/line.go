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
	width int  // long values are broken between words so that they fit; 0: not at all
	color bool // names stand out
}

func newLine(out io.Writer, schema *arrow.Schema, o Options) Writer {
	how := visibleDialect(o)
	names := make([][]byte, schema.NumFields())
	for i, f := range schema.Fields() {
		names[i] = how.text(nil, f.Name)
	}
	return &line{sink: newSink(out), cols: newColumns(schema, how), names: alignNames(names)}
}

// alignNames makes names equally long, with the equals sign behind them.
func alignNames(names [][]byte) [][]byte {
	widest := 0
	for _, name := range names {
		widest = max(widest, width(name))
	}
	aligned := make([][]byte, len(names))
	for i, name := range names {
		aligned[i] = append(bytes.Repeat([]byte{' '}, widest-width(name)), name...)
		aligned[i] = append(aligned[i], " = "...)
	}
	return aligned
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
			buf = append(w.pair(buf, w.names[i], c.at(r)), '\n')
		}
	}
	w.sink.buf = buf
}

// pair writes a name and a value.
func (w *line) pair(buf, name, value []byte) []byte {
	if w.width > 0 {
		lead := width(name)
		wrapped := Wrap(string(name)+string(value), w.width, lead)
		value = []byte(wrapped[len(name):])
	}
	if w.color {
		return append(append(append(append(buf, styleHeader...), name...), styleReset...), value...)
	}
	return append(append(buf, name...), value...)
}
