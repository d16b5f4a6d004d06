package scap

import (
	"fmt"
	"net/netip"
)

// FDType is the kind of a file descriptor.
type FDType uint8

// The kinds of file descriptors.
const (
	FDUnknown FDType = iota
	FDFile
	FDDirectory
	FDIPv4
	FDIPv6
	FDIPv4Server
	FDIPv6Server
	FDFifo
	FDUnix
	FDEvent
	FDUnsupported
	FDSignal
	FDEventpoll
	FDInotify
	FDTimer
	FDNetlink
	FDFileV2 // a file with its open flags recorded
	FDBPF
	FDUserfault
	FDIOUring
	FDMemfd
	FDPidfd
)

var fdTypeNames = [...]string{
	FDFile: "file", FDDirectory: "directory", FDIPv4: "ipv4", FDIPv6: "ipv6",
	FDIPv4Server: "ipv4", FDIPv6Server: "ipv6", FDFifo: "pipe", FDUnix: "unix",
	FDEvent: "event", FDSignal: "signalfd", FDEventpoll: "eventpoll",
	FDInotify: "inotify", FDTimer: "timerfd", FDNetlink: "netlink", FDFileV2: "file",
	FDBPF: "bpf", FDUserfault: "userfaultfd", FDIOUring: "io_uring", FDMemfd: "memfd",
	FDPidfd: "pidfd",
}

const fdTypeChars = "ofd4646pueXslitnfburmP"

// String returns the type as fd.type prints it, or "" when that prints nothing.
func (t FDType) String() string {
	if int(t) < len(fdTypeNames) {
		return fdTypeNames[t]
	}
	return ""
}

// Char returns the type's character as fd.typechar prints it.
func (t FDType) Char() byte {
	if int(t) < len(fdTypeChars) {
		return fdTypeChars[t]
	}
	return fdTypeChars[FDUnknown]
}

// The transport protocols of sockets.
const (
	L4Unknown uint8 = iota
	L4NA
	L4TCP
	L4UDP
	L4ICMP
	L4Raw
)

// FDList is the file descriptors that one thread had when recording began.
type FDList struct {
	Tid int64
	FDs []FD
}

// FD is one record of an [FDList]. The source of a socket is its local end here; a
// server socket has a source only.
type FD struct {
	Num              int64
	Type             FDType
	Name             string
	Ino              uint64
	Dev, OpenFlags   uint32
	L4               uint8
	Src, Dst         netip.Addr
	SrcPort, DstPort uint16
	UnixSrc, UnixDst uint64
}

// parseFDs reads the body of a block of file descriptors. What was read before a fault
// is good.
func parseFDs(body []byte, typ uint32, swapped bool) (list FDList, fault string) {
	c := cursor{b: body, swapped: swapped}
	list.Tid = c.i64()
	if c.short {
		return list, "list of file descriptors too short"
	}
	for len(c.b) >= 4 {
		rec := c
		if typ == blockFDsV2 {
			var ok bool
			if rec, ok = c.record(); !ok {
				return list, "file descriptor record length does not fit"
			}
		}
		fd, known := parseFD(&rec, typ == blockFDsV2)
		if rec.short {
			return list, "file descriptor record does not fit"
		}
		if typ != blockFDsV2 {
			if !known {
				return list, fmt.Sprintf("file descriptor of unknown type %d", fd.Type)
			}
			c = rec
		}
		list.FDs = append(list.FDs, fd)
	}
	return list, ""
}

// parseFD reads one record. In the second version, where a record knows its length, the
// fields of an unknown type need not be known.
func parseFD(c *cursor, v2 bool) (fd FD, known bool) {
	fd.Num = c.i64()
	fd.Ino = c.u64()
	fd.Type = FDType(c.u8())
	switch fd.Type {
	case FDIPv4:
		fd.Src, fd.Dst = c.ipv4(), c.ipv4()
		fd.SrcPort, fd.DstPort = c.u16(), c.u16()
		fd.L4 = c.u8()
	case FDIPv6:
		fd.Src, fd.Dst = c.ipv6(), c.ipv6()
		fd.SrcPort, fd.DstPort = c.u16(), c.u16()
		fd.L4 = c.u8()
	case FDIPv4Server:
		fd.Src, fd.SrcPort, fd.L4 = c.ipv4(), c.u16(), c.u8()
	case FDIPv6Server:
		fd.Src, fd.SrcPort, fd.L4 = c.ipv6(), c.u16(), c.u8()
	case FDUnix:
		fd.UnixSrc, fd.UnixDst = c.u64(), c.u64()
		fd.Name = c.text(maxPath)
	case FDFileV2:
		fd.OpenFlags = c.u32()
		fd.Name = c.text(maxPath)
		if v2 && c.fits(4) {
			fd.Dev = c.u32()
		}
	case FDFile, FDDirectory, FDFifo, FDEvent, FDUnsupported, FDSignal, FDEventpoll,
		FDInotify, FDTimer, FDNetlink, FDBPF, FDUserfault, FDIOUring, FDMemfd, FDPidfd:
		fd.Name = c.text(maxPath)
	default:
		fd.Name = fmt.Sprintf("unknown-type:[%d]", fd.Type)
		return fd, false
	}
	return fd, true
}
