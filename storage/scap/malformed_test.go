package scap

import (
	"encoding/binary"
	"slices"
	"strings"
	"testing"
)

// Damage is a warning with its place; what is good before and after it is delivered.
// Each case builds a capture whose good blocks are a section and close events.
func TestMalformed(t *testing.T) {
	const (
		section = KindSection
		event   = KindEvent
		threads = KindThreads
		fds     = KindFDs
		users   = KindUsers
		itfs    = KindInterfaces
		machine = KindMachine
	)
	le := binary.LittleEndian
	for _, test := range []struct {
		name  string
		build func(c *capture) (at int)
		want  []Kind
		warn  string
		text  string
		cut   bool // the capture ends there
	}{
		{
			name:  "no events",
			build: func(c *capture) int { return len(c.buf) },
			want:  []Kind{section}, warn: WarnNoEvents,
		},
		{
			name: "header broken off",
			build: func(c *capture) int {
				c.buf = c.buf[:20]
				return 0
			},
			warn: WarnTruncated, text: "offset 0", cut: true,
		},
		{
			name: "broken off in a block's header",
			build: func(c *capture) int {
				c.close(0)
				at := c.close(0)
				c.buf = c.buf[:at+7]
				return at
			},
			want: []Kind{section, event}, warn: WarnTruncated, cut: true,
		},
		{
			name: "broken off in a block's body",
			build: func(c *capture) int {
				c.close(0)
				at := c.close(0)
				c.buf = c.buf[:len(c.buf)-1]
				return at
			},
			want: []Kind{section, event}, warn: WarnTruncated, cut: true,
		},
		{
			name: "block length below the least",
			build: func(c *capture) int {
				c.close(0)
				at := c.close(0)
				le.PutUint32(c.buf[at+4:], 8)
				c.close(0)
				return at
			},
			want: []Kind{section, event, event}, warn: WarnBlock, text: "length 8; 52 bytes skipped",
		},
		{
			name: "block length beyond the capture",
			build: func(c *capture) int {
				at := c.close(0)
				le.PutUint32(c.buf[at+4:], 4096)
				c.close(0)
				c.close(0)
				return at
			},
			want: []Kind{section, event, event}, warn: WarnBlock, text: "longer than the rest of the capture; 52 bytes skipped",
		},
		{
			name: "block length into the next block",
			build: func(c *capture) int {
				at := c.close(0)
				le.PutUint32(c.buf[at+4:], 60)
				c.close(0)
				c.close(0)
				return at
			},
			want: []Kind{section, event, event}, warn: WarnBlock, text: "wrong length; 52 bytes skipped",
		},
		{
			name: "missing bytes",
			build: func(c *capture) int {
				at := c.close(0)
				c.buf = c.buf[:len(c.buf)-9]
				c.close(0)
				c.close(0)
				return at
			},
			want: []Kind{section, event, event}, warn: WarnBlock, text: "43 bytes skipped",
		},
		{
			name: "two places",
			build: func(c *capture) int {
				at := c.close(0)
				le.PutUint32(c.buf[at+4:], 0)
				c.close(0)
				le.PutUint32(c.buf[c.close(0)+4:], 3)
				c.close(0)
				return at
			},
			want: []Kind{section, event, event}, warn: WarnBlock, text: "length 0; 104 bytes skipped",
		},
		{
			name: "later section of the other byte order whose length is damaged",
			build: func(c *capture) int {
				c.close(0)
				c.big = true
				at := c.section(2)
				c.buf[at+7] = 3
				c.big = false
				c.close(0)
				c.close(0)
				return at
			},
			want: []Kind{section, event, event, event}, warn: WarnBlock, text: "length 3; 28 bytes skipped",
		},
		{
			name: "event whose type is damaged",
			build: func(c *capture) int {
				c.close(0)
				at := c.close(0)
				c.buf[at] ^= 0x40
				c.close(0)
				return at
			},
			want: []Kind{section, event, event}, warn: WarnBlock, text: "type 0x256, which no program writes; 52 bytes skipped",
		},
		{
			name: "event whose type is damaged into that of users",
			build: func(c *capture) int {
				c.close(0)
				at := c.close(0)
				c.buf[at] ^= 0x10
				c.close(0)
				return at
			},
			want: []Kind{section, event, event}, warn: WarnBlock, text: "type 0x206 after events: user record does not fit; 52 bytes skipped",
		},
		{
			name: "block length beyond reason",
			build: func(c *capture) int {
				at := c.close(0)
				le.PutUint32(c.buf[at+4:], 1<<31)
				return at
			},
			want: []Kind{section}, warn: WarnBlock, cut: true,
		},
		{
			name: "event block of odd length",
			build: func(c *capture) int {
				at := len(c.buf)
				c.buf = append(c.buf, c.fields(uint32(blockEventV2), uint32(15), []byte{1, 2, 3}, uint32(15))...)
				c.close(0)
				return at
			},
			want: []Kind{section, event}, warn: WarnEvent,
		},
		{
			name: "event lengths differ",
			build: func(c *capture) int {
				at := c.close(0)
				le.PutUint32(c.buf[len(c.buf)-4:], 0)
				c.close(0)
				return at
			},
			want: []Kind{section, event, event}, warn: WarnTrailer,
		},
		{
			name: "metadata lengths differ",
			build: func(c *capture) int {
				at := c.block(blockUsersV1)
				le.PutUint32(c.buf[len(c.buf)-4:], 0)
				c.close(0)
				return at
			},
			want: []Kind{section, users, event}, warn: WarnTrailer,
		},
		{
			name: "metadata lengths differ and nothing follows",
			build: func(c *capture) int {
				at := c.block(blockUsersV1)
				le.PutUint32(c.buf[len(c.buf)-4:], 0)
				c.block(0x7777)
				return at
			},
			want: []Kind{section}, warn: WarnBlock, text: "no end", cut: true,
		},
		{
			name: "unknown blocks",
			build: func(c *capture) int {
				at := c.block(1, []byte("interface description"))
				c.block(6, []byte("packet"))
				c.close(0)
				return at
			},
			want: []Kind{section, event}, warn: WarnUnknownBlock, text: "0x1",
		},
		{
			name: "metadata after events",
			build: func(c *capture) int {
				c.close(0)
				at := c.block(blockUsersV1)
				return at
			},
			want: []Kind{section, event, users}, warn: WarnLateBlock,
		},
		{
			name: "later section without byte order",
			build: func(c *capture) int {
				c.close(0)
				at := c.section(2)
				le.PutUint32(c.buf[at+8:], 0)
				return at
			},
			want: []Kind{section, event}, warn: WarnBlock, text: "byte order", cut: true,
		},
		{
			name: "later section of a newer format",
			build: func(c *capture) int {
				c.close(0)
				at := c.section(2)
				le.PutUint16(c.buf[at+12:], 2)
				return at
			},
			want: []Kind{section, event}, warn: WarnBlock, text: "newer format 2.2", cut: true,
		},
		{
			name: "section header too short",
			build: func(c *capture) int {
				c.close(0)
				return c.block(blockSection, c.fields(uint32(byteOrderMagic)))
			},
			want: []Kind{section, event}, warn: WarnBlock, text: "too short", cut: true,
		},
		{
			name:  "machine too short",
			build: func(c *capture) int { return c.block(blockMachine, make([]byte, 20)) },
			want:  []Kind{section, machine}, warn: WarnBlock,
		},
		{
			name: "thread text beyond its block",
			build: func(c *capture) int {
				return c.block(blockThreadsV1, c.fields(int64(1), int64(1), int64(0), uint16(500), []byte("x")))
			},
			want: []Kind{section, threads}, warn: WarnBlock,
		},
		{
			name: "thread text beyond its limit",
			build: func(c *capture) int {
				return c.block(blockThreadsV1, c.fields(int64(1), int64(1), int64(0), strings.Repeat("x", 1025), make([]byte, 100)))
			},
			want: []Kind{section, threads}, warn: WarnBlock,
		},
		{
			name: "thread record shorter than its fields",
			build: func(c *capture) int {
				return c.block(blockThreadsV9, c.counted(c.thread(9)[:40]))
			},
			want: []Kind{section, threads}, warn: WarnBlock,
		},
		{
			name:  "thread record of no length",
			build: func(c *capture) int { return c.block(blockThreadsV9, make([]byte, 40)) },
			want:  []Kind{section, threads}, warn: WarnBlock,
		},
		{
			name:  "thread record beyond its block",
			build: func(c *capture) int { return c.block(blockThreadsV9, c.fields(uint32(1<<31), c.thread(9))) },
			want:  []Kind{section, threads}, warn: WarnBlock,
		},
		{
			name:  "fd list without a thread",
			build: func(c *capture) int { return c.block(blockFDsV2, make([]byte, 4)) },
			want:  []Kind{section, fds}, warn: WarnBlock,
		},
		{
			name: "fd record beyond its block",
			build: func(c *capture) int {
				return c.block(blockFDsV2, c.fields(int64(1), uint32(60), int64(3)))
			},
			want: []Kind{section, fds}, warn: WarnBlock,
		},
		{
			name: "fd record shorter than its fields",
			build: func(c *capture) int {
				return c.block(blockFDsV2, c.fields(int64(1)), c.counted(c.fields(int64(3), uint64(0), uint8(FDIPv4), uint32(0))))
			},
			want: []Kind{section, fds}, warn: WarnBlock,
		},
		{
			name:  "user record beyond its block",
			build: func(c *capture) int { return c.block(blockUsersV2, c.fields(uint32(90), uint8(0))) },
			want:  []Kind{section, users}, warn: WarnBlock,
		},
		{
			name: "user name beyond its block",
			build: func(c *capture) int {
				return c.block(blockUsersV1, c.fields(uint8(0), uint32(1), uint32(1), uint16(9)))
			},
			want: []Kind{section, users}, warn: WarnBlock,
		},
		{
			name:  "interface of unknown type",
			build: func(c *capture) int { return c.block(blockInterfacesV1, c.fields(uint16(9), uint16(0))) },
			want:  []Kind{section, itfs}, warn: WarnBlock,
		},
		{
			name:  "interface record of no length",
			build: func(c *capture) int { return c.block(blockInterfacesV2, make([]byte, 12)) },
			want:  []Kind{section, itfs}, warn: WarnBlock,
		},
		{
			name: "interface name beyond its record",
			build: func(c *capture) int {
				return c.block(blockInterfacesV1, c.fields(uint16(1), uint16(99), make([]byte, 20)))
			},
			want: []Kind{section, itfs}, warn: WarnBlock,
		},
		{
			name:  "event without room for a header",
			build: func(c *capture) int { return c.block(blockEventV2, make([]byte, 8)) },
			want:  []Kind{section}, warn: WarnEvent, text: "header",
		},
		{
			name:  "event with flags without room for them",
			build: func(c *capture) int { return c.block(blockFlagsEventV2) },
			want:  []Kind{section}, warn: WarnEvent, text: "header",
		},
		{
			name:  "old event without room for a header",
			build: func(c *capture) int { return c.block(blockEventV1, make([]byte, 8)) },
			want:  []Kind{section}, warn: WarnEvent, text: "header",
		},
		{
			name: "event longer than its block",
			build: func(c *capture) int {
				at := c.close(0)
				le.PutUint32(c.buf[at+26:], 1000)
				return at
			},
			want: []Kind{section}, warn: WarnEvent, text: "event length",
		},
		{
			name: "event shorter than its header",
			build: func(c *capture) int {
				at := c.close(0)
				le.PutUint32(c.buf[at+26:], 10)
				return at
			},
			want: []Kind{section}, warn: WarnEvent, text: "event length",
		},
		{
			name: "more parameters than bytes",
			build: func(c *capture) int {
				at := c.close(0)
				le.PutUint32(c.buf[at+32:], 1<<31)
				return at
			},
			want: []Kind{section}, warn: WarnEvent, text: "more parameters",
		},
		{
			name: "parameters longer than the event",
			build: func(c *capture) int {
				at := c.close(0)
				le.PutUint16(c.buf[at+36:], 9)
				c.close(0)
				return at
			},
			want: []Kind{section, event}, warn: WarnEvent, text: "longer",
		},
		{
			name: "wide parameters longer than the event",
			build: func(c *capture) int {
				return c.block(blockEventV2, c.fields(uint16(0)), c.fields(uint64(1), int64(-1),
					uint32(eventLen+4), uint16(ContainerJsonV2E), uint32(1), uint32(1<<31)))
			},
			want: []Kind{section}, warn: WarnEvent, text: "longer",
		},
		{
			name: "old event that its parameters do not fill",
			build: func(c *capture) int {
				return c.block(blockEventV1, c.fields(uint16(0), uint64(1), int64(1),
					uint32(eventV1Len+5), uint16(SyscallCloseX), uint16(8), []byte{1, 2, 3}))
			},
			want: []Kind{section}, warn: WarnEvent, text: "do not fill",
		},
		{
			name: "old event with half a length",
			build: func(c *capture) int {
				return c.block(blockEventV1, c.fields(uint16(0), uint64(1), int64(1),
					uint32(eventV1Len+1), uint16(SyscallCloseX), uint8(0)))
			},
			want: []Kind{section}, warn: WarnEvent, text: "do not fill",
		},
	} {
		t.Run(test.name, func(t *testing.T) {
			var c capture
			c.section(2)
			at := int64(test.build(&c))
			got, r := kinds(t, c.buf)
			if !slices.Equal(got, test.want) {
				t.Errorf("kinds = %v, want %v", got, test.want)
			}
			w := warned(r, test.warn)
			if w == nil {
				t.Fatalf("no warning %q in %+v", test.warn, r.Warnings())
			}
			if w.Offset != at || !strings.Contains(w.Message, test.text) || w.Count < 1 {
				t.Errorf("warning = %+v, want offset %d", w, at)
			}
			want := int64(-1)
			if test.cut {
				want = at
			}
			if r.TruncatedAt() != want {
				t.Errorf("truncated at %d, want %d", r.TruncatedAt(), want)
			}
		})
	}
}

