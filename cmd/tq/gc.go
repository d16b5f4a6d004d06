package main

import (
	"runtime"
	"runtime/debug"
	"runtime/metrics"
	"sync/atomic"
)

// While scripts are read and run, the heap may grow by heapRoom before garbage is collected, or
// by maxGCPercent of what is in use if that is less: what they leave behind is little and
// short-lived, so collecting it often is wasted, but memory is not to grow with the square
// of what is kept.
const (
	heapRoom     = 48 << 20
	minGCPercent = 25
	maxGCPercent = 400
)

// shellGCPercent is by how much the heap may grow in the shell: it is there for hours, beside
// what else the machine is for.
const shellGCPercent = 50

// paceGC sets how often garbage is collected, anew after each time, until stop is called.
func paceGC() (stop func()) {
	old := debug.SetGCPercent(maxGCPercent)
	var stopped atomic.Bool
	var watch func()
	watch = func() {
		// The object is garbage at once: its cleanup runs after the next collection.
		runtime.AddCleanup(new([16]byte), func(struct{}) {
			if !stopped.Load() {
				debug.SetGCPercent(gcPercent(liveBytes()))
				watch()
			}
		}, struct{}{})
	}
	watch()
	return func() {
		stopped.Store(true)
		debug.SetGCPercent(old)
	}
}

// gcPercent is by how much the heap may grow when so many bytes are in use.
func gcPercent(live uint64) int {
	return int(min(max(heapRoom*100/max(live, 1), minGCPercent), maxGCPercent))
}

// liveBytes is how much of the heap was in use when garbage was collected last.
func liveBytes() uint64 {
	sample := []metrics.Sample{{Name: "/gc/heap/live:bytes"}}
	metrics.Read(sample)
	return sample[0].Value.Uint64()
}
