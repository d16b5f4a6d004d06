package files

import (
	"bytes"
	"compress/gzip"
	"io"
	"os"
)

// source is a file of which any part can be read.
type source struct {
	path string
	*io.SectionReader
	closer io.Closer
}

// openSource opens a file. What is no regular file is read into memory.
func openSource(path string) (*source, error) {
	f, err := os.Open(path)
	if err != nil {
		return nil, err
	}
	info, err := f.Stat()
	if err != nil {
		f.Close()
		return nil, err
	}
	if !info.Mode().IsRegular() {
		defer f.Close()
		return readWhole(path, f)
	}
	return &source{path, io.NewSectionReader(f, 0, info.Size()), f}, nil
}

func readWhole(path string, r io.Reader) (*source, error) {
	data, err := io.ReadAll(r)
	if err != nil {
		return nil, err
	}
	return contentSource(path, data), nil
}

// contentSource is a file that is in memory.
func contentSource(path string, data []byte) *source {
	return &source{path, io.NewSectionReader(bytes.NewReader(data), 0, int64(len(data))), io.NopCloser(nil)}
}

// text returns a reader of the file's text, which may be compressed with gzip.
func (s *source) text() (io.Reader, error) {
	var r io.Reader = io.NewSectionReader(s, 0, s.Size())
	if bytes.HasPrefix(s.head(2), []byte("\x1f\x8b")) {
		zr, err := gzip.NewReader(r)
		if err != nil {
			return nil, err
		}
		r = zr
	}
	return skipMark(r), nil
}

// head returns the first bytes of the file.
func (s *source) head(n int) []byte {
	b := make([]byte, n)
	k, _ := s.ReadAt(b, 0)
	return b[:k]
}

func (s *source) Close() error { return s.closer.Close() }
