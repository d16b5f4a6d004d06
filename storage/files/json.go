package files

import (
	"context"
	"encoding/json"
	"fmt"
	"io"

	"github.com/apache/arrow/go/v17/arrow"

	"tq/functions/kernel"
	"tq/storage"
)

// jsonTable is a file of JSON objects, each of them a row: one after the other, as in
// JSONL, or in one list. It is read anew by each scan. Values that are no objects are the
// column "json".
type jsonTable struct {
	src    *source
	shape  jsonShape
	schema *arrow.Schema
	whole  bool // a record is the value of the only column
}

func openJSON(src *source, _ Options) (table storage.Table, err error) {
	defer recovered(&err)
	in, err := src.text()
	if err != nil {
		return nil, err
	}
	t := &jsonTable{src: src}
	r := newJSONReader(in)
	for range sampleRows {
		v, _, err := r.next()
		if err == io.EOF {
			break
		}
		if err != nil {
			return nil, err
		}
		t.shape.add(&v)
	}
	t.setSchema()
	return t, nil
}

// setSchema makes the columns of what has been found out about the records.
func (t *jsonTable) setSchema() {
	if t.whole = t.shape.class != classObject || len(t.shape.keys) == 0; t.whole {
		t.schema = arrow.NewSchema([]arrow.Field{{Name: "json", Type: t.shape.typ(), Nullable: true}}, nil)
	} else {
		t.schema = arrow.NewSchema(t.shape.structFields(), nil)
	}
}

// shareShape gives JSON files the columns that all their records have in common, as
// if they were one file.
func shareShape(tables []storage.Table) {
	var common jsonShape
	for _, t := range tables {
		if j, ok := t.(*jsonTable); ok {
			common.merge(&j.shape)
		}
	}
	for _, t := range tables {
		if j, ok := t.(*jsonTable); ok {
			j.shape = common
			j.setSchema()
		}
	}
}

// Schema implements [storage.Table].
func (t *jsonTable) Schema() *arrow.Schema { return t.schema }

// Doc implements [storage.Table].
func (t *jsonTable) Doc() storage.TableDoc { return rowDoc }

// Scan implements [storage.Table].
func (t *jsonTable) Scan(_ context.Context, opts storage.ScanOptions) (storage.Scan, error) {
	columns, err := columnsNamed(t.schema, opts.Columns)
	if err != nil {
		return nil, err
	}
	in, err := t.src.text()
	if err != nil {
		return nil, err
	}
	return &jsonScan{table: t, columns: columns, reader: newJSONReader(in)}, nil
}

type jsonScan struct {
	table   *jsonTable
	columns []int
	reader  *jsonReader
}

// jsonChunkRows is how many records are in a chunk: fewer than of other formats, as each
// is a tree in memory.
const jsonChunkRows = 16 << 10

func (s *jsonScan) Next(ctx context.Context) (c storage.Chunk, err error) {
	defer recovered(&err)
	if err := ctx.Err(); err != nil {
		return nil, err
	}
	if s.reader == nil {
		return nil, io.EOF
	}
	chunk := &jsonChunk{table: s.table, columns: s.columns}
	for len(chunk.values) < jsonChunkRows {
		v, line, err := s.reader.next()
		if err == io.EOF {
			s.reader = nil
			break
		}
		if err != nil {
			return nil, fmt.Errorf("%s: %w", s.table.src.path, err)
		}
		if len(chunk.values) == 0 {
			chunk.line = line
		}
		chunk.values = append(chunk.values, &v)
	}
	if len(chunk.values) == 0 {
		return nil, io.EOF
	}
	return chunk, nil
}

func (s *jsonScan) Close() error {
	s.reader = nil
	return nil
}

// jsonChunk is a run of records.
type jsonChunk struct {
	table   *jsonTable
	columns []int
	values  []*jsonValue
	line    int64 // of the first
}

func (c *jsonChunk) NumRows() int { return len(c.values) }

func (c *jsonChunk) Column(i int) (arrow.Array, error) { return c.build(c.columns[i], c.values) }

func (c *jsonChunk) Gather(i int, rows []int32) (arrow.Array, error) {
	values := make([]*jsonValue, len(rows))
	for k, r := range rows {
		values[k] = c.values[r]
	}
	return c.build(c.columns[i], values)
}

func (c *jsonChunk) build(column int, values []*jsonValue) (a arrow.Array, err error) {
	defer recovered(&err)
	t := c.table
	if t.whole {
		a, err = t.shape.column(values)
	} else {
		for _, v := range values {
			if v.kind != jsonObject && v.kind != jsonNull {
				return nil, fmt.Errorf("%s: from line %d on: %s is no object, which the records in the beginning of the file are", t.src.path, c.line, v.text)
			}
		}
		key := t.shape.keys[column]
		a, err = t.shape.fields[key].column(fieldOf(values, key))
	}
	if err != nil {
		return nil, fmt.Errorf("%s: from line %d on: column %s: %w", t.src.path, c.line, t.schema.Field(column).Name, err)
	}
	return kernel.Retype(a, t.schema.Field(column).Type), nil
}

// quoteJSON writes a string as JSON does.
func quoteJSON(s string) string {
	b, _ := json.Marshal(s) // a string can always be written
	return string(b)
}
