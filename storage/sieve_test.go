package storage

import (
	"math/rand/v2"
	"testing"

	"tq/storage/scap"
)

// disorder makes a capture of a few threads whose events do not go together: calls lack
// their start or their end, threads end and their ids are used again, and what descriptors
// and names stand for changes all the time.
func disorder(r *rand.Rand, events int) *maker {
	m := newMaker()
	ts := int64(1e18)
	text := func(texts ...string) []byte { return append([]byte(texts[r.IntN(len(texts))]), 0) }
	fd := func() []byte { return u64(int64(r.IntN(4))) }
	res := func() []byte { return u64(int64(r.IntN(6)) - 2) }
	for range events {
		ts += r.Int64N(2e8)
		tid := int64(100 + r.IntN(5))
		event := func(typ uint16, params ...[]byte) { m.event(ts, tid, 0, typ, params...) }
		made := func(typ uint16, child int64) {
			event(typ, u64(child), text("/bin/a", "/bin/b"), text("x", "y"), u64(tid), u64(100+r.Int64N(2)), u64(100),
				text("/"), u64(1024), u64(0), u64(0), u32(0), u32(0), u32(0), text("one", "two"), text(""), u32(r.Int64N(2)<<16), u32(0), u32(0), u64(tid), u64(100))
		}
		switch r.IntN(20) {
		case 0, 1, 2:
			event(scap.SyscallReadE, fd(), u32(10))
		case 3, 4, 5:
			event(scap.SyscallReadX, res(), []byte("data"))
		case 6, 7:
			event(scap.SyscallOpenE)
		case 8, 9:
			event(scap.SyscallOpenX, res(), text("/etc/hosts", "/tmp", "here"), u32(0), u32(0))
		case 10:
			event(scap.SyscallCloseE, fd())
		case 11:
			event(scap.SyscallCloseX, res())
		case 12:
			event(scap.SyscallDupE, fd())
		case 13:
			event(scap.SyscallDupX, res())
		case 14:
			made(scap.SyscallCloneV20X, []int64{0, 100 + r.Int64N(5)}[r.IntN(2)])
		case 15:
			made(scap.SyscallExecveV16X, -r.Int64N(2))
		case 16:
			event(scap.ProcexitE, u64(0))
		case 17:
			event([]uint16{scap.SyscallFchdirE, scap.SyscallFchdirX}[r.IntN(2)], fd())
		case 18:
			m.change(ts, tid, 0, 100+r.Int64N(5), r.Int64N(2))
		case 19:
			event(scap.GenericE, u16(r.Int64N(2)), u16(r.Int64N(3)))
		}
	}
	return m
}

func u16(v int64) []byte { return u64(v)[:2] }

// TestExpectedInDisorder checks that rows show the same whether or not the pass has looked
// at all events before them.
func TestExpectedInDisorder(t *testing.T) {
	columns := []string{"num", "ts", "proc", "pid", "tid", "type", "fd", "fd_name", "args", "latency", "cwd", "ppid", "upid", "exe"}
	for seed := range uint64(10) {
		m := disorder(rand.New(rand.NewPCG(seed, 0)), 500)
		catalog := NewCatalog()
		if err := catalog.AddCapture("", write(t, "disorder.scap", m.data)); err != nil {
			t.Fatal(err)
		}
		for _, typ := range []string{"read", "open", "close", "dup", "fchdir", "switch", "clone", "procexit"} {
			for _, dir := range []string{">", "<"} {
				preds := []Pred{textPred("type", typ), textPred("dir", dir)}
				expectSame(t, catalog, Expected{"events", ScanOptions{Columns: columns, Preds: preds}})
				expectSame(t, catalog, Expected{"events", ScanOptions{Columns: columns[:6], Preds: preds}})
				expectSame(t, catalog, Expected{"events", ScanOptions{Columns: []string{"latency", "fd"}, Preds: preds}})
			}
		}
		expectSame(t, catalog, Expected{"event_types", ScanOptions{Columns: []string{"name", "dir", "count", "first_ts", "last_ts"}}})
		catalog.Close()
	}
}

// TestSieve checks how many events a pass has to look at.
func TestSieve(t *testing.T) {
	m := newMaker()
	for i := range int64(100) {
		m.event(i, 7, 0, scap.SyscallReadE, u64(3), u32(10))
		m.event(i, 7, 0, scap.SyscallReadX, u64(1), []byte("a"))
		m.change(i, 7, 0, 8, 1)
		m.event(i, 7, 0, scap.SyscallCloseE, u64(3))
		m.event(i, 7, 0, scap.SyscallCloseX, u64(0))
	}
	bearings := func(fds bool) need {
		return need{threads: true, fds: fds, rows: []*prefilter{newPrefilter([]Pred{textPred("type", "fork")})}}
	}
	catalog := m.catalog(t)
	f := func(n need, preds []Pred, want int) {
		t.Helper()
		if preds != nil {
			n.rows = []*prefilter{newPrefilter(preds)}
		}
		r := newReading(catalog.Captures()[0], n, nil)
		r.start.Do(r.run)
		if seen := int(r.found.events - r.found.skipped); seen != want {
			t.Errorf("%+v %v: the pass looked at %d events, want %d", n, preds, seen, want)
		}
		if r.found.events != 500 {
			t.Errorf("%d events, want 500", r.found.events)
		}
	}
	f(bearings(false), nil, 1) // that thread 7 is there
	f(bearings(true), nil, 201)
	f(bearings(false), []Pred{textPred("type", "read"), textPred("dir", "<")}, 200)
	f(bearings(false), []Pred{textPred("type", "read"), textPred("dir", ">")}, 100)
	f(bearings(false), []Pred{textPred("type", "switch")}, 101)
	f(need{threads: true, lives: true}, nil, 500)
	f(need{}, []Pred{textPred("dir", "<")}, 200) // whatever they do
}
