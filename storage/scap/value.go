package scap

import (
	"bytes"
	"net/netip"
)

// intWidth is the number of bytes of each integer type, negative when it is signed.
var intWidth = [...]int8{
	ParamInt8: -1, ParamInt16: -2, ParamInt32: -4, ParamInt64: -8,
	ParamUint8: 1, ParamUint16: 2, ParamUint32: 4, ParamUint64: 8,
	ParamErrno: -8, ParamFD: -8, ParamFD32: -4, ParamPID: -8, ParamPID32: -4,
	ParamSyscallID: 2, ParamSigType: 1, ParamSigSet: 4, ParamRelTime: 8, ParamAbsTime: 8,
	ParamFlags8: 1, ParamFlags16: 2, ParamFlags32: 4,
	ParamEnumflags8: 1, ParamEnumflags16: 2, ParamEnumflags32: 4,
	ParamMode: 4, ParamUID: 4, ParamGID: 4, ParamBool: 4, ParamPort: 2,
	ParamCharBufPairArray: 0,
}

// integer reads v as a value of type t; false when t is no integer or v is of another
// width.
func integer(t ParamType, v []byte, swapped bool) (int64, bool) {
	width := intWidth[t]
	switch {
	case len(v) == 8 && (width == 8 || width == -8): // most are
		return int64(u64(v, swapped)), true
	case len(v) != int(max(width, -width)):
		return 0, false
	}
	switch width {
	case -1:
		return int64(int8(v[0])), true
	case 1:
		return int64(v[0]), true
	case -2:
		return int64(int16(u16(v, swapped))), true
	case 2:
		return int64(u16(v, swapped)), true
	case -4:
		return int64(int32(u32(v, swapped))), true
	case 4:
		return int64(u32(v, swapped)), true
	}
	return 0, false
}

// param returns the definition and the bytes of parameter i, for a dynamic one those of
// the variant it holds. The definition is nil when the event table has no such parameter
// or variant.
func (e *Event) param(i int) (*ParamDef, []byte) {
	v := e.Raw(i)
	params := e.Info().Params
	if i < 0 || i >= len(params) {
		return nil, v
	}
	def := &params[i]
	if def.Type == ParamDyn {
		if len(v) == 0 || int(v[0]) >= len(def.Variants) {
			return nil, v
		}
		return &def.Variants[v[0]], v[1:]
	}
	return def, v
}

// Int returns parameter i of any integer type; false when it is absent or has another
// width than its type.
func (e *Event) Int(i int) (int64, bool) {
	def, v := e.param(i)
	if def == nil || len(v) == 0 {
		return 0, false
	}
	return integer(def.Type, v, e.swapped)
}

// Syscall returns the number of the system call that a generic event is of, as in
// [SyscallName].
func (e *Event) Syscall() uint16 {
	if e.NParams == 0 || e.length(0) != 2 {
		return 0
	}
	return u16(e.data[e.valuesStart():], e.swapped)
}

// absentText is how recorders write a text that they could not read.
const absentText = "(NULL)"

// text returns a text value without its NUL; false when it is absent.
func text(v []byte) ([]byte, bool) {
	if len(v) == 0 {
		return nil, false
	}
	if end := bytes.IndexByte(v, 0); end >= 0 {
		v = v[:end]
	}
	return v, string(v) != absentText
}

// Str returns parameter i as text, up to its NUL; false when it is absent.
func (e *Event) Str(i int) (string, bool) {
	_, v := e.param(i)
	t, ok := text(v)
	if !ok {
		return "", false
	}
	return string(t), true
}

// Bytes returns the value of parameter i; false when it is absent.
func (e *Event) Bytes(i int) ([]byte, bool) {
	_, v := e.param(i)
	return v, len(v) > 0
}

// The address families that parameters tell apart.
const (
	familyUnix = 1
	familyIPv4 = 2
	familyIPv6 = 10
)

// Tuple is the two ends of a connection.
type Tuple struct {
	Family           uint8 // 1 unix, 2 IPv4, 10 IPv6; for any other nothing else is set
	Src, Dst         netip.Addr
	SrcPort, DstPort uint16
	UnixSrc, UnixDst uint64
	Path             string
}

// Tuple returns parameter i, the two ends of a connection.
func (e *Event) Tuple(i int) (Tuple, bool) {
	def, v := e.param(i)
	if def == nil || def.Type != ParamSockTuple {
		return Tuple{}, false
	}
	return tuple(v, e.swapped)
}

func tuple(v []byte, swapped bool) (Tuple, bool) {
	if len(v) == 0 {
		return Tuple{}, false
	}
	t := Tuple{Family: v[0]}
	c := cursor{b: v[1:], swapped: swapped}
	switch t.Family {
	case familyIPv4:
		t.Src, t.SrcPort = c.ipv4(), c.u16()
		t.Dst, t.DstPort = c.ipv4(), c.u16()
	case familyIPv6:
		t.Src, t.SrcPort = c.ipv6(), c.u16()
		t.Dst, t.DstPort = c.ipv6(), c.u16()
	case familyUnix:
		t.UnixSrc, t.UnixDst = c.u64(), c.u64()
		t.Path = cString(c.b)
	}
	return t, !c.short
}

// SockAddr is a socket's address.
type SockAddr struct {
	Family uint8 // 1 unix, 2 IPv4, 10 IPv6; for any other nothing else is set
	Addr   netip.Addr
	Port   uint16
	Path   string
}

// Addr returns parameter i, a socket's address.
func (e *Event) Addr(i int) (SockAddr, bool) {
	def, v := e.param(i)
	if def == nil || def.Type != ParamSockAddr {
		return SockAddr{}, false
	}
	return sockAddr(v, e.swapped)
}

func sockAddr(v []byte, swapped bool) (SockAddr, bool) {
	if len(v) == 0 {
		return SockAddr{}, false
	}
	a := SockAddr{Family: v[0]}
	c := cursor{b: v[1:], swapped: swapped}
	switch a.Family {
	case familyIPv4:
		a.Addr, a.Port = c.ipv4(), c.u16()
	case familyIPv6:
		a.Addr, a.Port = c.ipv6(), c.u16()
	case familyUnix:
		a.Path = cString(c.b)
	}
	return a, !c.short
}

func cString(v []byte) string {
	if end := bytes.IndexByte(v, 0); end >= 0 {
		v = v[:end]
	}
	return string(v)
}

// PollFD is one entry of a list of polled file descriptors.
type PollFD struct {
	FD    int64
	Flags int16 // events asked for or returned
}

const pollFDLen = 10

// PollFDs appends the entries of parameter i to dst; false when it is absent.
func (e *Event) PollFDs(dst []PollFD, i int) ([]PollFD, bool) {
	def, v := e.param(i)
	if def == nil || def.Type != ParamFDList || len(v) < 2 {
		return dst, false
	}
	for n := range pollCount(v, e.swapped) {
		r := v[2+n*pollFDLen:]
		dst = append(dst, PollFD{int64(u64(r, e.swapped)), int16(u16(r[8:], e.swapped))})
	}
	return dst, true
}

// pollCount returns the number of whole entries in a list of polled file descriptors.
func pollCount(v []byte, swapped bool) int {
	return min(int(u16(v, swapped)), (len(v)-2)/pollFDLen)
}
