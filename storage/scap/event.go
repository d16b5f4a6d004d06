package scap

import (
	"encoding/binary"
	"fmt"
	"sync"
)

// Event is one event block: the header decoded, the parameters found but not decoded.
// What it returns as bytes points into the payload.
type Event struct {
	Offset  int64  // of its block in the payload
	TS, TID int64  // ns since the epoch; -1 for events that belong to no thread
	Flags   uint32 // of the block
	CPU     uint16
	Type    uint16 // index of [Types], or a code beyond it
	NParams int

	data     []byte // that it was read from
	from, to int    // where in data the lengths of the parameters begin, and their values end
	wide     bool   // lengths have four bytes
	swapped  bool
}

// body returns the lengths of the parameters, and their values behind them.
func (e *Event) body() []byte { return e.data[e.from:e.to] }

// StateOnly is the flag of an event that only updates state and is not shown.
const StateOnly = 1

// Lengths of the parts of an event block before the parameters.
const (
	eventHead   = 10 // block type and length, CPU
	flagsLen    = 4  // in blocks with flags
	eventV1Len  = 22 // time, thread, length, type
	eventLen    = 26 // and the number of parameters
	trailerLen  = 4
	metaPadding = 3 // what the length of old notification and infra events has too much
)

// decode reads the event in a whole block of the given type. It returns what is wrong
// with the block, or "".
func (e *Event) decode(block []byte, typ uint32, swapped bool) string {
	head, large := eventHead, false
	e.Flags = 0
	switch typ {
	case blockEventV2:
	case blockEventV1:
		return e.decodeV1(block, head, swapped)
	case blockFlagsEventLarge:
		large = true
		fallthrough
	case blockFlagsEventV2, blockFlagsEventV1:
		if len(block) < eventHead+flagsLen+trailerLen {
			return "no room for the event's header"
		}
		e.Flags = u32(block[eventHead:], swapped)
		head += flagsLen
		if typ == blockFlagsEventV1 {
			return e.decodeV1(block, head, swapped)
		}
	case blockEventLarge:
		large = true
	}
	if len(block) < head+eventLen+trailerLen {
		return "no room for the event's header"
	}
	ev := block[head : len(block)-trailerLen]
	n := u32(ev[16:], swapped)
	if n < eventLen || uint64(n) > uint64(len(ev)) {
		return "event length does not fit its block"
	}
	e.TS = int64(u64(ev, swapped))
	e.TID = int64(u64(ev[8:], swapped))
	e.CPU = u16(block[8:], swapped)
	e.Type = u16(ev[20:], swapped)
	e.swapped = swapped
	e.data, e.from, e.to = ev, eventLen, int(n)
	body := e.body()
	count := uint64(u32(ev[22:], swapped))
	e.wide = wideLengths(e.Type, large, count, body, swapped)
	if !e.wide {
		if 2*count > uint64(len(body)) {
			return "more parameters than bytes"
		}
		e.NParams = int(count)
		if !swapped {
			if 2*e.NParams+sum16(body[:2*e.NParams]) > len(body) {
				return "parameters longer than the event"
			}
			return ""
		}
	}
	return e.checkLengths(count)
}

// checkLengths sets the number of parameters and checks that they fit.
func (e *Event) checkLengths(count uint64) string {
	width, room := uint64(2), uint64(e.to-e.from)
	if e.wide {
		width = 4
	}
	if count > room/width {
		return "more parameters than bytes"
	}
	e.NParams = int(count)
	total := count * width
	for i := range e.NParams {
		total += uint64(e.length(i))
	}
	if total > room {
		return "parameters longer than the event"
	}
	return ""
}

