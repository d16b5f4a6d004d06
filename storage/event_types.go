package storage

import (
	"math"

	"tq/storage/scap"
)

// eventTypesTable counts the events by their type.
var eventTypesTable = table[records[kindUse]]{
	name: "event_types",
	row:  "one type of event that occurs in the captures",
	open: recordsOf((*Capture).kindUses),
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
	kind        *eventKind
	count       int64
	first, last int64
}

// kindUses returns the types that occur, in the order of their codes.
func (c *Capture) kindUses() []kindUse {
	return c.uses.get(func() []kindUse {
		k := c.last
		all := make([]kindUse, len(k.kinds))
		for i := range all {
			all[i] = kindUse{kind: &k.kinds[i], first: math.MaxInt64, last: math.MinInt64}
		}
		for _, b := range k.batches {
			for i, kind := range b.kind {
				u, ts := &all[kind], b.ts[i]
				u.count++
				u.first, u.last = min(u.first, ts), max(u.last, ts)
			}
		}
		used := all[:0]
		for _, u := range all {
			if u.count > 0 {
				used = append(used, u)
			}
		}
		return used
	})
}
