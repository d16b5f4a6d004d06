package scap

import (
	"encoding/hex"
	"slices"
	"strings"
	"testing"
)

// vectors are whole blocks of real captures, as they stand in the files.
var vectors = []struct {
	name, hex string
	typ       uint16
	cpu       uint16
	tid       int64
	ts        int64
	args      string
}{
	{
		"V1 open", `04020000 50000000 0000 3af556427ebc4b15 5944000000000000 3f000000 0300 0800 1100
		0400 0400 0300000000000000 2f6574632f6c642e736f2e636163686500 01100000 00000000 000000 50000000`,
		SyscallOpenX, 0, 17497, 1534527348514682170,
		"fd=3 name=/etc/ld.so.cache flags=4097(O_RDONLY|O_CLOEXEC) mode=0",
	},
	{
		"V2 bind", `16020000 48000000 0100 08ed839fcea94915 1e65000000000000 39000000 1500 02000000
		0800 1300 0000000000000000 0a 20010db8000000000000000000000003 d204 00 48000000`,
		SocketBindX, 1, 25886, 1533943853000944904,
		"res=0 addr=2001:db8::3:1234",
	},
	{
		"V1 accept", `04020000 4c000000 0100 6031243ef4d6e614 9136000000000000 3e000000 f900 0800 0d00
		0100 0400 0400 0000000000000000 02 c0a80001 92ad c0a80003 5000 00 00000000 80000000 4c000000`,
		SocketAccept4V5X, 1, 13969, 1506127469904933216,
		"fd=0 tuple=192.168.0.1:44434->192.168.0.3:80 queuepct=0 queuelen=0 queuemax=128",
	},
	{
		"V2 switch", `16020000 58000000 0300 42b7e79edf107617 0000000000000000 4a000000 9800 06000000
		0800 0800 0800 0400 0400 0400 ab0b000000000000 0000000000000000 0000000000000000 00000000 00000000
		00000000 58000000`,
		SwitchE, 3, 0, 1690557262753937218,
		"next=2987 pgft_maj=0 pgft_min=0 vm_size=0 vm_rss=0 vm_swap=0",
	},
}

func unhex(t *testing.T, text string) []byte {
	t.Helper()
	b, err := hex.DecodeString(strings.Join(strings.Fields(text), ""))
	if err != nil {
		t.Fatal(err)
	}
	return b
}

func TestVectors(t *testing.T) {
	for _, v := range vectors {
		var c capture
		c.section(1)
		at := len(c.buf)
		c.buf = append(c.buf, unhex(t, v.hex)...)
		r := read(t, c.buf, nil)
		e := r.Event
		if len(r.Warnings()) > 0 || e.Type != v.typ || e.CPU != v.cpu || e.TID != v.tid || e.TS != v.ts || e.Offset != int64(at) {
			t.Errorf("%s: %+v, warnings %+v", v.name, e, r.Warnings())
		}
		if got := string(AppendArgs(nil, &e, nil)); got != v.args {
			t.Errorf("%s: args %q\nwant %q", v.name, got, v.args)
		}
	}
}

