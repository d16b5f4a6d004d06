package storage

import (
	"context"
	"errors"
	"runtime/debug"

	"github.com/apache/arrow/go/v17/arrow"
)

// errShrunk is what reading a mapped file ends with that another program has cut
// short: its pages are gone.
var errShrunk = errors.New("the capture became shorter while it was being read")

// buildError is what a column's builder panics with that cannot build it.
type buildError struct{ error }

// guard turns the fault of reading such a page, and a [buildError], into an error. It must be deferred, with
// the result of debug.SetPanicOnFault(true).
func guard(old bool, err *error) {
	debug.SetPanicOnFault(old)
	switch r := recover().(type) {
	case nil:
	case interface{ Addr() uintptr }: // of runtime errors, only a fault's has an address
		*err = errShrunk
	case buildError:
		*err = r.error
	default:
		panic(r)
	}
}

// guarded builds a column from rows whose payload may be a mapped file.
func guarded[R any](build func(R) arrow.Array, rows R) (a arrow.Array, err error) {
	defer guard(debug.SetPanicOnFault(true), &err)
	return build(rows), nil
}

// guardedNext returns the next run of rows that may have to be derived from the payload.
func guardedNext[R any](ctx context.Context, next runs[R]) (r R, err error) {
	defer guard(debug.SetPanicOnFault(true), &err)
	return next(ctx)
}
