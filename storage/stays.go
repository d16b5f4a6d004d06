package storage

import (
	"cmp"
	"context"
	"io"
	"math"
	"slices"
	"time"

	"tq/storage/scap"
	"tq/storage/state"
)

// stay is the time that a thread has a CPU: from the switch that goes over to it to the
// switch at which it leaves.
type stay struct {
	start, end rowRef // the switches; noRow when the capture lacks one
	before     rowRef // where start is missing, the CPU's last switch before the end
	tid        int64
	next       int64 // the thread that the CPU goes over to at the end
	thread     int32 // as rows of events have it
	nextThread int32
}

// stayList is the stays of a capture in the order of their times.
type stayList struct {
	rows []stay
	cpus []cpuChain // by number
}

// stayList returns the stays of the capture, which must be loaded.
func (r *reading) stayList() *stayList {
	return r.stays.get(func() *stayList { return followSwitches(r.last) })
}

// followSwitches chains the switches of each CPU. The thread that a switch goes over to
// has the CPU until the next switch there, at which it must be the one that leaves.
// Otherwise a switch is missing in between: the one thread's end is unknown, and of the
// other's start only that it is no earlier than the switch before.
func followSwitches(k *known) *stayList {
	f := &switchFollower{
		known: k, list: &stayList{rows: make([]stay, 0, k.countSwitches())},
		strangers: k.strangersByTid(), exited: make(map[int64]exit), idle: noThread,
	}
	if life, ok := f.strangers[0]; ok {
		f.idle = stranger(life)
	}
	section := 0
	for bi, b := range k.batches {
		if b.section != section {
			section = b.section
			f.restart()
		}
		for i, kind := range b.kind {
			switch info := &k.kinds[kind]; {
			case info.isSwitch():
				f.follow(b, i, refOf(bi, i))
			case info.isExit() && b.thread[i] >= 0:
				t := b.thread[i]
				f.exited[k.Threads[t].Tid] = exit{t, b.ts[i]}
			}
		}
	}
	f.list.settle(k)
	f.list.sort(k)
	return f.list
}

// switchFollower is the state of [followSwitches].
type switchFollower struct {
	*known
	list      *stayList
	strangers map[int64]state.LifeID // by tid
	exited    map[int64]exit         // the last exit of a thread with each tid
	idle      int32                  // the idle thread
}

// exit is the exit of a thread.
type exit struct {
	thread int32
	ts     int64
}

// afterlife is how long a thread may still be seen on CPUs after its exit event.
const afterlife = int64(time.Second)

// restart begins another recording: nobody knows who had the CPUs meanwhile.
func (f *switchFollower) restart() {
	for i := range f.list.cpus {
		f.list.cpus[i].begun = false
	}
	clear(f.exited)
}

// follow takes over a switch.
func (f *switchFollower) follow(b *eventBatch, row int, ref rowRef) {
	var e scap.Event
	if !b.read(row, f.payload, &e) {
		return
	}
	next, ok := e.Int(0)
	if !ok {
		return
	}
	l := f.list
	for int(e.CPU) >= len(l.cpus) {
		l.cpus = append(l.cpus, cpuChain{})
	}
	chain := &l.cpus[e.CPU]
	begun, at := chain.begun, chain.open
	chain.begun = true
	chain.switches++
	if !begun || l.rows[at].tid != e.TID {
		leaver := stay{start: noRow, before: noRow, tid: e.TID}
		if begun {
			chain.broke(l.rows[at].tid, e.TID)
			leaver.before = l.rows[at].start
		}
		at = len(l.rows)
		l.rows = append(l.rows, leaver)
	}
	s := &l.rows[at]
	s.end, s.next, s.nextThread = ref, next, f.who(next, b.num[row], e.TS)
	s.thread = b.thread[row]
	if s.thread < 0 {
		s.thread = f.who(e.TID, b.num[row], e.TS)
	}
	chain.open = len(l.rows)
	chain.comes(next)
	l.rows = append(l.rows, stay{
		start: ref, end: noRow, before: noRow, tid: next, thread: s.nextThread, nextThread: noThread,
	})
}

// who returns the thread that had a tid at an event, in the form that rows have it. A
// thread that has just exited still has its last CPU.
func (f *switchFollower) who(tid int64, num uint32, ts int64) int32 {
	if tid == 0 {
		return f.idle
	}
	if id := f.ThreadAt(tid, num); id != state.NoThread {
		return int32(id)
	}
	if x, ok := f.exited[tid]; ok && ts-x.ts < afterlife {
		return x.thread
	}
	if life, ok := f.strangers[tid]; ok {
		return stranger(life)
	}
	return noThread
}

