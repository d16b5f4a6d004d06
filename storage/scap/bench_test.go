package scap

import "testing"

// BenchmarkStages measures the stages of decoding, each alone, over captures of both
// generations of recorders: in bytes of payload, with the time an event takes.
func BenchmarkStages(b *testing.B) {
	for _, name := range []string{"fifo-old.scap", "fifo-new.scap"} {
		payload := openCapture(b, name).Bytes()
		source := func() *Source {
			s, err := NewSource(name, payload)
			if err != nil {
				b.Fatal(err)
			}
			return s
		}
		var offsets []int64
		for r := NewReader(source()); ; {
			kind, err := r.Next()
			if err != nil {
				break
			}
			if kind == KindEvent {
				offsets = append(offsets, r.Event.Offset)
			}
		}
		e, buf := new(Event), make([]byte, 0, 1<<16)
		for _, stage := range []struct {
			name string
			run  func()
		}{
			{"walk", func() {
				for r := NewReader(source()); ; {
					if _, err := r.Next(); err != nil {
						return
					}
				}
			}},
			{"read-again", func() {
				for _, at := range offsets {
					e.Read(payload, at, false)
				}
			}},
			{"first-parameter", func() {
				for _, at := range offsets {
					e.Read(payload, at, false)
					e.Int(0)
				}
			}},
			{"args", func() {
				for _, at := range offsets {
					e.Read(payload, at, false)
					buf = AppendArgs(buf[:0], e, knowing{})
				}
			}},
		} {
			b.Run(name+"/"+stage.name, func(b *testing.B) {
				b.SetBytes(int64(len(payload)))
				b.ReportAllocs()
				for b.Loop() {
					stage.run()
				}
				b.ReportMetric(float64(b.Elapsed().Nanoseconds())/float64(b.N)/float64(len(offsets)), "ns/event")
			})
		}
	}
}
