package scap

import (
	"net/netip"
	"testing"
)

// knowing is a resolver that knows a little.
type knowing struct{}

func (knowing) Comm(tid int64) (string, bool) { return "init", tid == 1 }

func (knowing) FD(num int64) (FDText, bool) {
	switch num {
	case 3:
		return FDText{Type: FDFileV2, Name: "/etc"}, true
	case 4:
		return FDText{Type: FDIPv4, L4: L4TCP, Name: "10.0.0.1:1->10.0.0.2:2"}, true
	case 5:
		return FDText{Type: FDIPv6Server, L4: L4UDP, Name: "::1:53"}, true
	case 6:
		return FDText{Type: FDIPv4, Name: ""}, true
	}
	return FDText{}, false
}

func (knowing) Cwd() string { return "/home/ann/" }

func (knowing) User(uid uint32) (string, bool)  { return "ann", uid == 7 }
func (knowing) Group(gid uint32) (string, bool) { return "staff", gid == 8 }

// event makes an event of the given type and parameters.
func event(t testing.TB, c *capture, typ uint16, values ...[]byte) *Event {
	t.Helper()
	at := c.block(blockEventLarge, c.fields(uint16(0)), c.eventV2(1, 1, typ, values...))
	e, ok := ReadEvent(c.buf, int64(at), c.big)
	if !ok {
		t.Fatal("no event")
	}
	return &e
}

func TestAppendArgs(t *testing.T) {
	both(t, func(t *testing.T, c *capture) {
		n := func(v any) []byte { return c.fields(v) }
		path := func(s string) []byte { return []byte(s + "\x00") }
		f := func(typ uint16, want string, values ...[]byte) {
			t.Helper()
			if got := string(AppendArgs(nil, event(t, c, typ, values...), knowing{})); got != want {
				t.Errorf("type %d:\n got %q\nwant %q", typ, got, want)
			}
		}
		f(GenericX, "", n(uint16(5)))
		f(SyscallCloseX, "res=0", n(int64(0)))
		f(SyscallCloseX, "res=-9(EBADF)", n(int64(-9)))
		f(SyscallCloseX, "res=-513(ERESTARTNOINTR)", n(int64(-513)))
		f(SyscallCloseX, "res=-999", n(int64(-999)))
		f(SyscallCloseX, "res=<NA>", nil)
		f(SyscallCloseX, "res=<NA>", n(uint32(1)))
		f(SyscallCloseE, "fd=3(<f>/etc)", n(int64(3)))
		f(SyscallCloseE, "fd=4(<4t>10.0.0.1:1->10.0.0.2:2)", n(int64(4)))
		f(SyscallCloseE, "fd=5(<6u>::1:53)", n(int64(5)))
		f(SyscallCloseE, "fd=6(<4>)", n(int64(6)))
		f(SyscallCloseE, "fd=99", n(int64(99)))
		f(SyscallCloseE, "fd=-100(AT_FDCWD)", n(int64(-100)))
		f(SyscallCloseE, "fd=-1(EPERM)", n(int64(-1)))
		f(SwitchV1E, "next=1(init)", n(int64(1)))
		f(SwitchV1E, "next=0", n(int64(0)))

		f(SyscallFutexE, "addr=55A62C0C1F20 op=128(FUTEX_PRIVATE_FLAG) val=-1",
			n(uint64(0x55A62C0C1F20)), n(uint16(128)), n(uint64(1<<64-1)))
		f(SyscallMkdirE, "path=x(/home/ann/x) mode=1C0", path("x"), n(uint32(0o700)))
		f(SyscallFchmodX, "res=0 fd=3(<f>/etc) mode=0600(S_IWUSR|S_IRUSR)", n(int64(0)), n(int64(3)), n(uint32(0o600)))
		f(SyscallFchmodX, "res=0 fd=3(<f>/etc) mode=0", n(int64(0)), n(int64(3)), n(uint32(0)))
		f(SocketSocketpairE, "domain=1(AF_LOCAL|AF_UNIX) type=1 proto=0", n(uint32(1)), n(uint32(1)), n(uint32(0)))
		f(SyscallOpenE, "name=<NA> flags=65(O_NONBLOCK|O_RDONLY) mode=0644", path("(NULL)"), n(uint32(65)), n(uint32(0o644)))
		f(SyscallOpenE, "name=/x flags=0(O_NONE) mode=0", path("/x"), n(uint32(0)), n(uint32(0)))
		f(SyscallOpenE, "name= flags=0(O_NONE)", path(""), n(uint32(0)))

		// Relative paths start from the directory of a file descriptor, or the thread's.
		f(SyscallMkdiratX, "res=0 dirfd=3(<f>/etc) path=a/../b(/etc/b) mode=0",
			n(int64(0)), n(int64(3)), path("a/../b"), n(uint32(0)))
		f(SyscallMkdiratX, "res=0 dirfd=-100(AT_FDCWD) path=../b(/home/b) mode=0",
			n(int64(0)), n(int64(-100)), path("../b"), n(uint32(0)))
		f(SyscallMkdiratX, "res=0 dirfd=99 path=b(b) mode=0", n(int64(0)), n(int64(99)), path("b"), n(uint32(0)))
		f(SyscallMkdiratX, "res=0 dirfd=99 path=. mode=0", n(int64(0)), n(int64(99)), path("."), n(uint32(0)))

		f(SyscallSetuidE, "uid=7(ann)", n(uint32(7)))
		f(SyscallSetuidE, "uid=9(<NA>)", n(uint32(9)))
		f(SyscallSetuidE, "uid=-1(<NONE>)", n(uint32(1<<32-1)))
		f(SyscallSetgidE, "gid=8(staff)", n(uint32(8)))
		f(SyscallSetgidE, "gid=-1(<NONE>)", n(uint32(1<<32-1)))
		f(SyscallKillE, "pid=1(init) sig=15(SIGTERM)", n(int64(1)), n(uint8(15)))
		f(SyscallKillE, "pid=1(init) sig=64", n(int64(1)), n(uint8(64)))
		f(SyscallNanosleepE, "interval=500000000(0.5s)", n(uint64(500000000)))
		f(SyscallNanosleepE, "interval=1234567890123(1234.57s)", n(uint64(1234567890123)))
		f(SyscallNanosleepE, "interval=20(2e-08s)", n(uint64(20)))
		f(SyscallNanosleepE, "interval=none", n(uint64(1<<64-1)))

		// Dynamic parameters: the variant's number comes first.
		f(SyscallBpfX, "res_or_fd=3(<f>/etc)", c.fields(uint8(0), int64(3)))
		f(SyscallBpfX, "res_or_fd=-22(EINVAL)", c.fields(uint8(1), int64(-22)))
		f(SyscallBpfX, "res_or_fd=..", []byte{9, 9})
		f(SyscallBpfX, "res_or_fd=NULL", []byte{0})
	})
}

