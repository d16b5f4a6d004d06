package scap

import (
	"net/netip"
	"strconv"
)

// appendSockAddr appends the address of a socket.
func appendSockAddr(dst, v []byte, swapped bool) []byte {
	a, ok := sockAddr(v, swapped)
	if !ok {
		return append(dst, "NULL"...)
	}
	switch a.Family {
	case familyUnix:
		return appendSanitized(dst, []byte(a.Path))
	case familyIPv4, familyIPv6:
		return AppendAddrPort(dst, a.Addr, a.Port)
	}
	return appendFamily(dst, a.Family)
}

// appendTuple appends the two ends of a connection.
func appendTuple(dst, v []byte, swapped bool) []byte {
	t, ok := tuple(v, swapped)
	if !ok {
		return append(dst, "NULL"...)
	}
	switch t.Family {
	case familyUnix:
		dst = strconv.AppendUint(dst, t.UnixSrc, 16)
		dst = append(dst, "->"...)
		dst = strconv.AppendUint(dst, t.UnixDst, 16)
		dst = append(dst, ' ')
		return appendSanitized(dst, []byte(t.Path))
	case familyIPv4, familyIPv6:
		src, dstAddr := t.Src, t.Dst
		if t.Family == familyIPv6 && holdsIPv4(src) && holdsIPv4(dstAddr) {
			src, dstAddr = lastIPv4(src), lastIPv4(dstAddr)
		}
		dst = AppendAddrPort(dst, src, t.SrcPort)
		dst = append(dst, "->"...)
		return AppendAddrPort(dst, dstAddr, t.DstPort)
	}
	return appendFamily(dst, t.Family)
}

func appendFamily(dst []byte, family uint8) []byte {
	dst = append(dst, "family "...)
	return strconv.AppendUint(dst, uint64(family), 10)
}

// holdsIPv4 reports whether an IPv6 address stands for an IPv4 one or for none.
func holdsIPv4(a netip.Addr) bool { return a.Is4In6() || a.IsUnspecified() }

// lastIPv4 returns the last four bytes of an IPv6 address.
func lastIPv4(a netip.Addr) netip.Addr {
	b := a.As16()
	return netip.AddrFrom4([4]byte(b[12:]))
}

// AppendAddrPort appends an address and a port as the names of sockets have them, that
// of an IPv6 address without brackets.
func AppendAddrPort(dst []byte, a netip.Addr, port uint16) []byte {
	dst = AppendAddr(dst, a)
	dst = append(dst, ':')
	return strconv.AppendUint(dst, uint64(port), 10)
}

// AppendAddr appends an address as the C library writes it: also the IPv4-compatible
// addresses of IPv6, which Go writes in hexadecimal, end in dotted decimals.
func AppendAddr(dst []byte, a netip.Addr) []byte {
	if a.Is6() && !a.Is4In6() {
		b := a.As16()
		if [12]byte(b[:12]) == [12]byte{} && (b[12] != 0 || b[13] != 0) {
			dst = append(dst, "::"...)
			a = lastIPv4(a)
		}
	}
	return a.AppendTo(dst)
}

// appendAddr appends a bare address.
func appendAddr(dst, v []byte) []byte {
	a, ok := netip.AddrFromSlice(v)
	if !ok {
		return append(dst, "<NA>"...)
	}
	return AppendAddr(dst, a)
}
