package storage

import (
	"math"

	"tq/storage/scap"
	"tq/storage/state"
)

// fdUse is what the events of a process about one version of a file descriptor sum up to.
type fdUse struct {
	process                 state.ProcessID
	ref                     state.FDID
	thread                  int32 // of the last event
	first, last             int64 // times
	events                  int64
	reads, writes           int64 // calls that moved data
	bytesRead, bytesWritten int64
	closed                  bool // by the last event
	closedTid               int64
}

// fdUses returns the use of every version of a file descriptor that was used, in the order
// of first use. The capture must be loaded.
func (r *reading) fdUses() []fdUse {
	return r.fds.get(func() []fdUse {
		k := r.last
		f := &fdFollower{known: k, at: make(map[fdKey]int32)}
		for _, b := range k.batches {
			for i, ref := range b.fdRef {
				if ref > int32(state.UnknownFD) && b.thread[i] >= 0 && k.FDs[ref].Origin != state.FDAttempt {
					f.use(b, i)
				}
			}
		}
		return f.uses
	})
}

// fdKey is a version of a file descriptor as one process has it: forks inherit them.
type fdKey struct {
	process state.ProcessID
	ref     state.FDID
}

// fdFollower is the state of [Capture.fdUses].
type fdFollower struct {
	*known
	uses   []fdUse
	at     map[fdKey]int32
	last   fdKey
	lastAt int32
}

// use takes over an event about a file descriptor.
func (f *fdFollower) use(b *eventBatch, row int) {
	ts, thread := b.ts[row], b.thread[row]
	u := f.of(fdKey{f.Threads[thread].Process, state.FDID(b.fdRef[row])})
	u.thread = thread
	u.first, u.last = min(u.first, ts), max(u.last, ts)
	u.events++
	kind := &f.kinds[b.kind[row]]
	moves := kind.is(scap.FlagReadsFromFD | scap.FlagWritesToFD)
	if kind.Enter || !moves && kind.Code != scap.SyscallCloseX {
		return
	}
	var e scap.Event
	if !b.read(row, f.payload, &e) {
		return
	}
	res, ok := scap.RawRes(&e)
	switch {
	case !ok || res < 0:
	case !moves:
		u.closed, u.closedTid = true, f.tid(thread)
	case kind.is(scap.FlagWritesToFD):
		u.writes++
		u.bytesWritten += res
	default:
		u.reads++
		u.bytesRead += res
	}
}

// of returns the use with a key.
func (f *fdFollower) of(key fdKey) *fdUse {
	if key == f.last && len(f.uses) > 0 {
		return &f.uses[f.lastAt]
	}
	at, ok := f.at[key]
	if !ok {
		at = int32(len(f.uses))
		f.uses = append(f.uses, fdUse{
			process: key.process, ref: key.ref, first: math.MaxInt64, last: math.MinInt64,
		})
		f.at[key] = at
	}
	f.last, f.lastAt = key, at
	return &f.uses[at]
}

// add sums up the use of another version of the same descriptor.
func (u *fdUse) add(v *fdUse) {
	if v.last >= u.last {
		u.ref, u.thread = v.ref, v.thread
	}
	u.first, u.last = min(u.first, v.first), max(u.last, v.last)
	u.events += v.events
	u.reads += v.reads
	u.writes += v.writes
	u.bytesRead += v.bytesRead
	u.bytesWritten += v.bytesWritten
	if v.closed {
		u.closed, u.closedTid = true, v.closedTid
	}
}
