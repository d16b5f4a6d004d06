package storage

import (
	"sync"

	"github.com/apache/arrow/go/v17/arrow"

	"tq/functions/kernel"
)

// labels is a text of each item of a list that only grows, dictionary-encoded: a column
// of it is a gather of codes. It is filled in as far as columns ask for it, and may be
// used from any goroutine.
type labels[T any] struct {
	text func(*T) (string, bool) // false: NULL

	mu    sync.Mutex
	codes []int32 // -1 for NULL
	dict  dictionary
	nulls bool // some code is -1
}

func newLabels[T any](text func(*T) (string, bool)) *labels[T] {
	return &labels[T]{text: text}
}

// of returns the codes of the items, and the dictionary.
func (l *labels[T]) of(items []T) (codes []int32, values arrow.Array, nulls bool) {
	l.mu.Lock()
	defer l.mu.Unlock()
	for i := len(l.codes); i < len(items); i++ {
		code := int32(-1)
		if s, ok := l.text(&items[i]); ok {
			code = l.dict.code(s)
		} else {
			l.nulls = true
		}
		l.codes = append(l.codes, code)
	}
	return l.codes, l.dict.array(), l.nulls
}

// labelColumn returns the labels of the items with the given ids, NULL for negative ids.
func labelColumn[T any, I ~int32 | ~uint16](l *labels[T], items []T, ids []I) arrow.Array {
	codes, values, nulls := l.of(items)
	out := make([]int32, len(ids))
	if !nulls {
		for i, id := range ids {
			if id < 0 {
				nulls = true
				break
			}
			out[i] = codes[id]
		}
	}
	if !nulls {
		return kernel.FromCodes(out, kernel.Validity{}, values)
	}
	valid := kernel.NewBitmap(len(ids))
	for i, id := range ids {
		if id >= 0 && codes[id] >= 0 {
			out[i] = codes[id]
			valid.Set(i)
		}
	}
	return kernel.FromCodes(out, kernel.NewValidity(valid, len(out)), values)
}

// dictionary is a dictionary that grows: the array it returns later begins with the
// values of the one returned before, and shares memory with it where it can.
type dictionary struct {
	builder *kernel.DictBuilder
	view    arrow.Array
}

func (d *dictionary) code(s string) int32 {
	if d.builder == nil {
		d.builder = kernel.NewDictBuilder()
	}
	return d.builder.Code(s)
}

func (d *dictionary) array() arrow.Array {
	if d.builder == nil {
		d.builder = kernel.NewDictBuilder()
	}
	if d.view == nil || d.view.Len() < d.builder.Len() {
		d.view = d.builder.Values()
	}
	return d.view
}

// symbols is a dictionary that columns add to as they are built.
type symbols struct {
	mu   sync.Mutex
	dict dictionary
}

// column returns a column of n texts. Of rows for which text returns a key seen before,
// it is asked only for the key; false is NULL.
func (s *symbols) column(n int, key func(i int) (k int64, ok bool), text func(k int64) string) arrow.Array {
	out := newNullable[int32](n)
	known := make(map[int64]int32)
	last, lastCode := int64(0), int32(-1)
	s.mu.Lock()
	defer s.mu.Unlock()
	for i := range n {
		k, ok := key(i)
		if !ok {
			continue
		}
		if k != last || lastCode < 0 {
			code, ok := known[k]
			if !ok {
				code = s.dict.code(text(k))
				known[k] = code
			}
			last, lastCode = k, code
		}
		out.set(i, lastCode)
	}
	return kernel.FromCodes(out.values, out.validity(), s.dict.array())
}
