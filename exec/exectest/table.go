package exectest

import (
	"context"
	"fmt"
	"io"
	"sync/atomic"

	"github.com/apache/arrow/go/v17/arrow"

	"tq/functions/kernel"
	"tq/storage"
)

// Data is a table as rows of Go values, as [kernel.Value] returns them. It must not
// change once it has been checked with.
type Data struct {
	Names []string
	Types []arrow.DataType
	Rows  [][]any

	tables map[*form]*Table
}

// table returns the rows in a form.
func (d *Data) table(f *form) (*Table, error) {
	if t, ok := d.tables[f]; ok {
		return t, nil
	}
	t, err := f.table(d)
	if d.tables == nil {
		d.tables = map[*form]*Table{}
	}
	d.tables[f] = t
	return t, err
}

// Table is a table in memory, in chunks. It counts what is decoded of it.
type Table struct {
	schema *arrow.Schema
	chunks [][]arrow.Array // by chunk and column

	// Decoded counts the values that scans decoded.
	Decoded atomic.Int64
	// Chunks counts the chunks that scans yielded.
	Chunks atomic.Int64
}

// NewTable makes a table of chunks, each a list of columns.
func NewTable(names []string, chunks ...[]arrow.Array) *Table {
	fields := make([]arrow.Field, len(names))
	for i, name := range names {
		fields[i] = arrow.Field{Name: name, Type: chunks[0][i].DataType(), Nullable: true}
	}
	return &Table{schema: arrow.NewSchema(fields, nil), chunks: chunks}
}

// Schema implements [storage.Table].
func (t *Table) Schema() *arrow.Schema { return t.schema }

// Doc implements [storage.Table].
func (t *Table) Doc() storage.TableDoc { return storage.TableDoc{} }

// Scan implements [storage.Table].
func (t *Table) Scan(_ context.Context, opts storage.ScanOptions) (storage.Scan, error) {
	s := &scan{table: t}
	for _, name := range opts.Columns {
		at := t.schema.FieldIndices(name)
		if len(at) == 0 {
			return nil, fmt.Errorf("no column %s", name)
		}
		s.columns = append(s.columns, at[0])
	}
	return s, nil
}

type scan struct {
	table   *Table
	columns []int
	at      int
}

func (s *scan) Next(ctx context.Context) (storage.Chunk, error) {
	if err := ctx.Err(); err != nil {
		return nil, err
	}
	for s.at < len(s.table.chunks) {
		s.at++
		if c := s.table.chunks[s.at-1]; c[0].Len() > 0 {
			s.table.Chunks.Add(1)
			return &chunk{s.table, c, s.columns}, nil
		}
	}
	return nil, io.EOF
}

func (s *scan) Close() error { return nil }

type chunk struct {
	table   *Table
	arrays  []arrow.Array
	columns []int
}

func (c *chunk) NumRows() int { return c.arrays[0].Len() }

func (c *chunk) Column(i int) (arrow.Array, error) {
	c.table.Decoded.Add(int64(c.NumRows()))
	return c.arrays[c.columns[i]], nil
}

func (c *chunk) Gather(i int, rows []int32) (arrow.Array, error) {
	for k := 1; k < len(rows); k++ {
		if rows[k] <= rows[k-1] {
			return nil, fmt.Errorf("rows to gather do not ascend: %d after %d", rows[k], rows[k-1])
		}
	}
	c.table.Decoded.Add(int64(len(rows)))
	return kernel.Take(c.arrays[c.columns[i]], rows), nil
}

// Catalog is the tables of a test by name.
type Catalog map[string]*Table

// Table implements the executor's catalog.
func (c Catalog) Table(name string) (storage.Table, bool) {
	t, ok := c[name]
	return t, ok
}
