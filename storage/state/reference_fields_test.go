package state

import (
	"fmt"
	"strconv"

	"tq/storage/scap"
)

// requiredFields are those that must be equal in every row.
var requiredFields = map[string]bool{
	"evt.num": true, "evt.rawtime": true, "evt.cpu": true, "evt.dir": true, "evt.type": true,
	"thread.tid": true, "proc.pid": true, "proc.name": true, "fd.num": true, "fd.name": true,
}

// referenceFields gives the fields as sysdig prints them.
var referenceFields = map[string]func(*printed) string{
	"evt.num":     func(p *printed) string { return strconv.FormatUint(uint64(p.num), 10) },
	"evt.rawtime": func(p *printed) string { return strconv.FormatInt(p.e.TS, 10) },
	"evt.cpu":     func(p *printed) string { return strconv.Itoa(int(p.e.CPU)) },
	"evt.dir":     func(p *printed) string { return direction(p.e.Info()) },
	"evt.type":    typeField,
	"thread.tid":  func(p *printed) string { return strconv.FormatInt(p.e.TID, 10) },

	"thread.vtid": threadField(func(p *printed, th *Thread) string { return itoa(th.Vtid) }),
	"proc.pid":    threadField(func(p *printed, th *Thread) string { return itoa(th.Pid) }),
	"proc.vpid":   threadField(func(p *printed, th *Thread) string { return itoa(th.Vpid) }),
	"proc.name":   threadField(func(p *printed, th *Thread) string { return th.Comm }),
	"proc.exe":    threadField(func(p *printed, th *Thread) string { return th.Exe }),
	"proc.exepath": threadField(func(p *printed, th *Thread) string {
		return th.ExePath
	}),
	"proc.args": threadField(func(p *printed, th *Thread) string {
		line := th.CmdLine()[len(th.Comm):]
		if line == "" {
			return ""
		}
		return line[1:]
	}),
	"proc.cmdline": threadField(func(p *printed, th *Thread) string { return th.CmdLine() }),
	"proc.cwd": threadField(func(p *printed, th *Thread) string {
		return p.t.Threads()[p.t.View().Main(p.row.Thread, p.num)].Cwd
	}),
	"proc.sid":         threadField(func(p *printed, th *Thread) string { return itoa(th.Sid) }),
	"proc.vpgid":       threadField(func(p *printed, th *Thread) string { return itoa(th.Vpgid) }),
	"proc.tty":         threadField(func(p *printed, th *Thread) string { return itoa(int64(th.Tty)) }),
	"proc.fdlimit":     threadField(func(p *printed, th *Thread) string { return itoa(p.main().FDLimit) }),
	"user.uid":         threadField(func(p *printed, th *Thread) string { return itoa(int64(th.UID)) }),
	"group.gid":        threadField(func(p *printed, th *Thread) string { return itoa(int64(th.GID)) }),
	"thread.ismain":    threadField(func(p *printed, th *Thread) string { return strconv.FormatBool(th.IsMain()) }),
	"proc.ppid":        threadField(ppidField),
	"proc.pname":       threadField(pnameField),
	"user.name":        threadField(userField),
	"group.name":       threadField(groupField),
	"user.loginuid":    threadField(func(p *printed, th *Thread) string { return itoa(int64(int32(th.LoginUID))) }),
	"container.id":     threadField(func(p *printed, th *Thread) string { return orElse(th.Container, "host") }),
	"proc.fdopencount": measureField(func(m Measures) string { return strconv.Itoa(m.OpenFDs) }),
	"proc.nthreads":    measureField(func(m Measures) string { return strconv.Itoa(m.Threads) }),
	"proc.nchilds":     measureField(func(m Measures) string { return strconv.Itoa(m.Children) }),
	"proc.vmsize":      measureField(func(m Measures) string { return itoa(int64(m.Size)) }),
	"proc.vmrss":       measureField(func(m Measures) string { return itoa(int64(m.RSS)) }),
	"thread.pfmajor":   measureField(func(m Measures) string { return itoa(int64(m.Major)) }),
	"thread.pfminor":   measureField(func(m Measures) string { return itoa(int64(m.Minor)) }),
	"thread.vmsize":    mainField(func(m Measures) string { return itoa(int64(m.Size)) }),
	"thread.vmrss":     mainField(func(m Measures) string { return itoa(int64(m.RSS)) }),
	"proc.duration": threadField(func(p *printed, th *Thread) string {
		if th.CloneTS == 0 {
			return none
		}
		return itoa(p.e.TS - th.CloneTS)
	}),
	"evt.latency": func(p *printed) string {
		if p.row.EnterAt == 0 {
			return "0"
		}
		enter, _ := scap.ReadEvent(p.payload, p.row.EnterAt, false)
		return itoa(p.e.TS - enter.TS)
	},

	"fd.num": func(p *printed) string {
		if p.row.FD == NoFD {
			return none
		}
		return itoa(p.row.FD)
	},
	"fd.name": func(p *printed) string {
		if fd := p.fd(); fd != nil {
			return p.t.Names()[fd.Name]
		}
		return none
	},
	"fd.type": fdField(func(p *printed, fd *FD) string { return orElse(fd.Type.String(), none) }),
	"fd.typechar": func(p *printed) string {
		if c := p.t.View().TypeChar(p.row, p.e.Type); c != 0 {
			return string(c)
		}
		return none
	},
	"fd.l4proto": fdField(func(p *printed, fd *FD) string { return orElse(p.t.View().L4(p.row.FDRef), none) }),
	"fd.cip":     endField(func(e Ends) string { return addrText(e.Client) }),
	"fd.cport":   endField(func(e Ends) string { return portText(e.Client) }),
	"fd.sip":     endField(func(e Ends) string { return addrText(e.Server) }),
	"fd.sport": func(p *printed) string {
		if e, ok := p.t.View().Ends(p.row.FDRef); ok && (e.Server.Addr.IsValid() || p.fd().IsBound()) {
			return strconv.Itoa(int(e.Server.Port))
		}
		return none
	},
	"fd.lip":   endField(func(e Ends) string { return addrText(e.Local) }),
	"fd.lport": endField(func(e Ends) string { return portText(e.Local) }),
	"fd.rip":   endField(func(e Ends) string { return addrText(e.Remote) }),
	"fd.rport": endField(func(e Ends) string { return portText(e.Remote) }),
	"fd.is_server": fdField(func(p *printed, fd *FD) string {
		e, _ := p.t.View().Ends(p.row.FDRef)
		return strconv.FormatBool(e.IsServer)
	}),
	"fd.dev": fdField(func(p *printed, fd *FD) string { return fmt.Sprintf("%X", fd.Dev) }),
	"fd.ino": fdField(func(p *printed, fd *FD) string { return strconv.FormatUint(fd.Ino, 10) }),
}

