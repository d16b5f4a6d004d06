package scap

import (
	"errors"
	"fmt"
	"io"
	"os"

	"golang.org/x/sys/unix"
)

// Source is a capture's uncompressed payload as one contiguous slice of bytes.
type Source struct {
	name       string
	data       []byte
	mapped     []byte // what Close must unmap
	compressed bool
	gzipDamage *Warning // how inflating ended, when it ended badly
}

// Open opens the capture at path, or standard input when path is "-". A raw file is
// mapped, a compressed one inflated; the content decides, not the name. The error is a
// [*FormatError] when the file is no capture.
func Open(path string) (*Source, error) {
	if path == "-" {
		data, err := io.ReadAll(os.Stdin)
		if err != nil {
			return nil, fmt.Errorf("standard input: %w", err)
		}
		return NewSource("standard input", data)
	}
	f, err := os.Open(path)
	if err != nil {
		return nil, err
	}
	defer f.Close()
	mapped, err := mapFile(f)
	if err != nil {
		return nil, err
	}
	s, err := NewSource(path, mapped)
	if err != nil || s.compressed {
		err = errors.Join(err, unmap(mapped))
	} else {
		s.mapped = mapped
	}
	if err != nil {
		return nil, err
	}
	return s, nil
}

// NewSource makes a source of bytes in memory.
func NewSource(name string, data []byte) (*Source, error) {
	s := &Source{name: name, data: data}
	if isGzip(data) {
		s.compressed = true
		s.data, s.gzipDamage = inflate(data)
	}
	if err := sniff(name, s.data); err != nil {
		return nil, err
	}
	return s, nil
}

// Name returns the name the source was opened by.
func (s *Source) Name() string { return s.name }

// Bytes returns the payload. Nothing may use it after Close.
func (s *Source) Bytes() []byte { return s.data }

// Compressed reports whether the payload was inflated.
func (s *Source) Compressed() bool { return s.compressed }

// Close gives the payload back.
func (s *Source) Close() error {
	m := s.mapped
	s.data, s.mapped = nil, nil
	return unmap(m)
}

// wait returns the payload as soon as it is longer than n bytes or complete.
func (s *Source) wait(n int) []byte { return s.data }

// damage returns how inflating ended, when it ended badly.
func (s *Source) damage() *Warning { return s.gzipDamage }

// mapFile maps a regular file and reads anything else.
func mapFile(f *os.File) ([]byte, error) {
	info, err := f.Stat()
	if err != nil {
		return nil, err
	}
	if info.IsDir() {
		return nil, fmt.Errorf("%s: is a directory", f.Name())
	}
	if info.Size() == 0 {
		return nil, nil
	}
	return unix.Mmap(int(f.Fd()), 0, int(info.Size()), unix.PROT_READ, unix.MAP_PRIVATE)
}

func unmap(b []byte) error {
	if b == nil {
		return nil
	}
	return unix.Munmap(b)
}
