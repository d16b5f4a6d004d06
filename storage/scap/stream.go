package scap

import (
	"bufio"
	"bytes"
	"errors"
	"fmt"
	"io"
	"os"
	"sync"

	"github.com/klauspost/compress/gzip"
)

// stream fills one contiguous range of memory from a reader while others use what is
// there already. The range is reserved at once at the greatest size the payload can
// have, so it never moves; only what is filled takes memory.
type stream struct {
	buf []byte

	mu      sync.Mutex
	more    sync.Cond
	n       int      // bytes there
	done    bool     // and no more will come
	damage  *Warning // how they ended, if badly
	broken  bool     // they broke off
	filling bool     // fill is at work; it gives the memory back if closed meanwhile
	closed  bool
}

const (
	streamStep = 256 << 10 // readers are told of so many bytes at a time
	streamMax  = 1 << 40   // reserved where the size cannot be told
)

// maxInflation is more than deflate can make of one byte.
const maxInflation = 1040

// openStream starts to read f, inflating it where it is compressed.
func openStream(name string, f io.ReadCloser) (*Source, error) {
	src := &Source{name: name}
	size := streamMax
	if file, ok := f.(*os.File); ok {
		if info, err := file.Stat(); err == nil && info.Mode().IsRegular() {
			size = min(size, int(info.Size())*maxInflation+streamStep)
		}
	}
	in := bufio.NewReaderSize(f, streamStep)
	head, _ := in.Peek(2)
	var r io.Reader = in
	if isGzip(head) {
		src.compressed = true
		z, err := openMembers(in)
		if err != nil {
			f.Close()
			return nil, &FormatError{name, "compressed with gzip, but damaged from the start"}
		}
		r = z
	}
	buf, err := reserve(size)
	if err != nil {
		f.Close()
		return nil, fmt.Errorf("%s: %w", name, err)
	}
	s := &stream{buf: buf, filling: true}
	s.more.L = &s.mu
	src.stream = s
	go s.fill(r, f)
	return src, nil
}

// fill reads r to its end.
func (s *stream) fill(r io.Reader, f io.Closer) {
	n := 0
	for {
		told := n
		var err error
		for n-told < streamStep && err == nil {
			if n == len(s.buf) {
				err = errors.New("the payload does not fit in memory")
				break
			}
			var m int
			m, err = r.Read(s.buf[n:min(told+streamStep, len(s.buf))])
			n += m
		}
		if s.publish(n, err) {
			break
		}
	}
	f.Close()
	s.mu.Lock()
	defer s.mu.Unlock()
	s.filling = false
	if s.closed {
		unmap(s.buf)
	}
}

// publish tells readers of the first n bytes, and with an error that there are no more.
// It returns true when filling is over.
func (s *stream) publish(n int, err error) bool {
	s.mu.Lock()
	defer s.mu.Unlock()
	s.n = n
	if err != nil && err != io.EOF {
		s.damage = &Warning{Offset: int64(n), Kind: WarnStream, Message: streamFault(err), Count: 1}
		s.broken = errors.Is(err, io.ErrUnexpectedEOF)
	}
	s.done = err != nil
	s.more.Broadcast()
	return s.done || s.closed
}

func streamFault(err error) string {
	switch {
	case errors.Is(err, io.ErrUnexpectedEOF):
		return "the compressed data breaks off"
	case errors.Is(err, gzip.ErrHeader):
		return "damaged in the header of compressed data"
	case errors.Is(err, gzip.ErrChecksum):
		return "the checksum of the compressed data is wrong"
	}
	return err.Error()
}

// wait returns what is there as soon as it is more than n bytes, or all.
func (s *stream) wait(n int) []byte {
	s.mu.Lock()
	defer s.mu.Unlock()
	for s.n <= n && !s.done {
		s.more.Wait()
	}
	return s.buf[:s.n:s.n]
}

// all returns the bytes when the last has come.
func (s *stream) all() []byte {
	s.mu.Lock()
	defer s.mu.Unlock()
	for !s.done {
		s.more.Wait()
	}
	return s.buf[:s.n:s.n]
}

// close gives the memory back, or leaves that to fill while it is still at work.
func (s *stream) close() error {
	s.mu.Lock()
	defer s.mu.Unlock()
	if s.closed {
		return nil
	}
	s.closed = true
	if s.filling {
		return nil
	}
	return unmap(s.buf)
}

func isGzip(data []byte) bool {
	return len(data) >= 2 && data[0] == 0x1f && data[1] == 0x8b
}

// hasGzipHeader reports whether a file is compressed; it leaves the file's offset alone.
func hasGzipHeader(f *os.File) bool {
	var head [2]byte
	n, _ := f.ReadAt(head[:], 0)
	return isGzip(head[:n])
}

func nopCloser(data []byte) io.ReadCloser {
	return io.NopCloser(bytes.NewReader(data))
}
