package scap

import (
	"encoding/binary"
	"math/bits"
	"net/netip"
)

func u16(b []byte, swapped bool) uint16 {
	v := binary.LittleEndian.Uint16(b)
	if swapped {
		v = bits.ReverseBytes16(v)
	}
	return v
}

func u32(b []byte, swapped bool) uint32 {
	v := binary.LittleEndian.Uint32(b)
	if swapped {
		v = bits.ReverseBytes32(v)
	}
	return v
}

func u64(b []byte, swapped bool) uint64 {
	v := binary.LittleEndian.Uint64(b)
	if swapped {
		v = bits.ReverseBytes64(v)
	}
	return v
}

// cursor reads the fields of a record one after the other. Once a field does not fit,
// short is set and every further field is zero.
type cursor struct {
	b       []byte
	swapped bool
	short   bool
}

// take returns the next n bytes, or nil.
func (c *cursor) take(n int) []byte {
	if c.short || n > len(c.b) {
		c.short = true
		return nil
	}
	v := c.b[:n:n]
	c.b = c.b[n:]
	return v
}

func (c *cursor) u8() uint8 {
	if v := c.take(1); v != nil {
		return v[0]
	}
	return 0
}

func (c *cursor) u16() uint16 {
	if v := c.take(2); v != nil {
		return u16(v, c.swapped)
	}
	return 0
}

func (c *cursor) u32() uint32 {
	if v := c.take(4); v != nil {
		return u32(v, c.swapped)
	}
	return 0
}

func (c *cursor) u64() uint64 {
	if v := c.take(8); v != nil {
		return u64(v, c.swapped)
	}
	return 0
}

func (c *cursor) i64() int64 { return int64(c.u64()) }

// ipv4 and ipv6 read addresses, which stand in network order in every capture.
func (c *cursor) ipv4() netip.Addr {
	if v := c.take(4); v != nil {
		return netip.AddrFrom4([4]byte(v))
	}
	return netip.Addr{}
}

func (c *cursor) ipv6() netip.Addr {
	if v := c.take(16); v != nil {
		return netip.AddrFrom16([16]byte(v))
	}
	return netip.Addr{}
}

// text reads a string that its length precedes. A length above limit is damage.
func (c *cursor) text(limit int) string {
	n := int(c.u16())
	if n > limit {
		c.short = true
		return ""
	}
	return string(c.take(n))
}

// list reads a string of parts that each end in NUL; the last NUL may be missing.
func (c *cursor) list(limit int) []string {
	return splitNUL(c.text(limit))
}

// fits reports whether n more bytes are left.
func (c *cursor) fits(n int) bool { return !c.short && len(c.b) >= n }

// record takes a record that its length precedes, the length counting itself; false
// when the length cannot be right.
func (c *cursor) record() (cursor, bool) {
	n := c.u32()
	if n <= 4 || uint64(n)-4 > uint64(len(c.b)) {
		return cursor{}, false
	}
	return cursor{b: c.take(int(n) - 4), swapped: c.swapped}, true
}