// Every layout of event blocks, in either byte order.
func TestEventLayouts(t *testing.T) {
	both(t, func(t *testing.T, c *capture) {
		c.section(1)
		cpu, flags := c.fields(uint16(5)), c.fields(uint32(StateOnly))
		values := [][]byte{c.fields(int64(-2)), []byte("/tmp/x\x00"), c.fields(uint32(1)), {}}
		v1 := c.eventV1(7, 8, SyscallOpenX, values...)
		v2 := c.eventV2(7, 8, SyscallOpenX, values...)
		c.block(blockEventV1, cpu, v1)
		c.block(blockEventV1Int, cpu, v1)
		c.block(blockEventV2, cpu, v2)
		c.block(blockEventLarge, cpu, v2)
		c.block(blockFlagsEventV1, cpu, flags, v1)
		c.block(blockFlagsEventV2, cpu, flags, v2)
		c.block(blockFlagsEventLarge, cpu, flags, v2)
		n := 0
		r := read(t, c.buf, func(kind Kind, r *Reader) {
			if kind != KindEvent {
				return
			}
			n++
			e := r.Event
			wantFlags := uint32(0)
			if n > 4 {
				wantFlags = StateOnly
			}
			if e.TS != 7 || e.TID != 8 || e.CPU != 5 || e.Type != SyscallOpenX || e.NParams != 4 || e.Flags != wantFlags {
				t.Errorf("event %d = %+v", n, e)
			}
			if fd, ok := e.Int(0); fd != -2 || !ok {
				t.Errorf("event %d: fd = %d, %v", n, fd, ok)
			}
			if name, ok := e.Str(1); name != "/tmp/x" || !ok {
				t.Errorf("event %d: name = %q, %v", n, name, ok)
			}
			if fl, ok := e.Int(2); fl != 1 || !ok {
				t.Errorf("event %d: flags = %d, %v", n, fl, ok)
			}
			if _, ok := e.Int(3); ok || e.Raw(3) == nil || len(e.Raw(3)) != 0 || e.Raw(4) != nil {
				t.Errorf("event %d: absent parameters %v, %v", n, e.Raw(3), e.Raw(4))
			}
			again, ok := ReadEvent(r.Payload(), e.Offset, r.Section.Swapped)
			if !ok || again.TS != e.TS || !slices.Equal(again.body(), e.body()) || again.Type != e.Type || again.Flags != e.Flags {
				t.Errorf("event %d read again = %+v, %v", n, again, ok)
			}
		})
		if n != 7 || len(r.Warnings()) != 0 {
			t.Errorf("%d events, warnings %+v", n, r.Warnings())
		}
	})
}

// Some types have parameter lengths of four bytes, whatever their block.
func TestWideLengths(t *testing.T) {
	both(t, func(t *testing.T, c *capture) {
		c.section(2)
		json := []byte(`{"container":{}}` + "\x00")
		wide := func(typ uint16) []byte {
			p := c.params(4, [][]byte{json})
			return c.fields(uint64(1), int64(-1), uint32(eventLen+len(p)), typ, uint32(1), p)
		}
		cpu := c.fields(uint16(0))
		c.block(blockEventV2, cpu, wide(ContainerJsonV2E))
		c.block(blockEventLarge, cpu, wide(ContainerJsonV2E))
		c.block(blockEventLarge, cpu, wide(ContainerJsonE)) // by mistake
		c.block(blockEventLarge, cpu, c.eventV2(1, -1, ContainerJsonE, json))
		c.block(blockEventV2, cpu, c.eventV2(1, -1, ContainerJsonE, json))
		c.block(blockEventLarge, cpu, wide(60000))
		c.block(blockEventV2, cpu, c.eventV2(1, -1, 60000, json))
		n := 0
		r := read(t, c.buf, func(kind Kind, r *Reader) {
			if kind == KindEvent {
				n++
				if got, _ := r.Event.Str(0); got != string(json[:len(json)-1]) || r.Event.TID != -1 {
					t.Errorf("event %d: %q", n, got)
				}
			}
		})
		if n != 7 || len(r.Warnings()) != 0 {
			t.Errorf("%d events, warnings %+v", n, r.Warnings())
		}
	})
	for code := range Types {
		if got := wideLengths(uint16(code), false, 1, nil, false); got != Types[code].LargePayload() {
			t.Errorf("type %d: four-byte lengths %v", code, got)
		}
	}
}

func TestEarlyLayouts(t *testing.T) {
	f := func(minor, typ uint16, wantType uint16, wantName, args string, values ...[]byte) {
		t.Helper()
		var c capture
		c.section(minor)
		c.block(blockEventV1, c.fields(uint16(0)), c.eventV1(1, 1, typ, values...))
		r := read(t, c.buf, nil)
		e := &r.Event
		if e.Type != wantType || e.Info().Name != wantName {
			t.Errorf("type %d is %d %q", typ, e.Type, e.Info().Name)
		}
		if got := string(AppendArgs(nil, e, nil)); got != args {
			t.Errorf("type %d: args %q, want %q", typ, got, args)
		}
	}
	var c capture
	n64 := func(n int64) []byte { return c.fields(n) }
	n32 := func(n uint32) []byte { return c.fields(n) }

	// One release gave the codes of execve and setpgid to bpf and seccomp.
	f(0, 292, SyscallBpfE, "bpf", "cmd=5", n64(5))
	f(0, 293, SyscallBpfX, "bpf", "res_or_fd=3", append([]byte{0}, n64(3)...))
	f(0, 294, SyscallSeccompE, "seccomp", "op=1", n64(1))
	f(0, 295, SyscallSeccompX, "seccomp", "res=0", n64(0))
	f(1, 292, SyscallExecveV19E, "execve", "filename=/bin/ls", []byte("/bin/ls\x00"))
	f(1, 294, SyscallSetpgidE, "setpgid", "pid=1 pgid=2", n64(1), n64(2))
	f(1, 295, SyscallSetpgidX, "setpgid", "res=0", n64(0))

	f(0, SwitchE, SwitchE, "switch", "next=9 pgft_maj=1 pgft_min=2 next_pgft_maj=3 next_pgft_min=4",
		n64(9), n32(1), n32(2), n32(3), n32(4))
}

