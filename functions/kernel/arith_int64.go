package kernel

import (
	"math"
	"math/bits"

	"github.com/apache/arrow/go/v17/arrow"
)

// arithInt64 is [Arith] of 64-bit numbers with a sign. The loops don't look whether rows
// are NULL, nor stop at an overflow: when there was one, all rows are gone through again.
func arithInt64(l *arithLoop) (arrow.Array, error) {
	x, y, out := Values[int64](l.a.Array), Values[int64](l.b.Array), make([]int64, l.n)
	over := false
	switch l.op {
	case Add:
		over = addInt64(x, y, out)
	case Sub:
		over = subInt64(x, y, out)
	case Mul:
		over = mulInt64s(x, y, out)
	default:
		return divInt64(l, x, y, out)
	}
	if over {
		if err := l.checkInt64(x, y); err != nil {
			return nil, err
		}
	}
	return FromValues(l.dt, out, l.valid), nil
}

// checkInt64 looks for the first row whose result is out of range.
func (l *arithLoop) checkInt64(x, y []int64) error {
	mx, my := rowMask(l.a), rowMask(l.b)
	for i := range l.n {
		p, q := x[i&mx], y[i&my]
		ok := true
		switch l.op {
		case Add:
			ok = (p^(p+q))&(q^(p+q)) >= 0
		case Sub:
			ok = (p^q)&(p^(p-q)) >= 0
		case Mul:
			_, ok = mulInt64(p, q)
		}
		if !ok {
			if err := l.overflow(i); err != nil {
				return err
			}
		}
	}
	return nil
}

// addInt64 adds columns, one of which may be a single number, and reports whether a result
// was out of range.
func addInt64(x, y, out []int64) bool {
	if len(x) < len(out) {
		x, y = y, x
	}
	x = x[:len(out)]
	var over int64
	if len(y) < len(out) {
		q := y[0]
		for i, p := range x {
			s := p + q
			out[i] = s
			over |= (p ^ s) & (q ^ s)
		}
		return over < 0
	}
	y = y[:len(out)]
	for i, p := range x {
		q := y[i]
		s := p + q
		out[i] = s
		over |= (p ^ s) & (q ^ s)
	}
	return over < 0
}

// subInt64 is addInt64 for differences.
func subInt64(x, y, out []int64) bool {
	var over int64
	switch {
	case len(x) < len(out):
		p := x[0]
		for i, q := range y[:len(out)] {
			s := p - q
			out[i] = s
			over |= (p ^ q) & (p ^ s)
		}
	case len(y) < len(out):
		q := y[0]
		for i, p := range x[:len(out)] {
			s := p - q
			out[i] = s
			over |= (p ^ q) & (p ^ s)
		}
	default:
		y = y[:len(out)]
		for i, p := range x[:len(out)] {
			q := y[i]
			s := p - q
			out[i] = s
			over |= (p ^ q) & (p ^ s)
		}
	}
	return over < 0
}

// mulInt64s is addInt64 for products.
func mulInt64s(x, y, out []int64) bool {
	if len(x) < len(out) {
		x, y = y, x
	}
	x = x[:len(out)]
	if len(y) < len(out) {
		return scaleInt64(x, y[0], out)
	}
	over := false
	y = y[:len(out)]
	for i, p := range x {
		product, ok := mulInt64(p, y[i])
		out[i] = product
		over = over || !ok
	}
	return over
}

// scaleInt64 multiplies by one number. Whether a product is in range is seen from the other
// factor.
func scaleInt64(x []int64, q int64, out []int64) bool {
	most := int64(0) // the greatest factor and, but for its sign, the least
	if q != math.MinInt64 {
		most = math.MaxInt64 / max(q, -q, 1)
	}
	over := false
	for i, p := range x {
		out[i] = p * q
		over = over || uint64(p+most) > 2*uint64(most)
	}
	return over
}

// divInt64 computes quotients or remainders, which are NULL where the divisor is 0.
func divInt64(l *arithLoop, x, y, out []int64) (arrow.Array, error) {
	mx, my := rowMask(l.a), rowMask(l.b)
	byZero(l, y)
	for i := range out {
		p, q := x[i&mx], y[i&my]
		switch {
		case q == 0:
		case l.op == Mod:
			if q != -1 {
				out[i] = p % q
			}
		case q == -1 && p == math.MinInt64:
			if err := l.overflow(i); err != nil {
				return nil, err
			}
		default:
			out[i] = p / q
		}
	}
	return FromValues(l.dt, out, l.valid), nil
}

// mulInt64 multiplies; ok is false on overflow.
func mulInt64(x, y int64) (product int64, ok bool) {
	hi, lo := bits.Mul64(uint64(x), uint64(y))
	// Signed high word: subtract the other factor for each negative one.
	high := int64(hi) - (x>>63)&y - (y>>63)&x
	return int64(lo), high == int64(lo)>>63
}