func TestBuffers(t *testing.T) {
	var c capture
	long := make([]byte, 100)
	for i := range long {
		long[i] = 'a' + byte(i%26)
	}
	f := func(p Printer, want string, data []byte) {
		t.Helper()
		e := event(t, &c, SyscallReadX, c.fields(int64(1)), data)
		if got := string(p.AppendArgs(nil, e, nil)); got != "res=1 data="+want {
			t.Errorf("got %q, want %q", got, want)
		}
	}
	f(Printer{}, "GET / HTTP/1.1..\".~.", []byte("GET / HTTP/1.1\r\n\"\x7f~\xff"))
	f(Printer{}, string(long), long)
	f(Printer{MaxBuffer: 80}, string(long[:77])+"...", long)
	f(Printer{MaxBuffer: 80}, string(long[:80]), long[:80])
	f(Printer{MaxBuffer: 2}, "ab", long)
	f(Printer{}, "NULL", nil)
}

func TestAddresses(t *testing.T) {
	both(t, func(t *testing.T, c *capture) {
		v4 := func(a string) []byte { b := netip.MustParseAddr(a).As4(); return b[:] }
		v6 := func(a string) []byte { b := netip.MustParseAddr(a).As16(); return b[:] }
		addr := func(want string, values ...any) {
			t.Helper()
			e := event(t, c, SocketBindX, c.fields(int64(0)), c.fields(values...))
			if got := string(AppendArgs(nil, e, nil)); got != "res=0 addr="+want {
				t.Errorf("got %q, want %q", got, want)
			}
		}
		addr("1.2.3.4:80", uint8(2), v4("1.2.3.4"), uint16(80))
		addr("2001:db8::3:1234", uint8(10), v6("2001:db8::3"), uint16(1234))
		addr("::ffff:1.2.3.4:80", uint8(10), v6("::ffff:1.2.3.4"), uint16(80))
		addr("::1.2.3.4:80", uint8(10), v6("::102:304"), uint16(80))
		addr("::1:80", uint8(10), v6("::1"), uint16(80))
		addr(":::80", uint8(10), v6("::"), uint16(80))
		addr("/run/x", uint8(1), []byte("/run/x\x00"))
		addr("family 16", uint8(16), uint32(1))
		addr("NULL", uint8(2), []byte{1, 2})
		addr("<NA>")

		tuple := func(want string, values ...any) {
			t.Helper()
			e := event(t, c, SocketConnectX, c.fields(int64(0)), c.fields(values...))
			if got := string(AppendArgs(nil, e, nil)); got != "res=0 tuple="+want {
				t.Errorf("got %q, want %q", got, want)
			}
		}
		tuple("1.2.3.4:5->6.7.8.9:10", uint8(2), v4("1.2.3.4"), uint16(5), v4("6.7.8.9"), uint16(10))
		tuple("fd00::1:5->fd00::2:10", uint8(10), v6("fd00::1"), uint16(5), v6("fd00::2"), uint16(10))
		tuple("1.2.3.4:5->0.0.0.0:10", uint8(10), v6("::ffff:1.2.3.4"), uint16(5), v6("::"), uint16(10))
		tuple("::ffff:1.2.3.4:5->fd00::2:10", uint8(10), v6("::ffff:1.2.3.4"), uint16(5), v6("fd00::2"), uint16(10))
		tuple("ffff8881->0 /run/x", uint8(1), uint64(0xffff8881), uint64(0), []byte("/run/x\x00"))
		tuple("1->2 ", uint8(1), uint64(1), uint64(2))
		tuple("family 0", uint8(0))
		tuple("NULL", uint8(2), uint64(1))
		tuple("NULL", uint8(10), uint64(1))
		tuple("NULL", uint8(1), uint64(1))
		tuple("NULL")
	})
}

