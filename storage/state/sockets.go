package state

import (
	"encoding/binary"
	"net/netip"

	"tq/storage/scap"
)

// Socket is the two ends of a socket. Once its role is known, the source is the client
// and the destination the server; one that is only bound has a destination alone.
type Socket struct {
	Src, Dst         Address
	SrcPort, DstPort uint16
	L4               uint8 // scap.L4TCP …
}

// Address is an address of the family that the descriptor's type tells: an IPv6 address,
// an IPv4 address in the first four bytes, or the kernel's number of a unix socket in the
// first eight.
type Address [16]byte

// Role is a descriptor's side of a connection.
type Role uint8

// The roles of sockets.
const (
	NoRole Role = iota
	Client
	Server
)

func inet(a netip.Addr) (b Address) {
	if a.Is4() {
		v4 := a.As4()
		copy(b[:], v4[:])
		return b
	}
	return a.As16()
}

func unixAddress(n uint64) (b Address) {
	binary.LittleEndian.PutUint64(b[:], n)
	return b
}

// Unix returns the address as the kernel's number of a unix socket.
func (a Address) Unix() uint64 { return binary.LittleEndian.Uint64(a[:]) }

// The address families of sockets.
const (
	familyUnix    = 1
	familyIPv4    = 2
	familyIPv6    = 10
	familyNetlink = 16
)

// mapped reports whether an IPv6 address stands for one of IPv4, as the unspecified one
// may.
func mapped(a netip.Addr) bool { return a.Is4In6() || a == netip.IPv6Unspecified() }

// ends returns the ends of a tuple of the internet, as IPv4 when both allow it.
func ends(t scap.Tuple) (s Socket, typ scap.FDType) {
	src, dst, typ := t.Src, t.Dst, scap.FDIPv4
	if t.Family == familyIPv6 {
		typ = scap.FDIPv6
		if mapped(src) && mapped(dst) {
			typ = scap.FDIPv4
			src, dst = last4(src), last4(dst)
		}
	}
	return Socket{Src: inet(src), Dst: inet(dst), SrcPort: t.SrcPort, DstPort: t.DstPort}, typ
}

// last4 returns the IPv4 address in the last bytes of an IPv6 address.
func last4(a netip.Addr) netip.Addr {
	b := a.As16()
	return netip.AddrFrom4([4]byte(b[12:]))
}

// socketOf returns the ends of a descriptor.
func (t *Tracker) socketOf(fd *FD) Socket {
	if fd.Socket < 0 {
		return Socket{}
	}
	return t.sockets[fd.Socket]
}

// keepSocket returns the index of a socket's ends.
func (t *Tracker) keepSocket(s Socket) int32 {
	t.sockets = append(roomy(t.sockets), s)
	return int32(len(t.sockets) - 1)
}

// socket makes a descriptor of a socket that has no ends yet.
func (c *call) socket() {
	num, ok := c.e.Int(0)
	if !ok || num < 0 {
		return
	}
	domain, _ := c.int(1, 0)
	kind, _ := c.int(2, 1)
	proto, _ := c.int(3, 2)
	c.addSocket(num, domain, kind, proto)
}

// The kinds and protocols of sockets.
const (
	sockStream = 1
	sockDgram  = 2
	sockRaw    = 3
	protoIP    = 0
	protoICMP  = 1
	protoTCP   = 6
	protoUDP   = 17
	protoRaw   = 255
)

func (c *call) addSocket(num, domain, kind, proto int64) {
	fd := FD{Num: num, Socket: -1, Origin: FDFromCall}
	switch domain {
	case familyUnix:
		fd.Type = scap.FDUnix
		fd.Socket = c.t.keepSocket(Socket{})
	case familyIPv4:
		fd.Type = scap.FDIPv4
	case familyIPv6:
		fd.Type = scap.FDIPv6
	case familyNetlink:
		fd.Type = scap.FDNetlink
	}
	if fd.Type == scap.FDIPv4 || fd.Type == scap.FDIPv6 {
		fd.Socket = c.t.keepSocket(Socket{L4: transport(kind, proto)})
	}
	c.addFD(fd)
}

// transport returns the transport protocol of a socket. The kind has flags in its upper
// bits.
func transport(kind, proto int64) uint8 {
	if kind == sockRaw && (proto == protoTCP || proto == protoUDP || proto == protoICMP) {
		return scap.L4Raw
	}
	switch proto {
	case protoTCP:
		return scap.L4TCP
	case protoUDP:
		return scap.L4UDP
	case protoICMP:
		return scap.L4ICMP
	case protoRaw:
		return scap.L4Raw
	case protoIP:
		switch kind & 0xff {
		case sockStream:
			return scap.L4TCP
		case sockDgram:
			return scap.L4UDP
		}
	}
	return scap.L4Unknown
}

func (c *call) socketpair() {
	if c.result() < 0 {
		return
	}
	first, _ := c.e.Int(1)
	second, _ := c.e.Int(2)
	if first == second {
		c.ref = NoFDRef
		return
	}
	src, _ := c.e.Int(3)
	dst, _ := c.e.Int(4)
	fd := FD{
		Num: second, Type: scap.FDUnix, Origin: FDFromCall,
		Socket: c.t.keepSocket(Socket{Src: unixAddress(uint64(src)), Dst: unixAddress(uint64(dst))}),
	}
	fd.Num = first
	ref := c.addFD(fd)
	fd.Num = second
	c.addFD(fd)
	c.ref = ref
}