// decodeV1 reads an event of the layout that does not say how many parameters there are.
func (e *Event) decodeV1(block []byte, head int, swapped bool) string {
	if len(block) < head+eventV1Len+trailerLen {
		return "no room for the event's header"
	}
	ev := block[head : len(block)-trailerLen]
	n := u32(ev[16:], swapped)
	e.Type = u16(ev[20:], swapped)
	if (e.Type == NotificationE || e.Type == InfrastructureEventE) && n >= eventV1Len+metaPadding {
		n -= metaPadding
	}
	if n < eventV1Len || uint64(n) > uint64(len(ev)) {
		return "event length does not fit its block"
	}
	e.TS = int64(u64(ev, swapped))
	e.TID = int64(u64(ev[8:], swapped))
	e.CPU = u16(block[8:], swapped)
	e.swapped, e.wide = swapped, false
	e.data, e.from, e.to = ev, eventV1Len, int(n)
	body := e.body()

	// Every further parameter adds its length and two bytes, so at most one number of
	// parameters fills the event exactly.
	count, total := 0, 0
	for total < len(body) {
		if 2*count+2 > len(body) {
			return "parameters do not fill the event"
		}
		total += 2 + int(u16(body[2*count:], swapped))
		count++
	}
	if total > len(body) {
		return "parameters do not fill the event"
	}
	e.NParams = count
	e.renameEarly()
	return ""
}

// renameEarly gives the events of one release their later codes: it numbered bpf and
// seccomp 292 to 295, which execve and setpgid took over. An execve exit has many
// parameters, a setpgid enter two, and a file name that is as long as a bpf command has
// no NUL inside. That leaves the seccomp exit, which only [Reader] can tell, by the
// section's minor version.
func (e *Event) renameEarly() {
	if e.NParams != 1 {
		return
	}
	switch e.Type {
	case SyscallExecveV19E:
		if v := e.Raw(0); len(v) == 8 && v[3] == 0 && v[4] == 0 {
			e.Type = SyscallBpfE
		}
	case SyscallExecveV19X:
		e.Type = SyscallBpfX
	case SyscallSetpgidE:
		e.Type = SyscallSeccompE
	}
}

// wideLengths reports whether the lengths of an event's parameters have four bytes.
func wideLengths(code uint16, large bool, count uint64, body []byte, swapped bool) bool {
	switch code {
	case PlugineventE, ContainerJsonV2E, AsynceventE:
		return true // the types with FlagLargePayload
	case ContainerJsonE:
		// Some development builds wrote this type with four bytes.
		return large && count == 1 && len(body) >= 4 &&
			uint64(u32(body, swapped))+4 == uint64(len(body))
	}
	return large && int(code) >= len(Types)
}

// sum16 adds up little-endian numbers of two bytes, four at a time.
func sum16(b []byte) int {
	const even = 0x0000FFFF0000FFFF
	sum := 0
	for len(b) >= 8 {
		v := u64(b, false)
		v = v&even + v>>16&even
		sum += int(uint32(v) + uint32(v>>32))
		b = b[8:]
	}
	for len(b) >= 2 {
		sum += int(b[0]) | int(b[1])<<8
		b = b[2:]
	}
	return sum
}

// length returns the length of parameter i, which must be one of the event's.
func (e *Event) length(i int) uint32 {
	if e.wide {
		return u32(e.data[e.from+4*i:], e.swapped)
	}
	return uint32(u16(e.data[e.from+2*i:], e.swapped))
}

// valuesStart returns where the values begin in data.
func (e *Event) valuesStart() int {
	if e.wide {
		return e.from + 4*e.NParams
	}
	return e.from + 2*e.NParams
}

// Raw returns the bytes of parameter i: nil when the file has fewer parameters, empty
// but not nil when the value is absent.
func (e *Event) Raw(i int) []byte {
	if uint(i) >= uint(e.NParams) {
		return nil
	}
	off := e.valuesStart()
	if !e.wide && !e.swapped {
		lengths := e.data[e.from:off]
		for ; i > 0; i-- {
			off += int(binary.LittleEndian.Uint16(lengths))
			lengths = lengths[2:]
		}
		end := off + int(binary.LittleEndian.Uint16(lengths))
		return e.data[off:end:end]
	}
	for j := range i {
		off += int(e.length(j))
	}
	end := off + int(e.length(i))
	return e.data[off:end:end]
}

