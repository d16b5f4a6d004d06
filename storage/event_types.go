package storage

import (
	"math"

	"tq/storage/scap"
)

// eventTypesTable counts the events by their type.
var eventTypesTable = table[records[kindUse]]{
	name:  "event_types",
	row:   "one type of event that occurs in the captures",
	open:  recordsOf((*reading).kindUses),
	needs: needNothing,
	columns: []column[records[kindUse]]{
		{"capture", symbol, shown, "Name of the capture the row comes from.", recordCapture[kindUse]},
		{"name", varchar, shown, "Name of the type, as in events.type.", texts(func(u *kindUse) (string, bool) { return some(u.kind.name) })},
		{"category", varchar, shown, "Kind of work the events stand for.", texts(func(u *kindUse) (string, bool) { return some(u.kind.Category.String()) })},
		{"dir", varchar, shown, "'>' or '<', as in events.dir.", texts(func(u *kindUse) (string, bool) { return some(u.kind.dir()) })},
		{"count", bigint, shown, "How many events are of the type.", ints(func(u *kindUse) (int64, bool) { return some(u.count) })},
		{"first_ts", timestamp, shown, "Time of the first of them.", times(func(u *kindUse) (int64, bool) { return some(u.first) })},
		{"last_ts", timestamp, shown, "Time of the last of them.", times(func(u *kindUse) (int64, bool) { return some(u.last) })},
		{"source", varchar, hidden, "Where the events come from: syscall, tracepoint, meta, plugin or iter.", texts(func(u *kindUse) (string, bool) { return nonEmpty(sourceNames[u.kind.Source]) })},
		{"code", bigint, hidden, "Number of the type in captures.", ints(func(u *kindUse) (int64, bool) { return some(int64(u.kind.Code)) })},
	},
}

var sourceNames = [...]string{
	scap.SourceNone: "", scap.SourceSyscall: "syscall", scap.SourceTracepoint: "tracepoint",
	scap.SourceMeta: "meta", scap.SourcePlugin: "plugin", scap.SourceIter: "iter",
}

// kindUse is how often the events of a type occur, and when.
type kindUse struct {
	kind *eventKind
	tally
}

// kindUses returns the types that occur, in the order of their codes.
func (r *reading) kindUses() []kindUse {
	return r.uses.get(func() []kindUse {
		var used []kindUse
		for i, t := range r.found.tallies {
			if t.count > 0 {
				used = append(used, kindUse{&r.last.kinds[i], t})
			}
		}
		return used
	})
}

// printed returns how many events are shown.
func (r *reading) printed() (n int64) {
	for _, t := range r.found.tallies {
		n += t.count
	}
	return n
}

// tally is how many events of a kind are shown, and the range of their times.
type tally struct{ count, first, last int64 }

func newTally() tally { return tally{first: math.MaxInt64, last: math.MinInt64} }

// merge adds what another tally has counted.
func (t *tally) merge(o tally) {
	t.count += o.count
	t.first, t.last = min(t.first, o.first), max(t.last, o.last)
}

// add counts an event.
func (t *tally) add(ts int64) {
	t.count++
	t.first, t.last = min(t.first, ts), max(t.last, ts)
}

// timeRange returns the range of the times of events that carry their time; false when
// there are none.
func (r *reading) timeRange() (first, last int64, ok bool) {
	first, last = math.MaxInt64, math.MinInt64
	for i, t := range r.found.tallies {
		if !r.last.kinds[i].timeless {
			first, last = min(first, t.first), max(last, t.last)
		}
	}
	if first > last {
		return 0, 0, false
	}
	return first, last, true
}
