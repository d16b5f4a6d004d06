package scap

import (
	"encoding/binary"
	"math/bits"
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
