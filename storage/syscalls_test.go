package storage

import (
	"slices"
	"strings"
	"testing"

	"tq/storage/scap"
)

// TestCalls pairs the events of made-up captures.
func TestCalls(t *testing.T) {
	columns := []string{"num", "exit_num", "ts", "dur", "end_ts", "cpu", "cpu_exit", "tid", "name", "fd", "res", "errno", "failed", "bytes", "dur_source", "args"}
	f := func(name string, make func(*maker), want ...string) {
		t.Helper()
		m := newMaker()
		make(m)
		got := scanAll(t, m.catalog(t), "syscalls", ScanOptions{Columns: columns}).lines(columns)
		if !slices.Equal(got, want) {
			t.Errorf("%s:\n%s\nwant\n%s", name, strings.Join(got, "\n"), strings.Join(want, "\n"))
		}
	}
	f("a pair", func(m *maker) {
		m.event(100, 5, 0, scap.SyscallReadE, u64(3), u32(64))
		m.event(130, 5, 1, scap.SyscallReadX, u64(2), []byte("ab"))
	}, "1 2 100 30 130 0 1 5 read 3 SUCCESS - false 2 pair fd=3 size=64 res=2 data=ab")
	f("two threads", func(m *maker) {
		m.event(100, 5, 0, scap.SyscallReadE, u64(3), u32(64))
		m.event(110, 6, 0, scap.SyscallCloseE, u64(4))
		m.event(130, 5, 0, scap.SyscallReadX, u64(-11), nil)
		m.event(140, 6, 0, scap.SyscallCloseX, u64(0))
	},
		"1 3 100 30 130 0 0 5 read 3 EAGAIN EAGAIN true - pair fd=3 size=64 res=-11(EAGAIN) data=NULL",
		"2 4 110 30 140 0 0 6 close 4 SUCCESS - false - pair fd=4 res=0")
	f("exits only, with the parameters of the enter", func(m *maker) {
		m.event(130, 5, 0, scap.SyscallReadX, u64(2), []byte("ab"), u64(3), u32(64))
	}, "1 1 130 - 130 0 0 5 read 3 SUCCESS - false 2 exit_only res=2 data=ab fd=3 size=64")
	f("unfinished, then another call", func(m *maker) {
		m.event(100, 5, 0, scap.SyscallReadE, u64(3), u32(64))
		m.event(110, 5, 0, scap.SyscallCloseE, u64(4))
		m.event(140, 5, 0, scap.SyscallCloseX, u64(0))
	},
		"1 - 100 - - 0 - 5 read 3 - - - - unfinished fd=3 size=64",
		"2 3 110 30 140 0 0 5 close 4 SUCCESS - false - pair fd=4 res=0")
	f("events were lost between", func(m *maker) {
		m.event(100, 5, 0, scap.SyscallReadE, u64(3), u32(64))
		m.event(110, -1, 0, scap.DropE, u32(1))
		m.event(130, 5, 0, scap.SyscallReadX, u64(2), []byte("ab"))
	}, "1 3 100 - 130 0 0 5 read 3 SUCCESS - false 2 crossed_drop fd=3 size=64 res=2 data=ab")
	f("no call", func(m *maker) { m.change(100, 5, 0, 6, 40) })
}

// TestCallsOfCaptures holds what calls sum up to against the events they are made of.
func TestCallsOfCaptures(t *testing.T) {
	for _, capture := range []string{"tour-old.scap", "tour-new.scap"} {
		catalog := open(t, capture)
		events := scanAll(t, catalog, "events", ScanOptions{Columns: []string{"num", "type", "dir", "latency", "category"}})
		latency := map[int64]int64{}
		for i := range events.n {
			if ns, ok := events.int("latency", i); ok {
				num, _ := events.int("num", i)
				latency[num] = ns
			}
		}
		calls := scanAll(t, catalog, "syscalls", ScanOptions{Columns: []string{"num", "exit_num", "dur", "dur_source"}})
		last, pairs := int64(0), 0
		for i := range calls.n {
			num, _ := calls.int("num", i)
			if num <= last {
				t.Fatalf("%s: call %d after %d", capture, num, last)
			}
			last = num
			dur, ok := calls.int("dur", i)
			if ok != (calls.text("dur_source", i) == "pair") {
				t.Fatalf("%s: call %d is %s with a duration: %v", capture, num, calls.text("dur_source", i), ok)
			}
			if ok {
				pairs++
				if exit, _ := calls.int("exit_num", i); latency[exit] != dur {
					t.Fatalf("%s: call %d took %d, its exit event says %d", capture, num, dur, latency[exit])
				}
			}
		}
		if pairs != len(latency) || (pairs > 0) != (capture == "tour-old.scap") {
			t.Errorf("%s: %d pairs, %d latencies", capture, pairs, len(latency))
		}
	}
}
