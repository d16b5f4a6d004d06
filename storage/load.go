package storage

import (
	"io"
	"math"
	"math/bits"
	"runtime/debug"

	"tq/storage/scap"
	"tq/storage/state"
	"tq/storage/transcript"
)

// pass reads a capture from beginning to end: state is brought up to each event, and
// rows are kept of those that sysdig prints.
type pass struct {
	reading *reading
	reader  *scap.Reader
	tracker *state.Tracker
	sieve   *sieve
	wanted  []*prefilter // a row is kept of events that pass one of them
	kinds   []eventKind  // of events so far
	count   uint32       // of events
	num     uint32       // of the present one
	payload []byte       // as far as it was read
	swapped bool         // in the present section

	transcript *transcript.Transcript // nil for other captures

	batch     *eventBatch
	n         int    // rows in it
	due       uint32 // count of events at which it is complete at the latest
	room      int    // in the next one
	rows      settledRows
	strangers []int64
	drops     []int64

	sections   []scap.Section
	machines   []machineRecord
	interfaces []interfaceRecord
	tallies    []passTally // by kind
	skipped    uint32      // events that it did not look at
	zoner      zoner
}

// findings is what a pass finds out besides rows.
type findings struct {
	*state.Archive
	sections    []scap.Section
	machines    []machineRecord
	interfaces  []interfaceRecord
	events      uint32
	skipped     uint32  // of them, that the pass did not look at
	tallies     []tally // by kind
	warnings    []Warning
	truncatedAt int64 // offset at which the capture breaks off, or -1
}

