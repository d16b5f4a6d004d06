package transcript

import (
	"fmt"
	"io"
	"os"
	"strings"
	"testing"

	"tq/storage/scap"
	"tq/storage/state"
)

// played is what a reader finds in the payload made of a text.
type played struct {
	*Transcript
	tracker *state.Tracker
	rows    []string // of what is shown: number, CPU, name, tid, direction, type, fd=name
	args    []string // printed from the parameters
	hidden  int
}

// play converts a text and reads the payload as a capture is read.
func play(tb testing.TB, text string) *played {
	tb.Helper()
	p := &played{Transcript: Convert([]byte(text)), tracker: state.New()}
	p.tracker.InferNoFDs()
	source, err := scap.NewSource("test", p.Payload)
	if err != nil {
		tb.Fatal(err)
	}
	r := scap.NewReader(source)
	for n := 0; ; {
		kind, err := r.Next()
		if err == io.EOF {
			break
		}
		if kind != scap.KindEvent {
			p.tracker.Block(kind, r)
			continue
		}
		num := p.Num(n)
		n++
		row := p.tracker.Event(&r.Event, num)
		if row.Printed {
			p.show(&r.Event, row, num)
		} else {
			p.hidden++
		}
	}
	for _, w := range r.Warnings() {
		if w.Kind != scap.WarnLateBlock && w.Kind != scap.WarnNoEvents {
			tb.Errorf("warning about the payload: %+v", w)
		}
	}
	return p
}

func (p *played) show(e *scap.Event, row state.Row, num uint32) {
	cpu, name, dir, typ, fd := ".", ".", "<", e.Info().Name, ""
	if e.CPU != NoCPU {
		cpu = fmt.Sprint(e.CPU)
	}
	if row.Thread != state.NoThread && p.tracker.Threads()[row.Thread].Comm != unknownName {
		name = p.tracker.Threads()[row.Thread].Comm
	}
	if e.Info().Enter {
		dir = ">"
	}
	if e.Type <= scap.GenericX {
		id, _ := e.Int(0)
		typ = "generic " + scap.SyscallName(uint16(id))
	}
	if name, ok := p.TypeName(e.Type); ok {
		typ = "unknown " + name
	}
	if row.FD != state.NoFD {
		fd = fmt.Sprintf(" %d", row.FD)
		if row.FDRef > state.UnknownFD {
			v := p.tracker.View()
			ref := &v.FDs[row.FDRef]
			fd += fmt.Sprintf("=%c%s %s", ref.Type.Char(), v.L4(row.FDRef), v.Names[ref.Name])
			if ends, ok := v.Ends(row.FDRef); ok && ends.Server.Addr.IsValid() {
				fd += fmt.Sprintf(" server %v:%d", ends.Server.Addr, ends.Server.Port)
			}
		}
	}
	p.rows = append(p.rows, fmt.Sprintf("%d %s %s %d %s %s%s", num, cpu, name, e.TID, dir, typ, fd))
	p.args = append(p.args, string(scap.AppendArgs(nil, e, resolver{p.tracker, row.Thread, num})))
}

// resolver knows what the tracker knows.
type resolver struct {
	*state.Tracker
	thread state.ThreadID
	num    uint32
}

func (r resolver) Comm(tid int64) (string, bool) {
	id := r.ThreadAt(tid, r.num)
	if id == state.NoThread {
		return "", false
	}
	return r.Threads()[id].Comm, true
}

func (r resolver) FD(num int64) (scap.FDText, bool) {
	ref := r.FDAt(r.thread, num, r.num)
	if ref <= state.UnknownFD {
		return scap.FDText{}, false
	}
	v := r.View()
	text := scap.FDText{Type: v.FDs[ref].Type, Name: v.Names[v.FDs[ref].Name]}
	if v.L4(ref) != "" {
		text.L4 = v.Sockets[v.FDs[ref].Socket].L4
	}
	return text, true
}

func (r resolver) Cwd() string                 { return "" }
func (r resolver) User(uint32) (string, bool)  { return "", false }
func (r resolver) Group(uint32) (string, bool) { return "", false }

// at makes lines of what stands behind the CPU, one a millisecond.
func at(events ...string) string {
	var b strings.Builder
	for i, e := range events {
		fmt.Fprintf(&b, "%d 10:00:00.%03d000000 0 %s\n", i+1, i, e)
	}
	return b.String()
}

