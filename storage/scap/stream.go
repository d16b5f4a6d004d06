package scap

import (
	"bufio"
	"errors"
	"fmt"
	"io"
	"os"
	"runtime/debug"
	"sync"

	"github.com/klauspost/compress/gzip"

	"tq/storage/inflate"
)

// stream fills one contiguous range of memory from a reader while others use what is
// there already. The range is reserved at once at the greatest size the payload can
// have, so it never moves; only what is filled takes memory, and of a large payload only
// the end does: the rest settles in a file.
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

// openStream starts to read f, inflating it where it is compressed. What is no regular
// file is inflated as it comes.
func openStream(name string, f io.ReadCloser) (*Source, error) {
	if file, ok := f.(*os.File); ok {
		if info, err := file.Stat(); err == nil && info.Mode().IsRegular() && hasGzipHeader(file) {
			in, err := mapFile(file, int(info.Size()))
			file.Close()
			if err != nil {
				return nil, fmt.Errorf("%s: %w", name, err)
			}
			return openInflated(name, in, func() { unmap(in) })
		}
	}
	src := &Source{name: name}
	in := bufio.NewReaderSize(f, streamStep)
	head, _ := in.Peek(2)
	var r io.Reader = in
	if isGzip(head) {
		src.compressed = true
		z, err := openMembers(in)
		if err != nil {
			f.Close()
			return nil, damagedFromStart(name)
		}
		r = z
	}
	s, err := newStream(streamMax)
	if err != nil {
		f.Close()
		return nil, fmt.Errorf("%s: %w", name, err)
	}
	src.stream = s
	go s.fill(readSteps(r, s.buf), func() { f.Close() })
	return src, nil
}

// openInflated starts to inflate what is in memory, which is done with then.
func openInflated(name string, in []byte, done func()) (*Source, error) {
	s, err := newStream(min(streamMax, len(in)*maxInflation+streamStep))
	if err != nil {
		done()
		return nil, fmt.Errorf("%s: %w", name, err)
	}
	z := inflate.New(in, s.buf)
	if n, err := z.Step(1); n == 0 && err != nil && err != io.EOF {
		done()
		unmap(s.buf)
		return nil, damagedFromStart(name)
	}
	go s.fill(z.Step, done)
	return &Source{name: name, compressed: true, stream: s}, nil
}

func damagedFromStart(name string) error {
	return &FormatError{name, "compressed with gzip, but damaged from the start"}
}

// newStream reserves memory for at most so many bytes.
func newStream(size int) (*stream, error) {
	buf, err := reserve(size)
	if err != nil {
		return nil, err
	}
	s := &stream{buf: buf, filling: true}
	s.more.L = &s.mu
	return s, nil
}

// readSteps returns a function that reads until there are n bytes, and says how many there
// are and why there are no more.
func readSteps(r io.Reader, buf []byte) func(n int) (int, error) {
	at := 0
	return func(n int) (int, error) {
		for at < n {
			if at == len(buf) {
				return at, inflate.ErrFull
			}
			m, err := r.Read(buf[at:min(n, len(buf))])
			if at += m; err != nil {
				return at, err
			}
		}
		return at, nil
	}
}

// fill takes steps until there is no more, or the stream is closed.
func (s *stream) fill(step func(n int) (int, error), done func()) {
	var settler settler
	for n, over := 0, false; !over; {
		var err error
		n, err = guardedStep(step, n+streamStep, n)
		over = s.publish(n, err)
		settler.settle(s.buf[:n])
	}
	settler.close()
	done()
	s.mu.Lock()
	defer s.mu.Unlock()
	s.filling = false
	if s.closed {
		unmap(s.buf)
	}
}

// guardedStep takes a step from the bytes there are to n. It breaks off where a mapped file
// that is inflated has become shorter.
func guardedStep(step func(n int) (int, error), n, there int) (now int, err error) {
	defer debug.SetPanicOnFault(debug.SetPanicOnFault(true))
	defer func() {
		switch r := recover().(type) {
		case nil:
		case interface{ Addr() uintptr }: // of runtime errors, only a fault's has an address
			now, err = there, io.ErrUnexpectedEOF
		default:
			panic(r)
		}
	}()
	return step(n)
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
	case errors.Is(err, gzip.ErrHeader), errors.Is(err, inflate.ErrHeader):
		return "damaged in the header of compressed data"
	case errors.Is(err, gzip.ErrChecksum), errors.Is(err, inflate.ErrChecksum):
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
