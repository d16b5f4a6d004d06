package storage

import (
	"strconv"
	"sync"

	"github.com/apache/arrow/go/v17/arrow"

	"tq/functions/kernel"
	"tq/storage/state"
)

// schedTable holds who had which CPU when.
var schedTable = table[stayRows]{
	name:   "sched",
	row:    "one stay of a thread on a CPU, from the switch events",
	order:  "ts",
	sorted: map[string]func(*reading) bool{"ts": stayStartsAscend},
	open:   openStays,
	needs:  stayNeed,
	columns: []column[stayRows]{
		{"capture", symbol, shown, "Name of the capture the row comes from.", stayCapture},
		{"cpu", integer, shown, "The CPU.", stayCPU},
		{"ts", timestamp, shown, "When the thread got the CPU. Where the capture lacks that switch (num is NULL), the earliest it can have been: the switch before; NULL where there is none.", stayStart},
		{"dur", duration, shown, "How long it had the CPU; NULL where the capture lacks the switch at either end.", stayDuration},
		{"end_ts", timestamp, shown, "When it lost the CPU; NULL where the capture does not hold that.", stayEnd},
		{"proc", symbol, shown, "Name of the thread (comm); swapper/N when CPU N was idle; empty where the capture does not know it.", stayProc},
		{"pid", bigint, shown, "Id of the thread's process.", stayPid},
		{"tid", bigint, shown, "Id of the thread.", stayTid},
		{"next_proc", symbol, shown, "Name of the thread that got the CPU next.", stayNextProc},
		{"next_tid", bigint, shown, "Id of the thread that got the CPU next.", stayNextTid},
		{"idle", boolean, shown, "Whether the CPU had nothing to do.", stayIdle},
		{"kernel", boolean, shown, "Whether the thread is the kernel's own.", stayKernel},
		{"num", bigint, hidden, "Number of the event at which the thread got the CPU; NULL where the capture lacks it.", stayNum},
		{"end_num", bigint, hidden, "Number of the event at which it lost the CPU.", stayEndNum},
		{"utid", bigint, hidden, "Number of the thread, unique where ids are used again.", stayUtid},
		{"upid", bigint, hidden, "Number of the process, unique where ids are used again.", stayUpid},
	},
}

func stayCapture(r stayRows) arrow.Array { return r.reading.nameColumn(len(r.rows)) }

// stayColumn builds a column of a value of each stay; false is NULL.
func stayColumn[V kernel.Fixed](r stayRows, typ arrow.DataType, value func(*stay) (V, bool)) arrow.Array {
	out := newNullable[V](len(r.rows))
	for i := range r.rows {
		if v, ok := value(&r.rows[i]); ok {
			out.set(i, v)
		}
	}
	return out.array(typ)
}

func stayCPU(r stayRows) arrow.Array {
	return stayColumn(r, integer, func(s *stay) (int32, bool) {
		cpu := r.cpuOf(s)
		return int32(cpu), r.hasCPU(cpu)
	})
}

func (k *known) cpuOf(s *stay) uint16 {
	at := s.seen()
	return k.batches[at.batch()].cpu[at.row()]
}

// timeAt returns the time of a row; false when there is none.
func (k *known) timeAt(r rowRef) (int64, bool) {
	if r == noRow {
		return 0, false
	}
	return k.timeOf(r), true
}

func (k *known) numAt(r rowRef) (int64, bool) {
	if r == noRow {
		return 0, false
	}
	return int64(k.numOf(r)), true
}

func stayStart(r stayRows) arrow.Array {
	return stayColumn(r, timestamp, r.began)
}

func stayEnd(r stayRows) arrow.Array {
	return stayColumn(r, timestamp, func(s *stay) (int64, bool) { return r.timeAt(s.end) })
}

func stayNum(r stayRows) arrow.Array {
	return stayColumn(r, bigint, func(s *stay) (int64, bool) { return r.numAt(s.start) })
}

func stayEndNum(r stayRows) arrow.Array {
	return stayColumn(r, bigint, func(s *stay) (int64, bool) { return r.numAt(s.end) })
}

func stayDuration(r stayRows) arrow.Array {
	return stayColumn(r, duration, r.length)
}

// length returns how long a stay was; false where the capture lacks one of its ends: a
// bound of the start gives no duration.
func (k *known) length(s *stay) (int64, bool) {
	if s.start == noRow || s.end == noRow {
		return 0, false
	}
	return elapsed(k.timeOf(s.start), k.timeOf(s.end))
}

