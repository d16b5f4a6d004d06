package state

import "tq/storage/scap"

// chdir serves getcwd too, which proves where the thread is.
func (c *call) chdir() {
	if c.result() < 0 {
		return
	}
	if path, ok := c.e.Str(1); ok {
		c.setCwd(path)
	}
}

func (c *call) fchdir() {
	if c.result() < 0 || c.ref == NoFDRef {
		return
	}
	c.setCwd(c.t.names.texts[c.t.fds[c.ref].Name])
}

// setCwd moves the thread's process into another directory.
func (c *call) setCwd(path string) {
	th := c.t.leader(c.th)
	old := c.t.now(th).Cwd
	if dir := directory(join(old, path)); dir != old {
		c.t.revise(th, FromChange).Cwd = dir
	}
}

// leader returns the main thread of a thread's process, or the thread while it is unknown.
func (t *Tracker) leader(th *thread) *thread {
	if th.proc.main != nil {
		return th.proc.main
	}
	return th
}

// cwd returns the working directory of a thread.
func (t *Tracker) cwd(th *thread) string { return t.now(t.leader(th)).Cwd }

func (c *call) chroot() {
	if c.result() != 0 {
		return
	}
	if path, ok := c.e.Str(1); ok {
		if path == "" || path[0] != '/' {
			path = join(c.t.cwd(c.th), path)
		}
		c.t.revise(c.th, FromChange).Root = path
	}
}

// setID changes a user or group of the thread to the parameter i of the exit event or j
// of the enter event.
func (c *call) setID(i, j int, field func(*Thread) *uint32) {
	if c.result() != 0 {
		return
	}
	id, ok := c.int(i, j)
	if !ok || *field(c.t.now(c.th)) == uint32(id) {
		return
	}
	*field(c.t.revise(c.th, FromChange)) = uint32(id)
}

func uid(v *Thread) *uint32 { return &v.UID }
func gid(v *Thread) *uint32 { return &v.GID }

func (c *call) setuid()    { c.setID(1, 0, uid) }
func (c *call) setgid()    { c.setID(1, 0, gid) }
func (c *call) setresuid() { c.setID(2, 1, uid) }
func (c *call) setresgid() { c.setID(2, 1, gid) }

func (c *call) setsid() {
	if sid := c.result(); sid >= 0 && c.t.now(c.th).Sid != sid {
		c.t.revise(c.th, FromChange).Sid = sid
	}
}

func (c *call) capset() {
	if c.result() < 0 {
		return
	}
	v := c.t.revise(c.th, FromChange)
	c.capabilities(v, 1)
}

// capabilities sets the three sets of capabilities from the parameters from i on.
func (c *call) capabilities(v *Thread, i int) {
	if effective, ok := c.e.Int(i + 2); ok {
		inheritable, _ := c.e.Int(i)
		permitted, _ := c.e.Int(i + 1)
		v.CapInheritable, v.CapPermitted = uint64(inheritable), uint64(permitted)
		v.CapEffective = uint64(effective)
	}
}

// Bits of a thread's flags, as captures have them.
const (
	cloneNewPID       = 1 << 6
	cloneParent       = 1 << 8
	cloneThread       = 1 << 13
	cloneNewUser      = 1 << 20
	cloneVfork        = 1 << 27
	cloneChildInPIDNS = 1 << 29
)

// allCaps are the capabilities that Linux has.
const allCaps = 1<<41 - 1

// unshare serves setns too: in another user namespace a thread has every capability.
func (c *call) unshare() {
	if c.result() < 0 {
		return
	}
	i, j := 1, 0
	if c.e.Type == scap.SyscallSetnsX {
		i, j = 2, 1
	}
	if flags, _ := c.int(i, j); flags&cloneNewUser != 0 {
		v := c.t.revise(c.th, FromChange)
		v.CapInheritable, v.CapPermitted, v.CapEffective = allCaps, allCaps, allCaps
	}
}

// rlimitNoFile is the number of the limit of open files.
const rlimitNoFile = 7

func (c *call) rlimit() {
	if c.result() < 0 {
		return
	}
	if resource, _ := c.int(3, 0); resource == rlimitNoFile {
		c.setFDLimit(c.th, 1)
	}
}

func (c *call) prlimit() {
	if c.result() != 0 {
		return
	}
	if resource, _ := c.int(6, 1); resource != rlimitNoFile {
		return
	}
	tid, ok := c.int(5, 0)
	if !ok {
		return
	}
	if tid == 0 {
		tid = c.th.tid
	}
	if th := c.t.lookup(tid); th != nil && th.proc.pid >= 0 {
		c.setFDLimit(th, 1)
	}
}

// setFDLimit sets the limit of open files of a thread's process from parameter i.
func (c *call) setFDLimit(th *thread, i int) {
	limit, ok := c.e.Int(i)
	th = c.t.leader(th)
	if ok && limit != -1 && c.t.now(th).FDLimit != limit {
		c.t.revise(th, FromChange).FDLimit = limit
	}
}

// The options of prctl that tell whether a process adopts orphans.
const (
	prSetChildSubreaper = 36
	prGetChildSubreaper = 37
)

func (c *call) prctl() {
	if c.result() < 0 || c.th.proc.pid < 0 {
		return
	}
	if option, _ := c.e.Int(1); option == prSetChildSubreaper || option == prGetChildSubreaper {
		on, _ := c.e.Int(3)
		c.th.proc.reaper = on != 0
	}
}
