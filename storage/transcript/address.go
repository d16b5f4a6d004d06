package transcript

import (
	"bytes"
	"encoding/binary"
	"net/netip"
	"strconv"
)

// The address families of sockets.
const (
	familyUnix = 1
	familyIPv4 = 2
	familyIPv6 = 10
)

// end is one end of an internet connection; without a port for protocols that have none.
type end struct {
	addr netip.Addr
	port uint16
}

// parseEnd reads an address and a port. An IPv6 address has no brackets.
func parseEnd(text []byte) (end, bool) {
	i := bytes.LastIndexByte(text, ':')
	if i < 0 {
		return end{}, false
	}
	addr, err := netip.ParseAddr(string(text[:i]))
	port, err2 := strconv.ParseUint(string(text[i+1:]), 10, 16)
	if err != nil || err2 != nil || addr.Zone() != "" {
		return end{}, false
	}
	return end{addr, uint16(port)}, true
}

// parseEnds reads two ends with an arrow in between, both with a port or none.
func parseEnds(text []byte) (src, dst end, ports, ok bool) {
	a, b, ok := bytes.Cut(text, []byte("->"))
	if !ok {
		return end{}, end{}, false, false
	}
	src, ok1 := parseEnd(a)
	dst, ok2 := parseEnd(b)
	if ok1 && ok2 && src.addr.Is4() == dst.addr.Is4() {
		return src, dst, true, true
	}
	srcAddr, err1 := netip.ParseAddr(string(a))
	dstAddr, err2 := netip.ParseAddr(string(b))
	if err1 != nil || err2 != nil || srcAddr.Zone() != "" || dstAddr.Zone() != "" || srcAddr.Is4() != dstAddr.Is4() {
		return end{}, end{}, false, false
	}
	return end{addr: srcAddr}, end{addr: dstAddr}, false, true
}

// parseUnixEnds reads the two ends of a unix socket, the kernel's numbers in hexadecimal,
// and the path behind them.
func parseUnixEnds(text []byte) (src, dst uint64, path []byte, ok bool) {
	a, rest, ok := bytes.Cut(text, []byte("->"))
	if !ok {
		return 0, 0, nil, false
	}
	b, path, _ := bytes.Cut(rest, []byte(" "))
	src, err1 := strconv.ParseUint(string(a), 16, 64)
	dst, err2 := strconv.ParseUint(string(b), 16, 64)
	return src, dst, path, err1 == nil && err2 == nil
}

// parseFamily reads what stands for an address of another family: its number.
func parseFamily(text []byte) (byte, bool) {
	num, ok := bytes.CutPrefix(text, []byte("family "))
	n, err := strconv.ParseUint(string(num), 10, 8)
	return byte(n), ok && err == nil
}

// appendAddr encodes the address of a socket: of the internet, of another family, or
// else the path of a unix socket.
func appendAddr(dst, text []byte) []byte {
	if e, ok := parseEnd(text); ok {
		return appendEnd(append(dst, e.family()), e)
	}
	if family, ok := parseFamily(text); ok {
		return append(dst, family)
	}
	return append(append(append(dst, familyUnix), text...), 0)
}

// appendTuple encodes the two ends of a connection, or nothing where the text does not
// tell them.
func appendTuple(dst, text []byte) []byte {
	if src, dest, _, ok := parseEnds(text); ok {
		return appendEnd(appendEnd(append(dst, src.family()), src), dest)
	}
	if family, ok := parseFamily(text); ok {
		return append(dst, family)
	}
	if src, dest, path, ok := parseUnixEnds(text); ok {
		dst = binary.LittleEndian.AppendUint64(append(dst, familyUnix), src)
		dst = binary.LittleEndian.AppendUint64(dst, dest)
		return append(append(dst, path...), 0)
	}
	return dst
}

func (e end) family() byte {
	if e.addr.Is4() {
		return familyIPv4
	}
	return familyIPv6
}

// appendEnd encodes an end: the address in network order, then the port.
func appendEnd(dst []byte, e end) []byte {
	dst = append(dst, e.addr.AsSlice()...)
	return binary.LittleEndian.AppendUint16(dst, e.port)
}

func appendIP(dst, text []byte) []byte {
	addr, err := netip.ParseAddr(string(text))
	if err != nil {
		return dst
	}
	return append(dst, addr.AsSlice()...)
}
