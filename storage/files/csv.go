package files

import (
	"bytes"
	"context"
	"fmt"
	"io"
	"maps"
	"slices"
	"strings"

	"github.com/apache/arrow/go/v17/arrow"

	"tq/functions"
	"tq/functions/kernel"
	"tq/storage"
)

// CSVOptions is what is known of a CSV file; the rest is found out from its first
// records, as DuckDB does it.
type CSVOptions struct {
	Delim, Quote, Escape, Comment *byte
	DelimMore                     string // what follows Delim in a delimiter of several bytes
	Header                        *bool
	Skip                          int
	SampleRows                    int                       // that decide on what is found out; 0: the default, -1: all
	Nulls                         []string                  // what stands for NULL besides nothing
	Names                         []string                  // of the columns
	Types                         map[string]arrow.DataType // by name in lower case
	TypeList                      []arrow.DataType          // of the first columns
	AllText                       bool                      // every column is VARCHAR
	Ragged                        bool                      // rows may be short: what is missing is NULL
	SkipBad                       bool                      // rows that do not fit are left out
}

// csvTable is a CSV file. It is read anew by each scan.
type csvTable struct {
	src     *source
	options *CSVOptions
	shape   csvShape
	head    int // records before the rows: skipped ones, the header
	schema  *arrow.Schema
	columns []csvColumn
}

func openCSV(src *source, o Options) (table storage.Table, err error) {
	defer recovered(&err)
	t := &csvTable{src: src, options: &o.CSV}
	in, err := src.text()
	if err != nil {
		return nil, err
	}
	sample, err := io.ReadAll(io.LimitReader(in, t.options.sampleBytes()))
	if err != nil {
		return nil, err
	}
	rest, _ := io.ReadFull(in, make([]byte, 1))
	shape, rows, err := sniffDialect(sample, rest == 0, t.options)
	if err != nil {
		return nil, err
	}
	t.shape = shape
	t.head = shape.skip
	names, header := t.sniffColumns(rows)
	if header {
		t.head++
	}
	if len(t.options.Names) > len(names) {
		return nil, fmt.Errorf("%d names are given, but there are %d columns", len(t.options.Names), len(names))
	}
	copy(names, t.options.Names)
	fields := make([]arrow.Field, len(names))
	for i, name := range names {
		fields[i] = arrow.Field{Name: name, Nullable: true}
	}
	fields = distinctNames(fields)
	t.giveTypes(fields)
	if !o.ByName { // else another file may have the column
		if err := t.options.checkTypes(fields); err != nil {
			return nil, err
		}
	}
	t.schema = arrow.NewSchema(fields, nil)
	return t, nil
}

// giveTypes sets the types of the fields: those that were found or, where it is given, that.
func (t *csvTable) giveTypes(fields []arrow.Field) {
	for i := range fields {
		c := &t.columns[i]
		if i < len(t.options.TypeList) {
			*c = csvColumn{typ: t.options.TypeList[i]}
		}
		if typ, ok := t.options.Types[strings.ToLower(fields[i].Name)]; ok {
			*c = csvColumn{typ: typ}
		}
		fields[i].Type = c.typ
	}
}

// readAsText makes a column VARCHAR, so that its texts stay as they are written.
func (t *csvTable) readAsText(name string) {
	fields := slices.Clone(t.schema.Fields())
	at := t.schema.FieldIndices(name)[0]
	fields[at].Type = functions.Varchar
	t.columns[at] = csvColumn{typ: functions.Varchar}
	t.schema = arrow.NewSchema(fields, nil)
}

// checkTypes reports a type that is given for a column that is not there.
func (o *CSVOptions) checkTypes(fields []arrow.Field) error {
	for _, name := range slices.Sorted(maps.Keys(o.Types)) {
		if !hasField(fields, name) {
			return fmt.Errorf("a type is given for %q, but there is no such column", name)
		}
	}
	return nil
}

func hasField(fields []arrow.Field, name string) bool {
	for _, f := range fields {
		if strings.EqualFold(f.Name, name) {
			return true
		}
	}
	return false
}

// Schema implements [storage.Table].
func (t *csvTable) Schema() *arrow.Schema { return t.schema }

// Doc implements [storage.Table].
func (t *csvTable) Doc() storage.TableDoc { return rowDoc }

