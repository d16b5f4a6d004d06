package transcript

import (
	"bytes"
	"strconv"

	"tq/storage/scap"
	"tq/storage/state"
)

// fdText is what the text of a file descriptor says: the number, and in parentheses its
// type and its name, as far as the reader knew them.
type fdText struct {
	num   int64
	known bool // there are parentheses
	typ   byte // the type's character; 0 where the text lacks it
	l4    byte // that of the transport protocol, which is shown once a socket has a role
	name  string
}

// parseFD reads the text of a descriptor. What web pages take for a tag of their own is
// missing in texts from there: <4t> and the like.
func parseFD(text []byte) (fdText, bool) {
	num, rest, ok := number(&fdParam, text)
	if !ok {
		return fdText{}, false
	}
	fd := fdText{num: int64(num)}
	if fd.num < 0 || len(rest) < 2 {
		return fd, true
	}
	fd.known = true
	inner := rest[1 : len(rest)-1]
	if end := bytes.IndexByte(inner, '>'); len(inner) > 0 && inner[0] == '<' && (end == 2 || end == 3) {
		fd.typ = inner[1]
		if end == 3 {
			fd.l4 = inner[2]
		}
		inner = inner[end+1:]
	}
	fd.name = string(inner)
	return fd, true
}

var fdParam = scap.ParamDef{Type: scap.ParamFD, Format: scap.FormatDec}

// fdTypes are the types of descriptors by their characters. Two have the same: of these
// a unix socket is by far the more frequent.
var fdTypes = func() (types [128]scap.FDType) {
	for t := scap.FDPidfd; t > scap.FDUnknown; t-- {
		types[t.Char()] = t
	}
	return types
}()

// l4Protocols are the transport protocols by their characters: as descriptors have them,
// and the kind and the protocol that make a socket have them.
var l4Protocols = map[byte]struct {
	l4             uint8
	kind, protocol int64
}{
	't': {scap.L4TCP, 1, 6}, 'u': {scap.L4UDP, 2, 17},
	'i': {scap.L4ICMP, 2, 1}, 'r': {scap.L4Raw, 3, 255},
}

// shows reports whether a version of a descriptor is printed like the text.
func (fd *fdText) shows(v state.View, ref state.FDID) bool {
	known := &v.FDs[ref]
	if v.Names[known.Name] != fd.name {
		return false
	}
	if fd.typ == 0 {
		return true
	}
	return known.Type.Char() == fd.typ && l4Char(v.L4(ref)) == fd.l4
}

// isInternet reports whether the text is a socket's for IPv4 or IPv6.
func (fd *fdText) isInternet() bool { return fd.typ == '4' || fd.typ == '6' }

// mayBecome reports whether a version of a descriptor is of the text's kind, so that a
// call can make the rest of the text true.
func (fd *fdText) mayBecome(v state.View, ref state.FDID) bool {
	known := &v.FDs[ref]
	if fd.typ == 0 {
		return true
	}
	if known.Type.Char() != fd.typ || fd.l4 == 't' && known.Name != 0 {
		return false // A TCP connection that has ends keeps them.
	}
	return fd.l4 == 0 || known.Socket >= 0 && v.Sockets[known.Socket].L4 == l4Protocols[fd.l4].l4
}

// l4Char is the character of a transport protocol.
func l4Char(name string) byte {
	if name == "" {
		return 0
	}
	return name[0]
}

// setFD makes a descriptor of a thread's process what the text says.
func (c *converter) setFD(tid int64, fd *fdText) {
	switch {
	case fd.isInternet():
		c.setSocket(tid, fd)
	case fd.typ == 'u':
		c.listUnix(tid, fd)
	case fd.typ == 0:
		c.listUntyped(tid, fd)
	case fd.typ < 128 && fdTypes[fd.typ] != scap.FDUnknown:
		c.listFD(tid, fd, fdTypes[fd.typ])
	case fd.name == "":
		c.hidden(tid, scap.SocketSocketX, decimal(fd.num))
	default:
		c.listFD(tid, fd, scap.FDUnsupported)
	}
}

// setSocket makes an internet socket. A list gives it no role, which a text with the
// transport protocol says that it has; then the calls that make such a socket do.
func (c *converter) setSocket(tid int64, fd *fdText) {
	domain := int64(familyIPv4)
	if fd.typ == '6' {
		domain = familyIPv6
	}
	_, _, _, pair := parseEnds([]byte(fd.name))
	if pair && fd.l4 == 0 {
		c.listSocket(tid, fd)
		return
	}
	_, bound := parseEnd([]byte(fd.name))
	if !pair && !bound && fd.name != "" {
		c.listFD(tid, fd, scap.FDUnsupported)
		return
	}
	p := l4Protocols[fd.l4]
	num := decimal(fd.num)
	c.hidden(tid, scap.SocketSocketX, num, decimal(domain), decimal(p.kind), decimal(p.protocol))
	switch {
	case pair:
		c.hidden(tid, scap.SocketConnectX, "0", fd.name, num)
	case bound:
		c.hidden(tid, scap.SocketBindX, "0", fd.name, num)
	}
}

// listUntyped lists a descriptor of which only the name is known. What kind it is of
// shows where that is the two ends of a connection.
func (c *converter) listUntyped(tid int64, fd *fdText) {
	if _, _, _, ok := parseEnds([]byte(fd.name)); ok {
		c.listSocket(tid, fd)
	} else if _, _, _, ok := parseUnixEnds([]byte(fd.name)); ok {
		c.listUnix(tid, fd)
	} else {
		c.listFD(tid, fd, scap.FDUnsupported)
	}
}

func (c *converter) listFD(tid int64, fd *fdText, typ scap.FDType) {
	at, record := c.out.beginFD(tid, fd.num, typ)
	c.out.text(fd.name)
	c.out.endFD(at, record)
	c.follow(at)
}

func (c *converter) listUnix(tid int64, fd *fdText) {
	src, dst, _, _ := parseUnixEnds([]byte(fd.name))
	at, record := c.out.beginFD(tid, fd.num, scap.FDUnix)
	c.out.number(int64(src))
	c.out.number(int64(dst))
	c.out.text(fd.name)
	c.out.endFD(at, record)
	c.follow(at)
}

// listSocket lists an internet socket with two ends. Its transport protocol, which its
// name depends on, is not shown as long as it has no role.
func (c *converter) listSocket(tid int64, fd *fdText) {
	src, dst, ports, _ := parseEnds([]byte(fd.name))
	typ, l4 := scap.FDIPv4, scap.L4ICMP
	if !src.addr.Is4() {
		typ = scap.FDIPv6
	}
	if ports {
		l4 = scap.L4TCP
	}
	at, record := c.out.beginFD(tid, fd.num, typ)
	w := &c.out
	w.payload = append(w.payload, src.addr.AsSlice()...)
	w.payload = append(w.payload, dst.addr.AsSlice()...)
	w.payload = order.AppendUint16(w.payload, src.port)
	w.payload = order.AppendUint16(w.payload, dst.port)
	w.payload = append(w.payload, l4)
	c.out.endFD(at, record)
	c.follow(at)
}

func decimal(n int64) string { return strconv.FormatInt(n, 10) }
