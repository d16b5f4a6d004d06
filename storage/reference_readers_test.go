package storage

import (
	"flag"
	"fmt"
	"os"
	"slices"
	"strconv"
	"strings"
	"testing"
)

// reader is a release of sysdig's library that printed references. Releases disagree
// about some values; tq shows those of the newest. What a release prints otherwise stands
// here, as narrowly as it can be said, and is left out of the comparison.
type reader []difference

// difference is a way in which a reader's values differ: in some fields of some types of
// events, where they match.
type difference struct {
	fields string // names, or beginnings of names that end in a dot, separated by blanks
	types  string // names, separated by blanks; all when empty
	match  func(c *comparison, got, want string) bool
	why    string
}

// differs returns why a reader's value differs from tq's, or "".
func (r reader) differs(c *comparison, got, want string) string {
	for _, d := range r {
		if !slices.ContainsFunc(strings.Fields(d.fields), func(f string) bool {
			return f == c.field || strings.HasSuffix(f, ".") && strings.HasPrefix(c.field, f)
		}) {
			continue
		}
		if d.types != "" && !slices.Contains(strings.Fields(d.types), c.ref.get("evt.type")) {
			continue
		}
		if d.match(c, got, want) {
			return d.why
		}
	}
	return ""
}

// readerOf returns the reader that printed the reference of a capture.
func readerOf(capture string) reader {
	switch capture {
	case "fifo-new", "tour-new":
		return libs0254
	case "fifo-old", "tour-old":
		return libs0151
	}
	return sysdig0293
}

// libs0254 is the newest reader.
var libs0254 = reader{
	{"evt.latency", "", onExit(instead("0", none)), "a call's start is not in the capture: tq has NULL, sysdig 0"},
	{"evt.buffer", "", emptyBuffer, "no data: tq has NULL; 0.25.4 prints NULL, and then what an earlier event left in its memory"},
	{"evt.buffer", "ptrace", instead(anything, "........"), "the data of ptrace is a number: tq has its bytes, sysdig its text"},
	{"thread.exectime", "switch", instead("0", anything), "0.25.4 computes no times on CPUs"},
}

// libs0151 knows the descriptors of fewer calls: its event table does not say that mmap
// uses one (the field has no value), and looks for the one of calls that tell it in the
// exit event alone in their enter event (-1, and no name).
var libs0151 = reader{
	{"evt.latency", "", onExit(instead("0", none)), "a call's start is not in the capture: tq has NULL, sysdig 0"},
	{"evt.latency", "switch", instead(anything, "0"), "0.15.1 prints in switches what was computed for another event"},
	{"evt.buffer", "", emptyBuffer, "no data: tq has NULL; 0.15.1 prints NULL"},
	{"evt.buffer", "ptrace", instead(anything, "........"), "the data of ptrace is a number: tq has its bytes, sysdig its text"},
	{"evt.failed", "", instead("false", none), "0.15.1 says that events without a result have not failed"},
	{"evt.res evt.rawres", "getuid geteuid getgid getegid", instead(none, anything), "0.15.1 does not take an id for a result"},
	{"evt.args evt.info", "", blankAtEnd, "0.15.1 ends arguments with a blank"},
	{"evt.args evt.info", "", asOlder(" vpgid=", " pgid="), "0.15.1 cuts long arguments, and calls vpgid pgid"},
	{"evt.args evt.info", "futex", lessTold, "0.15.1 does not name what futex is to do"},
	{"evt.args evt.info", "bind", instead("res=0 addr=NULL ", "res=0 addr=<NA>"), "0.15.1 prints NULL for an address that was not recorded"},
	{"thread.exectime", "switch", instead("0", anything), "0.15.1 computes no times on CPUs"},
	{"proc.ppid", "", instead("0", none), "0.15.1 prints 0 for a parent that is not known"},
	{"proc.sname", "", instead(anything, ""), "0.15.1 takes a thread for the leader of its session, or its ancestor, where the leader is not known"},
	{"proc.fdopencount proc.fdusage", "", more, "0.15.1 keeps the descriptors that exec closes"},
	{"proc.nthreads proc.duration", "switch", instead(anything, anything), "0.15.1 makes a thread that has exited anew"},
	{"fd.", "mmap", instead(none, anything), "0.15.1 does not count mmap among the calls with a descriptor"},
	{"fd.", "newfstatat mknodat setsockopt", onExit(unfound), "0.15.1 does not find descriptors that only the exit event tells"},
	{"fd.is_server", "connect", instead("true", "false"), "0.15.1 takes over the address of a connect before it succeeds"},
	{"user.name user.homedir user.shell", "", instead("", anything), "0.15.1 forgets the user at exec"},
	{"group.name", "", instead("", anything), "0.15.1 forgets the group at exec"},
}

