package scap

import (
	"encoding/binary"
	"testing"
)

// TestSettler fills memory as a stream does, of which all but the end settles.
func TestSettler(t *testing.T) {
	const size = settledLen + 2*settleStep + 8
	memory, err := reserve(size)
	if err != nil {
		t.Fatal(err)
	}
	defer unmap(memory)
	var s settler
	for n := 0; n < size; n += 8 {
		binary.LittleEndian.PutUint64(memory[n:], uint64(n))
		if n%streamStep == 0 {
			s.settle(memory[:n])
		}
	}
	s.close()
	if s.failed || s.settled < settledLen || s.settled > size {
		t.Errorf("%d bytes of %d settled; failed: %v", s.settled, size, s.failed)
	}
	for n := 0; n < size; n += 8 {
		if got := binary.LittleEndian.Uint64(memory[n:]); got != uint64(n) {
			t.Fatalf("at %d stands %d", n, got)
		}
	}
}

// TestSettlerWithoutRoom lets the payload stay in memory where no file can be made.
func TestSettlerWithoutRoom(t *testing.T) {
	t.Setenv("TMPDIR", "/nonexistent")
	memory, err := reserve(settledLen)
	if err != nil {
		t.Fatal(err)
	}
	defer unmap(memory)
	memory[0] = 1
	var s settler
	s.settle(memory)
	s.settle(memory)
	s.close()
	if !s.failed || s.settled != 0 || memory[0] != 1 {
		t.Errorf("%+v", s)
	}
}
