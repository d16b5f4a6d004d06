package storage

import (
	"context"
	"io"
)

// callList is the system calls of a capture, in the order of their first events.
type callList struct {
	starts []rowRef // the event that starts the call; noRow when the capture lacks it
	ends   []rowRef // the event that ends it; noRow when the capture lacks it
}

// calls returns the system calls of the capture, which must be loaded.
func (r *reading) callList() *callList {
	return r.calls.get(func() *callList { return pairCalls(r.last) })
}

// pairCalls joins the events that start calls with those that end them, as state has
// paired them.
func pairCalls(k *known) *callList {
	l := &callList{}
	open := make([]int32, k.lives()) // the last call of each thread, by its life
	for i := range open {
		open[i] = -1
	}
	for bi, b := range k.batches {
		for i, kind := range b.kind {
			info := &k.kinds[kind]
			if !info.call() {
				continue
			}
			ref := refOf(bi, i)
			if info.Enter {
				if t := b.thread[i]; t >= 0 {
					open[k.Threads[t].Life] = int32(len(l.starts))
				}
				l.starts = append(l.starts, ref)
				l.ends = append(l.ends, noRow)
				continue
			}
			if enter, ok := b.enterOf(i); ok {
				if t := b.thread[i]; t >= 0 {
					call := open[k.Threads[t].Life]
					if call >= 0 && k.offsetOf(l.starts[call]) == enter {
						l.ends[call] = ref
						continue
					}
				}
			}
			l.starts = append(l.starts, noRow)
			l.ends = append(l.ends, ref)
		}
	}
	return l
}

// lives returns how many lives the versions of threads belong to.
func (k *known) lives() int {
	n := 0
	for i := range k.Threads {
		n = max(n, int(k.Threads[i].Life)+1)
	}
	return n
}

// numOf returns the number of the event of a row.
func (k *known) numOf(r rowRef) uint32 { return k.batches[r.batch()].num[r.row()] }

// offsetOf returns where the block of a row's event begins.
func (k *known) offsetOf(r rowRef) int64 { return k.batches[r.batch()].offsetOf(r.row()) }

// callRows is a run of system calls.
type callRows struct {
	reading *reading
	starts  []rowRef
	ends    []rowRef
}

func (r callRows) len() int { return len(r.starts) }

func (r callRows) pick(rows []int32) callRows {
	return callRows{r.reading, gather(r.starts, rows), gather(r.ends, rows)}
}

// first returns the first event of each call that the capture has, as a run of events.
func (r callRows) first() eventRows { return r.events(r.starts, r.ends) }

// last returns the last event of each call that the capture has.
func (r callRows) last() eventRows { return r.events(r.ends, r.starts) }

// events returns the given rows, and others in place of those that are missing.
func (r callRows) events(refs, others []rowRef) eventRows {
	out := make([]rowRef, len(refs))
	for i, ref := range refs {
		if ref == noRow {
			ref = others[i]
		}
		out[i] = ref
	}
	return eventRows{reading: r.reading, known: r.reading.last, refs: out}
}

// openCalls reads the calls of a capture.
func openCalls(r *reading, preds []Pred) runs[callRows] {
	next := 0
	filter := newCallFilter(preds)
	return func(ctx context.Context) (callRows, error) {
		if err := r.wait(ctx); err != nil {
			return callRows{}, err
		}
		l := r.callList()
		if next >= len(l.starts) {
			return callRows{}, io.EOF
		}
		to := min(next+batchRows, len(l.starts))
		calls := callRows{r, l.starts[next:to], l.ends[next:to]}
		next = to
		return filter.apply(calls), ctx.Err()
	}
}
