package storage

import (
	"github.com/apache/arrow/go/v17/arrow"

	"tq/functions/kernel"
	"tq/storage/scap"
	"tq/storage/state"
)

// fieldKey tells apart the dictionaries of fields, which live as long as their capture.
type fieldKey *byte

func newFieldKey() fieldKey { return new(byte) }

// fieldDict returns what is kept for a field, made when it is first asked for.
func fieldDict[T any](r eventRows, key fieldKey, make func() *T) *T {
	if d, ok := r.reading.fields.Load(key); ok {
		return d.(*T)
	}
	d, _ := r.reading.fields.LoadOrStore(key, make())
	return d.(*T)
}

// fieldLabels returns the labels of a field.
func fieldLabels[T any](r eventRows, key fieldKey, text func(*T) (string, bool)) *labels[T] {
	return fieldDict(r, key, func() *labels[T] { return newLabels(text) })
}

// fieldSymbols returns the dictionary of a field whose texts come as its rows do.
func fieldSymbols(r eventRows, key fieldKey) *symbols {
	return fieldDict(r, key, func() *symbols { return new(symbols) })
}

// complete returns what is known of the capture when all of it has been read. Relations
// between threads are settled only then.
func (r eventRows) complete() *known {
	<-r.reading.finished
	return r.reading.last
}

// start is when the first event happened.
func (r eventRows) start() int64 {
	return r.reading.started.get(func() int64 { return firstTime(r.reading.source) })
}

// measured returns the measures of the capture's events. A transcript has none.
func (r eventRows) measured() *measured {
	if r.transcript != nil {
		return new(measured)
	}
	return r.reading.measured.get(func() *measured { return measure(r.reading.source) })
}

// execution returns how long threads ran.
func (r eventRows) execution() *execution {
	k := r.complete()
	return r.reading.execution.get(func() *execution { return executionOf(k) })
}

// containers returns what the capture tells of containers.
func (r eventRows) containers() *containerBook {
	r.complete()
	return r.reading.book.get(func() *containerBook {
		return newContainerBook(r.reading.found.Containers)
	})
}

// kindsThat returns of which kinds something holds.
func (k *known) kindsThat(holds func(*eventKind) bool) []bool {
	which := make([]bool, len(k.kinds))
	for i := range which {
		which[i] = holds(&k.kinds[i])
	}
	return which
}

// nothing builds a column of NULLs.
func nothing(typ arrow.DataType) func(eventRows) arrow.Array {
	return func(r eventRows) arrow.Array {
		n := r.len()
		if typ == varchar {
			return kernel.FromOffsets(typ, make([]int32, n+1), nil, kernel.AllNull(n))
		}
		return kernel.FromValues(typ, make([]float64, n), kernel.AllNull(n))
	}
}

func boolColumn(values []bool) arrow.Array { return kernel.FromBools(values, kernel.Validity{}) }

// nullableBools makes a column of 0 and 1 BOOLEAN.
func nullableBools(c nullable[int32]) arrow.Array {
	out := make([]bool, len(c.values))
	for i, v := range c.values {
		out[i] = v != 0
	}
	return kernel.FromBools(out, c.validity())
}

// payloadTexts builds a column of texts that the payload holds, of events of some kinds.
func payloadTexts(r eventRows, wanted func(*eventKind) bool, text func(dst []byte, i int, e *scap.Event) ([]byte, bool)) arrow.Array {
	want := r.kindsThat(wanted)
	b, e := kernel.NewStringBuilder(r.len()), new(scap.Event)
	for i := range r.len() {
		batch, row := r.at(i)
		if want[batch.kind[row]] {
			if batch.read(row, r.payload, e) {
				if dst, ok := text(b.Buffer(), i, e); ok {
					b.SetBuffer(dst)
					continue
				}
			}
		}
		b.AppendNull()
	}
	return finish(b, varchar)
}

// threadTexts builds the column of a text that each version of a thread has.
func threadTexts(text func(*state.Thread) (string, bool)) func(eventRows) arrow.Array {
	key := newFieldKey()
	return func(r eventRows) arrow.Array {
		return labelColumn(fieldLabels(r, key, text), r.Threads, r.threads())
	}
}

// threadNumbers builds the column of a number that each version of a thread has.
func threadNumbers(typ arrow.DataType, number func(*state.Thread) (int64, bool)) func(eventRows) arrow.Array {
	return func(r eventRows) arrow.Array {
		c := valuesOf(r.Threads, r.threads(), number)
		return c.array(typ)
	}
}

// valuesOf returns a number of each of some threads, NULL for negative ids.
func valuesOf(threads []state.Thread, ids []int32, number func(*state.Thread) (int64, bool)) nullable[int64] {
	out := newNullable[int64](len(ids))
	last, value, ok := int32(state.NoThread), int64(0), false
	for i, id := range ids {
		if id < 0 {
			continue
		}
		if id != last {
			value, ok = number(&threads[id])
			last = id
		}
		if ok {
			out.set(i, value)
		}
	}
	return out
}

// threadFlags builds the column of what holds for each version of a thread.
func threadFlags(holds func(*state.Thread) bool) func(eventRows) arrow.Array {
	return func(r eventRows) arrow.Array {
		out := newNullable[int32](r.len())
		for i, id := range r.threads() {
			if id < 0 {
				continue
			}
			flag := int32(0)
			if holds(&r.Threads[id]) {
				flag = 1
			}
			out.set(i, flag)
		}
		return nullableBools(out)
	}
}

// describes reports whether a version tells of a descriptor that there is: not of one
// that a call failed to make, nor of one that the capture does not know.
func describes(fd *state.FD) bool { return fd.Process >= 0 && fd.Origin != state.FDAttempt }

// openFD returns the descriptor of a row, or nil when the capture knows of none.
func (k *known) openFD(ref int32) *state.FD {
	if ref < 0 || !describes(&k.FDs[ref]) {
		return nil
	}
	return &k.FDs[ref]
}

// fdNumbers builds the column of a number that each version of a descriptor has.
func fdNumbers(number func(*state.FD) int64) func(eventRows) arrow.Array {
	return func(r eventRows) arrow.Array {
		out := newNullable[int64](r.len())
		for i, ref := range r.fdRefs() {
			if fd := r.openFD(ref); fd != nil {
				out.set(i, number(fd))
			}
		}
		return out.array(bigint)
	}
}

// fdFlags builds the column of what holds for the descriptor of each row.
func fdFlags(holds func(r eventRows, i int, ref state.FDID) bool) func(eventRows) arrow.Array {
	return func(r eventRows) arrow.Array {
		out := newNullable[int32](r.len())
		for i, ref := range r.fdRefs() {
			if r.openFD(ref) == nil {
				continue
			}
			flag := int32(0)
			if holds(r, i, state.FDID(ref)) {
				flag = 1
			}
			out.set(i, flag)
		}
		return nullableBools(out)
	}
}
