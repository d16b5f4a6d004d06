package state

import "tq/storage/scap"

// openParams are the positions of what the exit events of open and its relatives tell,
// and of the same in the enter events; -1 where they lack it.
type openParams struct {
	dirfd, name, flags, dev          int
	enterDirfd, enterName, enterFlag int
}

func openParamsOf(code uint16) openParams {
	switch code {
	case scap.SyscallOpenX:
		return openParams{-1, 1, 2, 4, -1, 0, 1}
	case scap.SyscallCreatX:
		return openParams{-1, 1, -1, 3, -1, 0, -1}
	case scap.SyscallOpenatX:
		return openParams{-1, -1, -1, -1, 0, 1, 2}
	case scap.SyscallOpenatV2X:
		return openParams{1, 2, 3, 5, 0, 1, 2}
	case scap.SyscallOpenat2X:
		return openParams{1, 2, 3, 6, 0, 1, 2}
	}
	return openParams{-1, 3, 2, 4, -1, -1, -1} // open_by_handle_at tells the whole path
}

const (
	openDirectory = 0x400
	// openCreated is the least of the flags that the recorder adds itself.
	openCreated = 0x4000
)

// atCwd stands for the working directory in place of a directory's descriptor.
const atCwd = -100

// unknownBase stands for the directory of a descriptor that is not known.
const unknownBase = "<UNKNOWN>"

// open makes the descriptor of a file. A call that failed still names what it was for.
func (c *call) open() {
	t, e := c.t, c.e
	at := openParamsOf(e.Type)
	name := notRead
	if raw := e.Raw(at.name); at.name >= 0 && len(raw) > 0 {
		name = cText(raw)
	}
	flags, _ := e.Int(at.flags)
	dirfd, dirKnown := e.Int(at.dirfd)
	// What the enter event tells the program cannot have changed meanwhile.
	if c.enter != nil && at.enterName >= 0 {
		if raw := c.enter.Raw(at.enterName); len(raw) > 0 && string(cText(raw)) != string(notRead) {
			name = cText(raw)
			f, _ := c.enter.Int(at.enterFlag)
			flags = f | flags&^(openCreated-1)
			dirfd, dirKnown = c.enter.Int(at.enterDirfd)
		}
	}
	base := ""
	switch {
	case isAbs(name):
	case at.dirfd >= 0 || at.enterDirfd >= 0:
		if dirKnown {
			base = c.base(dirfd)
		}
	case at.enterName >= 0:
		base = t.cwd(c.th)
	}
	num := c.result()
	if num < 0 && at.enterDirfd < 0 && isAbs(name) {
		t.buf = append(t.buf[:0], name...)
	} else {
		t.buf = appendPath(t.buf[:0], base, name)
	}
	path := t.names.internBytes(t.buf)
	if num < 0 {
		c.attempt(num, scap.FDFile, path)
		return
	}
	dev, _ := e.Int(at.dev)
	ino, _ := e.Int(at.dev + 1)
	fd := FD{
		Num: num, Name: path, Socket: -1, Type: scap.FDFileV2,
		OpenFlags: uint32(flags), Dev: uint32(dev), Ino: uint64(ino), Origin: FDFromCall,
	}
	if flags&openDirectory != 0 {
		fd.Type = scap.FDDirectory
	}
	c.addFD(fd)
}

// base returns the directory that relative names start from.
func (c *call) base(dirfd int64) string {
	if dirfd == atCwd {
		return c.t.cwd(c.th)
	}
	ref := c.t.fdOf(c.th.proc, dirfd)
	if ref == NoFDRef {
		return unknownBase
	}
	return c.t.names.texts[c.t.fds[ref].Name]
}

// attempt makes the row show what a call was to make a descriptor of, but failed.
func (c *call) attempt(num int64, typ scap.FDType, name NameID) {
	c.ref = c.t.loose(FD{
		Num: num, Type: typ, Name: name, Socket: -1, Origin: FDAttempt,
		Process: c.th.proc.id, First: FDID(len(c.t.fds)),
	})
}

// loose keeps a version of a descriptor that only the present row shows: it takes no
// slot.
func (t *Tracker) loose(fd FD) FDID {
	fd.Since = t.num
	t.fds = append(roomy(t.fds), fd)
	return FDID(len(t.fds) - 1)
}
