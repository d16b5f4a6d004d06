package scap

import "encoding/binary"

// Nearly all events stand in blocks of two types, in the byte order of most machines, and
// have few parameters. Those are read here with hardly a branch that depends on the event,
// for that is what takes the time; whatever is not that simple, [Reader.Next] and
// [Event.Read] look at closely.

const (
	// usualParams is how many parameters such an event has at most.
	usualParams = 8
	// usualRoom is how many bytes are looked at from the start of a block on, whatever its
	// length.
	usualRoom = eventHead + eventLen + 2*usualParams
	// lookAhead is how far ahead of an event a byte is touched, so that the memory there is
	// on its way before the event is: waiting for it is the greater part of the work.
	lookAhead = 1 << 10
)

// counts is how many parameters events of each type are likely to have, where they do not
// say it: as many as the last one had. A number beyond usualParams stands for types that
// need a closer look.
type counts [1 << 9]uint8

// tableCounts is how many parameters events have by the event table.
var tableCounts = func() *counts {
	c := newCounts()
	for code := range Types {
		c.learn(uint16(code), len(Types[code].Params))
	}
	return c
}()

func newCounts() *counts {
	c := new(counts)
	for code := range c {
		c[code] = usualParams + 1
	}
	return c
}

// learn takes over the number of parameters of an event that was looked at closely.
func (c *counts) learn(code uint16, params int) {
	switch code {
	case NotificationE, InfrastructureEventE, // have a wrong length, see decodeV1
		PlugineventE, ContainerJsonE, ContainerJsonV2E, AsynceventE, // see wideLengths
		SyscallExecveV19E, SyscallExecveV19X, SyscallSetpgidE, SyscallSetpgidX, // see renameEarly
		SyscallBpfE, SyscallBpfX, SyscallSeccompE, SyscallSeccompX:
		return
	}
	if int(code) < len(c) {
		c[code] = uint8(min(params, usualParams+1))
	}
}

// lengthMasks keeps, of eight lengths of two bytes, the first so many.
var lengthMasks = func() (masks [usualParams + 1][2]uint64) {
	for n := range masks {
		for i := range n {
			masks[n][i/4] |= 0xFFFF << (16 * (i % 4))
		}
	}
	return masks
}()

// Usual reads the event that comes next into e. It returns false where something follows
// that is more than a usual event, or nothing: then [Reader.Next] tells what. It leaves
// r.Event alone.
func (r *Reader) Usual(e *Event) bool {
	if r.swapped || r.ended {
		return false
	}
	n := e.usual(r.data, r.pos, r.counts)
	if n == 0 {
		return false
	}
	if ahead := uint64(r.pos) + lookAhead; ahead < uint64(len(r.data)) {
		r.touched += r.data[ahead]
	}
	r.pos += n
	r.events = true
	return true
}

// usual reads the event whose block starts at offset and returns the length of the block.
// It returns 0, and has done nothing, unless the event is as simple as most.
func (e *Event) usual(payload []byte, offset int64, c *counts) int64 {
	data := payload[offset:]
	if len(data) < usualRoom {
		return 0
	}
	b := (*[usualRoom]byte)(data)
	typ, n := binary.LittleEndian.Uint32(b[:]), binary.LittleEndian.Uint32(b[4:])
	told := typ == blockEventV2 // how many parameters there are
	if !told && typ != blockEventV1 || n%4 != 0 || n < eventHead+eventV1Len+trailerLen || uint64(n) > uint64(len(data)) ||
		binary.LittleEndian.Uint32(data[n-trailerLen:]) != n {
		return 0
	}
	code := binary.LittleEndian.Uint16(b[eventHead+20:])
	if int(code) >= len(c) {
		return 0
	}
	count, start := uint32(c[code]), eventHead+eventV1Len
	if told && count <= usualParams {
		count, start = binary.LittleEndian.Uint32(b[eventHead+eventV1Len:]), eventHead+eventLen
	}
	length := binary.LittleEndian.Uint32(b[eventHead+16:])
	if count > usualParams || length > n-eventHead-trailerLen {
		return 0
	}
	lengths, mask := (*[2 * usualParams]byte)(b[start:]), &lengthMasks[count]
	x := binary.LittleEndian.Uint64(lengths[:]) & mask[0]
	y := binary.LittleEndian.Uint64(lengths[8:]) & mask[1]
	const even = 0x0000FFFF0000FFFF
	sum := x&even + x>>16&even + y&even + y>>16&even
	end := eventHead + int(length)
	left := end - start - 2*int(count) - int(uint32(sum)) - int(sum>>32)
	if left < 0 || left > 0 && !told {
		return 0
	}
	// Stores of pointers are dear while garbage is collected.
	if len(e.data) != len(payload) || &e.data[0] != &payload[0] {
		e.data = payload
	}
	e.Offset = offset
	e.TS = int64(binary.LittleEndian.Uint64(b[eventHead:]))
	e.TID = int64(binary.LittleEndian.Uint64(b[eventHead+8:]))
	e.CPU = binary.LittleEndian.Uint16(b[8:])
	e.Type, e.NParams = code, int(count)
	e.Flags, e.wide, e.swapped = 0, false, false
	e.from, e.to = int(offset)+start, int(offset)+end
	return int64(n)
}
