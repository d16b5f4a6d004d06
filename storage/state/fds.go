package state

import "tq/storage/scap"

// FD is a version of a file descriptor: what was known of it from event Since on, until
// a later version takes its slot.
type FD struct {
	Num       int64
	Ino       uint64
	Name      NameID // 0 is the empty name
	Socket    int32  // index in [Tracker.Sockets], -1 when it is none of the internet's or unix's
	Process   ProcessID
	First     FDID // the version that the descriptor began with
	Since     uint32
	Dev       uint32
	OpenFlags uint32
	Type      scap.FDType
	Role      Role
	Origin    FDOrigin
}

// FDOrigin says how a version of a file descriptor came to be.
type FDOrigin uint8

// The origins of file descriptors.
const (
	FDFromList FDOrigin = iota // of the list taken when recording began
	FDFromCall                 // made or changed by a call
	FDAttempt                  // never was: a call was to make it and failed; tells its name and the kind it would have had
)

// closeOnExec is the open flag of descriptors that exec closes.
const closeOnExec = 0x1000

// add makes fd, as filled in, the descriptor with its number and returns its version.
// The fields that tell its place are set here.
func (c *call) addFD(fd FD) FDID {
	t := c.t
	fd.First = FDID(len(t.fds))
	ref := t.place(c.th.proc, fd)
	c.th.fd = fd.Num
	c.ref = ref
	return ref
}

// place puts a version of a descriptor into its slot of a process's table.
func (t *Tracker) place(p *process, fd FD) FDID {
	ref := FDID(len(t.fds))
	fd.Process, fd.Since = p.id, t.num
	t.fds = append(roomy(t.fds), fd)
	t.occupy(p, fd.Num, ref)
	return ref
}

// occupy makes a version the one in a slot.
func (t *Tracker) occupy(p *process, num int64, ref FDID) {
	point := p.fds.get(num)
	if p.fds.set(num, t.history.push(point, t.num, int32(ref))) && t.history.ref(point) < 0 {
		p.open++
	}
}

// reviseFD returns a version of the descriptor of the call that may be changed: a new
// one, unless the present event made the current one. It is valid until the next version
// is made.
func (c *call) reviseFD() *FD {
	if int(c.ref) < c.t.fdFloor {
		old := c.t.fds[c.ref]
		old.Origin = FDFromCall
		c.ref = c.t.place(c.th.proc, old)
	}
	return &c.t.fds[c.ref]
}

// copyFD makes the descriptor with number num a copy of the call's.
func (c *call) copyFD(num int64) *FD {
	fd := c.t.fds[c.ref]
	fd.Num, fd.Origin = num, FDFromCall
	ref := c.addFD(fd)
	return &c.t.fds[ref]
}

// fdOf returns the version of a process's descriptor, or NoFDRef.
func (t *Tracker) fdOf(p *process, num int64) FDID {
	return FDID(t.history.ref(p.fds.get(num)))
}

// closeFD takes a descriptor out of a process's table.
func (t *Tracker) closeFD(p *process, num int64) {
	point := p.fds.get(num)
	if t.history.ref(point) < 0 {
		return
	}
	p.fds.set(num, t.history.push(point, t.num, int32(NoFDRef)))
	p.open--
}

// inheritFDs makes a process's table a copy of another's.
func (t *Tracker) inheritFDs(child, parent *process) {
	t.stamp += 2
	child.fds.inherit(&parent.fds, t.stamp-1, t.stamp)
	child.open = parent.open
}

// closeOnExec closes the descriptors that do not survive an exec.
func (t *Tracker) closeOnExec(p *process) {
	var gone []int64
	p.fds.each(func(num int64, point int32) {
		if ref := t.history.ref(point); ref >= 0 && t.fds[ref].OpenFlags&closeOnExec != 0 {
			gone = append(gone, num)
		}
	})
	for _, num := range gone {
		t.closeFD(p, num)
	}
}

// listFDs takes the descriptors of a thread from the list at the start of a section.
func (t *Tracker) listFDs(list scap.FDList) {
	th := t.lookup(list.Tid)
	if th == nil || th.tid != th.proc.pid && th.proc.main != nil {
		return
	}
	for i := range list.FDs {
		rec := &list.FDs[i]
		fd := FD{
			Num: rec.Num, Ino: rec.Ino, Type: rec.Type, Dev: rec.Dev, OpenFlags: rec.OpenFlags,
			Socket: -1, First: FDID(len(t.fds)), Origin: FDFromList,
		}
		if s, ok := listedSocket(*rec); ok {
			t.listSocket(&fd, *rec, s)
		} else {
			fd.Name = t.names.intern(rec.Name)
		}
		t.place(th.proc, fd)
	}
}