func TestConvert(t *testing.T) {
	for _, test := range []struct {
		name   string
		events []string
		want   []string
	}{
		{
			"threads",
			[]string{
				" (0) > switch next=7 pgft_maj=0 pgft_min=0 vm_size=0 vm_rss=0 vm_swap=0",
				"<NA> (7) > switch next=25978(sysdig) pgft_maj=0 pgft_min=0 vm_size=0 vm_rss=0 vm_swap=0",
				"sysdig (25978) > switch next=12 pgft_maj=0 pgft_min=0 vm_size=9 vm_rss=9 vm_swap=0",
				"<NA> (12) > getpid",
				"sh (12) > getpid",
				"ls (12) > getpid",
				"<NA> (12) > getpid",
			},
			[]string{
				"1 0 . 0 > switch", "2 0 . 7 > switch", "3 0 sysdig 25978 > switch", "4 0 . 12 > generic getpid",
				"5 0 sh 12 > generic getpid", "6 0 ls 12 > generic getpid", "7 0 . 12 > generic getpid",
			},
		},
		{
			"a thread and its child",
			[]string{
				"sh (12) > clone",
				"sh (12) < clone res=13(sh) exe=sh args=-c. tid=12(sh) pid=12(sh) ptid=1(init) cwd= fdlimit=1024 pgft_maj=0 pgft_min=0 vm_size=9 vm_rss=9 vm_swap=0 comm=sh cgroups=cpu=/. flags=0 uid=0 gid=0 vtid=12 vpid=12",
				"sh (13) < clone res=0 exe=sh args=-c. tid=13(sh) pid=13(sh) ptid=12(sh) cwd= fdlimit=1024 pgft_maj=0 pgft_min=0 vm_size=9 vm_rss=9 vm_swap=0 comm=sh cgroups=cpu=/. flags=0 uid=0 gid=0 vtid=13 vpid=13",
				"sh (13) > execve filename=/bin/ls",
				"ls (13) < execve res=0 exe=ls args=NULL tid=13(ls) pid=13(ls) ptid=12(sh) cwd=/ fdlimit=1024 pgft_maj=0 pgft_min=0 vm_size=9 vm_rss=9 vm_swap=0 comm=ls",
				"ls (13) > procexit status=0",
				"<NA> (13) > switch next=12(sh) pgft_maj=0 pgft_min=0 vm_size=0 vm_rss=0 vm_swap=0",
			},
			[]string{
				"1 0 sh 12 > clone", "2 0 sh 12 < clone", "3 0 sh 13 < clone", "4 0 sh 13 > execve",
				"5 0 ls 13 < execve", "6 0 ls 13 > procexit", "7 0 . 13 > switch",
			},
		},
		{
			"descriptors",
			[]string{
				"a (1) > read fd=1(<f>/var/log/x y) size=5",
				"a (1) < read res=5 data=hello",
				"a (1) > read fd=2(<p>) size=5",
				"a (1) > read fd=3 size=5",
				"a (1) > read fd=4(<4t>192.0.2.1:1025->192.0.2.2:80) size=5",
				"a (1) > read fd=5(<4u>192.0.2.1:1025->192.0.2.2:53) size=5",
				"a (1) > read fd=6(<6t>2001:db8::1:1025->2001:db8::2:80) size=5",
				"a (1) > read fd=7(<6>2001:db8::1:1025->2001:db8::2:80) size=5",
				"a (1) > read fd=8(<4t>0.0.0.0:80) size=5",
				"a (1) > read fd=9(<4>) size=5",
				"a (1) > read fd=10(<4r>192.0.2.1->224.0.0.18) size=5",
				"a (1) > read fd=11(<u>ffff8801->ffff8802 /run/x) size=5",
				"a (1) > read fd=12(<u>/run/x) size=5",
				"a (1) > read fd=13(192.0.2.1->224.0.0.18) size=5",
				"a (1) > read fd=14(192.0.2.1:1025->192.0.2.2:80) size=5",
				"a (1) > read fd=15(/var/log/z) size=5",
				"a (1) > read fd=16(<o>) size=5",
				"a (1) > read fd=17(<l>) size=5",
				"a (1) > read fd=-1(EPERM) size=5",
				"<NA> (2) > read fd=1(<f>/etc/y) size=5",
			},
			[]string{
				"1 0 a 1 > read 1=f /var/log/x y",
				"2 0 a 1 < read 1=f /var/log/x y",
				"3 0 a 1 > read 2=p ",
				"4 0 a 1 > read 3",
				"5 0 a 1 > read 4=4tcp 192.0.2.1:1025->192.0.2.2:80 server 192.0.2.2:80",
				"6 0 a 1 > read 5=4udp 192.0.2.1:1025->192.0.2.2:53 server 192.0.2.2:53",
				"7 0 a 1 > read 6=6tcp 2001:db8::1:1025->2001:db8::2:80 server 2001:db8::2:80",
				"8 0 a 1 > read 7=6 2001:db8::1:1025->2001:db8::2:80",
				"9 0 a 1 > read 8=4tcp 0.0.0.0:80 server 0.0.0.0:80",
				"10 0 a 1 > read 9=4 ",
				"11 0 a 1 > read 10=4raw 192.0.2.1->224.0.0.18 server 224.0.0.18:0",
				"12 0 a 1 > read 11=u ffff8801->ffff8802 /run/x",
				"13 0 a 1 > read 12=u /run/x",
				"14 0 a 1 > read 13=4 192.0.2.1->224.0.0.18",
				"15 0 a 1 > read 14=4 192.0.2.1:1025->192.0.2.2:80",
				"16 0 a 1 > read 15=X /var/log/z",
				"17 0 a 1 > read 16=o ",
				"18 0 a 1 > read 17=l ",
				"19 0 a 1 > read -1",
				"20 0 . 2 > read 1=f /etc/y",
			},
		},
		{
			"descriptors that change",
			[]string{
				"a (1) > read fd=3(<f>/a) size=5",
				"a (1) > read fd=3(<f>/b) size=5",
				"a (1) > read fd=3 size=5",
				"a (1) > open",
				"a (1) < open fd=3(<f>/home/x) name=x(/home/x) flags=1(O_RDONLY) mode=0",
				"a (1) > close fd=3(<f>/home/x)",
				"a (1) < close res=0",
				"a (1) > socket domain=2(AF_INET) type=1 proto=0",
				"a (1) < socket fd=3(<4>)",
				"a (1) > connect fd=3(<4>)",
				"a (1) < connect res=0 tuple=192.0.2.1:1025->192.0.2.2:80",
				"a (1) > write fd=3(<4t>192.0.2.1:1025->192.0.2.2:80) size=4",
			},
			[]string{
				"1 0 a 1 > read 3=f /a", "2 0 a 1 > read 3=f /b", "3 0 a 1 > read 3",
				"4 0 a 1 > open -1", "5 0 a 1 < open 3=f /home/x",
				"6 0 a 1 > close 3=f /home/x", "7 0 a 1 < close 3=f /home/x",
				"8 0 a 1 > socket -1", "9 0 a 1 < socket 3=4 ", "10 0 a 1 > connect 3=4 ",
				"11 0 a 1 < connect 3=4tcp 192.0.2.1:1025->192.0.2.2:80 server 192.0.2.2:80",
				"12 0 a 1 > write 3=4tcp 192.0.2.1:1025->192.0.2.2:80 server 192.0.2.2:80",
			},
		},
		{
			"lines are missing",
			[]string{
				"a (1) > close fd=3(<f>/a)",
				"a (1) < close res=0",
				"a (1) > read fd=3(<f>/a) size=5", // its open
				"a (1) > openat dirfd=-100(AT_FDCWD) name=/b flags=1(O_RDONLY) mode=0",
				"a (1) < openat fd=4(<f>/c) dirfd=-100(AT_FDCWD) name=/c flags=1(O_RDONLY) mode=0", // another's
				"a (1) > execve filename=/bin/x",
				"x (1) > switch next=0 pgft_maj=0 pgft_min=0 vm_size=9 vm_rss=9 vm_swap=0", // its return
				"x (1) > brk addr=0",
				"x (1) < connect res=0 tuple=192.0.2.1:1025->192.0.2.2:80 fd=5(<4t>192.0.2.1:1025->192.0.2.2:80)",
				"x (1) < vfork res=2(y) exe=x args=NULL tid=1(x) pid=1(x) ptid=9 cwd= fdlimit=9 pgft_maj=0 pgft_min=0 vm_size=9 vm_rss=9 vm_swap=0 comm=y",
				"<NA> (1) > switch next=0 pgft_maj=0 pgft_min=0 vm_size=0 vm_rss=0 vm_swap=0", // its exit
			},
			[]string{
				"1 0 a 1 > close 3=f /a", "2 0 a 1 < close 3=f /a", "3 0 a 1 > read 3=f /a",
				"4 0 a 1 > openat -1", "5 0 a 1 < openat 4=f /c", "6 0 a 1 > execve",
				"7 0 x 1 > switch", "8 0 x 1 > brk",
				"9 0 x 1 < connect 5=4tcp 192.0.2.1:1025->192.0.2.2:80 server 192.0.2.2:80",
				"10 0 x 1 < vfork", "11 0 . 1 > switch",
			},
		},
		{
			"types",
			[]string{
				"a (1) > frobnicate x=1",
				"a (1) < frobnicate res=0",
				"a (1) > procinfo cpu_usr=1 cpu_sys=2",
				"a (1) > getpid",
				"a (1) < getpid",
				"a (1) > getsockname",
				"a (1) < getsockname",
				"a (1) > setsockopt",
				"a (1) < setsockopt",
				"<NA> (-1) > container json={\"container\":{\"id\":\"x\",\"lookup_state\":2}}",
				"a (1) > NA",
			},
			[]string{
				"1 0 a 1 > unknown frobnicate", "2 0 a 1 < unknown frobnicate", "3 0 a 1 > unknown procinfo",
				"4 0 a 1 > generic getpid", "5 0 a 1 < generic getpid",
				"6 0 a 1 > getsockname", "7 0 a 1 < getsockname",
				"8 0 a 1 > generic setsockopt", "9 0 a 1 < generic setsockopt",
				"10 0 . -1 > unknown container", "11 0 a 1 > unknown NA",
			},
		},
	} {
		t.Run(test.name, func(t *testing.T) {
			p := play(t, at(test.events...))
			for i := range max(len(p.rows), len(test.want)) {
				got, want := "(none)", "(none)"
				if i < len(p.rows) {
					got = p.rows[i]
				}
				if i < len(test.want) {
					want = test.want[i]
				}
				if got != want {
					t.Errorf("event %d\n got %q\nwant %q", i+1, got, want)
				}
			}
			for i, e := range test.events {
				_, args, _ := strings.Cut(e, ") ")
				_, args, _ = strings.Cut(args[2:], " ")
				if got := string(p.Args(uint32(i + 1))); got != args {
					t.Errorf("event %d has the arguments %q, want %q", i+1, got, args)
				}
			}
		})
	}
}

