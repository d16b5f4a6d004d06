package main

import (
	"context"
	"os"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"tq/cmd/tq/queries"
	"tq/lang/source"
	"tq/storage"
	"tq/storage/scap"
)

// rounds reads a few times, and is off the CPU in between.
func (s *stage) rounds(at int64) {
	for range 4 {
		s.read(at)
		s.change(at+10, actor, 0)
		s.change(at+9_990, 0, actor)
		at += 10_000
	}
}

// TestVerdicts stages the kinds of stalls that there are.
func TestVerdicts(t *testing.T) {
	query, _ := queries.Find("whodunit")
	f := func(name, want string, play func(s *stage)) {
		t.Helper()
		s := newStage(!strings.Contains(name, "no switches"), !strings.Contains(name, "only ends"))
		s.rounds(0)
		play(s)
		s.rounds(1_100_000)
		path := filepath.Join(t.TempDir(), "made.scap")
		if err := os.WriteFile(path, s.data, 0o600); err != nil {
			t.Fatal(err)
		}
		catalog := storage.NewCatalog()
		defer catalog.Close()
		if err := catalog.AddCapture("", path); err != nil {
			t.Fatal(err)
		}
		var out, errs strings.Builder
		session := newSession(catalog, settings{zone: time.UTC, format: "jsonl"}, &out, &errs)
		session.given = map[string]string{"proc": "", "type": "read", "min_gap": "500ms"}
		err := session.Run(context.Background(), &source.File{Name: ":whodunit", Text: query.Text})
		_, rest, _ := strings.Cut(out.String(), `"verdict":"`)
		got, _, _ := strings.Cut(rest, `"`)
		if err != nil || !strings.HasPrefix(got, want) {
			t.Errorf("%s: %s\nwant %s\n%s%s", name, got, want, out.String(), errs.String())
		}
	}
	f("another thread has the CPU", "CPU taken by 200 (9", func(s *stage) {
		s.change(40_010, actor, other)
		s.change(1_099_990, other, actor)
	})
	f("another thread has the CPU as it waits for a timer", "CPU taken by 200 (9", func(s *stage) {
		s.enter(40_000)
		s.change(40_010, actor, 0)
		s.change(50_000, 0, other)
		s.change(1_099_990, other, actor)
		s.exit(1_099_995)
	})
	f("the threads of one program share the CPU", "CPU taken by 4 threads of stress (99", func(s *stage) {
		for tid := int64(201); tid <= 204; tid++ {
			s.runs(39_000, tid, "stress")
		}
		s.change(40_010, actor, 201)
		for at, tid := int64(50_000), int64(201); at < 1_090_000; at, tid = at+10_000, tid%204+1 {
			tid = max(tid, 201)
			s.change(at, tid, max(tid%204+1, 201))
		}
		s.change(1_099_990, 201, actor)
	})
	f("it waits for data", "blocked in read", func(s *stage) {
		s.hum(40_000, 1_100_000)
		s.enter(40_000)
		s.change(40_010, actor, 0)
		s.change(1_099_990, 0, actor)
		s.exit(1_099_995)
	})
	f("it waits for data on a CPU that others use too", "blocked in read", func(s *stage) {
		s.enter(40_000)
		s.change(40_010, actor, other)
		s.change(1_000_000, other, 0)
		s.change(1_099_990, 0, actor)
		s.exit(1_099_995)
	})
	f("it computes", "busy itself", func(s *stage) { s.hum(40_000, 1_100_000) })
	f("it was sent a signal", "stopped or frozen: it was sent SIGSTOP", func(s *stage) {
		s.event(40_005, actor, 0, scap.SignaldeliverE, u64(7), u64(actor), []byte{19})
		s.change(40_010, actor, other)
		s.change(1_099_990, other, actor)
	})
	f("it was sent a signal as it waited in a call", "stopped or frozen: it was sent SIGSTOP", func(s *stage) {
		s.hum(40_000, 1_100_000)
		s.enter(40_000)
		s.change(40_010, actor, 0)
		s.event(50_000, 300, 1, scap.SyscallKillE, u64(actor), []byte{19})
		s.change(1_099_990, 0, actor)
		s.exit(1_099_995)
	})
	f("it was sent a signal, but soon another to go on", "blocked in read", func(s *stage) {
		s.hum(40_000, 1_100_000)
		s.enter(40_000)
		s.change(40_010, actor, 0)
		s.event(50_000, 300, 1, scap.SyscallKillE, u64(actor), []byte{19})
		s.event(60_000, 300, 1, scap.SyscallKillE, u64(actor), []byte{18})
		s.change(1_099_990, 0, actor)
		s.exit(1_099_995)
	})
	f("it sent another a signal", "blocked in read", func(s *stage) {
		s.hum(40_000, 1_100_000)
		s.event(40_000, actor, 0, scap.SyscallKillE, u64(300), []byte{19})
		s.event(40_001, actor, 0, scap.SyscallKillX, u64(0))
		s.enter(40_002)
		s.change(40_010, actor, 0)
		s.change(1_099_990, 0, actor)
		s.exit(1_099_995)
	})
	f("it was frozen in a call, or waited in the next; only ends of calls are recorded", "blocked in read, or stopped or frozen: read had just", func(s *stage) {
		s.hum(40_000, 1_100_000)
		s.event(40_005, actor, 0, scap.SyscallReadX, u64(-4), nil)
		s.change(40_010, actor, 0)
		s.change(1_099_990, 0, actor)
		s.exit(1_099_995)
	})
	f("it was frozen in a call that times out", "stopped or frozen, it seems: poll took 1.015 s to time out", func(s *stage) {
		s.hum(40_000, 1_100_000)
		s.poll(40_000, 10_000)
		s.poll(50_000, 10_000)
		s.poll(60_000, 10_000)
		s.poll(70_000, 10_000)
		s.poll(80_000, 1_015_000)
	})
	f("it was frozen in a call", "stopped or frozen: its read was interrupted", func(s *stage) {
		s.hum(40_000, 1_100_000)
		s.enter(40_000)
		s.event(40_005, actor, 0, scap.SyscallReadX, u64(-4), nil)
		s.change(40_010, actor, 0)
		s.change(1_099_990, 0, actor)
	})
	f("it was frozen", "stopped or frozen: outside", func(s *stage) {
		s.hum(40_000, 1_100_000)
		s.change(40_010, actor, 0)
		s.change(1_099_990, 0, actor)
	})
	f("it waits for its own pages", "blocked on memory: 50 times", func(s *stage) {
		at := int64(40_010)
		for faults := range int64(51) {
			s.switchTo(at, actor, 0, 0, faults)
			s.change(at+20_000, 0, actor)
			at += 20_100
		}
	})
	f("the machine was paused", "whole machine silent", func(s *stage) {
		s.hum(0, 40_000)
		s.enter(40_000)
		s.change(40_010, actor, 0)
		s.change(1_099_990, 0, actor)
		s.exit(1_099_995)
		s.hum(1_099_000, 1_150_000)
	})
	f("in a call; no switches are recorded", "blocked in read, or kept from a CPU in it", func(s *stage) {
		s.enter(40_000)
		s.exit(1_099_995)
	})
	f("between calls; no switches are recorded", "not told by this capture: it has no switch events", func(*stage) {})
	f("another thread has the CPU; only ends of calls are recorded", "CPU taken by 200 (9", func(s *stage) {
		s.change(40_010, actor, 0)
		s.change(50_000, 0, other)
		s.change(1_099_990, other, actor)
		s.exit(1_099_995)
	})
	f("the recorder lost events", "not told by this capture: the recorder", func(s *stage) {
		s.event(50_000, -1, 0, scap.DropE, u32(1))
	})
	f("it waits for data, and the recorder lost events", "blocked in read; but the recorder lost events", func(s *stage) {
		s.enter(40_000)
		s.change(40_010, actor, 0)
		s.change(1_099_990, 0, actor)
		s.exit(1_099_995)
		s.event(1_099_998, -1, 0, scap.DropE, u32(1))
	})
	f("nothing happened for a part of the time", "blocked in read; nothing happened on any CPU for 300.200 ms of it", func(s *stage) {
		s.hum(0, 500_000)
		s.enter(40_000)
		s.change(40_010, actor, 0)
		s.hum(800_100, 1_100_000)
		s.change(1_099_990, 0, actor)
		s.exit(1_099_995)
	})
	f("the switch that brings it back is missing", "not told by this capture: the switches", func(s *stage) {
		s.change(40_010, actor, 0)
		s.change(1_000_000, 0, other)
	})
}

// runs makes a thread run a program.
func (s *stage) runs(at, tid int64, program string) {
	name := append([]byte(program), 0)
	s.event(at, tid, 1, scap.SyscallExecveV16X, u64(0), name, nil, u64(tid), u64(tid), u64(1), []byte{'/', 0},
		u64(0), u64(0), u64(0), u32(4096), u32(0), u32(0), name, nil, nil, u32(0), u64(0), u32(0), u32(0))
}

// poll is a call that times out after a while.
func (s *stage) poll(at, takes int64) {
	s.event(at, actor, 0, scap.SyscallPollE, []byte{0, 0}, u64(10))
	s.change(at+10, actor, 0)
	s.change(at+takes-10, 0, actor)
	s.event(at+takes-5, actor, 0, scap.SyscallPollX, u64(0), []byte{0, 0})
}

// hum is what else goes on, on another CPU.
func (s *stage) hum(from, to int64) {
	for at := from; at < to; at += 200 {
		s.switchTo(at, 0, 1, 300, 0)
		s.switchTo(at+100, 300, 1, 0, 0)
	}
}
