package storage

import (
	"github.com/apache/arrow/go/v17/arrow"

	"tq/functions/kernel"
	"tq/storage/scap"
	"tq/storage/state"
)

// The columns below come from native rows alone.

func eventCapture(r eventRows) arrow.Array { return r.reading.nameColumn(r.len()) }

func eventNum(r eventRows) arrow.Array { return widened[int64](bigint, r.nums()) }

func eventTime(r eventRows) arrow.Array {
	return kernel.FromValues(timestamp, r.times(), kernel.Validity{})
}

func eventRawTime(r eventRows) arrow.Array {
	return kernel.FromValues(bigint, r.times(), kernel.Validity{})
}

func eventCPU(r eventRows) arrow.Array { return r.cpuColumn(r.cpus()) }

func eventDir(r eventRows) arrow.Array { return labelColumn(r.reading.kindDir, r.kinds, r.kindIDs()) }

func eventType(r eventRows) arrow.Array {
	return labelColumn(r.reading.kindName, r.kinds, r.kindIDs())
}

func eventIODir(r eventRows) arrow.Array {
	return labelColumn(r.reading.ioDir, r.kinds, r.kindIDs())
}

// eventProc is the name of the thread, empty where there is none.
func eventProc(r eventRows) arrow.Array {
	codes, values, _ := r.reading.comm.of(r.Threads)
	ids := r.threads()
	out := make([]int32, len(ids))
	for i, id := range ids {
		// The first label is the empty one; see newColumns.
		if id >= 0 {
			out[i] = codes[id]
		}
	}
	return kernel.FromCodes(out, kernel.Validity{}, values)
}

// eventProcName is the name of the thread, NULL where there is none.
func eventProcName(r eventRows) arrow.Array {
	return emptyToNull(eventProc(r))
}

// emptyToNull makes the rows with the first value of a dictionary NULL.
func emptyToNull(a arrow.Array) arrow.Array {
	codes, values := kernel.Codes(a)
	valid := kernel.NewBitmap(len(codes))
	was := kernel.ValidityOf(a)
	for i, c := range codes {
		if c != 0 && was.Valid(i) {
			valid.Set(i)
		}
	}
	return kernel.FromCodes(codes, kernel.NewValidity(valid, len(codes)), values)
}

func eventTid(r eventRows) arrow.Array {
	ids := r.threads()
	out := newNullable[int64](len(ids))
	for i, id := range ids {
		if id != noThread {
			out.set(i, r.tid(id))
			continue
		}
		if tid := r.carriedTID(i); tid >= 0 {
			out.set(i, tid)
		}
	}
	return out.array(bigint)
}

// carriedTID returns what an event without a thread carries for a tid. There are few, so
// it is in the file alone.
func (r eventRows) carriedTID(i int) int64 {
	b, row := r.at(i)
	var e scap.Event
	if !b.read(row, r.payload, &e) {
		return -1
	}
	return e.TID
}

func eventPid(r eventRows) arrow.Array {
	c := valuesOf(r.Threads, r.threads(), func(t *state.Thread) (int64, bool) { return nonNegative(t.Pid) })
	return c.array(bigint)
}

// eventPpid is the id of the parent process, which changes when that exits. What became
// of it is settled when the capture ends.
func eventPpid(r eventRows) arrow.Array {
	<-r.reading.finished
	ids, nums := r.threads(), r.nums()
	out := newNullable[int64](len(ids))
	for i, id := range ids {
		if id >= 0 {
			if pid, ok := r.ParentPID(state.ThreadID(id), nums[i]); ok {
				out.set(i, pid)
			}
		}
	}
	return out.array(bigint)
}

func eventUID(r eventRows) arrow.Array {
	c := valuesOf(r.Threads, r.threads(), func(t *state.Thread) (int64, bool) { return ownerID(t.UID) })
	return c.array(bigint)
}

func eventGID(r eventRows) arrow.Array {
	c := valuesOf(r.Threads, r.threads(), func(t *state.Thread) (int64, bool) { return ownerID(t.GID) })
	return c.array(bigint)
}

func eventUpid(r eventRows) arrow.Array {
	c := valuesOf(r.Threads, r.threads(), func(t *state.Thread) (int64, bool) { return nonNegative(int64(t.Process)) })
	return c.array(bigint)
}

// ownerID is the id of a user or group, NULL when it stands for none.
func ownerID(id uint32) (int64, bool) { return int64(id), id != noOwner }

// noOwner is the user or group that stands for none.
const noOwner = 1<<32 - 1

