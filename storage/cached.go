package storage

import (
	"context"
	"errors"
	"slices"

	"tq/storage/cache"
	"tq/storage/scap"
)

// cached is a capture's part of a cache.
type cached struct {
	dir   *cache.Dir   // nil where there is none
	key   cache.Key    // "" for what is no file
	entry *cache.Entry // that the capture was restored from, or nil
}

// How many bytes of payload a capture has at least that is saved. Reading a smaller one
// again takes hardly longer than finding what was saved.
const (
	minSaved           = 32 << 20
	minSavedCompressed = 8 << 20
)

// UseCache makes captures that are added later ones of a cache: what was saved of them is
// not read again.
func (c *Catalog) UseCache(dir *cache.Dir) {
	c.mu.Lock()
	defer c.mu.Unlock()
	c.cache = dir
}

// Unsaved returns the captures that are worth saving: those that have been read to their
// end, and are large.
func (c *Catalog) Unsaved() []*Capture {
	return slices.DeleteFunc(c.Captures(), func(cp *Capture) bool { return !cp.worthSaving() })
}

// openCached opens a capture as it was saved; nil where it was not, or not as it is now.
func openCached(name, path string, dir *cache.Dir) (c *Capture, in cached) {
	in.dir = dir
	if dir == nil || path == "-" {
		return nil, in
	}
	key, err := cache.KeyOf(path)
	if err != nil {
		return nil, in // opening it will tell why
	}
	in.key = key
	entry, err := dir.Open(key)
	if err != nil {
		return nil, in
	}
	if c, err = restoreCapture(name, path, entry); err != nil {
		entry.Close()
		return nil, in
	}
	in.entry = entry
	return c, in
}

// restoreCapture makes a capture that has been read from what was saved of it.
func restoreCapture(name, path string, entry *cache.Entry) (*Capture, error) {
	var source *scap.Source
	if payload := entry.Section(payloadSection); payload != nil {
		source = scap.InflatedSource(path, payload)
	} else {
		var err error
		if source, err = scap.Open(path); err != nil {
			return nil, err
		}
	}
	c := newCapture(name, path, source)
	r, err := c.restored(entry, source.Bytes())
	if err != nil {
		source.Close()
		return nil, err
	}
	c.readings = append(c.readings, r)
	return c, nil
}

func (c *Capture) worthSaving() bool {
	c.mu.Lock()
	restored := c.cached.entry != nil
	c.mu.Unlock()
	if restored || c.cached.key == "" || c.isTranscript {
		return false
	}
	r := c.ended()
	if r == nil {
		return false
	}
	least := minSaved
	if c.source.Compressed() {
		least = minSavedCompressed
	}
	// What breaks off while it is inflated may be whole the next time.
	return len(r.last.payload) >= least && (!c.source.Compressed() || r.found.truncatedAt < 0)
}

// Save writes what was found out about the capture to its cache. Where that has not been
// kept, it is read again, but no more than a few rows are kept.
func (c *Capture) Save(ctx context.Context) error {
	r := c.ended()
	w, err := c.cached.dir.Create(c.cached.key, c.path, savedSize(r))
	if err != nil {
		return err
	}
	if r.scans != nil {
		keeps := needAll
		keeps.kept = false
		r = newReading(c, keeps, nil)
		r.zoned = true
		defer r.close()
	}
	err = r.save(ctx, w)
	if err == nil {
		// What another program has written to the file meanwhile is not in it.
		var key cache.Key
		if key, err = cache.KeyOf(c.path); err == nil && key == c.cached.key {
			return w.Commit()
		}
	}
	w.Abort()
	return err
}

// Offload saves the capture and lets go of what was kept of it in memory: scans that begin
// later read what was saved.
func (c *Capture) Offload(ctx context.Context) error {
	if err := c.Save(ctx); err != nil {
		return err
	}
	entry, err := c.cached.dir.Open(c.cached.key)
	if err != nil {
		return err
	}
	r, err := c.restored(entry, c.source.Bytes())
	c.mu.Lock()
	defer c.mu.Unlock()
	if err == nil && c.closed {
		err = errClosed
	}
	if err != nil {
		return errors.Join(err, entry.Close())
	}
	c.cached.entry = entry
	c.readings = append(slices.DeleteFunc(c.readings, func(old *reading) bool { return old.scans == nil }), r)
	return nil
}

// savedSize is about how many bytes it takes to save what a reading finds.
func savedSize(r *reading) uint64 {
	const rowBytes = 40
	size := rowBytes * uint64(r.found.events)
	if r.source.Compressed() {
		size += uint64(len(r.last.payload))
	}
	return size
}
