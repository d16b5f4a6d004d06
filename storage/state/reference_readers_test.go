package state

import (
	"strconv"
	"strings"

	"tq/storage/scap"
)

// reader is a release of sysdig's library that printed references. Releases disagree
// about some events; the tracker follows the newest. What an older one prints otherwise
// stands here, as narrowly as it can be said, and is left out of the comparison.
type reader struct {
	types int // event types that it knows; it neither counts nor prints others
	rules []difference
}

// difference is a way in which a reader's values differ: in the fields that start with a
// prefix, in events that match.
type difference struct {
	fields string
	match  func(p *printed, got, want string) bool
	why    string
}

// differs returns why a reader's value differs from the tracker's, or "".
func (r *reader) differs(p *printed, field, got, want string) string {
	for _, d := range r.rules {
		if strings.HasPrefix(field, d.fields) && d.match(p, got, want) {
			return d.why
		}
	}
	return ""
}

func readerOf(name string) *reader {
	switch name {
	case "fifo-new", "tour-new":
		return &libs0254
	case "fifo-old", "tour-old":
		return &libs0151
	}
	return &sysdig0293
}

// allTypes is more types than there are.
const allTypes = 1 << 16

// libs0254 is the newest reader.
var libs0254 = reader{types: allTypes}

// libs0151 knows the descriptors of fewer calls: its event table does not say that mmap
// uses one (the field has no value), and looks for the one of calls that tell it in the
// exit event alone in their enter event (-1, and no name).
var libs0151 = reader{types: allTypes, rules: []difference{
	{"fd.", wants(none, scap.SyscallMmapE, scap.SyscallMmapX, scap.SyscallMmap2E, scap.SyscallMmap2X),
		"0.15.1 does not count mmap among the calls with a descriptor"},
	{"fd.num", wants("-1", scap.SyscallNewfstatatX, scap.SyscallMknodatX, scap.SocketSetsockoptX),
		"0.15.1 does not find descriptors that only the exit event tells"},
	{"fd.name", wants("", scap.SyscallNewfstatatX, scap.SyscallMknodatX, scap.SocketSetsockoptX),
		"0.15.1 does not find descriptors that only the exit event tells"},
	{"fd.", wants(none, scap.SyscallNewfstatatX, scap.SyscallMknodatX, scap.SocketSetsockoptX),
		"0.15.1 does not find descriptors that only the exit event tells"},
	{"fd.typechar", wants("o", scap.SyscallNewfstatatX, scap.SyscallMknodatX, scap.SocketSetsockoptX),
		"0.15.1 does not find descriptors that only the exit event tells"},
	{"fd.is_server", wants("true", scap.SocketConnectE),
		"0.15.1 takes over the address of a connect before it succeeds"},
	{"proc.ppid", instead("0", none), "0.15.1 prints 0 for a parent that is not known"},
	{"proc.fdopencount", more, "0.15.1 keeps the descriptors that exec closes"},
	{"evt.latency", onSwitch, "0.15.1 prints in switches what was computed for another event"},
	{"proc.", revived, "0.15.1 makes a thread that has exited anew"},
	{"user.name", instead("", ""), "0.15.1 forgets the user at exec"},
	{"group.name", instead("", ""), "0.15.1 forgets the group at exec"},
}}

// sysdig0293 lacks mmap's descriptor too, and has defects.
var sysdig0293 = reader{types: 336, rules: []difference{
	{"fd.", wants(none, scap.SyscallMmapE, scap.SyscallMmapX, scap.SyscallMmap2E, scap.SyscallMmap2X),
		"0.29.3 does not count mmap among the calls with a descriptor"},
	{"fd.dev", always, "0.29.3 prints what is not set"},
	{"fd.cport", instead("0", none), "0.29.3 prints a port of sockets that have none"},
	{"fd.", reconnected, "0.29.3 keeps the first peer of a socket that connects again"},
	{"thread.vtid", instead(none, ""), "0.29.3 does not complete what exec tells of a thread not in the list"},
	{"proc.vpid", instead(none, ""), "0.29.3 does not complete what exec tells of a thread not in the list"},
	{"proc.pname", threadsOnly, "0.29.3 takes the maker of a thread for its parent"},
	{"user.loginuid", always, "0.29.3 reads the end of thread records in another order"},
	{"proc.tty", always, "0.29.3 reads the end of thread records in another order"},
	{"evt.latency", onSwitch, "0.29.3 prints in switches what was computed for another event"},
	{"proc.nthreads", more, "0.29.3 counts a thread that exits"},
	{"proc.nchilds", threadsOnly, "0.29.3 counts the threads of main threads only"},
	{"group.gid", always, "0.29.3 prints eight bytes of the four"},
}}

// wants matches events of the given types when the reader printed just this.
func wants(value string, codes ...uint16) func(*printed, string, string) bool {
	return func(p *printed, got, want string) bool {
		for _, c := range codes {
			if p.e.Type == c {
				return want == value
			}
		}
		return false
	}
}

// instead matches when the reader printed want where the tracker has got, or anything
// when got is empty.
func instead(want, got string) func(*printed, string, string) bool {
	return func(_ *printed, g, w string) bool { return w == want && (got == "" || g == got) }
}

func onSwitch(p *printed, _, _ string) bool { return p.e.Type == scap.SwitchE }

// revived matches switches of a thread that has exited before.
func revived(p *printed, _, _ string) bool {
	exit := p.t.Lives()[p.row.Life].Exit
	return exit != 0 && exit < p.num
}

// more matches when the reader printed a greater number.
func more(_ *printed, got, want string) bool {
	g, _ := strconv.Atoi(got)
	w, _ := strconv.Atoi(want)
	return w > g
}

func threadsOnly(p *printed, _, _ string) bool {
	th := p.thread()
	return th != nil && !th.IsMain()
}

// reconnected matches UDP sockets for IPv6 whose peer is not the one they had first.
func reconnected(p *printed, _, _ string) bool {
	fd := p.fd()
	if fd == nil || fd.Type != scap.FDIPv6 {
		return false
	}
	sockets := p.t.Sockets()
	for i := range p.t.FDs() {
		first := &p.t.FDs()[i]
		if first.First == fd.First && sockets[first.Socket].Dst != (Address{}) {
			return sockets[first.Socket].Dst != sockets[fd.Socket].Dst
		}
	}
	return false
}

func always(*printed, string, string) bool { return true }
