// Package scratch keeps bytes out of the heap: in a file without a name that is mapped into
// memory, so that the system may take the memory back when it is short of it.
package scratch

import (
	"errors"
	"os"
	"unsafe"

	"golang.org/x/sys/unix"
)

// File is a file without a name. It is for one goroutine; what it keeps may be read by any.
type File struct {
	file *os.File
	size int64
	maps [][]byte
}

// Create makes a file in the folder for temporary ones.
func Create() (*File, error) {
	f, err := os.CreateTemp("", "tq-scratch-*")
	if err != nil {
		return nil, err
	}
	return &File{file: f}, os.Remove(f.Name())
}

// pageSize is what the places of mappings are multiples of.
var pageSize = os.Getpagesize()

// Keep returns the parts one after the other, where they take no memory of the heap. They
// must not be changed, and not be used once the file is closed.
func (f *File) Keep(parts ...[]byte) ([]byte, error) {
	at := f.size
	if err := f.write(parts...); err != nil {
		return nil, err
	}
	n := 0
	for _, p := range parts {
		n += len(p)
	}
	if n == 0 {
		return nil, nil
	}
	kept, err := unix.Mmap(int(f.file.Fd()), at, n, unix.PROT_READ, unix.MAP_SHARED)
	if err != nil {
		return nil, err
	}
	f.maps = append(f.maps, kept)
	return kept, nil
}

// Replace puts the file in the place of memory that was mapped, from its first whole page
// to its last, and returns how many bytes from the start on that has settled. Who reads the
// memory meanwhile notices nothing; it must not be written again.
func (f *File) Replace(memory []byte) (settled int, err error) {
	start := uintptr(unsafe.Pointer(unsafe.SliceData(memory)))
	skip := int(-start) & (pageSize - 1)
	n := (len(memory) - skip) &^ (pageSize - 1)
	if n <= 0 {
		return 0, nil
	}
	at, pages := f.size, memory[skip:skip+n]
	if err := f.write(pages); err != nil {
		return 0, err
	}
	_, err = unix.MmapPtr(int(f.file.Fd()), at, unsafe.Pointer(unsafe.SliceData(pages)), uintptr(n),
		unix.PROT_READ, unix.MAP_SHARED|unix.MAP_FIXED)
	if err != nil {
		return 0, err
	}
	return skip + n, nil
}

// write appends parts to the file, up to a whole page.
func (f *File) write(parts ...[]byte) error {
	at := f.size
	for _, p := range parts {
		n, err := f.file.WriteAt(p, at)
		if at += int64(n); err != nil {
			return err
		}
	}
	f.size = (at + int64(pageSize) - 1) &^ (int64(pageSize) - 1)
	return f.file.Truncate(f.size)
}

// Close gives back what [File.Keep] has mapped. What was replaced stays until its memory is
// unmapped.
func (f *File) Close() error {
	err := f.file.Close()
	for _, m := range f.maps {
		err = errors.Join(err, unix.Munmap(m))
	}
	f.maps = nil
	return err
}
