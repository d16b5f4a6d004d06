package state

import "tq/storage/scap"

// execParams are the positions of what the exit events of exec have at different places
// over the years; -1 where they lack it.
type execParams struct{ comm, cgroups, env int }

// Places that all have that have the parameter at all.
const (
	execExe     = 1
	execArgs    = 2
	execPid     = 4
	execPtid    = 5
	execFDLimit = 7
	execTty     = 16
	execVpgid   = 17
	execLogin   = 18
	execFlags   = 19
	execCaps    = 20
	execIno     = 23
	execUID     = 26
	execPath    = 27
	execPgid    = 28
	execGID     = 29
)

func execParamsOf(code uint16) execParams {
	switch code {
	case scap.SyscallExecveV8X, scap.SyscallExecveV13X:
		return execParams{comm: -1, cgroups: -1, env: -1}
	case scap.SyscallExecveV14X:
		return execParams{comm: -1, cgroups: -1, env: 13}
	case scap.SyscallExecveV15X:
		return execParams{comm: 13, cgroups: -1, env: 14}
	}
	return execParams{comm: 13, cgroups: 14, env: 15}
}

// exec makes the thread run another program.
func (c *call) exec() {
	t, e, th := c.t, c.e, c.th
	if res, ok := e.Int(0); !ok || res < 0 {
		return
	}
	if th.dead {
		// Another thread of the process called it and took over this one's tid.
		th.dead = false
		th.proc.alive++
	}
	if t.leaver == th {
		t.leaver = nil
	}
	at := execParamsOf(e.Type)
	placeholder := th.proc.pid < 0
	if pid, ok := e.Int(execPid); ok {
		t.identify(th, pid)
	}
	v := t.revise(th, FromExec)
	v.Pid, v.Process = th.proc.pid, th.proc.id
	if placeholder {
		v.Ptid, _ = e.Int(execPtid)
		if v.Flags&cloneChildInPIDNS == 0 {
			v.Vtid, v.Vpid = v.Tid, v.Pid
		}
	}
	img := &Image{
		Exe: c.textLike(execExe, v.Exe), Args: c.listLike(execArgs, v.Args), ExecTS: e.TS,
		ExePath: v.ExePath, Env: v.Env, Cgroups: v.Cgroups,
		ExeIno: v.ExeIno, ExeCtime: v.ExeCtime, ExeMtime: v.ExeMtime, ExeFlags: v.ExeFlags,
	}
	if at.env >= 0 && len(e.Raw(at.env)) > 0 {
		img.Env = c.listLike(at.env, v.Env).untilEmpty()
	}
	if at.cgroups >= 0 && len(e.Raw(at.cgroups)) > 0 {
		img.Cgroups = c.listLike(at.cgroups, v.Cgroups)
	}
	v.Comm = img.Exe
	if at.comm >= 0 && len(e.Raw(at.comm)) > 0 {
		v.Comm = string(c.bytes(at.comm))
	}
	c.execIDs(v)
	if path, ok := e.Str(execPath); ok {
		img.ExePath = path
	} else if path, ok := c.execTarget(); ok {
		img.ExePath = path
	}
	if mtime, ok := e.Int(execIno + 2); ok {
		ino, _ := e.Int(execIno)
		ctime, _ := e.Int(execIno + 1)
		img.ExeIno, img.ExeCtime, img.ExeMtime = uint64(ino), uint64(ctime), uint64(mtime)
	}
	if flags, ok := e.Int(execFlags); ok {
		img.ExeFlags = ExeFlags(flags)
	}
	v.Image = img
	v.Container = t.containers.idOf(img.Cgroups)
	th.evidence |= HasImage
	if placeholder {
		t.adopt(th)
	}
	t.closeOnExec(th.proc)
	for _, s := range th.siblings() {
		if s.tid != s.proc.pid {
			t.remove(s)
		}
	}
}

// execIDs sets the ids that exec events tell.
func (c *call) execIDs(v *Thread) {
	e := c.e
	if limit, ok := e.Int(execFDLimit); ok {
		v.FDLimit = limit
	}
	if tty, ok := e.Int(execTty); ok {
		v.Tty = uint32(tty)
	}
	if vpgid, ok := e.Int(execVpgid); ok {
		v.Vpgid = vpgid
	}
	if login, ok := e.Int(execLogin); ok {
		v.LoginUID = uint32(login)
	}
	c.capabilities(v, execCaps)
	if uid, ok := e.Int(execUID); ok {
		v.UID = uint32(uid)
	}
	v.Pgid = -1
	if pgid, ok := e.Int(execPgid); ok {
		v.Pgid = pgid
	}
	if gid, ok := e.Int(execGID); ok {
		v.GID = uint32(gid)
	}
	v.Flags = 0
}

// atEmptyPath is the flag of execveat by which the descriptor itself is the program.
const atEmptyPath = 1

// execTarget returns the path of the program as the enter event tells it.
func (c *call) execTarget() (string, bool) {
	in := c.enter
	if in == nil {
		return "", false
	}
	if in.Type != scap.SyscallExecveatE {
		name, ok := in.Str(0)
		if !ok || name == "<NA>" {
			return "<NA>", true
		}
		return join(c.t.cwd(c.th), name), true
	}
	dirfd, _ := in.Int(0)
	name, ok := in.Str(1)
	flags, _ := in.Int(2)
	if !ok {
		name = "<NA>"
	}
	base := ""
	if !isAbs(name) {
		base = c.base(dirfd)
	}
	switch {
	case base == unknownBase, flags&atEmptyPath == 0 && name == "<NA>":
		return "<NA>", true
	case flags&atEmptyPath != 0:
		return join("", base), true
	}
	return join(base, name), true
}
