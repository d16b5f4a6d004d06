// Package digits writes whole numbers in decimal: in place, with a fast path for the short
// ones that traces are full of.
package digits

import (
	"math/bits"
	"slices"
)

// pairs are the numbers below 100.
const pairs = "00010203040506070809" + "10111213141516171819" +
	"20212223242526272829" + "30313233343536373839" +
	"40414243444546474849" + "50515253545556575859" +
	"60616263646566676869" + "70717273747576777879" +
	"80818283848586878889" + "90919293949596979899"

// powers are the powers of ten that fit 64 bits.
var powers = func() (p [20]uint64) {
	p[0] = 1
	for i := 1; i < len(p); i++ {
		p[i] = 10 * p[i-1]
	}
	return p
}()

// Len returns how many digits a number has.
func Len(u uint64) int {
	const log10of2 = 1233 // times 4096
	n := bits.Len64(u|1) * log10of2 >> 12
	if u >= powers[n] {
		n++
	}
	return max(n, 1)
}

// AppendUint appends a number.
func AppendUint(dst []byte, u uint64) []byte {
	switch {
	case u < 10:
		return append(dst, byte('0'+u))
	case u < 100:
		return append(dst, pairs[2*u], pairs[2*u+1])
	}
	n := Len(u)
	dst = slices.Grow(dst, n)
	at := len(dst) + n
	dst = dst[:at]
	for ; u >= 100; u /= 100 {
		r := u % 100 * 2
		at -= 2
		dst[at], dst[at+1] = pairs[r], pairs[r+1]
	}
	if u >= 10 {
		dst[at-2], dst[at-1] = pairs[2*u], pairs[2*u+1]
	} else {
		dst[at-1] = byte('0' + u)
	}
	return dst
}

// AppendInt appends a number with its sign.
func AppendInt(dst []byte, v int64) []byte {
	if v < 0 {
		return AppendUint(append(dst, '-'), -uint64(v))
	}
	return AppendUint(dst, uint64(v))
}
