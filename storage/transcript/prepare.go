package transcript

import (
	"bytes"
	"slices"

	"tq/storage/scap"
	"tq/storage/state"
)

// prepare writes what a line tells of threads and descriptors where the payload so far
// says something else.
func (c *converter) prepare(o *occurrence) {
	c.pair(o)
	// What makes threads, and makes them run programs, tells their names itself.
	tells := o.clones() || o.execs()
	if !tells || o.clones() && !o.isChild() {
		c.setThread(o.tid, string(o.name))
	}
	if o.clones() && !o.isChild() {
		c.identify(o)
	}
	for i, text := range o.values {
		switch def := &o.at.params[i]; {
		case def.Type == scap.ParamPID && (!tells || def.Name == "ptid"):
			if tid, name, ok := parsePID(text); ok {
				c.setThread(tid, name)
			}
		case def.Type == scap.ParamFD && o.tid >= 0 && !o.makesFD(i):
			if fd, ok := parseFD(text); ok && fd.num >= 0 {
				c.ensureFD(o.tid, &fd, o.effect())
			}
		}
	}
	for _, write := range c.later {
		write()
	}
	c.later = c.later[:0]
}

// pair keeps track of the calls that threads were in last. Where lines are missing, an exit
// event may not belong to the enter event before it; then another one comes in between.
func (c *converter) pair(o *occurrence) {
	if !o.isCall() {
		return
	}
	if o.enter {
		c.entered[o.tid] = o.kept()
		return
	}
	if enter, ok := c.entered[o.tid]; ok && enter.code|1 == o.code && !o.ends(&enter) {
		c.hidden(o.tid, scap.GenericE, "0")
		delete(c.entered, o.tid)
	}
}

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

// exec gives a thread another name, as running another program does; more are the
// parameters from its arguments on.
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
func (c *converter) identify(o *occurrence) {
	const exe, ptid = 1, 5
	id := c.tracker.ThreadAt(o.tid, c.num)
	if len(o.name) == 0 || len(o.values) <= ptid || id != state.NoThread && c.tracker.Threads()[id].Pid >= 0 {
		return
	}
	var more []string
	for _, v := range o.values[exe+1 : ptid+1] {
		more = append(more, string(v))
	}
	c.exec(o.tid, string(o.name), string(o.values[exe]), more...)
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
