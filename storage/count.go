package storage

import (
	"context"
	"fmt"
	"io"

	"github.com/apache/arrow/go/v17/arrow"
)

// countScan scans a table for the number of its rows.
type countScan struct {
	reading *reading
	count   func(*reading) int64
	left    int64
	counted bool
}

func (s *countScan) Next(ctx context.Context) (Chunk, error) {
	if !s.counted {
		if err := s.reading.wait(ctx); err != nil {
			return nil, err
		}
		s.left, s.counted = s.count(s.reading), true
	}
	if s.left == 0 {
		return nil, io.EOF
	}
	n := min(s.left, batchRows)
	s.left -= n
	return countChunk(n), nil
}

// Effort implements [Economical].
func (s *countScan) Effort() Effort {
	if s.reading.scans == nil || !s.reading.complete() {
		return Effort{}
	}
	return Effort{Events: int64(s.reading.found.events), Skipped: int64(s.reading.found.skipped)}
}

func (s *countScan) Close() error { return nil }

// countChunk is so many rows of which nothing else is known.
type countChunk int64

func (c countChunk) NumRows() int { return int(c) }

func (c countChunk) Column(i int) (arrow.Array, error) {
	return nil, fmt.Errorf("column %d of a scan without columns", i)
}

func (c countChunk) Gather(i int, _ []int32) (arrow.Array, error) { return c.Column(i) }
