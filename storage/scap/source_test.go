package scap

import (
	"bytes"
	"errors"
	"io"
	"os"
	"path/filepath"
	"strings"
	"testing"
)

// small is a capture of a few events.
func small() []byte {
	var c capture
	c.section(2)
	for i := range 5 {
		c.close(int64(i))
	}
	return c.buf
}

func writeFile(t *testing.T, name string, data []byte) string {
	t.Helper()
	path := filepath.Join(t.TempDir(), name)
	if err := os.WriteFile(path, data, 0o600); err != nil {
		t.Fatal(err)
	}
	return path
}

// count reads a source to its end and returns the number of its events.
func count(t *testing.T, s *Source) (events int, r *Reader) {
	t.Helper()
	for r = NewReader(s); ; {
		kind, err := r.Next()
		if err == io.EOF {
			return events, r
		}
		if kind == KindEvent {
			events++
		}
	}
}

func TestOpen(t *testing.T) {
	data := small()
	f := func(name string, content []byte, compressed bool) {
		t.Helper()
		path := writeFile(t, name, content)
		s, err := Open(path)
		if err != nil {
			t.Fatal(err)
		}
		events, r := count(t, s)
		if events != 5 || len(r.Warnings()) != 0 || r.TruncatedAt() != -1 {
			t.Errorf("%s: %d events, warnings %+v", name, events, r.Warnings())
		}
		if s.Name() != path || s.Compressed() != compressed || !bytes.Equal(s.Bytes(), data) || !bytes.Equal(r.Payload(), data) {
			t.Errorf("%s: name %q, compressed %v, %d bytes", name, s.Name(), s.Compressed(), len(s.Bytes()))
		}
		if err := s.Close(); err != nil {
			t.Error(err)
		}
		if err := s.Close(); err != nil {
			t.Errorf("closed again: %v", err)
		}
	}
	f("raw.scap", data, false)
	f("raw.gz", data, false) // content decides, not the name
	f("gzip", compress(data), true)
	f("members", append(compress(data[:100]), compress(data[100:])...), true)
}

func TestOpenPipe(t *testing.T) {
	r, w, err := os.Pipe()
	if err != nil {
		t.Fatal(err)
	}
	data := small()
	go func() {
		w.Write(data[:50])
		w.Write(data[50:])
		w.Close()
	}()
	s, err := openStream("pipe", r)
	if err != nil {
		t.Fatal(err)
	}
	defer s.Close()
	if events, _ := count(t, s); events != 5 || s.Compressed() {
		t.Errorf("%d events", events)
	}
}

// A payload of many steps of the stream, read while it comes and closed before its end.
func TestStreamFollowed(t *testing.T) {
	var c capture
	c.section(2)
	const n = 40000
	for i := range n {
		c.close(int64(i))
	}
	packed := compress(c.buf)
	s, err := NewSource("test", packed)
	if err != nil {
		t.Fatal(err)
	}
	first := &s.wait(0)[0]
	events, r := count(t, s)
	if events != n || &r.Payload()[0] != first || !bytes.Equal(s.Bytes(), c.buf) {
		t.Errorf("%d events of %d", events, n)
	}
	s.Close()

	s, err = NewSource("test", packed)
	if err != nil {
		t.Fatal(err)
	}
	if err := s.Close(); err != nil {
		t.Error(err)
	}
}

