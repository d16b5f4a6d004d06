package render

import (
	"bytes"
	"fmt"
	"io"
	"strconv"
	"strings"

	"github.com/apache/arrow/go/v17/arrow"
)

// heldRows is how many rows decide the widths of the columns. A longer result is then
// written as it comes, so that its size doesn't matter; a later value that is wider
// pushes its line out.
const heldRows = 10_000

// table draws a table. It holds rows back until it knows how wide the columns are.
type table struct {
	sink   *sink
	schema *arrow.Schema
	o      Options
	cols   []*column
	names  [][]byte

	held   [][]*cells // blocks of rows, by column, not yet written
	shown  int        // rows held or written
	total  int
	layout *layout // nil while rows are held
}

func newTable(out io.Writer, schema *arrow.Schema, o Options) Writer {
	how := visibleDialect(o)
	w := &table{sink: newSink(out), schema: schema, o: o, cols: newColumns(schema, how)}
	for _, f := range schema.Fields() {
		w.names = append(w.names, how.text(nil, f.Name))
	}
	return w
}

func (w *table) Write(b Batch) error {
	w.total += b.NumRows()
	if w.o.MaxRows > 0 && w.shown >= w.o.MaxRows {
		return nil // counted only
	}
	return w.sink.blocks(b, w.cols, w.lay)
}

func (w *table) Close() error {
	if w.layout != nil || !w.expand(w.widths()) {
		w.settle()
		w.rule(w.layout.box.bottom)
	}
	w.sink.buf = append(w.sink.buf, w.footer()...)
	return w.sink.flush()
}

func (w *table) lay(block []*cells, rows int) {
	if w.o.MaxRows > 0 {
		rows = min(rows, w.o.MaxRows-w.shown)
	}
	w.shown += rows
	if w.layout != nil {
		w.draw(block, rows)
		return
	}
	copied := make([]*cells, len(block))
	for i, c := range block {
		copied[i] = c.clone(rows)
	}
	w.held = append(w.held, copied)
	if w.shown >= heldRows {
		w.settle()
	}
}

// widths are how wide the columns are with the rows held.
func (w *table) widths() []int {
	widths := make([]int, len(w.names))
	for i, name := range w.names {
		if !w.o.NoHeader {
			widths[i] = width(name)
		}
		for _, block := range w.held {
			widths[i] = max(widths[i], block[i].widest())
		}
	}
	return widths
}

// settle fixes the widths of the columns and writes the header and the rows held back.
func (w *table) settle() {
	if w.layout != nil {
		return
	}
	widths := w.widths()
	if w.o.Lines > 0 && w.lines() > w.o.Lines {
		w.o.Width = 0
	}
	w.layout = newLayout(w.schema, widths, w.o)
	w.rule(w.layout.box.top)
	if !w.o.NoHeader {
		w.header()
		w.rule(w.layout.box.middle)
	}
	for _, block := range w.held {
		w.draw(block, block[0].len())
	}
	w.held = nil
}

// lines is how many lines the rows held take, with the frame and the footer.
func (w *table) lines() int {
	frame := 5
	if w.o.NoHeader {
		frame = 3
	}
	return w.shown + frame
}

func (w *table) header() {
	w.border(w.layout.box.bar)
	for i, name := range w.names[:w.layout.columns()] {
		w.cell(i, name, styleHeader)
		w.border(w.layout.box.bar)
	}
	w.sink.buf = append(w.sink.buf, '\n')
}

func (w *table) draw(block []*cells, rows int) {
	for r := range rows {
		w.border(w.layout.box.bar)
		for i, c := range block[:w.layout.columns()] {
			style := styleNone
			if c.isNull(r) {
				style = styleFaint
			}
			w.cell(i, c.at(r), style)
			w.border(w.layout.box.bar)
		}
		w.sink.buf = append(w.sink.buf, '\n')
	}
}

// cell writes a value with its padding, shortened if the layout demands it.
func (w *table) cell(i int, text []byte, style string) {
	have, room := width(text), w.layout.widths[i]
	if have > room && w.layout.cut[i] {
		text, have = shorten(text, room, w.layout.box.ellipsis)
	}
	buf := append(w.sink.buf, ' ')
	pad := bytes.Repeat([]byte{' '}, max(room-have, 0))
	if w.layout.right[i] {
		buf = append(buf, pad...)
	}
	if w.o.Color && style != styleNone {
		buf = append(append(append(buf, style...), text...), styleReset...)
	} else {
		buf = append(buf, text...)
	}
	if !w.layout.right[i] {
		buf = append(buf, pad...)
	}
	w.sink.buf = append(buf, ' ')
}

func (w *table) border(s string) {
	if w.o.Color {
		s = styleFaint + s + styleReset
	}
	w.sink.buf = append(w.sink.buf, s...)
}

// rule draws a horizontal line.
func (w *table) rule(r rule) {
	var b strings.Builder
	for i, room := range w.layout.widths[:w.layout.columns()] {
		if i == 0 {
			b.WriteString(r.left)
		} else {
			b.WriteString(r.cross)
		}
		b.WriteString(strings.Repeat(r.line, room+2))
	}
	b.WriteString(r.right)
	w.border(b.String())
	w.sink.buf = append(w.sink.buf, '\n')
}

// footer counts the rows and says what isn't shown.
func (w *table) footer() string {
	s := Counted(w.total, "row")
	if w.shown < w.total {
		s += fmt.Sprintf(", the first %s shown (max_rows)", Grouped(w.shown))
	}
	var hidden [][]byte
	if w.layout != nil {
		hidden = w.names[w.layout.columns():]
	}
	if len(hidden) > 0 {
		s += fmt.Sprintf("; %s too many for this width: %s",
			Counted(len(hidden), "column"), bytes.Join(hidden, []byte(", ")))
	}
	if w.o.More != "" && (w.shown < w.total || len(hidden) > 0) {
		s += "; " + w.o.More
	}
	return Wrap(s, w.o.Width, 0) + "\n"
}

// Counted writes a number of things.
func Counted(n int, what string) string {
	if n != 1 {
		what += "s"
	}
	return Grouped(n) + " " + what
}

// Grouped writes a number with a comma before every three digits.
func Grouped(n int) string {
	s := strconv.Itoa(n)
	for i := len(s) - 3; i > 0; i -= 3 {
		s = s[:i] + "," + s[i:]
	}
	return s
}