// Scan implements [storage.Table].
func (t *csvTable) Scan(_ context.Context, opts storage.ScanOptions) (storage.Scan, error) {
	columns, err := columnsNamed(t.schema, opts.Columns)
	if err != nil {
		return nil, err
	}
	in, err := t.src.text()
	if err != nil {
		return nil, err
	}
	r := newCSVReader(in, t.shape.dialect)
	r.blanks = t.shape.width == 1
	return &csvScan{table: t, columns: columns, reader: r, skip: t.head}, nil
}

// csvScan takes the file apart in runs of records.
type csvScan struct {
	table   *csvTable
	columns []int
	reader  *csvReader
	skip    int // records still to be left out
}

// csvChunkRows is how many records are in a chunk.
const csvChunkRows = 64 << 10

func (s *csvScan) Next(ctx context.Context) (c storage.Chunk, err error) {
	defer recovered(&err)
	for {
		if err := ctx.Err(); err != nil {
			return nil, err
		}
		if s.reader == nil {
			return nil, io.EOF
		}
		rec := &csvRecords{}
		if err := s.reader.read(rec, csvChunkRows); err == io.EOF {
			s.reader = nil
			return nil, io.EOF
		} else if err != nil {
			return nil, fmt.Errorf("%s: %w", s.table.src.path, err)
		}
		rows, err := s.rows(rec)
		if err != nil {
			return nil, err
		}
		if len(rows) > 0 {
			return &csvChunk{s.table, s.columns, rec, rows}, nil
		}
	}
}

// rows are the records of a run that are rows of the table.
func (s *csvScan) rows(rec *csvRecords) ([]int32, error) {
	t := s.table
	rows := make([]int32, 0, rec.len())
	for i := range rec.len() {
		if s.skip > 0 {
			s.skip--
			continue
		}
		width := rec.width(i)
		if width != t.shape.width && !(t.options.Ragged && width < t.shape.width) {
			if t.options.SkipBad {
				continue
			}
			return nil, fmt.Errorf("%s: line %d: %d values for %d columns; ignore_errors => true leaves such lines out, null_padding => true takes what is missing for NULL",
				t.src.path, rec.lines[i], width, t.shape.width)
		}
		rows = append(rows, int32(i))
	}
	return rows, nil
}

func (s *csvScan) Close() error {
	s.reader = nil
	return nil
}

// csvChunk is a run of records. Its columns are converted when they are asked for.
type csvChunk struct {
	table   *csvTable
	columns []int
	records *csvRecords
	rows    []int32
}

func (c *csvChunk) NumRows() int { return len(c.rows) }

func (c *csvChunk) Column(i int) (a arrow.Array, err error) {
	defer recovered(&err)
	return c.build(c.columns[i], c.rows)
}

func (c *csvChunk) Gather(i int, rows []int32) (a arrow.Array, err error) {
	defer recovered(&err)
	picked := make([]int32, len(rows))
	for k, r := range rows {
		picked[k] = c.rows[r]
	}
	return c.build(c.columns[i], picked)
}

// build converts a column of some records.
func (c *csvChunk) build(column int, records []int32) (arrow.Array, error) {
	b := kernel.NewStringBuilder(len(records))
	for _, i := range records {
		if column >= c.records.width(int(i)) {
			b.AppendNull()
			continue
		}
		text := c.records.field(int(i), column)
		if c.table.options.isNull(text) {
			b.AppendNull()
		} else {
			b.AppendBytes(text)
		}
	}
	a, err := b.Finish(arrow.BinaryTypes.String)
	if err != nil {
		return nil, err
	}
	a, bad, err := c.table.columns[column].convert(a)
	if err != nil {
		return nil, err
	}
	if bad >= 0 && !c.table.options.SkipBad {
		return nil, c.table.columns[column].refuse(c.table, column, c.records, int(records[bad]))
	}
	return a, nil
}

// isNull reports whether a text stands for NULL.
func (o *CSVOptions) isNull(text []byte) bool {
	if o.Nulls == nil {
		return len(text) == 0
	}
	for _, s := range o.Nulls {
		if string(text) == s {
			return true
		}
	}
	return false
}

// byteOrderMark is what some programs begin a text file with.
var byteOrderMark = []byte("\xef\xbb\xbf")

// skipMark leaves out a byte order mark.
func skipMark(r io.Reader) io.Reader {
	head := make([]byte, len(byteOrderMark))
	n, err := io.ReadFull(r, head)
	if err == nil && bytes.Equal(head, byteOrderMark) {
		return r
	}
	return io.MultiReader(bytes.NewReader(head[:n]), r)
}
