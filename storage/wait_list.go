package storage

import (
	"cmp"
	"slices"

	"tq/storage/state"
)

// wait is the time that a thread is off the CPUs: from the switch at which it leaves one to
// the switch that goes over to it.
type wait struct {
	left       int32 // the stay on a CPU that ends where the wait begins
	back       int32 // the stay that begins where it ends; noStay when that is not known
	call       int32 // the call that was open; noCall when there was none or it is not known
	reason     reason
	confidence confidence
}

const (
	noStay = -1
	noCall = -1
)

// waitList returns the waits of the capture, which must be loaded, in the order of their
// starts.
func (r *reading) waitList() []wait {
	return r.waits.get(func() []wait {
		waits := followLeavers(r.last, r.stayList())
		newReasonFinder(r).explain(waits)
		return waits
	})
}

// followLeavers pairs each switch at which a thread leaves a CPU with the one at which it
// comes back. Where its next stay has no known start, or events were lost in between, it
// may have come back before: then that is not known.
func followLeavers(k *known, stays *stayList) []wait {
	var waits []wait
	for _, list := range staysByLife(k, stays) {
		for n, i := range list {
			s := &stays.rows[i]
			if s.end == noRow {
				continue
			}
			w := wait{left: i, back: noStay, call: noCall}
			if n+1 < len(list) {
				next := &stays.rows[list[n+1]]
				if next.start != noRow && k.compareRows(s.end, next.start) <= 0 && !k.lostBetween(s.end, next.start) {
					w.back = list[n+1]
				}
			}
			waits = append(waits, w)
		}
	}
	slices.SortFunc(waits, func(a, b wait) int { return k.compareRows(stays.rows[a.left].end, stays.rows[b.left].end) })
	return waits
}

// lostBetween reports whether the recorder lost events between two rows.
func (k *known) lostBetween(from, to rowRef) bool {
	return len(k.drops) > 0 && k.dropped(k.offsetOf(from), k.offsetOf(to))
}

// staysByLife returns the stays of each thread but the idle ones, in the order of what is
// seen of them first. Those of threads of which nothing is known are lists of their own.
func staysByLife(k *known, stays *stayList) [][]int32 {
	lives := make([]state.LifeID, len(stays.rows))
	for i := range stays.rows {
		lives[i] = state.NoLife
		if s := &stays.rows[i]; !s.idle() {
			lives[i] = k.lifeOf(s.thread)
		}
	}
	groups := groupByLife(lives)
	for i, life := range lives {
		if life == state.NoLife && !stays.rows[i].idle() {
			groups = append(groups, []int32{int32(i)})
		}
	}
	for _, g := range groups {
		k.sortByTime(g, func(i int32) rowRef { return stays.rows[i].seen() })
	}
	return groups
}

// groupByLife returns the indexes of the elements that belong to each life, in order.
func groupByLife(lives []state.LifeID) [][]int32 {
	var counts []int32
	total := 0
	for _, life := range lives {
		if life == state.NoLife {
			continue
		}
		for int(life) >= len(counts) {
			counts = append(counts, 0)
		}
		counts[life]++
		total++
	}
	all := make([]int32, 0, total)
	groups := make([][]int32, len(counts))
	for life, n := range counts {
		at := len(all)
		all = all[:at+int(n)]
		groups[life] = all[at:at:len(all)]
	}
	for i, life := range lives {
		if life != state.NoLife {
			groups[life] = append(groups[life], int32(i))
		}
	}
	return groups
}

// sortByTime sorts elements by the rows that they stand for. They are nearly so: events of
// a thread that has changed CPUs may stand in the file a little out of order.
func (k *known) sortByTime(list []int32, row func(int32) rowRef) {
	byTime := func(a, b int32) int { return k.compareRows(row(a), row(b)) }
	if !slices.IsSortedFunc(list, byTime) {
		slices.SortFunc(list, byTime)
	}
}

// compareRows orders rows by time, then as the file has them.
func (k *known) compareRows(a, b rowRef) int {
	return cmp.Or(cmp.Compare(k.timeOf(a), k.timeOf(b)), cmp.Compare(a, b))
}
