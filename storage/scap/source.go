package scap

import (
	"fmt"
	"os"
)

// Source is a capture's uncompressed payload as one contiguous slice of bytes.
type Source struct {
	name       string
	compressed bool
	data       []byte  // mapped or given; nil where the payload streams in
	mapped     bool    // data is the source's to unmap
	stream     *stream // what the payload is inflated or read into
	converted  []byte  // what stands for the payload, or nil
}

// Open opens the capture at path, or standard input when path is "-". A raw file is
// mapped; what is compressed, or no regular file, streams into memory while readers
// already follow. Content decides, not the name. The error is a [*FormatError] when the
// file is no capture.
func Open(path string) (*Source, error) {
	s, err := OpenFile(path)
	if err != nil {
		return nil, err
	}
	return s.checked()
}

// OpenFile opens a file as Open does, whatever it is. [Source.Check] tells whether it is
// a capture.
func OpenFile(path string) (*Source, error) {
	if path == "-" {
		return openStream("standard input", os.Stdin)
	}
	f, err := os.Open(path)
	if err != nil {
		return nil, err
	}
	info, err := f.Stat()
	switch {
	case err != nil:
		err = fmt.Errorf("%s: %w", path, err)
	case info.IsDir():
		err = fmt.Errorf("%s: is a directory", path)
	case !info.Mode().IsRegular() || hasGzipHeader(f):
		return openStream(path, f)
	}
	if err != nil {
		f.Close()
		return nil, err
	}
	defer f.Close()
	return openMapped(path, f, int(info.Size()))
}

func openMapped(name string, f *os.File, size int) (*Source, error) {
	data, err := mapFile(f, size)
	if err != nil {
		return nil, fmt.Errorf("%s: %w", name, err)
	}
	return &Source{name: name, data: data, mapped: true}, nil
}

// Size is the length of the payload, or 0 while it streams in.
func (s *Source) Size() int64 { return int64(len(s.data)) }

// NewSource makes a source of bytes in memory.
func NewSource(name string, data []byte) (*Source, error) {
	if !isGzip(data) {
		return (&Source{name: name, data: data}).checked()
	}
	s, err := openInflated(name, data, func() {})
	if err != nil {
		return nil, err
	}
	return s.checked()
}

// InflatedSource makes a source of the payload of a compressed capture.
func InflatedSource(name string, payload []byte) *Source {
	return &Source{name: name, compressed: true, data: payload}
}

// Check returns a [*FormatError] when the payload is no capture.
func (s *Source) Check() error {
	start := s.wait(0)
	if len(start) == 0 && s.compressed {
		return &FormatError{s.name, "compressed with gzip, but nothing of it can be read"}
	}
	return sniff(s.name, start)
}

// checked returns the source if it is a capture, else closes it.
func (s *Source) checked() (*Source, error) {
	if err := s.Check(); err != nil {
		s.Close()
		return nil, err
	}
	return s, nil
}

// Head returns the first n bytes of the payload, or all of a shorter one.
func (s *Source) Head(n int) []byte {
	b := s.wait(n - 1)
	return b[:min(n, len(b))]
}

// Convert puts a capture in the place of the payload, which is in another format. The
// payload stays valid until the source is closed.
func (s *Source) Convert(capture []byte) { s.converted = capture }

// Name returns the name the source was opened by.
func (s *Source) Name() string { return s.name }

// Compressed reports whether the payload is inflated.
func (s *Source) Compressed() bool { return s.compressed }

// Bytes returns the whole payload, waiting for the last of it to stream in. Nothing may
// use it after Close. [Reader.Payload] is what there is of it already.
func (s *Source) Bytes() []byte {
	switch {
	case s.converted != nil:
		return s.converted
	case s.stream == nil:
		return s.data
	}
	return s.stream.all()
}

// wait returns the payload as soon as it is longer than n bytes, or complete.
func (s *Source) wait(n int) []byte {
	switch {
	case s.converted != nil:
		return s.converted
	case s.stream == nil:
		return s.data
	}
	return s.stream.wait(n)
}

// damage returns how the payload ended, if badly, and whether it broke off. All of it
// must have been waited for.
func (s *Source) damage() (w *Warning, broken bool) {
	if s.stream == nil {
		return nil, false
	}
	return s.stream.damage, s.stream.broken
}

// Close gives the payload back.
func (s *Source) Close() error {
	data, mapped := s.data, s.mapped
	s.data, s.mapped, s.converted = nil, false, nil
	if s.stream != nil {
		return s.stream.close()
	}
	if mapped {
		return unmap(data)
	}
	return nil
}
