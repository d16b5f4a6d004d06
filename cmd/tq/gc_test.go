package main

import (
	"runtime"
	"runtime/debug"
	"testing"
	"time"
)

func TestGCPercent(t *testing.T) {
	for _, c := range []struct {
		live uint64
		want int
	}{{0, 400}, {1 << 20, 400}, {12 << 20, 400}, {24 << 20, 200}, {48 << 20, 100}, {96 << 20, 50}, {1 << 40, 25}} {
		if got := gcPercent(c.live); got != c.want {
			t.Errorf("%d bytes in use: %d %%, want %d", c.live, got, c.want)
		}
	}
}

// TestPaceGC keeps much, and waits until less garbage is let be.
func TestPaceGC(t *testing.T) {
	before := debug.SetGCPercent(100)
	defer debug.SetGCPercent(before)
	stop := paceGC()
	kept := make([]byte, 200<<20)
	now := maxGCPercent
	for range 100 {
		runtime.GC()
		time.Sleep(time.Millisecond)
		now = debug.SetGCPercent(maxGCPercent)
		debug.SetGCPercent(now)
		if now < maxGCPercent {
			break
		}
	}
	runtime.KeepAlive(kept)
	if now >= 100 {
		t.Errorf("the heap may grow by %d %%", now)
	}
	if stop(); debug.SetGCPercent(100) != 100 {
		t.Error("what was set before is not set again")
	}
}