// passTally is a tally, and which of the pass's filters events of the kind may pass, a bit
// for each.
type passTally struct {
	tally
	filters uint64
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
func (r *reading) run() {
	p := &pass{
		reading: r, tracker: state.New(), room: firstRoom,
	}
	if !r.keeps.fds {
		p.tracker.IgnoreFDs()
	}
	p.sieve = newSieve(r.keeps, p.tracker.Bearing)
	for _, f := range r.keeps.rows {
		p.wanted = append(p.wanted, f.fresh())
	}
	var err error
	func() {
		defer guard(debug.SetPanicOnFault(true), &err)
		err = p.read()
	}()
	if p.reader == nil {
		p = nil
	}
	r.end(p, err)
}

func (p *pass) read() error {
	p.open()
	p.tracker.Expect(p.reading.source.Size())
	w := newWalker(p.reader, p.sieve)
	defer w.stop()
	kind, err := p.reader.Next()
	for err == nil {
		if kind != scap.KindEvent {
			p.block(kind)
			kind, err = p.reader.Next()
			continue
		}
		w.start()
		for s := range w.full {
			if err := p.stretch(s); err != nil {
				return err
			}
			w.free <- s
		}
		kind, err = w.kind, w.err
	}
	p.payload, p.kinds = p.reader.Payload(), p.sieve.kinds.kinds
	p.flush()
	p.count = p.sieve.count
	p.addLeft()
	if err != io.EOF {
		return err
	}
	return nil
}

// stretch takes over the events of a stretch, hands over rows that have waited long, and
// ends reading if it must.
func (p *pass) stretch(s *stretch) error {
	if s.count > math.MaxUint32-maxStretch {
		return errTooManyEvents
	}
	p.payload, p.kinds = s.payload, s.kinds
	for i := range s.events[:s.n] {
		p.count = s.ordinal[i]
		p.number()
		if s.missed[i] != 0 {
			p.tracker.Miss(s.events[i].TID, s.missed[i])
		}
		if e, kind := &s.events[i], s.kind[i]; s.bare[i] {
			p.printed(e, kind, noThread, &headerRow)
		} else {
			p.event(e, kind)
		}
	}
	p.count = s.count
	p.reading.events.Store(int64(p.count))
	p.reading.bytes.Store(s.offset)
	if p.reading.stopped.Load() {
		return errClosed
	}
	if p.batch != nil && p.count >= p.due {
		p.flush()
	}
	return nil
}

// block takes over a block that holds no event.
func (p *pass) block(kind scap.Kind) {
	r := p.reader
	p.tracker.Block(kind, r)
	switch kind {
	case scap.KindSection:
		if p.batch != nil {
			p.flush() // a batch is of one section
		}
		p.swapped = r.Section.Swapped
		p.sections = append(p.sections, r.Section)
	case scap.KindMachine:
		p.machines = append(p.machines, machineRecord{len(p.sections), r.Machine})
	case scap.KindInterfaces:
		for _, i := range r.Interfaces {
			p.interfaces = append(p.interfaces, interfaceRecord{len(p.sections), i})
		}
	}
}

// event takes over an event.
func (p *pass) event(e *scap.Event, kind uint16) {
	id, printed := p.tracker.Apply(e, p.num)
	if !printed {
		if e.Type == scap.DropE || e.Type == scap.DropX {
			p.drops = append(p.drops, e.Offset)
		}
		return
	}
	if id == state.NoThread {
		row := p.tracker.Row()
		p.printed(e, kind, p.stranger(row.Life, e.TID), &row)
		return
	}
	p.printed(e, kind, int32(id), nil)
}

// headerRow is the row of events that are not followed.
var headerRow = state.Row{FD: state.NoFD, Thread: state.NoThread, Life: state.NoLife, FDRef: state.NoFDRef}

// printed counts an event that sysdig prints, and keeps a row of it if it must. Without a
// row it is the event that was followed last.
func (p *pass) printed(e *scap.Event, kind uint16, thread int32, row *state.Row) {
	if int(kind) >= len(p.tallies) {
		p.tally()
	}
	t := &p.tallies[kind]
	t.add(e.TS)
	if t.filters == 0 || !p.wants(e, t.filters, thread) {
		return
	}
	if row == nil {
		followed := p.tracker.Row()
		row = &followed
	}
	p.keep(e, row, kind, thread)
}

// tally begins to count events of the kinds that are new.
func (p *pass) tally() {
	for i := len(p.tallies); i < len(p.kinds); i++ {
		t := passTally{tally: newTally()}
		for bit, f := range p.wanted {
			if f.testKind(&p.kinds[i]) {
				t.filters |= 1 << bit
			}
		}
		p.tallies = append(p.tallies, t)
	}
}

// addLeft counts the events that the sieve has left out.
func (p *pass) addLeft() {
	p.tally()
	for kind := range p.sieve.left {
		p.tallies[kind].merge(p.sieve.left[kind])
		p.skipped += uint32(p.sieve.left[kind].count)
	}
}

// wants reports whether a row is to be kept of an event, of whose kind some filters let
// events pass.
func (p *pass) wants(e *scap.Event, filters uint64, thread int32) bool {
	for ; filters != 0; filters &= filters - 1 {
		if p.wanted[bits.TrailingZeros64(filters)].keeps(p, e, thread) {
			return true
		}
	}
	return false
}

// keep makes a row of an event.
func (p *pass) keep(e *scap.Event, row *state.Row, kind uint16, thread int32) {
	b := p.batch
	if b != nil && e.Offset-b.base > math.MaxUint32 {
		p.flush()
		b = nil
	}
	if b == nil {
		b = p.begin(e.Offset)
	}
	n := p.n
	b.num[n] = p.num
	b.ts[n] = e.TS
	b.offset[n] = uint32(e.Offset - b.base)
	if row.EnterAt != 0 {
		b.setEnter(n, row.EnterAt)
	}
	b.thread[n] = thread
	b.fdRef[n] = int32(row.FDRef)
	b.cpu[n] = e.CPU
	b.kind[n] = kind
	switch fd := row.FD; {
	case fd == state.NoFD:
		b.fd[n] = noFD
	case fd > math.MaxInt32 || fd <= wideFD:
		p.wideFD(b, n, fd)
	default:
		b.fd[n] = int32(fd)
	}
	if p.n++; p.n == len(b.num) {
		p.room = min(4*p.n, p.reading.batchRows())
		p.flush()
	}
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

// firstRoom is how many rows the first batch has: little, so that the first rows come
// soon. Later ones have more.
const firstRoom = 1 << 10

// begin starts a batch at the event at an offset.
func (p *pass) begin(offset int64) *eventBatch {
	p.batch = &eventBatch{nativeColumns: p.rows.take(p.room), base: offset, swapped: p.swapped, section: len(p.sections)}
	p.n, p.due = 0, p.count+batchRows
	return p.batch
}

// flush completes the batch and publishes it.
func (p *pass) flush() {
	b, n := p.batch, p.n
	p.batch = nil
	if b == nil {
		return
	}
	b.nativeColumns = b.first(n)
	b.measure()
	if p.reading.zoned {
		b.zone = p.zoner.of(b)
	}
	if p.reading.keeps.kept {
		p.rows.settle(&b.nativeColumns, p.reading)
	}
	b.known = p.known()
	p.reading.publish(b)
}

// known returns what the pass knows by now.
func (p *pass) known() *known {
	return &known{
		View: p.tracker.View(), kinds: p.kinds, strangers: p.strangers,
		drops: p.drops, payload: p.payload, transcript: p.transcript,
	}
}

// findings returns what was found out when all was read.
func (p *pass) findings() *findings {
	f := &findings{
		Archive: p.tracker.Archive(), sections: p.sections, machines: p.machines, interfaces: p.interfaces,
		events: p.count, skipped: p.skipped, truncatedAt: p.reader.TruncatedAt(),
	}
	for i := range p.tallies {
		f.tallies = append(f.tallies, p.tallies[i].tally)
	}
	found := p.reader.Warnings()
	if p.transcript != nil {
		found = p.transcriptWarnings()
	}
	for _, w := range found {
		f.warnings = append(f.warnings, Warning{w.Offset, w.Kind, w.Message, int64(w.Count)})
	}
	return f
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
