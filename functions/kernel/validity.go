package kernel

import (
	"encoding/binary"
	"math/bits"

	"github.com/apache/arrow/go/v17/arrow"
	"github.com/apache/arrow/go/v17/arrow/memory"
)

// Validity says which rows of a column hold a value: bit i of Bits, counted from the
// lowest bit of the first byte, is 1 where row i is not NULL. Nil Bits mean that no row
// is NULL. Bits past the last row may be anything.
type Validity struct {
	Bits  []byte
	Nulls int
}

// ValidityOf returns the validity of an array, moved to bit 0. It does not ask the array
// to count its nulls, because arrays cache that count without a lock.
func ValidityOf(a arrow.Array) Validity {
	d := a.Data()
	n := d.Len()
	if d.DataType().ID() == arrow.NULL {
		return AllNull(n)
	}
	known := d.NullN()
	if known == 0 || len(d.Buffers()) == 0 || d.Buffers()[0] == nil || d.Buffers()[0].Len() == 0 {
		return Validity{}
	}
	v := Validity{Bits: shiftBits(d.Buffers()[0].Bytes(), d.Offset(), n), Nulls: known}
	if known < 0 {
		v.Nulls = n - CountBits(v.Bits, n)
	}
	if v.Nulls == 0 {
		return Validity{}
	}
	return v
}

// AllNull is the validity of n NULLs.
func AllNull(n int) Validity {
	if n == 0 {
		return Validity{}
	}
	return Validity{Bits: make([]byte, bitBytes(n)), Nulls: n}
}

// NewValidity takes ownership of a bitmap of n rows.
func NewValidity(bitmap []byte, n int) Validity {
	nulls := n - CountBits(bitmap, n)
	if nulls == 0 {
		return Validity{}
	}
	return Validity{Bits: bitmap, Nulls: nulls}
}

// Valid reports whether row i is not NULL.
func (v Validity) Valid(i int) bool {
	return v.Bits == nil || v.Bits[i>>3]&(1<<(i&7)) != 0
}

// And returns the validity of rows that are valid in both.
func (v Validity) And(o Validity, n int) Validity {
	switch {
	case v.Bits == nil:
		return o
	case o.Bits == nil:
		return v
	}
	out := make([]byte, bitBytes(n))
	andBits(out, v.Bits, o.Bits)
	return NewValidity(out, n)
}

// Slice returns the validity of rows i to j.
func (v Validity) Slice(i, j int) Validity {
	if v.Bits == nil {
		return v
	}
	return NewValidity(shiftBits(v.Bits, i, j-i), j-i)
}

func (v Validity) buffer() *memory.Buffer {
	if v.Bits == nil {
		return nil
	}
	return memory.NewBufferBytes(v.Bits)
}

// RowValidity returns the validity of n rows of a column, constant or not.
func RowValidity(v Vec, n int) Validity {
	va := ValidityOf(v.Array)
	if !v.Const || va.Bits == nil {
		return va
	}
	return AllNull(n)
}

// Bitmap is a bitmap under construction.
type Bitmap []byte

// NewBitmap makes a bitmap of n zero bits.
func NewBitmap(n int) Bitmap { return make(Bitmap, bitBytes(n)) }

// Set sets bit i.
func (b Bitmap) Set(i int) { b[i>>3] |= 1 << (i & 7) }

// Clear clears bit i.
func (b Bitmap) Clear(i int) { b[i>>3] &^= 1 << (i & 7) }

// Get returns bit i.
func (b Bitmap) Get(i int) bool { return b[i>>3]&(1<<(i&7)) != 0 }

// SetAll sets the first n bits.
func (b Bitmap) SetAll(n int) {
	for i := range b[:bitBytes(n)] {
		b[i] = 0xff
	}
}

// CountBits counts the ones among the first n bits.
func CountBits(b []byte, n int) int {
	count, full := 0, n>>3
	i := 0
	for ; i+8 <= full; i += 8 {
		count += bits.OnesCount64(binary.LittleEndian.Uint64(b[i:]))
	}
	for ; i < full; i++ {
		count += bits.OnesCount8(b[i])
	}
	if rest := n & 7; rest != 0 {
		count += bits.OnesCount8(b[full] & (1<<rest - 1))
	}
	return count
}

func bitBytes(n int) int { return (n + 7) >> 3 }

// shiftBits returns n bits of b from bit off on, as a bitmap that begins at bit 0. It
// shares memory with b when off is a multiple of eight.
func shiftBits(b []byte, off, n int) []byte {
	first, shift := off>>3, uint(off&7)
	if shift == 0 {
		return b[first : first+bitBytes(n)]
	}
	out := make([]byte, bitBytes(n))
	src := b[first:]
	for i := range out {
		x := src[i] >> shift
		if i+1 < len(src) {
			x |= src[i+1] << (8 - shift)
		}
		out[i] = x
	}
	return out
}

func andBits(out, a, b []byte) {
	a, b = a[:len(out)], b[:len(out)]
	i := 0
	for ; i+8 <= len(out); i += 8 {
		binary.LittleEndian.PutUint64(out[i:], binary.LittleEndian.Uint64(a[i:])&binary.LittleEndian.Uint64(b[i:]))
	}
	for ; i < len(out); i++ {
		out[i] = a[i] & b[i]
	}
}

// appendBits copies n bits of src from bit off on to dst at bit at, where dst is zero.
func appendBits(dst []byte, at int, src []byte, off, n int) {
	if at&7 == 0 && off&7 == 0 {
		copy(dst[at>>3:], src[off>>3:off>>3+n>>3])
		for i := n &^ 7; i < n; i++ {
			if src[(off+i)>>3]&(1<<((off+i)&7)) != 0 {
				dst[(at+i)>>3] |= 1 << ((at + i) & 7)
			}
		}
		return
	}
	for i := range n {
		if src[(off+i)>>3]&(1<<((off+i)&7)) != 0 {
			dst[(at+i)>>3] |= 1 << ((at + i) & 7)
		}
	}
}

// setBits sets n bits of dst from bit at on.
func setBits(dst []byte, at, n int) {
	i := at
	for ; i < at+n && i&7 != 0; i++ {
		dst[i>>3] |= 1 << (i & 7)
	}
	for ; i+8 <= at+n; i += 8 {
		dst[i>>3] = 0xff
	}
	for ; i < at+n; i++ {
		dst[i>>3] |= 1 << (i & 7)
	}
}
