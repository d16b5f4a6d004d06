package transcript

import (
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
		tracker: state.New(), types: newMeanings(lines), entered: make(map[int64]occurrence),
	}
	c.tracker.InferNoFDs()
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
	entered map[int64]occurrence // the last enter event of each thread
	nums    []uint32

	num     uint32 // of the present line
	ts      int64
	later   []func() // events that prepare the line; lists go before them
	defers  bool     // the last event has effects that the next one brings about
	lengths []int
	values  []byte
}

// line writes the event of a line, and before it what the line tells of the state.
func (c *converter) line(l *line) {
	if len(c.nums) == 0 {
		c.num = uint32(l.num - 1)
	}
	if c.defers || len(c.nums) == 0 {
		// What an event leaves to the next is done before that is prepared; and only after
		// a first event does what is listed count as seen later.
		c.lengths, c.values = c.lengths[:0], c.values[:0]
		c.event(event{hidden: true, ts: c.ts, tid: -1, code: scap.ScapeventE})
	}
	c.num, c.ts = uint32(l.num), l.time.ns
	o := c.types.occurrence(l)
	c.prepare(&o)
	c.lengths, c.values = c.lengths[:0], c.values[:0]
	for i, v := range o.values {
		c.value(&o.at.params[i], v)
	}
	if o.code <= scap.GenericX {
		c.values = order.AppendUint16(c.values, c.types.types[string(l.typ)].call)
		c.lengths = append(c.lengths, 2)
	}
	e := event{cpu: NoCPU, ts: c.ts, tid: l.tid, code: o.code}
	if l.cpu >= 0 {
		e.cpu = uint16(l.cpu)
	}
	if !c.event(e) {
		// Readers show no such event by themselves: it stays one of an unknown type.
		c.lengths, c.values = c.lengths[:0], c.values[:0]
		e.code = c.types.number(string(l.typ)) | o.code&1
		c.event(e)
	}
	c.defers = o.code == scap.SyscallCloseX || o.code == scap.ProcexitE || o.code == scap.ProcexitV1E
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
