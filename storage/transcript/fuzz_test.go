package transcript

import (
	"bytes"
	"fmt"
	"os"
	"strings"
	"testing"
	"time"
)

// seedLines are lines of every kind for fuzzing.
var seedLines = []string{
	"368250 17:01:21.339942868 0 keepalived (10400) > sendmsg fd=13(<4r>192.0.2.8->224.0.0.18) size=40 tuple=0.0.0.0:112->224.0.0.18:0 ",
	"369055 17:01:23.628568892 3  (0) > switch next=25978(sysdig) pgft_maj=0 pgft_min=0 vm_size=0 vm_rss=0 vm_swap=0",
	"369056 17:01:23.628597921 3 sysdig (25978) > switch next=0 pgft_maj=0 pgft_min=2143 vm_size=99684 vm_rss=6772 vm_swap=0",
	"file.txt:12:5 2014-08-22 17:01:26.375374738 1 Web Content (12) < read res=5 data=a b=c fd=3(<f>/x y) size=5",
	"12-1408726886.375374738 1 host (host) sh (12:3) &gt; close fd=3(&lt;4t&gt;192.0.2.1:1-&gt;192.0.2.2:80)",
	"> > \x1b[01;31m\x1b[K7\x1b[m 17:01:26 sh (1) < clone res=0 exe=sh args=-c. tid=1(sh) pid=1(sh) ptid=2(init)\r",
	"8 10:00:00.1 1 ls (1) < execve res=0 exe=ls args=NULL tid=1(ls) pid=1(ls) ptid=2(init) cwd=/ fdlimit=9",
	"9 10:00:00.1 1 ls (1) > poll fds=4:64 5:u1 timeout=1",
	"10 10:00:00.1 1 ls (1) < openat fd=3(<f>/home/x) dirfd=-100(AT_FDCWD) name=x(/home/x) flags=1(O_RDONLY) mode=0",
	"11 10:00:00.1 1 ls (1) < getsockopt res=0 fd=3(<u>a->b /run/x) level=1(SOL_SOCKET) optname=4 val=0 optlen=4",
	"12 10:00:00.1 65534 <NA> (-1) > frobnicate x",
	"13 10:00:00.1 1 ls (1) > connect fd=3(<6u>2001:db8::1:1->::1:2) addr=::1:80",
	"14 10:00:00.1 1 ls (1) > procexit status=0",
	"$ sysdig -r x", "--", "",
}

// FuzzLine: a line that is read, written as readers print it, is read the same again.
func FuzzLine(f *testing.F) {
	for _, s := range seedLines {
		f.Add([]byte(s))
	}
	f.Fuzz(func(t *testing.T, text []byte) {
		l, ok := parseLine(text)
		if !ok {
			return
		}
		if l.cpu >= NoCPU || len(l.typ) == 0 || !l.time.dated && (l.time.ns < 0 || l.time.ns >= day+second) {
			t.Fatalf("%q: %+v", text, l)
		}
		if l.cpu < 0 && len(l.name) > 0 && isDigit(l.name[0]) {
			return // Without the columns of containers, the name is taken for a CPU.
		}
		again := print(&l)
		if a, ok := parseLine([]byte(again)); !ok || show(a) != show(l) {
			t.Fatalf("%q\n is read as %s\nwritten as %q\n is read as %s", text, show(l), again, show(a))
		}
	})
}

// print writes a line as readers print it.
func print(l *line) string {
	var b strings.Builder
	if l.num >= 0 {
		fmt.Fprintf(&b, "%d ", l.num)
	}
	if l.time.dated {
		b.WriteString(time.Unix(0, l.time.ns).UTC().Format("2006-01-02 15:04:05.000000000 "))
	} else { // A leap second has no other text.
		s := l.time.ns / second
		fmt.Fprintf(&b, "%02d:%02d:%02d.%09d ", min(s/3600, 23), min((s-min(s/3600, 23)*3600)/60, 59),
			s-min(s/3600, 23)*3600-min((s-min(s/3600, 23)*3600)/60, 59)*60, l.time.ns%second)
	}
	if l.cpu >= 0 {
		fmt.Fprintf(&b, "%d ", l.cpu)
	}
	dir := "<"
	if l.enter {
		dir = ">"
	}
	fmt.Fprintf(&b, "%s (%d) %s %s %s", l.name, l.tid, dir, l.typ, l.args)
	return b.String()
}

// FuzzConvert: whatever a text says, the payload made of it is whole, and each of its
// lines is an event with its number, type and arguments.
func FuzzConvert(f *testing.F) {
	f.Add([]byte(strings.Join(seedLines, "\n")))
	for _, s := range seedLines {
		f.Add([]byte(s))
	}
	if text, err := os.ReadFile("../../testdata/captures/transcript.txt"); err == nil {
		f.Add(text)
	}
	f.Fuzz(func(t *testing.T, text []byte) {
		if len(text) > 1<<14 {
			return
		}
		Recognise(text)
		p := play(t, string(text))
		if p.Lines != len(p.rows) {
			t.Fatalf("%d lines, %d events", p.Lines, len(p.rows))
		}
		for i, row := range p.rows {
			var num uint32
			fmt.Sscan(row, &num)
			if num != p.shown[i] || i > 0 && num <= p.shown[i-1] || !bytes.Equal(p.Args(num), p.Transcript.args[i]) {
				t.Fatalf("event %d has the number %d: %s", i, num, row)
			}
		}
	})
}