// The length of these types counts three bytes that are not there.
func TestPaddedMetaEvents(t *testing.T) {
	for _, typ := range []uint16{NotificationE, InfrastructureEventE} {
		var c capture
		c.section(0)
		ev := c.eventV1(1, -1, typ, []byte("id\x00"), []byte("text\x00"))
		ev[16] += 3
		c.block(blockEventV1, c.fields(uint16(0)), ev, []byte{0, 0, 0})
		r := read(t, c.buf, nil)
		if got, _ := r.Event.Str(1); got != "text" || r.Event.NParams != 2 {
			t.Errorf("type %d: %q, %d parameters, %+v", typ, got, r.Event.NParams, r.Warnings())
		}
	}
}

func TestUnknownType(t *testing.T) {
	var c capture
	c.section(2)
	c.block(blockEventV2, c.fields(uint16(0)), c.eventV2(1, 2, 900, []byte("a\x01b"), nil))
	r := read(t, c.buf, nil)
	e := &r.Event
	info := e.Info()
	if info.Name != "unknown(900)" || info != TypeInfo(900) || info.Code != 900 || !info.Enter {
		t.Errorf("info = %+v", info)
	}
	if got := string(AppendArgs(nil, e, nil)); got != "arg0=a.b arg1=NULL" {
		t.Errorf("args = %q", got)
	}
	if e.Param("fd") != -1 {
		t.Error("an unknown type has named parameters")
	}
}

func TestEventComments(t *testing.T) {
	both(t, func(t *testing.T, c *capture) {
		c.section(2)
		for _, name := range []string{"/x\x00", "/xy\x00", "/xyz\x00", "/xyzw\x00"} { // any padding
			body := append(c.fields(uint16(0)), c.eventV2(1, 2, SyscallUnlinkV2X, c.fields(int64(0)), []byte(name))...)
			for len(body)%4 != 0 {
				body = append(body, 0)
			}
			at := c.block(blockEventV2, body, c.option(1, "seen here"), c.fields(uint32(0)))
			if got := EventComments(c.buf, int64(at), c.big); !slices.Equal(got, []string{"seen here"}) {
				t.Errorf("%q: comments %q", name, got)
			}
		}
		r := read(t, c.buf, nil)
		if len(r.Warnings()) != 0 {
			t.Errorf("warnings = %+v", r.Warnings())
		}
		if at := c.close(0); EventComments(c.buf, int64(at), c.big) != nil {
			t.Error("a comment where there is none")
		}
	})
}

func TestReadEventRefuses(t *testing.T) {
	var c capture
	c.section(2)
	at := int64(c.close(0))
	f := func(offset int64, data []byte) {
		t.Helper()
		if e, ok := ReadEvent(data, offset, false); ok {
			t.Errorf("offset %d: %+v", offset, e)
		}
	}
	f(0, c.buf)
	f(-1, c.buf)
	f(at+4, c.buf)
	f(int64(len(c.buf)), c.buf)
	f(at, c.buf[:len(c.buf)-1])
}

func TestSum16(t *testing.T) {
	b := make([]byte, 0, 40)
	want := 0
	for i := range 20 {
		n := uint16(i * 3277)
		b = append(b, byte(n), byte(n>>8))
		want += int(n)
		if got := sum16(b); got != want {
			t.Errorf("%d numbers: %d, want %d", i+1, got, want)
		}
	}
}

func TestNextDoesNotAllocate(t *testing.T) {
	var c capture
	c.section(2)
	for range 1000 {
		c.close(0)
	}
	s, err := NewSource("test", c.buf)
	if err != nil {
		t.Fatal(err)
	}
	r := NewReader(s)
	r.Next()
	if n := testing.AllocsPerRun(900, func() { r.Next() }); n != 0 {
		t.Errorf("%v allocations an event", n)
	}
}
