package state

import (
	"slices"
	"sync"
	"sync/atomic"

	"tq/storage/scap"
)

// Thread is a version of a thread: what was known of it from event Since on, until a
// later version of the same life.
type Thread struct {
	Tid, Pid, Ptid   int64 // Pid is -1 for a thread of which only system calls were seen
	Vtid, Vpid       int64 // in its own pid namespace; -1 unknown
	Sid, Vpgid, Pgid int64 // -1 unknown
	FDLimit          int64
	CloneTS          int64 // when it was made, 0 before recording

	Comm      string
	Cwd, Root string // Cwd is that of the process when this is its main thread
	*Image
	Container string // id, "" on the host

	UID, GID, LoginUID, Tty uint32
	Flags                   uint32
	NamespaceTS             int64 // when its pid namespace began, 0 unknown

	CapInheritable, CapPermitted, CapEffective uint64

	Life    LifeID
	Process ProcessID
	Parent  LifeID // the thread Ptid named when this one was made, or NoLife
	Heir    LifeID // of a thread that has exited: who adopts its children, or NoLife
	Since   uint32
	Origin  Origin
}

// Image is what a thread runs. Threads and versions share it until the next exec.
type Image struct {
	Exe, ExePath       string
	Args, Env, Cgroups List
	VMSize             uint32 // kB, when the image was recorded
	ExeFlags           ExeFlags
	ExeIno             uint64
	ExeCtime, ExeMtime uint64 // ns since the epoch
	ExecTS             int64  // 0 before the first exec seen
}

// ExeFlags says what is special about a program's file, as captures have it.
type ExeFlags uint8

// What is special about programs.
const (
	ExeWritable   ExeFlags = 1 << iota // by the user that runs it
	ExeUpperLayer                      // of an overlayfs
	ExeFromMemfd                       // it is in memory only
	ExeLowerLayer                      // of an overlayfs
)

// Origin says how a version of a thread came to be.
type Origin uint8

// The origins of versions.
const (
	FromList    Origin = iota // of the list taken when recording began
	FromClone                 // made by a thread seen making it, or seen returning from its making
	FromExec                  // runs another program
	FromChange                // another working directory, user, session …
	Placeholder               // seen in a system call only
	Ended                     // has exited: no thread has the tid any more
)

// CmdLine is the command line as proc.cmdline prints it.
func (th *Thread) CmdLine() string {
	b := make([]byte, 0, len(th.Comm)+len(th.Args))
	return string(th.Args.appendTo(append(b, th.Comm...), ' '))
}

// IsMain reports whether the thread is the main thread of its process.
func (th *Thread) IsMain() bool { return th.Tid == th.Pid }

// InPIDNamespace reports whether the thread has another number in a pid namespace of its
// own.
func (th *Thread) InPIDNamespace() bool {
	return th.Flags&cloneChildInPIDNS != 0 || th.Vtid >= 0 && th.Vtid != th.Tid
}

// thread is a tid's current thread. What every event looks at comes first.
type thread struct {
	id       ThreadID // current version; NoThread when only switches were seen of it
	life     LifeID
	evidence Evidence
	inverted bool // the child's side of its clone was seen first
	dead     bool

	// The last enter event, as the next exit event needs it.
	enterPaired bool // with an exit event already
	enterType   uint16
	enterID     uint16 // of a generic system call
	lastNum     uint32
	enterAt     int64 // offset of its block
	fd          int64 // that the last event was about
	lastTS      int64
	enter       *scap.Event

	tid     int64
	slot    int // among all threads
	proc    *process
	place   int // among the process's members
	cloneTS int64
	adopter int64 // tid of who gets its children, as its exit event says
}

// known reports whether the thread counts as one of the thread table.
func (th *thread) known() bool { return th != nil && th.id != NoThread }

// noType is the type of no event.
const noType = 1<<16 - 1

// tids maps thread ids to their current threads and to the history of their slots.
type tids struct {
	pages [maxPagedTid >> tidPageBits]atomic.Pointer[tidPage]
	all   []*thread
	n     int // known threads among them

	mu   sync.RWMutex
	rest map[int64]*tidEntry // great and negative ids
}

