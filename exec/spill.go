package exec

import (
	"bufio"
	"fmt"
	"io"
	"os"

	"github.com/apache/arrow/go/v17/arrow"
	"github.com/apache/arrow/go/v17/arrow/array"
	"github.com/apache/arrow/go/v17/arrow/ipc"

	"tq/functions"
	"tq/functions/kernel"
)

// spillFile holds lists of batches on disk, for operators that may not hold them in
// memory. The file has no name once it is open, so nothing of it stays, however the
// program ends. Batches come back as they were written, texts in their plain form.
type spillFile struct {
	schema *arrow.Schema
	file   *os.File
	size   int64
}

// spillBuffer is how many bytes are written at a time.
const spillBuffer = 1 << 18

func newSpillFile(schema *arrow.Schema) (*spillFile, error) {
	fields := schema.Fields()
	for i, f := range fields {
		if f.Type.ID() == arrow.DICTIONARY {
			fields[i].Type = functions.Varchar
		}
	}
	file, err := os.CreateTemp("", "tq-spill-*")
	if err != nil {
		return nil, fmt.Errorf("no temporary file for what does not fit the memory limit: %w", err)
	}
	if err := os.Remove(file.Name()); err != nil {
		file.Close()
		return nil, err
	}
	return &spillFile{schema: arrow.NewSchema(fields, nil), file: file}, nil
}

// spillWriter adds a list of batches to a file. One is written at a time.
type spillWriter struct {
	list spilled
	out  *bufio.Writer
	ipc  *ipc.Writer
}

func (s *spillFile) writer() *spillWriter {
	out := bufio.NewWriterSize(&fileTail{s}, spillBuffer)
	return &spillWriter{spilled{file: s, from: s.size}, out, ipc.NewWriter(out, ipc.WithSchema(s.schema))}
}

func (w *spillWriter) add(b *Batch) error {
	record, err := w.list.file.record(b)
	if err != nil {
		return err
	}
	return w.ipc.Write(record)
}

// finish returns the list, to be read.
func (w *spillWriter) finish() (spilled, error) {
	if err := w.ipc.Close(); err != nil {
		return w.list, err
	}
	err := w.out.Flush()
	w.list.to = w.list.file.size
	return w.list, err
}

func (s *spillFile) record(b *Batch) (arrow.Record, error) {
	columns := make([]arrow.Array, b.NumCols())
	for i := range columns {
		column, err := b.Column(i)
		if err != nil {
			return nil, err
		}
		if columns[i], err = plainForm(column, s.schema.Field(i).Type); err != nil {
			return nil, err
		}
	}
	return array.NewRecord(s.schema, columns, int64(b.NumRows())), nil
}

// plainForm is a column in the one form that a file's columns of a type have.
func plainForm(column arrow.Array, dt arrow.DataType) (arrow.Array, error) {
	if column.DataType().ID() == arrow.NULL && dt.ID() != arrow.NULL {
		return kernel.Nulls(dt, column.Len()), nil
	}
	return kernel.Plain(column)
}

func (s *spillFile) close() error { return s.file.Close() }

// fileTail writes at the end of a spill file.
type fileTail struct{ *spillFile }

func (t *fileTail) Write(p []byte) (int, error) {
	n, err := t.file.WriteAt(p, t.size)
	t.size += int64(n)
	return n, err
}

// spilled is a list of batches in a file.
type spilled struct {
	file     *spillFile
	from, to int64
}

// reader reads the list from its beginning; several may read at once.
func (s spilled) reader() (*spillReader, error) {
	in := bufio.NewReader(io.NewSectionReader(s.file.file, s.from, s.to-s.from))
	r, err := ipc.NewReader(in)
	return &spillReader{r}, err
}

type spillReader struct{ *ipc.Reader }

// next returns the next batch, io.EOF after the last.
func (r *spillReader) next() (*Batch, error) {
	record, err := r.Read()
	if err != nil {
		return nil, err
	}
	record.Retain() // the reader lets go of it
	return NewBatch(int(record.NumRows()), record.Columns()...), nil
}
