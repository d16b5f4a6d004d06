package state

import (
	"slices"

	"tq/storage/scap"
)

// Tracker follows the state of a machine through a capture. It is fed every block in
// file order, by one goroutine.
type Tracker struct {
	kinds *kinds

	num uint32 // of the present event; between events, of the next
	ts  int64  // of the last event that has a time of its own

	boot int64 // when the machine was started, ns since the epoch; 0 unknown

	tids      tids
	threads   []Thread
	lives     []Life
	processes []*process
	byPid     map[int64]*process

	fds     []FD
	sockets []Socket
	peers   map[peer]FDID
	names   names
	history *history

	// Versions from these on were made by the present event, so no reader has them yet.
	floor   int
	fdFloor int

	stamp  uint32 // of the last pages of descriptors
	due    bool   // the next event has more to do than its own
	leaver *thread
	closed struct { // the descriptor that the last event closed
		proc *process
		num  int64
	}

	listed     int // first version of a descriptor that is not oriented yet
	opening    bool
	networks   []network
	owners     *owners
	containers containers
	sections   int

	measures *measures // nil when they are not asked for
	call     call
	buf      []byte
}

// New returns a tracker that knows nothing yet.
func New() *Tracker {
	t := &Tracker{
		kinds:   allKinds(),
		byPid:   make(map[int64]*process),
		peers:   make(map[peer]FDID),
		names:   newNames(),
		history: newHistory(),
		fds:     []FD{{Num: -1, Socket: -1, Process: -1}},
		listed:  1,
		owners:  newOwners(),
		opening: true,
		due:     true,
	}
	t.call.t = t
	return t
}

// Expect makes room for what a capture of so many bytes brings if it brings much: room that
// is not used takes no memory, but lists that grow are copied again and again. It must be
// called before the first block.
func (t *Tracker) Expect(bytes int64) {
	const perFD, perThread, most = 1 << 10, 1 << 15, 128 << 20
	bytes = min(bytes, most)
	t.fds = slices.Grow(t.fds, int(bytes/perFD))
	t.threads = slices.Grow(t.threads, int(bytes/perThread))
}

// IgnoreFDs makes the tracker leave out file descriptors and what follows from them: rows
// have none, and the working directory is not known once a thread has moved to that of a
// descriptor. It must be called before the first block.
func (t *Tracker) IgnoreFDs() { t.kinds = threadKinds() }

// InferNoFDs makes the tracker infer no descriptor from an enter event: the lines of a
// transcript say what their reader had inferred. It must be called before the first block.
func (t *Tracker) InferNoFDs() { t.kinds = literalKinds() }

// Block takes over what a block other than an event holds.
func (t *Tracker) Block(kind scap.Kind, r *scap.Reader) {
	t.floor, t.fdFloor = len(t.threads), len(t.fds)
	switch kind {
	case scap.KindSection:
		t.section()
	case scap.KindMachine:
		t.boot = int64(r.Machine.BootTime)
	case scap.KindThreads:
		t.listThreads(r.Threads)
	case scap.KindFDs:
		if t.kinds != threadKinds() {
			t.listFDs(r.FDs)
		}
	case scap.KindInterfaces:
		t.networks = append(t.networks, newNetwork(r.Interfaces, t.num))
	case scap.KindUsers:
		t.owners.list(r.Users, r.Groups, t.num)
	}
}

// section forgets the machine, as another begins.
func (t *Tracker) section() {
	if t.sections++; t.sections == 1 {
		return
	}
	t.settle()
	for len(t.tids.all) > 0 {
		t.erase(t.tids.all[len(t.tids.all)-1])
	}
	clear(t.byPid)
	t.owners.reset(t.num)
	t.networks = append(t.networks, network{since: t.num})
	t.listed = len(t.fds)
	t.opening, t.due = true, true
}

// Threads returns the versions of all threads. Their lives and processes tell apart what
// has had the same tid.
func (t *Tracker) Threads() []Thread { return t.threads }

// FDs returns the versions of all file descriptors; the first one is [UnknownFD].
func (t *Tracker) FDs() []FD { return t.fds }

// Sockets returns what the descriptors refer to as their sockets.
func (t *Tracker) Sockets() []Socket { return t.sockets }

// Names returns the texts that the descriptors refer to as their names, each once.
func (t *Tracker) Names() []string { return t.names.texts }

// Lives returns the lives of all threads.
func (t *Tracker) Lives() []Life {
	for _, th := range t.tids.all {
		t.record(th)
	}
	return t.lives
}

// NumProcesses returns how many processes were seen.
func (t *Tracker) NumProcesses() int { return len(t.processes) }

// listThreads takes over the list of threads at the start of a section.
func (t *Tracker) listThreads(list []scap.Thread) {
	// Main threads first: they found the processes.
	recs := slices.Clone(list)
	slices.SortStableFunc(recs, func(a, b scap.Thread) int {
		return boolInt(a.Tid != a.Pid) - boolInt(b.Tid != b.Pid)
	})
	added := make([]*thread, 0, len(recs))
	for i := range recs {
		rec := &recs[i]
		v := Thread{
			Tid: rec.Tid, Pid: rec.Pid, Ptid: rec.Ptid, Vtid: rec.Vtid, Vpid: rec.Vpid,
			Sid: rec.Sid, Vpgid: rec.Vpgid, Pgid: rec.Pgid, FDLimit: rec.FDLimit,
			Comm: rec.Comm, Root: rec.Root, Flags: rec.Flags,
			UID: rec.UID, GID: rec.GID, LoginUID: rec.LoginUID, Tty: rec.Tty,
			NamespaceTS:    int64(rec.PidnsInitStart),
			CapInheritable: rec.CapInheritable, CapPermitted: rec.CapPermitted,
			CapEffective: rec.CapEffective,
			Container:    t.containers.idOf(listOf(rec.Cgroups)),
			Image: &Image{
				Exe: rec.Exe, ExePath: rec.ExePath, Args: listOf(rec.Args), Env: listOf(rec.Env).untilEmpty(),
				Cgroups: listOf(rec.Cgroups), VMSize: rec.VMSize,
				ExeIno: rec.ExeIno, ExeCtime: rec.ExeCtime, ExeMtime: rec.ExeMtime,
				ExeFlags: listedFlags(rec),
			},
		}
		if rec.Tid == rec.Pid {
			v.Cwd = directory(join("", rec.Cwd))
		}
		if th := t.add(v); th != nil {
			if rec.Exe != "" || rec.VMSize > 0 {
				th.evidence |= HasImage
			}
			if t.measures != nil {
				t.measures.list(th, rec)
			}
			added = append(added, th)
		}
	}
	for _, th := range added {
		if th.known() { // the list may name a tid twice
			t.adopt(th)
		}
	}
}

// listedFlags returns what the list of threads tells of a program's file.
func listedFlags(rec *scap.Thread) (flags ExeFlags) {
	// In the order of the flags.
	for i, is := range [...]bool{rec.ExeWritable, rec.ExeUpperLayer, rec.ExeFromMemfd, rec.ExeLowerLayer} {
		if is {
			flags |= 1 << i
		}
	}
	return flags
}

// roomy returns a list with room for more. Lists of versions grow long, and should not be
// copied often.
func roomy[T any](list []T) []T {
	if len(list) < cap(list) {
		return list
	}
	return slices.Grow(list, max(len(list), 64))
}

func boolInt(b bool) int {
	if b {
		return 1
	}
	return 0
}
