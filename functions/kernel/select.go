package kernel

import (
	"encoding/binary"
	"math/bits"

	"github.com/apache/arrow/go/v17/arrow"
)

// SelectTrue appends to sel the rows of a BOOLEAN column that are true, in order.
func SelectTrue(v Vec, sel []int32, n int) []int32 {
	if KindOf(v.DataType()) == Null {
		return sel
	}
	if v.Const {
		if Value(v.Array, 0) == true {
			for i := range int32(n) {
				sel = append(sel, i)
			}
		}
		return sel
	}
	return SelectBits(TrueBits(v.Array), sel, n)
}

// TrueBits returns a bitmap of the rows of a BOOLEAN array that are true, not NULL.
func TrueBits(a arrow.Array) []byte {
	values := Bits(a)
	if valid := ValidityOf(a); valid.Bits != nil {
		both := make([]byte, bitBytes(a.Len()))
		andBits(both, values, valid.Bits)
		return both
	}
	return values
}

// SelectBits appends the numbers of the ones among the first n bits.
func SelectBits(b []byte, sel []int32, n int) []int32 {
	i := 0
	for ; i+64 <= n; i += 64 {
		w := binary.LittleEndian.Uint64(b[i>>3:])
		for ; w != 0; w &= w - 1 {
			sel = append(sel, int32(i+bits.TrailingZeros64(w)))
		}
	}
	for ; i < n; i++ {
		if b[i>>3]&(1<<(i&7)) != 0 {
			sel = append(sel, int32(i))
		}
	}
	return sel
}
