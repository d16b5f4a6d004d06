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

// Ends returns the ends of an internet socket as sysdig gives them; false for other
// descriptors.
func (v View) Ends(ref FDID) (Ends, bool) {
	if ref < 0 {
		return Ends{}, false
	}
	fd := &v.FDs[ref]
	if !fd.IsInternet() {
		return Ends{}, false
	}
	var e Ends
	s, net := v.Sockets[fd.Socket], networkAt(v.networks, fd.Since)
	src, dst := End{s.Src.netip(fd.Type), s.SrcPort}, End{s.Dst.netip(fd.Type), s.DstPort}
	if fd.IsBound() {
		e.IsServer = true
		e.Server.Port = dst.Port
		if fd.Role != NoRole {
			e.Server.Addr = dst.Addr
		}
		return e, true
	}
	e.IsServer = net.local(s.Dst, fd.Type)
	if fd.Role == NoRole {
		return e, true
	}
	e.Client, e.Server = src, dst
	e.Local, e.Remote = dst, src
	if net.local(s.Src, fd.Type) {
		e.Local, e.Remote = src, dst
	}
	return e, true
}

// Sides returns the source and the destination of an internet socket, whatever its role;
// a bound one has no source.
func (v View) Sides(ref FDID) (src, dst End) {
	if ref < 0 || !v.FDs[ref].IsInternet() {
		return End{}, End{}
	}
	fd := &v.FDs[ref]
	s := v.Sockets[fd.Socket]
	if !fd.IsBound() {
		src = End{s.Src.netip(fd.Type), s.SrcPort}
	}
	return src, End{s.Dst.netip(fd.Type), s.DstPort}
}

// IsInternet reports whether the descriptor is a socket for IPv4 or IPv6.
func (fd *FD) IsInternet() bool {
	return fd.Socket >= 0 && (fd.Type == scap.FDIPv4 || fd.Type == scap.FDIPv6 || fd.IsBound())
}

// IsBound reports whether the descriptor is an internet socket that has an address of its
// own and no peer.
func (fd *FD) IsBound() bool { return fd.Type == scap.FDIPv4Server || fd.Type == scap.FDIPv6Server }

// L4 returns the transport protocol of a descriptor as fd.l4proto prints it, or "".
func (v View) L4(ref FDID) string {
	if ref < 0 || !v.FDs[ref].IsInternet() {
		return ""
	}
	fd := &v.FDs[ref]
	l4 := v.Sockets[fd.Socket].L4
	if fd.Role == NoRole && l4 != scap.L4Raw && !fd.IsBound() {
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

// TypeChar returns the character for the descriptor's kind in a row, as fd.typechar
// prints it: where the descriptor is not known, that of the kind a call of the given type
// makes. It is 0 when the event has no descriptor.
func (v View) TypeChar(row Row, code uint16) byte {
	if row.FD == NoFD {
		return 0
	}
	if row.FDRef != NoFDRef && row.FDRef != UnknownFD && v.FDs[row.FDRef].Origin != FDAttempt {
		return v.FDs[row.FDRef].Type.Char()
	}
	return madeType(code | 1).Char()
}

// madeType returns the kind of descriptor that a type of exit events makes. A socket may
// be of another family.
func madeType(code uint16) scap.FDType {
	switch code {
	case scap.SyscallOpenX, scap.SyscallOpenatX, scap.SyscallOpenatV2X, scap.SyscallOpenat2X,
		scap.SyscallCreatX:
		return scap.FDFile
	case scap.SocketSocketX, scap.SocketAcceptX, scap.SocketAcceptV5X, scap.SocketAccept4X,
		scap.SocketAccept4V5X, scap.SocketAccept4V6X:
		return scap.FDIPv4
	case scap.SyscallPipeX, scap.SyscallPipe2X:
		return scap.FDFifo
	case scap.SyscallEventfdX, scap.SyscallEventfd2X:
		return scap.FDEvent
	case scap.SyscallSignalfdX, scap.SyscallSignalfd4X:
		return scap.FDSignal
	case scap.SyscallTimerfdCreateX:
		return scap.FDTimer
	case scap.SyscallInotifyInitX, scap.SyscallInotifyInit1X:
		return scap.FDInotify
	}
	return scap.FDUnknown
}
