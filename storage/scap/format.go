package scap

import (
	"bytes"
	"strings"
	"unicode/utf8"
)

// FormatError says that a file is no capture and what it is instead.
type FormatError struct {
	Name   string // the file
	Format string // what it is: "a pcap packet capture", "empty", …
}

func (e *FormatError) Error() string {
	return e.Name + ": not a system-call capture: the file is " + e.Format
}

// sniff checks that a payload starts as a capture does.
func sniff(name string, payload []byte) error {
	if what := foreign(payload); what != "" {
		return &FormatError{name, what}
	}
	return nil
}

// foreign says what a payload is that is no capture, or returns "" for a capture.
func foreign(payload []byte) string {
	if len(payload) == 0 {
		return "empty"
	}
	if len(payload) < minBlock || u32(payload, false) != blockSection {
		return guess(payload)
	}
	swapped, ok := sectionOrder(payload)
	if !ok {
		return "of a byte order that does not exist: its section header is damaged"
	}
	if len(payload) >= 16 && u16(payload[12:], swapped) > newestMajor {
		return "of a newer capture format than version 1"
	}
	if onlyPackets(payload, swapped) {
		return "a pcapng packet capture, without system events"
	}
	return ""
}

// onlyPackets reports whether pcapng blocks describe network packets and none is of a
// capture's kinds.
func onlyPackets(payload []byte, swapped bool) bool {
	const (
		blockInterfaceDescription = 1
		blockEnhancedPacket       = 6
	)
	packets := false
	for offset := int64(0); ; {
		block, typ := blockAt(payload, offset, swapped)
		if block == nil {
			return packets
		}
		if _, ok := blockKind(typ); ok && typ != blockSection {
			return false
		}
		packets = packets || typ == blockInterfaceDescription || typ == blockEnhancedPacket
		offset += int64(len(block))
	}
}

// signatures are the beginnings of files that are taken for captures.
var signatures = []struct{ magic, what string }{
	{"\xd4\xc3\xb2\xa1", "a pcap packet capture"},
	{"\xa1\xb2\xc3\xd4", "a pcap packet capture"},
	{"\x4d\x3c\xb2\xa1", "a pcap packet capture"},
	{"\xa1\xb2\x3c\x4d", "a pcap packet capture"},
	{"\x28\xb5\x2f\xfd", "compressed with zstd; decompress it first"},
	{"\xfd7zXZ\x00", "compressed with xz; decompress it first"},
	{"BZh", "compressed with bzip2; decompress it first"},
	{"\x04\x22\x4d\x18", "compressed with lz4; decompress it first"},
	{"PK\x03\x04", "a zip archive"},
	{"\x1f\x8b", "compressed with gzip twice; decompress it once"},
	{"\x7fELF", "an ELF binary"},
	{"PERFILE2", "a perf recording"},
	{"PAR1", "a parquet file"},
	{"ARROW1", "an Arrow file"},
	{"SQLite format 3\x00", "an SQLite database"},
}

// guess names the format of a payload by its first bytes.
func guess(payload []byte) string {
	for _, s := range signatures {
		if bytes.HasPrefix(payload, []byte(s.magic)) {
			return s.what
		}
	}
	const sectionStart = "\n\r\r\n"
	switch {
	case strings.HasPrefix(sectionStart, string(payload[:min(len(payload), len(sectionStart))])):
		return "broken off in its first bytes"
	case isText(payload[:min(len(payload), 512)]):
		return "text"
	case len(payload) < minBlock:
		return "too short"
	}
	return "of an unknown format"
}

// isText reports whether b, which may end inside a character, is text.
func isText(b []byte) bool {
	for len(b) > 0 {
		c, n := utf8.DecodeRune(b)
		if c == utf8.RuneError && n == 1 {
			return !utf8.FullRune(b)
		}
		if c < ' ' && c != '\n' && c != '\r' && c != '\t' && c != '\x1b' {
			return false
		}
		b = b[n:]
	}
	return true
}
