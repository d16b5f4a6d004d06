package render

import (
	"io"

	"github.com/apache/arrow/go/v17/arrow"
)

// separated writes values between separators, quoted as in RFC 4180 where they need it.
// A string that would read as NULL is quoted too, and so is the empty one, which alone
// in its row would be an empty line.
type separated struct {
	sink  *sink
	cols  []*column
	comma byte
}

func newCSV(out io.Writer, schema *arrow.Schema, o Options) Writer {
	return newSeparated(out, schema, o, ',')
}

func newTSV(out io.Writer, schema *arrow.Schema, o Options) Writer {
	return newSeparated(out, schema, o, '\t')
}

func newSeparated(out io.Writer, schema *arrow.Schema, o Options, comma byte) Writer {
	quoter := &csvQuoter{null: o.null(""), visible: o.Terminal}
	for _, b := range []byte{comma, '"', '\r', '\n'} {
		quoter.special[b] = true
	}
	how := &dialect{null: quoter.null, text: quoter.append, quote: quoter.append, zone: o.zone()}
	w := &separated{sink: newSink(out), cols: newColumns(schema, how), comma: comma}
	if !o.NoHeader {
		for i, f := range schema.Fields() {
			if i > 0 {
				w.sink.buf = append(w.sink.buf, comma)
			}
			w.sink.buf = quoter.append(w.sink.buf, f.Name)
		}
		w.sink.buf = append(w.sink.buf, '\n')
	}
	return w
}

func (w *separated) Write(b Batch) error { return w.sink.blocks(b, w.cols, w.lay) }

func (w *separated) Close() error { return w.sink.flush() }

func (w *separated) lay(block []*cells, rows int) {
	buf := w.sink.buf
	for r := range rows {
		for _, c := range block {
			buf = append(buf, c.text[c.from[r]:c.to[r]]...)
			buf = append(buf, w.comma)
		}
		if len(block) > 0 {
			buf[len(buf)-1] = '\n'
		}
	}
	w.sink.buf = buf
}

// csvQuoter quotes the fields that need it.
type csvQuoter struct {
	special [256]bool // bytes that make quotes necessary
	null    string
	visible bool
}

func (q *csvQuoter) append(dst []byte, s string) []byte {
	if q.visible {
		s = string(appendVisible(nil, s))
	}
	if !q.needsQuotes(s) {
		return append(dst, s...)
	}
	dst = append(dst, '"')
	for i := range len(s) {
		if s[i] == '"' {
			dst = append(dst, '"')
		}
		dst = append(dst, s[i])
	}
	return append(dst, '"')
}

func (q *csvQuoter) needsQuotes(s string) bool {
	if s == "" || s == q.null {
		return true
	}
	for i := range len(s) {
		if q.special[s[i]] {
			return true
		}
	}
	return false
}
