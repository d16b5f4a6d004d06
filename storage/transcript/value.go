package transcript

import (
	"bytes"
	"encoding/binary"
	"path"
	"strconv"
	"strings"
	"time"

	"tq/storage/scap"
)

// widths is the number of bytes of each type that is printed as a number.
var widths = [...]int{
	scap.ParamInt8: 1, scap.ParamInt16: 2, scap.ParamInt32: 4, scap.ParamInt64: 8,
	scap.ParamUint8: 1, scap.ParamUint16: 2, scap.ParamUint32: 4, scap.ParamUint64: 8,
	scap.ParamErrno: 8, scap.ParamFD: 8, scap.ParamFD32: 4, scap.ParamPID: 8, scap.ParamPID32: 4,
	scap.ParamSyscallID: 2, scap.ParamSigType: 1, scap.ParamRelTime: 8,
	scap.ParamFlags8: 1, scap.ParamFlags16: 2, scap.ParamFlags32: 4,
	scap.ParamEnumflags8: 1, scap.ParamEnumflags16: 2, scap.ParamEnumflags32: 4,
	scap.ParamMode: 4, scap.ParamUID: 4, scap.ParamGID: 4, scap.ParamBool: 4, scap.ParamPort: 2,
	scap.ParamCharBufPairArray: 0,
}

// alwaysDecimal are the types whose number is printed in decimals whatever their format.
var alwaysDecimal = [...]bool{
	scap.ParamErrno: true, scap.ParamFD: true, scap.ParamFD32: true,
	scap.ParamPID: true, scap.ParamPID32: true,
	scap.ParamSyscallID: true, scap.ParamSigType: true, scap.ParamRelTime: true,
	scap.ParamFlags8: true, scap.ParamFlags16: true, scap.ParamFlags32: true,
	scap.ParamEnumflags8: true, scap.ParamEnumflags16: true, scap.ParamEnumflags32: true,
	scap.ParamUID: true, scap.ParamGID: true, scap.ParamPort: true,
	scap.ParamCharBufPairArray: false,
}

// appendValue appends the encoding of a printed value. It appends nothing for a value
// that is absent, or that the text does not tell.
func appendValue(dst []byte, def *scap.ParamDef, text []byte) []byte {
	if string(text) == "<NA>" {
		return dst
	}
	if width := widths[def.Type]; width > 0 {
		return appendNumber(dst, def, text, width)
	}
	switch def.Type {
	case scap.ParamCharBuf:
		return append(append(dst, text...), 0)
	case scap.ParamFSPath, scap.ParamFSRelPath:
		return append(append(dst, meantPath(text)...), 0)
	case scap.ParamSigSet:
		return appendSignals(dst, text)
	case scap.ParamAbsTime:
		if t, err := time.Parse("2006-01-02 15:04:05.999999999", string(text)); err == nil {
			return binary.LittleEndian.AppendUint64(dst, uint64(t.UnixNano()))
		}
		return dst
	}
	if string(text) == "NULL" || len(text) == 0 {
		return dst
	}
	switch def.Type {
	case scap.ParamSockAddr:
		return appendAddr(dst, text)
	case scap.ParamSockTuple:
		return appendTuple(dst, text)
	case scap.ParamFDList:
		return appendPolled(dst, text)
	case scap.ParamIPv4Addr, scap.ParamIPv6Addr:
		return appendIP(dst, text)
	case scap.ParamDyn:
		return appendVariant(dst, def, text)
	}
	return append(dst, text...)
}

func appendNumber(dst []byte, def *scap.ParamDef, text []byte, width int) []byte {
	n, _, ok := number(def, text)
	if !ok {
		if def.Type != scap.ParamRelTime || string(text) != "none" {
			return dst
		}
		n = 1<<64 - 1
	}
	for range width {
		dst = append(dst, byte(n))
		n >>= 8
	}
	return dst
}

// meantPath is the path that a line shows. Of a relative one it is the path that the line
// shows behind it: the directory that it started from may not be known.
func meantPath(text []byte) []byte {
	if len(text) == 0 || text[0] == '/' || text[len(text)-1] != ')' {
		return text
	}
	for at := range text {
		if text[at] != '(' {
			continue
		}
		relative, meant := string(text[:at]), text[at+1:len(text)-1]
		if path.Base(path.Clean(relative)) == path.Base(string(meant)) || strings.HasSuffix(relative, ".") {
			return meant
		}
	}
	return text
}

// signalBits are the bits of a set by the names of signals.
var signalBits = func() map[string]uint32 {
	bits := make(map[string]uint32)
	for i := range uint8(32) {
		if name := scap.SignalName(i + 1); name != "" {
			bits[name] = 1 << i
		}
	}
	return bits
}()

func appendSignals(dst, text []byte) []byte {
	var set uint32
	for name := range bytes.FieldsSeq(text) {
		set |= signalBits[string(name)]
	}
	return binary.LittleEndian.AppendUint32(dst, set)
}

// appendPolled encodes polled file descriptors, each number:type and flags.
func appendPolled(dst, text []byte) []byte {
	start := len(dst)
	dst = append(dst, 0, 0)
	count := uint16(0)
	for item := range bytes.FieldsSeq(text) {
		num, flags, ok := bytes.Cut(item, []byte(":"))
		if !ok || len(flags) < 2 {
			break
		}
		fd, err := strconv.ParseUint(string(num), 10, 64)
		bits, err2 := strconv.ParseUint(string(flags[1:]), 16, 32)
		if err != nil || err2 != nil {
			break
		}
		dst = binary.LittleEndian.AppendUint64(dst, fd)
		dst = binary.LittleEndian.AppendUint16(dst, uint16(bits))
		count++
	}
	binary.LittleEndian.PutUint16(dst[start:], count)
	return dst
}

// appendVariant encodes a dynamic parameter as the first variant that the text can be:
// a number, or else bytes or text.
func appendVariant(dst []byte, def *scap.ParamDef, text []byte) []byte {
	for _, numeric := range [...]bool{true, false} {
		for i := range def.Variants {
			v := &def.Variants[i]
			if (widths[v.Type] > 0) == numeric && plausible(v, text) {
				return appendValue(append(dst, byte(i)), v, text)
			}
		}
	}
	return dst
}
