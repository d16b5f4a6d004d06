package state

import "tq/storage/scap"

// call is the event being applied and what is known of it.
type call struct {
	t        *Tracker
	e        *scap.Event
	th       *thread     // nil when it is not known
	stranger *thread     // its thread when only the tid is known
	made     *thread     // that it added
	enter    *scap.Event // the paired enter event where the rules need it, or nil
	paired   bool        // there is an enter event
	first    bool        // and no earlier exit event was its
	printed  bool        // sysdig shows it
	ref      FDID        // version of the descriptor it is about, or NoFDRef
}

// Event applies an event, the num'th of the capture, and says what it belongs to.
func (t *Tracker) Event(e *scap.Event, num uint32) Row {
	t.Apply(e, num)
	return t.Row()
}

// Apply brings the state up to an event, the num'th of the capture, and returns the
// version of its thread and whether sysdig shows it. The event must not change before
// [Tracker.Row] is asked for the rest, if it is: most events change little, so that what
// they belong to is the greater part of the work.
func (t *Tracker) Apply(e *scap.Event, num uint32) (id ThreadID, printed bool) {
	k := t.kinds.of(e.Type)
	if k.flags&simple == 0 || t.due {
		return t.apply(e, num, k)
	}
	th := t.tids.get(e.TID)
	if !th.known() {
		return t.apply(e, num, k)
	}
	c := &t.call
	c.start(e, th)
	c.printed = e.Flags&scap.StateOnly == 0
	if k.flags&enters != 0 {
		c.enters(k)
	} else {
		c.exits(k)
	}
	t.num, t.ts = num+1, e.TS
	th.lastNum, th.lastTS = num, e.TS
	return th.id, c.printed
}

// apply is Apply for events of all kinds.
func (t *Tracker) apply(e *scap.Event, num uint32, k *kind) (id ThreadID, printed bool) {
	t.num = num
	t.floor, t.fdFloor = len(t.threads), len(t.fds)
	if t.leaver != nil || t.closed.proc != nil {
		t.settle()
	}
	if k.flags&timeless == 0 {
		t.ts = e.TS
	}
	var th *thread
	if k.flags&threadless == 0 {
		if th = t.tids.get(e.TID); !th.known() {
			th = t.prove(e.TID, k)
		}
	}
	c := &t.call
	c.start(e, th)
	c.stranger, c.made, c.enter, c.paired = nil, nil, nil, false
	c.printed = k.flags&hidden == 0 && e.Flags&scap.StateOnly == 0
	if t.opening {
		t.begin(c, k)
	}
	if th != nil && k.flags&plain != 0 {
		if k.flags&enters != 0 {
			c.enters(k)
		} else {
			c.exits(k)
		}
	}
	if k.rule != nil && (th != nil || k.flags&unattended != 0) {
		k.rule(c)
		th = c.th
	}
	if t.measures != nil {
		t.measures.event(c)
	}
	if th == nil {
		if c.stranger == nil && k.flags&threadless == 0 {
			c.stranger = t.stranger(e.TID)
		}
		th = c.stranger
	}
	id = NoThread
	if th != nil {
		th.lastNum, th.lastTS = num, t.ts
		id = th.id
	}
	t.num = num + 1
	t.due = t.opening || t.leaver != nil || t.closed.proc != nil || t.measures != nil
	return id, c.printed
}

// start turns to another event. Pointers are stored only where they change, for stores are
// dear while garbage is collected.
func (c *call) start(e *scap.Event, th *thread) {
	if c.e != e {
		c.e = e
	}
	if c.th != th {
		c.th = th
	}
	c.first, c.ref = false, NoFDRef
}

// begin is called for the events at the start of a section. Those that still tell the
// initial state are not shown; before the first other one the initial state is completed.
func (t *Tracker) begin(c *call, k *kind) {
	if k.flags&initial != 0 {
		c.printed = false
		return
	}
	t.opening = false
	t.orientListed()
}

