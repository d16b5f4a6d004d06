package storage

import (
	"time"

	"tq/storage/state"
)

// reason is why a thread was off the CPUs.
type reason uint8

const (
	unknownReason reason = iota
	blocked
	preempted
	exited
)

var reasonNames = [...]string{unknownReason: "unknown", blocked: "blocked", preempted: "preempted", exited: "exited"}

// confidence is how well a reason is founded.
type confidence uint8

const (
	low confidence = iota
	medium
	high
)

var confidenceNames = [...]string{low: "low", medium: "medium", high: "high"}

// reasonFinder infers why threads left CPUs. A switch carries neither the state of the
// thread that leaves nor what wakes it up. What is told is
//
//   - who comes next: where that is the idle thread, nobody has taken the CPU. The thread
//     could not go on.
//   - whether a call was open, where the capture has the events that start calls: a thread
//     that leaves within a call mostly waits in it, one that leaves outside was put off by
//     the one that comes.
//   - in captures without these events, the call that ends next. It is likely to have been
//     open if it is one that waits and the thread went straight to its end once it was back;
//     else the thread had not come to it yet.
//
// What is told of no call at all, of kernel threads for instance, has no reason but the
// first.
type reasonFinder struct {
	*known
	stays    []stay
	calls    *callList
	byLife   [][]int32    // calls of each thread, in order
	next     []int        // in byLife: the first call that begins after the wait at hand
	lives    []state.Life // for exits
	hasEnter bool         // calls have both events
}

func newReasonFinder(r *reading) *reasonFinder {
	f := &reasonFinder{
		known: r.last, stays: r.stayList().rows, calls: r.callList(), lives: r.lives(), hasEnter: r.hasEnter(),
	}
	lives := make([]state.LifeID, len(f.calls.starts))
	for i := range lives {
		ref := f.firstOf(int32(i))
		lives[i] = f.lifeOf(f.batches[ref.batch()].thread[ref.row()])
	}
	f.byLife = groupByLife(lives)
	for _, list := range f.byLife {
		f.sortByTime(list, f.firstOf)
	}
	return f
}

// firstOf is the first event of a call that the capture has.
func (f *reasonFinder) firstOf(call int32) rowRef {
	if start := f.calls.starts[call]; start != noRow {
		return start
	}
	return f.calls.ends[call]
}

// explain finds the reasons of waits, which are in order.
func (f *reasonFinder) explain(waits []wait) {
	f.next = make([]int, len(f.byLife))
	opens := make([]maybeCall, len(waits))
	for i := range waits {
		s := &f.stays[waits[i].left]
		opens[i] = f.openCall(f.lifeOf(s.thread), s.end)
	}
	after := make([]returning, len(f.byLife))
	for i := len(waits) - 1; i >= 0; i-- {
		f.explainOne(&waits[i], opens[i], after)
	}
	f.distrust(waits)
}

// returning is how a thread gets from a wait to the end of a call, seen from a wait before.
type returning struct {
	call    int32 // plus one
	left    int64 // when the wait begins
	running int64 // how long the thread is on CPUs from then on; negative where that is not known
}

func (f *reasonFinder) explainOne(w *wait, open maybeCall, after []returning) {
	s := &f.stays[w.left]
	life := f.lifeOf(s.thread)
	toIdle := s.next == 0
	switch {
	case f.hasExited(life, s.end):
		if w.back == noStay {
			w.reason, w.confidence = exited, high
		}
	case open.state == isOpen:
		w.reason, w.call, w.confidence = blocked, open.call, medium
		if toIdle || patienceOf(f.kindOfCall(open.call)) == often {
			w.confidence = high
		}
	case open.state == mayBeOpen:
		f.guess(w, open.call, toIdle, f.running(w, open.call, &after[life]))
	case toIdle:
		w.reason, w.confidence = blocked, medium
	case open.state == noneOpen:
		w.reason, w.confidence = preempted, high
	}
}

// running returns how long a thread is on CPUs from the end of a wait to that of a call;
// negative where that is not known. after is what was found so of the thread's next wait.
func (f *reasonFinder) running(w *wait, call int32, after *returning) int64 {
	until, more := f.timeOf(f.calls.ends[call]), int64(0)
	if after.call == call+1 {
		until, more = after.left, after.running
	}
	running := int64(-1)
	if w.back != noStay && more >= 0 {
		running = until - f.timeOf(f.stays[w.back].start) + more
	}
	*after = returning{call + 1, f.timeOf(f.stays[w.left].end), running}
	return running
}

// guess decides on a wait before the end of a call whose start is not recorded. A thread
// that is back goes straight to the end of a call that was open.
func (f *reasonFinder) guess(w *wait, call int32, toIdle bool, running int64) {
	straight := running >= 0 && running <= int64(returnTime)
	patience := patienceOf(f.kindOfCall(call))
	switch {
	case straight && (patience == often || patience == sometimes && toIdle):
		w.reason, w.call, w.confidence = blocked, call, medium
	case toIdle:
		w.reason, w.confidence = blocked, medium
	case patience == seldom:
		w.reason, w.confidence = preempted, medium
	case !straight && running >= 0:
		w.reason, w.confidence = preempted, low
	}
}

