package storage

import (
	"math"
	"time"

	"tq/storage/state"
)

// lives returns the lives of all threads, by their ids.
func (c *Capture) lives() []state.Life {
	return c.settled.get(c.pass.tracker.Lives)
}

// TimeRange returns the times of the first and of the last event that carries its time;
// false when there is none. The capture must be loaded.
func (c *Capture) TimeRange() (first, last int64, ok bool) {
	if c.pass == nil || c.pass.firstTS == math.MaxInt64 {
		return 0, 0, false
	}
	return c.pass.firstTS, c.pass.lastTS, true
}

// LoadTime is how long reading the capture took. It must be loaded.
func (c *Capture) LoadTime() time.Duration { return c.took }
