package state

import (
	"strconv"

	"tq/storage/scap"
)

// close takes the descriptor away after this event, in whose row it is still shown.
func (c *call) close() {
	if c.result() >= 0 && c.ref != NoFDRef {
		c.t.closed.proc, c.t.closed.num = c.th.proc, c.th.fd
	}
}

// closeRangeCloexec is the flag by which close_range only marks the descriptors.
const closeRangeCloexec = 4

func (c *call) closeRange() {
	if c.result() < 0 {
		return
	}
	first, _ := c.e.Int(1)
	last, _ := c.e.Int(2)
	flags, _ := c.e.Int(3)
	p := c.th.proc
	var hit []int64
	p.fds.each(func(num int64, point int32) {
		if num >= first && num <= last && c.t.history.ref(point) >= 0 {
			hit = append(hit, num)
		}
	})
	for _, num := range hit {
		if flags&closeRangeCloexec == 0 {
			c.t.closeFD(p, num)
			continue
		}
		fd := c.t.fds[c.t.fdOf(p, num)]
		fd.OpenFlags |= closeOnExec
		c.t.place(p, fd)
	}
}

func (c *call) dup() {
	num := c.result()
	if num < 0 || c.ref == NoFDRef {
		return
	}
	fd := c.copyFD(num)
	fd.OpenFlags &^= closeOnExec
	if c.e.Type == scap.SyscallDup3X {
		flags, _ := c.e.Int(3)
		fd.OpenFlags |= uint32(flags) & closeOnExec
	}
}

// The commands of fcntl that concern descriptors.
const (
	fcntlDup        = 1
	fcntlSetFD      = 3
	fcntlDupCloexec = 26
)

func (c *call) fcntl() {
	num, ok := c.e.Int(0)
	if !ok || num < 0 || c.ref == NoFDRef {
		return
	}
	switch cmd, _ := c.int(2, 1); cmd {
	case fcntlDup:
		fd := c.copyFD(num)
		fd.OpenFlags &^= closeOnExec
	case fcntlDupCloexec:
		fd := c.copyFD(num)
		fd.OpenFlags |= closeOnExec
	case fcntlSetFD:
		if arg, ok := c.e.Int(3); ok {
			c.setCloexec(arg&1 != 0)
		}
	}
}

func (c *call) setCloexec(on bool) {
	flags := c.t.fds[c.ref].OpenFlags &^ closeOnExec
	if on {
		flags |= closeOnExec
	}
	if flags != c.t.fds[c.ref].OpenFlags {
		c.reviseFD().OpenFlags = flags
	}
}

// pipe makes two descriptors; the row shows the second.
func (c *call) pipe() {
	if c.result() < 0 {
		return
	}
	ino, _ := c.e.Int(3)
	flags, _ := c.e.Int(4)
	for i := 1; i <= 2; i++ {
		num, ok := c.e.Int(i)
		if !ok {
			return
		}
		c.addFD(FD{
			Num: num, Type: scap.FDFifo, Ino: uint64(ino), OpenFlags: uint32(flags),
			Socket: -1, Origin: FDFromCall,
		})
	}
}

// simple makes a descriptor without more than a type and, in parameter flags, its flags.
func (c *call) simple(typ scap.FDType, flags int) {
	num, ok := c.e.Int(0)
	if !ok || num < 0 {
		return
	}
	fd := FD{Num: num, Type: typ, Socket: -1, Origin: FDFromCall}
	if v, ok := c.e.Int(flags); ok {
		fd.OpenFlags = uint32(v)
	}
	c.addFD(fd)
}

func (c *call) timerfd()     { c.simple(scap.FDTimer, -1) }
func (c *call) epoll()       { c.simple(scap.FDEventpoll, -1) }
func (c *call) userfaultfd() { c.simple(scap.FDUserfault, -1) }
func (c *call) ioUring()     { c.simple(scap.FDIOUring, -1) }
func (c *call) bpf()         { c.simple(scap.FDBPF, -1) }

func (c *call) eventfd() {
	if c.e.Type == scap.SyscallEventfd2X {
		c.simple(scap.FDEvent, 1)
		return
	}
	c.simple(scap.FDEvent, -1)
}

func (c *call) signalfd() {
	if c.e.Type == scap.SyscallSignalfd4X {
		c.simple(scap.FDSignal, 1)
		return
	}
	c.simple(scap.FDSignal, -1)
}

func (c *call) inotify() {
	if c.e.Type == scap.SyscallInotifyInit1X {
		c.simple(scap.FDInotify, 1)
		return
	}
	c.simple(scap.FDInotify, -1)
}

func (c *call) memfd() {
	num, ok := c.e.Int(0)
	if !ok || num < 0 {
		return
	}
	name, _ := c.e.Str(1)
	flags, _ := c.e.Int(2)
	c.addFD(FD{
		Num: num, Type: scap.FDMemfd, Name: c.t.names.intern(name), OpenFlags: uint32(flags),
		Socket: -1, Origin: FDFromCall,
	})
}

func (c *call) pidfdOpen() {
	num, ok := c.e.Int(0)
	if !ok || num < 0 {
		return
	}
	pid, _ := c.e.Int(1)
	flags, _ := c.e.Int(2)
	c.t.buf = strconv.AppendInt(append(c.t.buf[:0], "/proc/"...), pid, 10)
	c.addFD(FD{
		Num: num, Type: scap.FDPidfd, Name: c.t.names.internBytes(c.t.buf), OpenFlags: uint32(flags),
		Socket: -1, Origin: FDFromCall,
	})
}

// pidfdGetfd copies a descriptor of another process, which the first descriptor names.
func (c *call) pidfdGetfd() {
	num, ok := c.e.Int(0)
	if !ok || num < 0 {
		return
	}
	t := c.t
	pidfd, _ := c.e.Int(1)
	target, _ := c.e.Int(2)
	ref := t.fdOf(c.th.proc, pidfd)
	if ref == NoFDRef || t.fds[ref].Type != scap.FDPidfd {
		return
	}
	const proc = "/proc/"
	path := t.names.texts[t.fds[ref].Name]
	if len(path) < len(proc) {
		return
	}
	pid, err := strconv.ParseInt(path[len(proc):], 10, 64)
	if err != nil {
		return
	}
	th := t.lookup(pid)
	if th == nil {
		return
	}
	if ref = t.fdOf(th.proc, target); ref == NoFDRef {
		return
	}
	c.ref = ref
	c.copyFD(num)
}
