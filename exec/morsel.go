package exec

import (
	"context"
	"io"
	"runtime"
)

// morselSource is an operator whose work can be taken on piece by piece, by several
// goroutines side by side. It is either asked for batches or for morsels, not for both.
type morselSource interface {
	Operator
	// nextMorsel returns the next piece, io.EOF after the last. It is called by one
	// goroutine at a time; the morsels may run at the same time as others and as it.
	nextMorsel(ctx context.Context) (morsel, error)
}

// morsel computes the batches of a piece of an operator's work and yields them in order.
// It stops at the first error, also of yield.
type morsel func(yield func(*Batch) error) error

// oneBatch is the morsel of a batch that is there already.
func oneBatch(b *Batch) morsel {
	return func(yield func(*Batch) error) error { return yield(b) }
}

// nextMorsel returns the next piece of any operator's work: that of an operator that does
// all of it itself is one of its batches.
func nextMorsel(ctx context.Context, op Operator) (morsel, error) {
	if source, ok := op.(morselSource); ok {
		return source.nextMorsel(ctx)
	}
	b, err := op.Next(ctx)
	if err != nil {
		return nil, err
	}
	return oneBatch(b), nil
}

// streaming is an operator that turns each batch of its input into at most one, whatever
// the others are.
type streaming struct {
	oneInput
	// apply returns nil when nothing is left. Any number of goroutines may call it.
	apply func(b *Batch) (*Batch, error)
}

func (s *streaming) Next(ctx context.Context) (*Batch, error) {
	for {
		b, err := s.input.Next(ctx)
		if err != nil {
			return nil, err
		}
		if b, err = s.apply(b); b != nil || err != nil {
			return b, err
		}
		if err := ctx.Err(); err != nil {
			return nil, err
		}
	}
}

func (s *streaming) nextMorsel(ctx context.Context) (morsel, error) {
	in, err := nextMorsel(ctx, s.input)
	if err != nil {
		return nil, err
	}
	return func(yield func(*Batch) error) error {
		return in(func(b *Batch) error {
			b, err := s.apply(b)
			if b == nil || err != nil {
				return err
			}
			return yield(b)
		})
	}, nil
}

// threads is how many goroutines a query may work with.
func (c Config) threads() int {
	if c.Threads > 0 {
		return c.Threads
	}
	return runtime.GOMAXPROCS(0)
}

// drain calls f with every batch of an operator.
func drain(ctx context.Context, in Operator, f func(*Batch) error) error {
	for {
		if err := ctx.Err(); err != nil {
			return err
		}
		b, err := in.Next(ctx)
		if err == io.EOF {
			return nil
		}
		if err != nil {
			return err
		}
		if err := f(b); err != nil {
			return err
		}
	}
}
