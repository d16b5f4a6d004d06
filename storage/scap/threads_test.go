package scap

import (
	"fmt"
	"reflect"
	"testing"
)

// thread encodes a record of a version, without its length and tail.
func (c *capture) thread(version int) []byte {
	b := c.fields(int64(10), int64(11), int64(12))
	since := func(v int, values ...any) {
		if version >= v {
			b = append(b, c.fields(values...)...)
		}
	}
	since(6, int64(13))
	since(8, int64(14))
	since(1, "comm", "exe")
	since(7, "/bin/exe")
	since(1, "a\x00b\x00", "/cwd/", int64(1024), uint32(1), uint32(2), uint32(3))
	since(2, uint32(4), uint32(5), uint32(6), uint64(7), uint64(8))
	since(3, "X=1\x00Y=2")
	since(4, int64(15), int64(16), "cpu=/\x00")
	since(5, "/")
	return b
}

func TestThreads(t *testing.T) {
	types := []uint32{
		blockThreadsV1, blockThreadsV2, blockThreadsV3, blockThreadsV4, blockThreadsV5,
		blockThreadsV6, blockThreadsV7, blockThreadsV8,
	}
	aliases := []uint32{blockThreadsV1Int, blockThreadsV2Int, blockThreadsV3Int}
	both(t, func(t *testing.T, c *capture) {
		for i, typ := range append(types, aliases...) {
			version := i%len(types) + 1
			t.Run(fmt.Sprintf("%#x", typ), func(t *testing.T) {
				c := &capture{big: c.big}
				c.section(0)
				c.block(typ, c.thread(version), c.thread(version))
				r := read(t, c.buf, nil)
				if len(r.Threads) != 2 || warned(r, WarnBlock) != nil {
					t.Fatalf("%d threads, warnings %+v", len(r.Threads), r.Warnings())
				}
				if got, want := r.Threads[1], wantThread(version); !reflect.DeepEqual(got, want) {
					t.Errorf("thread = %+v\nwant %+v", got, want)
				}
			})
		}
	})
}

func wantThread(version int) Thread {
	w := Thread{
		Tid: 10, Pid: 11, Ptid: 12, Sid: -1, Vpgid: -1, Pgid: -1, Vtid: -1, Vpid: -1,
		Comm: "comm", Exe: "exe", Args: []string{"a", "b"}, Cwd: "/cwd/", FDLimit: 1024,
		Flags: 1, UID: 2, GID: 3, LoginUID: 1<<32 - 1,
	}
	if version >= 2 {
		w.VMSize, w.VMRSS, w.VMSwap, w.PFMajor, w.PFMinor = 4, 5, 6, 7, 8
	}
	if version >= 3 {
		w.Env = []string{"X=1", "Y=2"}
	}
	if version >= 4 {
		w.Vtid, w.Vpid, w.Cgroups = 15, 16, []string{"cpu=/"}
	}
	if version >= 5 {
		w.Root = "/"
	}
	if version >= 6 {
		w.Sid = 13
	}
	if version >= 7 {
		w.ExePath = "/bin/exe"
	}
	if version >= 8 {
		w.Vpgid = 14
	}
	return w
}

// The tail of version 9 grew over the years, and its order changed once.
func TestThreadTails(t *testing.T) {
	both(t, func(t *testing.T, c *capture) {
		early := c.fields(uint32(20), uint8(1), uint64(21), uint64(22), uint64(23))
		late := c.fields(uint64(24), uint32(25), early,
			uint8(1), uint64(26), uint64(27), uint64(28), uint8(1), uint8(1), int64(29))
		f := func(tail []byte, n int, set func(w *Thread)) {
			t.Helper()
			c := &capture{big: c.big}
			c.section(2)
			c.block(blockThreadsV9, c.counted(append(c.thread(9), tail[:n]...)), c.counted(c.thread(9)))
			r := read(t, c.buf, nil)
			if len(r.Threads) != 2 || warned(r, WarnBlock) != nil {
				t.Fatalf("tail of %d: %d threads, warnings %+v", n, len(r.Threads), r.Warnings())
			}
			want := wantThread(9)
			set(&want)
			if !reflect.DeepEqual(r.Threads[0], want) {
				t.Errorf("tail of %d: %+v\nwant %+v", n, r.Threads[0], want)
			}
		}
		f(early, 0, func(w *Thread) {})
		f(early, 4, func(w *Thread) { w.LoginUID = 20 })
		f(early, 5, func(w *Thread) { w.LoginUID, w.ExeWritable = 20, true })
		caps := func(w *Thread) {
			w.LoginUID, w.ExeWritable = 20, true
			w.CapInheritable, w.CapPermitted, w.CapEffective = 21, 22, 23
		}
		f(early, 29, caps)
		inode := func(w *Thread) {
			caps(w)
			w.PidnsInitStart, w.Tty = 24, 25
			w.ExeUpperLayer, w.ExeIno, w.ExeCtime, w.ExeMtime = true, 26, 27, 28
		}
		f(late, 66, inode)
		f(late, 67, func(w *Thread) { inode(w); w.ExeFromMemfd = true })
		f(late, 68, func(w *Thread) { inode(w); w.ExeFromMemfd, w.ExeLowerLayer = true, true })
		all := func(w *Thread) {
			inode(w)
			w.ExeFromMemfd, w.ExeLowerLayer, w.Pgid = true, true, 29
		}
		f(late, 76, all)
		f(append(late, 1, 2, 3), 79, all)
	})
}
