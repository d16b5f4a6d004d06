package exec

import (
	"io"

	"github.com/apache/arrow/go/v17/arrow"
)

// oneInput is what operators with one input have in common.
type oneInput struct {
	input  Operator
	schema *arrow.Schema
}

func (u *oneInput) Schema() *arrow.Schema { return u.schema }

func (u *oneInput) Close() error { return u.input.Close() }

// twoInputs is what operators with two inputs have in common.
type twoInputs struct {
	left, right Operator
	schema      *arrow.Schema
}

func (b *twoInputs) Schema() *arrow.Schema { return b.schema }

func (b *twoInputs) Close() error {
	err := b.left.Close()
	if e := b.right.Close(); err == nil {
		err = e
	}
	return err
}

// slicer yields a batch that an operator computed as a whole in pieces.
type slicer struct {
	whole *Batch
	at    int
	size  int
}

func (s *slicer) next() (*Batch, error) {
	if s.whole == nil || s.at >= s.whole.NumRows() {
		s.whole = nil
		return nil, io.EOF
	}
	end := min(s.at+s.size, s.whole.NumRows())
	b := s.whole.Slice(s.at, end)
	s.at = end
	return b, nil
}

// morsel yields what is left of the batch.
func (s slicer) morsel() morsel {
	return func(yield func(*Batch) error) error {
		for {
			b, err := s.next()
			if err != nil {
				return noEOF(err)
			}
			if err := yield(b); err != nil {
				return err
			}
		}
	}
}
