package main

import (
	"bufio"
	"bytes"
	"compress/gzip"
	"encoding/binary"
	"fmt"
	"io"
	"os"
)

const (
	roundGap = 1_000_000 // ns between the last event of a round and the first of the next
	procInfo = 234       // the recorder's own bookkeeping, written in the first round only
)

// timestampAt is where, in a block of each kind that holds an event, the time stamp is:
// after the block header (8), the CPU (2) and, in the kinds with flags, those (4).
var timestampAt = map[uint32]int{
	0x204: 10, 0x208: 14, 0x216: 10, 0x217: 14, 0x221: 10, 0x222: 14,
}

// grow writes to w the capture in the file at path with its events repeated for so many
// rounds, each later than the one before by the capture's own length: a large capture
// with the same mix of events and a state that still makes sense.
func grow(w io.Writer, path string, rounds int) error {
	in, err := readCapture(path)
	if err != nil {
		return err
	}
	out := bufio.NewWriterSize(w, 1<<20)
	var events [][]byte
	var first, last uint64
	for len(in) >= 12 {
		kind, n := binary.LittleEndian.Uint32(in), int(binary.LittleEndian.Uint32(in[4:]))
		if n < 12 || n > len(in) {
			return fmt.Errorf("%s: broken block", path)
		}
		block := in[:n]
		in = in[n:]
		at, isEvent := timestampAt[kind]
		if !isEvent {
			out.Write(block)
			continue
		}
		ts := binary.LittleEndian.Uint64(block[at:])
		if first == 0 {
			first = ts
		}
		last = max(last, ts)
		events = append(events, block)
	}
	step := last - first + roundGap
	for round := range rounds {
		for _, block := range events {
			if round > 0 {
				at := timestampAt[binary.LittleEndian.Uint32(block)]
				if binary.LittleEndian.Uint16(block[at+20:]) == procInfo {
					continue
				}
				binary.LittleEndian.PutUint64(block[at:], binary.LittleEndian.Uint64(block[at:])+step)
			}
			out.Write(block)
		}
	}
	return out.Flush()
}

// readCapture returns the payload of a capture, compressed or not.
func readCapture(path string) ([]byte, error) {
	in, err := os.ReadFile(path)
	if err != nil || !bytes.HasPrefix(in, []byte{0x1f, 0x8b}) {
		return in, err
	}
	z, err := gzip.NewReader(bytes.NewReader(in))
	if err != nil {
		return nil, err
	}
	return io.ReadAll(z)
}
