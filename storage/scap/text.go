package scap

import (
	"strconv"
	"time"

	"tq/functions/digits"
)

// Resolver says what the numbers in an event's parameters stood for when it happened.
// The file descriptors and the directory are those of the event's thread.
type Resolver interface {
	// Comm returns the name of a thread.
	Comm(tid int64) (string, bool)
	// FD describes an open file descriptor.
	FD(num int64) (FDText, bool)
	// Cwd returns the working directory, or "" when it is not known.
	Cwd() string
	// User and Group return the names of a user and a group.
	User(uid uint32) (string, bool)
	Group(gid uint32) (string, bool)
}

// FDText is what the text of a file descriptor says beyond its number.
type FDText struct {
	Type FDType
	L4   uint8 // of a socket whose transport protocol is to be shown; else L4Unknown
	Name string
}

// Printer writes parameters as sysdig prints them. The zero Printer writes buffers
// whole.
type Printer struct {
	MaxBuffer int // longer buffers are cut to as many bytes, the last three dots; 0: no limit
}

// LineBuffer is the limit of buffers in the lines that sysdig writes.
const LineBuffer = 80

// AppendArgs appends all parameters of e as evt.args prints them: name=value, followed
// by what the value stands for in parentheses, separated by blanks. A nil resolver knows
// nothing.
func AppendArgs(dst []byte, e *Event, res Resolver) []byte {
	return Printer{MaxBuffer: LineBuffer}.AppendArgs(dst, e, res)
}

// AppendArgs appends all parameters of e; see the function [AppendArgs].
func (p Printer) AppendArgs(dst []byte, e *Event, res Resolver) []byte {
	if e.Type <= GenericX {
		return dst // the parameters of generic events are for the reader only
	}
	params := e.Info().Params
	off := e.valuesStart()
	for i := range e.NParams {
		end := off + int(e.length(i))
		v := e.data[off:end:end]
		off = end
		if i >= len(params) {
			if i > 0 {
				dst = append(dst, ' ')
			}
			dst = append(dst, "arg"...)
			dst = digits.AppendInt(dst, int64(i))
			dst = append(dst, '=')
			dst = p.appendBuffer(dst, v)
			continue
		}
		def := &params[i]
		if i > 0 {
			dst = append(dst, def.label...)
		} else {
			dst = append(dst, def.label[1:]...)
		}
		if n, ok := def.decimal(v, e.swapped); ok { // Fast path: most parameters are plain numbers.
			dst = digits.AppendInt(dst, n)
			if stands[def.Type] {
				paren := len(dst)
				dst = closeParen(appendMeaning(append(dst, '('), def.Type, n, res), paren)
			}
			continue
		}
		x := p.value(e, def, v)
		dst = x.appendPlain(dst, res)
		paren := len(dst)
		dst = closeParen(x.appendResolved(append(dst, '('), res), paren)
	}
	return dst
}

// closeParen closes the parenthesis at some place, or takes it away when nothing follows.
func closeParen(dst []byte, paren int) []byte {
	if len(dst) == paren+1 {
		return dst[:paren]
	}
	return append(dst, ')')
}

// AppendArg appends parameter i of e as evt.arg prints it: what the value stands for,
// or else the value; ok is false when the parameter is absent.
func (p Printer) AppendArg(dst []byte, e *Event, i int, res Resolver) (text []byte, ok bool) {
	v := e.Raw(i)
	if len(v) == 0 {
		return dst, false
	}
	params := e.Info().Params
	if i >= len(params) {
		return p.appendBuffer(dst, v), true
	}
	x := p.value(e, &params[i], v)
	if x.absent {
		return dst, false
	}
	mark := len(dst)
	if dst = x.appendResolved(dst, res); len(dst) == mark {
		dst = x.appendPlain(dst, res)
	}
	return dst, true
}

