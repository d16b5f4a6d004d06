package storage

import (
	"context"
	"io"

	"github.com/apache/arrow/go/v17/arrow"

	"tq/functions/kernel"
)

// waitsTable holds what threads did off the CPUs. A switch event tells who left and who came,
// but neither whether the one who left could have gone on nor who woke it up: why it left
// is inferred from its calls, see [reasonFinder].
var waitsTable = table[waitRows]{
	name:   "waits",
	row:    "one stay of a thread off the CPUs, from the switch at which it left to the one at which it came back",
	order:  "ts",
	sorted: map[string]func(*reading) bool{"ts": always},
	open:   openWaits,
	needs:  waitNeed,
	columns: []column[waitRows]{
		{"capture", symbol, shown, "Name of the capture the row comes from.", left(stayCapture)},
		{"ts", timestamp, shown, "When the thread left the CPU.", left(stayEnd)},
		{"dur", duration, shown, "How long it was off the CPUs; NULL where the capture does not hold that.", waitDuration},
		{"end_ts", timestamp, shown, "When it got a CPU again; NULL where it never did, or the capture lacks that switch.", waitEnd},
		{"proc", symbol, shown, "Name of the thread (comm); empty where the capture does not know it.", left(stayProc)},
		{"pid", bigint, shown, "Id of the thread's process.", left(stayPid)},
		{"tid", bigint, shown, "Id of the thread.", left(stayTid)},
		{"reason", symbol, shown, "Why it was off, as far as can be told: blocked, in a call or, where syscall is NULL, outside of any or in one that is not known; preempted by the thread that took the CPU; exited; unknown.", waitReason},
		{"syscall", symbol, shown, "Name of the call that was open; NULL where there was none or it is not known.", during(eventType)},
		{"fd", bigint, shown, "Number of the file descriptor that call is about.", during(eventFD)},
		{"fd_name", symbol, shown, "What the file descriptor stands for: the file, or both ends of the connection.", during(eventFDName)},
		{"taken_by_proc", symbol, shown, "Name of the thread that got the CPU; swapper/N when nobody wanted it.", left(stayNextProc)},
		{"taken_by_tid", bigint, shown, "Id of the thread that got the CPU; 0 when nobody wanted it.", left(stayNextTid)},
		{"confidence", symbol, hidden, "How well the reason is founded: high, medium or low; NULL where it is unknown.", waitConfidence},
		{"cpu_from", integer, hidden, "The CPU that the thread left.", left(stayCPU)},
		{"cpu_to", integer, hidden, "The CPU that it got; NULL where that is not known.", waitCPU},
		{"utid", bigint, hidden, "Number of the thread, unique where ids are used again.", left(stayUtid)},
		{"upid", bigint, hidden, "Number of the process, unique where ids are used again.", left(stayUpid)},
	},
}

// waitRows is a run of waits.
type waitRows struct {
	reading *reading
	*known
	rows []wait
}

func (r waitRows) len() int { return len(r.rows) }

func (r waitRows) pick(rows []int32) waitRows {
	r.rows = gather(r.rows, rows)
	return r
}

// openWaits reads the waits of a capture.
func openWaits(r *reading, _ []Pred) runs[waitRows] {
	next := 0
	return func(ctx context.Context) (waitRows, error) {
		if err := r.wait(ctx); err != nil {
			return waitRows{}, err
		}
		rows := r.waitList()
		if next >= len(rows) {
			return waitRows{}, io.EOF
		}
		to := min(next+batchRows, len(rows))
		waits := waitRows{r, r.last, rows[next:to]}
		next = to
		return waits, ctx.Err()
	}
}

// left builds a column of waits from the stays on a CPU that they follow.
func left(build func(stayRows) arrow.Array) func(waitRows) arrow.Array {
	return func(r waitRows) arrow.Array {
		stays := r.reading.stayList().rows
		rows := make([]stay, len(r.rows))
		for i, w := range r.rows {
			rows[i] = stays[w.left]
		}
		return build(stayRows{r.reading, r.known, rows})
	}
}

// during builds a column of waits from the calls that were open; NULL where none was.
func during(build func(eventRows) arrow.Array) func(waitRows) arrow.Array {
	return func(r waitRows) arrow.Array {
		calls, stays := r.reading.callList(), r.reading.stayList().rows
		refs, rows := make([]rowRef, len(r.rows)), make([]int32, len(r.rows))
		valid := kernel.NewBitmap(len(r.rows))
		for i, w := range r.rows {
			rows[i] = int32(i)
			if w.call == noCall {
				refs[i] = stays[w.left].end
				continue
			}
			valid.Set(i)
			if refs[i] = calls.ends[w.call]; refs[i] == noRow {
				refs[i] = calls.starts[w.call]
			}
		}
		a := build(eventRows{reading: r.reading, known: r.known, refs: refs})
		return onlyWhere(a, valid)
	}
}

// onlyWhere makes the other rows of a column NULL.
func onlyWhere(a arrow.Array, rows kernel.Bitmap) arrow.Array {
	n := a.Len()
	valid := kernel.NewBitmap(n)
	was := kernel.ValidityOf(a)
	for i := range n {
		if rows.Get(i) && was.Valid(i) {
			valid.Set(i)
		}
	}
	return kernel.WithValidity(a, kernel.NewValidity(valid, n))
}

// backColumn builds a column of a value of the stay at which each thread is back.
func backColumn[V kernel.Fixed](r waitRows, typ arrow.DataType, value func(left, back *stay) (V, bool)) arrow.Array {
	stays := r.reading.stayList().rows
	out := newNullable[V](len(r.rows))
	for i, w := range r.rows {
		if w.back == noStay {
			continue
		}
		if v, ok := value(&stays[w.left], &stays[w.back]); ok {
			out.set(i, v)
		}
	}
	return out.array(typ)
}

func waitEnd(r waitRows) arrow.Array {
	return backColumn(r, timestamp, func(_, back *stay) (int64, bool) { return r.timeAt(back.start) })
}

func waitDuration(r waitRows) arrow.Array {
	return backColumn(r, duration, func(left, back *stay) (int64, bool) {
		return elapsed(r.timeOf(left.end), r.timeOf(back.start))
	})
}

func waitCPU(r waitRows) arrow.Array {
	return backColumn(r, integer, func(_, back *stay) (int32, bool) {
		cpu := r.cpuOf(back)
		return int32(cpu), r.hasCPU(cpu)
	})
}

var (
	reasonWords     = words(reasonNames[:])
	confidenceWords = words(confidenceNames[:])
)

func waitReason(r waitRows) arrow.Array {
	out := make([]int32, len(r.rows))
	for i, w := range r.rows {
		out[i] = int32(w.reason)
	}
	return kernel.FromCodes(out, kernel.Validity{}, reasonWords)
}

func waitConfidence(r waitRows) arrow.Array {
	out := newNullable[int32](len(r.rows))
	for i, w := range r.rows {
		if w.reason != unknownReason {
			out.set(i, int32(w.confidence))
		}
	}
	return kernel.FromCodes(out.values, out.validity(), confidenceWords)
}
