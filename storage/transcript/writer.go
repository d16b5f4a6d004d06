package transcript

import (
	"encoding/binary"

	"tq/storage/scap"
)

// writer appends the blocks of a capture to a payload.
type writer struct{ payload []byte }

// The types of the blocks that are written.
const (
	blockSection         = 0x0A0D0D0A
	blockThreads         = 0x215
	blockFDs             = 0x218
	blockEvent           = 0x216
	blockFlagsEvent      = 0x217
	blockEventLarge      = 0x221
	blockFlagsEventLarge = 0x222
)

// maxBlock is the length of the longest event block that is not called large.
const maxBlock = 1 << 16

var order = binary.LittleEndian

// begin starts a block and returns where.
func (w *writer) begin(typ uint32) int {
	at := len(w.payload)
	w.payload = order.AppendUint32(w.payload, typ)
	w.payload = order.AppendUint32(w.payload, 0)
	return at
}

// end completes the block that starts at at: padding, and its length at both ends.
func (w *writer) end(at int) {
	for len(w.payload)%4 != 0 {
		w.payload = append(w.payload, 0)
	}
	n := uint32(len(w.payload) - at + 4)
	w.payload = order.AppendUint32(w.payload, n)
	order.PutUint32(w.payload[at+4:], n)
}

// section writes the header of a section.
func (w *writer) section() {
	const (
		byteOrderMagic = 0x1A2B3C4D
		major, minor   = 1, 2
		unknownLength  = 1<<64 - 1
	)
	at := w.begin(blockSection)
	w.payload = order.AppendUint32(w.payload, byteOrderMagic)
	w.payload = order.AppendUint16(w.payload, major)
	w.payload = order.AppendUint16(w.payload, minor)
	w.payload = order.AppendUint64(w.payload, unknownLength)
	w.end(at)
}

// text writes a text behind its length.
func (w *writer) text(s string) {
	s = s[:min(len(s), maxText)]
	w.payload = order.AppendUint16(w.payload, uint16(len(s)))
	w.payload = append(w.payload, s...)
}

// maxText is the greatest length of a text in lists of threads and descriptors.
const maxText = 1 << 10

// number writes an integer of eight bytes.
func (w *writer) number(n int64) { w.payload = order.AppendUint64(w.payload, uint64(n)) }

// thread writes a list of one thread of which no more than its name is known.
func (w *writer) thread(tid int64, name string) {
	const unknown = -1
	at := w.begin(blockThreads)
	record := len(w.payload)
	w.payload = order.AppendUint32(w.payload, 0)
	w.number(tid)
	for range 4 { // process, parent, session, process group
		w.number(unknown)
	}
	w.text(name)
	for range 4 { // exe, its path, arguments, working directory
		w.text("")
	}
	w.number(unknown)                               // limit of descriptors
	w.payload = order.AppendUint32(w.payload, 0)    // flags
	w.payload = order.AppendUint32(w.payload, noID) // user
	w.payload = order.AppendUint32(w.payload, noID) // group
	for range 3 {                                   // sizes of memory
		w.payload = order.AppendUint32(w.payload, 0)
	}
	w.number(0) // major page faults
	w.number(0) // minor ones
	w.text("")  // environment
	w.number(unknown)
	w.number(unknown)
	w.text("") // cgroups
	w.text("") // root
	order.PutUint32(w.payload[record:], uint32(len(w.payload)-record))
	w.end(at)
}

// noID is the user or group that is none.
const noID = 1<<32 - 1

// beginFD starts a list of one descriptor and returns where the block and its record are.
func (w *writer) beginFD(tid, num int64, typ scap.FDType) (at, record int) {
	at = w.begin(blockFDs)
	w.number(tid)
	record = len(w.payload)
	w.payload = order.AppendUint32(w.payload, 0)
	w.number(num)
	w.number(0) // inode
	w.payload = append(w.payload, byte(typ))
	return at, record
}

func (w *writer) endFD(at, record int) {
	order.PutUint32(w.payload[record:], uint32(len(w.payload)-record))
	w.end(at)
}

// event is the header of an event that is written.
type event struct {
	hidden bool // it updates the state and is not shown
	cpu    uint16
	ts     int64
	tid    int64
	code   uint16
}

// event writes an event whose parameters have the given lengths and values, and returns
// where it starts.
func (w *writer) event(e event, lengths []int, values []byte) int {
	wide := int(e.code) < len(scap.Types) && scap.Types[e.code].LargePayload()
	width := 2
	if wide {
		width = 4
	}
	const headerLen = 26
	n := headerLen + width*len(lengths) + len(values)
	typ := uint32(blockEvent)
	switch large := n > maxBlock-headerLen; {
	case e.hidden && large:
		typ = blockFlagsEventLarge
	case e.hidden:
		typ = blockFlagsEvent
	case large:
		typ = blockEventLarge
	}
	at := w.begin(typ)
	w.payload = order.AppendUint16(w.payload, e.cpu)
	if e.hidden {
		w.payload = order.AppendUint32(w.payload, scap.StateOnly)
	}
	w.number(e.ts)
	w.number(e.tid)
	w.payload = order.AppendUint32(w.payload, uint32(n))
	w.payload = order.AppendUint16(w.payload, e.code)
	w.payload = order.AppendUint32(w.payload, uint32(len(lengths)))
	for _, l := range lengths {
		if wide {
			w.payload = order.AppendUint32(w.payload, uint32(l))
		} else {
			w.payload = order.AppendUint16(w.payload, uint16(l))
		}
	}
	w.payload = append(w.payload, values...)
	w.end(at)
	return at
}
