package storage

import (
	"github.com/apache/arrow/go/v17/arrow"

	"tq/storage/state"
)

// execution is how long threads ran, as far as switches tell: from the switch before on
// the same CPU, whatever thread that went over to.
type execution struct {
	num    []uint32 // of switches
	ran    []int64
	totals map[state.LifeID][]total // of known threads
}

// total is how long a thread has run up to a switch.
type total struct {
	num uint32
	ran int64
}

func executionOf(k *known) *execution {
	x := &execution{totals: make(map[state.LifeID][]total)}
	switches := k.kindsThat((*eventKind).isSwitch)
	var last []int64 // by CPU
	section := 0
	for _, b := range k.batches {
		if b.section != section {
			section = b.section
			clear(last)
		}
		for i, kind := range b.kind {
			if !switches[kind] {
				continue
			}
			ran := int64(0)
			for int(b.cpu[i]) >= len(last) {
				last = append(last, 0)
			}
			if since := &last[b.cpu[i]]; *since != 0 {
				ran = b.ts[i] - *since
			}
			last[b.cpu[i]] = b.ts[i]
			x.num, x.ran = append(x.num, b.num[i]), append(x.ran, ran)
			if id := b.thread[i]; id >= 0 {
				life := k.Threads[id].Life
				totals := x.totals[life]
				if n := len(totals); n > 0 {
					ran += totals[n-1].ran
				}
				x.totals[life] = append(totals, total{b.num[i], ran})
			}
		}
	}
	return x
}

// execTimes is how long the threads ran that leave a CPU.
func execTimes(r eventRows) arrow.Array {
	x := r.execution()
	out := newNullable[int64](r.len())
	for i, num := range r.nums() {
		ran := int64(0)
		if at, ok := searchLast(len(x.num), func(i int) bool { return x.num[i] <= num }); ok && x.num[at] == num {
			ran = x.ran[at]
		}
		out.set(i, ran)
	}
	return out.array(duration)
}

// totalExecTimes is how long threads have run.
func totalExecTimes(r eventRows) arrow.Array {
	x, threads := r.execution(), r.threads()
	out := newNullable[int64](r.len())
	for i, num := range r.nums() {
		if threads[i] < 0 {
			continue
		}
		ran := int64(0)
		totals := x.totals[r.Threads[threads[i]].Life]
		if at, ok := searchLast(len(totals), func(i int) bool { return totals[i].num <= num }); ok {
			ran = totals[at].ran
		}
		out.set(i, ran)
	}
	return out.array(duration)
}
