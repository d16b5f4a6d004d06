package files

import (
	"context"
	"fmt"
	"io"
	"math"
	"os"
	"unicode/utf8"

	"github.com/apache/arrow/go/v17/arrow"

	"tq/functions"
	"tq/functions/kernel"
	"tq/storage"
)

// wholeTable has a row for each file. The content is read when it is asked for.
type wholeTable struct {
	paths  []string
	schema *arrow.Schema
}

// The columns of a wholeTable.
const (
	wholeName = iota
	wholeContent
	wholeSize
	wholeModified
)

// openWhole makes rows of files, whose content is of type VARCHAR or BLOB. Patterns need
// not match any.
func openWhole(paths []string, content arrow.DataType) (storage.Table, error) {
	t := &wholeTable{schema: arrow.NewSchema([]arrow.Field{
		wholeName:     {Name: "filename", Type: functions.Varchar, Nullable: true},
		wholeContent:  {Name: "content", Type: content, Nullable: true},
		wholeSize:     {Name: "size", Type: functions.BigInt, Nullable: true},
		wholeModified: {Name: "last_modified", Type: functions.TimestampTZ, Nullable: true},
	}, nil)}
	for _, path := range paths {
		found := []string{path}
		var err error
		if isPattern(path) {
			found, err = matching(path)
		} else {
			_, err = os.Stat(path)
		}
		if err != nil {
			return nil, err
		}
		t.paths = append(t.paths, found...)
	}
	return t, nil
}

// Schema implements [storage.Table].
func (t *wholeTable) Schema() *arrow.Schema { return t.schema }

// Doc implements [storage.Table].
func (t *wholeTable) Doc() storage.TableDoc { return storage.TableDoc{Row: "a file"} }

// Scan implements [storage.Table].
func (t *wholeTable) Scan(_ context.Context, opts storage.ScanOptions) (storage.Scan, error) {
	columns, err := columnsNamed(t.schema, opts.Columns)
	return &wholeScan{table: t, columns: columns, rest: t.paths}, err
}

// wholeScan yields a chunk for each file, so that one at a time is in memory.
type wholeScan struct {
	table   *wholeTable
	columns []int
	rest    []string
}

func (s *wholeScan) Next(ctx context.Context) (storage.Chunk, error) {
	if err := ctx.Err(); err != nil {
		return nil, err
	}
	if len(s.rest) == 0 {
		return nil, io.EOF
	}
	path := s.rest[0]
	s.rest = s.rest[1:]
	info, err := os.Stat(path)
	if err != nil {
		return nil, err
	}
	return &wholeChunk{s.table, s.columns, path, info}, nil
}

func (s *wholeScan) Close() error { return nil }

// wholeChunk is the row of a file.
type wholeChunk struct {
	table   *wholeTable
	columns []int
	path    string
	info    os.FileInfo
}

func (c *wholeChunk) NumRows() int { return 1 }

func (c *wholeChunk) Column(i int) (arrow.Array, error) {
	typ := c.table.schema.Field(c.columns[i]).Type
	switch c.columns[i] {
	case wholeName:
		return kernel.OfString(c.path), nil
	case wholeContent:
		return c.content(typ)
	case wholeSize:
		return kernel.FromValues(typ, []int64{c.info.Size()}, kernel.Validity{}), nil
	default:
		return kernel.FromValues(typ, []int64{c.info.ModTime().UnixNano()}, kernel.Validity{}), nil
	}
}

func (c *wholeChunk) Gather(i int, rows []int32) (arrow.Array, error) {
	if len(rows) == 0 {
		return kernel.Nulls(c.table.schema.Field(c.columns[i]).Type, 0), nil
	}
	return c.Column(i)
}

func (c *wholeChunk) content(typ arrow.DataType) (arrow.Array, error) {
	if c.info.Size() > math.MaxInt32 {
		return nil, fmt.Errorf("%s: it has %d bytes; a value has at most %d", c.path, c.info.Size(), math.MaxInt32)
	}
	data, err := os.ReadFile(c.path)
	if err != nil {
		return nil, err
	}
	if typ.ID() == arrow.STRING && !utf8.Valid(data) {
		return nil, fmt.Errorf("%s: it is no text in UTF-8; read_blob reads any bytes", c.path)
	}
	b := kernel.NewStringBuilder(1)
	b.AppendBytes(data)
	return b.Finish(typ)
}
