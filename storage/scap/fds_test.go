package scap

import (
	"net/netip"
	"reflect"
	"testing"
)

func TestFDs(t *testing.T) {
	both(t, func(t *testing.T, c *capture) {
		ip4, ip4b := []byte{10, 0, 0, 1}, []byte{10, 0, 0, 2}
		ip6 := make([]byte, 16)
		ip6[0], ip6[15] = 0xfd, 1
		record := func(num int64, typ FDType, payload ...any) []byte {
			return append(c.fields(num, uint64(99), uint8(typ)), c.fields(payload...)...)
		}
		records := [][]byte{
			record(0, FDFile, "/a"),
			record(1, FDIPv4, ip4, ip4b, uint16(80), uint16(81), L4TCP),
			record(2, FDIPv6, ip6, ip6, uint16(80), uint16(81), L4UDP),
			record(3, FDIPv4Server, ip4, uint16(80), L4TCP),
			record(4, FDIPv6Server, ip6, uint16(80), L4TCP),
			record(5, FDUnix, uint64(6), uint64(7), "/sock"),
			record(6, FDFileV2, uint32(1), "/b"),
			record(7, FDPidfd, "[pidfd]"),
		}
		a4, b4 := netip.AddrFrom4([4]byte(ip4)), netip.AddrFrom4([4]byte(ip4b))
		a6 := netip.AddrFrom16([16]byte(ip6))
		want := []FD{
			{Num: 0, Type: FDFile, Name: "/a"},
			{Num: 1, Type: FDIPv4, Src: a4, Dst: b4, SrcPort: 80, DstPort: 81, L4: L4TCP},
			{Num: 2, Type: FDIPv6, Src: a6, Dst: a6, SrcPort: 80, DstPort: 81, L4: L4UDP},
			{Num: 3, Type: FDIPv4Server, Src: a4, SrcPort: 80, L4: L4TCP},
			{Num: 4, Type: FDIPv6Server, Src: a6, SrcPort: 80, L4: L4TCP},
			{Num: 5, Type: FDUnix, UnixSrc: 6, UnixDst: 7, Name: "/sock"},
			{Num: 6, Type: FDFileV2, OpenFlags: 1, Name: "/b"},
			{Num: 7, Type: FDPidfd, Name: "[pidfd]"},
		}
		for i := range want {
			want[i].Ino = 99
		}
		check := func(typ uint32, want []FD, body ...[]byte) {
			t.Helper()
			c := &capture{big: c.big}
			c.section(2)
			c.block(typ, append([][]byte{c.fields(int64(77))}, body...)...)
			r := read(t, c.buf, nil)
			if r.FDs.Tid != 77 || !reflect.DeepEqual(r.FDs.FDs, want) || warned(r, WarnBlock) != nil {
				t.Errorf("%#x: %+v\nwant %+v\nwarnings %+v", typ, r.FDs, want, r.Warnings())
			}
		}
		check(blockFDsV1, want, records...)
		check(blockFDsV1Int, want, records...)

		counted := make([][]byte, len(records))
		for i, r := range records {
			counted[i] = c.counted(append(r, 1)) // a byte of later years
		}
		check(blockFDsV2, want, counted...)

		withDev := want[6]
		withDev.Dev = 0xFE00
		check(blockFDsV2, []FD{withDev}, c.counted(append(records[6], c.fields(uint32(0xFE00))...)))

		unknown := FD{Num: 8, Ino: 99, Type: 40, Name: "unknown-type:[40]"}
		check(blockFDsV2, []FD{unknown, want[0]}, c.counted(record(8, 40, uint64(1))), c.counted(records[0]))
	})
}

// A list whose records do not know their lengths ends at an unknown type.
func TestFDsUnknownTypeV1(t *testing.T) {
	var c capture
	c.section(0)
	at := c.block(blockFDsV1, c.fields(int64(1),
		int64(3), uint64(0), uint8(FDFile), "/a",
		int64(4), uint64(0), uint8(40), uint64(1)))
	c.close(0)
	list, r := kinds(t, c.buf)
	if len(list) != 3 || len(r.FDs.FDs) != 1 {
		t.Errorf("kinds %v, list %+v", list, r.FDs)
	}
	if w := warned(r, WarnBlock); w == nil || w.Offset != int64(at) {
		t.Errorf("warnings = %+v", r.Warnings())
	}
}

func TestFDTypeText(t *testing.T) {
	f := func(typ FDType, char byte, text string) {
		t.Helper()
		if typ.Char() != char || typ.String() != text {
			t.Errorf("type %d = %c %q, want %c %q", typ, typ.Char(), typ, char, text)
		}
	}
	f(FDUnknown, 'o', "")
	f(FDFile, 'f', "file")
	f(FDIPv6Server, '6', "ipv6")
	f(FDUnix, 'u', "unix")
	f(FDEvent, 'e', "event")
	f(FDUnsupported, 'X', "")
	f(FDFileV2, 'f', "file")
	f(FDPidfd, 'P', "pidfd")
	f(200, 'o', "")
}
