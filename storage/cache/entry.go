package cache

import (
	"bytes"
	"encoding/gob"
	"errors"
	"hash/crc32"
	"os"
	"runtime/debug"
	"sync"
	"sync/atomic"

	"golang.org/x/sys/unix"
)

// Entry is an entry that is mapped into memory.
type Entry struct {
	data     []byte
	contents int // where the list of sections begins
	info     Info
	sections map[string][]byte
	checks   []check
}

// check is a part of a section and its checksum.
type check struct {
	data []byte
	sum  uint32
}

// errDamaged is what opening an entry ends with that is not as it was written.
var errDamaged = errors.New("cache: the entry is damaged")

// openEntry maps an entry. All of it that is not checked yet, check does.
func openEntry(path string) (*Entry, error) {
	f, err := os.Open(path)
	if err != nil {
		return nil, err
	}
	defer f.Close()
	info, err := f.Stat()
	if err != nil {
		return nil, err
	}
	if info.Size() < int64(headerLen) {
		return nil, errDamaged
	}
	data, err := unix.Mmap(int(f.Fd()), 0, int(info.Size()), unix.PROT_READ, unix.MAP_SHARED)
	if err != nil {
		return nil, err
	}
	e := &Entry{data: data}
	if err := e.read(); err != nil {
		e.Close()
		return nil, err
	}
	return e, nil
}

// read reads the list of sections.
func (e *Entry) read() (err error) {
	defer faults(debug.SetPanicOnFault(true), &err)
	size := uint64(len(e.data))
	h, err := Slice[header](e.data[:headerSize])
	switch {
	case err != nil:
		return err
	case h[0].Magic != magic, h[0].Size != size, h[0].Contents > size, h[0].Spare != 0:
		return errDamaged
	}
	e.contents = int(h[0].Contents)
	list := e.data[e.contents:]
	if crc32.Checksum(list, castagnoli) != h[0].Check {
		return errDamaged
	}
	var c contents
	if err := gob.NewDecoder(bytes.NewReader(list)).Decode(&c); err != nil {
		return errDamaged
	}
	e.info, e.sections = c.Info, make(map[string][]byte, len(c.Sections))
	for _, s := range c.Sections {
		if s.Offset > size || s.Len > size-s.Offset || uint64(len(s.Checks)) != (s.Len+checkedLen-1)/checkedLen {
			return errDamaged
		}
		rest := e.data[s.Offset:][:s.Len:s.Len]
		e.sections[s.Name] = rest
		for _, sum := range s.Checks {
			n := min(len(rest), checkedLen)
			e.checks = append(e.checks, check{rest[:n], sum})
			rest = rest[n:]
		}
	}
	return nil
}

// checkers is how many goroutines check an entry: more would wait for memory.
const checkers = 4

// check compares all sections with their checksums.
func (e *Entry) check() error {
	var (
		next   atomic.Int64
		errs   [checkers]error
		done   sync.WaitGroup
		verify = func(err *error) {
			defer faults(debug.SetPanicOnFault(true), err)
			for {
				i := int(next.Add(1)) - 1
				if i >= len(e.checks) {
					return
				}
				if c := e.checks[i]; crc32.Checksum(c.data, castagnoli) != c.sum {
					*err = errDamaged
					return
				}
			}
		}
	)
	for i := range min(checkers, len(e.checks)) {
		done.Go(func() { verify(&errs[i]) })
	}
	done.Wait()
	e.checks = nil
	return errors.Join(errs[:]...)
}

// faults turns the fault of reading a page that is gone into an error.
func faults(old bool, err *error) {
	debug.SetPanicOnFault(old)
	switch r := recover().(type) {
	case nil:
	case interface{ Addr() uintptr }:
		*err = errDamaged
	default:
		panic(r)
	}
}

// Section returns a section, or nil when there is none of that name. It must not be
// changed, and not be used once the entry is closed.
func (e *Entry) Section(name string) []byte { return e.sections[name] }

// Value reads a section that [Writer.WriteValue] has written.
func (e *Entry) Value(name string, v any) error {
	return gob.NewDecoder(bytes.NewReader(e.sections[name])).Decode(v)
}

// Close gives the memory back.
func (e *Entry) Close() error {
	data := e.data
	e.data = nil
	if data == nil {
		return nil
	}
	return unix.Munmap(data)
}
