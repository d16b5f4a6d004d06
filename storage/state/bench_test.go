package state

import (
	"os"
	"path/filepath"
	"testing"

	"tq/storage/scap"
)

// BenchmarkTracker measures a pass over a capture without the tracker, and with one that
// does more and more; the differences are what it costs.
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
	track := func(b *testing.B, start func(*Tracker), event func(*Tracker, *scap.Event, uint32)) {
		b.ReportAllocs()
		var num uint32
		for b.Loop() {
			t, r := New(), scap.NewReader(src)
			start(t)
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
				event(t, &r.Event, num)
			}
		}
		perEvent(b, int(num))
	}
	apply := func(t *Tracker, e *scap.Event, num uint32) { t.Apply(e, num) }
	b.Run("threads", func(b *testing.B) { track(b, (*Tracker).IgnoreFDs, apply) })
	b.Run("fds", func(b *testing.B) { track(b, func(*Tracker) {}, apply) })
	b.Run("rows", func(b *testing.B) {
		track(b, func(*Tracker) {}, func(t *Tracker, e *scap.Event, num uint32) { t.Event(e, num) })
	})
}

func perEvent(b *testing.B, events int) {
	b.ReportMetric(float64(b.Elapsed().Nanoseconds())/float64(b.N)/float64(events), "ns/event")
}
