package storage

import (
	"math"
	"runtime/debug"

	"tq/storage/scap"
	"tq/storage/state"
)

// pass reads a capture from beginning to end: state is brought up to each event, and
// rows are kept of those that sysdig prints.
type pass struct {
	capture *Capture
	reader  *scap.Reader
	tracker *state.Tracker
	kinds   kindTable
	num     uint32

	batch     *eventBatch
	n         int // rows in it
	timeless  int // of which do not carry their time
	strangers []int64
	drops     []int64

	sections   []scap.Section
	machines   []machineRecord
	interfaces []interfaceRecord
	firstTS    int64 // of the printed events that carry their time
	lastTS     int64
}

// machineRecord is a machine and its section.
type machineRecord struct {
	section int
	scap.Machine
}

// interfaceRecord is a network interface and its section.
type interfaceRecord struct {
	section int
	scap.Interface
}

// run is the body of the pass's goroutine.
func (c *Capture) run() {
	p := &pass{
		capture: c, tracker: state.New(), kinds: newKindTable(),
		firstTS: math.MaxInt64, lastTS: math.MinInt64,
	}
	var err error
	func() {
		defer guard(debug.SetPanicOnFault(true), &err)
		err = p.read()
	}()
	c.end(p, err)
}

func (p *pass) read() error {
	p.reader = scap.NewReader(p.capture.source)
	for {
		kind, err := p.reader.Next()
		if err != nil {
			break
		}
		if kind == scap.KindEvent {
			if p.num == math.MaxUint32 {
				return errTooManyEvents
			}
			if p.event() && p.capture.stop.Load() {
				return errClosed
			}
			continue
		}
		p.block(kind)
	}
	p.flush()
	p.progress()
	return nil
}

// block takes over a block that holds no event.
func (p *pass) block(kind scap.Kind) {
	r := p.reader
	p.tracker.Block(kind, r)
	switch kind {
	case scap.KindSection:
		p.flush() // the byte order may be another
		p.sections = append(p.sections, r.Section)
	case scap.KindMachine:
		p.machines = append(p.machines, machineRecord{len(p.sections), r.Machine})
	case scap.KindInterfaces:
		for _, i := range r.Interfaces {
			p.interfaces = append(p.interfaces, interfaceRecord{len(p.sections), i})
		}
	}
}

// event takes over an event. It reports whether a batch became complete.
func (p *pass) event() (complete bool) {
	e := &p.reader.Event
	p.num++
	row := p.tracker.Event(e, p.num)
	if !row.Printed {
		if e.Type == scap.DropE || e.Type == scap.DropX {
			p.drops = append(p.drops, e.Offset)
		}
		return false
	}
	b := p.batch
	if b == nil {
		b = p.begin()
	} else if e.Offset-b.base > math.MaxUint32 {
		p.flush()
		complete = true
		b = p.begin()
	}
	n := p.n
	b.num[n] = p.num
	b.ts[n] = e.TS
	b.offset[n] = uint32(e.Offset - b.base)
	if row.EnterAt != 0 {
		b.setEnter(n, row.EnterAt)
	}
	b.fdRef[n] = int32(row.FDRef)
	b.cpu[n] = e.CPU
	kind := p.kinds.of(e)
	b.kind[n] = kind
	if p.kinds.kinds[kind].timeless {
		p.timeless++
	}
	if row.Thread >= 0 {
		b.thread[n] = int32(row.Thread)
	} else {
		b.thread[n] = p.stranger(row.Life, e.TID)
	}
	switch fd := row.FD; {
	case fd == state.NoFD:
		b.fd[n] = noFD
	case fd > math.MaxInt32 || fd <= wideFD:
		p.wideFD(b, n, fd)
	default:
		b.fd[n] = int32(fd)
	}
	if p.n++; p.n == batchRows {
		p.flush()
		return true
	}
	return complete
}

// stranger returns the thread of a row of which only the tid is known.
func (p *pass) stranger(life state.LifeID, tid int64) int32 {
	if life == state.NoLife {
		return noThread
	}
	for len(p.strangers) <= int(life) {
		p.strangers = append(p.strangers, noStranger)
	}
	if p.strangers[life] == noStranger {
		p.strangers[life] = tid
	}
	return stranger(life)
}

// noStranger is the tid of lives that are no strangers'.
const noStranger = math.MinInt64

func (p *pass) wideFD(b *eventBatch, row int, fd int64) {
	if b.wideFDs == nil {
		b.wideFDs = make(map[uint32]int64)
	}
	b.fd[row] = wideFD
	b.wideFDs[p.num] = fd
}

// begin starts a batch at the present event.
func (p *pass) begin() *eventBatch {
	p.batch = &eventBatch{
		num: make([]uint32, batchRows), ts: make([]int64, batchRows),
		enter: make([]uint32, batchRows), offset: make([]uint32, batchRows),
		thread: make([]int32, batchRows), fdRef: make([]int32, batchRows),
		fd: make([]int32, batchRows), kind: make([]uint16, batchRows), cpu: make([]uint16, batchRows),
		base: p.reader.Event.Offset, swapped: p.reader.Section.Swapped,
	}
	p.n, p.timeless = 0, 0
	return p.batch
}

// flush completes the batch and publishes it.
func (p *pass) flush() {
	b, n := p.batch, p.n
	p.batch = nil
	if b == nil {
		return
	}
	b.num, b.ts, b.enter, b.offset = b.num[:n], b.ts[:n], b.enter[:n], b.offset[:n]
	b.thread, b.fdRef, b.fd = b.thread[:n], b.fdRef[:n], b.fd[:n]
	b.kind, b.cpu = b.kind[:n], b.cpu[:n]
	b.measure()
	p.clock(b)
	b.known = p.known()
	p.progress()
	p.capture.publish(b)
}

// known returns what the pass knows by now.
func (p *pass) known() *known {
	return &known{
		View: p.tracker.View(), kinds: p.kinds.kinds, strangers: p.strangers,
		drops: p.drops, payload: p.reader.Payload(),
	}
}

func (p *pass) progress() {
	p.capture.events.Store(int64(p.num))
	p.capture.bytes.Store(p.reader.Event.Offset)
}

// measure finds the range and the order of a batch's times.
func (b *eventBatch) measure() {
	lo, hi, last, ascending := b.ts[0], b.ts[0], b.ts[0], true
	for _, ts := range b.ts {
		lo, hi = min(lo, ts), max(hi, ts)
		ascending = ascending && ts >= last
		last = ts
	}
	b.minTS, b.maxTS, b.ascending = lo, hi, ascending
}

// clock extends the range of the capture's time by a batch's.
func (p *pass) clock(b *eventBatch) {
	lo, hi := b.minTS, b.maxTS
	if p.timeless > 0 {
		lo, hi = math.MaxInt64, math.MinInt64
		for i, ts := range b.ts {
			if !p.kinds.kinds[b.kind[i]].timeless {
				lo, hi = min(lo, ts), max(hi, ts)
			}
		}
	}
	p.firstTS, p.lastTS = min(p.firstTS, lo), max(p.lastTS, hi)
}
