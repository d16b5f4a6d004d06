package state

import "sync/atomic"

// View is what a tracker knows up to some event. It may be used from any goroutine, also
// while the tracker goes on; it answers for events up to the last one applied when it was
// taken.
type View struct {
	Threads []Thread
	FDs     []FD
	Sockets []Socket
	Names   []string

	tids      *tids
	lives     []Life
	processes []*process
	history   *history
	networks  []network
	owners    *owners
}

// View returns what is known so far.
func (t *Tracker) View() View {
	return View{
		Threads: t.threads, FDs: t.fds, Sockets: t.sockets, Names: t.names.texts,
		tids: &t.tids, lives: t.lives, processes: t.processes, history: t.history,
		networks: t.networks, owners: t.owners,
	}
}

// ThreadAt returns what thread a tid meant at event num, as that left it.
func (t *Tracker) ThreadAt(tid int64, num uint32) ThreadID { return t.View().ThreadAt(tid, num) }

// FDAt returns what descriptor a number meant to a thread at event num, as that left it.
func (t *Tracker) FDAt(thread ThreadID, fd int64, num uint32) FDID {
	return t.View().FDAt(thread, fd, num)
}

// ThreadAt returns what thread a tid meant at event num, as that left it.
func (v View) ThreadAt(tid int64, num uint32) ThreadID {
	id := v.lastOf(tid, num)
	if id == NoThread || v.Threads[id].Origin == Ended {
		return NoThread
	}
	return id
}

// lastOf is ThreadAt that also returns the end of a thread.
func (v View) lastOf(tid int64, num uint32) ThreadID {
	e := v.tids.entry(tid)
	if e == nil {
		return NoThread
	}
	return ThreadID(v.history.find(atomic.LoadInt32(&e.point), num))
}

// FDAt returns what descriptor a number meant to a thread at event num, as that left it.
func (v View) FDAt(thread ThreadID, fd int64, num uint32) FDID {
	if thread == NoThread {
		return NoFDRef
	}
	p := v.processes[v.Threads[thread].Process]
	return FDID(v.history.find(p.fds.get(fd), num))
}

// Main returns the main thread of a thread's process at event num, which has the working
// directory; the thread itself while the main thread is unknown.
func (v View) Main(thread ThreadID, num uint32) ThreadID {
	th := &v.Threads[thread]
	if th.Tid == th.Pid || th.Pid < 0 {
		return thread
	}
	if main := v.ThreadAt(th.Pid, num); main != NoThread && v.Threads[main].Process == th.Process {
		return main
	}
	return thread
}

// Parent returns the parent of a thread at event num: who made it, or who has adopted it
// since. It is NoThread when the capture does not tell.
func (v View) Parent(thread ThreadID, num uint32) ThreadID {
	life := v.Threads[thread].Parent
	for range maxAncestors {
		if life == NoLife {
			break
		}
		id := v.lastOf(v.lives[life].Tid, num)
		if id == NoThread {
			break
		}
		if v.Threads[id].Life != life {
			id = v.lives[life].Last
		}
		p := &v.Threads[id]
		if p.Origin != Ended && p.Heir == NoLife {
			return id
		}
		life = p.Heir
	}
	return NoThread
}

// ParentPID returns the process id of a thread's parent at event num as proc.ppid prints
// it; false when the capture does not tell of the parent.
func (v View) ParentPID(thread ThreadID, num uint32) (int64, bool) {
	if parent := v.Parent(v.Main(thread, num), num); parent != NoThread {
		return v.Threads[parent].Tid, true
	}
	return 0, false
}
