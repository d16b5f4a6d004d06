package state

import (
	"math"
	"net/netip"
	"testing"

	"tq/storage/scap"
)

func tuple4(src string, dst string) []byte {
	b := []byte{familyIPv4}
	for _, s := range []string{src, dst} {
		a := netip.MustParseAddrPort(s)
		v4 := a.Addr().As4()
		b = le.AppendUint16(append(b, v4[:]...), a.Port())
	}
	return b
}

func addr4(s string) []byte { return tuple4(s, s)[:7] }

func unixTuple(src, dst uint64, path string) []byte {
	b := le.AppendUint64(le.AppendUint64([]byte{familyUnix}, src), dst)
	return append(append(b, path...), 0)
}

// expectNames checks the descriptors' names in the rows of a tape.
func expectNames(t *testing.T, c *tape, want ...string) (*Tracker, []Row) {
	t.Helper()
	tr, rows := c.play(t)
	if len(rows) != len(want) {
		t.Fatalf("%d rows, want %d", len(rows), len(want))
	}
	for i, w := range want {
		if got := fdName(tr, rows[i]); got != w {
			t.Errorf("row %d: descriptor is %q, want %q", i+1, got, w)
		}
	}
	return tr, rows
}

func TestOpenAndClose(t *testing.T) {
	c := newTape()
	c.event(9, scap.SyscallOpenatV2E, atCwd, "/a//b/../c", 1, 0)
	c.event(9, scap.SyscallOpenatV2X, 3, atCwd, "/changed/meanwhile", 1|openCreated, 0, 5, 6)
	first := len(c.b)
	c.event(9, scap.SyscallReadE, 3, 10)
	c.event(9, scap.SyscallReadX, 1, []byte("x"))
	c.event(9, scap.SyscallCloseE, 3)
	c.event(9, scap.SyscallCloseX, 0)
	second := len(c.b)
	c.event(9, scap.SyscallReadE, 3, 10)
	c.event(9, scap.SyscallReadX, -9, nil)
	tr, rows := expectNames(t, c, none, "/a/c", "/a/c", "/a/c", "/a/c", "/a/c", none, "")
	fd := tr.FDs()[rows[1].FDRef]
	if fd.Dev != 5 || fd.Ino != 6 || fd.OpenFlags != 1|openCreated {
		t.Errorf("descriptor is %+v", fd)
	}
	if rows[3].EnterAt != int64(first) || rows[7].EnterAt != int64(second) || rows[6].EnterAt != 0 {
		t.Errorf("exit rows are paired with %d and %d, want %d and %d", rows[3].EnterAt, rows[7].EnterAt, first, second)
	}
	if rows[6].FD != 3 || rows[7].FD != 3 {
		t.Error("rows about an unknown descriptor lack its number")
	}
	th := rows[0].Thread
	for num, want := range map[uint32]bool{1: false, 2: true, 6: true, 7: false} {
		if got := tr.FDAt(th, 3, num) != NoFDRef; got != want {
			t.Errorf("event %d: descriptor known is %v", num, got)
		}
	}
}

func TestFailedCallsNameWhatTheyWereFor(t *testing.T) {
	c := newTape()
	c.event(9, scap.SyscallOpenX, -2, "/no/./such", 1, 0)
	c.event(9, scap.SyscallOpenatV2X, -2, atCwd, "/no/./such", 1, 0)
	c.event(9, scap.SyscallOpenatV2X, -2, 55, "such", 1, 0)
	c.event(9, scap.SocketAccept4V6X, -11, nil, 0, 0, 0)
	c.event(9, scap.SyscallOpenX, -14, "(NULL)", 1, 0)
	tr, rows := expectNames(t, c, "/no/./such", "/no/such", "<UNKNOWN>/such", "NULL", "<NA>")
	for _, r := range rows {
		if r.FD != -1 {
			t.Errorf("a failed call's descriptor is %d", r.FD)
		}
	}
	if tr.FDAt(rows[0].Thread, -2, 5) != NoFDRef {
		t.Error("a failed call has made a descriptor")
	}
	if got := tr.View().TypeChar(rows[3], scap.SocketAccept4V6X); got != '4' {
		t.Errorf("type of a failed accept is %c", got)
	}
}

