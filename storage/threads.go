package storage

import (
	"time"

	"tq/storage/state"
)

// threadsTable holds every thread that was ever seen.
var threadsTable = table[records[threadRecord]]{
	name: "threads",
	row:  "one thread ever seen, from its first to its last event, as it was in the end",
	open: recordsOf((*reading).threadRecords),
	columns: []column[records[threadRecord]]{
		{"capture", symbol, shown, "Name of the capture the row comes from.", recordCapture[threadRecord]},
		{"utid", bigint, shown, "Number of the thread, unique where ids are used again.", ints(func(t *threadRecord) (int64, bool) { return some(int64(t.life)) })},
		{"tid", bigint, shown, "Id of the thread.", ints(func(t *threadRecord) (int64, bool) { return some(t.tid) })},
		{"pid", bigint, shown, "Id of its process; NULL where the capture does not tell.", ints(func(t *threadRecord) (int64, bool) { return nonNegative(t.Pid) })},
		{"first_ts", timestamp, shown, "Time of its first event.", times(func(t *threadRecord) (int64, bool) { return nonZero(t.first) })},
		{"last_ts", timestamp, shown, "Time of its last event.", times(func(t *threadRecord) (int64, bool) { return nonZero(t.last) })},
		{"name", varchar, shown, "Name (comm); empty where the capture does not know it.", texts(func(t *threadRecord) (string, bool) { return some(commOf(&t.Thread)) })},
		{"exe", varchar, shown, "First argument of the command line, which should be the program.", texts((*threadRecord).exe)},
		{"cmdline", varchar, shown, "Name and arguments.", texts((*threadRecord).cmdline)},
		{"cwd", varchar, shown, "Working directory.", texts(func(t *threadRecord) (string, bool) { return nonEmpty(t.cwd) })},
		{"ppid", bigint, shown, "Id of the parent process.", ints(func(t *threadRecord) (int64, bool) { return t.ppid, t.hasParent })},
		{"parent", varchar, shown, "Name of the parent process.", texts(func(t *threadRecord) (string, bool) { return t.parent, t.hasParent })},
		{"uid", bigint, shown, "Id of the user it acts as.", ints(func(t *threadRecord) (int64, bool) { return ownerID(t.UID) })},
		{"user", varchar, shown, "Name of the user it acts as.", texts(func(t *threadRecord) (string, bool) { return nonEmpty(t.user) })},
		{"gid", bigint, shown, "Id of the group it acts as.", ints(func(t *threadRecord) (int64, bool) { return ownerID(t.GID) })},
		{"container", varchar, shown, "Id of the container it runs in; NULL on the host.", texts(func(t *threadRecord) (string, bool) { return nonEmpty(t.Container) })},
		{"kernel", boolean, shown, "Whether the thread is the kernel's own.", bools(func(t *threadRecord) bool { return t.kernel })},
		{"exit_status", bigint, shown, "What it exited with; NULL while it lives.", ints(func(t *threadRecord) (int64, bool) { return t.exitStatus, t.exited })},
		{"cpu_time", duration, shown, "How long it had a CPU, as far as sched tells.", durations(func(t *threadRecord) (time.Duration, bool) { return t.cpuTime, t.stays > 0 })},
		{"events", bigint, shown, "How many events it has.", ints(func(t *threadRecord) (int64, bool) { return some(t.events) })},
		{"syscalls", bigint, shown, "How many system calls it made.", ints(func(t *threadRecord) (int64, bool) { return some(t.calls) })},
		{"switches", bigint, shown, "How often it left a CPU.", ints(func(t *threadRecord) (int64, bool) { return some(t.switches) })},
		{"exepath", varchar, hidden, "Path of the program.", texts(func(t *threadRecord) (string, bool) { return nonEmpty(t.exepath()) })},
		{"ptid", bigint, hidden, "Id of the thread that made it.", ints(func(t *threadRecord) (int64, bool) { return nonNegative(t.Ptid) })},
		{"vtid", bigint, hidden, "Its id in its own pid namespace.", ints(func(t *threadRecord) (int64, bool) { return nonNegative(t.Vtid) })},
		{"vpid", bigint, hidden, "Its process's id in its own pid namespace.", ints(func(t *threadRecord) (int64, bool) { return nonNegative(t.Vpid) })},
		{"sid", bigint, hidden, "Id of its session.", ints(func(t *threadRecord) (int64, bool) { return nonNegative(t.Sid) })},
		{"signal", bigint, hidden, "Signal that ended it.", ints(func(t *threadRecord) (int64, bool) { return nonZero(t.signal) })},
		{"listed", boolean, hidden, "Whether it is in the list of threads that the capture begins with.", bools(func(t *threadRecord) bool { return t.listed })},
		{"vm_size", bigint, hidden, "Size of its memory in kB when its program was started or listed.", ints((*threadRecord).vmSize)},
		{"fd_limit", bigint, hidden, "How many file descriptors it may have.", ints(func(t *threadRecord) (int64, bool) { return nonNegative(t.FDLimit) })},
		{"upid", bigint, hidden, "Number of its process, unique where ids are used again.", ints(func(t *threadRecord) (int64, bool) { return nonNegative(int64(t.Process)) })},
	},
}

