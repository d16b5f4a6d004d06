package exec

import (
	"context"
	"fmt"
	"math/rand/v2"
	"slices"
	"testing"
)

// TestSortRows sorts lists that are long enough to be sorted in parts.
func TestSortRows(t *testing.T) {
	const n = parallelSort + 1000
	r := rand.New(rand.NewPCG(1, 2))
	for name, word := range map[string]func(i int) uint64{
		"random":        func(int) uint64 { return r.Uint64() },
		"few":           func(int) uint64 { return uint64(r.IntN(3)) },
		"alike but one": func(i int) uint64 { return uint64(i / (n - 1) << 40) },
		"two orders":    func(i int) uint64 { return uint64(i%2)<<50 | uint64(i) },
		"nearly":        func(i int) uint64 { return uint64(max(0, i+r.IntN(9)-4)) },
		"backwards":     func(i int) uint64 { return uint64(n - i) },
		"runs":          func(i int) uint64 { return uint64(i % 10000) },
	} {
		cols := []wordColumn{{make([]uint64, n), 64}, {make([]uint64, n), 8}}
		for i := range n {
			cols[0].words[i], cols[1].words[i] = word(i), uint64(r.IntN(200))
		}
		for _, cols := range [][]wordColumn{cols[:1], cols} {
			want := rowRange(0, n)
			slices.SortStableFunc(want, func(a, b int32) int { return compareWords(cols, int(a), int(b)) })
			for threads := 1; threads <= 3; threads++ {
				t.Run(fmt.Sprintf("%s/columns=%d/threads=%d", name, len(cols), threads), func(t *testing.T) {
					got, err := sortRowsParallel(context.Background(), cols, n, threads)
					if err != nil {
						t.Fatal(err)
					}
					if got == nil {
						got = rowRange(0, n)
					}
					if !slices.Equal(got, want) {
						t.Error("not in order")
					}
				})
			}
		}
	}
}
