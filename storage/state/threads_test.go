package state

import (
	"testing"

	"tq/storage/scap"
)

// expectComms checks the names of the threads in the last rows of a tape.
func expectComms(t *testing.T, c *tape, want ...string) (*Tracker, []Row) {
	t.Helper()
	tr, rows := c.play(t)
	rows = rows[len(rows)-len(want):]
	for i, w := range want {
		if got := comm(tr, rows[i]); got != w {
			t.Errorf("row %d: thread is %q, want %q", i+1, got, w)
		}
	}
	return tr, rows
}

func TestUnknownThreads(t *testing.T) {
	c := newTape()
	c.event(7, scap.SwitchE, 8, 0, 0, 0, 0, 0) // proves nothing
	c.event(7, scap.SyscallCloseE, 3)
	c.event(7, scap.SwitchE, 8, 0, 0, 5, 5, 0)
	c.event(-1, scap.SyscallCloseE, 3)
	tr, rows := expectComms(t, c, none, "<NA>", "<NA>", none)
	if rows[0].Life != rows[1].Life {
		t.Error("the thread a switch told of has another life than the one that made a call")
	}
	if rows[3].Life != NoLife {
		t.Error("an event of thread -1 has a life")
	}
	if th := tr.Threads()[rows[1].Thread]; th.Pid != -1 || th.Origin != Placeholder {
		t.Errorf("placeholder is %+v", th)
	}
}

func TestCloneOrder(t *testing.T) {
	for _, parentFirst := range []bool{true, false} {
		c := newTape()
		c.lists(tapeThreads, nil, listed(10, 10, 1, "sh", "/bin/sh", "/home"))
		c.lists(tapeFDs, le.AppendUint64(nil, 10), listedFile(3, "/tmp/log"))
		if parentFirst {
			c.clone(10, 11, 10, 1, 0, "sh")
			c.clone(11, 0, 11, 10, 0, "sh")
		} else {
			c.clone(11, 0, 11, 10, 0, "sh")
			c.clone(10, 11, 10, 1, 0, "sh")
		}
		c.exec(11, 11, 10, "ls")
		c.event(11, scap.SyscallReadX, 1, []byte("x"), 3, 1)
		c.event(11, scap.SyscallOpenX, 4, "etc/x", 1, 0)
		tr, rows := expectComms(t, c, "sh", "sh", "ls", "ls", "ls")
		if got := fdName(tr, rows[3]); got != "/tmp/log" {
			t.Errorf("inherited descriptor is %q", got)
		}
		if got := fdName(tr, rows[4]); got != "/home/etc/x" {
			t.Errorf("file opened by a relative path is %q", got)
		}
		if ppid, ok := tr.View().ParentPID(rows[4].Thread, 5); ppid != 10 || !ok {
			t.Errorf("parent is %d, %v", ppid, ok)
		}
		if n := len(tr.Lives()); n != 2 {
			t.Errorf("%d lives, want 2", n)
		}
		if got := tr.Threads()[rows[4].Thread].CmdLine(); got != "ls -a b" {
			t.Errorf("command line is %q", got)
		}
	}
}

// Of a tid that a damaged list names twice, the later thread takes the place of the first,
// and with it of the process that the first one founded.
func TestTidListedTwice(t *testing.T) {
	c := newTape()
	c.lists(tapeThreads, nil, listed(30, 30, 1, "old", "/old", "/"), listed(31, 30, 30, "thread", "/old", "/"),
		listed(30, 30, 31, "new", "/new", "/"), listed(31, 31, 30, "other", "/other", "/"))
	c.event(30, scap.SyscallCloseX, 0, 1)
	c.event(31, scap.SyscallCloseX, 0, 1)
	tr, rows := expectComms(t, c, "new", "thread")
	if id := tr.View().Parent(rows[0].Thread, 1); id == NoThread || tr.Threads()[id].Comm != "thread" {
		t.Errorf("parent is thread version %d", id)
	}
}

