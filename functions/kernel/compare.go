package kernel

import (
	"fmt"

	"github.com/apache/arrow/go/v17/arrow"
	"github.com/apache/arrow/go/v17/arrow/decimal128"
)

// CmpOp is a comparison.
type CmpOp uint8

// The comparisons.
const (
	Eq CmpOp = iota
	Ne
	Lt
	Le
	Gt
	Ge
)

// Compare compares two columns of one SQL type row by row. The order is total: NaN
// equals itself and is greater than every number, strings go by their bytes, lists by
// their first difference. A row with a NULL is NULL.
func Compare(op CmpOp, a, b Vec, n int) (Vec, error) {
	if a.Const && b.Const {
		v, err := Compare(op, Col(a.Array), Col(b.Array), 1)
		return Vec{Array: v.Array, Const: true}, err
	}
	if isNullConst(a) || isNullConst(b) {
		return Const(Nulls(arrow.FixedWidthTypes.Boolean, 1)), nil
	}
	bitmap, err := compareBits(op, a, b, n)
	if err != nil {
		return Vec{}, err
	}
	return Col(FromBits(bitmap, n, RowValidity(a, n).And(RowValidity(b, n), n))), nil
}

// Distinct is IS DISTINCT FROM, or with not IS NOT DISTINCT FROM: NULL equals NULL and
// nothing else.
func Distinct(a, b Vec, n int, not bool) (Vec, error) {
	if a.Const && b.Const {
		v, err := Distinct(Col(a.Array), Col(b.Array), 1, not)
		return Vec{Array: v.Array, Const: true}, err
	}
	av, bv := RowValidity(a, n), RowValidity(b, n)
	bitmap := NewBitmap(n)
	if !isNullConst(a) && !isNullConst(b) {
		var err error
		if bitmap, err = compareBits(Ne, a, b, n); err != nil {
			return Vec{}, err
		}
	}
	for i := range bitmap {
		av, bv := bitsAt(av, i), bitsAt(bv, i)
		bitmap[i] = bitmap[i]&av&bv | (av ^ bv)
	}
	if not {
		invert(bitmap)
	}
	return Col(FromBits(bitmap, n, Validity{})), nil
}

func bitsAt(v Validity, i int) byte {
	if v.Bits == nil {
		return 0xff
	}
	return v.Bits[i]
}

func isNullConst(v Vec) bool {
	return KindOf(v.DataType()) == Null || v.Const && !ValidityOf(v.Array).Valid(0)
}

// IsNull tells which rows are NULL, or with not which aren't.
func IsNull(v Vec, n int, not bool) Vec {
	if v.Const {
		return Const(OfBool(ValidityOf(v.Array).Valid(0) == not))
	}
	valid, out := ValidityOf(v.Array), NewBitmap(n)
	for i := range out {
		out[i] = bitsAt(valid, i)
	}
	if !not {
		invert(out)
	}
	return Col(FromBits(out, n, Validity{}))
}

// compareBits compares without regard to NULLs. Because the order is total, every
// comparison is "equal" or "less", perhaps of swapped sides, perhaps negated.
func compareBits(op CmpOp, a, b Vec, n int) (Bitmap, error) {
	switch op {
	case Gt, Le:
		a, b = b, a
	}
	k := KindOf(a.DataType())
	if other := KindOf(b.DataType()); k != other && !(isText(k) && isText(other)) {
		return nil, fmt.Errorf("cannot compare %s with %s", a.DataType(), b.DataType())
	}
	out := NewBitmap(n)
	equal := op == Eq || op == Ne
	switch k {
	case Null:
		return out, nil
	case Bool:
		compareBools(equal, a, b, out, n)
	case Int8:
		compareFixed[int8](equal, a, b, out)
	case Int16:
		compareFixed[int16](equal, a, b, out)
	case Int32:
		compareFixed[int32](equal, a, b, out)
	case Int64:
		compareFixed[int64](equal, a, b, out)
	case Uint8:
		compareFixed[uint8](equal, a, b, out)
	case Uint16:
		compareFixed[uint16](equal, a, b, out)
	case Uint32:
		compareFixed[uint32](equal, a, b, out)
	case Uint64:
		compareFixed[uint64](equal, a, b, out)
	case Float32:
		compareFloats[float32](equal, a, b, out, n)
	case Float64:
		compareFloats[float64](equal, a, b, out, n)
	case Decimal:
		compareDecimals(equal, a, b, out, n)
	case Interval:
		compareIntervals(equal, a, b, out, n)
	case String, Dict:
		compareStrings(equal, a, b, out, n)
	default:
		compareRows(equal, a, b, out, n)
	}
	if op == Ne || op == Le || op == Ge {
		invert(out)
	}
	return out, nil
}

func isText(k Kind) bool { return k == String || k == Dict }

func invert(b []byte) {
	for i := range b {
		b[i] = ^b[i]
	}
}

// b2u is 1 for true; the compiler makes it one instruction.
func b2u(b bool) byte {
	if b {
		return 1
	}
	return 0
}

// compareFixed compares whole numbers, of which one side may be constant.
func compareFixed[T Integer](equal bool, a, b Vec, out Bitmap) {
	x, y := Values[T](a.Array), Values[T](b.Array)
	switch {
	case equal && b.Const:
		equalTo(x, y[0], out)
	case equal && a.Const:
		equalTo(y, x[0], out)
	case equal:
		equalEach(x, y, out)
	case b.Const:
		lessThan(x, y[0], out)
	case a.Const:
		greaterThan(y, x[0], out)
	default:
		lessEach(x, y, out)
	}
}

