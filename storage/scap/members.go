package scap

import (
	"bufio"
	"io"

	"github.com/klauspost/compress/gzip"

	"tq/storage/inflate"
)

// members inflates the members of a compressed file one after another. What follows the
// last one is an error, but for the zeros with which archives fill up.
type members struct {
	in  *bufio.Reader
	now *gzip.Reader
}

func openMembers(in *bufio.Reader) (*members, error) {
	z, err := gzip.NewReader(in)
	if err != nil {
		return nil, err
	}
	z.Multistream(false)
	return &members{in, z}, nil
}

func (m *members) Read(b []byte) (int, error) {
	n, err := m.now.Read(b)
	if err == io.EOF {
		err = m.next()
	}
	return n, err
}

// next begins with the next member. It returns io.EOF at the end of the file.
func (m *members) next() error {
	if head, _ := m.in.Peek(2); isGzip(head) {
		if err := m.now.Reset(m.in); err != nil {
			return err
		}
		m.now.Multistream(false)
		return nil
	}
	for {
		switch c, err := m.in.ReadByte(); {
		case err != nil:
			return err
		case c != 0: // what is no member may be padding
			return inflate.ErrNotGzip
		}
	}
}
