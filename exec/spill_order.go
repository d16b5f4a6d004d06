package exec

import (
	"context"
	"io"
	"slices"

	"github.com/apache/arrow/go/v17/arrow"

	"tq/functions"
	"tq/functions/kernel"
)

// Rows that go to disk to be worked on in another order carry their numbers with them, so
// that what became of them can be put back into the order that it has in memory.

// numberedSchema is a schema with the numbers as the last column.
func numberedSchema(schema *arrow.Schema) *arrow.Schema {
	return arrow.NewSchema(append(schema.Fields(), arrow.Field{Name: "number", Type: functions.BigInt, Nullable: true}), nil)
}

// numbered is a batch with the numbers of its rows, from first on.
func numbered(b *Batch, first int64) *Batch {
	numbers := make([]int64, b.NumRows())
	for i := range numbers {
		numbers[i] = first + int64(i)
	}
	return b.with(kernel.Col(kernel.FromValues(functions.BigInt, numbers, kernel.Validity{})))
}

// byColumns are sort keys of the columns at some places, NULLs last.
func byColumns(columns ...int) []sortKey {
	keys := make([]sortKey, len(columns))
	for i, at := range columns {
		keys[i] = sortKey{value: &columnEval{at}, typ: functions.BigInt}
	}
	return keys
}

// without is the places of n columns but for those given.
func without(n int, columns ...int) []int {
	var rest []int
	for i := range n {
		if !slices.Contains(columns, i) {
			rest = append(rest, i)
		}
	}
	return rest
}

// restoredRows yields what a sorter was given, in order, some of its columns.
type restoredRows struct {
	sorter  *rowSorter
	columns []int
}

func (s *restoredRows) next(ctx context.Context) (*Batch, error) {
	b, err := s.sorter.next(ctx)
	if err != nil {
		return nil, err
	}
	return b.Project(s.columns), nil
}

// spilledScan reads a list of batches on disk.
type spilledScan struct {
	schema *arrow.Schema
	list   spilled
	reader *spillReader
}

func (s *spilledScan) Schema() *arrow.Schema { return s.schema }

func (s *spilledScan) Next(ctx context.Context) (*Batch, error) {
	if err := ctx.Err(); err != nil {
		return nil, err
	}
	if s.list.file == nil {
		return nil, io.EOF
	}
	if s.reader == nil {
		var err error
		if s.reader, err = s.list.reader(); err != nil {
			return nil, err
		}
	}
	return s.reader.next()
}

func (s *spilledScan) Close() error { return nil }