func TestThreadsShare(t *testing.T) {
	c := newTape()
	c.lists(tapeThreads, nil, listed(20, 20, 1, "srv", "/bin/srv", "/"))
	c.clone(20, 21, 20, 1, cloneThread, "srv")
	c.event(21, scap.SyscallOpenX, 5, "/data", 1, 0)
	c.event(20, scap.SyscallReadX, 1, []byte("x"), 5, 1)
	c.event(21, scap.SyscallChdirX, 0, "/var")
	c.event(20, scap.ProcexitV1E, 0, 0, 0, 0, 0)
	c.event(21, scap.SyscallReadX, 1, []byte("x"), 5, 1)
	c.event(21, scap.ProcexitV1E, 0, 0, 0, 0, 0)
	c.event(22, scap.SwitchE, 0, 0, 0, 0, 0, 0)
	tr, rows := c.play(t)
	if got := fdName(tr, rows[2]); got != "/data" {
		t.Errorf("the main thread sees %q", got)
	}
	if got := fdName(tr, rows[5]); got != "/data" {
		t.Errorf("after the main thread's exit the other sees %q", got)
	}
	v := tr.View()
	if got := tr.Threads()[v.Main(rows[3].Thread, 4)].Cwd; got != "/var/" {
		t.Errorf("working directory is %q", got)
	}
	if got := tr.Threads()[v.Main(rows[1].Thread, 2)].Cwd; got != "/" {
		t.Errorf("working directory was %q", got)
	}
	if id := v.ThreadAt(20, 7); id == NoThread {
		t.Error("the main thread is gone before the others")
	}
	if id := v.ThreadAt(20, 8); id != NoThread {
		t.Error("the main thread outlives its process")
	}
}

func TestReparenting(t *testing.T) {
	c := newTape()
	c.lists(tapeThreads, nil, listed(1, 1, 0, "init", "/sbin/init", "/"),
		listed(30, 30, 1, "a", "/a", "/"), listed(31, 31, 30, "b", "/b", "/"), listed(32, 32, 31, "c", "/c", "/"))
	c.event(32, scap.SyscallCloseX, 0, 1)
	c.event(31, scap.ProcexitV1E, 0, 0, 0, 0, 30) // the kernel names a subreaper
	c.event(32, scap.SyscallCloseX, 0, 1)
	c.event(30, scap.ProcexitV1E, 0, 0, 0, 0)
	c.event(32, scap.SyscallCloseX, 0, 1)
	tr, rows := c.play(t)
	for i, want := range map[int]int64{0: 31, 1: 30, 2: 30, 3: 1, 4: 1} {
		if got, _ := tr.View().ParentPID(rows[i].Thread, uint32(i+1)); got != want {
			t.Errorf("event %d: parent is %d, want %d", i+1, got, want)
		}
	}
}

func TestTidReuse(t *testing.T) {
	c := newTape()
	c.lists(tapeThreads, nil, listed(40, 40, 1, "old", "/old", "/"), listed(41, 41, 1, "sh", "/sh", "/"))
	c.event(40, scap.ProcexitV1E, 0, 3, 0, 0, 0)
	c.event(40, scap.SwitchE, 41, 0, 0, 0, 0, 0) // its last moments on the CPU
	c.clone(40, 0, 40, 41, 0, "new")
	c.event(40, scap.SyscallCloseX, 0, 1)
	tr, rows := expectComms(t, c, "old", none, "new", "new")
	if rows[1].Life != rows[0].Life {
		t.Error("the last switch of a thread is not part of its life")
	}
	if rows[2].Life == rows[0].Life {
		t.Error("a new thread has the life of an old one")
	}
	life := tr.Lives()[rows[0].Life]
	if life.Exit != 1 || life.Ret != 3 || life.End != 3 || life.Evidence.Kernel() {
		t.Errorf("life is %+v", life)
	}
	if got := tr.ThreadAt(40, 1); tr.Threads()[got].Comm != "old" {
		t.Error("history does not tell the old thread")
	}
}