const (
	tidPageBits = 10
	tidPageLen  = 1 << tidPageBits
	// maxPagedTid is the greatest number that Linux gives to threads.
	maxPagedTid = 1 << 22
	// maxThreads limits how many threads are told apart at a time, as sysdig does.
	maxThreads = 1 << 17
)

type tidPage [tidPageLen]tidEntry

type tidEntry struct {
	th    *thread
	point int32 // accessed atomically
}

// entry returns the entry of a tid, or nil.
func (t *tids) entry(tid int64) *tidEntry {
	if uint64(tid) < maxPagedTid {
		p := t.pages[tid>>tidPageBits].Load()
		if p == nil {
			return nil
		}
		return &p[tid&(tidPageLen-1)]
	}
	t.mu.RLock()
	defer t.mu.RUnlock()
	return t.rest[tid]
}

// get returns the current thread of a tid, or nil.
func (t *tids) get(tid int64) *thread {
	if uint64(tid) >= maxPagedTid {
		return t.far(tid)
	}
	if p := t.pages[tid>>tidPageBits].Load(); p != nil {
		return p[tid&(tidPageLen-1)].th
	}
	return nil
}

// far is get for great and negative ids.
func (t *tids) far(tid int64) *thread {
	if e := t.entry(tid); e != nil {
		return e.th
	}
	return nil
}

// ensure returns the entry of a tid, made if need be.
func (t *tids) ensure(tid int64) *tidEntry {
	if e := t.entry(tid); e != nil {
		return e
	}
	if uint64(tid) < maxPagedTid {
		p := new(tidPage)
		t.pages[tid>>tidPageBits].Store(p)
		return &p[tid&(tidPageLen-1)]
	}
	t.mu.Lock()
	defer t.mu.Unlock()
	if t.rest == nil {
		t.rest = make(map[int64]*tidEntry)
	}
	e := new(tidEntry)
	t.rest[tid] = e
	return e
}

// each calls f for the tids that threads have had.
func (t *tids) each(f func(tid int64, e *tidEntry)) {
	for i := range t.pages {
		p := t.pages[i].Load()
		if p == nil {
			continue
		}
		for j := range p {
			if p[j].point != noPoint {
				f(int64(i<<tidPageBits|j), &p[j])
			}
		}
	}
	for tid, e := range t.rest {
		f(tid, e)
	}
}

// put makes th the current thread of its tid.
func (t *tids) put(th *thread) {
	t.ensure(th.tid).th = th
	th.slot = len(t.all)
	t.all = append(t.all, th)
}

// drop takes a thread out.
func (t *tids) drop(th *thread) {
	t.ensure(th.tid).th = nil
	last := len(t.all) - 1
	t.all[th.slot] = t.all[last]
	t.all[th.slot].slot = th.slot
	t.all[last] = nil
	t.all = t.all[:last]
}

// process is a group of threads that share their descriptors and working directory.
type process struct {
	id      ProcessID
	pid     int64
	main    *thread // nil while unknown
	members []*thread
	alive   int
	reaper  bool // adopts the orphans among its descendants
	fds     slots
	open    int // descriptors
}

func (p *process) join(th *thread) {
	th.proc, th.place = p, len(p.members)
	p.members = append(p.members, th)
	p.alive++
	if th.tid == p.pid {
		p.main = th
	}
}

// leave takes a thread out of its process.
func (p *process) leave(th *thread) {
	last := len(p.members) - 1
	p.members[th.place] = p.members[last]
	p.members[th.place].place = th.place
	p.members = p.members[:last]
	if p.main == th {
		p.main = nil
	}
}

// lookup returns the thread of a tid when the thread table has it.
func (t *Tracker) lookup(tid int64) *thread {
	if th := t.tids.get(tid); th.known() {
		return th
	}
	return nil
}

// lookupOrAdd returns the thread of a tid, adding a placeholder when there is none; nil
// when the table is full.
func (t *Tracker) lookupOrAdd(tid int64) *thread {
	if th := t.tids.get(tid); th.known() {
		return th
	}
	return t.add(Thread{
		Tid: tid, Pid: -1, Ptid: -1, Vtid: -1, Vpid: -1, Sid: -1, Vpgid: -1, Pgid: -1,
		FDLimit: -1, Comm: "<NA>", Image: noImage, Origin: Placeholder,
		UID: noID, GID: noID, LoginUID: noID,
	})
}

