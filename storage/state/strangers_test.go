package state

import (
	"net/netip"
	"testing"

	"tq/storage/scap"
)

func tuple6(src, dst string) []byte {
	b := []byte{familyIPv6}
	for _, s := range []string{src, dst} {
		a := netip.MustParseAddrPort(s)
		v6 := a.Addr().As16()
		b = le.AppendUint16(append(b, v6[:]...), a.Port())
	}
	return b
}

// A socket whose making the capture lacks is inferred from whom it sends to, already by
// the enter event where that tells.
func TestUnknownSocketThatSends(t *testing.T) {
	c := newTape()
	to := tuple4("10.0.0.1:40000", "10.0.0.2:53")
	c.event(9, scap.SocketSendtoE, 3, 10, to)
	c.event(9, scap.SocketSendtoX, 10, []byte("x"))
	c.event(9, scap.SocketSendtoE, 4, 10, nil)
	c.event(9, scap.SocketSendtoX, 10, []byte("x"))
	tr, rows := expectNames(t, c, "", "10.0.0.1:40000->10.0.0.2:53", none, "")
	if fd := tr.FDs()[rows[0].FDRef]; fd.Type != scap.FDIPv4 || tr.Sockets()[fd.Socket].L4 != scap.L4UDP {
		t.Errorf("the enter event's descriptor is %+v", fd)
	}
}

// The row of a connect by an unknown descriptor still shows whom it turned to.
func TestUnknownSocketThatConnects(t *testing.T) {
	c := newTape()
	c.event(9, scap.SocketConnectE, 3, addr4("10.0.0.2:80"))
	c.event(9, scap.SocketConnectX, 0, tuple4("10.0.0.1:40000", "10.0.0.2:80"), 3)
	c.event(9, scap.SyscallReadE, 3, 10)
	c.event(9, scap.SocketConnectX, -2, nil, 5)
	tr, rows := expectNames(t, c, none, "10.0.0.1:40000->10.0.0.2:80", none, "NULL")
	if tr.FDAt(rows[2].Thread, 3, 3) != NoFDRef {
		t.Error("the connect has made a descriptor")
	}
}

// Of sockets that were neither bound nor connected, those that receive first are servers,
// but for those for IPv6 in which sysdig finds no port.
func TestRolesOfUnconnectedSockets(t *testing.T) {
	c := newTape()
	c.event(9, scap.SocketSocketX, 3, familyIPv4, sockDgram, 0)
	c.event(9, scap.SocketSocketX, 4, familyIPv6, sockDgram, 0)
	c.event(9, scap.SocketRecvfromE, 3, 10)
	c.event(9, scap.SocketRecvfromX, 1, []byte("x"), tuple4("10.0.0.2:53", "10.0.0.1:40000"))
	c.event(9, scap.SocketRecvfromE, 4, 10)
	c.event(9, scap.SocketRecvfromX, 1, []byte("x"), tuple6("[2001:db8::2]:53", "[2001:db8::1]:40000"))
	c.event(9, scap.SocketSocketX, 5, familyIPv4, sockDgram, 0)
	c.event(9, scap.SocketSocketX, 6, familyIPv6, sockDgram, 0)
	c.event(9, scap.SocketRecvfromE, 6, 10)
	c.event(9, scap.SocketRecvfromX, 1, []byte("x"), tuple6("[2001:db8::2]:53", "[2001:db8::1]:40000"))
	expectNames(t, c, "", "", "", "10.0.0.2:53->10.0.0.1:40000", "",
		"2001:db8::1:40000->2001:db8::2:53", "", "", "", "2001:db8::2:53->2001:db8::1:40000")
}

// A number that a socket of another family gets leaves nothing of the old one's ends.
func TestNumberOfAnotherFamily(t *testing.T) {
	c := newTape()
	c.event(9, scap.SocketSocketX, 3, familyIPv4, sockDgram, 0)
	c.event(9, scap.SocketConnectE, 3, addr4("10.0.0.2:80"))
	c.event(9, scap.SocketConnectX, 0, tuple4("10.0.0.1:40000", "10.0.0.2:80"), 3)
	c.event(9, scap.SocketSendtoE, 3, 10, tuple6("[2001:db8::1]:40000", "[2001:db8::2]:53"))
	c.event(9, scap.SocketSendtoX, 1, []byte("x"))
	connected := "10.0.0.1:40000->10.0.0.2:80"
	expectNames(t, c, "", "", connected, connected, "2001:db8::1:40000->2001:db8::2:53")
}

// What a program has written over in its environment is no variable of it.
func TestEnvironmentWrittenOver(t *testing.T) {
	for env, want := range map[List]List{
		"A=1\x00B=2\x00":         "A=1\x00B=2\x00",
		"A=1\x00\x00\x00B=2\x00": "A=1\x00",
		"\x00\x00":               "",
		"":                       "",
	} {
		if got := env.untilEmpty(); got != want {
			t.Errorf("%q is %q, want %q", env, got, want)
		}
	}
}
