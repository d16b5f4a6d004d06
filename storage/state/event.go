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
	untold   bool        // sysdig does not show it, by what it says
	ref      FDID        // version of the descriptor it is about, or NoFDRef
}

// Event applies an event, the num'th of the capture, and says what it belongs to.
func (t *Tracker) Event(e *scap.Event, num uint32) (row Row) {
	t.num = num
	t.floor, t.fdFloor = len(t.threads), len(t.fds)
	if t.leaver != nil || t.closed.proc != nil {
		t.settle()
	}
	k := kindOf(e.Type)
	row.FD, row.Thread, row.Life, row.FDRef = NoFD, NoThread, NoLife, NoFDRef
	row.Printed = k.flags&hidden == 0 && e.Flags&scap.StateOnly == 0
	if t.opening {
		t.begin(k, &row)
	}
	if k.flags&timeless == 0 {
		t.ts = e.TS
	}
	c := &t.call
	c.e, c.th, c.stranger, c.made, c.enter = e, nil, nil, nil, nil
	c.paired, c.untold, c.ref = false, false, NoFDRef
	switch {
	case k.flags&plain != 0:
		if c.th = t.locate(e.TID, k); c.th == nil {
			break
		}
		if k.flags&enters != 0 {
			c.enters(k, &row)
		} else {
			c.exits(k, &row)
		}
	case k.flags&threadless != 0:
	case k.flags&passive != 0:
		c.th = t.lookup(e.TID)
	default:
		c.th = t.locate(e.TID, k)
	}
	if k.rule != nil && (c.th != nil || k.flags&unattended != 0) {
		k.rule(c)
	}
	if c.untold {
		row.Printed = false
	}
	if t.measures != nil {
		t.measures.event(c)
	}
	t.finish(c, k, &row)
	t.num = num + 1
	return row
}

// begin is called for the events at the start of a section. Those that still tell the
// initial state are not shown; before the first other one the initial state is completed.
func (t *Tracker) begin(k *kind, row *Row) {
	if k.flags&initial != 0 {
		row.Printed = false
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

// locate returns the thread of an event; nil when it is not known and the event does not
// prove that it lives.
func (t *Tracker) locate(tid int64, k *kind) *thread {
	if th := t.tids.get(tid); th.known() {
		return th
	}
	if k.flags&noPlaceholder != 0 || tid < 0 {
		return nil
	}
	return t.lookupOrAdd(tid)
}

// finish fills in the row of the event that was applied.
func (t *Tracker) finish(c *call, k *kind, row *Row) {
	th := c.th
	if th == nil {
		if k.flags&threadless == 0 {
			if th = c.stranger; th == nil {
				th = t.stranger(c.e.TID)
			}
		}
		if th != nil {
			row.Life = th.life
			th.lastNum, th.lastTS = t.num, t.ts
		}
		return
	}
	th.lastNum, th.lastTS = t.num, t.ts
	row.Thread, row.Life = th.id, th.life
	if k.flags&(uses|creates) == 0 {
		return
	}
	if c.ref == NoFDRef && th.fd != -1 {
		c.ref = t.fdOf(th.proc, th.fd)
	}
	row.FD, row.FDRef = th.fd, c.ref
	if c.ref == NoFDRef && k.flags&enters == 0 {
		row.FDRef = UnknownFD
	}
}

// enters remembers an enter event for its exit event and finds the descriptor it is
// about.
func (c *call) enters(k *kind, row *Row) {
	th, e := c.th, c.e
	th.enterType = e.Type
	th.enterPaired = false
	th.enterNum, th.enterTS = c.t.num, e.TS
	th.fd = -1
	th.evidence |= DidSyscall
	switch {
	case k.flags&uses != 0:
		if fd, ok := e.Int(int(k.fd)); ok {
			th.fd = fd
		}
		c.ref = c.t.fdOf(th.proc, th.fd)
	case e.Type == scap.GenericE:
		id, _ := e.Int(0)
		th.enterID = uint16(id)
		row.Syscall = th.enterID
	}
	if k.flags&stores != 0 {
		if th.enter == nil {
			th.enter = new(scap.Event)
		}
		*th.enter = *e
	}
}

// exits pairs an exit event with its enter event and finds the descriptor it is about.
func (c *call) exits(k *kind, row *Row) {
	th, e := c.th, c.e
	th.evidence |= DidSyscall
	paired := th.enterType == e.Type-1 ||
		e.Type == scap.SyscallExecveV19X && th.enterType == scap.SyscallExecveatE
	c.paired = paired
	if paired {
		if kindOf(th.enterType).flags&stores != 0 {
			c.enter = th.enter
		}
	} else {
		th.fd = -1
	}
	var id uint16
	if e.Type == scap.GenericX {
		n, _ := e.Int(0)
		id = uint16(n)
		row.Syscall = id
	}
	if paired && !th.enterPaired && (e.Type != scap.GenericX || id == th.enterID) {
		th.enterPaired = true
		row.Enter, row.EnterTS = th.enterNum, th.enterTS
	}
	if k.flags&uses == 0 {
		return
	}
	if fd, ok := e.Int(int(k.fd)); ok && k.fd >= 0 {
		th.fd = fd
	}
	c.ref = c.t.fdOf(th.proc, th.fd)
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
