package scap

import (
	"net/netip"
	"testing"
)

func TestInt(t *testing.T) {
	both(t, func(t *testing.T, c *capture) {
		f := func(typ ParamType, v []byte, want int64, ok bool) {
			t.Helper()
			got, gotOK := integer(typ, v, c.big)
			if got != want || gotOK != ok {
				t.Errorf("type %d of %v = %d, %v, want %d, %v", typ, v, got, gotOK, want, ok)
			}
		}
		f(ParamInt8, []byte{0xff}, -1, true)
		f(ParamUint8, []byte{0xff}, 255, true)
		f(ParamInt16, c.fields(uint16(0xfffe)), -2, true)
		f(ParamUint16, c.fields(uint16(0xfffe)), 0xfffe, true)
		f(ParamInt32, c.fields(uint32(1<<32-3)), -3, true)
		f(ParamUint32, c.fields(uint32(1<<32-3)), 1<<32-3, true)
		f(ParamUint64, c.fields(uint64(1<<64-4)), -4, true)
		f(ParamPID, c.fields(int64(-5)), -5, true)
		f(ParamPID, c.fields(uint32(5)), 0, false)
		f(ParamUID, c.fields(uint32(1<<32-1)), 1<<32-1, true)
		f(ParamPID32, c.fields(uint32(1<<32-1)), -1, true)
		f(ParamCharBuf, nil, 0, false)
		f(ParamByteBuf, []byte{1}, 0, false)
		for typ := range intWidth {
			if intWidth[typ] != 0 {
				f(ParamType(typ), []byte{1, 2, 3}, 0, false)
			}
		}
	})
}

func TestValues(t *testing.T) {
	both(t, func(t *testing.T, c *capture) {
		e := event(t, c, SyscallReadX, c.fields(int64(3)), []byte("ab\x00c"))
		if b, ok := e.Bytes(1); string(b) != "ab\x00c" || !ok {
			t.Errorf("bytes = %q, %v", b, ok)
		}
		if s, ok := e.Str(1); s != "ab" || !ok {
			t.Errorf("text = %q, %v", s, ok)
		}
		if b, ok := e.Bytes(2); b != nil || ok {
			t.Errorf("missing parameter = %v, %v", b, ok)
		}
		if _, ok := e.Int(-1); ok {
			t.Error("a parameter of negative index")
		}
		if i := e.Param("data"); i != 1 {
			t.Errorf("data is parameter %d", i)
		}

		e = event(t, c, SyscallUnlinkV2X, c.fields(int64(0)), []byte("no NUL"))
		if s, ok := e.Str(1); s != "no NUL" || !ok {
			t.Errorf("text without NUL = %q, %v", s, ok)
		}
		e = event(t, c, SyscallUnlinkV2X, c.fields(int64(0)), []byte("(NULL)\x00"))
		if s, ok := e.Str(1); s != "" || ok {
			t.Errorf("absent text = %q, %v", s, ok)
		}

		v4, v6 := []byte{1, 2, 3, 4}, netip.MustParseAddr("fd00::1").As16()
		e = event(t, c, SocketConnectX, c.fields(int64(0)), c.fields(uint8(2), v4, uint16(80), v4, uint16(81)))
		want := Tuple{Family: 2, Src: netip.AddrFrom4([4]byte(v4)), Dst: netip.AddrFrom4([4]byte(v4)), SrcPort: 80, DstPort: 81}
		if got, ok := e.Tuple(1); got != want || !ok {
			t.Errorf("tuple = %+v, %v", got, ok)
		}
		if _, ok := e.Tuple(0); ok {
			t.Error("an errno is a tuple")
		}
		if _, ok := e.Addr(1); ok {
			t.Error("a tuple is an address")
		}
		e = event(t, c, SocketConnectX, c.fields(int64(0)), c.fields(uint8(1), uint64(5), uint64(6), []byte("/s\x00")))
		if got, ok := e.Tuple(1); (got != Tuple{Family: 1, UnixSrc: 5, UnixDst: 6, Path: "/s"}) || !ok {
			t.Errorf("unix tuple = %+v, %v", got, ok)
		}

		e = event(t, c, SocketBindX, c.fields(int64(0)), c.fields(uint8(10), v6[:], uint16(80)))
		if got, ok := e.Addr(1); (got != SockAddr{Family: 10, Addr: netip.AddrFrom16(v6), Port: 80}) || !ok {
			t.Errorf("address = %+v, %v", got, ok)
		}
		e = event(t, c, SocketBindX, c.fields(int64(0)), nil)
		if got, ok := e.Addr(1); ok {
			t.Errorf("absent address = %+v", got)
		}
	})
}

func TestSyscallName(t *testing.T) {
	f := func(id uint16, want string) {
		t.Helper()
		if got := SyscallName(id); got != want {
			t.Errorf("%d = %q, want %q", id, got, want)
		}
	}
	f(0, "unknown")
	f(3, "read")
	f(382, "")
	f(60000, "")
}

// The generated table is what the constants and the code around it assume.
func TestTypes(t *testing.T) {
	f := func(code uint16, name string, enter bool) {
		t.Helper()
		if ty := TypeInfo(code); ty.Code != code || ty.Name != name || ty.Enter != enter {
			t.Errorf("%d = %+v", code, ty)
		}
	}
	f(SyscallOpenX, "open", false)
	f(SwitchE, "switch", true)
	f(ContainerJsonV2E, "container", true)
	f(SyscallKeyctlX, "keyctl", false)
	for code, want := range map[uint16]bool{
		SyscallReadE: true, GenericE: true, SyscallReadX: false,
		SwitchE: false, SyscallOpenatV2E: false, SocketConnectE: false,
	} {
		if got := Types[code].ShowsEnters(); got != want {
			t.Errorf("%s %d shows enters: %v", Types[code].Name, code, got)
		}
	}
	for i := range Types {
		ty := &Types[i]
		if int(ty.Code) != i || ty.Enter != (i%2 == 0) {
			t.Errorf("%d = %+v", i, ty)
		}
		if int(ty.FD) >= len(ty.Params) || ty.FD >= 0 && ty.Params[ty.FD].Type != ParamFD {
			t.Errorf("%d: fd is parameter %d of %d", i, ty.FD, len(ty.Params))
		}
		for _, p := range ty.Params {
			if int(p.DirFD) >= len(ty.Params) || (p.Type == ParamDyn) != (p.Variants != nil) {
				t.Errorf("%d: parameter %+v", i, p)
			}
		}
		if ty.Category.String() == "" {
			t.Errorf("%d: category without a name", i)
		}
	}
}
