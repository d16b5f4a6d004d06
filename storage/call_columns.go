package storage

import (
	"strings"

	"github.com/apache/arrow/go/v17/arrow"

	"tq/functions/kernel"
	"tq/storage/scap"
)

// The columns below are of calls as a whole.

// ended keeps the values of the calls whose end the capture holds.
func ended[V kernel.Fixed](r callRows, values []V, typ arrow.DataType) arrow.Array {
	valid := kernel.NewBitmap(len(values))
	for i, end := range r.ends {
		if end != noRow {
			valid.Set(i)
		}
	}
	return kernel.FromValues(typ, values, kernel.NewValidity(valid, len(values)))
}

func callExitNum(r callRows) arrow.Array {
	out := make([]int64, r.len())
	for i, num := range r.last().nums() {
		out[i] = int64(num)
	}
	return ended(r, out, bigint)
}

func callEnd(r callRows) arrow.Array { return ended(r, r.last().times(), timestamp) }

func callExitCPU(r callRows) arrow.Array {
	out, last := newNullable[int32](r.len()), r.last()
	for i, cpu := range last.cpus() {
		if r.ends[i] != noRow && last.hasCPU(cpu) {
			out.set(i, int32(cpu))
		}
	}
	return out.array(integer)
}

// callSourceKind is what a call's row is made of.
type callSourceKind uint8

const (
	fromPair callSourceKind = iota
	fromExit
	unfinished
	crossedDrop
)

var callSourceNames = [...]string{
	fromPair: "pair", fromExit: "exit_only", unfinished: "unfinished", crossedDrop: "crossed_drop",
}

// source says what the row of a call is made of.
func (r callRows) source(i int) callSourceKind {
	start, end := r.starts[i], r.ends[i]
	k := r.reading.last
	switch {
	case start == noRow:
		return fromExit
	case end == noRow:
		return unfinished
	case k.dropped(k.offsetOf(start), k.offsetOf(end)):
		return crossedDrop
	}
	return fromPair
}

// callSources is the dictionary of dur_source.
var callSources = words(callSourceNames[:])

func callSource(r callRows) arrow.Array {
	out := make([]int32, r.len())
	for i := range out {
		out[i] = int32(r.source(i))
	}
	return kernel.FromCodes(out, kernel.Validity{}, callSources)
}

func callDuration(r callRows) arrow.Array {
	from, to := r.first().times(), r.last().times()
	out := newNullable[int64](r.len())
	for i := range out.values {
		if r.source(i) != fromPair {
			continue
		}
		if d, ok := elapsed(from[i], to[i]); ok {
			out.set(i, d)
		}
	}
	return out.array(duration)
}

// callArgs is the arguments of both events. Recorders of later years repeat those of the
// start at the end: then they are the end's alone.
func callArgs(r callRows) arrow.Array {
	b := kernel.NewStringBuilder(r.len())
	starts, ends := resolver{eventRows: r.first()}, resolver{eventRows: r.last()}
	start, end := new(scap.Event), new(scap.Event)
	for i := range r.len() {
		buf := b.Buffer()
		mark := len(buf)
		ok := ends.read(i, end)
		if r.starts[i] != noRow && r.ends[i] != noRow {
			if starts.read(i, start) && !(ok && repeats(end, start)) {
				buf = starts.appendArgs(buf, start)
			}
		}
		if ok {
			gap := len(buf)
			if gap > mark {
				buf = append(buf, ' ')
			}
			before := len(buf)
			if buf = ends.appendArgs(buf, end); len(buf) == before {
				buf = buf[:gap]
			}
		}
		b.SetBuffer(buf)
	}
	return finish(b, varchar)
}

// repeats reports whether an event has all the parameters of another.
func repeats(e, other *scap.Event) bool {
	for i, p := range other.Info().Params {
		if i >= other.NParams {
			break
		}
		if at := e.Param(p.Name); at < 0 || at >= e.NParams {
			return false
		}
	}
	return true
}

// callField resolves the name of a single argument of calls.
func callField(name string) (column[callRows], bool) {
	param, ok := strings.CutPrefix(name, argPrefix)
	if !ok {
		return column[callRows]{}, false
	}
	c, ok := argField(name, param)
	return column[callRows]{c.name, c.typ, c.show, c.doc, func(r callRows) arrow.Array {
		return coalesce(c.build(r.last()), c.build(r.first()))
	}}, ok
}

// coalesce takes the values of a second column where the first is NULL.
func coalesce(a, b arrow.Array) arrow.Array {
	va, vb := kernel.ValidityOf(a), kernel.ValidityOf(b)
	if va.Nulls == 0 {
		return a
	}
	n := a.Len()
	rows := make([]int32, n)
	for i := range rows {
		rows[i] = int32(i)
		if !va.Valid(i) && vb.Valid(i) {
			rows[i] += int32(n)
		}
	}
	all, err := kernel.Concat([]arrow.Array{a, b})
	if err != nil {
		panic(buildError{err})
	}
	return kernel.Take(all, rows)
}
