package state

import (
	"net/netip"
	"strconv"

	"tq/storage/scap"
)

// netip returns the address of a descriptor of the given type.
func (a Address) netip(typ scap.FDType) netip.Addr {
	if typ == scap.FDIPv4 || typ == scap.FDIPv4Server {
		return netip.AddrFrom4([4]byte(a[:4]))
	}
	return netip.AddrFrom16(a)
}

// socketName returns the name of a socket with two ends.
func (t *Tracker) socketName(typ scap.FDType, s Socket) NameID {
	src, dst := s.Src.netip(typ), s.Dst.netip(typ)
	switch s.L4 {
	case scap.L4TCP, scap.L4UDP:
		t.buf = appendPair(t.buf[:0], src, s.SrcPort, dst, s.DstPort)
	case scap.L4ICMP, scap.L4Raw:
		t.buf = append(appendAddr(t.buf[:0], src), "->"...)
		t.buf = appendAddr(t.buf, dst)
	default:
		t.buf = append(t.buf[:0], "<unknown>"...)
	}
	return t.names.internBytes(t.buf)
}

// appendTuple appends a tuple as sysdig prints it.
func appendTuple(b []byte, t scap.Tuple, ok bool) []byte {
	if !ok {
		return append(b, "NULL"...)
	}
	switch t.Family {
	case familyIPv4:
		return appendPair(b, t.Src, t.SrcPort, t.Dst, t.DstPort)
	case familyIPv6:
		if mapped(t.Src) && mapped(t.Dst) {
			t.Src, t.Dst = last4(t.Src), last4(t.Dst)
		}
		return appendPair(b, t.Src, t.SrcPort, t.Dst, t.DstPort)
	case familyUnix:
		b = append(strconv.AppendUint(b, t.UnixSrc, 16), "->"...)
		b = append(strconv.AppendUint(b, t.UnixDst, 16), ' ')
		return append(b, t.Path...)
	}
	return strconv.AppendInt(append(b, "family "...), int64(t.Family), 10)
}

// appendSockAddr appends an address as sysdig prints it.
func appendSockAddr(b []byte, a scap.SockAddr) []byte {
	switch a.Family {
	case familyIPv4, familyIPv6:
		return appendEnd(b, a.Addr, a.Port)
	case familyUnix:
		return append(b, a.Path...)
	}
	return strconv.AppendInt(append(b, "family "...), int64(a.Family), 10)
}

func appendPair(b []byte, src netip.Addr, srcPort uint16, dst netip.Addr, dstPort uint16) []byte {
	b = append(appendEnd(b, src, srcPort), "->"...)
	return appendEnd(b, dst, dstPort)
}

func appendEnd(b []byte, a netip.Addr, port uint16) []byte {
	b = append(appendAddr(b, a), ':')
	return strconv.AppendUint(b, uint64(port), 10)
}

// appendAddr appends an address as inet_ntop does, which differs from netip's text in
// IPv6 addresses that hold one of IPv4 after zeros.
func appendAddr(b []byte, a netip.Addr) []byte {
	if a.Is6() && !a.Is4In6() {
		v := a.As16()
		if [12]byte(v[:12]) == [12]byte{} && (v[12] != 0 || v[13] != 0) {
			return netip.AddrFrom4([4]byte(v[12:])).AppendTo(append(b, "::"...))
		}
	}
	return a.AppendTo(b)
}
