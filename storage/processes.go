package storage

import (
	"time"

	"tq/storage/state"
)

// processesTable holds every process that was ever seen.
var processesTable = table[records[processRecord]]{
	name: "processes",
	row:  "one process ever seen, from the first to the last event of its threads, as it was in the end",
	open: recordsOf((*reading).processRecords),
	columns: []column[records[processRecord]]{
		{"capture", symbol, shown, "Name of the capture the row comes from.", recordCapture[processRecord]},
		{"upid", bigint, shown, "Number of the process, unique where ids are used again.", ints(func(p *processRecord) (int64, bool) { return some(int64(p.Process)) })},
		{"pid", bigint, shown, "Id of the process; NULL where the capture does not tell.", ints(func(p *processRecord) (int64, bool) { return nonNegative(p.Pid) })},
		{"first_ts", timestamp, shown, "Time of its first event.", times(func(p *processRecord) (int64, bool) { return nonZero(p.first) })},
		{"last_ts", timestamp, shown, "Time of its last event.", times(func(p *processRecord) (int64, bool) { return nonZero(p.last) })},
		{"name", varchar, shown, "Name (comm) of its main thread; empty where the capture does not know it.", texts(func(p *processRecord) (string, bool) { return some(commOf(&p.Thread)) })},
		{"exe", varchar, shown, "First argument of the command line, which should be the program.", texts(func(p *processRecord) (string, bool) { return p.exe() })},
		{"cmdline", varchar, shown, "Name and arguments.", texts(func(p *processRecord) (string, bool) { return p.cmdline() })},
		{"cwd", varchar, shown, "Working directory.", texts(func(p *processRecord) (string, bool) { return nonEmpty(p.cwd) })},
		{"ppid", bigint, shown, "Id of the parent process.", ints(func(p *processRecord) (int64, bool) { return p.ppid, p.hasParent })},
		{"parent", varchar, shown, "Name of the parent process.", texts(func(p *processRecord) (string, bool) { return p.parent, p.hasParent })},
		{"uid", bigint, shown, "Id of the user it acts as.", ints(func(p *processRecord) (int64, bool) { return ownerID(p.UID) })},
		{"user", varchar, shown, "Name of the user it acts as.", texts(func(p *processRecord) (string, bool) { return nonEmpty(p.user) })},
		{"gid", bigint, shown, "Id of the group it acts as.", ints(func(p *processRecord) (int64, bool) { return ownerID(p.GID) })},
		{"container", varchar, shown, "Id of the container it runs in; NULL on the host.", texts(func(p *processRecord) (string, bool) { return nonEmpty(p.Container) })},
		{"kernel", boolean, shown, "Whether it is a thread of the kernel.", bools(func(p *processRecord) bool { return p.kernel })},
		{"exit_status", bigint, shown, "What it exited with; NULL while it lives.", ints(func(p *processRecord) (int64, bool) { return p.exitStatus, p.exited })},
		{"cpu_time", duration, shown, "How long its threads had a CPU, as far as sched tells.", durations(func(p *processRecord) (time.Duration, bool) { return p.cpuTime, p.stays > 0 })},
		{"threads", bigint, shown, "How many threads it had.", ints(func(p *processRecord) (int64, bool) { return some(p.threads) })},
		{"events", bigint, shown, "How many events they have.", ints(func(p *processRecord) (int64, bool) { return some(p.events) })},
		{"syscalls", bigint, shown, "How many system calls they made.", ints(func(p *processRecord) (int64, bool) { return some(p.calls) })},
		{"switches", bigint, shown, "How often they left a CPU.", ints(func(p *processRecord) (int64, bool) { return some(p.switches) })},
		{"exepath", varchar, hidden, "Path of the program.", texts(func(p *processRecord) (string, bool) { return nonEmpty(p.exepath()) })},
		{"vpid", bigint, hidden, "Its id in its own pid namespace.", ints(func(p *processRecord) (int64, bool) { return nonNegative(p.Vpid) })},
		{"sid", bigint, hidden, "Id of its session.", ints(func(p *processRecord) (int64, bool) { return nonNegative(p.Sid) })},
		{"signal", bigint, hidden, "Signal that ended it.", ints(func(p *processRecord) (int64, bool) { return nonZero(p.signal) })},
		{"listed", boolean, hidden, "Whether it is in the list of threads that the capture begins with.", bools(func(p *processRecord) bool { return p.listed })},
		{"vm_size", bigint, hidden, "Size of its memory in kB when its program was started or listed.", ints(func(p *processRecord) (int64, bool) { return p.vmSize() })},
		{"fd_limit", bigint, hidden, "How many file descriptors it may have.", ints(func(p *processRecord) (int64, bool) { return nonNegative(p.FDLimit) })},
	},
}

// processRecord is the main thread of a process, or the first one seen, with what the
// events of all its threads sum up to.
type processRecord struct {
	threadRecord
	threads int64
}

// processRecords returns all processes that the capture, which must be loaded, has seen.
func (r *reading) processRecords() []processRecord {
	var out []processRecord
	at := make(map[state.ProcessID]int)
	for _, t := range r.threadRecords() {
		if t.Process < 0 {
			continue
		}
		i, ok := at[t.Process]
		if !ok {
			at[t.Process] = len(out)
			out = append(out, processRecord{t, 1})
			continue
		}
		p := &out[i]
		sum := p.threadUse.plus(t.threadUse)
		if t.IsMain() {
			p.threadRecord = t
		}
		p.threadUse = sum
		p.threads++
	}
	return out
}

// plus adds up what the events of two threads sum up to.
func (u threadUse) plus(v threadUse) threadUse {
	switch {
	case u.events == 0:
		u.first, u.last = v.first, v.last
	case v.events > 0:
		u.first, u.last = min(u.first, v.first), max(u.last, v.last)
	}
	u.events += v.events
	u.calls += v.calls
	u.switches += v.switches
	u.stays += v.stays
	u.cpuTime += v.cpuTime
	return u
}