// sysdig0293 lacks mmap's descriptor too, and has defects.
var sysdig0293 = reader{
	{"evt.num", "", fewer, "0.29.3 does not count events of types that it does not know"},
	{"evt.category", "", instead(anything, "other"), "0.29.3 tells categories of calls that have no type of event of their own"},
	{"evt.latency", "", onExit(instead("0", none)), "a call's start is not in the capture: tq has NULL, sysdig 0"},
	{"evt.latency", "switch", instead(anything, "0"), "0.29.3 prints in switches what was computed for another event"},
	{"evt.buffer", "", emptyBuffer, "no data: tq has NULL; 0.29.3 prints nothing"},
	{"evt.failed", "", instead("false", none), "0.29.3 says that events without a result have not failed"},
	{"evt.args evt.info", "", blankAtEnd, "0.29.3 ends arguments with a blank"},
	{"evt.args evt.info", "", asOlder("data=NULL", "data=", "args=NULL", "args=", "(AF_LOCAL|AF_UNIX)", "(AF_LOCAL)"),
		"0.29.3 cuts long arguments, prints nothing for those that are empty, and one name for a value"},
	{"evt.args evt.info", "mmap", onExit(hexResult), "0.29.3 prints the result of mmap in hexadecimal"},
	{"thread.vtid proc.vpid", "", instead(none, anything), "0.29.3 does not complete what exec tells of a thread that is not in the list"},
	{"proc.pname proc.pcmdline", "", ofThreads, "0.29.3 takes the maker of a thread for its parent"},
	{"proc.sname", "", instead(anything, ""), "0.29.3 takes a thread for the leader of its session, or its ancestor, where the leader is not known"},
	{"proc.nthreads", "procexit", more, "0.29.3 counts a thread that exits"},
	{"proc.nchilds", "", ofThreads, "0.29.3 counts the threads of main threads only"},
	{"proc.tty user.loginuid", "", instead(anything, anything), "0.29.3 reads the end of thread records in another order"},
	{"group.gid", "", instead(anything, anything), "0.29.3 prints eight bytes of the four"},
	{"fd.", "mmap", instead(none, anything), "0.29.3 does not count mmap among the calls with a descriptor"},
	{"fd.cport", "", instead("0", none), "0.29.3 prints a port of sockets that have none"},
	{"fd.dev", "", instead(anything, anything), "0.29.3 prints what is not set"},
	{"evt.args evt.info fd.", "connect sendto", reconnected, "0.29.3 keeps the first peer of a socket that connects again"},
}

var update = flag.Bool("update", false, "write the differences between readers into GRAMMAR.md")

// TestReadersAreDocumented checks that GRAMMAR.md lists all differences; with -update it
// writes them.
func TestReadersAreDocumented(t *testing.T) {
	const path, begin, end = "../GRAMMAR.md", "<!-- readers -->\n", "<!-- /readers -->"
	old, err := os.ReadFile(path)
	if err != nil {
		t.Fatal(err)
	}
	before, rest, ok1 := strings.Cut(string(old), begin)
	_, after, ok2 := strings.Cut(rest, end)
	if !ok1 || !ok2 {
		t.Fatal("GRAMMAR.md has no section for them")
	}
	var b strings.Builder
	b.WriteString("| fields | events | difference |\n|---|---|---|\n")
	listed := make(map[string]bool)
	for _, r := range []reader{libs0254, libs0151, sysdig0293} {
		for _, d := range r {
			fields := "`" + strings.Join(strings.Fields(d.fields), "` `") + "`"
			if line := fmt.Sprintf("| %s | %s | %s |\n", fields, d.types, d.why); !listed[line] {
				b.WriteString(line)
				listed[line] = true
			}
		}
	}
	text := before + begin + b.String() + end + after
	if text == string(old) {
		return
	}
	if !*update {
		t.Fatal("GRAMMAR.md does not list the differences; run go test ./storage -run Readers -update")
	}
	if err := os.WriteFile(path, []byte(text), 0o644); err != nil {
		t.Fatal(err)
	}
}