// Res returns the result of a call as evt.res and evt.rawres print it: SUCCESS, the name
// of an error or its number; ok is false for events that have no result.
func Res(e *Event) (text string, raw int64, ok bool) {
	raw, ok = RawRes(e)
	switch {
	case !ok:
		return "", 0, false
	case raw >= 0:
		return "SUCCESS", raw, true
	}
	if name := ErrnoName(raw); name != "" {
		return name, raw, true
	}
	return strconv.FormatInt(raw, 10), raw, true
}

// RawRes returns the result of a call as a number: the first parameter of its exit
// event, whatever its name; ok is false for events that have none.
func RawRes(e *Event) (raw int64, ok bool) {
	if t := e.Info(); t.Enter || t.Source != SourceSyscall || e.Type == GenericX {
		return 0, false
	}
	return e.Int(0)
}

// decimal returns the number that is the text of a parameter, if it is one. Numbers of
// four and eight bytes are printed signed whatever their type.
func (d *ParamDef) decimal(v []byte, swapped bool) (int64, bool) {
	switch d.Type {
	case ParamUint32, ParamInt32:
		if len(v) == 4 && d.Format == FormatDec {
			return int64(int32(u32(v, swapped))), true
		}
	case ParamUint64, ParamInt64:
		if len(v) == 8 && d.Format == FormatDec {
			return int64(u64(v, swapped)), true
		}
	case ParamErrno, ParamFD, ParamPID:
		if len(v) == 8 {
			return int64(u64(v, swapped)), true
		}
	}
	return 0, false
}

// stands are the types of plain numbers that stand for something; see [appendMeaning].
var stands = [ParamCharBufPairArray + 1]bool{ParamErrno: true, ParamFD: true, ParamPID: true}

// value is one parameter's value on its way to text.
type value struct {
	e      *Event
	def    *ParamDef
	v      []byte    // a text without its NUL
	n      int64     // of an integer type
	max    int       // see Printer
	typ    ParamType // of the variant, where the type is dynamic
	absent bool      // there is no value, or none that the type can have
}

func (p Printer) value(e *Event, def *ParamDef, v []byte) value {
	x := value{e: e, def: def, v: v, typ: def.Type, max: p.MaxBuffer}
	if x.typ == ParamDyn && len(v) > 0 && int(v[0]) < len(def.Variants) {
		x.typ, x.v = def.Variants[v[0]].Type, v[1:]
	}
	if len(x.v) == 0 {
		x.absent = true
		return x
	}
	ok := true
	switch {
	case intWidth[x.typ] != 0:
		x.n, ok = integer(x.typ, x.v, e.swapped)
	case x.typ == ParamCharBuf || x.typ == ParamFSPath || x.typ == ParamFSRelPath:
		x.v, ok = text(x.v)
	}
	x.absent = !ok
	return x
}

// appendAbsent appends what stands for no value, which depends on the type.
func (x *value) appendAbsent(dst []byte) []byte {
	switch x.def.Type {
	case ParamByteBuf, ParamSockTuple, ParamFDList, ParamCharBufArray, ParamCharBufPairArray, ParamDyn:
		return append(dst, "NULL"...)
	}
	return append(dst, "<NA>"...)
}

