package state

import (
	"net/netip"

	"tq/storage/scap"
)

// End is one end of a connection.
type End struct {
	Addr netip.Addr
	Port uint16
}

// Ends are the ends of a connection by their roles; those that are not known have no
// valid address.
type Ends struct {
	Client, Server End
	Local, Remote  End
	IsServer       bool // this machine is the server, or the socket is a bound one
}

// EndsOf returns the ends of an internet socket as sysdig gives them; false for other
// descriptors.
func (t *Tracker) EndsOf(ref FDID) (Ends, bool) {
	if ref < 0 {
		return Ends{}, false
	}
	fd := &t.fds[ref]
	if !fd.IsInternet() {
		return Ends{}, false
	}
	var e Ends
	s := t.socketOf(fd)
	src, dst := End{s.Src.netip(fd.Type), s.SrcPort}, End{s.Dst.netip(fd.Type), s.DstPort}
	if fd.Type == scap.FDIPv4Server || fd.Type == scap.FDIPv6Server {
		e.IsServer = true
		e.Server.Port = dst.Port
		if fd.Role != NoRole {
			e.Server.Addr = dst.Addr
		}
		return e, true
	}
	e.IsServer = t.interfaces.local(s.Dst, fd.Type)
	if fd.Role == NoRole {
		return e, true
	}
	e.Client, e.Server = src, dst
	e.Local, e.Remote = dst, src
	if t.interfaces.local(s.Src, fd.Type) {
		e.Local, e.Remote = src, dst
	}
	return e, true
}

// IsInternet reports whether the descriptor is a socket for IPv4 or IPv6.
func (fd *FD) IsInternet() bool {
	switch fd.Type {
	case scap.FDIPv4, scap.FDIPv6, scap.FDIPv4Server, scap.FDIPv6Server:
		return true
	}
	return false
}

// L4 returns the transport protocol of a descriptor as fd.l4proto prints it, or "".
func (t *Tracker) L4(ref FDID) string {
	if ref < 0 || !t.fds[ref].IsInternet() {
		return ""
	}
	fd := &t.fds[ref]
	l4 := t.socketOf(fd).L4
	bound := fd.Type == scap.FDIPv4Server || fd.Type == scap.FDIPv6Server
	if fd.Role == NoRole && l4 != scap.L4Raw && !bound {
		return ""
	}
	switch l4 {
	case scap.L4TCP:
		return "tcp"
	case scap.L4UDP:
		return "udp"
	case scap.L4ICMP:
		return "icmp"
	case scap.L4Raw:
		return "raw"
	}
	return ""
}
