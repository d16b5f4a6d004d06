package storage

import (
	"math"
	"testing"
)

func TestElapsed(t *testing.T) {
	f := func(from, to, want int64, fits bool) {
		t.Helper()
		d, ok := elapsed(from, to)
		if ok != fits || fits && d != want {
			t.Errorf("elapsed(%d, %d) = %d, %v, want %d, %v", from, to, d, ok, want, fits)
		}
	}
	f(1, 3, 2, true)
	f(3, 1, -2, true)
	f(0, 0, 0, true)
	f(-1, math.MaxInt64, 0, false)
	f(math.MaxInt64, -2, 0, false)
	f(math.MinInt64, 0, 0, false)
	f(0, math.MaxInt64, math.MaxInt64, true)
}