// countSwitches returns about how many stays there are.
func (k *known) countSwitches() int {
	n := 0
	for _, b := range k.batches {
		for _, kind := range b.kind {
			if k.kinds[kind].isSwitch() {
				n++
			}
		}
	}
	return n + n/64
}

// strangersByTid returns the last life of each tid of which only switches were seen.
func (k *known) strangersByTid() map[int64]state.LifeID {
	lives := make(map[int64]state.LifeID)
	for life, tid := range k.strangers {
		if tid != noStranger {
			lives[tid] = state.LifeID(life)
		}
	}
	return lives
}

// settle takes the ends of stays apart that may not be one: on CPUs whose chain is broken,
// where events were lost meanwhile, and where their thread was seen elsewhere.
func (l *stayList) settle(k *known) {
	var apart []stay
	elsewhere := l.elsewhere(k)
	for i := range l.rows {
		s := &l.rows[i]
		if !l.cpus[k.cpuOf(s)].broken() && !elsewhere[i] && !k.lostDuring(s) {
			continue
		}
		s.before = noRow
		if s.start == noRow || s.end == noRow {
			continue
		}
		leaver := *s
		leaver.start = noRow
		apart = append(apart, leaver)
		s.end, s.next, s.nextThread = noRow, noStranger, noThread
	}
	l.rows = append(l.rows, apart...)
}

// lostDuring reports whether the recorder lost events between the ends of a stay.
func (k *known) lostDuring(s *stay) bool {
	return s.start != noRow && s.end != noRow && k.lostBetween(s.start, s.end)
}

// elsewhere marks the stays during which their thread comes or goes elsewhere, which can
// only be when switches are missing.
func (l *stayList) elsewhere(k *known) []bool {
	marks := make([]bool, len(l.rows))
	for _, list := range staysByLife(k, l) {
		last, until := int32(noStay), int64(math.MinInt64)
		for _, i := range list {
			s := &l.rows[i]
			if last != noStay && k.timeOf(s.seen()) < until {
				marks[last] = true
			}
			if s.start == noRow || s.end == noRow {
				continue
			}
			if end := k.timeOf(s.end); end >= until {
				last, until = i, end
			}
		}
	}
	return marks
}

// seen is the first switch that the capture has of a stay.
func (s *stay) seen() rowRef {
	if s.start == noRow {
		return s.end
	}
	return s.start
}

// sort orders stays by their start, or by their end where they have none. They come
// nearly so: in the order of the file.
func (l *stayList) sort(k *known) {
	key := func(s *stay) (ts int64, at rowRef, begins int) {
		if ts, ok := k.began(s); ok {
			return ts, max(s.start, s.before), 1
		}
		return k.timeOf(s.end), s.end, 0
	}
	slices.SortStableFunc(l.rows, func(a, b stay) int {
		t, at, begins := key(&a)
		t2, at2, begins2 := key(&b)
		return cmp.Or(cmp.Compare(t, t2), cmp.Compare(at, at2), cmp.Compare(begins, begins2))
	})
}

// began returns when a stay began, or the earliest that it can have.
func (k *known) began(s *stay) (int64, bool) {
	if s.start != noRow {
		return k.timeOf(s.start), true
	}
	return k.timeAt(s.before)
}

// timeOf returns the time of a row.
func (k *known) timeOf(r rowRef) int64 { return k.batches[r.batch()].ts[r.row()] }

// stayRows is a run of stays.
type stayRows struct {
	reading *reading
	*known
	rows []stay
}

func (r stayRows) len() int { return len(r.rows) }

func (r stayRows) pick(rows []int32) stayRows {
	r.rows = gather(r.rows, rows)
	return r
}

// openStays reads the stays of a capture.
func openStays(r *reading, _ []Pred) runs[stayRows] {
	next := 0
	return func(ctx context.Context) (stayRows, error) {
		if err := r.wait(ctx); err != nil {
			return stayRows{}, err
		}
		rows := r.stayList().rows
		if next >= len(rows) {
			return stayRows{}, io.EOF
		}
		to := min(next+batchRows, len(rows))
		stays := stayRows{r, r.last, rows[next:to]}
		next = to
		return stays, ctx.Err()
	}
}
