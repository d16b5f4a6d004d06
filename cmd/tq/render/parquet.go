package render

import (
	"io"

	"github.com/apache/arrow/go/v17/arrow"
	"github.com/apache/arrow/go/v17/parquet"
	"github.com/apache/arrow/go/v17/parquet/compress"
	"github.com/apache/arrow/go/v17/parquet/file"

	"tq/functions/kernel"
)

// parquetFile writes a Parquet file: dictionaries, zstd and statistics, in row groups of as
// many rows as DuckDB's have. DURATION is BIGINT, the nanoseconds: Parquet's INTERVAL
// counts milliseconds. Which columns those are stands in the file's metadata under
// [DurationsKey], so that they are DURATION again for tq.
type parquetFile struct {
	schema  *arrow.Schema
	file    *file.Writer
	out     *patientWriter
	columns []*parquetColumn
	held    [][]arrow.Array // the batches of the row group to come
	rows    int             // in them
}

// parquetGroupRows is how many rows a row group has.
const parquetGroupRows = 120 << 10

// DurationsKey is the key in a Parquet file's metadata of the columns that are DURATION:
// their positions, from 0, separated by commas.
const DurationsKey = "tq.durations"

func newParquet(out io.Writer, schema *arrow.Schema, _ Options) Writer {
	w := &parquetFile{schema: schema}
	root := w.buildSchema()
	props := parquet.NewWriterProperties(
		parquet.WithCompression(compress.Codecs.Zstd),
		parquet.WithDictionaryDefault(true),
		parquet.WithCreatedBy("tq"),
	)
	w.out = &patientWriter{out: out}
	w.file = file.NewParquetWriter(w.out, root, file.WithWriterProps(props))
	return w
}

func (w *parquetFile) Write(b Batch) error {
	arrays, err := load(b, len(w.columns))
	if err != nil {
		return err
	}
	for at := 0; at < b.NumRows(); {
		end := min(b.NumRows(), at+parquetGroupRows-w.rows)
		part := make([]arrow.Array, len(arrays))
		for i, a := range arrays {
			part[i] = kernel.Slice(a, at, end)
		}
		w.held = append(w.held, part)
		w.rows += end - at
		at = end
		if w.rows == parquetGroupRows {
			if err := w.flush(); err != nil {
				return err
			}
		}
	}
	return nil
}

// flush writes a row group.
func (w *parquetFile) flush() error {
	if w.rows == 0 {
		return nil
	}
	group := w.file.AppendRowGroup()
	for i, c := range w.columns {
		parts := make([]arrow.Array, len(w.held))
		for k, part := range w.held {
			parts[k] = part[i]
		}
		a, err := kernel.Concat(parts)
		if err != nil {
			return err
		}
		if err := c.write(group, a); err != nil {
			return err
		}
	}
	w.held, w.rows = nil, 0
	return w.out.orElse(group.Close())
}

func (w *parquetFile) Close() error {
	if err := w.flush(); err != nil {
		return err
	}
	if list := durations(w.schema); list != "" {
		if err := w.file.AppendKeyValueMetadata(DurationsKey, list); err != nil {
			return err
		}
	}
	return w.out.orElse(w.file.Close())
}
