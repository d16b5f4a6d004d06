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
	parts  []arrow.Record
}

// NewMemTable makes a table of records that have the given schema. The records are not
// copied.
func NewMemTable(schema *arrow.Schema, records []arrow.Record, doc TableDoc) (*MemTable, error) {
	for _, rec := range records {
		if !sameTypes(rec.Schema(), schema) {
			return nil, fmt.Errorf("a record with columns %v does not fit a table with columns %v", rec.Schema(), schema)
		}
	}
	return &MemTable{schema: schema, doc: doc, parts: records}, nil
}

// sameTypes reports whether two schemas have columns of the same types, strings in either
// form being one type.
func sameTypes(a, b *arrow.Schema) bool {
	if a.NumFields() != b.NumFields() {
		return false
	}
	for i := range a.NumFields() {
		x, y := a.Field(i).Type, b.Field(i).Type
		if !arrow.TypeEqual(x, y) && !(isText(x) && isText(y)) {
			return false
		}
	}
	return true
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
	for _, rec := range t.parts {
		n += rec.NumRows()
	}
	return n
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
	parts   []arrow.Record
	columns []int
}

func (s *memScan) Next(ctx context.Context) (Chunk, error) {
	for len(s.parts) > 0 {
		rec := s.parts[0]
		s.parts = s.parts[1:]
		if rec.NumRows() > 0 {
			return memChunk{rec, s.columns}, ctx.Err()
		}
	}
	return nil, io.EOF
}

func (s *memScan) Close() error {
	s.parts = nil
	return nil
}

type memChunk struct {
	rec     arrow.Record
	columns []int
}

func (c memChunk) NumRows() int { return int(c.rec.NumRows()) }

func (c memChunk) Column(i int) (arrow.Array, error) { return c.rec.Column(c.columns[i]), nil }

func (c memChunk) Gather(i int, rows []int32) (arrow.Array, error) {
	return kernel.Filter(c.rec.Column(c.columns[i]), rows), nil
}
