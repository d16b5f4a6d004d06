package state

import "tq/storage/scap"

// cloneParams are the positions of what the exit events of clone and fork have at
// different places over the years; -1 where they lack it.
type cloneParams struct{ comm, cgroups, flags, vtid int }

// Places that all of them share.
const (
	cloneExe     = 1
	cloneArgs    = 2
	clonePid     = 4
	clonePtid    = 5
	cloneFDLimit = 7
)

func cloneParamsOf(code uint16) cloneParams {
	switch code {
	case scap.SyscallCloneV11X:
		return cloneParams{comm: -1, cgroups: -1, flags: 8, vtid: -1}
	case scap.SyscallCloneV16X, scap.SyscallForkX, scap.SyscallVforkX:
		return cloneParams{comm: -1, cgroups: -1, flags: 13, vtid: -1}
	case scap.SyscallCloneV17X, scap.SyscallForkV17X, scap.SyscallVforkV17X:
		return cloneParams{comm: 13, cgroups: -1, flags: 14, vtid: -1}
	}
	return cloneParams{comm: 13, cgroups: 14, flags: 15, vtid: 18}
}

// cloneStale is the age, in ns, from which a child in the table must be an older thread
// whose exit was missed.
const cloneStale = 2e9

// clone serves every event by which a thread makes another. It happens twice, for the
// parent with the child's tid and for the child with 0, in either order.
func (c *call) clone() {
	child, ok := c.e.Int(0)
	switch {
	case !ok || child < 0:
	case child == 0:
		c.cloneChild()
	default:
		c.cloneParent(child)
	}
}

// cloneChild adds the thread of the event, unless its parent's event has.
func (c *call) cloneChild() {
	t, e := c.t, c.e
	if c.th != nil && c.th.cloneTS != 0 && e.TS-c.th.cloneTS < cloneStale {
		return
	}
	c.th = nil
	at := cloneParamsOf(e.Type)
	v := c.cloned(at)
	v.Tid = e.TID
	v.Pid, _ = e.Int(clonePid)
	v.Ptid, _ = e.Int(clonePtid)
	v.Vtid, v.Vpid = v.Tid, -1
	if vpid, ok := e.Int(at.vtid + 1); ok && at.vtid >= 0 {
		v.Vtid, _ = e.Int(at.vtid)
		v.Vpid = vpid
	}
	leader := v.Flags&cloneThread == 0
	like := v.Ptid
	if !leader {
		like = v.Pid
	}
	model := t.lookupOrAdd(like)
	if model == nil {
		return
	}
	if model.proc.pid < 0 && !leader {
		// The main thread must be like this one.
		t.identify(model, v.Pid)
		m := t.revise(model, FromClone)
		m.Pid, m.Ptid, m.Vpid, m.Vtid = v.Pid, v.Ptid, v.Vpid, v.Vpid
		m.Process = model.proc.id
		m.Comm = v.Comm
		m.Image = &Image{Exe: v.Exe, Args: v.Args}
		t.adopt(model)
	} else if model.proc.pid >= 0 {
		c.resemble(&v, model, leader)
	}
	if model.tid == v.Tid {
		model = nil
	}
	if th := c.addChild(v, model, leader); th != nil {
		th.inverted = true
		c.th = th
	}
}

// cloneParent adds the child that the thread of the event made, unless its number is of
// another pid namespace or the child's event has or will.
func (c *call) cloneParent(child int64) {
	t, e := c.t, c.e
	if c.th == nil {
		if c.th = t.lookupOrAdd(e.TID); c.th == nil {
			return
		}
	}
	at := cloneParamsOf(e.Type)
	v := c.cloned(at)
	known := c.th.proc.pid >= 0
	if !known {
		c.identifyCaller(at, &v)
	}
	caller := t.now(c.th)
	foreign := caller.Vtid >= 0 && caller.Vtid != caller.Tid
	if foreign || v.Flags&(cloneChildInPIDNS|cloneNewPID|cloneParent) != 0 {
		return
	}
	if c.exitedLately(child) {
		c.revive(child)
		return
	}
	if v.Flags&cloneVfork != 0 || isVfork(e.Type) {
		return
	}
	if old := t.lookup(child); old != nil && old.inverted {
		return
	}
	leader := v.Flags&cloneThread == 0
	v.Tid = child
	v.Pid, v.Ptid = child, c.th.tid
	if !leader {
		v.Pid, v.Ptid = caller.Pid, caller.Ptid
	}
	v.Vtid, v.Vpid = v.Tid, v.Pid
	model := c.th
	if known {
		c.resemble(&v, model, leader)
	} else {
		model = nil
	}
	c.addChild(v, model, leader)
}

func isVfork(code uint16) bool {
	return code == scap.SyscallVforkX || code == scap.SyscallVforkV17X || code == scap.SyscallVforkV20X
}

