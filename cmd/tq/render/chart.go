package render

import (
	"bytes"
	"fmt"
	"io"
	"math"
	"strings"

	"github.com/apache/arrow/go/v17/arrow"

	"tq/functions"
	"tq/functions/kernel"
)

// chart draws a bar for each row: how long, a column of numbers says; what for, the
// columns of text and time do. It holds the rows back until it knows the longest bar.
type chart struct {
	sink   *sink
	o      Options
	cols   []*column
	labels []int // columns that say what a bar is for
	value  int   // column that says how long it is; -1: there is none
	schema *arrow.Schema

	rows  []bar
	total int
}

// bar is a row of a chart.
type bar struct {
	label []byte
	text  []byte // the value as a table shows it
	value float64
}

// defaultChartWidth is how wide a chart is where there is no terminal to ask.
const defaultChartWidth = 100

func newChart(out io.Writer, schema *arrow.Schema, o Options) Writer {
	w := &chart{sink: newSink(out), o: o, cols: newColumns(schema, visibleDialect(o)), schema: schema}
	w.labels, w.value = chartColumns(schema)
	return w
}

// chartColumns chooses the columns of labels and the column of values: the first one of
// numbers, but the second where the first column of all is a number and no other says
// what the rows are.
func chartColumns(schema *arrow.Schema) (labels []int, value int) {
	var numbers []int
	for i, f := range schema.Fields() {
		if isMeasure(f.Type) {
			numbers = append(numbers, i)
		} else {
			labels = append(labels, i)
		}
	}
	switch {
	case len(numbers) == 0:
		return labels, -1
	case len(labels) == 0 && len(numbers) > 1:
		return numbers[:1], numbers[1]
	}
	return labels, numbers[0]
}

func isMeasure(t arrow.DataType) bool {
	return arrow.IsInteger(t.ID()) || arrow.IsFloating(t.ID()) || arrow.IsDecimal(t.ID()) || t.ID() == arrow.DURATION
}

func (w *chart) Write(b Batch) error {
	w.total += b.NumRows()
	if w.value < 0 || w.o.MaxRows > 0 && len(w.rows) >= w.o.MaxRows {
		return nil
	}
	values, err := w.values(b)
	if err != nil {
		return err
	}
	done := 0
	return w.sink.blocks(b, w.cols, func(block []*cells, rows int) {
		for r := range rows {
			if w.o.MaxRows > 0 && len(w.rows) >= w.o.MaxRows {
				break
			}
			row := bar{text: bytes.Clone(block[w.value].at(r)), value: values.at(done + r)}
			for i, c := range w.labels {
				if i > 0 {
					row.label = append(row.label, "  "...)
				}
				row.label = append(row.label, block[c].at(r)...)
			}
			w.rows = append(w.rows, row)
		}
		done += rows
	})
}

// measures is a column of numbers, NULL being 0.
type measures struct {
	values []float64
	valid  kernel.Validity
}

func (m measures) at(i int) float64 {
	if !m.valid.Valid(i) || math.IsNaN(m.values[i]) {
		return 0
	}
	return m.values[i]
}

func (w *chart) values(b Batch) (measures, error) {
	column, err := b.Column(w.value)
	if err != nil {
		return measures{}, err
	}
	if column.DataType().ID() == arrow.DURATION {
		column = kernel.Retype(column, functions.BigInt)
	}
	floats, err := functions.Cast(kernel.Col(column), functions.Double, false, &functions.Env{Zone: w.o.zone()}, column.Len())
	if err != nil {
		return measures{}, err
	}
	return measures{kernel.Values[float64](floats.Array), kernel.ValidityOf(floats.Array)}, nil
}

func (w *chart) Close() error {
	switch {
	case w.value < 0:
		w.sink.buf = append(w.sink.buf, "no column of numbers to draw\n"...)
		return w.sink.flush()
	case w.total == 0:
		w.sink.buf = append(w.sink.buf, "no rows to draw\n"...)
		return w.sink.flush()
	}
	var longest float64
	labelWidth, textWidth := 0, 0
	for _, r := range w.rows {
		longest = max(longest, r.value)
		labelWidth, textWidth = max(labelWidth, width(r.label)), max(textWidth, width(r.text))
	}
	all := w.o.Width
	if all == 0 {
		all = defaultChartWidth
	}
	labelWidth = min(labelWidth, all/2)
	room := max(all-labelWidth-textWidth-3, 10)
	for _, r := range w.rows {
		label, have := r.label, width(r.label)
		if have > labelWidth {
			label, have = shorten(label, labelWidth, w.ellipsis())
		}
		w.sink.buf = append(append(w.sink.buf, label...), strings.Repeat(" ", labelWidth-have+1+textWidth-width(r.text))...)
		w.sink.buf = append(append(w.sink.buf, r.text...), ' ')
		if longest > 0 && r.value > 0 {
			w.sink.buf = append(w.sink.buf, w.draw(r.value/longest*float64(room))...)
		}
		w.sink.buf = append(bytes.TrimRight(w.sink.buf, " "), '\n')
	}
	if len(w.rows) < w.total {
		w.sink.buf = append(w.sink.buf, fmt.Sprintf("%s, the first %s shown (max_rows)\n", Counted(w.total, "row"), Grouped(len(w.rows)))...)
	}
	return w.sink.flush()
}

func (w *chart) ellipsis() string {
	if w.o.ASCII {
		return asciiBox.ellipsis
	}
	return lineBox.ellipsis
}

// draw draws a bar so many places long.
func (w *chart) draw(length float64) []byte {
	if w.o.ASCII {
		return bytes.Repeat([]byte{'#'}, max(int(math.Round(length)), 1))
	}
	return functions.AppendBlocks(nil, max(int(math.Round(length*8)), 1))
}
