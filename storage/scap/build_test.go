package scap

import (
	"bytes"
	"compress/gzip"
	"encoding/binary"
	"fmt"
	"io"
	"testing"
)

// capture builds a capture byte by byte. The zero capture is little-endian.
type capture struct {
	buf []byte
	big bool
}

func (c *capture) order() binary.AppendByteOrder {
	if c.big {
		return binary.BigEndian
	}
	return binary.LittleEndian
}

// fields encodes values: integers by their size, strings behind their length, byte
// slices as they are.
func (c *capture) fields(values ...any) []byte {
	var b []byte
	o := c.order()
	for _, v := range values {
		switch v := v.(type) {
		case uint8:
			b = append(b, v)
		case uint16:
			b = o.AppendUint16(b, v)
		case uint32:
			b = o.AppendUint32(b, v)
		case uint64:
			b = o.AppendUint64(b, v)
		case int64:
			b = o.AppendUint64(b, uint64(v))
		case string:
			b = o.AppendUint16(b, uint16(len(v)))
			b = append(b, v...)
		case []byte:
			b = append(b, v...)
		default:
			panic(fmt.Sprintf("no encoding of %T", v))
		}
	}
	return b
}

// counted puts a record's length before it; the length counts itself.
func (c *capture) counted(record []byte) []byte {
	return append(c.fields(uint32(len(record)+4)), record...)
}

// block appends a block and returns where it starts.
func (c *capture) block(typ uint32, body ...[]byte) int {
	b := bytes.Join(body, nil)
	for len(b)%4 != 0 {
		b = append(b, 0)
	}
	n := uint32(len(b) + minBlock)
	at := len(c.buf)
	c.buf = append(c.buf, c.fields(typ, n, b, n)...)
	return at
}

func (c *capture) section(minor uint16, options ...[]byte) int {
	head := c.fields(uint32(byteOrderMagic), uint16(1), minor, ^uint64(0))
	return c.block(blockSection, append([][]byte{head}, options...)...)
}

func (c *capture) option(code uint16, text string) []byte {
	b := c.fields(code, text)
	for len(b)%4 != 0 {
		b = append(b, 0)
	}
	return b
}

// eventV2 encodes an event with its parameters' values.
func (c *capture) eventV2(ts uint64, tid int64, typ uint16, values ...[]byte) []byte {
	params := c.params(2, values)
	return c.fields(ts, tid, uint32(eventLen+len(params)), typ, uint32(len(values)), params)
}

func (c *capture) eventV1(ts uint64, tid int64, typ uint16, values ...[]byte) []byte {
	params := c.params(2, values)
	return c.fields(ts, tid, uint32(eventV1Len+len(params)), typ, params)
}

func (c *capture) params(width int, values [][]byte) []byte {
	var b []byte
	for _, v := range values {
		if width == 4 {
			b = append(b, c.fields(uint32(len(v)))...)
		} else {
			b = append(b, c.fields(uint16(len(v)))...)
		}
	}
	return append(b, bytes.Join(values, nil)...)
}

// close appends a close exit event with a result, which most tests need one of.
func (c *capture) close(res int64) int {
	return c.block(blockEventV2, c.fields(uint16(3)), c.eventV2(1000, 42, SyscallCloseX, c.fields(res)))
}

// read walks a capture and calls f, which may be nil, for each block.
func read(t testing.TB, data []byte, f func(kind Kind, r *Reader)) *Reader {
	t.Helper()
	s, err := NewSource("test", data)
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { s.Close() })
	r := NewReader(s)
	for {
		kind, err := r.Next()
		if err == io.EOF {
			return r
		}
		if err != nil {
			t.Fatalf("Next: %v", err)
		}
		if f != nil {
			f(kind, r)
		}
	}
}

// kinds returns the kinds of a capture's blocks in order.
func kinds(t testing.TB, data []byte) ([]Kind, *Reader) {
	t.Helper()
	var list []Kind
	r := read(t, data, func(kind Kind, _ *Reader) { list = append(list, kind) })
	return list, r
}

// warned returns the warning of a kind, or nil.
func warned(r *Reader, kind string) *Warning {
	for _, w := range r.Warnings() {
		if w.Kind == kind {
			return &w
		}
	}
	return nil
}

func compress(data []byte) []byte {
	var b bytes.Buffer
	w := gzip.NewWriter(&b)
	w.Write(data)
	w.Close()
	return b.Bytes()
}

// both runs a test in either byte order.
func both(t *testing.T, f func(t *testing.T, c *capture)) {
	t.Helper()
	for _, big := range []bool{false, true} {
		name := "little-endian"
		if big {
			name = "big-endian"
		}
		t.Run(name, func(t *testing.T) { f(t, &capture{big: big}) })
	}
}