func equalTo[T Integer](x []T, k T, out Bitmap) {
	for len(x) >= 8 {
		r := x[:8:8]
		out[0] = b2u(r[0] == k) | b2u(r[1] == k)<<1 | b2u(r[2] == k)<<2 | b2u(r[3] == k)<<3 |
			b2u(r[4] == k)<<4 | b2u(r[5] == k)<<5 | b2u(r[6] == k)<<6 | b2u(r[7] == k)<<7
		x, out = x[8:], out[1:]
	}
	for i, v := range x {
		out[0] |= b2u(v == k) << i
	}
}

func lessThan[T Integer](x []T, k T, out Bitmap) {
	for len(x) >= 8 {
		r := x[:8:8]
		out[0] = b2u(r[0] < k) | b2u(r[1] < k)<<1 | b2u(r[2] < k)<<2 | b2u(r[3] < k)<<3 |
			b2u(r[4] < k)<<4 | b2u(r[5] < k)<<5 | b2u(r[6] < k)<<6 | b2u(r[7] < k)<<7
		x, out = x[8:], out[1:]
	}
	for i, v := range x {
		out[0] |= b2u(v < k) << i
	}
}

func greaterThan[T Integer](x []T, k T, out Bitmap) {
	for len(x) >= 8 {
		r := x[:8:8]
		out[0] = b2u(r[0] > k) | b2u(r[1] > k)<<1 | b2u(r[2] > k)<<2 | b2u(r[3] > k)<<3 |
			b2u(r[4] > k)<<4 | b2u(r[5] > k)<<5 | b2u(r[6] > k)<<6 | b2u(r[7] > k)<<7
		x, out = x[8:], out[1:]
	}
	for i, v := range x {
		out[0] |= b2u(v > k) << i
	}
}

func equalEach[T Integer](x, y []T, out Bitmap) {
	y = y[:len(x)]
	for len(x) >= 8 {
		r, s := x[:8:8], y[:8:8]
		out[0] = b2u(r[0] == s[0]) | b2u(r[1] == s[1])<<1 | b2u(r[2] == s[2])<<2 | b2u(r[3] == s[3])<<3 |
			b2u(r[4] == s[4])<<4 | b2u(r[5] == s[5])<<5 | b2u(r[6] == s[6])<<6 | b2u(r[7] == s[7])<<7
		x, y, out = x[8:], y[8:], out[1:]
	}
	for i, v := range x {
		out[0] |= b2u(v == y[i]) << i
	}
}

func lessEach[T Integer](x, y []T, out Bitmap) {
	y = y[:len(x)]
	for len(x) >= 8 {
		r, s := x[:8:8], y[:8:8]
		out[0] = b2u(r[0] < s[0]) | b2u(r[1] < s[1])<<1 | b2u(r[2] < s[2])<<2 | b2u(r[3] < s[3])<<3 |
			b2u(r[4] < s[4])<<4 | b2u(r[5] < s[5])<<5 | b2u(r[6] < s[6])<<6 | b2u(r[7] < s[7])<<7
		x, y, out = x[8:], y[8:], out[1:]
	}
	for i, v := range x {
		out[0] |= b2u(v < y[i]) << i
	}
}

// compareFloats compares with NaN equal to itself and greatest.
func compareFloats[T Float](equal bool, a, b Vec, out Bitmap, n int) {
	x, y := Values[T](a.Array), Values[T](b.Array)
	mx, my := rowMask(a), rowMask(b)
	if equal {
		for i := range n {
			p, q := x[i&mx], y[i&my]
			out[i>>3] |= (b2u(p == q) | b2u(p != p)&b2u(q != q)) << (i & 7)
		}
		return
	}
	for i := range n {
		p, q := x[i&mx], y[i&my]
		out[i>>3] |= (b2u(p < q) | b2u(q != q)&b2u(p == p)) << (i & 7)
	}
}

// rowMask makes i & mask the row of the array that holds the value of row i.
func rowMask(v Vec) int {
	if v.Const {
		return 0
	}
	return -1
}

func compareDecimals(equal bool, a, b Vec, out Bitmap, n int) {
	x, y := Values[decimal128.Num](a.Array), Values[decimal128.Num](b.Array)
	mx, my := rowMask(a), rowMask(b)
	for i := range n {
		p, q := x[i&mx], y[i&my]
		if equal && p == q || !equal && p.Less(q) {
			out.Set(i)
		}
	}
}

func compareBools(equal bool, a, b Vec, out Bitmap, n int) {
	x, y := Bitmap(Bits(a.Array)), Bitmap(Bits(b.Array))
	mx, my := rowMask(a), rowMask(b)
	for i := range n {
		p, q := x.Get(i&mx), y.Get(i&my)
		if equal && p == q || !equal && !p && q {
			out.Set(i)
		}
	}
}

func compareRows(equal bool, a, b Vec, out Bitmap, n int) {
	cmp := Comparer(a.Array, b.Array)
	mx, my := rowMask(a), rowMask(b)
	av, bv := ValidityOf(a.Array), ValidityOf(b.Array)
	for i := range n {
		if !av.Valid(i&mx) || !bv.Valid(i&my) {
			continue
		}
		c := cmp(i&mx, i&my)
		if equal && c == 0 || !equal && c < 0 {
			out.Set(i)
		}
	}
}
