package functions

import (
	"math"
	"testing"

	"tq/functions/kernel"
)

func TestSketch(t *testing.T) {
	for _, n := range []int{0, 1, 512, 513, 5000, 100000, 2000000} {
		var left, right sketch
		for i := range n {
			if h := kernel.HashUint64(uint64(i)); i%3 == 0 {
				left.add(h)
			} else {
				right.add(h)
				right.add(h)
			}
		}
		left.merge(&right)
		got := float64(left.estimate())
		if n <= exactHashes && got != float64(n) || math.Abs(got-float64(n)) > 0.05*float64(n) {
			t.Errorf("%d different values are estimated as %v", n, got)
		}
	}
}
