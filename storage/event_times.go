package storage

import (
	"strconv"
	"time"

	"github.com/apache/arrow/go/v17/arrow"

	"tq/functions/kernel"
	"tq/storage/scap"
)

// A span is a length of time for each event of a run, in ns.
type span func(eventRows) nullable[int64]

func durations64(of span) func(eventRows) arrow.Array {
	return func(r eventRows) arrow.Array {
		c := of(r)
		return c.array(duration)
	}
}

// seconds is the whole seconds of a span.
func seconds(of span) func(eventRows) arrow.Array {
	return func(r eventRows) arrow.Array {
		c := of(r)
		for i, v := range c.values {
			c.values[i] = v / int64(time.Second)
		}
		return c.array(bigint)
	}
}

// fractions is what is left of a span after its whole seconds.
func fractions(of span) func(eventRows) arrow.Array {
	return func(r eventRows) arrow.Array {
		c := of(r)
		for i, v := range c.values {
			c.values[i] = v % int64(time.Second)
		}
		return c.array(bigint)
	}
}

func sinceEpoch(r eventRows) nullable[int64] {
	out := newNullable[int64](r.len())
	for i, ts := range r.times() {
		out.set(i, ts)
	}
	return out
}

// sinceStart is the time since the first event of the file, shown or not, that is not
// about the initial state.
func sinceStart(r eventRows) nullable[int64] {
	start := r.start()
	out := newNullable[int64](r.len())
	for i, ts := range r.times() {
		out.set(i, ts-start)
	}
	return out
}

// firstTime returns when the first event happened that is not about the initial state.
func firstTime(source *scap.Source) int64 {
	reader := scap.NewReader(source)
	for {
		kind, err := reader.Next()
		if err != nil {
			return 0
		}
		if e := &reader.Event; kind == scap.KindEvent && !tellsInitialState(e.Type) {
			return e.TS
		}
	}
}

func tellsInitialState(code uint16) bool {
	switch code {
	case scap.ContainerE, scap.ContainerJsonE, scap.ContainerJsonV2E, scap.AsynceventE,
		scap.UserAddedE, scap.UserDeletedE, scap.GroupAddedE, scap.GroupDeletedE:
		return true
	}
	return false
}

// sinceLast is the time since the event that stands before in the file, 0 for the first.
func sinceLast(r eventRows) nullable[int64] {
	out := newNullable[int64](r.len())
	for i := range out.values {
		b, row := r.at(i)
		before := b.ts[row]
		if row > 0 {
			before = b.ts[row-1]
		} else if last, ok := r.batchBefore(b); ok {
			before = last.ts[len(last.ts)-1]
		}
		out.set(i, b.ts[row]-before)
	}
	return out
}

// batchBefore returns the batch that comes before one; false for the first.
func (k *known) batchBefore(b *eventBatch) (*eventBatch, bool) {
	i, ok := searchLast(len(k.batches), func(i int) bool { return k.batches[i].num[0] < b.num[0] })
	if !ok {
		return nil, false
	}
	return k.batches[i], true
}

// latencies is how long the calls took that return; 0 for all other events, as sysdig has
// it.
func latencies(r eventRows) nullable[int64] {
	out := callTimes(r)
	returns := r.kindsThat(func(k *eventKind) bool { return k.call() && !k.Enter })
	for i, k := range r.kindIDs() {
		if !returns[k] {
			out.set(i, 0)
		}
	}
	return out
}

// waitLatencies is how long the calls took that wait.
func waitLatencies(r eventRows) arrow.Array {
	took := callTimes(r)
	waits := r.kindsThat(func(k *eventKind) bool { return !k.Enter && k.is(scap.FlagWaits) })
	out := newNullable[int64](r.len())
	for i, k := range r.kindIDs() {
		if waits[k] && took.valid.Get(i) {
			out.set(i, took.values[i])
		}
	}
	return out.array(duration)
}

// latencyTexts is latencies as people read them.
func latencyTexts(r eventRows) arrow.Array {
	took := latencies(r)
	b := kernel.NewStringBuilder(r.len())
	for i, ns := range took.values {
		if took.valid.Get(i) {
			b.SetBuffer(appendHuman(b.Buffer(), uint64(ns)))
		} else {
			b.AppendNull()
		}
	}
	return finish(b, varchar)
}

// humanUnits are the units of times for people, with the time from which each is used,
// and whether two digits follow the point then.
var humanUnits = []struct {
	from, ns uint64
	digits   bool
	name     string
}{
	{1e9, 1e9, true, "s"},
	{1e7, 1e6, false, "ms"},
	{1e6, 1e6, true, "ms"},
	{1e4, 1e3, false, "us"},
	{1e3, 1e3, true, "us"},
}

// appendHuman appends a time in the unit that fits.
func appendHuman(dst []byte, ns uint64) []byte {
	for _, u := range humanUnits {
		if ns < u.from {
			continue
		}
		dst = strconv.AppendUint(dst, ns/u.ns, 10)
		if u.digits {
			hundredths := ns % u.ns / (u.ns / 100)
			dst = append(dst, '.', byte('0'+hundredths/10), byte('0'+hundredths%10))
		}
		return append(dst, u.name...)
	}
	return append(strconv.AppendUint(dst, ns, 10), "ns"...)
}

// eventSecond is the time of an event without the fraction of the second.
func eventSecond(r eventRows) arrow.Array {
	out := make([]int64, r.len())
	for i, ts := range r.times() {
		out[i] = time.Unix(0, ts).Truncate(time.Second).UnixNano()
	}
	return kernel.FromValues(timestamp, out, kernel.Validity{})
}

// eventISOTime is the time of an event as text.
func eventISOTime(r eventRows) arrow.Array {
	b := kernel.NewStringBuilder(r.len())
	for _, ts := range r.times() {
		b.SetBuffer(time.Unix(0, ts).UTC().AppendFormat(b.Buffer(), "2006-01-02T15:04:05.000000000-0700"))
	}
	return finish(b, varchar)
}

// elapsed returns the time between two times; false when it is too long for a duration,
// as between times of a damaged capture.
func elapsed(from, to int64) (int64, bool) {
	d := to - from
	return d, (d < 0) == (to < from)
}
