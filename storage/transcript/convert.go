package transcript

import (
	"bytes"
	"slices"

	"tq/storage/scap"
	"tq/storage/state"
)

// NoCPU is the CPU of events whose lines tell none.
const NoCPU = 1<<16 - 1

// Transcript is a capture made of a text, and what the capture cannot hold.
type Transcript struct {
	Payload  []byte
	Len      int            // of the text
	Lines    int            // that are events
	Warnings []scap.Warning // about lines that are not, by their offsets in the text

	nums  []uint32 // of the payload's events
	shown []uint32 // of the lines, ascending
	args  [][]byte // of the lines
	types []string // names of the types from firstUnknown on
}

// Num returns the number of the payload's i'th event, counted from 0. An event that is
// not shown has the number of the line it prepares.
func (t *Transcript) Num(i int) uint32 { return t.nums[i] }

// Args returns the arguments of an event as printed.
func (t *Transcript) Args(num uint32) []byte {
	if i, ok := slices.BinarySearch(t.shown, num); ok {
		return t.args[i]
	}
	return nil
}

// TypeName returns the name of a type beyond the event table by its code; false when the
// transcript has no such type.
func (t *Transcript) TypeName(code uint16) (string, bool) {
	i := (int(code) - firstUnknown) / 2
	if code < firstUnknown || i >= len(t.types) {
		return "", false
	}
	return t.types[i], true
}

// Convert makes a capture of a transcript.
func Convert(text []byte) *Transcript {
	var w warnings
	lines, places := readLines(text, &w)
	lines = arrange(lines, places, &w)
	c := &converter{
		tracker: state.New(), types: newMeanings(lines), pending: make(map[int64]uint16),
	}
	c.out.payload = make([]byte, 0, len(text))
	c.out.section()
	c.header = slices.Clone(c.out.payload)
	t := &Transcript{Len: len(text), Lines: len(lines), Warnings: w}
	for i := range lines {
		c.line(&lines[i])
		t.shown = append(t.shown, c.num)
		t.args = append(t.args, lines[i].args)
	}
	t.Payload, t.nums, t.types = c.out.payload, c.nums, c.types.unknown
	return t
}

// converter writes the payload line by line. Its tracker knows what the payload says so
// far, as that of every later reader will.
type converter struct {
	out     writer
	header  []byte // of the section
	tracker *state.Tracker
	types   *meanings
	pending map[int64]uint16 // code of each thread's last enter event
	nums    []uint32

	num     uint32 // of the present line
	ts      int64
	later   []func() // events that prepare the line; lists go before them
	lengths []int
	values  []byte
}

// line writes the event of a line, and before it what the line tells of the state.
func (c *converter) line(l *line) {
	if len(c.nums) == 0 {
		// From the first event on, what is listed counts as seen later.
		c.num = uint32(l.num - 1)
		c.event(event{hidden: true, tid: -1, code: scap.ScapeventE})
	}
	c.num, c.ts = uint32(l.num), l.time.ns
	e := event{cpu: NoCPU, ts: c.ts, tid: l.tid}
	if l.cpu >= 0 {
		e.cpu = uint16(l.cpu)
	}
	at, code := c.types.typeOf(l)
	e.code = code
	var values [][]byte
	if at != nil {
		var ok bool
		if values, ok = c.types.split.split(l.args, at); !ok {
			values = c.types.split.find(l.args, at)
		}
	}
	c.prepare(l, at, values)
	c.lengths, c.values = c.lengths[:0], c.values[:0]
	for i, v := range values {
		c.value(&at.params[i], v)
	}
	if code <= scap.GenericX {
		c.values = order.AppendUint16(c.values, c.types.types[string(l.typ)].call)
		c.lengths = append(c.lengths, 2)
	}
	if !c.event(e) {
		// Readers show no such event by themselves: it stays one of an unknown type.
		c.lengths, c.values = c.lengths[:0], c.values[:0]
		e.code = c.types.number(string(l.typ)) | code&1
		c.event(e)
	}
	if l.enter {
		c.pending[l.tid] = code
	} else {
		delete(c.pending, l.tid)
	}
}

// maxValue is the greatest length of a parameter.
const maxValue = 1<<16 - 1

// value encodes a parameter of the next event; nil is an absent one.
func (c *converter) value(def *scap.ParamDef, text []byte) {
	start := len(c.values)
	if text != nil {
		c.values = appendValue(c.values, def, text)
	}
	if len(c.values)-start > maxValue {
		c.values = c.values[:start+maxValue]
	}
	c.lengths = append(c.lengths, len(c.values)-start)
}

