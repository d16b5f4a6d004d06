package storage

import (
	"context"
	"fmt"
	"io"
	"runtime/debug"
	"slices"

	"github.com/apache/arrow/go/v17/arrow"

	"tq/functions/kernel"
)

// The types of columns. Both varchar and symbol are VARCHAR; a symbol is
// dictionary-encoded, for text that repeats.
var (
	bigint    arrow.DataType = arrow.PrimitiveTypes.Int64
	double    arrow.DataType = arrow.PrimitiveTypes.Float64
	integer   arrow.DataType = arrow.PrimitiveTypes.Int32
	boolean   arrow.DataType = arrow.FixedWidthTypes.Boolean
	varchar   arrow.DataType = arrow.BinaryTypes.String
	symbol    arrow.DataType = &arrow.DictionaryType{IndexType: arrow.PrimitiveTypes.Int32, ValueType: arrow.BinaryTypes.String}
	blob      arrow.DataType = arrow.BinaryTypes.Binary
	timestamp arrow.DataType = &arrow.TimestampType{Unit: arrow.Nanosecond}
	duration  arrow.DataType = arrow.FixedWidthTypes.Duration_ns
)

// visibility says whether SELECT * includes a column.
type visibility bool

const (
	shown  visibility = false
	hidden visibility = true
)

// column declares a column of a table whose rows come in runs of type R.
type column[R any] struct {
	name  string
	typ   arrow.DataType
	show  visibility
	doc   string
	build func(R) arrow.Array
}

func (c *column[R]) field() arrow.Field {
	f := arrow.Field{Name: c.name, Type: c.typ, Nullable: true}
	if c.show == hidden {
		f.Metadata = arrow.NewMetadata([]string{HiddenKey}, []string{"true"})
	}
	return f
}

// run is some rows of a table in the form that its columns are built from.
type run[R any] interface {
	len() int
	// pick returns the given rows of the run, which ascend.
	pick(rows []int32) R
}

// table declares a table that captures have.
type table[R run[R]] struct {
	name    string
	row     string                         // what one row is
	order   string                         // the column by whose time the tables of several captures are merged; empty: they follow each other
	sorted  map[string]func(*reading) bool // which columns may be ascending, and whether they are in a capture
	columns []column[R]
	// field resolves a dotted name that is no declared column; nil when there are none.
	field func(name string) (column[R], bool)
	// texts makes what prints columns, by their names, of which that is cheaper than to build them.
	texts map[string]func(R) kernel.Text
	// open starts reading the table of one capture.
	open func(r *reading, preds []Pred) runs[R]
	// count returns how many rows there are, for scans of nothing else; nil where only the
	// rows tell. It needs what every reading finds out.
	count func(r *reading) int64
	// needs says what a scan of columns needs of a reading; nil: everything.
	needs func(columns []string, preds []Pred) need
}

// runs returns the next run, or io.EOF. A run may be empty.
type runs[R any] func(ctx context.Context) (R, error)

// declaration is a [table] of any kind of run.
type declaration interface {
	tableName() string
	schema() *arrow.Schema
	doc() TableDoc
	dynamicField(name string) (arrow.Field, bool)
	orderColumn() string
	ascending(r *reading, column string) bool
	need(opts ScanOptions) need
	scan(c *Capture, opts ScanOptions) (Scan, error)
}

func (t *table[R]) tableName() string   { return t.name }
func (t *table[R]) orderColumn() string { return t.order }

func (t *table[R]) schema() *arrow.Schema {
	fields := make([]arrow.Field, len(t.columns))
	for i := range t.columns {
		fields[i] = t.columns[i].field()
	}
	return arrow.NewSchema(fields, nil)
}

func (t *table[R]) doc() TableDoc {
	d := TableDoc{Row: t.row, Columns: make([]string, len(t.columns))}
	for i := range t.columns {
		d.Columns[i] = t.columns[i].doc
	}
	return d
}

func (t *table[R]) dynamicField(name string) (arrow.Field, bool) {
	if t.field == nil {
		return arrow.Field{}, false
	}
	c, ok := t.field(name)
	if !ok {
		return arrow.Field{}, false
	}
	return c.field(), true
}

