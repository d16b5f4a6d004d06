package storage

import (
	"bytes"
	"context"
	"slices"
	"testing"
)

// TestSettledRows compares rows that have settled in a file with rows that stayed on the
// heap, as there was no room for a file.
func TestSettledRows(t *testing.T) {
	const capture = "fifo-old.scap"
	settled := loadedFrom(t, capture)
	t.Setenv("TMPDIR", "/nonexistent")
	onHeap := loadedFrom(t, capture)
	if settled.scratch == nil || onHeap.scratch != nil {
		t.Errorf("files %v and %v", settled.scratch, onHeap.scratch)
	}
	if len(settled.batches) <= heapBatches || len(settled.batches) != len(onHeap.batches) {
		t.Fatalf("%d and %d batches", len(settled.batches), len(onHeap.batches))
	}
	for i, b := range settled.batches {
		if !bytes.Equal(slices.Concat(b.bytes()...), slices.Concat(onHeap.batches[i].bytes()...)) {
			t.Errorf("batch %d differs", i)
		}
	}
}

func loadedFrom(t *testing.T, capture string) *reading {
	t.Helper()
	c, err := openCapture("c", captures+capture, nil)
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { c.Close() })
	if err := c.Load(context.Background()); err != nil {
		t.Fatal(err)
	}
	return c.whole()
}