func TestPollLists(t *testing.T) {
	both(t, func(t *testing.T, c *capture) {
		f := func(want string, list []byte, fds ...PollFD) {
			t.Helper()
			e := event(t, c, SyscallPollX, c.fields(int64(1)), list)
			if got := string(AppendArgs(nil, e, knowing{})); got != "res=1 fds="+want {
				t.Errorf("got %q, want %q", got, want)
			}
			got, ok := e.PollFDs(nil, 1)
			if ok != (fds != nil) || len(got) != len(fds) {
				t.Fatalf("entries = %v, %v", got, ok)
			}
			for i := range fds {
				if got[i] != fds[i] {
					t.Errorf("entry %d = %v, want %v", i, got[i], fds[i])
				}
			}
		}
		f("4:4441 3:ff0", c.fields(uint16(2), int64(4), uint16(0x41|0x400), int64(3), uint16(0xf0)),
			PollFD{4, 0x441}, PollFD{3, 0xf0})
		f("99:?ffff8000", c.fields(uint16(1), int64(99), uint16(0x8000)), PollFD{99, -0x8000})
		f("3:f1", c.fields(uint16(900), int64(3), uint16(1), int64(4)), PollFD{3, 1})
		f("NULL", []byte{1})
		f("NULL", nil)
	})
}

func TestTimesSignalsArrays(t *testing.T) {
	var c capture
	f := func(typ uint16, param string, value []byte, want string) {
		t.Helper()
		i := (&Event{Type: typ}).Param(param)
		if i < 0 {
			t.Fatalf("no parameter %q", param)
		}
		values := make([][]byte, i+1)
		values[i] = value
		got, ok := Printer{}.AppendArg(nil, event(t, &c, typ, values...), i, nil)
		if !ok || string(got) != want {
			t.Errorf("%s = %q, %v, want %q", param, got, ok, want)
		}
	}
	f(SyscallExecveV19X, "exe_ino_ctime", c.fields(uint64(1662636449147483648)), "2022-09-08 11:27:29.147483648")
	f(SyscallExecveV19X, "exe_ino_ctime", c.fields(uint64(10966499944854775808)), "2317-07-08 01:59:04.854775808")
	f(SyscallIOUringEnterX, "sig", c.fields(uint32(0x3c)), "SIGQUIT SIGILL SIGTRAP SIGABRT")
	f(TracerE, "tags", []byte("a\x00b\x00"), "a.b")
	f(GenericE, "ID", c.fields(uint16(9)), "unlink")
}

func TestAppendArg(t *testing.T) {
	var c capture
	e := event(t, &c, SyscallOpenX, c.fields(int64(3)), []byte("x\x00"), c.fields(uint32(1)), nil, []byte{1}, c.fields(uint64(5)), []byte("more"))
	f := func(i int, res Resolver, want string, ok bool) {
		t.Helper()
		got, gotOK := Printer{}.AppendArg(nil, e, i, res)
		if string(got) != want || gotOK != ok {
			t.Errorf("argument %d = %q, %v, want %q, %v", i, got, gotOK, want, ok)
		}
	}
	f(0, knowing{}, "<f>/etc", true)
	f(0, nil, "3", true)
	f(1, knowing{}, "/home/ann/x", true)
	f(2, nil, "O_RDONLY", true)
	f(3, nil, "", false) // no value
	f(4, nil, "", false) // a value of the wrong width
	f(5, nil, "5", true)
	f(6, nil, "more", true) // beyond the table
	f(7, nil, "", false)
}

