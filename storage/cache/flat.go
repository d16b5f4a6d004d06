package cache

import (
	"errors"
	"unsafe"
)

// errMisfit is what reading a section as values of another size ends with.
var errMisfit = errors.New("the section holds no whole number of values")

// Bytes returns the bytes of a list of values, which must hold no pointers, without
// copying them.
func Bytes[T any](list []T) []byte {
	if len(list) == 0 {
		return nil
	}
	return unsafe.Slice((*byte)(unsafe.Pointer(&list[0])), len(list)*int(unsafe.Sizeof(list[0])))
}

// Slice returns the values whose bytes a section is, without copying them. They must not
// be changed, and not be used once the entry is closed.
func Slice[T any](section []byte) ([]T, error) {
	if len(section) == 0 {
		return nil, nil
	}
	var v T
	size := int(unsafe.Sizeof(v))
	at := unsafe.Pointer(&section[0])
	if size == 0 || len(section)%size != 0 || uintptr(at)%unsafe.Alignof(v) != 0 {
		return nil, errMisfit
	}
	n := len(section) / size
	return unsafe.Slice((*T)(at), n)[:n:n], nil
}

// Texts collects texts under numbers.
type Texts struct {
	ids   map[string]uint32
	ends  []uint64
	bytes []byte
}

// ID returns the number of a text: equal ones have one number.
func (t *Texts) ID(s string) uint32 {
	id, ok := t.ids[s]
	if !ok {
		if t.ids == nil {
			t.ids = make(map[string]uint32)
		}
		id = t.Add(s)
		t.ids[s] = id
	}
	return id
}

// Add gives a text the next number.
func (t *Texts) Add(s string) uint32 {
	t.bytes = append(t.bytes, s...)
	t.ends = append(t.ends, uint64(len(t.bytes)))
	return uint32(len(t.ends) - 1)
}

// Write writes the texts as two sections.
func (t *Texts) Write(w *Writer, name string) error {
	return errors.Join(w.Write(name+".ends", Bytes(t.ends)), w.Write(name, t.bytes))
}

// Texts returns the texts that were written under a name. They must not be used once the
// entry is closed.
func (e *Entry) Texts(name string) ([]string, error) {
	ends, err := Slice[uint64](e.Section(name + ".ends"))
	if err != nil {
		return nil, err
	}
	bytes := e.Section(name)
	texts := make([]string, len(ends))
	start := uint64(0)
	for i, end := range ends {
		if end < start || end > uint64(len(bytes)) {
			return nil, errMisfit
		}
		if end > start {
			texts[i] = unsafe.String(&bytes[start], int(end-start))
		}
		start = end
	}
	return texts, nil
}
