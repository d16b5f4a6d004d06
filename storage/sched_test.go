package storage

import (
	"fmt"
	"slices"
	"strings"
	"testing"
	"time"

	"tq/storage/scap"
)

// TestCulprit finds out who had the CPUs while keepalived was silent; see the README of
// the captures.
func TestCulprit(t *testing.T) {
	type share struct {
		cpu    int64
		proc   string
		tid    int64
		ms     int64 // rounded
		leaves int
	}
	for _, test := range []struct {
		capture, dir string
		tid          int64
		silence      time.Duration
		from, to     int64
		shares       []share
	}{
		{"fifo-old", ">", 29187, 6075354998, 108917, 175391, []share{
			{0, "swapper/0", 0, 5422, 9345}, {0, "", 29209, 318, -1}, {0, "python3", 29196, 23, -1},
			{1, "backup-job", 29326, 4756, 8}, {1, "swapper/1", 0, 534, 66},
			{1, "backup-job", 29320, 253, 67}, {1, "backup-job", 29321, 252, 67}, {1, "backup-job", 29322, 251, 70},
		}},
		{"fifo-new", "<", 29569, 6136709137, 69792, 114721, []share{
			{0, "swapper/0", 0, 5490, 10013}, {0, "", 29589, 289, -1}, {0, "python3", 29578, 23, -1},
			{1, "backup-job", 29708, 4760, 11}, {1, "swapper/1", 0, 588, 72},
			{1, "backup-job", 29703, 255, -1}, {1, "backup-job", 29702, 253, -1}, {1, "backup-job", 29704, 249, -1},
		}},
	} {
		t.Run(test.capture, func(t *testing.T) {
			catalog := open(t, test.capture+".scap")
			sent := scanAll(t, catalog, "events", ScanOptions{
				Columns: []string{"num", "ts", "proc", "type", "dir", "tid"},
				Preds:   []Pred{textPred("proc", "keepalived"), textPred("type", "sendmsg"), textPred("dir", test.dir)},
			})
			var from, to int64
			last := map[int64]int64{}
			for i := range sent.n {
				if sent.text("proc", i) != "keepalived" || sent.text("type", i) != "sendmsg" || sent.text("dir", i) != test.dir {
					continue
				}
				num, _ := sent.int("num", i)
				ts, _ := sent.int("ts", i)
				tid, _ := sent.int("tid", i)
				if before, ok := last[tid]; ok && ts-before == int64(test.silence) {
					if tid != test.tid || num != test.to {
						t.Errorf("the silence of thread %d ends at event %d", tid, num)
					}
					from, to = before, ts
				}
				last[tid] = ts
			}
			if to == 0 {
				t.Fatal("no such silence")
			}

			// A thread has had other names before the one that the truth gives it.
			type who struct{ cpu, tid int64 }
			on, leaves, named := map[who]int64{}, map[who]int{}, map[string]bool{}
			sched := scanAll(t, catalog, "sched", ScanOptions{Columns: []string{"cpu", "ts", "end_ts", "proc", "tid", "idle"}})
			for i := range sched.n {
				start, ok1 := sched.int("ts", i)
				end, ok2 := sched.int("end_ts", i)
				if !ok1 || !ok2 || end <= from || start >= to {
					continue
				}
				cpu, _ := sched.int("cpu", i)
				tid, _ := sched.int("tid", i)
				w := who{cpu, tid}
				named[fmt.Sprint(w, sched.text("proc", i))] = true
				on[w] += min(end, to) - max(start, from)
				if end < to {
					leaves[w]++
				}
			}
			for _, s := range test.shares {
				w := who{s.cpu, s.tid}
				if !named[fmt.Sprint(w, s.proc)] {
					t.Errorf("%v is never named %q", w, s.proc)
				}
				if ms := (on[w] + 5e5) / 1e6; ms != s.ms {
					t.Errorf("%v had the CPU for %v, want %d ms", w, time.Duration(on[w]), s.ms)
				}
				if s.leaves >= 0 && leaves[w] != s.leaves {
					t.Errorf("%v left the CPU %d times, want %d", w, leaves[w], s.leaves)
				}
			}
			total := map[int64]int64{}
			for w, ns := range on {
				total[w.cpu] += ns
			}
			for cpu, ns := range total {
				if ns != to-from {
					t.Errorf("CPU %d is told of for %v of %v", cpu, time.Duration(ns), test.silence)
				}
			}
		})
	}
}

