package storage

import (
	"runtime/debug"

	"tq/storage/scap"
	"tq/storage/state"
)

// walker reads events ahead of a pass, in a goroutine of its own, and leaves out those that
// the pass need not look at: finding events takes about as long as following what they do.
// While it is at work the reader and the sieve are its own.
type walker struct {
	reader *scap.Reader
	sieve  *sieve
	made   int
	free   chan *stretch // closed to stop it
	full   chan *stretch // closed when the reader is given back

	// What follows the events, when full is closed.
	kind scap.Kind
	err  error
}

// stretch is a stretch of a capture: its events that a pass must look at.
type stretch struct {
	events  [stretchLen]scap.Event
	ordinal [stretchLen]uint32 // counted from 1 over all events of the capture
	kind    [stretchLen]uint16
	bare    [stretchLen]bool         // need not be followed
	missed  [stretchLen]state.Missed // by its thread before
	n       int

	// At its end.
	count   uint32      // of all events so far
	kinds   []eventKind // that they have
	offset  int64
	payload []byte // as far as it was read
}

const (
	stretchLen   = 1 << 10
	maxStretch   = 1 << 16 // events, with those that are left out
	maxStretches = 4       // that are under way
)

func newWalker(r *scap.Reader, s *sieve) *walker {
	return &walker{reader: r, sieve: s, free: make(chan *stretch, maxStretches)}
}

// start begins with the event that the reader has read, and goes on until there is
// something else.
func (w *walker) start() {
	w.full = make(chan *stretch, maxStretches)
	go w.run()
}

// stop ends reading early, if it is not over.
func (w *walker) stop() {
	close(w.free)
	if w.full != nil {
		for range w.full {
		}
	}
}

func (w *walker) run() {
	defer close(w.full)
	defer guard(debug.SetPanicOnFault(true), &w.err)
	w.kind, w.err = scap.KindEvent, nil
	w.sieve.threads.since++ // the block before may have ended threads
	for w.err == nil && w.kind == scap.KindEvent {
		s := w.next()
		if s == nil {
			return
		}
		w.fill(s)
		w.full <- s
	}
}

// fill puts the event into a stretch that the reader has read last, and those that come
// next.
func (w *walker) fill(s *stretch) {
	s.n = 0
	v, end := w.sieve, w.sieve.count+maxStretch
	for w.err == nil && w.kind == scap.KindEvent && s.n < stretchLen && v.count < end {
		s.events[s.n] = w.reader.Event
		v.sift(s)
		for s.n < stretchLen && v.count < end && w.reader.Usual(&s.events[s.n]) {
			v.sift(s)
		}
		w.kind, w.err = w.reader.Next()
	}
	s.count, s.kinds = v.count, v.kinds.kinds
	s.offset, s.payload = w.reader.Event.Offset, w.reader.Payload()
}

// next returns a stretch to be filled; nil when no more are wanted.
func (w *walker) next() *stretch {
	select {
	case s := <-w.free:
		return s
	default:
	}
	if w.made < maxStretches {
		w.made++
		return new(stretch)
	}
	return <-w.free
}