// noImage is the image of threads that nothing is known of.
var noImage = &Image{Exe: "<NA>"}

// noID is the user or group that is none.
const noID = 1<<32 - 1

// add puts a new thread into the table, in place of one with the same tid. It returns
// nil when the table is full.
func (t *Tracker) add(v Thread) *thread {
	if old := t.lookup(v.Tid); old != nil {
		t.remove(old)
		if old.known() {
			t.erase(old)
		}
	}
	if t.tids.n >= maxThreads {
		return nil
	}
	t.tids.n++
	th := t.tids.get(v.Tid)
	if th != nil && t.lives[th.life].Exit != 0 {
		t.erase(th)
		th = nil
	}
	if th == nil {
		th = t.newThread(v.Tid)
	}
	// Otherwise only switches were seen of it so far: its life goes on.
	v.Life, v.Parent, v.Heir = th.life, NoLife, NoLife
	t.groupOf(v.Pid).join(th)
	v.Process = th.proc.id
	t.publish(th, v)
	return th
}

// newThread adds a thread with a new life of which nothing else is known.
func (t *Tracker) newThread(tid int64) *thread {
	th := &thread{
		tid: tid, id: NoThread, life: LifeID(len(t.lives)), enterType: noType,
	}
	t.tids.put(th)
	t.lives = append(roomy(t.lives), Life{
		Tid: tid, First: NoThread, Last: NoThread, Start: t.num, StartTS: t.ts,
	})
	return th
}

// publish makes v the thread's version from the present event on.
func (t *Tracker) publish(th *thread, v Thread) {
	v.Since = t.num
	th.id = ThreadID(len(t.threads))
	t.threads = append(roomy(t.threads), v)
	life := &t.lives[th.life]
	if life.First == NoThread {
		life.First = th.id
	}
	life.Last = th.id
	e := t.tids.ensure(th.tid)
	atomic.StoreInt32(&e.point, t.history.push(e.point, t.num, int32(th.id)))
}

// revise returns a version of the thread that may be changed: a new one, unless the
// present event made the current one. It is valid until the next version is made.
func (t *Tracker) revise(th *thread, origin Origin) *Thread {
	if int(th.id) < t.floor {
		known := t.threads[th.id].Origin != Placeholder
		t.publish(th, t.threads[th.id])
		if known || origin != FromChange {
			t.threads[th.id].Origin = origin
		}
	}
	return &t.threads[th.id]
}

// now returns the current version of a thread.
func (t *Tracker) now(th *thread) *Thread { return &t.threads[th.id] }

// groupOf returns the process with a pid, made if need be. Threads whose process is
// unknown have one of their own.
func (t *Tracker) groupOf(pid int64) *process {
	if p := t.byPid[pid]; p != nil && pid >= 0 {
		return p
	}
	t.stamp++
	p := &process{id: ProcessID(len(t.processes)), pid: pid, reaper: pid == 1}
	p.fds.stamp = t.stamp
	t.processes = append(t.processes, p)
	if pid >= 0 {
		t.byPid[pid] = p
	}
	return p
}

// identify gives a placeholder the process it belongs to.
func (t *Tracker) identify(th *thread, pid int64) {
	old := th.proc
	if old.pid == pid {
		return
	}
	if old.pid < 0 && t.byPid[pid] == nil && pid >= 0 {
		old.pid = pid
		t.byPid[pid] = old
		if th.tid == pid {
			old.main = th
		}
		return
	}
	old.leave(th)
	old.alive--
	t.drop(old)
	t.groupOf(pid).join(th)
}

// drop forgets a process without threads.
func (t *Tracker) drop(p *process) {
	if len(p.members) == 0 && t.byPid[p.pid] == p {
		delete(t.byPid, p.pid)
	}
}

// siblings returns the other threads of a thread's process, in a slice of their own.
func (th *thread) siblings() []*thread {
	if len(th.proc.members) == 1 {
		return nil
	}
	all := slices.Clone(th.proc.members)
	return slices.DeleteFunc(all, func(m *thread) bool { return m == th })
}
