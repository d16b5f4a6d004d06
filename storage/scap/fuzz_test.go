package scap

import (
	"bytes"
	"io"
	"testing"
)

// seeds are small captures of every kind of block.
func seeds() [][]byte {
	var list [][]byte
	for _, big := range []bool{false, true} {
		c := &capture{big: big}
		c.section(2, c.option(1, "comment"), c.fields(uint32(0)))
		c.block(blockMachine, make([]byte, 180))
		ip := []byte{10, 0, 0, 1}
		itf := c.fields(uint16(1), uint16(2), ip, ip, ip, uint64(0), []byte("lo"))
		c.block(blockInterfacesV1, itf)
		c.block(blockInterfacesV2, c.fields(uint32(len(itf))), itf)
		user := c.fields(uint8(0), uint32(1), uint32(1), "a", "b", "c")
		c.block(blockUsersV1, user)
		c.block(blockUsersV2, c.counted(user))
		c.block(blockThreadsV1, c.thread(1))
		c.block(blockThreadsV8, c.thread(8))
		c.block(blockThreadsV9, c.counted(append(c.thread(9), make([]byte, 76)...)))
		fd := c.fields(int64(3), uint64(0), uint8(FDIPv4), ip, ip, uint16(1), uint16(2), L4TCP)
		c.block(blockFDsV1, c.fields(int64(1)), fd)
		c.block(blockFDsV2, c.fields(int64(1)), c.counted(fd))
		cpu := c.fields(uint16(0))
		c.block(blockEventV1, cpu, c.eventV1(1, 1, SyscallCloseX, c.fields(int64(0))))
		c.block(blockFlagsEventV2, cpu, c.fields(uint32(1)), c.eventV2(1, 1, SyscallReadX, c.fields(int64(3)), []byte("abc"), c.fields(int64(3)), c.fields(uint32(3))))
		c.block(blockEventV2, cpu, c.eventV2(1, 1, SocketConnectX, c.fields(int64(0)), c.fields(uint8(2), ip, uint16(1), ip, uint16(2))))
		c.block(blockEventLarge, cpu, c.eventV2(1, 1, SyscallPollX, c.fields(int64(1)), c.fields(uint16(1), int64(1), uint16(1))))
		list = append(list, c.buf)
	}
	return list
}

// FuzzReader reads anything, to its end and without trouble.
func FuzzReader(f *testing.F) {
	for _, s := range seeds() {
		f.Add(s)
		f.Add(s[:len(s)-9])
		f.Add(compress(s))
		f.Add(append(bytes.Clone(s), s...)) // the first event of each type is read in another way
	}
	for _, v := range vectors {
		var c capture
		c.section(1)
		f.Add(append(c.buf, v.hex...))
	}
	f.Fuzz(func(t *testing.T, data []byte) {
		s, err := NewSource("fuzz", data)
		if err != nil {
			return
		}
		defer s.Close()
		r := NewReader(s)
		for blocks := 0; ; blocks++ {
			if blocks > len(s.Bytes())/minBlock {
				t.Fatal("more blocks than the capture has room for")
			}
			kind, err := r.Next()
			if err == io.EOF {
				break
			}
			if err != nil {
				t.Fatal(err)
			}
			if kind == KindEvent {
				checkEvent(t, r)
			}
		}
		if at := r.TruncatedAt(); at > int64(len(s.Bytes())) {
			t.Errorf("truncated at %d of %d", at, len(s.Bytes()))
		}
		if _, err := r.Next(); err != io.EOF {
			t.Errorf("after the end: %v", err)
		}
	})
}

// TestUsual reads captures of either layout of events, where nearly all are read the quick
// way.
func TestUsual(t *testing.T) {
	for _, name := range []string{"tour-old.scap", "tour-new.scap"} {
		r := NewReader(openCapture(t, name))
		for {
			kind, err := r.Next()
			if err != nil {
				break
			}
			if kind == KindEvent {
				checkEvent(t, r)
			}
		}
		learnt := 0
		for _, n := range r.counts {
			if n <= usualParams {
				learnt++
			}
		}
		if learnt < 50 {
			t.Errorf("%s: events of %d types were read the quick way", name, learnt)
		}
	}
}

// checkEvent checks that an event can be read again, as the same, and printed.
func checkEvent(t *testing.T, r *Reader) {
	e := r.Event
	again, ok := ReadEvent(r.Payload(), e.Offset, r.Section.Swapped)
	if again.Type == SyscallSetpgidX && e.Type == SyscallSeccompX {
		again.Type = e.Type // only the reader knows; see renameEarly
	}
	same := again.TS == e.TS && again.TID == e.TID && again.Type == e.Type && again.CPU == e.CPU &&
		again.Flags == e.Flags && again.NParams == e.NParams && again.wide == e.wide && again.swapped == e.swapped
	if !ok || !same || !bytes.Equal(again.body(), e.body()) {
		t.Fatalf("offset %d: %+v, read again %+v", e.Offset, e, again)
	}
	EventComments(r.Payload(), e.Offset, r.Section.Swapped)
	used := e.valuesStart() - e.from
	for i := range e.NParams {
		used += len(e.Raw(i))
	}
	if used > len(e.body()) {
		t.Fatalf("offset %d: parameters of %d bytes in %d", e.Offset, used, len(e.body()))
	}
	AppendArgs(nil, &e, knowing{})
}

// FuzzParams takes any bytes for the parameters of an event of any type.
func FuzzParams(f *testing.F) {
	f.Add(uint16(SyscallCloseX), false, []byte{8, 0, 0, 0, 0, 0, 0, 0, 0, 0}, uint8(1))
	f.Add(uint16(SocketConnectX), true, bytes.Repeat([]byte{0, 1, 2, 10}, 20), uint8(2))
	f.Add(uint16(SyscallPollX), false, append([]byte{8, 0, 12, 0}, bytes.Repeat([]byte{1, 0}, 10)...), uint8(2))
	f.Add(uint16(SyscallBpfX), false, []byte{3, 0, 1, 1, 1}, uint8(1))
	f.Add(uint16(ContainerJsonV2E), false, []byte{3, 0, 0, 0, 'a', 'b', 0}, uint8(1))
	f.Fuzz(func(t *testing.T, typ uint16, big bool, body []byte, count uint8) {
		c := &capture{big: big}
		at := c.block(blockEventLarge, c.fields(uint16(0), uint64(1), int64(1),
			uint32(eventLen+len(body)), typ, uint32(count)), body)
		e, ok := ReadEvent(c.buf, int64(at), big)
		if !ok {
			return
		}
		for i := -1; i <= e.NParams; i++ {
			v := e.Raw(i)
			if n, ok := e.Int(i); ok && (len(v) == 0 || len(v) > 9) {
				t.Errorf("parameter %d of %d bytes is the number %d", i, len(v), n)
			}
			if s, ok := e.Str(i); ok && len(s) > len(v) {
				t.Errorf("parameter %d of %d bytes is the text %q", i, len(v), s)
			}
			e.Bytes(i)
			e.Addr(i)
			e.Tuple(i)
			if list, ok := e.PollFDs(nil, i); ok && len(list)*pollFDLen > len(v) {
				t.Errorf("parameter %d of %d bytes has %d entries", i, len(v), len(list))
			}
			if i >= 0 {
				Printer{}.AppendArg(nil, &e, i, knowing{})
			}
		}
		Res(&e)
		whole := Printer{}.AppendArgs(nil, &e, knowing{})
		if cut := AppendArgs(nil, &e, knowing{}); len(cut) > len(whole) {
			t.Errorf("cut text %q is longer than %q", cut, whole)
		}
	})
}