func TestCopies(t *testing.T) {
	c := newTape()
	c.event(9, scap.SyscallOpenX, 3, "/f", 1|closeOnExec, 0)
	c.event(9, scap.SyscallDup2X, 7, 3, 7)
	c.event(9, scap.SyscallFcntlE, 7, fcntlDupCloexec)
	c.event(9, scap.SyscallFcntlX, 8)
	c.event(9, scap.SyscallDup3X, 9, 8, 9, closeOnExec)
	c.event(9, scap.SyscallCloseRangeX, 0, 7, 8, 0)
	c.event(9, scap.SyscallFstatX, 0, 7)
	c.event(9, scap.SyscallFstatX, 0, 9)
	c.event(9, scap.SyscallPipe2X, 0, 10, 11, 77, 0)
	c.event(9, scap.SyscallPipe2X, -24, 0, 0, 0, 0)
	tr, rows := expectNames(t, c, "/f", "/f", "/f", "/f", "/f", none, "", "/f", "", "")
	for i, want := range map[int]uint32{1: 1, 3: 1 | closeOnExec, 4: 1 | closeOnExec} {
		if got := tr.FDs()[rows[i].FDRef].OpenFlags; got != want {
			t.Errorf("row %d: open flags are %#x, want %#x", i+1, got, want)
		}
	}
	if rows[8].FD != 11 {
		t.Errorf("a pipe's row is about %d, want the second descriptor", rows[8].FD)
	}
}

func TestGreatNumbers(t *testing.T) {
	numbers := []int{0, 63, 64, 4095, 4096, maxSlot - 1, maxSlot, 1 << 40, math.MaxInt64}
	c := newTape()
	c.lists(tapeThreads, nil, listed(9, 9, 1, "p", "/p", "/"))
	for _, n := range numbers {
		c.event(9, scap.SyscallOpenX, n, "/f", 1, 0)
	}
	c.clone(9, 10, 9, 1, 0, "p")
	for _, n := range numbers {
		c.event(10, scap.SyscallCloseX, 0, n)
		c.event(9, scap.SyscallFstatX, 0, n)
		c.event(10, scap.SyscallFstatX, 0, n)
	}
	tr, rows := c.play(t)
	rows = rows[len(numbers)+1:]
	for i, n := range numbers {
		closed, parent, child := rows[3*i], rows[3*i+1], rows[3*i+2]
		if fdName(tr, closed) != "/f" || fdName(tr, parent) != "/f" || child.FDRef != UnknownFD {
			t.Errorf("number %d: child closes %q, parent has %q, child then %q",
				n, fdName(tr, closed), fdName(tr, parent), fdName(tr, child))
		}
	}
	for n := range maxFar + 10 {
		c.event(9, scap.SyscallOpenX, 1<<50+n, "/far", 1, 0)
	}
	if tr, _ = c.play(t); tr.processes[0].open > len(numbers)+maxFar {
		t.Errorf("%d descriptors open", tr.processes[0].open)
	}
}

