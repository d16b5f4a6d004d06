package storage

import (
	"runtime/debug"

	"tq/storage/scap"
)

// walker reads events ahead of a pass, in a goroutine of its own: finding them takes about
// as long as following what they do. While it is at work the reader is its own.
type walker struct {
	reader *scap.Reader
	made   int
	free   chan *stretch // closed to stop it
	full   chan *stretch // closed when the reader is given back

	// What follows the events, when full is closed.
	kind scap.Kind
	err  error
}

// stretch is some events that follow each other.
type stretch struct {
	events  [stretchLen]scap.Event
	n       int
	payload []byte // as far as it was read
}

const (
	stretchLen   = 1 << 10
	maxStretches = 4 // that are under way
)

func newWalker(r *scap.Reader) *walker {
	return &walker{reader: r, free: make(chan *stretch, maxStretches)}
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
	for w.err == nil && w.kind == scap.KindEvent {
		s := w.next()
		if s == nil {
			return
		}
		w.fill(s)
		s.payload = w.reader.Payload()
		w.full <- s
	}
}

// fill puts the event into a stretch that the reader has read last, and those that come
// next.
func (w *walker) fill(s *stretch) {
	s.n = 0
	for w.err == nil && w.kind == scap.KindEvent {
		if s.n == len(s.events) {
			return
		}
		s.events[s.n] = w.reader.Event
		s.n++
		s.n += w.reader.Events(s.events[s.n:])
		w.kind, w.err = w.reader.Next()
	}
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
