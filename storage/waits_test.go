package storage

import (
	"slices"
	"strings"
	"testing"

	"tq/storage/scap"
)

// TestWaits follows the threads of made-up captures off the CPUs. Thread 5 makes calls.
func TestWaits(t *testing.T) {
	columns := []string{"ts", "dur", "end_ts", "tid", "reason", "syscall", "fd", "taken_by_proc", "taken_by_tid", "confidence", "cpu_from", "cpu_to"}
	f := func(name string, make func(*maker), want ...string) {
		t.Helper()
		m := newMaker()
		make(m)
		got := scanAll(t, m.catalog(t), "waits", ScanOptions{Columns: columns}).lines(columns)
		if !slices.Equal(got, want) {
			t.Errorf("%s:\n%s\nwant\n%s", name, strings.Join(got, "\n"), strings.Join(want, "\n"))
		}
	}
	read := func(m *maker, ts, end int64) {
		m.event(ts, 5, 0, scap.SyscallReadE, u64(3), u32(64))
		m.event(end, 5, 0, scap.SyscallReadX, u64(2), []byte("ab"))
	}
	f("within a call", func(m *maker) {
		m.event(100, 5, 0, scap.SyscallReadE, u64(3), u32(64))
		m.change(110, 5, 0, 0, 40)
		m.change(150, 0, 2, 5, 0)
		m.event(160, 5, 2, scap.SyscallReadX, u64(2), []byte("ab"))
	}, "110 40 150 5 blocked read 3 swapper/0 0 high 0 2")
	f("outside of calls, with and without somebody who comes", func(m *maker) {
		read(m, 100, 120)
		m.change(130, 5, 0, 7, 40)
		m.change(150, 7, 0, 5, 40)
		m.change(160, 5, 0, 0, 40)
		m.change(190, 0, 0, 5, 0)
		read(m, 200, 210)
	},
		"130 20 150 5 preempted - - '' 7 high 0 0",
		"150 - - 7 unknown - - '' 5 - 0 -",
		"160 30 190 5 blocked - - swapper/0 0 medium 0 0")
	f("a call that seldom waits", func(m *maker) {
		m.event(100, 5, 0, scap.SyscallMunmapE, u64(1), u64(2))
		m.change(110, 5, 0, 7, 40)
		m.change(120, 7, 0, 5, 40)
		m.event(130, 5, 0, scap.SyscallMunmapX, u64(0), u32(1), u32(1), u32(1))
	},
		"110 10 120 5 blocked munmap - '' 7 medium 0 0",
		"120 - - 7 unknown - - '' 5 - 0 -")
	f("a call since before the capture, and one beyond its end", func(m *maker) {
		m.change(100, 5, 0, 7, 40)
		m.change(120, 7, 0, 5, 40)
		m.event(130, 5, 0, scap.SyscallReadX, u64(2), []byte("ab"))
		m.event(140, 5, 0, scap.SyscallReadE, u64(3), u32(64))
		m.change(150, 5, 0, 7, 40)
	},
		"100 20 120 5 blocked read -1 '' 7 medium 0 0",
		"120 30 150 7 unknown - - '' 5 - 0 0",
		"150 - - 5 blocked read 3 '' 7 medium 0 -")
	f("a call whose end is missing", func(m *maker) {
		m.event(100, 5, 0, scap.SyscallReadE, u64(3), u32(64))
		m.change(110, 5, 0, 7, 40)
		read(m, 200, 210)
	}, "110 - - 5 unknown - - '' 7 - 0 -")
	f("the recorder lost events", func(m *maker) {
		m.event(100, 5, 0, scap.SyscallReadE, u64(3), u32(64))
		m.change(110, 5, 0, 0, 40)
		m.event(120, -1, 0, scap.DropE, u32(1))
		m.change(150, 0, 0, 5, 0)
		m.event(160, 5, 0, scap.SyscallReadX, u64(2), []byte("ab"))
	}, "110 - - 5 blocked read 3 swapper/0 0 high 0 -")
	f("its way back is missing", func(m *maker) {
		for range 8 {
			m.change(90, 0, 0, 0, 0)
		}
		read(m, 100, 105)
		m.change(110, 0, 0, 5, 0)
		m.change(120, 5, 0, 7, 40)
		m.change(150, 5, 0, 7, 40)
	},
		"120 - - 5 preempted - - '' 7 high 0 -",
		"150 - - 5 preempted - - '' 7 high 0 -")
	f("events of two CPUs out of order", func(m *maker) {
		read(m, 80, 90)
		m.change(130, 0, 1, 5, 40)
		m.change(110, 5, 0, 0, 40)
		m.change(120, 0, 0, 7, 0)
	}, "110 20 130 5 blocked - - swapper/0 0 medium 0 1")
	f("a thread on two CPUs at once", func(m *maker) {
		read(m, 80, 90)
		for cpu := range uint16(2) {
			for range 8 {
				m.change(95, 0, cpu, 0, 0)
			}
		}
		m.change(100, 0, 0, 5, 0)
		m.change(110, 0, 1, 5, 0)
		m.change(120, 5, 1, 0, 40)
		m.change(150, 5, 0, 0, 40)
		m.change(200, 0, 0, 5, 0)
	},
		"120 - - 5 blocked - - swapper/1 0 medium 1 -",
		"150 50 200 5 blocked - - swapper/0 0 medium 0 0")
	f("a thread that ends", func(m *maker) {
		read(m, 80, 90)
		m.event(100, 5, 0, scap.ProcexitV1E, u64(0))
		m.change(110, 5, 0, 7, 40)
	}, "110 - - 5 exited - - '' 7 high 0 -")

	const later = 1_000_000
	exit := func(m *maker, ts int64) {
		m.event(ts, 5, 0, scap.SyscallReadX, u64(2), []byte("ab"), u64(3), u32(64))
	}
	f("only ends are recorded: straight to one that waits", func(m *maker) {
		exit(m, 90)
		m.change(100, 5, 0, 0, 40)
		m.change(120, 0, 0, 5, 0)
		m.change(130, 5, 0, 0, 40)
		m.change(150, 0, 0, 5, 0)
		exit(m, 160)
	},
		"100 20 120 5 blocked read 3 swapper/0 0 medium 0 0",
		"130 20 150 5 blocked read 3 swapper/0 0 medium 0 0")
	f("only ends are recorded: not straight to it", func(m *maker) {
		exit(m, 90)
		m.change(100, 5, 0, 0, 40)
		m.change(120, 0, 0, 5, 0)
		m.change(later, 5, 0, 7, 40)
		m.change(later+10, 7, 0, 5, 40)
		exit(m, 2*later)
	},
		"100 20 120 5 blocked - - swapper/0 0 medium 0 0",
		"1000000 10 1000010 5 preempted - - '' 7 low 0 0",
		"1000010 - - 7 unknown - - '' 5 - 0 -")
	f("only ends are recorded: either may be", func(m *maker) {
		exit(m, 90)
		m.change(100, 5, 0, 7, 40)
		m.change(120, 7, 0, 5, 0)
		exit(m, 130)
		m.change(140, 5, 0, 7, 40)
	},
		"100 20 120 5 unknown - - '' 7 - 0 0",
		"120 20 140 7 unknown - - '' 5 - 0 0",
		"140 - - 5 unknown - - '' 7 - 0 -")
}

