package storage

import (
	"math"
	"slices"

	"tq/storage/scap"
	"tq/storage/state"
)

// prefilter finds the events, or the rows of native batches, that may pass predicates.
// What it does not understand of them it leaves to the caller's filter.
type prefilter struct {
	kinds   []func(*eventKind) bool
	threads []func(t *state.Thread, tid int64) bool // t is nil for a thread that is not known
	num     interval
	ts      interval
	cpu     interval

	// Whether kinds and versions of threads pass, as far as they have been looked at:
	// both lists only grow.
	keepKind   []uint8
	keepThread []uint8
}

// interval is a closed range of numbers.
type interval struct{ lo, hi int64 }

var everything = interval{math.MinInt64, math.MaxInt64}

func (r interval) contains(v int64) bool { return r.lo <= v && v <= r.hi }

func (r interval) meets(lo, hi int64) bool { return r.lo <= hi && lo <= r.hi }

func newPrefilter(preds []Pred) *prefilter {
	f := &prefilter{num: everything, ts: everything, cpu: everything}
	for _, p := range preds {
		f.add(p)
	}
	return f
}

// newKindFilter makes a filter of the kinds that pass a test.
func newKindFilter(test func(*eventKind) bool) *prefilter {
	f := newPrefilter(nil)
	f.kinds = append(f.kinds, test)
	return f
}

// fresh returns a filter by the same predicates that has not looked at anything yet.
func (f *prefilter) fresh() *prefilter {
	return &prefilter{kinds: f.kinds, threads: f.threads, num: f.num, ts: f.ts, cpu: f.cpu}
}

// mayKeep reports whether events may pass of a kind that passes a test.
func (f *prefilter) mayKeep(test func(*eventKind) bool) bool {
	return slices.ContainsFunc(tableKinds, func(k eventKind) bool { return test(&k) && f.testKind(&k) })
}

// add takes over a predicate of the events table.
func (f *prefilter) add(p Pred) {
	switch p.Column {
	case "type", "evt.type":
		f.addKind(p, func(k *eventKind) string { return k.name })
	case "dir", "evt.dir":
		f.addKind(p, (*eventKind).dir)
	case "proc", "proc.name":
		if match := textMatcher(p); match != nil {
			// Where there is no name, proc is empty and proc.name NULL.
			none := match("") || p.Op == PredDistinct && p.Column == "proc.name"
			f.threads = append(f.threads, func(t *state.Thread, _ int64) bool {
				if t == nil || commOf(t) == "" {
					return none
				}
				return match(commOf(t))
			})
		}
	case "tid", "thread.tid":
		if match := numberMatcher(p); match != nil {
			f.threads = append(f.threads, func(_ *state.Thread, tid int64) bool {
				return tid == noTid || match(tid)
			})
		}
	case "pid", "proc.pid":
		if match := numberMatcher(p); match != nil {
			f.threads = append(f.threads, func(t *state.Thread, _ int64) bool {
				return t != nil && match(t.Pid) || t == nil && p.Op == PredDistinct
			})
		}
	case "num", "evt.num":
		f.num = f.num.narrow(p)
	case "ts", "evt.rawtime":
		f.ts = f.ts.narrow(p)
	case "cpu", "evt.cpu":
		f.cpu = f.cpu.narrow(p)
	}
}

func (f *prefilter) addKind(p Pred, text func(*eventKind) string) {
	if match := textMatcher(p); match != nil {
		f.kinds = append(f.kinds, func(k *eventKind) bool { return match(text(k)) })
	}
}

// tid returns the id of a row's thread, which must not be noThread.
func (k *known) tid(thread int32) int64 {
	if thread >= 0 {
		return k.Threads[thread].Tid
	}
	return k.strangers[strangerLife(thread)]
}

// commOf returns the name of a thread, or "" where the capture does not tell it.
func commOf(t *state.Thread) string {
	if t.Comm == unknownComm {
		return ""
	}
	return t.Comm
}

// unknownComm is what state calls a thread of which nothing but its calls were seen.
const unknownComm = "<NA>"