// Info returns the entry of the event table for e, or one that stands for its unknown
// type.
func (e *Event) Info() *EventType {
	switch {
	case e.Type == SwitchE && e.NParams == len(earlySwitch.Params):
		return &earlySwitch
	case int(e.Type) < len(Types):
		return &Types[e.Type]
	}
	return TypeInfo(e.Type)
}

// earlySwitch is the layout of switch events before they told the size of memory.
var earlySwitch = EventType{
	Code: SwitchE, Name: "switch", Enter: true, Category: CategoryScheduler,
	Source: SourceTracepoint, FD: -1,
	Params: []ParamDef{
		{Name: "next", label: " next=", Type: ParamPID, Format: FormatDec, DirFD: -1},
		{Name: "pgft_maj", label: " pgft_maj=", Type: ParamUint32, Format: FormatDec, DirFD: -1},
		{Name: "pgft_min", label: " pgft_min=", Type: ParamUint32, Format: FormatDec, DirFD: -1},
		{Name: "next_pgft_maj", label: " next_pgft_maj=", Type: ParamUint32, Format: FormatDec, DirFD: -1},
		{Name: "next_pgft_min", label: " next_pgft_min=", Type: ParamUint32, Format: FormatDec, DirFD: -1},
	},
}

// unknownTypes holds the entries made up for codes beyond the table, by code.
var unknownTypes sync.Map

// TypeInfo returns the entry of the event table for a code; for one beyond the table,
// an entry without parameters that is named after the code.
func TypeInfo(code uint16) *EventType {
	if int(code) < len(Types) {
		return &Types[code]
	}
	if t, ok := unknownTypes.Load(code); ok {
		return t.(*EventType)
	}
	t, _ := unknownTypes.LoadOrStore(code, &EventType{
		Code: code, Name: fmt.Sprintf("unknown(%d)", code), Enter: code&1 == 0, FD: -1,
	})
	return t.(*EventType)
}

// Param returns the index of the parameter with the given name, or -1.
func (e *Event) Param(name string) int {
	for i, p := range e.Info().Params {
		if p.Name == name {
			return i
		}
	}
	return -1
}

// ReadEvent reads the event whose block starts at offset again.
func ReadEvent(payload []byte, offset int64, swapped bool) (e Event, ok bool) {
	ok = e.Read(payload, offset, swapped)
	return e, ok
}

// Read reads the event whose block starts at offset again. It returns false, and the event
// is none, where there is no such block.
func (e *Event) Read(payload []byte, offset int64, swapped bool) bool {
	if !swapped && uint64(offset) < uint64(len(payload)) && e.usual(payload, offset, tableCounts) > 0 {
		return true
	}
	e.Offset = offset
	block, typ := blockAt(payload, offset, swapped)
	kind, ok := blockKind(typ)
	return ok && kind == KindEvent && e.decode(block, typ, swapped) == ""
}

// blockAt returns the whole block at offset and its published type, or nil.
func blockAt(payload []byte, offset int64, swapped bool) (block []byte, typ uint32) {
	if offset < 0 || offset > int64(len(payload))-minBlock {
		return nil, 0
	}
	b := payload[offset:]
	n := u32(b[4:], swapped)
	if n < minBlock || uint64(n) > uint64(len(b)) {
		return nil, 0
	}
	return b[:n], published(u32(b, swapped))
}

// EventComments returns the comments that an editor has attached to the event whose
// block starts at offset.
func EventComments(payload []byte, offset int64, swapped bool) []string {
	block, typ := blockAt(payload, offset, swapped)
	if kind, ok := blockKind(typ); !ok || kind != KindEvent {
		return nil
	}
	head := eventHead
	if typ == blockFlagsEventV1 || typ == blockFlagsEventV2 || typ == blockFlagsEventLarge {
		head += flagsLen
	}
	if len(block) < head+eventV1Len+trailerLen {
		return nil
	}
	body := block[8 : len(block)-trailerLen]
	end := uint64(head-8) + uint64(u32(block[head+16:], swapped))
	end = (end + 3) &^ 3
	if end >= uint64(len(body)) {
		return nil
	}
	comments, _ := options(body[end:], swapped)
	return comments
}
