package exec

import (
	"context"
	"io"

	"github.com/apache/arrow/go/v17/arrow"
)

// materialized is the rows of a query that several scans read. The first scan that asks
// runs the query; the last one to close it lets go of it.
type materialized struct {
	input   Operator
	rows    *rowBuffer
	mem     *account
	readers int
	filled  bool
}

func (m *materialized) batches(ctx context.Context) ([]*Batch, error) {
	if !m.filled {
		m.rows = newRowBuffer(m.input.Schema())
		if err := m.rows.fill(ctx, m.input, m.mem); err != nil {
			return nil, err
		}
		m.filled = true
	}
	return m.rows.batches, nil
}

func (m *materialized) close() error {
	m.readers--
	if m.readers > 0 {
		return nil
	}
	m.mem.release()
	m.rows = nil
	return m.input.Close()
}

// materializedScan reads the rows of a materialized query.
type materializedScan struct {
	schema *arrow.Schema
	source *materialized
	reader *bufferReader
	closed bool
}

func (s *materializedScan) Schema() *arrow.Schema { return s.schema }

func (s *materializedScan) Next(ctx context.Context) (*Batch, error) {
	if s.closed {
		return nil, io.EOF
	}
	if s.reader == nil {
		batches, err := s.source.batches(ctx)
		if err != nil {
			return nil, err
		}
		s.reader = &bufferReader{batches: batches}
	}
	return s.reader.Next(ctx)
}

func (s *materializedScan) Close() error {
	if s.closed {
		return nil
	}
	s.closed = true
	return s.source.close()
}

// NewValues makes the operator of batches that are there already.
func NewValues(schema *arrow.Schema, batches ...*Batch) Operator {
	return &bufferReader{schema: schema, batches: batches}
}

// bufferReader yields batches that are kept anyway.
type bufferReader struct {
	schema  *arrow.Schema
	batches []*Batch
	at      int
}

func (r *bufferReader) Schema() *arrow.Schema { return r.schema }

func (r *bufferReader) Next(ctx context.Context) (*Batch, error) {
	if err := ctx.Err(); err != nil {
		return nil, err
	}
	if r.at == len(r.batches) {
		return nil, io.EOF
	}
	r.at++
	return r.batches[r.at-1], nil
}

func (r *bufferReader) Close() error { return nil }
