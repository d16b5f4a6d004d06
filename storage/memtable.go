package storage

import (
	"context"
	"fmt"
	"io"

	"github.com/apache/arrow/go/v17/arrow"

	"tq/functions/kernel"
)

// MemTable is a table whose columns are in memory.
type MemTable struct {
	schema *arrow.Schema
	doc    TableDoc
	parts  [][]arrow.Array
}

// NewMemTable makes a table of columns with the given schema. Each part is a run of rows:
// one array a column, all of the same length. Strings may be in either form in any part.
// Nothing is copied.
func NewMemTable(schema *arrow.Schema, parts [][]arrow.Array, doc TableDoc) (*MemTable, error) {
	for _, part := range parts {
		if len(part) != schema.NumFields() {
			return nil, fmt.Errorf("%d columns for a table of %d", len(part), schema.NumFields())
		}
		for i, a := range part {
			f := schema.Field(i)
			if !arrow.TypeEqual(a.DataType(), f.Type) && !(isText(a.DataType()) && isText(f.Type)) {
				return nil, fmt.Errorf("column %s of type %v holds %v", f.Name, f.Type, a.DataType())
			}
			if a.Len() != part[0].Len() {
				return nil, fmt.Errorf("column %s has %d rows, others have %d", f.Name, a.Len(), part[0].Len())
			}
		}
	}
	return &MemTable{schema: schema, doc: doc, parts: parts}, nil
}

func isText(t arrow.DataType) bool {
	return t.ID() == arrow.STRING || t.ID() == arrow.DICTIONARY
}

// Schema implements [Table].
func (t *MemTable) Schema() *arrow.Schema { return t.schema }

// Doc implements [Table].
func (t *MemTable) Doc() TableDoc { return t.doc }

// NumRows is the number of rows.
func (t *MemTable) NumRows() int64 {
	n := int64(0)
	for _, part := range t.parts {
		n += int64(rowsIn(part))
	}
	return n
}

func rowsIn(part []arrow.Array) int {
	if len(part) == 0 {
		return 0
	}
	return part[0].Len()
}

// Scan implements [Table].
func (t *MemTable) Scan(_ context.Context, opts ScanOptions) (Scan, error) {
	s := &memScan{parts: t.parts, columns: make([]int, len(opts.Columns))}
	for i, name := range opts.Columns {
		at := t.schema.FieldIndices(name)
		if len(at) == 0 {
			return nil, fmt.Errorf("the table has no column %q", name)
		}
		s.columns[i] = at[0]
	}
	return s, nil
}

type memScan struct {
	parts   [][]arrow.Array
	columns []int
}

func (s *memScan) Next(ctx context.Context) (Chunk, error) {
	if err := ctx.Err(); err != nil {
		return nil, err
	}
	for len(s.parts) > 0 {
		part := s.parts[0]
		s.parts = s.parts[1:]
		if rowsIn(part) > 0 {
			return memChunk{part, s.columns}, nil
		}
	}
	return nil, io.EOF
}

func (s *memScan) Close() error {
	s.parts = nil
	return nil
}

type memChunk struct {
	part    []arrow.Array
	columns []int
}

func (c memChunk) NumRows() int { return rowsIn(c.part) }

func (c memChunk) Column(i int) (arrow.Array, error) { return c.part[c.columns[i]], nil }

func (c memChunk) Gather(i int, rows []int32) (arrow.Array, error) {
	return kernel.Filter(c.part[c.columns[i]], rows), nil
}
