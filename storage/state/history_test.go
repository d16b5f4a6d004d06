package state

import (
	"math/rand/v2"
	"sync"
	"testing"

	"tq/storage/scap"
)

// TestHistory compares lookups with a plain list, in slots that branch.
func TestHistory(t *testing.T) {
	h := newHistory()
	type branch struct {
		head int32
		all  []point
	}
	branches := []branch{{}}
	rng := rand.New(rand.NewPCG(1, 2))
	num := uint32(1)
	for i := range 20000 {
		num += rng.Uint32N(3)
		b := rng.IntN(len(branches))
		if i%1000 == 999 {
			all := branches[b].all
			branches = append(branches, branch{branches[b].head, all[:len(all):len(all)]})
		}
		ref := int32(i)
		if rng.IntN(4) == 0 {
			ref = -1
		}
		branches[b].head = h.push(branches[b].head, num, ref)
		branches[b].all = append(branches[b].all, point{num: num, ref: ref})
	}
	for range 100000 {
		b := &branches[rng.IntN(len(branches))]
		n := rng.Uint32N(num + 10)
		want := int32(-1)
		for i := len(b.all) - 1; i >= 0; i-- {
			if b.all[i].num <= n {
				want = b.all[i].ref
				break
			}
		}
		if got := h.find(b.head, n); got != want {
			t.Fatalf("at %d: %d, want %d", n, got, want)
		}
	}
}

func TestSlotsInherit(t *testing.T) {
	rng := rand.New(rand.NewPCG(3, 4))
	stamp := uint32(1)
	tables := []*slots{{stamp: stamp}}
	models := []map[int64]int32{{}}
	for i := range 50000 {
		n := rng.IntN(len(tables))
		if i%500 == 0 && len(tables) < 50 {
			child := new(slots)
			stamp += 2
			child.inherit(tables[n], stamp-1, stamp)
			model := make(map[int64]int32)
			for k, v := range models[n] {
				model[k] = v
			}
			tables, models = append(tables, child), append(models, model)
		}
		fd := int64(rng.IntN(1 << rng.IntN(21)))
		if tables[n].set(fd, int32(i+1)) {
			models[n][fd] = int32(i + 1)
		}
	}
	for n, model := range models {
		seen := 0
		tables[n].each(func(fd int64, i int32) {
			seen++
			if model[fd] != i {
				t.Fatalf("table %d: %d has %d, want %d", n, fd, i, model[fd])
			}
		})
		if seen != len(model) {
			t.Errorf("table %d: %d numbers, want %d", n, seen, len(model))
		}
		for fd, i := range model {
			if got := tables[n].get(fd); got != i {
				t.Fatalf("table %d: %d has %d, want %d", n, fd, got, i)
			}
		}
	}
}

// TestReadersDuringThePass asks views for what rows said, while the tracker goes on.
func TestReadersDuringThePass(t *testing.T) {
	src, err := scap.Open("../../testdata/captures/tour-old.scap")
	if err != nil {
		t.Fatal(err)
	}
	defer src.Close()
	type fact struct {
		row Row
		tid int64
		num uint32
	}
	type batch struct {
		view  View
		facts []fact
	}
	work := make(chan batch, 64)
	var readers sync.WaitGroup
	for range 2 {
		readers.Go(func() {
			for b := range work {
				for _, f := range b.facts {
					if f.row.Thread == NoThread {
						continue
					}
					id := b.view.ThreadAt(f.tid, f.num)
					if id != f.row.Thread {
						t.Errorf("event %d: thread %d, the row said %d", f.num, id, f.row.Thread)
					}
					_ = b.view.Threads[id].Comm
					b.view.ParentPID(id, f.num)
					if ref := b.view.FDAt(id, f.row.FD, f.num); f.row.FDRef > UnknownFD && ref >= 0 {
						_ = b.view.Names[b.view.FDs[ref].Name]
						b.view.Ends(ref)
					}
					b.view.UserName("", b.view.Threads[id].UID, f.num)
				}
			}
		})
	}
	tr, r := New(), scap.NewReader(src)
	var num uint32
	var b batch
	for {
		kind, err := r.Next()
		if err != nil {
			break
		}
		if kind != scap.KindEvent {
			tr.Block(kind, r)
			continue
		}
		num++
		row := tr.Event(&r.Event, num)
		b.facts = append(b.facts, fact{row, r.Event.TID, num})
		if len(b.facts) == 50 {
			b.view = tr.View()
			work <- b
			b = batch{}
		}
	}
	close(work)
	readers.Wait()
}

// TestHistoryAgreesWithRows checks that what rows say can be looked up again afterwards.
func TestHistoryAgreesWithRows(t *testing.T) {
	for _, name := range []string{"fifo-old", "fifo-new", "tour-old", "tour-new"} {
		src, err := scap.Open("../../testdata/captures/" + name + ".scap")
		if err != nil {
			t.Fatal(err)
		}
		type fact struct {
			row Row
			tid int64
		}
		var facts []fact
		tr := walk(src, &libs0254, func(p *printed) { facts = append(facts, fact{p.row, p.e.TID}) })
		nums := 0
		walk(src, &libs0254, func(p *printed) {
			f := facts[nums]
			nums++
			if got := tr.ThreadAt(f.tid, p.num); f.row.Thread != NoThread && got != f.row.Thread {
				t.Fatalf("%s: event %d: thread %d, want %d", name, p.num, got, f.row.Thread)
			}
			if f.row.FDRef <= UnknownFD || tr.FDs()[f.row.FDRef].Origin == FDAttempt {
				return
			}
			got := tr.FDAt(f.row.Thread, f.row.FD, p.num)
			if got != f.row.FDRef && p.e.Type != scap.SocketConnectX && p.e.Type != scap.SocketSocketpairX {
				t.Fatalf("%s: event %d %s: descriptor %d, want %d", name, p.num, p.e.Info().Name, got, f.row.FDRef)
			}
		})
		src.Close()
	}
}