// A match says whether a difference is one that is known.
type match = func(c *comparison, got, want string) bool

// anything stands for any value.
const anything = "*"

// instead matches when the reader printed want where tq has got.
func instead(want, got string) match {
	return func(_ *comparison, g, w string) bool {
		return (want == anything || w == want) && (got == anything || g == got)
	}
}

// onExit narrows to exit events.
func onExit(m match) match {
	return func(c *comparison, got, want string) bool {
		return c.ref.get("evt.dir") == "<" && m(c, got, want)
	}
}

// unfound matches when the reader printed what it prints for a descriptor that it does not
// know.
func unfound(c *comparison, _, want string) bool {
	switch c.field {
	case "fd.num":
		return want == "-1"
	case "fd.name":
		return want == ""
	case "fd.directory":
		return want == "/"
	case "fd.typechar":
		return want == "o"
	}
	return want == none
}

// ofThreads matches events of threads that are no main threads.
func ofThreads(c *comparison, _, _ string) bool { return c.ref.get("thread.ismain") == "false" }

func emptyBuffer(_ *comparison, got, want string) bool {
	return got == none && (strings.HasPrefix("NULL", want) || strings.HasPrefix(want, "NULL"))
}

// blankAtEnd matches arguments that differ by a blank behind them.
func blankAtEnd(_ *comparison, got, want string) bool { return want == got+" " }

// asOlder matches arguments in which other texts stand for some, and of which long ones
// are cut.
func asOlder(oldnew ...string) match {
	replacer := strings.NewReplacer(oldnew...)
	return func(_ *comparison, got, want string) bool {
		got = replacer.Replace(got)
		parts := strings.Split(strings.TrimSuffix(want, " "), "...")
		for i, part := range parts {
			at := strings.Index(got, part)
			if at < 0 || i == 0 && at > 0 {
				return false
			}
			got = got[at+len(part):]
		}
		return strings.TrimRight(got, " ") == "" || parts[len(parts)-1] == ""
	}
}

// lessTold matches arguments of which the reader has left out what values stand for.
func lessTold(_ *comparison, got, want string) bool {
	var b strings.Builder
	for rest := got; rest != ""; {
		before, after, _ := strings.Cut(rest, "(")
		b.WriteString(before)
		_, rest, _ = strings.Cut(after, ")")
	}
	return b.String() == strings.TrimSuffix(want, " ")
}

// hexResult matches arguments whose first value is in hexadecimal.
func hexResult(_ *comparison, got, want string) bool {
	g, gotRest, _ := strings.Cut(strings.TrimPrefix(got, "res="), " ")
	w, wantRest, _ := strings.Cut(strings.TrimPrefix(want, "res="), " ")
	n, err := strconv.ParseUint(g, 10, 64)
	return err == nil && strings.ToUpper(strconv.FormatUint(n, 16)) == w && strings.TrimSuffix(wantRest, " ") == gotRest
}

// reconnected matches what is about a socket for IPv6 that has connected a second time.
func reconnected(c *comparison, _, _ string) bool {
	return strings.Contains(c.got("fd.name"), "->2001:4860:4860::8888:53") && c.got("fd.num") == "3"
}

func more(_ *comparison, got, want string) bool {
	g, _ := strconv.ParseFloat(got, 64)
	w, _ := strconv.ParseFloat(want, 64)
	return w > g
}

func fewer(c *comparison, got, want string) bool { return more(c, want, got) }