func TestDamagedGzip(t *testing.T) {
	data := small()
	packed := compress(data)
	f := func(name string, content []byte, events int, text string, cut bool) {
		t.Helper()
		s, err := NewSource(name, content)
		if err != nil {
			t.Fatal(err)
		}
		defer s.Close()
		got, r := count(t, s)
		w := warned(r, WarnStream)
		if got != events || w == nil || !strings.Contains(w.Message, text) {
			t.Errorf("%s: %d events, warnings %+v", name, got, r.Warnings())
		}
		if (r.TruncatedAt() >= 0) != cut {
			t.Errorf("%s: truncated at %d", name, r.TruncatedAt())
		}
	}
	bad := bytes.Clone(packed)
	bad[len(bad)-5] ^= 1
	f("checksum", bad, 5, "checksum", false)
	f("garbage after", append(bytes.Clone(packed), "this is not gzip"...), 5, "not gzip", false)
	f("little garbage after", append(bytes.Clone(packed), "x"...), 5, "not gzip", false)
	f("half a member after", append(bytes.Clone(packed), packed[:5]...), 5, "breaks off", true)
	f("broken trailer", packed[:len(packed)-3], 5, "breaks off", true)

	long := &capture{}
	long.section(2)
	for i := range 3000 {
		long.close(int64(i * i * 7919))
	}
	packed = compress(long.buf)
	s, err := NewSource("cut", packed[:len(packed)/2])
	if err != nil {
		t.Fatal(err)
	}
	defer s.Close()
	got, r := count(t, s)
	w := warned(r, WarnTruncated)
	if got == 0 || got >= 3000 || len(r.Warnings()) != 1 || w == nil || !strings.Contains(w.Message, "compressed data breaks off") || r.TruncatedAt() < 0 {
		t.Errorf("cut: %d events, truncated at %d, warnings %+v", got, r.TruncatedAt(), r.Warnings())
	}
}

func TestFormatErrors(t *testing.T) {
	f := func(content, format string) {
		t.Helper()
		_, err := Open(writeFile(t, "file", []byte(content)))
		var fe *FormatError
		if !errors.As(err, &fe) || !strings.Contains(fe.Format, format) {
			t.Errorf("%.20q: %v, want %q", content, err, format)
		}
		if err != nil && !strings.HasPrefix(err.Error(), fe.Name+": not a system-call capture: ") {
			t.Errorf("message = %q", err)
		}
	}
	f("", "empty")
	f("\x00\x01", "too short")
	f("\xd4\xc3\xb2\xa1\x02\x00\x04\x00\x00\x00\x00\x00", "pcap packet capture")
	f("\xa1\xb2\xc3\xd4\x00\x02\x00\x04\x00\x00\x00\x00", "pcap packet capture")
	f("\x4d\x3c\xb2\xa1\x02\x00\x04\x00\x00\x00\x00\x00", "pcap packet capture")
	f("\x28\xb5\x2f\xfd and more of it", "zstd")
	f("\xfd7zXZ\x00 and more of it", "xz")
	f("\x7fELF and more of it", "ELF")
	f("1 00:44:29.904933216 1 haproxy (13969) < accept\n", "text")
	f("kept 25 °C – ünïcode\n", "text")
	f("\x01\x02\x03\x04 not known \xff\xfe", "unknown format")
	f(string(compress([]byte("just text, but packed"))), "text")
	f(string(compress(compress(small()))), "gzip twice")
	f("\x1f\x8b damaged", "damaged from the start")
	f(string(compress(small())[:12]), "broken off")
	f("\n\r", "broken off")
	f(string(compress(nil)), "nothing of it")

	var packets capture
	packets.section(0)
	packets.block(1, []byte("interface"))
	packets.block(6, []byte("a packet"))
	f(string(packets.buf), "pcapng packet capture")
	f(string(compress(packets.buf)), "pcapng packet capture")

	order := small()
	order[8] = 0
	f(string(order), "byte order")
	newer := small()
	newer[12] = 2
	f(string(newer), "newer capture format")
}

func TestOpenErrors(t *testing.T) {
	if _, err := Open(filepath.Join(t.TempDir(), "missing")); !errors.Is(err, os.ErrNotExist) {
		t.Errorf("missing file: %v", err)
	}
	if _, err := Open(t.TempDir()); err == nil || !strings.Contains(err.Error(), "is a directory") {
		t.Errorf("directory: %v", err)
	}
}

// A capture that also holds packets is a capture.
func TestInterleavedPackets(t *testing.T) {
	var c capture
	c.section(2)
	c.block(1, []byte("interface"))
	c.block(6, []byte("a packet"))
	c.close(0)
	if _, r := kinds(t, c.buf); warned(r, WarnUnknownBlock) == nil {
		t.Errorf("warnings = %+v", r.Warnings())
	}
}
