package render

import (
	"io"

	"github.com/apache/arrow/go/v17/arrow"
)

// sinkSize is how much text is collected before it is written.
const sinkSize = 256 << 10

// sink collects text and writes it in large pieces.
type sink struct {
	out io.Writer
	buf []byte
	err error
}

func newSink(out io.Writer) *sink { return &sink{out: out} }

// passOn writes what has been collected if it is much, and returns the first error of
// any write so far.
func (s *sink) passOn() error {
	if len(s.buf) >= sinkSize {
		return s.flush()
	}
	return s.err
}

func (s *sink) flush() error {
	if s.err == nil && len(s.buf) > 0 {
		_, s.err = s.out.Write(s.buf)
	}
	s.buf = s.buf[:0]
	return s.err
}

// blocks turns a batch into text block by block: lay appends the rows of a block, whose
// columns are given, to the sink.
func (s *sink) blocks(b Batch, cols []*column, lay func(block []*cells, rows int)) error {
	arrays, err := load(b, len(cols))
	if err != nil {
		return err
	}
	block := make([]*cells, len(cols))
	for at := 0; at < b.NumRows(); at += blockRows {
		end := min(at+blockRows, b.NumRows())
		for i, c := range cols {
			block[i] = c.rows(arrays[i], at, end)
		}
		lay(block, end-at)
		if err := s.passOn(); err != nil {
			return err
		}
	}
	return nil
}

// load returns the columns of a batch.
func load(b Batch, n int) ([]arrow.Array, error) {
	arrays := make([]arrow.Array, n)
	for i := range arrays {
		var err error
		if arrays[i], err = b.Column(i); err != nil {
			return nil, err
		}
	}
	return arrays, nil
}