func (t *table[R]) scan(c *Capture, opts ScanOptions) (Scan, error) {
	columns := make([]column[R], len(opts.Columns))
	for i, name := range opts.Columns {
		var ok bool
		if columns[i], ok = t.column(name); !ok {
			return nil, fmt.Errorf("table %s has no column %q", t.name, name)
		}
	}
	if t.counted(opts) {
		return &countScan{reading: c.read(t, opts.Preds, t.need(opts)), count: t.count}, nil
	}
	r := c.read(t, opts.Preds, t.need(opts))
	return &tableScan[R]{columns: columns, texts: t.texts, next: t.open(r, opts.Preds), reading: r}, nil
}

// counted reports whether a scan is for the number of all rows alone.
func (t *table[R]) counted(opts ScanOptions) bool {
	return t.count != nil && len(opts.Columns) == 0 && len(opts.Preds) == 0 && opts.Limit < 0
}

func (t *table[R]) need(opts ScanOptions) need {
	if t.counted(opts) {
		return need{}
	}
	if t.needs == nil {
		return needAll
	}
	return t.needs(opts.Columns, opts.Preds)
}

func (t *table[R]) column(name string) (column[R], bool) {
	for i := range t.columns {
		if t.columns[i].name == name {
			return t.columns[i], true
		}
	}
	if t.field == nil {
		return column[R]{}, false
	}
	return t.field(name)
}

// tableScan scans a declared table.
type tableScan[R run[R]] struct {
	columns []column[R]
	texts   map[string]func(R) kernel.Text
	next    runs[R]
	reading *reading
	effort  Effort
}

func (s *tableScan[R]) Next(ctx context.Context) (Chunk, error) {
	for s.next != nil {
		r, err := guardedNext(ctx, s.next)
		if err != nil {
			s.next = nil
			return nil, err
		}
		s.effort.Batches++
		if p, ok := any(r).(interface{ leftOut() bool }); ok && p.leftOut() {
			s.effort.Pruned++
		}
		if r.len() > 0 {
			return &tableChunk[R]{columns: s.columns, texts: s.texts, rows: r, firstID: s.reading.firstID}, nil
		}
	}
	return nil, io.EOF
}

// Effort implements [Economical].
func (s *tableScan[R]) Effort() Effort {
	e := s.effort
	if s.reading.scans != nil && s.reading.complete() {
		e.Events, e.Skipped = int64(s.reading.found.events), int64(s.reading.found.skipped)
	}
	return e
}

func (s *tableScan[R]) Close() error {
	s.next = nil
	if s.reading.claimed {
		s.reading.stop() // nobody else reads on
	}
	return nil
}

// tableChunk is a run of rows of a declared table.
type tableChunk[R run[R]] struct {
	columns []column[R]
	texts   map[string]func(R) kernel.Text
	rows    R
	firstID int64 // see [Capture]
}

func (c *tableChunk[R]) NumRows() int { return c.rows.len() }

func (c *tableChunk[R]) Column(i int) (arrow.Array, error) { return c.build(i, c.rows) }

func (c *tableChunk[R]) Gather(i int, rows []int32) (arrow.Array, error) {
	return c.build(i, c.rows.pick(rows))
}

func (c *tableChunk[R]) build(i int, rows R) (arrow.Array, error) {
	a, err := guarded(c.columns[i].build, rows)
	if err == nil && c.firstID != 0 && isID(c.columns[i].name) {
		a = countFrom(c.firstID, a)
	}
	return a, err
}

// Print implements [Printer].
func (c *tableChunk[R]) Print(columns []int, rows []int32, print func([]kernel.Text)) (err error) {
	picked := c.rows
	if rows != nil {
		picked = picked.pick(rows)
	}
	texts := make([]kernel.Text, len(columns))
	for i, at := range columns {
		if text := c.texts[c.columns[at].name]; text != nil {
			texts[i] = text(picked)
			continue
		}
		a, err := c.build(at, picked)
		if err != nil {
			return err
		}
		texts[i] = kernel.TextOf(a)
	}
	defer guard(debug.SetPanicOnFault(true), &err)
	print(texts)
	return nil
}

// isID reports whether a column holds numbers that a capture gives its threads and
// processes itself, in any table.
func isID(name string) bool { return name == "utid" || name == "upid" }

// countFrom makes ids that count from 0 count from another number.
func countFrom(first int64, ids arrow.Array) arrow.Array {
	out := slices.Clone(kernel.Values[int64](ids))
	for i := range out {
		out[i] += first
	}
	return kernel.FromValues(bigint, out, kernel.ValidityOf(ids))
}
