package storage

import (
	"encoding/binary"
	"slices"
	"strings"
	"testing"

	"tq/storage/scap"
	"tq/storage/state"
)

// TestFieldNames resolves names of fields, also such that take arguments.
func TestFieldNames(t *testing.T) {
	f := func(name, want string) {
		t.Helper()
		c, ok := eventField(name)
		if ok != (want != "") || ok && c.name != want {
			t.Errorf("%s resolves to %q, %v; want %q", name, c.name, ok, want)
		}
	}
	f("evt.num", "evt.num")
	f("EVT.Num", "evt.num")
	f("evt.nums", "")
	f("evt", "")
	f("arg.size", "arg.size")
	f("arg.", "")
	f("arg.nothing_such", "")
	f("evt.arg.res", "evt.arg.res")
	f("evt.arg[0]", "evt.arg[0]")
	f("evt.arg[]", "")
	f("evt.arg[-1]", "")
	f("evt.arg[x]", "")
	f("evt.arg[0", "")
	f("evt.rawarg.flags", "evt.rawarg.flags")
	f("evt.type.is.open", "evt.type.is.open")
	f("evt.type.is.mprotect", "evt.type.is.mprotect")
	f("evt.type.is.nothing_such", "")
	f("Proc.AName[2]", "proc.aname[2]")
	f("proc.aname[12345678]", "")
	f("proc.env[HOME]", "proc.env[HOME]")
	f("thread.cgroup.cpu", "thread.cgroup.cpu")

	names := make(map[string]bool)
	for _, field := range EventFields() {
		if names[field.Name] {
			t.Errorf("%s is declared twice", field.Name)
		}
		names[field.Name] = true
		if !strings.HasSuffix(field.Doc, ".") {
			t.Errorf("%s: %q is no sentence", field.Name, field.Doc)
		}
	}
}

func TestHumanTimes(t *testing.T) {
	f := func(ns uint64, want string) {
		t.Helper()
		if got := string(appendHuman(nil, ns)); got != want {
			t.Errorf("%d: %s, want %s", ns, got, want)
		}
	}
	f(0, "0ns")
	f(999, "999ns")
	f(1000, "1.00us")
	f(2149, "2.14us")
	f(12345, "12us")
	f(999999, "999us")
	f(1050000, "1.05ms")
	f(16000000, "16ms")
	f(5035431870, "5.03s")
	f(61000000000, "61.00s")
}

func TestFilePaths(t *testing.T) {
	f := func(typ scap.FDType, name, wantDir, wantFile string) {
		t.Helper()
		fd := &state.FD{Type: typ}
		dir, ok1 := directory([]string{name}, fd)
		file, ok2 := fileName([]string{name}, fd)
		if !ok1 {
			dir = none
		}
		if !ok2 {
			file = none
		}
		if dir != wantDir || file != wantFile {
			t.Errorf("%s: directory %s, file name %s; want %s, %s", name, dir, file, wantDir, wantFile)
		}
	}
	f(scap.FDFileV2, "/etc/passwd", "/etc", "passwd")
	f(scap.FDFile, "/vmlinuz", "/", "vmlinuz")
	f(scap.FDFile, "/", "/", "/")
	f(scap.FDFile, "/a/", "/a/", "/a/")
	f(scap.FDFile, "memory", "/", "/")
	f(scap.FDFile, "", "/", "/")
	f(scap.FDDirectory, "/etc", "/etc", none)
	f(scap.FDIPv4, "1.2.3.4:5->6.7.8.9:10", none, none)
}

func TestLogMessages(t *testing.T) {
	f := func(data string, want logMessage, ok bool) {
		t.Helper()
		if got, parsed := parseLog([]byte(data)); got != want || parsed != ok {
			t.Errorf("%q: %v, %v; want %v, %v", data, got, parsed, want, ok)
		}
	}
	f("<13>Jan  1 sh: hello", logMessage{13, "Jan  1 sh: hello"}, true)
	f("<0>", logMessage{0, ""}, true)
	f("<13 hello", logMessage{}, false)
	f("hello", logMessage{}, false)
	f("", logMessage{}, false)
	if _, ok := parseLog([]byte("<99999999999>x")); ok {
		t.Error("a priority beyond 32 bits is none")
	}
}