// TestStays follows the switches of made-up captures. Threads 7 and 8 have no memory of
// their own.
func TestStays(t *testing.T) {
	columns := []string{"cpu", "ts", "dur", "end_ts", "proc", "tid", "next_proc", "next_tid", "idle", "kernel", "num", "end_num"}
	f := func(name string, make func(*maker), want ...string) {
		t.Helper()
		m := newMaker()
		make(m)
		got := scanAll(t, m.catalog(t), "sched", ScanOptions{Columns: columns}).lines(columns)
		if !slices.Equal(got, want) {
			t.Errorf("%s:\n%s\nwant\n%s", name, strings.Join(got, "\n"), strings.Join(want, "\n"))
		}
	}
	f("one CPU", func(m *maker) {
		m.change(100, 0, 0, 7, 0)
		m.change(130, 7, 0, 5, 0)
		m.change(170, 5, 0, 0, 40)
	},
		"0 - - 100 swapper/0 0 '' 7 true true - 1",
		"0 100 30 130 '' 7 '' 5 false true 1 2",
		"0 130 40 170 '' 5 swapper/0 0 false false 2 3",
		"0 170 - - swapper/0 0 - - true true 3 -")
	f("two CPUs, out of order", func(m *maker) {
		m.change(100, 5, 0, 0, 40)
		m.change(90, 6, 3, 0, 40)
		m.change(95, 0, 3, 6, 0)
		m.change(120, 0, 0, 5, 0)
	},
		"3 - - 90 '' 6 swapper/3 0 false false - 2",
		"3 90 5 95 swapper/3 0 '' 6 true true 2 3",
		"3 95 - - '' 6 - - false false 3 -",
		"0 - - 100 '' 5 swapper/0 0 false false - 1",
		"0 100 20 120 swapper/0 0 '' 5 true true 1 4",
		"0 120 - - '' 5 - - false false 4 -")

	// Where a switch is missing among many, the one who leaves had the CPU since the
	// switch before at most.
	f("a switch is missing", func(m *maker) {
		for range 8 {
			m.change(100, 5, 0, 5, 40)
		}
		m.change(130, 5, 0, 7, 40)
		m.change(140, 5, 0, 8, 40)
	},
		"0 - - 100 '' 5 '' 5 false false - 1",
		"0 100 0 100 '' 5 '' 5 false false 1 2",
		"0 100 0 100 '' 5 '' 5 false false 2 3",
		"0 100 0 100 '' 5 '' 5 false false 3 4",
		"0 100 0 100 '' 5 '' 5 false false 4 5",
		"0 100 0 100 '' 5 '' 5 false false 5 6",
		"0 100 0 100 '' 5 '' 5 false false 6 7",
		"0 100 0 100 '' 5 '' 5 false false 7 8",
		"0 100 30 130 '' 5 '' 7 false false 8 9",
		"0 130 - - '' 7 - - false false 9 -",
		"0 130 - 140 '' 5 '' 8 false false - 10",
		"0 140 - - '' 8 - - false false 10 -")

	// Between two recordings in one file nobody knows who had the CPUs.
	f("two sections", func(m *maker) {
		m.change(100, 5, 0, 6, 40)
		m.section()
		m.change(900, 6, 0, 5, 40)
		m.change(910, 5, 0, 6, 40)
	},
		"0 - - 100 '' 5 '' 6 false false - 1",
		"0 100 - - '' 6 - - false false 1 -",
		"0 - - 900 '' 6 '' 5 false false - 2",
		"0 900 10 910 '' 5 '' 6 false false 2 3",
		"0 910 - - '' 6 - - false false 3 -")
	f("the recorder lost events", func(m *maker) {
		m.change(100, 0, 0, 5, 0)
		m.event(110, -1, 0, scap.DropE, u32(1))
		m.change(130, 5, 0, 0, 40)
	},
		"0 - - 100 swapper/0 0 '' 5 true true - 1",
		"0 100 - - '' 5 - - false false 1 -",
		"0 - - 130 '' 5 swapper/0 0 false false - 3",
		"0 130 - - swapper/0 0 - - true true 3 -")

	// Where hardly any switches fit, as when two CPUs share a buffer, nothing is known.
	f("a broken chain", func(m *maker) {
		m.change(100, 5, 0, 6, 40)
		m.change(110, 9, 0, 10, 40)
		m.change(120, 6, 0, 5, 40)
		m.change(130, 5, 0, 6, 40)
	},
		"0 - - 100 '' 5 '' 6 false false - 1",
		"0 100 - - '' 6 - - false false 1 -",
		"0 - - 110 '' 9 '' 10 false false - 2",
		"0 110 - - '' 10 - - false false 2 -",
		"0 - - 120 '' 6 '' 5 false false - 3",
		"0 120 - - '' 5 - - false false 3 -",
		"0 - - 130 '' 5 '' 6 false false - 4",
		"0 130 - - '' 6 - - false false 4 -")
}

// TestSharedBuffer mixes the switches of two CPUs under one number, few of which do not fit
// each other: nothing is known of stays, and the capture says why.
func TestSharedBuffer(t *testing.T) {
	m := newMaker()
	ts := int64(100)
	for range 3 {
		for range 30 {
			m.change(ts, 5, 0, 6, 40)
			m.change(ts+1, 6, 0, 5, 40)
			ts += 2
		}
		m.change(ts, 7, 0, 8, 40)
		m.change(ts+1, 5, 0, 6, 40)
		m.change(ts+2, 8, 0, 7, 40)
		m.change(ts+3, 6, 0, 5, 40)
		ts += 4
	}
	catalog := m.catalog(t)
	r := scanAll(t, catalog, "warnings", ScanOptions{Columns: []string{"kind"}})
	if r.n != 1 || r.text("kind", 0) != warnShared {
		t.Errorf("%d warnings", r.n)
	}
	r = scanAll(t, catalog, "sched", ScanOptions{Columns: []string{"dur"}})
	for i := range r.n {
		if _, ok := r.int("dur", i); ok {
			t.Fatal("a duration")
		}
	}
}

// TestBrokenChains looks for the warning that goes with broken chains.
func TestBrokenChains(t *testing.T) {
	m := newMaker()
	for i := range int64(20) {
		m.change(100+i, 5+i%2, 0, 9+i%3, 40)
	}
	catalog := m.catalog(t)
	r := scanAll(t, catalog, "warnings", ScanOptions{Columns: []string{"kind"}})
	if r.n != 1 || r.text("kind", 0) != warnChains {
		t.Errorf("%d warnings", r.n)
	}
	r = scanAll(t, catalog, "sched", ScanOptions{Columns: []string{"dur"}})
	for i := range r.n {
		if _, ok := r.int("dur", i); ok {
			t.Fatal("a duration")
		}
	}
	if catalog.Captures()[0].Facts().CPUChains {
		t.Error("the chains count as whole")
	}
}