// Damage of one kind is one warning with a count and the first place.
func TestWarningsAggregate(t *testing.T) {
	var c capture
	c.section(2)
	first := c.block(0x80007777)
	for range 9 {
		c.block(0xBAD)
	}
	c.close(0)
	r := read(t, c.buf, nil)
	if w := r.Warnings(); len(w) != 1 || w[0].Count != 10 || w[0].Offset != int64(first) || !strings.Contains(w[0].Message, "0x80007777") {
		t.Errorf("warnings = %+v", w)
	}
}

// More parameters than any type has are fine while they fit.
func TestManyParameters(t *testing.T) {
	var c capture
	c.section(2)
	values := make([][]byte, 100)
	for i := range values {
		values[i] = []byte{byte(i)}
	}
	c.block(blockEventV2, c.fields(uint16(0)), c.eventV2(1, 2, SyscallCloseX, values...))
	r := read(t, c.buf, nil)
	if v := r.Event.Raw(99); r.Event.NParams != 100 || len(v) != 1 || v[0] != 99 {
		t.Errorf("%d parameters, last %v, %+v", r.Event.NParams, v, r.Warnings())
	}
}

// Libraries that rewrite an old capture write too small a length for its interfaces.
func TestShortInterfacesBlock(t *testing.T) {
	both(t, func(t *testing.T, c *capture) {
		c.section(2)
		ip := []byte{10, 0, 0, 1}
		record := c.fields(uint16(1), uint16(4), ip, ip, ip, uint64(0), []byte("eth0"))
		record = append(c.fields(uint32(len(record))), record...)
		at := c.block(blockInterfacesV2, record, record, record)
		short := c.fields(uint32(len(c.buf) - at - 4*3))
		copy(c.buf[at+4:], short)
		copy(c.buf[len(c.buf)-4:], short)
		c.close(0)
		got, r := kinds(t, c.buf)
		if !slices.Equal(got, []Kind{KindSection, KindInterfaces, KindEvent}) || len(r.Interfaces) != 3 {
			t.Errorf("kinds = %v, interfaces %+v, warnings %+v", got, r.Interfaces, r.Warnings())
		}
	})
}
