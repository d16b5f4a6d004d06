package scap

import (
	"net/netip"
	"strings"
	"time"
)

// Section is the header of a run of blocks that one recorder wrote. A file made by
// concatenation has several.
type Section struct {
	Offset       int64
	Swapped      bool // recorded on a machine of the other byte order
	Major, Minor uint16
	Comments     []string
	Application  string // the program that rewrote the capture, when it says so
}

// Machine is the machine that was recorded.
type Machine struct {
	CPUs     uint32
	Memory   uint64 // bytes
	Hostname string
	BootTime int64 // ns since the epoch, 0 when the capture does not say
}

// Thread is one record of the list of threads taken when recording began.
type Thread struct {
	Tid, Pid, Ptid        int64
	Sid, Vpgid, Pgid      int64 // -1: not recorded
	Vtid, Vpid            int64 // -1: not recorded
	Comm, Exe, ExePath    string
	Cwd, Root             string
	Args, Env, Cgroups    []string
	FDLimit               int64
	Flags                 uint32
	UID, GID, LoginUID    uint32
	Tty                   uint32
	VMSize, VMRSS, VMSwap uint32 // kB
	PFMajor, PFMinor      uint64
	PidnsInitStart        uint64 // ns since boot
	CapInheritable        uint64
	CapPermitted          uint64
	CapEffective          uint64
	ExeIno                uint64
	ExeInoCtime           uint64 // ns since the epoch
	ExeInoMtime           uint64
	ExeWritable           bool
	ExeUpperLayer         bool
	ExeLowerLayer         bool
	ExeFromMemfd          bool
}

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

// fdTypeNames and fdTypeChars are what fd.type and fd.typechar print.
var fdTypeNames = [...]string{
	FDFile: "file", FDDirectory: "directory", FDIPv4: "ipv4", FDIPv6: "ipv6",
	FDIPv4Server: "ipv4", FDIPv6Server: "ipv6", FDFifo: "pipe", FDUnix: "unix",
	FDEvent: "event", FDUnsupported: "", FDSignal: "signalfd", FDEventpoll: "eventpoll",
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
	return 'o'
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

// FD is one record of an [FDList]. The source of a socket is its local end here.
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

// Interface is a network interface of the machine.
type Interface struct {
	Name                  string
	Addr, Mask, Broadcast netip.Addr
	LinkSpeed             uint64
}

// User is a user of the machine.
type User struct {
	UID, GID          uint32
	Name, Home, Shell string
}

// Group is a group of the machine.
type Group struct {
	GID  uint32
	Name string
}

// BootTimeUTC returns the machine's boot time; the zero time when it is not known.
func (m *Machine) BootTimeUTC() time.Time {
	if m.BootTime == 0 {
		return time.Time{}
	}
	return time.Unix(0, m.BootTime).UTC()
}

// splitNUL splits a list whose parts each end in NUL.
func splitNUL(s string) []string {
	s = strings.TrimSuffix(s, "\x00")
	if s == "" {
		return nil
	}
	return strings.Split(s, "\x00")
}
