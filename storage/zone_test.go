package storage

import (
	"context"
	"slices"
	"testing"

	"tq/functions/kernel"
)

// TestZones checks that zones hold what occurs in their batches, and nothing else.
func TestZones(t *testing.T) {
	for _, name := range []string{"tour-old.scap", "fifo-new.scap"} {
		for i, b := range whole(t, open(t, name)).last.batches {
			if got, want := slices.Sorted(slices.Values(b.zone.kinds)), distinct(b.kind); !slices.Equal(got, want) {
				t.Errorf("%s, batch %d: kinds %v, want %v", name, i, got, want)
			}
			if got, want := slices.Sorted(slices.Values(b.zone.cpus)), distinct(b.cpu); !slices.Equal(got, want) {
				t.Errorf("%s, batch %d: CPUs %v, want %v", name, i, got, want)
			}
			if got, want := slices.Sorted(slices.Values(b.zone.threads)), distinct(b.thread); !slices.Equal(got, want) {
				t.Errorf("%s, batch %d: threads %v, want %v", name, i, got, want)
			}
		}
	}
}

// whole reads all of a catalog's capture.
func whole(t *testing.T, catalog *Catalog) *reading {
	t.Helper()
	c := catalog.Captures()[0]
	if err := c.Load(context.Background()); err != nil {
		t.Fatal(err)
	}
	return c.whole()
}

func distinct[T uint16 | int32](values []T) []T {
	return slices.Compact(slices.Sorted(slices.Values(values)))
}

// TestPruned checks how many batches are left out whole.
func TestPruned(t *testing.T) {
	catalog := open(t, "fifo-old.scap")
	r := whole(t, catalog)
	batches := len(r.last.batches)
	f := func(want func(pruned int) bool, preds ...Pred) {
		t.Helper()
		filter, pruned := newPrefilter(preds), 0
		for _, b := range r.last.batches {
			if !filter.meets(b) {
				pruned++
			}
		}
		if !want(pruned) {
			t.Errorf("%v: %d of %d batches are left out", preds, pruned, batches)
		}
	}
	none := func(pruned int) bool { return pruned == 0 }
	all := func(pruned int) bool { return pruned == batches }
	several := func(pruned int) bool { return pruned > 0 && pruned < batches }
	f(none)
	f(none, textPred("type", "switch"))
	f(all, textPred("type", "nothing such"))
	f(all, textPred("proc", "nothing such"))
	f(all, intPred("tid", PredEq, -5))
	f(all, intPred("cpu", PredEq, 4711))
	f(several, intPred("num", PredLt, 1000))
	f(several, Pred{"ts", PredLt, kernel.OfTimestamp(r.last.batches[1].minTS)})
	f(several, textPred("type", "sysinfo"))
}
