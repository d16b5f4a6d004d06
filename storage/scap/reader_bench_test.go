package scap

import (
	"os"
	"testing"
)

// BenchmarkWalk walks every event of the capture that SCAP_BENCH names.
func BenchmarkWalk(b *testing.B) {
	path := os.Getenv("SCAP_BENCH")
	if path == "" {
		path = "../../testdata/captures/fifo-old.scap"
	}
	s, err := Open(path)
	if err != nil {
		b.Skip(err)
	}
	defer s.Close()
	b.SetBytes(int64(len(s.Bytes())))
	var (
		events int
		list   [64]Event
	)
	for b.Loop() {
		events = 0
		for r := NewReader(s); ; {
			kind, err := r.Next()
			if err != nil {
				break
			}
			if kind == KindEvent {
				events++
				for e := &list[0]; r.Usual(e); e = &list[events%len(list)] {
					events++
				}
			}
		}
	}
	b.ReportMetric(float64(b.Elapsed().Nanoseconds())/float64(b.N)/float64(events), "ns/event")
}

// BenchmarkAppendArgs prints the parameters of every event.
func BenchmarkAppendArgs(b *testing.B) {
	s := openCapture(b, "tour-new.scap")
	var list []Event
	for r := NewReader(s); ; {
		kind, err := r.Next()
		if err != nil {
			break
		}
		if kind == KindEvent {
			list = append(list, r.Event)
		}
	}
	var buf []byte
	for b.Loop() {
		for i := range list {
			buf = AppendArgs(buf[:0], &list[i], nil)
		}
	}
	b.ReportMetric(float64(b.Elapsed().Nanoseconds())/float64(b.N)/float64(len(list)), "ns/event")
}