// TestWaitsOfCaptures looks for what must hold of the waits of every capture: a row for
// each switch at which a thread leaves a CPU, in order, and no thread off the CPUs while
// it is on one.
func TestWaitsOfCaptures(t *testing.T) {
	for _, capture := range []string{"fifo-old", "fifo-new", "tour-old", "tour-new"} {
		catalog := open(t, capture+".scap")
		leaves := 0
		sched := scanAll(t, catalog, "sched", ScanOptions{Columns: []string{"utid", "ts", "end_ts", "tid", "num"}})
		starts := map[int64][]int64{}
		for i := range sched.n {
			utid, hasLife := sched.int("utid", i)
			if tid, _ := sched.int("tid", i); tid == 0 {
				continue
			}
			if _, ok := sched.int("end_ts", i); ok {
				leaves++
			}
			if _, ok := sched.int("num", i); ok && hasLife {
				ts, _ := sched.int("ts", i)
				starts[utid] = append(starts[utid], ts)
			}
		}
		waits := scanAll(t, catalog, "waits", ScanOptions{Columns: []string{"utid", "ts", "dur", "end_ts", "reason", "syscall", "confidence"}})
		if waits.n != leaves {
			t.Errorf("%s: %d waits, %d leaves", capture, waits.n, leaves)
		}
		before := int64(0)
		for i := range waits.n {
			ts, _ := waits.int("ts", i)
			end, back := waits.int("end_ts", i)
			dur, known := waits.int("dur", i)
			utid, hasLife := waits.int("utid", i)
			reason := waits.text("reason", i)
			switch {
			case ts < before:
				t.Fatalf("%s: wait %d begins before the one before it", capture, i)
			case back != known || back && (end < ts || dur != end-ts):
				t.Fatalf("%s: wait %d from %d to %d lasts %d", capture, i, ts, end, dur)
			case reason != "blocked" && !waits.columns["syscall"].IsNull(i):
				t.Fatalf("%s: wait %d is %s in %s", capture, i, reason, waits.text("syscall", i))
			case (reason == "unknown") != waits.columns["confidence"].IsNull(i):
				t.Fatalf("%s: wait %d is %s with confidence %s", capture, i, reason, waits.text("confidence", i))
			}
			before = ts
			if !back || !hasLife {
				continue
			}
			at, _ := slices.BinarySearch(starts[utid], ts+1)
			if at == len(starts[utid]) || starts[utid][at] != end {
				t.Fatalf("%s: thread %d is off from %d to %d, and on a CPU meanwhile", capture, utid, ts, end)
			}
		}
	}
}

