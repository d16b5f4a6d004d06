package storage

import (
	"strconv"
	"strings"

	"github.com/apache/arrow/go/v17/arrow"

	"tq/functions/kernel"
	"tq/storage/scap"
)

// The columns below decode events again.

// eventComment is what an editor has attached to the event's block.
func eventComment(r eventRows) arrow.Array {
	every := func(*eventKind) bool { return true }
	return payloadTexts(r, every, func(dst []byte, i int, e *scap.Event) ([]byte, bool) {
		b, _ := r.at(i)
		comments := scap.EventComments(r.payload, e.Offset, b.swapped)
		return append(dst, strings.Join(comments, commentSeparator)...), len(comments) > 0
	})
}

// commentSeparator stands between several comments on one thing.
const commentSeparator = "; "

// results returns what the calls that return in a run returned.
func results(r eventRows) nullable[int64] {
	out := newNullable[int64](r.len())
	returns := func(k *eventKind) bool { return k.call() && !k.Enter && k.Code != scap.GenericX }
	r.each(returns, func(i int, e *scap.Event) {
		if raw, ok := scap.RawRes(e); ok {
			out.set(i, raw)
		}
	})
	return out
}

// eventRes is the result as evt.res prints it.
func eventRes(r eventRows) arrow.Array {
	raw := results(r)
	return r.reading.results.column(len(raw.values),
		func(i int) (int64, bool) { return min(raw.values[i], 0), raw.valid.Get(i) },
		func(raw int64) string {
			if raw == 0 {
				return "SUCCESS"
			}
			return errorText(raw)
		})
}

func eventErrno(r eventRows) arrow.Array {
	raw := results(r)
	return r.reading.errnos.column(len(raw.values),
		func(i int) (int64, bool) { return raw.values[i], raw.valid.Get(i) && raw.values[i] < 0 },
		errorText)
}

// errorText is the name of the error that a negative result stands for.
func errorText(raw int64) string {
	if name := scap.ErrnoName(raw); name != "" {
		return name
	}
	return strconv.FormatInt(raw, 10)
}

func eventRawRes(r eventRows) arrow.Array {
	raw := results(r)
	return raw.array(bigint)
}

func eventFailed(r eventRows) arrow.Array {
	raw := results(r)
	out := make([]bool, len(raw.values))
	for i, v := range raw.values {
		out[i] = v < 0
	}
	return kernel.FromBools(out, raw.validity())
}

// eventBytes is how much a call has read or written.
func eventBytes(r eventRows) arrow.Array {
	out := newNullable[int64](r.len())
	moves := func(k *eventKind) bool {
		return k.call() && !k.Enter && k.is(scap.FlagReadsFromFD|scap.FlagWritesToFD)
	}
	r.each(moves, func(i int, e *scap.Event) {
		if raw, ok := scap.RawRes(e); ok && raw >= 0 {
			out.set(i, raw)
		}
	})
	return out.array(bigint)
}

// eventLatency is the time between the start of a call and its return.
func eventLatency(r eventRows) arrow.Array {
	c := callTimes(r)
	return c.array(duration)
}

// callTimes is how long calls took, by their exit events.
func callTimes(r eventRows) nullable[int64] {
	out := newNullable[int64](r.len())
	var e scap.Event
	for i := range out.values {
		b, row := r.at(i)
		enter, ok := b.enterOf(row)
		if !ok || r.dropped(enter, b.offsetOf(row)) {
			continue
		}
		if !e.Read(r.payload, enter, b.swapped) {
			continue
		}
		if d, ok := elapsed(e.TS, b.ts[row]); ok {
			out.set(i, d)
		}
	}
	return out
}

// dropped reports whether the recorder lost events between two, by their offsets.
func (k *known) dropped(from, to int64) bool {
	i, ok := searchLast(len(k.drops), func(i int) bool { return k.drops[i] <= to })
	return ok && k.drops[i] >= from
}

func eventData(r eventRows) arrow.Array {
	b := kernel.NewStringBuilder(r.len())
	at := r.positions("data")
	var e scap.Event
	for i := range r.len() {
		batch, row := r.at(i)
		p := at[batch.kind[row]]
		if p < 0 {
			b.AppendNull()
			continue
		}
		ok := batch.read(row, r.payload, &e)
		if data, there := e.Bytes(int(p)); ok && there {
			b.AppendBytes(data)
		} else {
			b.AppendNull()
		}
	}
	return finish(b, blob)
}

func eventVMSize(r eventRows) arrow.Array {
	c := argInts(r, "vm_size")
	return c.array(bigint)
}

func eventVMRSS(r eventRows) arrow.Array {
	c := argInts(r, "vm_rss")
	return c.array(bigint)
}

// switchTargets returns the threads that the switches of a run go over to.
func switchTargets(r eventRows) nullable[int64] {
	out := newNullable[int64](r.len())
	r.each((*eventKind).isSwitch, func(i int, e *scap.Event) {
		if next, ok := e.Int(0); ok {
			out.set(i, next)
		}
	})
	return out
}

func eventNextTid(r eventRows) arrow.Array {
	c := switchTargets(r)
	return c.array(bigint)
}

func eventNextProc(r eventRows) arrow.Array {
	next, nums := switchTargets(r), r.nums()
	codes, values, _ := r.reading.comm.of(r.Threads)
	for i := range next.values {
		code := int32(0)
		if next.valid.Get(i) {
			if id := r.ThreadAt(next.values[i], nums[i]); id >= 0 {
				code = codes[id]
			}
		}
		next.values[i] = int64(code)
	}
	out := make([]int32, len(next.values))
	for i, c := range next.values {
		out[i] = int32(c)
	}
	return kernel.FromCodes(out, next.validity(), values)
}