func eventUtid(r eventRows) arrow.Array {
	ids := r.threads()
	out := newNullable[int64](len(ids))
	for i, id := range ids {
		switch {
		case id >= 0:
			out.set(i, int64(r.Threads[id].Life))
		case id != noThread:
			out.set(i, int64(strangerLife(id)))
		}
	}
	return out.array(bigint)
}

func eventExe(r eventRows) arrow.Array {
	return labelColumn(r.reading.exe, r.Threads, r.threads())
}

func eventCmdline(r eventRows) arrow.Array {
	return labelColumn(r.reading.cmdline, r.Threads, r.threads())
}

func eventContainer(r eventRows) arrow.Array {
	return labelColumn(r.reading.container, r.Threads, r.threads())
}

// eventCwd is the working directory, NULL where it is unknown.
func eventCwd(r eventRows) arrow.Array { return emptyToNull(eventProcCwd(r)) }

// eventProcCwd is the working directory, which the main thread's version holds. Where it
// is unknown it is empty, as sysdig prints it.
func eventProcCwd(r eventRows) arrow.Array {
	return labelColumn(r.reading.cwd, r.Threads, r.mains())
}

// eventUser is the name of a thread's user when the run first shows the thread.
func eventUser(r eventRows) arrow.Array {
	return ownerColumn(r, &r.reading.users, func(t *state.Thread, num uint32) (string, bool) {
		return r.UserName(t.Container, t.UID, num)
	})
}

// eventGroup is the name of a thread's group, likewise.
func eventGroup(r eventRows) arrow.Array {
	return ownerColumn(r, &r.reading.groups, func(t *state.Thread, num uint32) (string, bool) {
		return r.GroupName(t.Container, t.GID, num)
	})
}

func ownerColumn(r eventRows, dict *symbols, name func(*state.Thread, uint32) (string, bool)) arrow.Array {
	type named struct {
		name string
		ok   bool
	}
	ids, nums := r.threads(), r.nums()
	names := make(map[int32]named)
	for i, id := range ids {
		if _, ok := names[id]; !ok && id >= 0 {
			text, ok := name(&r.Threads[id], nums[i])
			names[id] = named{text, ok}
		}
	}
	return dict.column(len(ids),
		func(i int) (int64, bool) { return int64(ids[i]), names[ids[i]].ok },
		func(id int64) string { return names[int32(id)].name })
}

func eventFD(r eventRows) arrow.Array {
	out := newNullable[int64](r.len())
	for i, fd := range native(r, func(b *eventBatch) []int32 { return b.fd }) {
		if fd > wideFD {
			out.set(i, int64(fd))
		} else if fd == wideFD {
			b, row := r.at(i)
			n, _ := b.fdOf(row)
			out.set(i, n)
		}
	}
	return out.array(bigint)
}

func eventFDName(r eventRows) arrow.Array {
	values := r.reading.fdName.array(r.Names)
	refs := r.fdRefs()
	out := newNullable[int32](len(refs))
	for i, ref := range refs {
		if ref >= 0 {
			out.set(i, int32(r.FDs[ref].Name))
		}
	}
	return kernel.FromCodes(out.values, out.validity(), values)
}

func eventFDType(r eventRows) arrow.Array {
	return labelColumn(r.reading.fdType, r.FDs, r.fdRefs())
}

// eventCategory is that of the event's type, or for input and output that of what the
// file descriptor is.
func eventCategory(r eventRows) arrow.Array {
	kinds, refs := r.kindIDs(), r.fdRefs()
	const fdTypeBits = 8
	return r.reading.categories.column(len(kinds),
		func(i int) (int64, bool) {
			fdType := scap.FDUnknown
			if refs[i] >= 0 {
				fdType = r.FDs[refs[i]].Type
			}
			return int64(r.kinds[kinds[i]].Category)<<fdTypeBits | int64(fdType), true
		},
		func(key int64) string {
			return categoryText(scap.Category(key>>fdTypeBits), scap.FDType(key&(1<<fdTypeBits-1)))
		})
}

func categoryText(c scap.Category, t scap.FDType) string {
	switch c {
	case scap.CategoryIORead, scap.CategoryIOWrite, scap.CategoryIOOther:
	default:
		return c.String()
	}
	switch t {
	case scap.FDFile, scap.FDFileV2, scap.FDDirectory:
		return "file"
	case scap.FDIPv4, scap.FDIPv6, scap.FDIPv4Server, scap.FDIPv6Server:
		return "net"
	case scap.FDFifo, scap.FDUnix, scap.FDEvent, scap.FDSignal, scap.FDInotify, scap.FDUserfault:
		return "ipc"
	}
	return "unknown"
}
