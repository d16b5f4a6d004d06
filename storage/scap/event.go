package scap

import "net/netip"

// Event is one event block: the header decoded, the parameters found but not decoded.
// What it returns as bytes points into the payload.
type Event struct {
	Offset  int64  // of its block in the payload
	TS, TID int64  // ns since the epoch; -1 for events that belong to no thread
	Flags   uint32 // of the block
	CPU     uint16
	Type    uint16 // index of [Types], or a code beyond it
	NParams int

	body    []byte // lengths of the parameters, then their values
	wide    bool   // lengths have four bytes
	swapped bool
}

// StateOnly is the flag of an event that only updates state and is not shown.
const StateOnly = 1

// Info returns the entry of the event table for e, or one that stands for its unknown
// type.
func (e *Event) Info() *EventType {
	if int(e.Type) < len(Types) {
		return &Types[e.Type]
	}
	return nil
}

// Raw returns the bytes of parameter i: nil when the file has fewer parameters, empty
// but not nil when the value is absent.
func (e *Event) Raw(i int) []byte { return nil }

// Int returns parameter i of any integer type; false when it is absent or has another
// width than its type.
func (e *Event) Int(i int) (int64, bool) { return 0, false }

// Str returns parameter i as text, up to its NUL; false when it is absent.
func (e *Event) Str(i int) (string, bool) { return "", false }

// Bytes returns the value of parameter i; false when it is absent.
func (e *Event) Bytes(i int) ([]byte, bool) { return nil, false }

// Tuple returns parameter i, the two ends of a connection.
func (e *Event) Tuple(i int) (Tuple, bool) { return Tuple{}, false }

// Addr returns parameter i, a socket's address.
func (e *Event) Addr(i int) (SockAddr, bool) { return SockAddr{}, false }

// Param returns the index of the parameter with the given name, or -1.
func (e *Event) Param(name string) int { return -1 }

// Tuple is the two ends of a connection.
type Tuple struct {
	Family           uint8 // 1 unix, 2 IPv4, 10 IPv6
	Src, Dst         netip.Addr
	SrcPort, DstPort uint16
	UnixSrc, UnixDst uint64
	Path             string
}

// SockAddr is a socket's address.
type SockAddr struct {
	Family uint8
	Addr   netip.Addr
	Port   uint16
	Path   string
}

// ReadEvent reads the event whose block starts at offset again.
func ReadEvent(payload []byte, offset int64, swapped bool) (Event, bool) { return Event{}, false }