func TestCapabilities(t *testing.T) {
	f := func(set uint64, want string) {
		t.Helper()
		if got := capabilities(set); got != want {
			t.Errorf("%x: %q, want %q", set, got, want)
		}
	}
	f(0, "")
	f(1, "CAP_CHOWN")
	f(1<<21|1<<40, "CAP_SYS_ADMIN CAP_CHECKPOINT_RESTORE")
	f(1<<63|1<<7, "CAP_SETUID")
}

func cstring(s string) []byte { return append([]byte(s), 0) }

// pollList is a list of polled file descriptors.
func pollList(fds ...int64) []byte {
	b := binary.LittleEndian.AppendUint16(nil, uint16(len(fds)))
	for _, fd := range fds {
		b = append(append(b, u64(fd)...), 1, 0)
	}
	return b
}

// unixTuple is the two ends of a Unix socket.
func unixTuple(path string) []byte {
	return slices.Concat([]byte{1}, u64(0xa), u64(0xb), cstring(path))
}

// TestFieldsOfMadeEvents checks fields that the references do not hold on events of a
// thread in a container.
func TestFieldsOfMadeEvents(t *testing.T) {
	const tid, cloned = 10, 1e18
	id := strings.Repeat("ab", 32)
	m := newMaker()
	m.event(cloned-1e9, -1, 0, scap.ContainerJsonE, cstring(`{"container":{"id":"`+id[:12]+`","full_id":"`+id+`",
		"type":7,"name":"web","image":"repo/web:1","imageid":"c0ffee","imagerepo":"repo/web","imagetag":"1","imagedigest":"sha256:1",
		"privileged":true,"ip":"10.0.0.9","labels":{"io.kubernetes.pod.name":"web-0","io.kubernetes.pod.namespace":"shop"},
		"Mounts":[{"Source":"/a","Destination":"/b","Mode":"ro","RW":false,"Propagation":"rprivate"},{"Source":"/c","Destination":"/d","RW":true}]}}`))
	m.event(cloned, tid, 0, scap.SyscallCloneV20X, u64(0), cstring("/bin/sh"), []byte("-c\x00x\x00"), u64(tid), u64(tid), u64(1), cstring(""),
		u64(1024), u64(0), u64(0), u32(0), u32(0), u32(0), cstring("sh"), []byte("io=/docker/"+id+"\x00cpu=/c\x00"), u32(0), u32(0), u32(0), u64(5), u64(5))
	m.event(cloned+1000, tid, 0, scap.SyscallOpenatV2X, u64(3), u64(atWorkingDir), cstring("/x/../etc//motd"), u32(2|4|1<<14), u32(0o755), u32(0xfe123456), u64(77))
	m.event(cloned+2000, tid, 0, scap.SocketSocketX, u64(4), u32(1), u32(2), u32(0))
	m.event(cloned+3000, tid, 0, scap.SocketConnectE, u64(4), slices.Concat([]byte{1}, cstring("/dev/log")))
	m.event(cloned+4000, tid, 0, scap.SocketConnectX, u64(0), unixTuple("/dev/log"), u64(4))
	m.event(cloned+5000, tid, 0, scap.SocketSendtoE, u64(4), u32(9), nil)
	m.event(cloned+17000, tid, 0, scap.SocketSendtoX, u64(9), []byte("<13>hello"))
	m.event(cloned+18000, tid, 0, scap.SyscallPollE, pollList(3, 99), u64(-1))
	m.event(cloned+19000, tid, 0, scap.SyscallRenameat2X, u64(-2), u64(3), cstring("old"), u64(atWorkingDir), cstring("/new/."), u32(0))
	catalog := m.catalog(t)

	f := func(field string, want ...string) {
		t.Helper()
		rows := scanAll(t, catalog, "events", ScanOptions{Columns: []string{field}})
		if got := rows.lines([]string{field}); !slices.Equal(got, want) {
			t.Errorf("%s: %q, want %q", field, got, want)
		}
	}
	all := func(field, want string) {
		t.Helper()
		f(field, slices.Repeat([]string{want}, 9)...)
	}
	all("container.id", id[:12])
	all("container.full_id", id)
	all("container.name", "web")
	all("container.type", "containerd")
	all("container.image", "repo/web:1")
	all("container.image.id", "c0ffee")
	all("container.image.repository", "repo/web")
	all("container.image.tag", "1")
	all("container.image.digest", "sha256:1")
	all("container.privileged", "true")
	all("container.mounts", "/a:/b:ro:false:rprivate /c:/d::true:")
	all("container.ip", "10.0.0.9")
	all("k8s.pod.name", "web-0")
	all("k8s.ns.name", "shop")
	all("k8s.pod.id", "-")
	all("thread.cgroups", "blkio=/docker/"+id+" cpu=/c")
	all("thread.cgroup.cpu", "/c")
	all("thread.cgroup.io", "-")
	all("proc.pid.ts", "1000000000000000000")
	all("proc.args", "-c x")
	all("proc.cmdnargs", "2")
	all("proc.cmdlenargs", "3")
	all("proc.is_vpgid_leader", "false")
	all("thread.vtid", "5")
	all("evt.pluginname", "-")
	all("thread.cpu", "-")

	f("evt.reltime", "0", "1000", "2000", "3000", "4000", "5000", "17000", "18000", "19000")
	f("evt.deltatime", "0", "1000", "1000", "1000", "1000", "1000", "12000", "1000", "1000")
	f("evt.latency.human", "-", "-", "-", "0ns", "1.00us", "0ns", "12us", "0ns", "-")
	f("evt.is_open_read", "false", "false", "false", "false", "false", "false", "false", "false", "false")
	f("evt.is_open_write", "false", "true", "false", "false", "false", "false", "false", "false", "false")
	f("evt.is_open_exec", "false", "true", "false", "false", "false", "false", "false", "false", "false")
	f("evt.is_open_create", "false", "true", "false", "false", "false", "false", "false", "false", "false")
	f("evt.abspath", "-", "/etc/motd", "-", "-", "-", "-", "-", "-", "/etc/motd/old")
	f("evt.abspath.dst", "-", "/etc/motd", "-", "-", "-", "-", "-", "-", "/new")
	f("evt.count.error", "-", "-", "-", "-", "-", "-", "-", "-", "1")
	f("evt.count.error.file", "-", "-", "-", "-", "-", "-", "-", "-", "-")
	f("evt.count.error.other", "-", "-", "-", "-", "-", "-", "-", "-", "1")
	f("evt.count.exit", "1", "1", "1", "-", "1", "-", "1", "-", "1")
	f("evt.is_syslog", "false", "false", "false", "false", "false", "true", "true", "false", "false")
	f("syslog.facility.str", "-", "-", "-", "-", "-", "-", "user", "-", "-")
	f("syslog.severity.str", "-", "-", "-", "-", "-", "-", "notice", "-", "-")
	f("syslog.severity", "-", "-", "-", "-", "-", "-", "5", "-", "-")
	f("syslog.message", "-", "-", "-", "-", "-", "-", "hello", "-", "-")
	f("fdlist.nums", "-", "-", "-", "-", "-", "-", "-", "3,99", "-")
	f("fdlist.names", "-", "-", "-", "-", "-", "-", "-", "/etc/motd,<NA>", "-")
	f("fdlist.cips", "-", "-", "-", "-", "-", "-", "-", "-", "-")
	f("fd.nameraw", "-", "/x/../etc//motd", "-", "-", "-", "-", "-", "-", "-")
	f("fd.containername", "-", id[:12]+":/etc/motd", id[:12]+":", id[:12]+":/dev/log", id[:12]+":a->b /dev/log", id[:12]+":a->b /dev/log", id[:12]+":a->b /dev/log", "-", "-")
	f("fd.uid", "-", "103", "104", "104", "104", "104", "104", "-", "-")
	f("fd.dev.major", "-", "564", "0", "0", "0", "0", "0", "-", "-")
	f("fd.dev.minor", "-", "1040726", "0", "0", "0", "0", "0", "-", "-")
	f("fd.name_changed", "-", "true", "false", "true", "true", "false", "false", "-", "-")
	f("evt.arg[0]", "0", "<f>/etc/motd", "<u>", "<u>/dev/log", "0", "<u>a->b /dev/log", "9", "3:f1 99:?1", "ENOENT")
	f("evt.arg.fd", "-", "<f>/etc/motd", "<u>", "<u>/dev/log", "<u>a->b /dev/log", "<u>a->b /dev/log", "-", "-", "-")
	f("evt.rawarg.fd", "-", "3", "4", "4", "4", "4", "-", "-", "-")
	f("evt.rawarg.name", "-", "/x/../etc//motd", "-", "-", "-", "-", "-", "-", "-")
	f("evt.type.is.poll", "0", "0", "0", "0", "0", "0", "0", "1", "0")
	f("proc.stdin.name", "-", "-", "-", "-", "-", "-", "-", "-", "-")
}
