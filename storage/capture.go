package storage

import (
	"context"
	"errors"
	"io"
	"sync"
	"sync/atomic"
	"time"

	"github.com/apache/arrow/go/v17/arrow"

	"tq/storage/scap"
	"tq/storage/state"
)

// Capture is a recording. It is read when its first table is scanned.
type Capture struct {
	name   string
	path   string
	source *scap.Source

	start    sync.Once
	finished chan struct{} // closed when the pass is over
	stop     atomic.Bool
	began    time.Time
	bytes    atomic.Int64
	events   atomic.Int64

	mu      sync.Mutex
	batches []*eventBatch
	more    chan struct{} // closed at the next batch, or at the end
	over    bool

	// Set when the pass is over.
	err  error
	last *known
	pass *pass
	took time.Duration

	columns
	calls   lazy[*callList]
	stays   lazy[*stayList]
	settled lazy[[]state.Life]
	uses    lazy[[]kindUse]
	facts   lazy[Facts]
	threads lazy[[]threadRecord]
	fds     lazy[[]fdUse]
}

func openCapture(name, path string) (*Capture, error) {
	source, err := scap.Open(path)
	if err != nil {
		return nil, err
	}
	return newCapture(name, path, source), nil
}

func newCapture(name, path string, source *scap.Source) *Capture {
	c := &Capture{
		name: name, path: path, source: source,
		finished: make(chan struct{}), more: make(chan struct{}),
	}
	c.columns.init()
	return c
}

// Name is what addresses the capture in queries.
func (c *Capture) Name() string { return c.name }

// Path is the file it was opened from.
func (c *Capture) Path() string { return c.path }

// Progress returns how far the capture has been read: bytes of its uncompressed
// payload, and events.
func (c *Capture) Progress() (bytes, events int64) { return c.bytes.Load(), c.events.Load() }

// begin starts the pass, if it has not begun.
func (c *Capture) begin() {
	c.start.Do(func() {
		c.began = time.Now()
		go c.run()
	})
}

// Load reads the whole capture, if that was not done yet.
func (c *Capture) Load(ctx context.Context) error {
	c.begin()
	select {
	case <-c.finished:
		return c.err
	case <-ctx.Done():
		return ctx.Err()
	}
}

// batch returns batch i as soon as it is complete, or io.EOF.
func (c *Capture) batch(ctx context.Context, i int) (*eventBatch, error) {
	c.begin()
	for {
		c.mu.Lock()
		batches, more, over := c.batches, c.more, c.over
		c.mu.Unlock()
		switch {
		case i < len(batches):
			return batches[i], nil
		case over && c.err != nil:
			return nil, c.err
		case over:
			return nil, io.EOF
		}
		select {
		case <-more:
		case <-ctx.Done():
			return nil, ctx.Err()
		}
	}
}

// publish hands over a complete batch.
func (c *Capture) publish(b *eventBatch) {
	c.mu.Lock()
	defer c.mu.Unlock()
	c.batches = append(c.batches, b)
	b.known.batches = c.batches
	close(c.more)
	c.more = make(chan struct{})
}

// end marks the pass as over.
func (c *Capture) end(p *pass, err error) {
	c.mu.Lock()
	defer c.mu.Unlock()
	c.pass, c.err, c.took = p, err, time.Since(c.began)
	c.last = p.known()
	c.last.batches = c.batches
	c.over = true
	close(c.more)
	close(c.finished)
}

// Close stops reading and gives the file back. No column may be asked for afterwards.
func (c *Capture) Close() error {
	c.stop.Store(true)
	c.start.Do(func() { close(c.finished) })
	<-c.finished
	return c.source.Close()
}

// errClosed is what scans of a closed capture end with.
var errClosed = errors.New("the capture is closed")

// errTooManyEvents is what reading ends with beyond what row numbers can count.
var errTooManyEvents = errors.New("the capture has more than 4,294,967,295 events")

func (c *Capture) nameColumn(n int) arrow.Array { return constant(c.name, n) }

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
