package state

import (
	"encoding/binary"

	"tq/storage/scap"
)

// send and receive take over the ends that events of datagrams tell: such a socket may
// have another peer each time.

// sending infers the descriptor from the enter event, where that tells to whom it sends.
func (c *call) sending() {
	if c.ref == NoFDRef {
		if tuple, ok := c.e.Tuple(2); ok {
			c.inferSocket(tuple)
		}
	}
}

func (c *call) send() {
	if c.result() < 0 {
		return
	}
	tuple, ok := c.e.Tuple(4)
	if !ok && c.enter != nil {
		tuple, ok = c.enter.Tuple(2)
	}
	if !ok {
		return
	}
	if c.ref == NoFDRef {
		if !c.inferSocket(tuple) {
			return
		}
	}
	c.exchange(tuple, false)
}

// inferSocket adds the descriptor that something was sent by when it is not known, as a
// socket for UDP.
func (c *call) inferSocket(tuple scap.Tuple) bool {
	num := c.th.fd
	if num < 0 || tuple.Family != familyIPv4 && tuple.Family != familyIPv6 {
		return false
	}
	c.addSocket(num, int64(tuple.Family), sockDgram, protoUDP)
	return true
}

func (c *call) receive() {
	if c.ref == NoFDRef || c.result() < 0 {
		return
	}
	i := 4
	switch c.e.Type {
	case scap.SocketRecvfromX:
		i = 2
	case scap.SocketRecvmsgX:
		i = 3
	}
	if tuple, ok := c.e.Tuple(i); ok {
		c.exchange(tuple, true)
	}
}

// exchange gives the socket the ends of a datagram that it sent or received. The ends of
// a TCP connection that has a name stay.
func (c *call) exchange(tuple scap.Tuple, received bool) {
	t := c.t
	fd := t.fds[c.ref]
	s := t.socketOf(&fd)
	if fd.Name != 0 && fd.Type == scap.FDIPv4 && s.L4 == scap.L4TCP {
		return
	}
	switch tuple.Family {
	case familyUnix:
		c.setUnix(tuple, NoRole)
		return
	case familyIPv4, familyIPv6:
	default:
		return
	}
	now, typ := ends(tuple)
	if fd.Type != typ {
		// What a bound socket has as destination is its own end, and an address of another
		// family that of a socket whose closing the capture lacks.
		s = Socket{L4: s.L4}
	}
	if fd.Type == typ && (s.Src == now.Src && s.SrcPort == now.SrcPort && s.Dst == now.Dst && s.DstPort == now.DstPort ||
		s.Src == now.Dst && s.SrcPort == now.DstPort && s.Dst == now.Src && s.DstPort == now.SrcPort) {
		return
	}
	old := s
	s.Src, s.SrcPort = now.Src, now.SrcPort
	if s.Dst == (Address{}) {
		s.Dst = now.Dst
	}
	if s.DstPort == 0 {
		s.DstPort = now.DstPort
	}
	if s == old {
		return
	}
	if s.L4 == scap.L4Unknown {
		s.L4 = scap.L4UDP
	}
	networkAt(t.networks, t.num).complete(&s, typ)
	role := fd.Role
	if role == NoRole {
		role = c.guessRole(s, typ, received)
	}
	if received == (role == Client) {
		s.swap()
	}
	fd.Type, fd.Role = typ, role
	fd.Name = t.socketName(typ, s)
	c.turn(fd, s)
}

// guessRole returns the role that sysdig gives a socket with ends s which was neither
// bound nor connected: a client's, unless the process has its destination's port, or a
// server's, unless another socket uses its source's port. Else a server starts with a
// read, a client with a write.
//
// For IPv4, where the socket itself counts, that leaves the last rule. For IPv6, sysdig
// takes for the ports what stands in place of those of IPv4, which is part of the source.
func (c *call) guessRole(s Socket, typ scap.FDType, received bool) Role {
	bound, used := typ == scap.FDIPv4, typ == scap.FDIPv4
	if !bound {
		src, dst := binary.LittleEndian.Uint16(s.Src[8:]), binary.LittleEndian.Uint16(s.Src[10:])
		c.th.proc.fds.each(func(_ int64, point int32) {
			ref := c.t.history.ref(point)
			if ref < 0 {
				return
			}
			fd := &c.t.fds[ref]
			other := c.t.socketOf(fd)
			bound = bound || (fd.Type == scap.FDIPv4 || fd.Type == scap.FDIPv4Server) && other.DstPort == dst
			used = used || fd.Type == scap.FDIPv4 && other.SrcPort == src
		})
	}
	switch {
	case !bound:
		return Client
	case !used || received:
		return Server
	}
	return Client
}

// peer is what tells apart the versions of a socket that turns from one peer to another.
type peer struct {
	first   FDID
	process ProcessID
	typ     scap.FDType
	role    Role
	flags   uint32
	name    NameID
	socket  Socket
}

// turn makes fd, with the given ends, the call's descriptor. A socket that exchanges
// datagrams with some peers in turn gets one version for each, not for each datagram.
func (c *call) turn(fd FD, s Socket) {
	t := c.t
	p := c.th.proc
	key := peer{fd.First, p.id, fd.Type, fd.Role, fd.OpenFlags, fd.Name, s}
	ref, ok := t.peers[key]
	if ok {
		t.occupy(p, fd.Num, ref)
	} else {
		fd.Origin = FDFromCall
		fd.Socket = t.keepSocket(s)
		ref = t.place(p, fd)
		t.peers[key] = ref
	}
	c.ref = ref
}

// setUnix gives a unix socket its ends and its name, and a role if it has none.
func (c *call) setUnix(tuple scap.Tuple, role Role) {
	t := c.t
	s := Socket{Src: unixAddress(tuple.UnixSrc), Dst: unixAddress(tuple.UnixDst)}
	t.buf = appendTuple(t.buf[:0], tuple, true)
	name := t.names.internBytes(t.buf)
	fd := t.fds[c.ref]
	if fd.Role != NoRole {
		role = fd.Role
	}
	if fd.Type == scap.FDUnix && fd.Role == role && fd.Name == name && t.socketOf(&fd) == s {
		return
	}
	fd.Type, fd.Role, fd.Name = scap.FDUnix, role, name
	c.turn(fd, s)
}

// swap exchanges source and destination.
func (s *Socket) swap() {
	s.Src, s.Dst = s.Dst, s.Src
	s.SrcPort, s.DstPort = s.DstPort, s.SrcPort
}
