package storage

import (
	"github.com/apache/arrow/go/v17/arrow"

	"tq/functions/kernel"
)

// gather returns the given elements of src; all of them, and src itself, when rows is
// nil.
func gather[T any](src []T, rows []int32) []T {
	if rows == nil {
		return src
	}
	out := make([]T, len(rows))
	for i, r := range rows {
		out[i] = src[r]
	}
	return out
}

// widened makes a column of a wider integer type.
func widened[W, V int32 | int64 | uint16 | uint32](typ arrow.DataType, values []V) arrow.Array {
	out := make([]W, len(values))
	for i, v := range values {
		out[i] = W(v)
	}
	return kernel.FromValues(typ, out, kernel.Validity{})
}

// nullable is a column of fixed width under construction, all NULL at first.
type nullable[V kernel.Fixed] struct {
	values []V
	valid  kernel.Bitmap
}

func newNullable[V kernel.Fixed](n int) nullable[V] {
	return nullable[V]{make([]V, n), kernel.NewBitmap(n)}
}

func (c *nullable[V]) set(i int, v V) {
	c.values[i] = v
	c.valid.Set(i)
}

func (c *nullable[V]) validity() kernel.Validity {
	return kernel.NewValidity(c.valid, len(c.values))
}

func (c *nullable[V]) array(typ arrow.DataType) arrow.Array {
	return kernel.FromValues(typ, c.values, c.validity())
}

// finish ends a column of texts.
func finish(b *kernel.StringBuilder, typ arrow.DataType) arrow.Array {
	a, err := b.Finish(typ)
	if err != nil {
		panic(buildError{err})
	}
	return a
}

// constant is a column of one text.
func constant(text string, n int) arrow.Array {
	return kernel.FromCodes(make([]int32, n), kernel.Validity{}, kernel.OfString(text))
}

// words is the dictionary of a column of a few words.
func words(list []string) arrow.Array {
	b := kernel.NewStringBuilder(len(list))
	for _, word := range list {
		b.Append(word)
	}
	return finish(b, varchar)
}
