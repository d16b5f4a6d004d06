package files

import (
	"context"
	"errors"
	"fmt"
	"io"

	"github.com/apache/arrow/go/v17/arrow"
	"github.com/apache/arrow/go/v17/arrow/ipc"
	"github.com/apache/arrow/go/v17/arrow/memory"

	"tq/functions/kernel"
	"tq/storage"
)

// arrowTable is a file of Arrow's IPC format, either one with a footer or a stream. A
// chunk of it is a record batch.
type arrowTable struct {
	src    *source
	stored *arrow.Schema // as the file has it
	schema *arrow.Schema
	stream bool
}

// arrowMagic is what files with a footer begin with; streams do not have it.
const arrowMagic = "ARROW1"

// recordReader reads the record batches of a file in their order.
type recordReader interface {
	Schema() *arrow.Schema
	Read() (arrow.Record, error) // io.EOF after the last one
}

func openArrow(src *source, _ Options) (table storage.Table, err error) {
	defer recovered(&err)
	t := &arrowTable{src: src, stream: string(src.head(len(arrowMagic))) != arrowMagic}
	if err := checkClaims(src, t.stream); err != nil {
		return nil, err
	}
	r, err := t.open()
	if err != nil {
		return nil, err
	}
	t.stored = r.Schema()
	fields := make([]arrow.Field, t.stored.NumFields())
	for i, f := range t.stored.Fields() {
		typ, err := normalType(f.Type)
		if err != nil {
			return nil, fmt.Errorf("column %s: %w", f.Name, err)
		}
		fields[i] = arrow.Field{Name: f.Name, Type: typ, Nullable: true}
	}
	t.schema = arrow.NewSchema(distinctNames(fields), nil)
	return t, nil
}

func (t *arrowTable) open() (recordReader, error) {
	in := io.NewSectionReader(t.src, 0, t.src.Size())
	mem := ipc.WithAllocator(boundedAllocator{t.src.Size()})
	if t.stream {
		return ipc.NewReader(in, mem)
	}
	return ipc.NewFileReader(in, mem)
}

// Schema implements [storage.Table].
func (t *arrowTable) Schema() *arrow.Schema { return t.schema }

// Doc implements [storage.Table].
func (t *arrowTable) Doc() storage.TableDoc { return rowDoc }

// Scan implements [storage.Table].
func (t *arrowTable) Scan(_ context.Context, opts storage.ScanOptions) (s storage.Scan, err error) {
	defer recovered(&err)
	columns, err := columnsNamed(t.schema, opts.Columns)
	if err != nil {
		return nil, err
	}
	r, err := t.open()
	if err != nil {
		return nil, fmt.Errorf("%s: %w", t.src.path, err)
	}
	return &arrowScan{table: t, columns: columns, reader: r}, nil
}

type arrowScan struct {
	table   *arrowTable
	columns []int
	reader  recordReader
}

func (s *arrowScan) Next(ctx context.Context) (c storage.Chunk, err error) {
	defer recovered(&err)
	for s.reader != nil {
		if err := ctx.Err(); err != nil {
			return nil, err
		}
		rec, err := s.reader.Read()
		if errors.Is(err, io.EOF) && !errors.Is(err, io.ErrUnexpectedEOF) {
			break
		}
		if err == nil {
			err = checkRows(rec, s.table.src.Size())
		}
		if err != nil {
			return nil, fmt.Errorf("%s: %w", s.table.src.path, err)
		}
		if rec.NumRows() > 0 {
			rec.Retain() // the reader takes back its own hold when it goes on
			return &arrowChunk{s.table, s.columns, rec}, nil
		}
	}
	s.reader = nil
	return nil, io.EOF
}

// checkRows finds out whether a batch of a file of so many bytes can have as many rows as it
// says, and whether its columns have.
func checkRows(rec arrow.Record, size int64) error {
	rows := rec.NumRows()
	if rows/maxCompression > size {
		return fmt.Errorf("a batch says that it has %d rows", rows)
	}
	for i, column := range rec.Columns() {
		if int64(column.Len()) != rows {
			return fmt.Errorf("a batch of %d rows has %d of column %s", rows, column.Len(), rec.ColumnName(i))
		}
	}
	return nil
}

func (s *arrowScan) Close() error {
	s.reader = nil
	return nil
}

// arrowChunk is a record batch.
type arrowChunk struct {
	table   *arrowTable
	columns []int
	record  arrow.Record
}

func (c *arrowChunk) NumRows() int { return int(c.record.NumRows()) }

func (c *arrowChunk) Column(i int) (a arrow.Array, err error) {
	defer recovered(&err)
	column := c.columns[i]
	a, err = normalArray(c.record.Column(column))
	if err == nil {
		err = checkArray(a)
	}
	if err != nil {
		return nil, fmt.Errorf("%s: column %s: %w", c.table.src.path, c.table.schema.Field(column).Name, err)
	}
	return a, nil
}

func (c *arrowChunk) Gather(i int, rows []int32) (arrow.Array, error) {
	a, err := c.Column(i)
	if err != nil {
		return nil, err
	}
	return kernel.Filter(a, rows), nil
}

// boundedAllocator makes buffers for what a file says they hold, which cannot be much
// more than the file does, if it is compressed.
type boundedAllocator struct{ size int64 }

// maxCompression is how much longer what a buffer holds may be than the file.
const maxCompression = 1 << 12

func (b boundedAllocator) Allocate(size int) []byte {
	if size < 0 || int64(size)/maxCompression > b.size {
		panic(fmt.Errorf("a buffer says that it has %d bytes", size))
	}
	return memory.DefaultAllocator.Allocate(size)
}

func (b boundedAllocator) Reallocate(size int, buf []byte) []byte {
	if size <= cap(buf) {
		return buf[:size]
	}
	grown := b.Allocate(size)
	copy(grown, buf)
	return grown
}

func (boundedAllocator) Free([]byte) {}
