package state

import (
	"testing"

	"tq/storage/scap"
)

// machine appends what the capture says of the machine: here, when it was started.
func (c *tape) machine(boot int64) {
	body := make([]byte, 180)
	le.PutUint64(body[148:], uint64(boot))
	c.block(tapeMachine, body)
}

// listedProgram is a record of the list of threads with its tail.
func listedProgram(tid int64, namespace int64, writable, upper, memfd, lower byte) []byte {
	b := listed(tid, tid, 0, "a", "/bin/a", "/")
	b = le.AppendUint64(b, uint64(namespace))
	b = append(b, make([]byte, 4+4)...) // terminal, login
	b = append(b, writable)
	b = append(b, make([]byte, 24)...) // capabilities
	b = append(b, upper)
	b = append(b, make([]byte, 24)...) // inode
	return append(b, memfd, lower)
}

// TestPrograms checks what is known of programs' files and of pid namespaces.
func TestPrograms(t *testing.T) {
	const boot, namespace = 1e18 - 1e12, 1e18 - 1e11
	c := newTape()
	c.machine(boot)
	c.lists(tapeThreads, nil, listedProgram(1, boot, 1, 0, 1, 0), listedProgram(2, namespace, 0, 1, 0, 1))
	c.event(1, scap.SyscallCloseX, 1)
	c.event(2, scap.SyscallCloseX, 2)
	c.clone(1, 3, 1, 0, 0, "a")
	c.event(3, scap.SyscallCloseX, 3)
	c.event(1, scap.SyscallCloneV20X, 4, "a", []byte{}, 1, 1, 0, "", 1024, 0, 0, 0, 0, 0, "a", []byte{}, 0, 0, 0, 1, 1, int(5e11))
	c.event(4, scap.SyscallCloseX, 4)
	c.event(4, scap.SyscallExecveV19X, 0, "/bin/b", []byte("x\x00y\x00"), 4, 4, 1, "",
		1024, 0, 0, 0, 0, 0, "b", []byte{}, []byte{}, 0, 0, 0, 8)
	tr, rows := c.play(t)
	f := func(row int, flags ExeFlags, namespace int64) {
		t.Helper()
		th := &tr.Threads()[rows[row].Thread]
		if th.ExeFlags != flags || th.NamespaceTS != namespace {
			t.Errorf("row %d: flags %d, namespace %d; want %d, %d", row, th.ExeFlags, th.NamespaceTS, flags, namespace)
		}
	}
	f(0, ExeWritable|ExeFromMemfd, boot)
	f(1, ExeUpperLayer|ExeLowerLayer, namespace)
	f(3, ExeWritable|ExeFromMemfd, boot) // as its parent
	f(5, ExeWritable|ExeFromMemfd, boot+5e11)
	f(6, ExeLowerLayer, boot+5e11)
}

func TestList(t *testing.T) {
	f := func(l List, n int, joined string) {
		t.Helper()
		if l.Len() != n || l.Join(" ") != joined {
			t.Errorf("%q has %d texts, %q; want %d, %q", l, l.Len(), l.Join(" "), n, joined)
		}
	}
	f("", 0, "")
	f("a\x00", 1, "a")
	f("a\x00b c\x00", 2, "a b c")
	f("\x00\x00", 2, " ")
}
