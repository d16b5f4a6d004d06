package storage

import (
	"context"
	"io"
	"time"

	"github.com/apache/arrow/go/v17/arrow"

	"tq/functions/kernel"
)

// records is a run of rows that are Go values, for small tables.
type records[T any] struct {
	reading *reading
	rows    []T
}

func (r records[T]) len() int { return len(r.rows) }

func (r records[T]) pick(rows []int32) records[T] {
	return records[T]{r.reading, gather(r.rows, rows)}
}

// once is a table of one run that needs the capture to be loaded.
func once[R any](f func(*reading) R) func(*reading, []Pred) runs[R] {
	return func(r *reading, _ []Pred) runs[R] {
		done := false
		return func(ctx context.Context) (rows R, err error) {
			if done {
				return rows, io.EOF
			}
			if err := r.wait(ctx); err != nil {
				return rows, err
			}
			done = true
			return f(r), nil
		}
	}
}

// recordsOf makes a list of rows a run.
func recordsOf[T any](f func(*reading) []T) func(*reading, []Pred) runs[records[T]] {
	return once(func(r *reading) records[T] { return records[T]{r, f(r)} })
}

// recordCapture builds the column with the capture's name.
func recordCapture[T any](r records[T]) arrow.Array { return r.reading.nameColumn(len(r.rows)) }

// The functions below build a column from a field of each row. Where the field says
// false, the column is NULL.

func fixed[T any, V kernel.Fixed](typ arrow.DataType, field func(*T) (V, bool)) func(records[T]) arrow.Array {
	return func(r records[T]) arrow.Array {
		out := make([]V, len(r.rows))
		valid := kernel.NewBitmap(len(out))
		for i := range r.rows {
			v, ok := field(&r.rows[i])
			if ok {
				out[i] = v
				valid.Set(i)
			}
		}
		return kernel.FromValues(typ, out, kernel.NewValidity(valid, len(out)))
	}
}

func ints[T any](field func(*T) (int64, bool)) func(records[T]) arrow.Array {
	return fixed(bigint, field)
}

func times[T any](field func(*T) (int64, bool)) func(records[T]) arrow.Array {
	return fixed(timestamp, field)
}

func durations[T any](field func(*T) (time.Duration, bool)) func(records[T]) arrow.Array {
	return fixed(duration, func(t *T) (int64, bool) {
		d, ok := field(t)
		return int64(d), ok
	})
}

func texts[T any](field func(*T) (string, bool)) func(records[T]) arrow.Array {
	return func(r records[T]) arrow.Array {
		b := kernel.NewStringBuilder(len(r.rows))
		for i := range r.rows {
			if s, ok := field(&r.rows[i]); ok {
				b.Append(s)
			} else {
				b.AppendNull()
			}
		}
		return finish(b, varchar)
	}
}

func bools[T any](field func(*T) bool) func(records[T]) arrow.Array {
	return func(r records[T]) arrow.Array {
		out := make([]bool, len(r.rows))
		for i := range r.rows {
			out[i] = field(&r.rows[i])
		}
		return kernel.FromBools(out, kernel.Validity{})
	}
}

// some is a value that is there.
func some[V any](v V) (V, bool) { return v, true }

// nonEmpty is a text that is NULL when there is none.
func nonEmpty(s string) (string, bool) { return s, s != "" }

// nonZero is a number that is NULL when it is zero.
func nonZero[V comparable](v V) (V, bool) {
	var zero V
	return v, v != zero
}

// nonNegative is a number that is NULL when it is less than zero.
func nonNegative(v int64) (int64, bool) { return v, v >= 0 }
