package render

import (
	"io"

	"github.com/apache/arrow/go/v17/arrow"
)

// markdown writes a table in GitHub's form.
type markdown struct {
	sink *sink
	cols []*column
}

func newMarkdown(out io.Writer, schema *arrow.Schema, o Options) Writer {
	how := &dialect{null: o.null("NULL"), text: appendMarkdown, quote: appendUnmarked, visible: true, zone: o.zone(), scaled: true}
	w := &markdown{sink: newSink(out), cols: newColumns(schema, how)}
	if o.NoHeader {
		return w
	}
	buf := append(w.sink.buf, '|')
	for _, f := range schema.Fields() {
		buf = append(appendMarkdown(append(buf, ' '), f.Name), " |"...)
	}
	buf = append(buf, "\n|"...)
	for _, f := range schema.Fields() {
		if rightAligned(f.Type) {
			buf = append(buf, "--:|"...)
		} else {
			buf = append(buf, "---|"...)
		}
	}
	w.sink.buf = append(buf, '\n')
	return w
}

func (w *markdown) Write(b Batch) error { return w.sink.blocks(b, w.cols, w.lay) }

func (w *markdown) Close() error { return w.sink.flush() }

func (w *markdown) lay(block []*cells, rows int) {
	buf := w.sink.buf
	for r := range rows {
		buf = append(buf, '|')
		for _, c := range block {
			buf = append(append(append(buf, ' '), c.at(r)...), " |"...)
		}
		buf = append(buf, '\n')
	}
	w.sink.buf = buf
}

// appendMarkdown writes a string so that nothing in it is invisible or markup.
func appendMarkdown(dst []byte, s string) []byte {
	return appendUnmarked(dst, string(appendVisible(nil, s)))
}

// appendUnmarked writes a string so that nothing in it is markup.
func appendUnmarked(dst []byte, s string) []byte {
	for i := range len(s) {
		switch s[i] {
		case '|', '\\', '*', '_', '`', '<', '>', '[', ']':
			dst = append(dst, '\\')
		}
		dst = append(dst, s[i])
	}
	return dst
}
