package state

import "tq/storage/scap"

// listedSocket returns the ends of a socket from the list of descriptors, if it is one.
// They stand there as seen from the machine.
func listedSocket(rec scap.FD) (s Socket, ok bool) {
	switch rec.Type {
	case scap.FDIPv4, scap.FDIPv6:
		return Socket{
			Src: inet(rec.Src), Dst: inet(rec.Dst), SrcPort: rec.SrcPort, DstPort: rec.DstPort, L4: rec.L4,
		}, true
	case scap.FDIPv4Server, scap.FDIPv6Server:
		return Socket{Dst: inet(rec.Src), DstPort: rec.SrcPort, L4: rec.L4}, true
	case scap.FDUnix:
		return Socket{Src: unixAddress(rec.UnixSrc), Dst: unixAddress(rec.UnixDst)}, true
	}
	return Socket{}, false
}

// listSocket fills in the descriptor of a listed socket.
func (t *Tracker) listSocket(fd *FD, rec scap.FD, s Socket) {
	switch fd.Type {
	case scap.FDIPv6:
		if !mapped(rec.Src) || !mapped(rec.Dst) {
			fd.Name = t.socketName(fd.Type, s)
			break
		}
		fd.Type = scap.FDIPv4
		s.Src, s.Dst = inet(last4(rec.Src)), inet(last4(rec.Dst))
		fallthrough
	case scap.FDIPv4:
		networkAt(t.networks, t.num).complete(&s, fd.Type)
		fd.Name = t.socketName(fd.Type, s)
	case scap.FDIPv4Server, scap.FDIPv6Server:
		t.buf = appendEnd(t.buf[:0], s.Dst.netip(fd.Type), s.DstPort)
		fd.Name = t.names.internBytes(t.buf)
	case scap.FDUnix:
		fd.Name = t.names.intern(rec.Name)
		fd.Role = Client
		if rec.Name != "" {
			fd.Role = Server
		}
	}
	fd.Socket = t.keepSocket(s)
}

// orientListed turns the IPv4 sockets of the list of descriptors round where they are the
// server's side, which those are whose local port some server socket has, and gives them
// roles.
func (t *Tracker) orientListed() {
	if t.listed == len(t.fds) {
		return
	}
	var served [1 << 16]bool
	listed := t.fds[t.listed:]
	for i := range listed {
		if typ := listed[i].Type; typ == scap.FDIPv4Server || typ == scap.FDIPv6Server {
			served[t.socketOf(&listed[i]).DstPort] = true
		}
	}
	for i := range listed {
		fd := &listed[i]
		if fd.Type != scap.FDIPv4 {
			continue
		}
		s := &t.sockets[fd.Socket]
		if !served[s.SrcPort] {
			fd.Role = Client
			continue
		}
		s.swap()
		fd.Role = Server
		fd.Name = t.socketName(fd.Type, *s)
	}
	t.listed = len(t.fds)
}