// returnTime is the longest that a thread whose call is over is on a CPU until the event
// that says so.
const returnTime = 200 * time.Microsecond

// openness says what is known of a call being open at a moment.
type openness uint8

const (
	notTold openness = iota
	noneOpen
	isOpen
	mayBeOpen // its start is not recorded
)

// maybeCall is the call that a thread has open, or may have.
type maybeCall struct {
	call  int32
	state openness
}

// callsOf returns the calls of a thread, in order.
func (f *reasonFinder) callsOf(life state.LifeID) []int32 {
	if life == state.NoLife || int(life) >= len(f.byLife) {
		return nil
	}
	return f.byLife[life]
}

// openCall finds the call that a thread had open at an event, which must not come before
// those that it was asked for earlier.
func (f *reasonFinder) openCall(life state.LifeID, at rowRef) maybeCall {
	list := f.callsOf(life)
	if len(list) == 0 {
		return maybeCall{noCall, notTold}
	}
	n := f.next[life]
	for n < len(list) && f.compareRows(f.firstOf(list[n]), at) <= 0 {
		n++
	}
	f.next[life] = n
	if n > 0 {
		if before := f.openBefore(list[n-1], n == len(list), at); before.state != noneOpen {
			return before
		}
	}
	switch {
	case n < len(list):
		return f.openAfter(list[n], n == 0, at)
	case f.hasEnter:
		return maybeCall{noCall, noneOpen}
	}
	return maybeCall{noCall, notTold}
}

// openBefore tells whether the last call that began, or whose end was seen, before an event
// was still open then.
func (f *reasonFinder) openBefore(call int32, last bool, at rowRef) maybeCall {
	start, end := f.calls.starts[call], f.calls.ends[call]
	switch {
	case f.lostBetween(f.firstOf(call), at) && (end == noRow || f.compareRows(end, at) > 0):
		return maybeCall{noCall, notTold}
	case end == noRow && f.neverEnds(call):
		end = start
	case end == noRow && !last:
		return maybeCall{noCall, notTold} // it ended before the next one began
	case end == noRow, f.compareRows(end, at) > 0:
		return maybeCall{call, isOpen}
	}
	if f.lostBetween(end, at) {
		return maybeCall{noCall, notTold}
	}
	return maybeCall{noCall, noneOpen}
}

// openAfter tells whether the first call that begins, or whose end is seen, after an event
// was open then. It may be the first of all that is seen of its thread.
func (f *reasonFinder) openAfter(call int32, first bool, at rowRef) maybeCall {
	switch {
	case f.calls.starts[call] != noRow:
		return maybeCall{noCall, noneOpen}
	case f.lostBetween(at, f.calls.ends[call]):
		return maybeCall{noCall, notTold}
	case first && f.isFork(call):
		return maybeCall{noCall, notTold} // a new thread begins with its end
	case !f.hasEnter:
		return maybeCall{call, mayBeOpen}
	case first:
		return maybeCall{call, isOpen} // since before the capture began
	}
	return maybeCall{noCall, notTold}
}

// kindOfCall is the kind of a call's last event.
func (f *reasonFinder) kindOfCall(call int32) *eventKind {
	ref := f.calls.ends[call]
	if ref == noRow {
		ref = f.calls.starts[call]
	}
	return &f.kinds[f.batches[ref.batch()].kind[ref.row()]]
}

// neverEnds reports whether calls of this kind return elsewhere than they were made.
func (f *reasonFinder) neverEnds(call int32) bool {
	switch f.kindOfCall(call).name {
	case "rt_sigreturn", "sigreturn":
		return true
	}
	return false
}

// isFork reports whether the end of a call may be the first event of a new thread.
func (f *reasonFinder) isFork(call int32) bool {
	switch f.kindOfCall(call).name {
	case "clone", "clone3", "fork", "vfork":
		return true
	}
	return false
}

// hasExited reports whether a thread had ended before an event.
func (f *reasonFinder) hasExited(life state.LifeID, at rowRef) bool {
	if life == state.NoLife || int(life) >= len(f.lives) {
		return false
	}
	exit := f.lives[life].Exit
	return exit != 0 && exit < f.numOf(at)
}

// fewFaults is how often threads may wait outside of calls, as they do for pages that are
// not in memory, before it looks as if calls were missing.
const fewFaults = 8

// distrust takes back that threads were preempted where the capture does not hold the calls
// in which they wait, as when it was filtered: then CPUs go idle while no call is open.
func (f *reasonFinder) distrust(waits []wait) {
	inCall, outside := 0, 0
	for i := range waits {
		w := &waits[i]
		s := &f.stays[w.left]
		switch {
		case s.next != 0 || w.reason != blocked || len(f.callsOf(f.lifeOf(s.thread))) == 0:
		case w.call != noCall:
			inCall++
		default:
			outside++
		}
	}
	if outside <= inCall+fewFaults {
		return
	}
	for i := range waits {
		if waits[i].reason == preempted {
			waits[i].reason = unknownReason
		}
	}
}
