package render

import (
	"io"

	"github.com/apache/arrow/go/v17/arrow"
)

// none loads every value, as the other formats do, and writes nothing.
type none struct{ cols int }

func newNone(_ io.Writer, schema *arrow.Schema, _ Options) Writer {
	return none{schema.NumFields()}
}

func (w none) Write(b Batch) error {
	_, err := load(b, w.cols)
	return err
}

func (none) Close() error { return nil }
