package state

// Life is a thread from its first event to its last. What its versions do not hold is
// settled when it ends, or with the capture.
type Life struct {
	Tid             int64
	First, Last     ThreadID // its versions; NoThread when only its tid is known
	Start, End      uint32   // first event, and the first after it; End is 0 when it lives on
	LastNum         uint32   // last event of its own
	Exit            uint32   // its exit event, or 0
	StartTS, LastTS int64
	EndTS           int64 // when it ended, if it has
	Status          int64 // of the exit event: status, exit code, signal, core dumped
	Ret             int64
	Signal          uint8
	Core            bool
	Evidence        Evidence
}

// Evidence is what was seen of a thread that tells whether it belongs to the kernel.
type Evidence uint8

// What is seen of threads.
const (
	LeftWithoutMemory Evidence = 1 << iota // left a CPU with vm_size = 0
	LeftWithMemory                         // left a CPU with memory of its own
	DidSyscall                             // made a system call
	HasImage                               // the list of processes shows its program
)

// Kernel reports whether the thread is one of the kernel's: it ran without user memory,
// made no system call, and no program is known of it.
func (e Evidence) Kernel() bool {
	return e&(LeftWithoutMemory|LeftWithMemory|DidSyscall|HasImage) == LeftWithoutMemory
}

// record writes what is known of a thread into its life.
func (t *Tracker) record(th *thread) {
	life := &t.lives[th.life]
	life.LastNum, life.LastTS, life.Evidence = th.lastNum, th.lastTS, th.evidence
}

// exit notes that the thread exits. It stays in the table until the next event, as do
// main threads whose process goes on.
func (c *call) exit() {
	th := c.th
	if th == nil {
		if th = c.t.tids.get(c.e.TID); th == nil {
			return
		}
		c.stranger = th
	}
	life := &c.t.lives[th.life]
	life.Exit = c.t.num
	life.Status, _ = c.e.Int(0)
	life.Ret, _ = c.e.Int(1)
	signal, _ := c.e.Int(2)
	core, _ := c.e.Int(3)
	life.Signal, life.Core = uint8(signal), core != 0
	th.lastNum, th.lastTS = c.t.num, c.t.ts
	if th.known() {
		c.t.die(th)
		th.adopter, _ = c.e.Int(4)
	}
	c.t.leaver = th
}

// die counts a thread among the dead of its process.
func (t *Tracker) die(th *thread) {
	if !th.dead {
		th.dead = true
		th.proc.alive--
	}
}

// remove takes a thread that has exited out of the table. The main thread stays while
// others of its process live, and goes with the last of them.
func (t *Tracker) remove(th *thread) {
	if !th.known() {
		t.erase(th)
		return
	}
	t.die(th)
	p := th.proc
	heir := t.heir(th)
	if p.alive == 0 && p.main != nil && p.main != th {
		t.erase(p.main)
	}
	t.revise(th, FromChange).Heir = heir
	if p.alive == 0 || p.main != th {
		t.erase(th)
	}
}

// erase ends a thread's life.
func (t *Tracker) erase(th *thread) {
	t.record(th)
	t.lives[th.life].End, t.lives[th.life].EndTS = t.num, t.ts
	t.tids.drop(th)
	if t.leaver == th {
		t.leaver = nil
	}
	if !th.known() {
		return
	}
	t.die(th)
	v := t.revise(th, Ended)
	v.Origin = Ended
	th.proc.leave(th)
	t.drop(th.proc)
	th.id = NoThread
	t.tids.n--
}

// maxAncestors limits how far up lookups go, should parents form a circle.
const maxAncestors = 256

// heir returns who adopts the children of a thread that exits: whom the kernel names,
// else another thread of its process, else the nearest ancestor that adopts orphans.
func (t *Tracker) heir(th *thread) LifeID {
	if th.adopter > 0 {
		if a := t.lookup(th.adopter); a != nil && a.proc.pid >= 0 {
			if a.proc != th.proc {
				a.proc.reaper = true
			}
			return a.life
		}
	}
	if m := living(th.proc, th); m != nil {
		return m.life
	}
	inNamespace := t.now(th).InPIDNamespace()
	up := th
	for range maxAncestors {
		up = t.parent(up)
		if up == nil || t.now(up).InPIDNamespace() != inNamespace {
			return NoLife
		}
		if up.proc.reaper {
			if m := living(up.proc, th); m != nil {
				return m.life
			}
		}
	}
	return NoLife
}

// living returns a living thread of a process other than th.
func living(p *process, th *thread) *thread {
	if p.alive == 0 {
		return nil
	}
	for _, m := range p.members {
		if !m.dead && m != th {
			return m
		}
	}
	return nil
}

// adopt links a thread to its parent.
func (t *Tracker) adopt(th *thread) {
	v := t.now(th)
	if p := t.lookup(v.Ptid); p != nil && p.proc.pid >= 0 && p != th {
		t.revise(th, v.Origin).Parent = p.life
	}
}

// parent returns the present parent of a thread, or nil.
func (t *Tracker) parent(th *thread) *thread {
	id := t.View().Parent(th.id, t.num)
	if id == NoThread {
		return nil
	}
	return t.lookup(t.threads[id].Tid)
}