func (p *printed) main() *Thread {
	return &p.t.Threads()[p.t.View().Main(p.row.Thread, p.num)]
}

func orElse(s, other string) string {
	if s == "" {
		return other
	}
	return s
}

func itoa(n int64) string { return strconv.FormatInt(n, 10) }

func typeField(p *printed) string {
	info := p.e.Info()
	if info.Code == scap.GenericE || info.Code == scap.GenericX {
		id, _ := p.e.Int(0)
		return scap.SyscallName(uint16(id))
	}
	return info.Name
}

func threadField(f func(*printed, *Thread) string) func(*printed) string {
	return func(p *printed) string {
		if th := p.thread(); th != nil {
			return f(p, th)
		}
		return none
	}
}

func fdField(f func(*printed, *FD) string) func(*printed) string {
	return func(p *printed) string {
		if fd := p.fd(); fd != nil && p.row.FDRef != UnknownFD && fd.Origin != FDAttempt {
			return f(p, fd)
		}
		return none
	}
}

func ppidField(p *printed, th *Thread) string {
	if ppid, ok := p.t.View().ParentPID(p.row.Thread, p.num); ok {
		return itoa(ppid)
	}
	return none
}

func pnameField(p *printed, th *Thread) string {
	main := p.t.View().Main(p.row.Thread, p.num)
	if parent := p.t.View().Parent(main, p.num); parent != NoThread {
		return p.t.Threads()[parent].Comm
	}
	return none
}

func userField(p *printed, th *Thread) string {
	name, ok := p.t.View().UserName(th.Container, th.UID, p.num)
	if !ok {
		return none
	}
	return name
}

func groupField(p *printed, th *Thread) string {
	name, ok := p.t.View().GroupName(th.Container, th.GID, p.num)
	if !ok {
		return none
	}
	return name
}

func endField(f func(Ends) string) func(*printed) string {
	return func(p *printed) string {
		if e, ok := p.t.View().Ends(p.row.FDRef); ok {
			return f(e)
		}
		return none
	}
}

func addrText(e End) string {
	if !e.Addr.IsValid() {
		return none
	}
	return string(appendAddr(nil, e.Addr))
}

func portText(e End) string {
	if !e.Addr.IsValid() {
		return none
	}
	return strconv.Itoa(int(e.Port))
}

func measureField(f func(Measures) string) func(*printed) string {
	return func(p *printed) string {
		if m, ok := p.t.Measures(); ok {
			return f(m)
		}
		return none
	}
}

// mainField is a field that is 0 in all threads but main threads.
func mainField(f func(Measures) string) func(*printed) string {
	g := measureField(f)
	return func(p *printed) string {
		if th := p.thread(); th != nil && !th.IsMain() {
			return "0"
		}
		return g(p)
	}
}