// The parameters are encoded such that they print as they were printed.
func TestValues(t *testing.T) {
	for _, event := range []string{
		"> switch next=0 pgft_maj=0 pgft_min=2143 vm_size=99684 vm_rss=6772 vm_swap=0",
		"> sendmsg fd=3 size=40 tuple=0.0.0.0:112->224.0.0.18:0",
		"> sendto fd=3 size=40 tuple=2001:db8::1:53->2001:db8::2:1025",
		"> sendto fd=3 size=40 tuple=ffff8801->ffff8802 /run/x",
		"> sendto fd=3 size=40 tuple=NULL",
		"> sendto fd=3 size=40 tuple=family 16",
		"> connect fd=3 addr=192.0.2.1:80",
		"> connect fd=3 addr=2001:db8::1:80",
		"> connect fd=3 addr=/run/x y",
		"< bind res=-98(EADDRINUSE) addr=family 16",
		"< read res=-11(EAGAIN) data=NULL fd=3 size=100",
		"< read res=5 data=a=b fd=4  fd=3 size=100",
		"< poll res=2 fds=3:?1 10:?ffffffff",
		"> poll fds=3:?1 10:?5 timeout=-1",
		"> mmap addr=7F3A length=4096 prot=3(PROT_READ|PROT_WRITE) flags=10(MAP_PRIVATE|MAP_ANONYMOUS) fd=-1(EPERM) offset=0",
		"> openat dirfd=-100(AT_FDCWD) name=/etc/x flags=4097(O_RDONLY|O_CLOEXEC) mode=0640",
		"> nanosleep interval=500000000(0.5s)",
		"> kill pid=12 sig=15(SIGTERM)",
		"> futex addr=7F3A op=128(FUTEX_PRIVATE_FLAG) val=-1",
		"< getsockopt res=0 fd=3 level=1(SOL_SOCKET) optname=4(SO_ERROR) val=12 optlen=4",
		"< setsockopt res=0 fd=3 level=2(SOL_TCP) optname=0(UNKNOWN) val=.a.. optlen=4",
		"> setuid uid=-1(<NONE>)",
		"< chmod res=0 filename=/x mode=0644(S_IROTH|S_IRGRP|S_IWUSR|S_IRUSR)",
		"> prlimit pid=0 resource=7(RLIMIT_NOFILE)",
		"< prlimit res=0 newcur=-1 newmax=1024 oldcur=0 oldmax=0",
		"< stat res=-2(ENOENT) path=<NA>",
		"> signaldeliver spid=1 dpid=2 sig=9(SIGKILL)",
		"> procexit status=0 ret=0 sig=0 core=0 reaper_tid=1",
	} {
		// A thread that was not named resolves no descriptors.
		if got := play(t, at("<NA> (5) "+event)).args; len(got) != 1 || event[strings.IndexByte(event, '=')-len(firstName(event)):] != got[0] {
			t.Errorf("\nwant %s\n got %s", event, got)
		}
	}
}