// settle carries out what the last event left for after itself: the thread that exited
// and the descriptor that was closed were still there in its row.
func (t *Tracker) settle() {
	if t.closed.proc != nil {
		t.closeFD(t.closed.proc, t.closed.num)
		t.closed.proc = nil
	}
	if th := t.leaver; th != nil {
		t.leaver = nil
		t.remove(th)
	}
}

// prove adds the thread of an event that is not known; it returns nil when the event does
// not prove that it lives.
func (t *Tracker) prove(tid int64, k *kind) *thread {
	if k.flags&(passive|noPlaceholder) != 0 || tid < 0 {
		return nil
	}
	return t.lookupOrAdd(tid)
}

// enters remembers an enter event for its exit event, and the descriptor it is about.
func (c *call) enters(k *kind) {
	th, e := c.th, c.e
	th.enterType, th.enterPaired, th.enterAt = e.Type, false, e.Offset
	th.evidence |= DidSyscall
	th.fd = -1
	if k.flags&uses != 0 {
		if fd, ok := e.Int(int(k.fd)); ok {
			th.fd = fd
		}
		if k.rule != nil {
			c.ref = c.t.fdOf(th.proc, th.fd)
		}
	}
	if k.flags&stores != 0 {
		if th.enter == nil {
			th.enter = new(scap.Event)
		}
		*th.enter = *e
	}
	if k.flags&generic != 0 {
		th.enterID = e.Syscall()
	}
}

// exits pairs an exit event with its enter event. Rules are told what descriptor it is
// about, and what the enter event says.
func (c *call) exits(k *kind) {
	th, e := c.th, c.e
	th.evidence |= DidSyscall
	c.paired = th.enterType == e.Type-1 ||
		e.Type == scap.SyscallExecveV19X && th.enterType == scap.SyscallExecveatE
	if !c.paired {
		th.fd = -1
	} else if !th.enterPaired && (k.flags&generic == 0 || th.enterID == e.Syscall()) {
		c.first, th.enterPaired = true, true
	}
	if k.rule == nil {
		return
	}
	if c.paired && c.t.kinds.of(th.enterType).flags&stores != 0 {
		c.enter = th.enter
	}
	if k.flags&uses != 0 {
		th.fd = c.ownFD(k)
		c.ref = c.t.fdOf(th.proc, th.fd)
	}
}

// ownFD returns the number of the descriptor that the event is about: what it says, or
// else what its enter event has said.
func (c *call) ownFD(k *kind) int64 {
	if k.fd >= 0 {
		if fd, ok := c.e.Int(int(k.fd)); ok {
			return fd
		}
	}
	return c.th.fd
}

// Row says what the event belongs to that was applied last.
func (t *Tracker) Row() Row {
	c, th := &t.call, t.call.th
	row := Row{FD: NoFD, Thread: NoThread, Life: NoLife, FDRef: NoFDRef, Printed: c.printed}
	if th == nil {
		if c.stranger != nil {
			row.Life = c.stranger.life
		}
		return row
	}
	row.Thread, row.Life = th.id, th.life
	if c.first {
		row.EnterAt = th.enterAt
	}
	k := t.kinds.of(c.e.Type)
	if k.flags&(uses|creates) == 0 {
		return row
	}
	row.FD, row.FDRef = th.fd, c.ref
	if k.rule == nil && k.flags&(uses|enters) == uses {
		row.FD = c.ownFD(k)
	}
	if row.FDRef == NoFDRef && row.FD != -1 {
		row.FDRef = t.fdOf(th.proc, row.FD)
	}
	if row.FDRef == NoFDRef && k.flags&enters == 0 {
		row.FDRef = UnknownFD
	}
	return row
}

// result returns what the call returned, the first parameter of exit events. A call
// whose result is not known counts as failed.
func (c *call) result() int64 {
	v, ok := c.e.Int(0)
	if !ok {
		return -1
	}
	return v
}

// int returns an integer parameter: i of the exit event or, where a recorder left it to
// the enter event, j of that.
func (c *call) int(i, j int) (int64, bool) {
	if v, ok := c.e.Int(i); ok {
		return v, true
	}
	if c.enter == nil || j < 0 {
		return 0, false
	}
	return c.enter.Int(j)
}