func TestRes(t *testing.T) {
	var c capture
	f := func(typ uint16, want string, raw int64, ok bool, values ...[]byte) {
		t.Helper()
		text, gotRaw, gotOK := Res(event(t, &c, typ, values...))
		if text != want || gotRaw != raw || gotOK != ok {
			t.Errorf("type %d: %q %d %v, want %q %d %v", typ, text, gotRaw, gotOK, want, raw, ok)
		}
	}
	f(SyscallCloseX, "SUCCESS", 0, true, c.fields(int64(0)))
	f(SyscallOpenX, "ENOENT", -2, true, c.fields(int64(-2)))
	f(SyscallOpenX, "-999", -999, true, c.fields(int64(-999)))
	f(SyscallGetuidX, "SUCCESS", 7, true, c.fields(uint32(7)))
	f(SyscallCloseX, "", 0, false, nil)
	f(SyscallCloseE, "", 0, false, c.fields(int64(3)))
	f(GenericX, "", 0, false, c.fields(uint16(3)))
	f(SwitchE, "", 0, false, c.fields(int64(3)))
}

func TestSanitized(t *testing.T) {
	f := func(in, want string) {
		t.Helper()
		if got := string(appendSanitized(nil, []byte(in))); got != want {
			t.Errorf("%q = %q, want %q", in, got, want)
		}
	}
	f("", "")
	f("/tmp/plain", "/tmp/plain")
	f("/tmp/käse/猫/🙂", "/tmp/käse/猫/🙂")
	f("a\x1b[31mb\n", "a\uFFFD[31mb\uFFFD")
	f("\x7f\u0085", "\uFFFD\uFFFD")
	f("\ufffe", "\uFFFD")
	f("\xff\xfe", "\uFFFD\uFFFD")
	f("a\xe7\x8cb", "a\uFFFDb")             // two bytes of a character of three
	f("\xf0\x9f\x99", "\uFFFD")             // three of four
	f("\xe7b", "\uFFFDb")                   // one of three
	f("\xed\xa0\x80", "\uFFFD\uFFFD\uFFFD") // a surrogate
	f("\xc0\xaf", "\uFFFD\uFFFD")           // overlong
}

func TestErrnoAndSignalNames(t *testing.T) {
	f := func(got, want string) {
		t.Helper()
		if got != want {
			t.Errorf("got %q, want %q", got, want)
		}
	}
	f(ErrnoName(-1), "EPERM")
	f(ErrnoName(-11), "EAGAIN")
	f(ErrnoName(-40), "ELOOP")
	f(ErrnoName(-41), "")
	f(ErrnoName(-42), "ENOMSG")
	f(ErrnoName(-58), "")
	f(ErrnoName(-59), "EBFONT")
	f(ErrnoName(-95), "EOPNOTSUPP")
	f(ErrnoName(-110), "ETIMEDOUT")
	f(ErrnoName(-115), "EINPROGRESS")
	f(ErrnoName(-133), "EHWPOISON")
	f(ErrnoName(-134), "")
	f(ErrnoName(-516), "ERESTART_RESTARTBLOCK")
	f(ErrnoName(-517), "")
	f(ErrnoName(-530), "EIOCBRETRY")
	f(ErrnoName(0), "")
	f(ErrnoName(5), "")
	f(ErrnoName(-1<<63), "")
	f(SignalName(1), "SIGHUP")
	f(SignalName(31), "SIGSYS")
	f(SignalName(0), "")
	f(SignalName(32), "")
}

func TestAppendArgsAllocates(t *testing.T) {
	var c capture
	e := event(t, &c, SyscallOpenatV2X, c.fields(int64(3)), c.fields(int64(-100)), []byte("/etc/hosts\x00"),
		c.fields(uint32(4097)), c.fields(uint32(0)), c.fields(uint32(0xFE00)), c.fields(uint64(9)))
	buf := make([]byte, 0, 256)
	if n := testing.AllocsPerRun(100, func() { buf = AppendArgs(buf[:0], e, nil) }); n != 0 {
		t.Errorf("%v allocations", n)
	}
}