// event writes an event with the parameters encoded last, and reports whether it is
// shown.
func (c *converter) event(e event) (shown bool) {
	at := c.out.event(e, c.lengths, c.values)
	c.nums = append(c.nums, c.num)
	read, ok := scap.ReadEvent(c.out.payload, int64(at), false)
	return ok && c.tracker.Event(&read, c.num).Printed
}

// hidden adds an event that only updates the state, with its parameters as printed. It
// must not come between the two events of a call like it.
func (c *converter) hidden(tid int64, code uint16, values ...string) {
	if enter, ok := c.pending[tid]; ok && enter|1 == code {
		return
	}
	c.later = append(c.later, func() {
		c.lengths, c.values = c.lengths[:0], c.values[:0]
		for i, v := range values {
			c.value(&scap.Types[code].Params[i], []byte(v))
		}
		c.event(event{hidden: true, cpu: NoCPU, ts: c.ts, tid: tid, code: code})
	})
}

// follow has the tracker read the block that was written last.
func (c *converter) follow(at int) {
	s, err := scap.NewSource("", append(c.header[:len(c.header):len(c.header)], c.out.payload[at:]...))
	if err != nil {
		return
	}
	for r := scap.NewReader(s); ; {
		kind, err := r.Next()
		if err != nil {
			return
		}
		if kind != scap.KindSection {
			c.tracker.Block(kind, r)
		}
	}
}

// prepare writes what a line tells of threads and descriptors where the payload so far
// says something else.
func (c *converter) prepare(l *line, at *layout, values [][]byte) {
	makes := at != nil && !l.enter && makesThread[string(l.typ)]
	if !makes || !succeeded(values) {
		c.setThread(l.tid, string(l.name))
	} else if clones[string(l.typ)] && string(values[0]) != "0" {
		c.setThread(l.tid, string(l.name))
	}
	for i, text := range values {
		def := &at.params[i]
		switch {
		case def.Type == scap.ParamPID && (!makes || def.Name == "ptid"):
			if tid, name, ok := parsePID(text); ok {
				c.setThread(tid, name)
			}
		case def.Type == scap.ParamFD && l.tid >= 0 && !c.sets(l, at, i):
			if fd, ok := parseFD(text); ok && fd.num >= 0 {
				c.ensureFD(l.tid, &fd, renames[string(l.typ)] && !l.enter)
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

// renames are the types whose exit events can change what a descriptor stands for.
var renames = map[string]bool{
	"bind": true, "connect": true, "send": true, "sendto": true, "sendmsg": true, "sendmmsg": true,
	"recv": true, "recvfrom": true, "recvmsg": true, "recvmmsg": true,
}

// succeeded reports whether the result, which is the first value, is no error.
func succeeded(values [][]byte) bool {
	return len(values) > 0 && len(values[0]) > 0 && values[0][0] != '-'
}

// sets reports whether the event of a line itself makes the descriptor that value i
// shows.
func (c *converter) sets(l *line, at *layout, i int) bool {
	if l.enter {
		return false
	}
	switch at.params[i].Name {
	case "fd1", "fd2", "newfd":
		return true
	}
	return i == 0 && scap.Types[at.code].Flags&scap.FlagCreatesFD != 0
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
	id := c.tracker.ThreadAt(tid, c.num)
	if id == state.NoThread {
		if name != "" {
			c.listThread(tid, name)
		}
		return
	}
	th := &c.tracker.Threads()[id]
	switch {
	case th.Comm == name || th.Comm == unknownName && name == "":
	case name == "":
		c.hidden(tid, scap.ProcexitV1E)
	default:
		c.renameThread(tid, name, th.Exe)
	}
}

func (c *converter) listThread(tid int64, name string) {
	at := len(c.out.payload)
	c.out.thread(tid, name)
	c.follow(at)
}

// renameThread gives a thread another name, as running another program does.
func (c *converter) renameThread(tid int64, name, exe string) {
	const comm = 13
	values := slices.Repeat([]string{unknownName}, comm+1)
	values[0], values[1], values[comm] = "0", exe, name
	c.hidden(tid, scap.SyscallExecveV19X, values...)
}

// ensureFD makes a descriptor of a thread what a line says it is. Where the line's own
// event may change that, one that can become it is left alone.
func (c *converter) ensureFD(tid int64, fd *fdText, renamed bool) {
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
	ref := view.FDAt(id, fd.num, c.num)
	if ref == state.NoFDRef {
		if fd.known {
			c.setFD(view.Threads[view.Main(id, c.num)].Tid, fd)
		}
		return
	}
	switch {
	case !fd.known:
		c.hidden(tid, scap.SyscallCloseX, "0", decimal(fd.num))
	case fd.shows(view, ref):
	case renamed && (fd.typ == 0 || view.FDs[ref].Type.Char() == fd.typ):
	default:
		c.setFD(view.Threads[view.Main(id, c.num)].Tid, fd)
	}
}
