package exec

import (
	"context"
	"fmt"
	"runtime/debug"

	"github.com/apache/arrow/go/v17/arrow"

	"tq/lang/plan"
)

// Sink takes the result of a query.
type Sink interface {
	// Begin is called once, before any rows.
	Begin(schema *arrow.Schema) error
	// Write is called with each batch in order.
	Write(b *Batch) error
}

// InternalError is a bug that showed as a panic while a query ran.
type InternalError struct {
	Cause any
	Stack []byte
}

func (e *InternalError) Error() string { return fmt.Sprintf("internal error: %v", e.Cause) }

// Run builds a plan, pulls it to its end and gives the rows to a sink. It is the one
// place where panics of operators, functions and storage become errors.
func Run(ctx context.Context, root plan.Node, env *Env, sink Sink) (err error) {
	defer func() {
		if cause := recover(); cause != nil {
			err = &InternalError{Cause: cause, Stack: debug.Stack()}
		}
	}()
	op, err := Build(root, env)
	if err != nil {
		return err
	}
	defer func() {
		if e := op.Close(); err == nil {
			err = e
		}
	}()
	if err := sink.Begin(op.Schema()); err != nil {
		return err
	}
	prepare := func(b *Batch) (func() error, error) { return func() error { return sink.Write(b) }, nil }
	if p, ok := sink.(Preparer); ok {
		prepare = p.Prepare
	}
	return drainParallel(ctx, op, env.Config.threads(),
		func(_ int, _ place, b *Batch) (func() error, error) { return prepare(b) },
		func(write func() error) error { return write() })
}

// Preparer is a [Sink] that does most of its work on batches before they are written, which
// all processors then do side by side.
type Preparer interface {
	Sink
	// Prepare is called by any number of goroutines, once for each batch. What it returns
	// is called in place of Write.
	Prepare(b *Batch) (write func() error, err error)
}

// LoadAll loads all columns of a batch.
func LoadAll(b *Batch) error {
	for i := range b.NumCols() {
		if _, err := b.Column(i); err != nil {
			return err
		}
	}
	return nil
}

// Result is a query's rows, all of them.
type Result struct {
	Schema  *arrow.Schema
	Batches []*Batch
	Rows    int64
}

// Begin and Write make a [Result] a [Sink].
func (r *Result) Begin(schema *arrow.Schema) error {
	r.Schema = schema
	return nil
}

// Write keeps the batch.
func (r *Result) Write(b *Batch) error {
	r.Batches = append(r.Batches, b)
	r.Rows += int64(b.NumRows())
	return nil
}

// Collect runs a plan and returns its rows. Their columns are loaded, so reading them
// later neither fails nor needs what they came from.
func Collect(ctx context.Context, root plan.Node, env *Env) (*Result, error) {
	result := &Result{}
	if err := Run(ctx, root, env, loader{result}); err != nil {
		return nil, err
	}
	return result, nil
}

// loader loads every column of what it passes on.
type loader struct{ Sink }

// Prepare implements [Preparer].
func (l loader) Prepare(b *Batch) (func() error, error) {
	return func() error { return l.Write(b) }, LoadAll(b)
}
