package storage

import (
	"context"
	"io"
	"sync"
	"sync/atomic"
	"time"

	"tq/storage/scratch"
)

// reading is one pass over a capture and what comes of it. It begins when the first of its
// scans asks for a batch; scans follow it at a distance of one batch.
type reading struct {
	*Capture
	keeps   need
	scans   []*expectedScan // that it is for; nil where it keeps everything
	claimed bool            // by its only scan
	zoned   bool            // batches have zones

	start    sync.Once
	finished chan struct{} // closed when the pass is over
	stopped  atomic.Bool
	began    time.Time
	bytes    atomic.Int64
	events   atomic.Int64
	scratch  *scratch.File // where rows have settled; the pass's until it is over

	mu      sync.Mutex
	batches []*eventBatch // nil for those that were let go
	taken   int           // how many of them were
	room    sync.Cond     // signalled when a batch is let go
	more    chan struct{} // closed at the next batch, or at the end
	over    bool

	// Set when the pass is over.
	err   error
	last  *known
	found *findings // nil where it could not begin
	took  time.Duration

	columns
	calls   lazy[*callList]
	stays   lazy[*stayList]
	waits   lazy[[]wait]
	uses    lazy[[]kindUse]
	facts   lazy[Facts]
	threads lazy[[]threadRecord]
	fds     lazy[[]fdUse]
}

func newReading(c *Capture, keeps need, scans []*expectedScan) *reading {
	r := &reading{
		Capture: c, keeps: keeps, scans: scans, zoned: keeps.kept,
		finished: make(chan struct{}), more: make(chan struct{}),
	}
	r.room.L = &r.mu
	r.columns.init()
	return r
}

// begin starts the pass, if it has not begun.
func (r *reading) begin() {
	r.start.Do(func() {
		r.began = time.Now()
		go r.run()
	})
}

// wait reads the capture to its end, if that was not done yet.
func (r *reading) wait(ctx context.Context) error {
	r.begin()
	select {
	case <-r.finished:
		return r.err
	case <-ctx.Done():
		return ctx.Err()
	}
}

// complete reports whether the capture was read to its end.
func (r *reading) complete() bool {
	select {
	case <-r.finished:
		return r.found != nil && r.err == nil
	default:
		return false
	}
}

// batch returns batch i as soon as it is complete, or io.EOF. Where batches are not kept,
// each can be had once, in their order.
func (r *reading) batch(ctx context.Context, i int) (*eventBatch, error) {
	r.begin()
	for {
		b, more, err := r.take(i)
		if b != nil || err != nil {
			return b, err
		}
		select {
		case <-more:
		case <-ctx.Done():
			return nil, ctx.Err()
		}
	}
}

// take returns batch i if it is complete, or else what to wait for.
func (r *reading) take(i int) (b *eventBatch, more chan struct{}, err error) {
	r.mu.Lock()
	defer r.mu.Unlock()
	switch {
	case i < len(r.batches):
		b = r.batches[i]
		if !r.keeps.kept {
			r.batches[i] = nil
			r.taken = i + 1
			r.room.Signal()
		}
		return b, nil, nil
	case r.over && r.err != nil:
		return nil, nil, r.err
	case r.over:
		return nil, nil, io.EOF
	}
	return nil, r.more, nil
}

// runAhead is how many batches a pass may be ahead of the scan that lets them go.
const runAhead = 4

// publish hands over a complete batch.
func (r *reading) publish(b *eventBatch) {
	r.mu.Lock()
	defer r.mu.Unlock()
	for !r.keeps.kept && len(r.batches)-r.taken >= runAhead && !r.stopped.Load() {
		r.room.Wait()
	}
	r.batches = append(r.batches, b)
	if r.keeps.kept {
		b.known.batches = r.batches
	}
	close(r.more)
	r.more = make(chan struct{})
}

// end marks the pass as over; p is nil if it has not begun.
func (r *reading) end(p *pass, err error) {
	r.mu.Lock()
	defer r.mu.Unlock()
	r.err = err
	if p != nil {
		r.found, r.took = p.findings(), time.Since(r.began)
		r.last = p.known()
		r.last.batches = r.batches
	}
	r.over = true
	close(r.more)
	close(r.finished)
}

// stop ends the pass early.
func (r *reading) stop() {
	r.stopped.Store(true)
	r.mu.Lock()
	defer r.mu.Unlock()
	r.room.Broadcast()
}

// close stops the pass, waits until nothing uses the file any more, and lets go of what has
// settled.
func (r *reading) close() {
	r.stop()
	r.start.Do(func() { r.end(nil, errClosed) })
	<-r.finished
	if r.scratch != nil {
		r.scratch.Close()
		r.scratch = nil
	}
}

// lazy is a value that is computed once, when it is first needed. Where that fails with
// a panic, the next one who needs it tries again.
type lazy[T any] struct {
	mu    sync.Mutex
	done  bool
	value T
}

func (l *lazy[T]) get(compute func() T) T {
	l.mu.Lock()
	defer l.mu.Unlock()
	if !l.done {
		l.value = compute()
		l.done = true
	}
	return l.value
}
