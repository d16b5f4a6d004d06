package cache

import (
	"bufio"
	"bytes"
	"encoding/gob"
	"errors"
	"fmt"
	"hash/crc32"
	"os"
	"time"
	"unsafe"
)

// An entry is a file: a header, sections that each begin at a multiple of sectionAlign,
// and the list of sections as gob writes it. Numbers are those of the machine.
const (
	formatVersion = 1
	sectionAlign  = 64
	checkedLen    = 1 << 20 // there is a checksum for so many bytes each
)

var magic = [8]byte{'t', 'q', 'c', 'a', 'c', 'h', 'e', formatVersion}

// header begins an entry.
type header struct {
	Magic          [8]byte
	Contents, Size uint64 // where the list of sections begins, and where the file ends
	Check          uint32 // of that list
	Spare          uint32
}

// contents is the list of an entry's sections.
type contents struct {
	Info     Info
	Sections []section
}

// section says where a section is.
type section struct {
	Name   string
	Offset uint64
	Len    uint64
	Checks []uint32
}

// Info is what a list of entries shows of one.
type Info struct {
	Path    string // of the file that it was made from
	Written time.Time
}

var castagnoli = crc32.MakeTable(crc32.Castagnoli)

// Writer writes an entry. Once a call has failed, all do.
type Writer struct {
	dir      *Dir
	key      Key
	file     *os.File
	out      *bufio.Writer
	pos      uint64
	limit    uint64
	contents contents
	err      error
}

// ErrTooLarge is what writing an entry ends with that the folder has no room for.
var ErrTooLarge = errors.New("the cache has no room for it")

// Write adds a section.
func (w *Writer) Write(name string, data []byte) error {
	if w.err != nil {
		return w.err
	}
	if w.pos+uint64(len(data)) > w.limit {
		w.err = ErrTooLarge
		return w.err
	}
	s := section{Name: name, Offset: w.pos, Len: uint64(len(data))}
	for rest := data; len(rest) > 0; {
		n := min(len(rest), checkedLen)
		s.Checks = append(s.Checks, crc32.Checksum(rest[:n], castagnoli))
		rest = rest[n:]
	}
	w.contents.Sections = append(w.contents.Sections, s)
	w.put(data)
	w.put(make([]byte, -len(data)&(sectionAlign-1)))
	return w.err
}

// WriteValue adds a section with a value as gob writes it.
func (w *Writer) WriteValue(name string, v any) error {
	var b bytes.Buffer
	if err := gob.NewEncoder(&b).Encode(v); err != nil && w.err == nil {
		w.err = err
	}
	return w.Write(name, b.Bytes())
}

func (w *Writer) put(data []byte) {
	if w.err == nil {
		_, w.err = w.out.Write(data)
		w.pos += uint64(len(data))
	}
}

// Commit makes the entry one of its folder's.
func (w *Writer) Commit() error {
	h := header{Magic: magic, Contents: w.pos}
	var list bytes.Buffer
	if err := gob.NewEncoder(&list).Encode(w.contents); err != nil && w.err == nil {
		w.err = err
	}
	h.Check = crc32.Checksum(list.Bytes(), castagnoli)
	w.put(list.Bytes())
	h.Size = w.pos
	if w.err == nil {
		w.err = w.out.Flush()
	}
	if w.err == nil {
		_, w.err = w.file.WriteAt(Bytes([]header{h}), 0)
	}
	if err := w.file.Close(); w.err == nil {
		w.err = err
	}
	if w.err == nil {
		w.err = os.Rename(w.file.Name(), w.dir.file(w.key))
	}
	if w.err != nil {
		os.Remove(w.file.Name())
		return fmt.Errorf("cache: %w", w.err)
	}
	w.dir.prune(w.key)
	return nil
}

// Abort forgets what was written.
func (w *Writer) Abort() {
	w.file.Close()
	os.Remove(w.file.Name())
}

const (
	headerSize = int(unsafe.Sizeof(header{}))
	headerLen  = sectionAlign // where the first section begins
)