func TestExecEndsOtherThreads(t *testing.T) {
	c := newTape()
	c.lists(tapeThreads, nil, listed(50, 50, 1, "p", "/p", "/"), listed(51, 50, 1, "p", "/p", "/"))
	c.event(50, scap.SyscallOpenX, 3, "/keep", 1, 0)
	c.event(50, scap.SyscallOpenX, 4, "/lose", 1|closeOnExec, 0)
	c.exec(50, 50, 1, "q")
	c.event(50, scap.SyscallReadX, 1, []byte("x"), 3, 1)
	c.event(50, scap.SyscallReadX, 1, []byte("x"), 4, 1)
	tr, rows := c.play(t)
	if tr.ThreadAt(51, 3) != NoThread {
		t.Error("another thread survives exec")
	}
	if got := fdName(tr, rows[3]); got != "/keep" {
		t.Errorf("descriptor is %q", got)
	}
	if rows[4].FDRef != UnknownFD {
		t.Error("a descriptor survives exec that should not")
	}
}

func TestKernelEvidence(t *testing.T) {
	c := newTape()
	c.lists(tapeThreads, nil, listed(60, 60, 1, "listed", "/x", "/"), listed(61, 61, 2, "kthread", "", "/"))
	for _, tid := range []int64{60, 61, 62, 63, 64} {
		c.event(tid, scap.SwitchE, 0, 0, 0, 0, 0, 0)
	}
	c.event(63, scap.SwitchE, 0, 0, 0, 9, 9, 0)
	c.event(64, scap.SyscallCloseE, 1)
	tr, rows := c.play(t)
	for i, want := range []bool{false, true, true, false, false} {
		if got := tr.Lives()[rows[i].Life].Evidence.Kernel(); got != want {
			t.Errorf("thread %d: kernel is %v, want %v", 60+i, got, want)
		}
	}
}

func TestSections(t *testing.T) {
	c := newTape()
	c.lists(tapeThreads, nil, listed(70, 70, 1, "first", "/first", "/"))
	c.lists(tapeFDs, le.AppendUint64(nil, 70), listedFile(3, "/one"))
	c.event(70, scap.SyscallReadX, 1, []byte("x"), 3, 1)
	c.section()
	c.event(70, scap.SyscallReadX, 1, []byte("x"), 3, 1)
	c.section()
	c.lists(tapeThreads, nil, listed(70, 70, 1, "third", "/third", "/"))
	c.lists(tapeFDs, le.AppendUint64(nil, 70), listedFile(3, "/three"))
	c.event(70, scap.SyscallReadX, 1, []byte("x"), 3, 1)
	tr, rows := expectComms(t, c, "first", "<NA>", "third")
	for i, want := range []string{"/one", "", "/three"} {
		if got := fdName(tr, rows[i]); got != want {
			t.Errorf("section %d: descriptor is %q, want %q", i+1, got, want)
		}
	}
	if th := tr.ThreadAt(70, 1); tr.Threads()[th].Comm != "first" {
		t.Error("history does not tell the first section's thread")
	}
}

func TestCyclicParents(t *testing.T) {
	c := newTape()
	c.lists(tapeThreads, nil, listed(80, 80, 81, "a", "/a", "/"), listed(81, 81, 82, "b", "/b", "/"),
		listed(82, 82, 80, "c", "/c", "/"), listed(83, 83, 83, "own", "/own", "/"))
	for _, tid := range []int64{80, 81, 83, 82} {
		c.event(tid, scap.ProcexitV1E, 0, 0, 0, 0, 0)
	}
	c.event(90, scap.SwitchE, 0, 0, 0, 0, 0, 0)
	tr, rows := c.play(t)
	for i, r := range rows[:4] {
		tr.View().Parent(r.Thread, uint32(i+1))
		tr.View().Parent(r.Thread, 5)
	}
}

func TestThreadLimit(t *testing.T) {
	tr := New()
	for tid := range int64(maxThreads + 10) {
		th := tr.lookupOrAdd(tid * 40)
		if (th == nil) != (tid >= maxThreads) {
			t.Fatalf("thread %d: %v", tid, th)
		}
	}
}