// appendPlain appends the value itself.
func (x *value) appendPlain(dst []byte, res Resolver) []byte {
	if x.absent {
		return x.appendAbsent(dst)
	}
	switch x.typ {
	case ParamErrno, ParamFD, ParamFD32, ParamPID, ParamPID32,
		ParamFlags8, ParamFlags16, ParamFlags32,
		ParamEnumflags8, ParamEnumflags16, ParamEnumflags32,
		ParamSyscallID, ParamSigType, ParamPort:
		return digits.AppendInt(dst, x.n)
	case ParamUID, ParamGID:
		return digits.AppendInt(dst, int64(int32(x.n)))
	case ParamInt8, ParamInt16, ParamInt32, ParamInt64,
		ParamUint8, ParamUint16, ParamUint32, ParamUint64, ParamMode, ParamBool:
		return x.appendInt(dst)
	case ParamRelTime:
		if x.n == -1 {
			return append(dst, "none"...)
		}
		return digits.AppendUint(dst, uint64(x.n))
	case ParamAbsTime:
		ns := uint64(x.n)
		t := time.Unix(int64(ns/1e9), int64(ns%1e9)).UTC()
		return t.AppendFormat(dst, "2006-01-02 15:04:05.000000000")
	case ParamSigSet:
		return appendSignals(dst, uint32(x.n))
	case ParamCharBuf:
		return append(dst, x.v...)
	case ParamFSPath, ParamFSRelPath:
		return appendSanitized(dst, x.v)
	case ParamSockAddr:
		return appendSockAddr(dst, x.v, x.e.swapped)
	case ParamSockTuple:
		return appendTuple(dst, x.v, x.e.swapped)
	case ParamFDList:
		return appendFDList(dst, x.v, x.e.swapped, res)
	case ParamCharBufArray, ParamCharBufPairArray:
		return appendJoined(dst, x.v)
	case ParamIPv4Addr, ParamIPv6Addr:
		return appendAddr(dst, x.v)
	}
	return Printer{x.max}.appendBuffer(dst, x.v)
}

// appendInt appends an integer in the format of its parameter.
func (x *value) appendInt(dst []byte) []byte {
	n := x.n
	if x.typ == ParamUint32 || x.typ == ParamMode {
		n = int64(int32(n))
	}
	if x.def.Format != FormatHex && x.def.Format != FormatOct {
		return digits.AppendInt(dst, n)
	}
	u := uint64(n)
	if x.typ != ParamInt64 && x.typ != ParamUint64 {
		u = uint64(uint32(n))
	}
	if x.def.Format == FormatHex {
		return appendHex(dst, u)
	}
	if u != 0 {
		dst = append(dst, '0')
	}
	return strconv.AppendUint(dst, u, 8)
}

func appendHex(dst []byte, u uint64) []byte {
	const digits = "0123456789ABCDEF"
	shift := 60
	for shift > 0 && u>>shift == 0 {
		shift -= 4
	}
	for ; shift >= 0; shift -= 4 {
		dst = append(dst, digits[u>>shift&15])
	}
	return dst
}

// appendBuffer appends bytes with a dot for each that is no printable ASCII.
func (p Printer) appendBuffer(dst, v []byte) []byte {
	if len(v) == 0 {
		return append(dst, "NULL"...)
	}
	cut := p.MaxBuffer > 0 && len(v) > p.MaxBuffer
	if cut {
		v = v[:p.MaxBuffer]
	}
	mark := len(dst)
	dst = append(dst, v...)
	out := dst[mark:]
	for i, c := range out {
		if c < ' ' || c > '~' {
			out[i] = '.'
		}
	}
	if cut && len(out) > 3 {
		copy(out[len(out)-3:], "...")
	}
	return dst
}

// appendJoined appends texts that each end in NUL, with dots between them.
func appendJoined(dst, v []byte) []byte {
	if v[len(v)-1] == 0 {
		v = v[:len(v)-1]
	}
	for _, c := range v {
		if c == 0 {
			c = '.'
		}
		dst = append(dst, c)
	}
	return dst
}

// appendFDList appends polled file descriptors as number:type and flags.
func appendFDList(dst, v []byte, swapped bool, res Resolver) []byte {
	if len(v) < 2 {
		return append(dst, "NULL"...)
	}
	for i := range pollCount(v, swapped) {
		if i > 0 {
			dst = append(dst, ' ')
		}
		r := v[2+i*pollFDLen:]
		num := u64(r, swapped)
		char := byte('?')
		if res != nil {
			if fd, ok := res.FD(int64(num)); ok {
				char = fd.Type.Char()
			}
		}
		dst = digits.AppendUint(dst, num)
		dst = append(dst, ':', char)
		dst = strconv.AppendUint(dst, uint64(uint32(int16(u16(r[8:], swapped)))), 16)
	}
	return dst
}
