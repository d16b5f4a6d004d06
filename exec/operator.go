package exec

import (
	"context"

	"github.com/apache/arrow/go/v17/arrow"
)

// Operator yields the rows of a relation in batches.
//
// Next returns io.EOF after the last batch, and again whenever it is called after that;
// it never returns a batch without rows. A cancelled context ends it with ctx.Err()
// within one batch of work. Close is idempotent, may be called before the first Next,
// and closes the inputs. An operator is used by one goroutine at a time.
type Operator interface {
	Schema() *arrow.Schema
	Next(ctx context.Context) (*Batch, error)
	Close() error
}
