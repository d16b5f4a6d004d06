package storage

import (
	"math/bits"
	"strings"

	"github.com/apache/arrow/go/v17/arrow"

	"tq/storage/state"
)

// The fields below are about threads themselves.

// threadFamilies are the fields of threads that take an argument.
var threadFamilies = []fieldFamily{
	{"thread.cgroup.", "", "NAME", fromRow, "Control group of the thread for a subsystem.", symbol, controlGroup},
	{"proc.env[", "]", "NAME", fromRow, "A variable of the environment.", symbol, variable},
}

// threadIDs is the ids of threads, -1 for events that belong to none.
func threadIDs(r eventRows) arrow.Array {
	ids := r.threads()
	out := newNullable[int64](len(ids))
	for i, id := range ids {
		if id != noThread {
			out.set(i, r.tid(id))
		} else {
			out.set(i, r.carriedTID(i))
		}
	}
	return out.array(bigint)
}

// mains returns the main threads of rows' threads at their events, which have what a
// process has once; the thread itself while the main thread is unknown.
func (r eventRows) mains() []int32 {
	ids, nums := r.threads(), r.nums()
	out := make([]int32, len(ids))
	for i, id := range ids {
		out[i] = id
		if id >= 0 {
			out[i] = int32(r.Main(state.ThreadID(id), nums[i]))
		}
	}
	return out
}

// mainTexts builds the column of a text that main threads have for their processes.
func mainTexts(text func(*state.Thread) (string, bool)) func(eventRows) arrow.Array {
	key := newFieldKey()
	return func(r eventRows) arrow.Array {
		return labelColumn(fieldLabels(r, key, text), r.Threads, r.mains())
	}
}

// mainNumbers builds the column of a number that main threads have for their processes.
func mainNumbers(number func(*state.Thread) (int64, bool)) func(eventRows) arrow.Array {
	return func(r eventRows) arrow.Array {
		c := valuesOf(r.Threads, r.mains(), number)
		return c.array(bigint)
	}
}

// sinceMade is the time since threads were made.
func sinceMade(r eventRows) arrow.Array {
	made := valuesOf(r.Threads, r.threads(), madeAt)
	return since(r, made)
}

func madeAt(t *state.Thread) (int64, bool) { return nonZero(t.CloneTS) }

// since makes a column of points in time one of the times from then to the events.
func since(r eventRows, made nullable[int64]) arrow.Array {
	for i, ts := range r.times() {
		made.values[i] = ts - made.values[i]
	}
	return made.array(duration)
}

// controlGroups is the control groups of a thread, each as subsystem=path.
func controlGroups(t *state.Thread) (string, bool) {
	var b strings.Builder
	for g := range t.Cgroups.All() {
		if b.Len() > 0 {
			b.WriteByte(' ')
		}
		name, path, _ := strings.Cut(g, "=")
		b.WriteString(subsystem(name))
		b.WriteByte('=')
		b.WriteString(path)
	}
	return b.String(), b.Len() > 0
}

func controlGroup(name string) (arrow.DataType, func(eventRows) arrow.Array, bool) {
	build := threadTexts(func(t *state.Thread) (string, bool) {
		for g := range t.Cgroups.All() {
			if sub, path, ok := strings.Cut(g, "="); ok && subsystem(sub) == name {
				return path, true
			}
		}
		return "", false
	})
	return symbol, build, true
}

// subsystem returns the usual name of a subsystem of control groups, which recorders have
// shortened.
func subsystem(name string) string {
	switch name = strings.TrimSuffix(name, "_cgroup"); name {
	case "perf":
		return "perf_event"
	case "mem":
		return "memory"
	case "io":
		return "blkio"
	}
	return name
}

// variable is a variable of the environment.
func variable(name string) (arrow.DataType, func(eventRows) arrow.Array, bool) {
	build := mainTexts(func(t *state.Thread) (string, bool) {
		for v := range t.Env.All() {
			if value, ok := strings.CutPrefix(v, name+"="); ok {
				return value, true
			}
		}
		return "", false
	})
	return symbol, build, true
}

// capabilities is the names of a set of capabilities.
func capabilities(set uint64) string {
	var b strings.Builder
	for ; set != 0; set &= set - 1 {
		i := bits.TrailingZeros64(set)
		if i >= len(capabilityNames) {
			break
		}
		if b.Len() > 0 {
			b.WriteByte(' ')
		}
		b.WriteString("CAP_")
		b.WriteString(capabilityNames[i])
	}
	return b.String()
}

var capabilityNames = [...]string{
	"CHOWN", "DAC_OVERRIDE", "DAC_READ_SEARCH", "FOWNER", "FSETID", "KILL", "SETGID",
	"SETUID", "SETPCAP", "LINUX_IMMUTABLE", "NET_BIND_SERVICE", "NET_BROADCAST",
	"NET_ADMIN", "NET_RAW", "IPC_LOCK", "IPC_OWNER", "SYS_MODULE", "SYS_RAWIO",
	"SYS_CHROOT", "SYS_PTRACE", "SYS_PACCT", "SYS_ADMIN", "SYS_BOOT", "SYS_NICE",
	"SYS_RESOURCE", "SYS_TIME", "SYS_TTY_CONFIG", "MKNOD", "LEASE", "AUDIT_WRITE",
	"AUDIT_CONTROL", "SETFCAP", "MAC_OVERRIDE", "MAC_ADMIN", "SYSLOG", "WAKE_ALARM",
	"BLOCK_SUSPEND", "AUDIT_READ", "PERFMON", "BPF", "CHECKPOINT_RESTORE",
}
