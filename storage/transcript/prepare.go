package transcript

import (
	"bytes"
	"slices"

	"tq/storage/scap"
	"tq/storage/state"
)

// prepare writes what a line tells of threads and descriptors where the payload so far
// says something else.
func (c *converter) prepare(l *line, at *layout, values [][]byte) {
	c.pair(l, at, values)
	makes := at != nil && !l.enter && makesThread[string(l.typ)] && succeeded(values)
	switch {
	case !makes:
		c.setThread(l.tid, string(l.name))
	case clones[string(l.typ)] && string(values[0]) != "0":
		c.setThread(l.tid, string(l.name))
		c.identify(l, values)
	}
	for i, text := range values {
		def := &at.params[i]
		switch {
		case def.Type == scap.ParamPID && (!makes || def.Name == "ptid"):
			if tid, name, ok := parsePID(text); ok {
				c.setThread(tid, name)
			}
		case def.Type == scap.ParamFD && l.tid >= 0 && !c.makesFD(l, at, i):
			if fd, ok := parseFD(text); ok && fd.num >= 0 {
				c.ensureFD(l.tid, &fd, renaming(l, at, values))
			}
		}
	}
	for _, write := range c.later {
		write()
	}
	c.later = c.later[:0]
}

// clones are the types whose exit events come from the thread that was made, too.
var clones = map[string]bool{"clone": true, "clone3": true, "fork": true, "vfork": true}

// makesThread are the types whose exit events tell themselves what threads are called.
var makesThread = map[string]bool{
	"clone": true, "clone3": true, "fork": true, "vfork": true, "execve": true, "execveat": true,
}

// succeeded reports whether the result, which is the first value, is no error.
func succeeded(values [][]byte) bool {
	return len(values) > 0 && len(values[0]) > 0 && values[0][0] != '-'
}

// effect is what an event does to the name of a descriptor.
type effect uint8

const (
	keeps   effect = iota // nothing
	names                 // it gives a socket its ends
	renames               // it may give it other ends
)

// renaming returns what the event of a line does to the name of its descriptor.
func renaming(l *line, at *layout, values [][]byte) effect {
	if l.enter {
		return keeps
	}
	switch string(l.typ) {
	case "bind", "connect":
		const inProgress = "-115"
		if succeeded(values) || string(head(values[0])) == inProgress {
			return names
		}
	case "send", "sendto", "sendmsg", "sendmmsg", "recv", "recvfrom", "recvmsg", "recvmmsg":
		for i, text := range values {
			if at.params[i].Type == scap.ParamSockTuple && string(text) != "NULL" && succeeded(values) {
				return renames
			}
		}
	}
	return keeps
}

// makesFD reports whether the event of a line itself makes the descriptor that value i
// shows.
func (c *converter) makesFD(l *line, at *layout, i int) bool {
	if l.enter {
		return false
	}
	switch at.params[i].Name {
	case "fd1", "fd2", "newfd":
		return true
	}
	return i == 0 && scap.Types[at.code].Flags&scap.FlagCreatesFD != 0
}

// entered is an enter event that the next exit event may belong to.
type entered struct {
	at     *layout
	code   uint16
	values [][]byte
}

// pair keeps track of the calls that threads were in last. Where lines are missing, an exit
// event may show that it does not belong to the enter event before it.
func (c *converter) pair(l *line, at *layout, values [][]byte) {
	_, code := c.types.typeOf(l)
	if int(code) < len(scap.Types) && scap.Types[code].Source != scap.SourceSyscall {
		return
	}
	if l.enter {
		c.entered[l.tid] = entered{at, code, slices.Clone(values)}
		return
	}
	if in, ok := c.entered[l.tid]; ok && in.code|1 == code && in.differs(at, values) {
		c.hidden(l.tid, scap.GenericE, "0")
		delete(c.entered, l.tid)
	}
}

// differs reports whether an exit event has another path or descriptor than the enter
// event.
func (in *entered) differs(at *layout, values [][]byte) bool {
	for i := range values {
		for j := range in.values {
			a, b := &at.params[i], &in.at.params[j]
			if a.Name != b.Name || a.Type != b.Type || isAbsent(values[i]) || isAbsent(in.values[j]) {
				continue
			}
			switch a.Type {
			case scap.ParamFSPath, scap.ParamFSRelPath:
				if !bytes.Equal(values[i], in.values[j]) {
					return true
				}
			case scap.ParamFD:
				if !bytes.Equal(head(values[i]), head(in.values[j])) {
					return true
				}
			}
		}
	}
	return false
}

