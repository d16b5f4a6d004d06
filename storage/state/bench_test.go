package state

import (
	"os"
	"path/filepath"
	"testing"

	"tq/storage/scap"
)

// BenchmarkTracker measures a pass over a capture with and without the tracker; the
// difference is what the tracker costs.
func BenchmarkTracker(b *testing.B) {
	path := os.Getenv("TQ_BENCH")
	if path == "" {
		path = filepath.Join("..", "..", "testdata", "captures", "fifo-old.scap")
	}
	src, err := scap.Open(path)
	if err != nil {
		b.Fatal(err)
	}
	defer src.Close()
	b.Run("walk", func(b *testing.B) {
		events := 0
		for b.Loop() {
			events = 0
			r := scap.NewReader(src)
			for {
				kind, err := r.Next()
				if err != nil {
					break
				}
				if kind == scap.KindEvent {
					events++
				}
			}
		}
		perEvent(b, events)
	})
	b.Run("track", func(b *testing.B) {
		b.ReportAllocs()
		var num uint32
		for b.Loop() {
			t, r := New(), scap.NewReader(src)
			num = 0
			for {
				kind, err := r.Next()
				if err != nil {
					break
				}
				if kind != scap.KindEvent {
					t.Block(kind, r)
					continue
				}
				num++
				t.Event(&r.Event, num)
			}
		}
		perEvent(b, int(num))
	})
}

func perEvent(b *testing.B, events int) {
	b.ReportMetric(float64(b.Elapsed().Nanoseconds())/float64(b.N)/float64(events), "ns/event")
}
