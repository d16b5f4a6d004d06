package storage

import (
	"context"
	"errors"
	"slices"
	"sync"

	"github.com/apache/arrow/go/v17/arrow"

	"tq/storage/cache"
	"tq/storage/scap"
	"tq/storage/transcript"
)

// Capture is a recording. It is read when its first table is scanned, and again only when
// a scan needs more than that reading has kept.
type Capture struct {
	name   string
	path   string
	source *scap.Source

	// From here on it numbers its threads and processes, so that no two captures of a
	// catalog have the same numbers.
	firstID int64

	isTranscript bool // the source holds text until it is converted
	transcript   lazy[*transcript.Transcript]

	cached cached

	mu       sync.Mutex
	readings []*reading
	expected []*expectedScan // nil: anything
	closed   bool
}

func openCapture(name, path string, dir *cache.Dir) (*Capture, error) {
	c, in := openCached(name, path, dir)
	if c != nil {
		c.cached = in
		return c, nil
	}
	source, isTranscript, err := openSource(path)
	if err != nil {
		return nil, err
	}
	c = newCapture(name, path, source)
	c.isTranscript, c.cached = isTranscript, in
	return c, nil
}

func newCapture(name, path string, source *scap.Source) *Capture {
	return &Capture{name: name, path: path, source: source}
}

// Name is what addresses the capture in queries.
func (c *Capture) Name() string { return c.name }

// Path is the file it was opened from.
func (c *Capture) Path() string { return c.path }

// Progress returns how far the capture has been read: bytes of its uncompressed
// payload, and events.
func (c *Capture) Progress() (bytes, events int64) {
	if r := c.latest(); r != nil {
		bytes, events = r.bytes.Load(), r.events.Load()
	}
	return bytes, events
}

// Size is the length of the capture's uncompressed payload, or 0 where only its end will
// tell.
func (c *Capture) Size() int64 { return c.source.Size() }

// Load reads the whole capture, if that was not done yet.
func (c *Capture) Load(ctx context.Context) error { return c.whole().wait(ctx) }

// Loaded reports whether the capture has been read to its end.
func (c *Capture) Loaded() bool { return c.ended() != nil }

// Close stops reading and gives the file back. No column may be asked for afterwards.
func (c *Capture) Close() error {
	c.mu.Lock()
	c.closed = true
	readings := c.readings
	c.mu.Unlock()
	for _, r := range readings {
		r.close()
	}
	err := c.source.Close()
	if c.cached.entry != nil {
		err = errors.Join(err, c.cached.entry.Close())
	}
	return err
}

// errClosed is what scans of a closed capture end with.
var errClosed = errors.New("the capture is closed")

// errTooManyEvents is what reading ends with beyond what row numbers can count.
var errTooManyEvents = errors.New("the capture has more than 4,294,967,295 events")

func (c *Capture) nameColumn(n int) arrow.Array { return constant(c.name, n) }

// latest returns the last reading that there was need for, or nil.
func (c *Capture) latest() *reading {
	c.mu.Lock()
	defer c.mu.Unlock()
	if len(c.readings) == 0 {
		return nil
	}
	return c.readings[len(c.readings)-1]
}

// ended returns a reading that went to the end of the file, or nil.
func (c *Capture) ended() *reading {
	c.mu.Lock()
	defer c.mu.Unlock()
	for _, r := range slices.Backward(c.readings) {
		if r.complete() {
			return r
		}
	}
	return nil
}

// expect tells which scans there will be.
func (c *Capture) expect(scans []*expectedScan) {
	c.mu.Lock()
	defer c.mu.Unlock()
	c.expected = scans
}

// whole returns the reading that keeps everything.
func (c *Capture) whole() *reading {
	c.mu.Lock()
	defer c.mu.Unlock()
	return c.find(func(r *reading) bool { return r.scans == nil }, needAll, nil)
}

// survey returns a reading for what every reading finds out.
func (c *Capture) survey() *reading { return c.read(nil, nil, need{}) }

// read returns a reading for a scan of a table: one that has what it needs, or a new one.
func (c *Capture) read(d declaration, preds []Pred, n need) *reading {
	c.mu.Lock()
	defer c.mu.Unlock()
	keeps, scans := needAll, []*expectedScan(nil)
	switch {
	case c.expected == nil:
	case slices.ContainsFunc(c.expected, func(s *expectedScan) bool { return s.is(d, preds) }):
		keeps, scans = union(c.expected), c.expected
	case len(n.rows) == 0:
		keeps, scans = n, []*expectedScan{}
	}
	return c.find(func(r *reading) bool { return r.serves(d, preds, n) }, keeps, scans)
}

// find returns a reading that will do, or a new one.
func (c *Capture) find(do func(*reading) bool, keeps need, scans []*expectedScan) *reading {
	for _, r := range slices.Backward(c.readings) {
		if do(r) {
			return r
		}
	}
	r := newReading(c, keeps, scans)
	if c.closed {
		r.close()
	}
	c.readings = append(c.readings, r)
	do(r)
	return r
}