// firstName is the name of an event's first argument.
func firstName(event string) string {
	name := event[:strings.IndexByte(event, '=')]
	return name[strings.LastIndexByte(name, ' ')+1:]
}

// Of other layouts than the newest, those are taken that all lines of the type fit.
func TestVersions(t *testing.T) {
	for _, test := range []struct {
		name   string
		events []string
		want   []uint16
	}{
		{
			"newest", []string{"a (1) > dup fd=3", "a (1) < dup res=4 oldfd=3"},
			[]uint16{scap.SyscallDupV1E, scap.SyscallDupV1X},
		},
		{
			"older", []string{"a (1) > mkdir path=/x mode=1FF", "a (1) < mkdir res=0"},
			[]uint16{scap.SyscallMkdirE, scap.SyscallMkdirX},
		},
		{
			"no enter event", []string{"a (1) < mkdir res=0 path=/x mode=1FF"},
			[]uint16{scap.SyscallMkdirV2X},
		},
		{
			"the oldest switch", []string{"a (1) > switch next=5 pgft_maj=1 pgft_min=2 next_pgft_maj=3 next_pgft_min=4"},
			[]uint16{scap.SwitchE},
		},
	} {
		t.Run(test.name, func(t *testing.T) {
			m := Convert([]byte(at(test.events...)))
			source, err := scap.NewSource("test", m.Payload)
			if err != nil {
				t.Fatal(err)
			}
			var got []uint16
			for r := scap.NewReader(source); ; {
				kind, err := r.Next()
				if err != nil {
					break
				}
				if kind == scap.KindEvent && r.Event.Flags&scap.StateOnly == 0 {
					got = append(got, r.Event.Type)
				}
			}
			if fmt.Sprint(got) != fmt.Sprint(test.want) {
				t.Errorf("types %v, want %v", got, test.want)
			}
		})
	}
}

// The text this package was made for.
func TestIncident(t *testing.T) {
	text, err := os.ReadFile("../../testdata/captures/transcript.txt")
	if err != nil {
		t.Fatal(err)
	}
	if !Recognise(text) {
		t.Error("not recognised")
	}
	p := play(t, string(text))
	if p.Lines != 27 || len(p.rows) != 27 || len(p.Warnings) != 0 {
		t.Errorf("%d lines, %d events, warnings %v", p.Lines, len(p.rows), p.Warnings)
	}
	for i, want := range map[int]string{
		0:  "368250 0 keepalived 10400 > sendmsg 13=4 192.168.205.8->224.0.0.18",
		1:  "369051 3 . 0 > switch",
		2:  "369052 3 . 7 > switch",
		6:  "369056 3 sysdig 25978 > switch",
		25: "370964 1 keepalived 10400 > sendmsg 13=4 192.168.205.8->224.0.0.18",
	} {
		if p.rows[i] != want {
			t.Errorf("event %d is %q, want %q", i, p.rows[i], want)
		}
	}
}