// isAbsent reports whether a value was not recorded, or not printed.
func isAbsent(text []byte) bool { return text == nil || string(text) == unknownName }

// hidden adds an event that only updates the state, with its parameters as printed.
func (c *converter) hidden(tid int64, code uint16, values ...string) {
	c.later = append(c.later, func() {
		c.lengths, c.values = c.lengths[:0], c.values[:0]
		for i, v := range values {
			c.value(&scap.Types[code].Params[i], []byte(v))
		}
		c.event(event{hidden: true, cpu: NoCPU, ts: c.ts, tid: tid, code: code})
	})
}

// parsePID reads the text of a thread's number; false where it shows no name.
func parsePID(text []byte) (tid int64, name string, ok bool) {
	n, rest, ok := number(&fdParam, text)
	if !ok || len(rest) < 2 || int64(n) < 0 {
		return 0, "", false
	}
	name = string(bytes.TrimSuffix(rest[1:], []byte(")")))
	return int64(n), name, name != "" && name != unknownName
}

// setThread gives a thread the name that a line shows.
func (c *converter) setThread(tid int64, name string) {
	if tid < 0 {
		return
	}
	if name == "" {
		name = unknownName
	}
	id := c.tracker.ThreadAt(tid, c.num)
	switch {
	case id == state.NoThread:
		if name != unknownName {
			c.listThread(tid, name)
		}
	case c.tracker.Threads()[id].Comm == name:
	case name == unknownName:
		c.listThread(tid, name) // another one, of which that is all
	default:
		c.exec(tid, name, c.tracker.Threads()[id].Exe)
	}
}

func (c *converter) listThread(tid int64, name string) {
	at := len(c.out.payload)
	c.out.thread(tid, name)
	c.follow(at)
}

// exec gives a thread another name, as running another program does.
func (c *converter) exec(tid int64, name, exe string, more ...string) {
	const comm = 13
	values := slices.Repeat([]string{unknownName}, comm+1)
	values[0], values[1], values[comm] = "0", exe, name
	copy(values[2:comm], more)
	code := uint16(scap.SyscallExecveV19X)
	if in, ok := c.entered[tid]; ok && in.code|1 == code {
		code = scap.SyscallExecveV18X // so as not to end the thread's own call
	}
	c.hidden(tid, code, values...)
}

// identify tells the process of a thread that makes another, where that is not known: its
// event would be taken for telling the thread's name, which may be the child's alone.
func (c *converter) identify(l *line, values [][]byte) {
	const ptid = 5
	id := c.tracker.ThreadAt(l.tid, c.num)
	if len(l.name) == 0 || len(values) <= ptid || id != state.NoThread && c.tracker.Threads()[id].Pid >= 0 {
		return
	}
	var more []string
	for _, v := range values[2 : ptid+1] {
		more = append(more, string(v))
	}
	c.exec(l.tid, string(l.name), string(values[1]), more...)
}

// ensureFD makes a descriptor of a thread what a line says it is, or what the line's own
// event can make that of.
func (c *converter) ensureFD(tid int64, fd *fdText, then effect) {
	id := c.tracker.ThreadAt(tid, c.num)
	if id == state.NoThread {
		if !fd.known {
			return
		}
		c.listThread(tid, unknownName)
		if id = c.tracker.ThreadAt(tid, c.num); id == state.NoThread {
			return
		}
	}
	view := c.tracker.View()
	main := view.Threads[view.Main(id, c.num)].Tid
	ref := view.FDAt(id, fd.num, c.num)
	switch {
	case !fd.known:
		if ref != state.NoFDRef {
			c.hidden(tid, scap.SyscallCloseRangeX, "0", decimal(fd.num), decimal(fd.num), "0")
		}
	case ref != state.NoFDRef && (fd.shows(view, ref) || then != keeps && fd.mayBecome(view, ref)):
	case then == names && fd.isInternet():
		c.setFD(main, &fdText{num: fd.num, typ: fd.typ, l4: fd.l4})
	default:
		c.setFD(main, fd)
	}
}
