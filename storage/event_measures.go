package storage

import (
	"github.com/apache/arrow/go/v17/arrow"

	"tq/functions/kernel"
	"tq/storage/scap"
	"tq/storage/state"
)

// measured is the measures of a capture's events, which change too often to be part of
// what every pass keeps. They take a pass of their own.
type measured struct {
	at   []int32 // by the event's number - 1, index of its measures; -1 where there are none
	list []state.Measures
}

// measure follows measures through a capture.
func measure(source *scap.Source) *measured {
	reader, tracker := scap.NewReader(source), state.New()
	tracker.Measure()
	m := &measured{}
	last := make(map[state.LifeID]int32) // of each thread
	for {
		kind, err := reader.Next()
		if err != nil {
			return m
		}
		if kind != scap.KindEvent {
			tracker.Block(kind, reader)
			continue
		}
		row := tracker.Event(&reader.Event, uint32(len(m.at)+1))
		now, ok := tracker.Measures()
		if !ok || !row.Printed {
			m.at = append(m.at, -1)
			continue
		}
		i, seen := last[row.Life]
		if !seen || m.list[i] != now {
			i = int32(len(m.list))
			m.list = append(m.list, now)
			last[row.Life] = i
		}
		m.at = append(m.at, i)
	}
}

// of returns the measures at an event, or nil.
func (m *measured) of(num uint32) *state.Measures {
	if int(num) > len(m.at) || m.at[num-1] < 0 {
		return nil
	}
	return &m.list[m.at[num-1]]
}

// measures builds the column of a measure.
func measures(of func(*state.Measures) (int64, bool)) func(eventRows) arrow.Array {
	return func(r eventRows) arrow.Array {
		all := r.measured()
		out := newNullable[int64](r.len())
		for i, num := range r.nums() {
			if m := all.of(num); m != nil {
				if v, ok := of(m); ok {
					out.set(i, v)
				}
			}
		}
		return out.array(bigint)
	}
}

// mainMeasures builds the column of a measure that is 0 for all but main threads.
func mainMeasures(of func(*state.Measures) int64) func(eventRows) arrow.Array {
	return func(r eventRows) arrow.Array {
		all, threads := r.measured(), r.threads()
		out := newNullable[int64](r.len())
		for i, num := range r.nums() {
			switch m := all.of(num); {
			case threads[i] < 0 || m == nil:
			case r.Threads[threads[i]].IsMain():
				out.set(i, of(m))
			default:
				out.set(i, 0)
			}
		}
		return out.array(bigint)
	}
}

// fdUsage is what part of the descriptors that a process may have it has.
func fdUsage(r eventRows) arrow.Array {
	all := r.measured()
	out := newNullable[float64](r.len())
	for i, num := range r.nums() {
		m := all.of(num)
		switch {
		case m == nil:
		case m.FDLimit <= 0:
			out.set(i, 0)
		default:
			out.set(i, min(float64(m.OpenFDs)*100/float64(m.FDLimit), 100))
		}
	}
	return kernel.FromValues(double, out.values, out.validity())
}