// bind makes an internet socket with a port a server.
func (c *call) bind() {
	if c.ref == NoFDRef || c.result() < 0 {
		return
	}
	addr, ok := c.e.Addr(1)
	if !ok {
		return
	}
	t := c.t
	t.buf = appendSockAddr(t.buf[:0], addr)
	fd := c.reviseFD()
	fd.Name = t.names.internBytes(t.buf)
	if addr.Family != familyIPv4 && addr.Family != familyIPv6 || addr.Port == 0 {
		return
	}
	s := Socket{DstPort: addr.Port, L4: t.socketOf(fd).L4}
	fd.Type = scap.FDIPv4Server
	if addr.Family == familyIPv6 {
		if mapped(addr.Addr) {
			addr.Addr = last4(addr.Addr)
		} else {
			fd.Type = scap.FDIPv6Server
		}
	}
	s.Dst = inet(addr.Addr)
	fd.Socket, fd.Role = t.keepSocket(s), Server
}

// inProgress is the result of a connect that goes on.
const inProgress = -115

// connecting names a socket that is none of the internet's after whom it turns to, as
// the enter event tells. It keeps the name when the call fails.
func (c *call) connecting() {
	if c.ref == NoFDRef {
		return
	}
	t := c.t
	addr, ok := c.e.Addr(1)
	if !ok || addr.Family == familyIPv4 || addr.Family == familyIPv6 {
		return
	}
	t.buf = appendSockAddr(t.buf[:0], addr)
	if name := t.names.internBytes(t.buf); t.fds[c.ref].Name != name {
		c.reviseFD().Name = name
	}
}

// connect gives the socket its ends; the row of one that is not known shows them in place
// of its name.
func (c *call) connect() {
	res := c.result()
	tuple, ok := c.e.Tuple(1)
	if c.ref == NoFDRef {
		c.t.buf = appendTuple(c.t.buf[:0], tuple, ok)
		c.attempt(c.th.fd, scap.FDUnknown, c.t.names.internBytes(c.t.buf))
		return
	}
	if res >= 0 || res == inProgress {
		if ok {
			c.connected(tuple)
		} else if c.enter != nil {
			c.connectedTo()
		}
	}
	if res < 0 && c.enter != nil {
		// Readers of captures with enter events show the tuple of the exit event in the
		// row of a call that has not succeeded yet.
		t := c.t
		t.buf = appendTuple(t.buf[:0], tuple, ok)
		if name := t.names.internBytes(t.buf); t.fds[c.ref].Name != name {
			fd := t.fds[c.ref]
			fd.Name = name
			c.ref = t.loose(fd)
		}
	}
}

func (c *call) connected(tuple scap.Tuple) {
	t := c.t
	switch tuple.Family {
	case familyIPv4, familyIPv6:
		c.trustEnter(&tuple)
		now, typ := ends(tuple)
		old := t.socketOf(&t.fds[c.ref])
		now.L4 = old.L4
		fd := c.reviseFD()
		wasUDPServer := fd.Role == Server && typ == scap.FDIPv4 && now.L4 == scap.L4UDP
		if old != now && wasUDPServer {
			now.swap()
		}
		fd.Type = typ
		if fd.Role == NoRole {
			fd.Role = Client
		}
		fd.Socket = t.keepSocket(now)
		fd.Name = t.socketName(typ, now)
	case familyUnix:
		if t.fds[c.ref].Type != scap.FDUnix {
			return
		}
		c.setUnix(tuple, Client)
	}
}

// trustEnter puts the destination that the enter event tells into a connect's tuple where
// that merely repeats what the program's memory held at the exit: it may have changed.
func (c *call) trustEnter(tuple *scap.Tuple) {
	if c.enter == nil {
		return
	}
	entered, ok := c.enter.Addr(1)
	exited, ok2 := c.e.Addr(3)
	if ok && ok2 && entered.Family == tuple.Family && exited.Addr == tuple.Dst && exited.Port == tuple.DstPort {
		tuple.Dst, tuple.DstPort = entered.Addr, entered.Port
	}
}

// connectedTo serves a connect whose exit event lacks the tuple, as TCP's fast open does.
func (c *call) connectedTo() {
	addr, ok := c.enter.Addr(1)
	if !ok {
		return
	}
	t := c.t
	fd := c.reviseFD()
	s := t.socketOf(fd)
	switch addr.Family {
	case familyIPv4:
		fd.Type = scap.FDIPv4
	case familyIPv6:
		fd.Type = scap.FDIPv6
		if mapped(addr.Addr) {
			fd.Type, addr.Addr = scap.FDIPv4, last4(addr.Addr)
		}
	default:
		t.buf = appendSockAddr(t.buf[:0], addr)
		fd.Name = t.names.internBytes(t.buf)
		return
	}
	s.Dst, s.DstPort = inet(addr.Addr), addr.Port
	fd.Socket = t.keepSocket(s)
}

// accept makes the descriptor of a connection; the row of one that failed shows why there
// is none in place of its name.
func (c *call) accept() {
	num, ok := c.e.Int(0)
	tuple, hasTuple := c.e.Tuple(1)
	if !ok || num < 0 {
		c.t.buf = appendTuple(c.t.buf[:0], tuple, hasTuple)
		c.attempt(num, scap.FDIPv4, c.t.names.internBytes(c.t.buf))
		return
	}
	c.th.fd = num
	if !hasTuple {
		return
	}
	t := c.t
	fd := FD{Num: num, Role: Server, Origin: FDFromCall}
	var s Socket
	switch tuple.Family {
	case familyIPv4, familyIPv6:
		s, fd.Type = ends(tuple)
		s.L4 = scap.L4TCP
	case familyUnix:
		fd.Type = scap.FDUnix
		s.Src, s.Dst = unixAddress(tuple.UnixSrc), unixAddress(tuple.UnixDst)
	default:
		return
	}
	fd.Socket = t.keepSocket(s)
	t.buf = appendTuple(t.buf[:0], tuple, true)
	fd.Name = t.names.internBytes(t.buf)
	c.addFD(fd)
}