// threadRecord is a thread and what its events sum up to.
type threadRecord struct {
	state.Thread // its last version; all unknown for a thread of which only switches were seen
	life         state.LifeID
	tid          int64
	threadUse
	cwd        string
	ppid       int64
	parent     string
	hasParent  bool
	listed     bool
	user       string
	kernel     bool
	exited     bool
	exitStatus int64
	signal     int64
}

// threadUse is what the events of a thread sum up to.
type threadUse struct {
	first, last             int64
	events, calls, switches int64
	stays                   int64
	cpuTime                 time.Duration
}

// unknownThread is a thread of which nothing is known but its id.
var unknownThread = state.Thread{
	Pid: -1, Ptid: -1, Vtid: -1, Vpid: -1, Sid: -1, FDLimit: -1, UID: noOwner, GID: noOwner, Process: -1, Life: state.NoLife,
}

func (t *threadRecord) exe() (string, bool) {
	if !hasProgram(&t.Thread) {
		return "", false
	}
	return nonEmpty(t.Exe)
}

func (t *threadRecord) cmdline() (string, bool) {
	if !hasProgram(&t.Thread) {
		return "", false
	}
	return nonEmpty(t.CmdLine())
}

func (t *threadRecord) vmSize() (int64, bool) {
	if t.Image == nil {
		return 0, false
	}
	return int64(t.VMSize), true
}

func (t *threadRecord) exepath() string {
	if t.Image == nil {
		return ""
	}
	return t.ExePath
}

// threadRecords returns all threads that the capture, which must be loaded, has seen.
func (r *reading) threadRecords() []threadRecord {
	return r.threads.get(func() []threadRecord {
		k, lives := r.last, r.lives()
		uses := r.threadUses(len(lives))
		out := make([]threadRecord, len(lives))
		for i := range lives {
			out[i] = k.threadRecord(state.LifeID(i), &lives[i])
			out[i].threadUse = uses[i]
		}
		return out
	})
}

func (k *known) threadRecord(id state.LifeID, life *state.Life) threadRecord {
	t := threadRecord{Thread: unknownThread, life: id, tid: life.Tid, kernel: life.Evidence.Kernel() || life.Tid == 0}
	if life.Exit != 0 {
		t.exited, t.exitStatus, t.signal = true, life.Ret, int64(life.Signal)
	}
	if life.Last == state.NoThread {
		return t
	}
	t.Thread = k.Threads[life.Last]
	t.listed = k.Threads[life.First].Origin == state.FromList
	num := max(life.LastNum, t.Since)
	t.cwd = k.Threads[k.Main(life.Last, num)].Cwd
	if name, ok := k.UserName(t.Container, t.UID, num); ok {
		t.user = name
	}
	if t.ppid, t.hasParent = k.ParentPID(life.Last, num); t.hasParent {
		t.parent = commOf(&k.Threads[k.Parent(k.Main(life.Last, num), num)])
	}
	return t
}

// threadUses sums up the events of each thread.
func (r *reading) threadUses(lives int) []threadUse {
	k := r.last
	uses := make([]threadUse, lives)
	for _, b := range k.batches {
		for i, thread := range b.thread {
			life := k.lifeOf(thread)
			if life == state.NoLife {
				continue
			}
			u, ts := &uses[life], b.ts[i]
			if u.events == 0 {
				u.first, u.last = ts, ts
			}
			u.first, u.last = min(u.first, ts), max(u.last, ts)
			u.events++
		}
	}
	calls := r.callList()
	for i, ref := range calls.ends {
		if ref == noRow {
			ref = calls.starts[i]
		}
		if life := k.lifeOf(k.batches[ref.batch()].thread[ref.row()]); life != state.NoLife {
			uses[life].calls++
		}
	}
	stays := r.stayList().rows
	for i := range stays {
		s := &stays[i]
		life := k.lifeOf(s.thread)
		if life == state.NoLife {
			continue
		}
		if ns, ok := k.length(s); ok {
			uses[life].stays++
			uses[life].cpuTime += time.Duration(ns)
		}
		if s.end != noRow {
			uses[life].switches++
		}
	}
	return uses
}