// rows returns the rows of a batch that may pass, and false when that is all of them. The
// batch must meet the filter.
func (f *prefilter) rows(b *eventBatch) (rows []int32, some bool) {
	first, last := int64(b.num[0]), int64(b.num[len(b.num)-1])
	if len(f.kinds) > 0 {
		rows, some = f.keepKinds(b), true
	}
	if len(f.threads) > 0 {
		rows, some = f.keepThreads(b, rows, some), true
	}
	if f.num != everything && (f.num.lo > first || f.num.hi < last) {
		rows, some = within(f.num, b.num, rows, some), true
	}
	if f.ts != everything && (f.ts.lo > b.minTS || f.ts.hi < b.maxTS) {
		rows, some = within(f.ts, b.ts, rows, some), true
	}
	if f.cpu != everything {
		rows, some = within(f.cpu, b.cpu, rows, some), true
	}
	return rows, some
}

// lookAt extends what is known of kinds and threads.
func (f *prefilter) lookAt(kinds []eventKind, threads []state.Thread) {
	for i := len(f.keepKind); i < len(kinds) && len(f.kinds) > 0; i++ {
		f.keepKind = append(f.keepKind, bit(f.testKind(&kinds[i])))
	}
	for i := len(f.keepThread); i < len(threads) && len(f.threads) > 0; i++ {
		f.keepThread = append(f.keepThread, bit(f.testThread(&threads[i], threads[i].Tid)))
	}
}

func bit(b bool) uint8 {
	if b {
		return 1
	}
	return 0
}

func (f *prefilter) testKind(k *eventKind) bool {
	for _, test := range f.kinds {
		if !test(k) {
			return false
		}
	}
	return true
}

func (f *prefilter) testThread(t *state.Thread, tid int64) bool {
	for _, test := range f.threads {
		if !test(t, tid) {
			return false
		}
	}
	return true
}

// keepsThread reports whether a row with a thread may pass.
func (f *prefilter) keepsThread(k *known, thread int32) bool {
	switch {
	case len(f.threads) == 0:
		return true
	case thread >= 0:
		return f.keepThread[thread] != 0
	case thread == noThread:
		return f.testThread(nil, noTid)
	}
	return f.testThread(nil, k.tid(thread))
}

// keeps reports whether the present event of a pass may pass, whose kind may.
func (f *prefilter) keeps(p *pass, e *scap.Event, thread int32) bool {
	return f.num.contains(int64(p.num)) && f.ts.contains(e.TS) && f.cpu.contains(int64(e.CPU)) &&
		(len(f.threads) == 0 || f.keepsThreadOf(p, thread))
}

// keepsThreadOf is keepsThread for a pass.
func (f *prefilter) keepsThreadOf(p *pass, thread int32) bool {
	switch {
	case thread >= 0:
		if int(thread) >= len(f.keepThread) {
			f.lookAt(nil, p.tracker.Threads())
		}
		return f.keepThread[thread] != 0
	case thread == noThread:
		return f.testThread(nil, noTid)
	}
	return f.testThread(nil, p.strangers[strangerLife(thread)])
}

// keepKinds returns the rows whose kind passes. The loop has no branches: every row is
// written, and the place for the next advances where it passes.
func (f *prefilter) keepKinds(b *eventBatch) []int32 {
	keep := f.keepKind
	rows := make([]int32, len(b.kind))
	n := 0
	for i, k := range b.kind {
		rows[n] = int32(i)
		n += int(keep[k])
	}
	return rows[:n]
}

// keepThreads returns which of the rows, or of all rows, have a thread that passes.
func (f *prefilter) keepThreads(b *eventBatch, rows []int32, some bool) []int32 {
	keep := f.keepThread
	n := 0
	if !some {
		rows = make([]int32, len(b.thread))
		for i, t := range b.thread {
			rows[n] = int32(i)
			if t >= 0 {
				n += int(keep[t])
			} else if f.keepsThread(b.known, t) {
				n++
			}
		}
		return rows[:n]
	}
	for _, r := range rows {
		rows[n] = r
		if t := b.thread[r]; t >= 0 {
			n += int(keep[t])
		} else if f.keepsThread(b.known, t) {
			n++
		}
	}
	return rows[:n]
}

// within returns which of the rows, or of all rows, have a value in the range.
func within[T uint16 | uint32 | int64](r interval, values []T, rows []int32, some bool) []int32 {
	n := 0
	if !some {
		rows = make([]int32, 0, len(values))
		for i, v := range values {
			if r.contains(int64(v)) {
				rows = append(rows, int32(i))
			}
		}
		return rows
	}
	for _, row := range rows {
		if r.contains(int64(values[row])) {
			rows[n] = row
			n++
		}
	}
	return rows[:n]
}