// identifyCaller fills in a parent of which only system calls had been seen.
func (c *call) identifyCaller(at cloneParams, child *Thread) {
	t, e := c.t, c.e
	pid, _ := e.Int(clonePid)
	t.identify(c.th, pid)
	v := t.revise(c.th, FromClone)
	v.Pid, v.Process = pid, c.th.proc.id
	v.Ptid, _ = e.Int(clonePtid)
	v.Vtid, v.Vpid = v.Tid, -1
	if vpid, ok := e.Int(at.vtid + 1); ok && at.vtid >= 0 {
		v.Vtid, _ = e.Int(at.vtid)
		v.Vpid = vpid
	}
	v.Comm = child.Comm
	v.Image = child.Image
	t.adopt(c.th)
}

// cloned returns what the event tells of the child.
func (c *call) cloned(at cloneParams) Thread {
	e := c.e
	v := Thread{Sid: -1, Vpgid: -1, Pgid: -1, LoginUID: noID, Origin: FromClone}
	like := noImage
	if c.th != nil {
		caller := c.t.now(c.th)
		like, v.Comm = caller.Image, caller.Comm
	}
	v.Image = c.imageLike(like, cloneExe, cloneArgs, at.cgroups)
	if at.comm >= 0 {
		v.Comm = c.textLike(at.comm, v.Comm)
	} else {
		v.Comm = v.Exe
	}
	v.FDLimit, _ = e.Int(cloneFDLimit)
	flags, _ := e.Int(at.flags)
	uid, _ := e.Int(at.flags + 1)
	gid, _ := e.Int(at.flags + 2)
	v.Flags, v.UID, v.GID = uint32(flags), uint32(uid), uint32(gid)
	if began, ok := e.Int(at.vtid + 2); ok && at.vtid >= 0 && c.t.boot != 0 {
		v.NamespaceTS = c.t.boot + began
	}
	return v
}

// imageLike returns the image the event tells, like itself when that is the same.
func (c *call) imageLike(like *Image, exe, args, cgroups int) *Image {
	name := c.textLike(exe, like.Exe)
	list := c.listLike(args, like.Args)
	groups := like.Cgroups
	if cgroups >= 0 {
		groups = c.listLike(cgroups, like.Cgroups)
	}
	if name == like.Exe && list == like.Args && groups == like.Cgroups && like != noImage {
		return like
	}
	return &Image{Exe: name, Args: list, Cgroups: groups}
}

// resemble takes over from a thread what its children have in common with it.
func (c *call) resemble(v *Thread, model *thread, leader bool) {
	m := c.t.now(model)
	if v.Image != m.Image {
		img := *v.Image
		img.ExePath = m.ExePath
		img.ExeIno, img.ExeCtime, img.ExeMtime = m.ExeIno, m.ExeCtime, m.ExeMtime
		img.ExeFlags = m.ExeFlags
		v.Image = &img
	}
	if v.NamespaceTS == 0 {
		v.NamespaceTS = m.NamespaceTS
	}
	v.Root = m.Root
	v.Sid, v.Vpgid, v.Pgid = m.Sid, m.Vpgid, m.Pgid
	v.Tty, v.LoginUID = m.Tty, m.LoginUID
	v.CapInheritable, v.CapPermitted, v.CapEffective = m.CapInheritable, m.CapPermitted, m.CapEffective
	if leader {
		v.Cwd = c.t.cwd(model)
		if v.Env == "" && m.Env != "" {
			img := *v.Image
			img.Env = m.Env
			v.Image = &img
		}
	}
}

// addChild adds a thread. Unless it joins the process of its parent it gets copies of
// the parent's descriptors.
func (c *call) addChild(v Thread, model *thread, leader bool) *thread {
	t := c.t
	v.Container = t.containers.idOf(v.Cgroups)
	v.CloneTS = c.e.TS
	if leader {
		delete(t.byPid, v.Pid)
	}
	th := t.add(v)
	if th == nil {
		return nil
	}
	th.cloneTS = c.e.TS
	c.made = th
	if leader && model != nil && model.known() && model.proc != th.proc {
		t.inheritFDs(th.proc, model.proc)
	}
	t.adopt(th)
	return th
}

// exitedLately reports whether the child of the call's thread with the given tid has come
// and gone already: events of two threads can stand in either order.
func (c *call) exitedLately(child int64) bool {
	t := c.t
	id := t.View().lastOf(child, t.num)
	if id == NoThread || t.threads[id].Origin != Ended || t.threads[id].Parent != c.th.life {
		return false
	}
	return c.e.TS-t.lives[t.threads[id].Life].EndTS < cloneStale
}

// revive puts a child that has exited before its parent's event back into the table, where
// recorders tell of enter events too: what switches still tell of its last moments on a
// CPU is shown under its name. Readers of newer captures leave it out.
func (c *call) revive(child int64) {
	t := c.t
	if !c.paired || t.tids.n >= maxThreads {
		return
	}
	if old := t.tids.get(child); old != nil {
		t.erase(old) // what switches have told of it since
	}
	v := t.threads[t.View().lastOf(child, t.num)]
	v.Origin, v.Heir = FromChange, NoLife
	life := &t.lives[v.Life]
	th := &thread{
		tid: child, life: v.Life, id: NoThread, enterType: noType, dead: true,
		evidence: life.Evidence, lastNum: life.LastNum, lastTS: life.LastTS,
	}
	t.tids.put(th)
	life.End = 0
	t.tids.n++
	p := t.processes[v.Process]
	p.join(th)
	p.alive--
	t.publish(th, v)
}
