package kernel

import (
	"math"
	"math/big"
	"math/bits"

	"github.com/apache/arrow/go/v17/arrow/decimal128"
)

// FitsDecimal reports whether a decimal has at most so many digits.
func FitsDecimal(x decimal128.Num, precision int) bool {
	return x.Abs().LessEqual(decimal128.GetMaxValue(int32(precision))) && x != minInt128
}

// minInt128 is the one number whose absolute value overflows.
var minInt128 = decimal128.New(math.MinInt64, 0)

// Pow10 returns 10^n, n ≤ 38.
func Pow10(n int) decimal128.Num { return decimal128.GetScaleMultiplier(n) }

// RescaleDecimal converts between scales, rounding halves away from zero; ok is false
// when the result has more digits than precision.
func RescaleDecimal(x decimal128.Num, from, to, precision int) (y decimal128.Num, ok bool) {
	if to < from {
		y = divRound(x, Pow10(from-to))
	} else if y, ok = MulDecimal(x, Pow10(to-from)); !ok {
		return y, false
	}
	return y, FitsDecimal(y, precision)
}

// RoundDecimal returns the nearest whole number, halves away from zero.
func RoundDecimal(x decimal128.Num, scale int) decimal128.Num {
	if scale == 0 {
		return x
	}
	return divRound(x, Pow10(scale))
}

// divRound divides by a positive number and rounds halves away from zero.
func divRound(x, by decimal128.Num) decimal128.Num {
	q, r := x.Div(by)
	if r = r.Abs(); r.GreaterEqual(by.Sub(r)) {
		if x.Sign() < 0 {
			return q.Sub(decimal128.FromI64(1))
		}
		return q.Add(decimal128.FromI64(1))
	}
	return q
}

// AddDecimal adds; ok is false when 128 bits overflow.
func AddDecimal(x, y decimal128.Num) (sum decimal128.Num, ok bool) {
	lo, carry := bits.Add64(x.LowBits(), y.LowBits(), 0)
	hi, _ := bits.Add64(uint64(x.HighBits()), uint64(y.HighBits()), carry)
	sum = decimal128.New(int64(hi), lo)
	overflow := (x.HighBits() >= 0) == (y.HighBits() >= 0) && (sum.HighBits() >= 0) != (x.HighBits() >= 0)
	return sum, !overflow
}

// MulDecimal multiplies; ok is false when 128 bits overflow.
func MulDecimal(x, y decimal128.Num) (product decimal128.Num, ok bool) {
	negative := (x.HighBits() < 0) != (y.HighBits() < 0)
	a, b := x.Abs(), y.Abs()
	ahi, bhi := uint64(a.HighBits()), uint64(b.HighBits())
	if ahi != 0 && bhi != 0 {
		return product, false
	}
	hi, lo := bits.Mul64(a.LowBits(), b.LowBits())
	over1, cross1 := bits.Mul64(ahi, b.LowBits())
	over2, cross2 := bits.Mul64(a.LowBits(), bhi)
	hi, carry1 := bits.Add64(hi, cross1, 0)
	hi, carry2 := bits.Add64(hi, cross2, 0)
	if over1|over2|carry1|carry2 != 0 || hi > math.MaxInt64 {
		return product, false
	}
	product = decimal128.New(int64(hi), lo)
	if negative {
		product = product.Negate()
	}
	return product, true
}

// DecimalFloat returns the nearest DOUBLE to x / 10^scale.
func DecimalFloat(x decimal128.Num, scale int) float64 {
	if scale <= 22 && x.Abs().LessEqual(decimal128.FromU64(1<<53)) {
		return float64(int64(x.LowBits())) / math.Pow10(scale)
	}
	f, _ := new(big.Rat).SetFrac(x.BigInt(), Pow10(scale).BigInt()).Float64()
	return f
}

// AppendDecimal writes x / 10^scale.
func AppendDecimal(b []byte, x decimal128.Num, scale int) []byte {
	if x.Sign() < 0 {
		b = append(b, '-')
	}
	var digits [40]byte
	at := len(digits)
	hi, lo := magnitude(x)
	for hi != 0 || lo != 0 || len(digits)-at <= scale {
		if len(digits)-at == scale && scale > 0 {
			at--
			digits[at] = '.'
			scale = -1 // written
			continue
		}
		var rem uint64
		hi, rem = hi/10, hi%10
		lo, rem = bits.Div64(rem, lo, 10)
		at--
		digits[at] = byte('0' + rem)
	}
	if digits[at] == '.' {
		at--
		digits[at] = '0'
	}
	return append(b, digits[at:]...)
}

func magnitude(x decimal128.Num) (hi, lo uint64) {
	hi, lo = uint64(x.HighBits()), x.LowBits()
	if x.Sign() < 0 {
		var carry uint64
		lo, carry = bits.Add64(^lo, 1, 0)
		hi = ^hi + carry
	}
	return hi, lo
}