// TestGuessedReasons takes the starts of calls from captures that have them, as newer
// recorders do, and holds what is then inferred against what they told.
func TestGuessedReasons(t *testing.T) {
	for _, capture := range []string{"fifo-old", "tour-old"} {
		r := open(t, capture+".scap").Captures()[0].whole()
		if err := r.wait(t.Context()); err != nil {
			t.Fatal(err)
		}
		told, guessed := r.waitList(), followLeavers(r.last, r.stayList())
		f := newReasonFinder(r)
		f.hasEnter, f.calls = false, withoutStarts(f)
		f.explain(guessed)
		reasons, wrongReasons, calls, wrongCalls := 0, 0, 0, 0
		for i, was := range told {
			is := guessed[i]
			if len(f.callsOf(f.lifeOf(f.stays[was.left].thread))) == 0 || is.reason == unknownReason {
				continue
			}
			reasons++
			if is.reason != was.reason {
				wrongReasons++
			}
			if is.call != noCall {
				calls++
				if is.call != was.call {
					wrongCalls++
				}
			}
		}
		t.Logf("%s: %d reasons, %d wrong; %d calls, %d wrong", capture, reasons, wrongReasons, calls, wrongCalls)
		if reasons < 100 || wrongReasons > reasons/20 || calls < 90 || wrongCalls > calls/5 {
			t.Errorf("%s: %d of %d reasons and %d of %d calls are wrong", capture, wrongReasons, reasons, wrongCalls, calls)
		}
	}
}

// withoutStarts are calls as recorders that leave out their starts show them.
func withoutStarts(f *reasonFinder) *callList {
	l := &callList{ends: f.calls.ends}
	for i, start := range f.calls.starts {
		if start != noRow && l.ends[i] != noRow && !f.kinds[f.batches[start.batch()].kind[start.row()]].keptEnter() {
			start = noRow
		}
		l.starts = append(l.starts, start)
	}
	return l
}