func stayTid(r stayRows) arrow.Array {
	return stayColumn(r, bigint, func(s *stay) (int64, bool) { return s.tid, true })
}

func stayNextTid(r stayRows) arrow.Array {
	return stayColumn(r, bigint, func(s *stay) (int64, bool) { return s.next, s.end != noRow })
}

func stayPid(r stayRows) arrow.Array {
	return stayColumn(r, bigint, func(s *stay) (int64, bool) {
		if s.thread < 0 {
			return 0, false
		}
		return nonNegative(r.Threads[s.thread].Pid)
	})
}

func stayUpid(r stayRows) arrow.Array {
	return stayColumn(r, bigint, func(s *stay) (int64, bool) {
		if s.thread < 0 {
			return 0, false
		}
		return nonNegative(int64(r.Threads[s.thread].Process))
	})
}

func stayUtid(r stayRows) arrow.Array {
	return stayColumn(r, bigint, func(s *stay) (int64, bool) {
		life := r.lifeOf(s.thread)
		return int64(life), life != state.NoLife
	})
}

// lifeOf returns the life of a row's thread.
func (k *known) lifeOf(thread int32) state.LifeID {
	switch {
	case thread >= 0:
		return k.Threads[thread].Life
	case thread == noThread:
		return state.NoLife
	}
	return strangerLife(thread)
}

// idle reports whether a stay is the idle thread's. Each CPU has one, all with tid 0.
func (s *stay) idle() bool { return s.tid == 0 }

func stayIdle(r stayRows) arrow.Array {
	out := make([]bool, len(r.rows))
	for i := range r.rows {
		out[i] = r.rows[i].idle()
	}
	return kernel.FromBools(out, kernel.Validity{})
}

func stayKernel(r stayRows) arrow.Array {
	lives := r.reading.lives()
	out := make([]bool, len(r.rows))
	for i := range r.rows {
		s := &r.rows[i]
		life := r.lifeOf(s.thread)
		out[i] = s.idle() || life != state.NoLife && lives[life].Evidence.Kernel()
	}
	return kernel.FromBools(out, kernel.Validity{})
}

func stayProc(r stayRows) arrow.Array {
	return r.reading.schedNames.column(r, func(s *stay) (tid int64, thread int32, ok bool) {
		return s.tid, s.thread, true
	})
}

func stayNextProc(r stayRows) arrow.Array {
	return r.reading.schedNames.column(r, func(s *stay) (tid int64, thread int32, ok bool) {
		return s.next, s.nextThread, s.end != noRow
	})
}

// schedNames is the dictionary of the names of threads and of idle CPUs.
type schedNames struct {
	mu      sync.Mutex
	dict    dictionary
	threads []int32 // codes by the codes of the threads' names
	cpus    []int32 // codes of idle CPUs, less one
}

// column builds the column of the names of threads that stays are or lead to.
func (n *schedNames) column(r stayRows, who func(*stay) (tid int64, thread int32, ok bool)) arrow.Array {
	comm, comms, _ := r.reading.comm.of(r.Threads)
	texts := kernel.StringsOf(comms)
	out := newNullable[int32](len(r.rows))
	n.mu.Lock()
	defer n.mu.Unlock()
	for i := len(n.threads); i < comms.Len(); i++ {
		n.threads = append(n.threads, n.dict.code(texts.At(i)))
	}
	for i := range r.rows {
		s := &r.rows[i]
		tid, thread, ok := who(s)
		switch {
		case !ok:
		case tid == 0:
			out.set(i, n.swapper(r.cpuOf(s), r.known))
		case thread >= 0:
			out.set(i, n.threads[comm[thread]])
		default:
			out.set(i, n.threads[0]) // no name
		}
	}
	return kernel.FromCodes(out.values, out.validity(), n.dict.array())
}

// swapper returns the code of the idle thread of a CPU.
func (n *schedNames) swapper(cpu uint16, k *known) int32 {
	if !k.hasCPU(cpu) {
		return n.dict.code("swapper")
	}
	for int(cpu) >= len(n.cpus) {
		n.cpus = append(n.cpus, 0)
	}
	if n.cpus[cpu] == 0 {
		n.cpus[cpu] = n.dict.code("swapper/"+strconv.Itoa(int(cpu))) + 1
	}
	return n.cpus[cpu] - 1
}