func TestStreamSockets(t *testing.T) {
	c := newTape()
	c.event(9, scap.SocketSocketX, 3, familyIPv4, sockStream, 0)
	c.event(9, scap.SocketConnectX, inProgress, tuple4("10.0.0.1:5000", "10.0.0.2:80"), 3)
	c.event(9, scap.SocketRecvfromX, 1, []byte("x"), tuple4("1.1.1.1:1", "2.2.2.2:2"), 3, 1)
	c.event(9, scap.SocketSocketX, 4, familyIPv4, sockStream, 0)
	c.event(9, scap.SocketBindX, 0, addr4("0.0.0.0:8080"), 4)
	c.event(9, scap.SocketAccept4V6X, 5, tuple4("10.0.0.9:4000", "10.0.0.1:8080"), 0, 0, 0)
	c.event(9, scap.SocketConnectX, -2, nil, 4)
	tr, rows := expectNames(t, c, "", "10.0.0.1:5000->10.0.0.2:80", "10.0.0.1:5000->10.0.0.2:80", "",
		"0.0.0.0:8080", "10.0.0.9:4000->10.0.0.1:8080", "0.0.0.0:8080")
	v := tr.View()
	e, _ := v.Ends(rows[1].FDRef)
	if e.Client.Port != 5000 || e.Server.Addr.String() != "10.0.0.2" {
		t.Errorf("ends are %+v", e)
	}
	if e, _ = v.Ends(rows[4].FDRef); !e.IsServer || e.Server.Port != 8080 || e.Client.Addr.IsValid() {
		t.Errorf("ends of a bound socket are %+v", e)
	}
	if got := v.L4(rows[0].FDRef); got != "" {
		t.Errorf("protocol of a socket without a role is %q", got)
	}
	if got := v.L4(rows[5].FDRef); got != "tcp" {
		t.Errorf("protocol of an accepted socket is %q", got)
	}
}

func TestDatagramSockets(t *testing.T) {
	c := newTape()
	c.event(9, scap.SocketSocketX, 3, familyIPv4, sockDgram, 0)
	c.event(9, scap.SocketBindX, 0, addr4("0.0.0.0:53"), 3)
	ask := func(peer string) {
		c.event(9, scap.SocketRecvfromX, 1, []byte("q"), tuple4(peer, "10.0.0.1:53"), 3, 1)
		c.event(9, scap.SocketSendtoX, 1, []byte("a"), 3, 1, tuple4("10.0.0.1:53", peer))
	}
	ask("10.0.0.7:1000")
	ask("10.0.0.8:1000")
	ask("10.0.0.7:1000")
	c.event(9, scap.SocketSendtoX, 1, []byte("a"), 44, 1, tuple4("10.0.0.1:999", "10.0.0.3:514"))
	one, two := "10.0.0.7:1000->10.0.0.1:53", "10.0.0.8:1000->10.0.0.1:53"
	tr, rows := expectNames(t, c, "", "0.0.0.0:53", one, one, two, two, one, one, "10.0.0.1:999->10.0.0.3:514")
	if rows[2].FDRef != rows[6].FDRef {
		t.Error("a peer that comes again makes another version")
	}
	if got := tr.View().L4(rows[8].FDRef); got != "udp" {
		t.Errorf("protocol of an inferred socket is %q", got)
	}
}

func TestUnixSockets(t *testing.T) {
	c := newTape()
	c.event(9, scap.SocketSocketX, 3, familyUnix, sockStream, 0)
	c.event(9, scap.SocketConnectE, 3, append([]byte{familyUnix}, "/run/log\x00"...))
	c.event(9, scap.SocketConnectX, -2, nil)
	c.event(9, scap.SyscallCloseE, 3)
	c.event(9, scap.SyscallCloseX, 0)
	c.event(9, scap.SocketSocketX, 3, familyUnix, sockStream, 0)
	c.event(9, scap.SocketConnectX, 0, unixTuple(0xabc, 0xdef, "/run/log"), 3)
	c.event(9, scap.SocketSocketpairX, 0, 4, 5, 1, 2)
	expectNames(t, c, "", "/run/log", "NULL", "/run/log", "/run/log", "", "abc->def /run/log", "")
}

func TestSocketNames(t *testing.T) {
	f := func(a, want string) {
		t.Helper()
		if got := string(appendAddr(nil, netip.MustParseAddr(a))); got != want {
			t.Errorf("%s is printed %s, want %s", a, got, want)
		}
	}
	f("1.2.3.4", "1.2.3.4")
	f("::1", "::1")
	f("::", "::")
	f("2001:db8::3", "2001:db8::3")
	f("::ffff:1.2.3.4", "::ffff:1.2.3.4")
	f("::1.2.3.4", "::1.2.3.4")
}
