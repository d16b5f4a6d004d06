package exec_test

import (
	"fmt"
	"testing"

	"tq/exec/exectest"
)

// TestRandomPlans stacks operators on each other: what one leaves undone, as batches
// allow, the next has to cope with.
func TestRandomPlans(t *testing.T) {
	plans := 150
	if testing.Short() {
		plans = 30
	}
	for seed := range uint64(plans) {
		t.Run(fmt.Sprintf("seed=%d", seed), func(t *testing.T) { checkRandomPlan(t, seed) })
	}
}

func FuzzRandomPlans(f *testing.F) {
	f.Add(uint64(1 << 40))
	f.Fuzz(checkRandomPlan)
}

func checkRandomPlan(t *testing.T, seed uint64) {
	r := exectest.NewRandom(seed)
	tables := map[string]*exectest.Data{"l": r.Table(r.IntN(25), 0.15), "r": r.Table(r.IntN(12), 0.15)}
	exectest.Check(t, r.Plan(tables, 1+r.IntN(5)), tables, exectest.Ordered)
}
