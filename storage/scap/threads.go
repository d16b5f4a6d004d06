package scap

import "strings"

// Thread is one record of the list of threads taken when recording began. In it Ptid is
// the parent process, also for threads that are not their process's first.
type Thread struct {
	Tid, Pid, Ptid        int64
	Sid, Vpgid, Pgid      int64 // -1: not recorded
	Vtid, Vpid            int64 // -1: not recorded
	Comm, Exe, ExePath    string
	Cwd, Root             string
	Args, Env, Cgroups    []string
	FDLimit               int64
	Flags                 uint32
	UID, GID, LoginUID    uint32 // LoginUID 0xFFFFFFFF: not recorded
	Tty                   uint32
	VMSize, VMRSS, VMSwap uint32 // kB
	PFMajor, PFMinor      uint64
	PidnsInitStart        uint64 // ns since the epoch
	CapInheritable        uint64
	CapPermitted          uint64
	CapEffective          uint64
	ExeIno                uint64
	ExeCtime, ExeMtime    uint64 // ns since the epoch
	ExeWritable           bool
	ExeUpperLayer         bool
	ExeLowerLayer         bool
	ExeFromMemfd          bool
}

// Limits of texts in lists of threads and file descriptors.
const (
	maxPath = 1024
	maxList = 4096
)

// threadsVersion is the version of a list of threads by its block type.
func threadsVersion(typ uint32) int {
	switch typ {
	case blockThreadsV1:
		return 1
	case blockThreadsV2:
		return 2
	case blockThreadsV3:
		return 3
	}
	return int(typ-blockThreadsV4) + 4
}

// parseThreads reads the body of a block of threads. What was read before a fault is
// good.
func parseThreads(body []byte, typ uint32, swapped bool) (threads []Thread, fault string) {
	version := threadsVersion(typ)
	c := cursor{b: body, swapped: swapped}
	for len(c.b) >= 4 {
		rec := c
		if version >= 9 {
			var ok bool
			if rec, ok = c.record(); !ok {
				return threads, "thread record length does not fit"
			}
		}
		t := parseThread(&rec, version)
		if rec.short {
			return threads, "thread record does not fit"
		}
		if version < 9 {
			c = rec
		}
		threads = append(threads, t)
	}
	return threads, ""
}

func parseThread(c *cursor, version int) Thread {
	t := Thread{Sid: -1, Vpgid: -1, Pgid: -1, Vtid: -1, Vpid: -1, LoginUID: 1<<32 - 1}
	t.Tid, t.Pid, t.Ptid = c.i64(), c.i64(), c.i64()
	if version >= 6 {
		t.Sid = c.i64()
	}
	if version >= 8 {
		t.Vpgid = c.i64()
	}
	t.Comm, t.Exe = c.text(maxPath), c.text(maxPath)
	if version >= 7 {
		t.ExePath = c.text(maxPath)
	}
	t.Args = c.list(maxList)
	t.Cwd = c.text(maxPath)
	t.FDLimit = c.i64()
	t.Flags, t.UID, t.GID = c.u32(), c.u32(), c.u32()
	if version >= 2 {
		t.VMSize, t.VMRSS, t.VMSwap = c.u32(), c.u32(), c.u32()
		t.PFMajor, t.PFMinor = c.u64(), c.u64()
	}
	if version >= 3 {
		t.Env = c.list(maxList)
	}
	if version >= 4 {
		t.Vtid, t.Vpid = c.i64(), c.i64()
		t.Cgroups = c.list(maxList)
	}
	if version >= 5 {
		t.Root = c.text(maxPath)
	}
	if version >= 9 {
		parseThreadTail(c, &t)
	}
	return t
}

// orderedTailLen is the length of the longest tail in the order of the first libraries.
const orderedTailLen = 29

// parseThreadTail reads the fields that were added to the records over the years, as
// many as there are. Only their number tells the first order from the one since.
func parseThreadTail(c *cursor, t *Thread) {
	if len(c.b) > orderedTailLen {
		t.PidnsInitStart = tail64(c)
		t.Tty = tail32(c, 0)
	}
	t.LoginUID = tail32(c, t.LoginUID)
	t.ExeWritable = tailFlag(c)
	t.CapInheritable, t.CapPermitted, t.CapEffective = tail64(c), tail64(c), tail64(c)
	t.ExeUpperLayer = tailFlag(c)
	t.ExeIno, t.ExeCtime, t.ExeMtime = tail64(c), tail64(c), tail64(c)
	t.ExeFromMemfd, t.ExeLowerLayer = tailFlag(c), tailFlag(c)
	if c.fits(8) {
		t.Pgid = c.i64()
	}
}

func tail64(c *cursor) uint64 {
	if !c.fits(8) {
		return 0
	}
	return c.u64()
}

func tail32(c *cursor, absent uint32) uint32 {
	if !c.fits(4) {
		return absent
	}
	return c.u32()
}

func tailFlag(c *cursor) bool { return c.fits(1) && c.u8() != 0 }

// splitNUL splits a list whose parts each end in NUL.
func splitNUL(s string) []string {
	s = strings.TrimSuffix(s, "\x00")
	if s == "" {
		return nil
	}
	return strings.Split(s, "\x00")
}
