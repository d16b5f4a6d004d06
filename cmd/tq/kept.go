package main

import (
	"context"
	"fmt"
	"io"
	"strconv"
	"strings"
	"sync"

	"github.com/apache/arrow/go/v17/arrow"

	"tq/exec"
	"tq/functions/kernel"
	"tq/storage"
)

// lastResult is the name of the table that holds the rows of the last result.
const lastResult = "_"

// keptRows is how many rows of a result are kept; of a longer one, none are.
const keptRows = 5_000_000

// kept is a result as a table. What of its columns was not looked at yet is loaded when it
// is asked for.
type kept struct {
	schema  *arrow.Schema // with names that differ
	batches []*exec.Batch
	rows    int
	mu      sync.Mutex // loading a batch's columns changes it
}

// newKept begins a table for a result of a schema.
func newKept(schema *arrow.Schema) *kept {
	fields := make([]arrow.Field, schema.NumFields())
	taken := map[string]bool{}
	for i, f := range schema.Fields() {
		name := f.Name
		for n := 1; taken[strings.ToLower(name)]; n++ {
			name = f.Name + "_" + strconv.Itoa(n)
		}
		taken[strings.ToLower(name)] = true
		fields[i] = arrow.Field{Name: name, Type: f.Type, Nullable: true}
	}
	return &kept{schema: arrow.NewSchema(fields, nil)}
}

// add keeps further rows.
func (k *kept) add(b *exec.Batch) {
	if k.rows += b.NumRows(); k.rows > keptRows {
		k.batches = nil
		return
	}
	k.batches = append(k.batches, b)
}

// complete tells whether all rows were kept.
func (k *kept) complete() bool { return k.rows <= keptRows }

// Schema implements [storage.Table].
func (k *kept) Schema() *arrow.Schema { return k.schema }

// Doc implements [storage.Table].
func (k *kept) Doc() storage.TableDoc { return storage.TableDoc{Row: "a row of the last result"} }

// Scan implements [storage.Table].
func (k *kept) Scan(_ context.Context, opts storage.ScanOptions) (storage.Scan, error) {
	s := &keptScan{table: k, batches: k.batches, columns: make([]int, len(opts.Columns))}
	for i, name := range opts.Columns {
		at := k.schema.FieldIndices(name)
		if len(at) == 0 {
			return nil, fmt.Errorf("the last result has no column %q", name)
		}
		s.columns[i] = at[0]
	}
	return s, nil
}

type keptScan struct {
	table   *kept
	batches []*exec.Batch
	columns []int
}

func (s *keptScan) Next(ctx context.Context) (storage.Chunk, error) {
	if err := ctx.Err(); err != nil {
		return nil, err
	}
	if len(s.batches) == 0 {
		return nil, io.EOF
	}
	b := s.batches[0]
	s.batches = s.batches[1:]
	return keptChunk{s.table, b, s.columns}, nil
}

func (s *keptScan) Close() error {
	s.batches = nil
	return nil
}

type keptChunk struct {
	table   *kept
	batch   *exec.Batch
	columns []int
}

func (c keptChunk) NumRows() int { return c.batch.NumRows() }

func (c keptChunk) Column(i int) (arrow.Array, error) {
	c.table.mu.Lock()
	defer c.table.mu.Unlock()
	return c.batch.Column(c.columns[i])
}

func (c keptChunk) Gather(i int, rows []int32) (arrow.Array, error) {
	column, err := c.Column(i)
	if err != nil {
		return nil, err
	}
	return kernel.Filter(column, rows), nil
}
