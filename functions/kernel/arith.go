package kernel

import (
	"fmt"
	"math"
	"math/bits"

	"github.com/apache/arrow/go/v17/arrow"
	"github.com/apache/arrow/go/v17/arrow/decimal128"
)

// ArithOp is an arithmetic operation. Div rounds towards zero; Div and Mod by zero are
// NULL for whole numbers.
type ArithOp uint8

// The operations.
const (
	Add ArithOp = iota
	Sub
	Mul
	Div
	Mod
)

// String is the operator's sign.
func (op ArithOp) String() string { return [...]string{"+", "-", "*", "//", "%"}[op] }

// OverflowError is a result that its type cannot hold.
type OverflowError struct {
	Op   ArithOp
	X, Y any
	Type arrow.DataType
}

func (e *OverflowError) Error() string {
	return fmt.Sprintf("overflow: %v %s %v is out of range", e.X, e.Op, e.Y)
}

// Arith computes a op b for columns of the kind of dt, the type of the result. Whole
// numbers never wrap: overflow in a row that isn't NULL is an [*OverflowError].
func Arith(op ArithOp, dt arrow.DataType, a, b Vec, n int) (Vec, error) {
	if a.Const && b.Const {
		v, err := Arith(op, dt, Col(a.Array), Col(b.Array), 1)
		return Vec{Array: v.Array, Const: true}, err
	}
	if isNullConst(a) || isNullConst(b) {
		return Const(Nulls(dt, 1)), nil
	}
	valid := RowValidity(a, n).And(RowValidity(b, n), n)
	l := &arithLoop{op: op, dt: dt, a: a, b: b, n: n, valid: valid}
	var out arrow.Array
	var err error
	switch KindOf(dt) {
	case Int8:
		out, err = arithSmall[int8](l)
	case Int16:
		out, err = arithSmall[int16](l)
	case Int32:
		out, err = arithSmall[int32](l)
	case Int64:
		out, err = arithInt64(l)
	case Uint8:
		out, err = arithSmall[uint8](l)
	case Uint16:
		out, err = arithSmall[uint16](l)
	case Uint32:
		out, err = arithSmall[uint32](l)
	case Uint64:
		out, err = arithUint64(l)
	case Float32:
		out = arithFloat[float32](l)
	case Float64:
		out = arithFloat[float64](l)
	case Decimal:
		out, err = arithDecimal(l)
	default:
		err = fmt.Errorf("no arithmetic on %s", dt)
	}
	return Vec{Array: out}, err
}

// arithLoop is what the loops of one call share.
type arithLoop struct {
	op    ArithOp
	dt    arrow.DataType
	a, b  Vec
	n     int
	valid Validity
}

// overflow reports row i unless it is NULL.
func (l *arithLoop) overflow(i int) error {
	if !l.valid.Valid(i) {
		return nil
	}
	return &OverflowError{Op: l.op, X: Value(l.a.Array, l.a.Row(i)), Y: Value(l.b.Array, l.b.Row(i)), Type: l.dt}
}

// byZero makes the rows with a zero divisor NULL.
func byZero[T Fixed](l *arithLoop, y []T) {
	var zero T
	my := rowMask(l.b)
	var bitmap Bitmap
	for i := range l.n {
		if y[i&my] == zero {
			if bitmap == nil {
				bitmap = NewBitmap(l.n)
				bitmap.SetAll(l.n)
			}
			bitmap.Clear(i)
		}
	}
	if bitmap != nil {
		l.valid = l.valid.And(NewValidity(bitmap, l.n), l.n)
	}
}

// arithSmall computes in 64 bits and checks that the result fits.
func arithSmall[T int8 | int16 | int32 | uint8 | uint16 | uint32](l *arithLoop) (arrow.Array, error) {
	x, y, out := Values[T](l.a.Array), Values[T](l.b.Array), make([]T, l.n)
	mx, my := rowMask(l.a), rowMask(l.b)
	var lost int64
	switch l.op {
	case Add:
		for i := range out {
			wide := int64(x[i&mx]) + int64(y[i&my])
			out[i] = T(wide)
			lost |= wide ^ int64(out[i])
		}
	case Sub:
		for i := range out {
			wide := int64(x[i&mx]) - int64(y[i&my])
			out[i] = T(wide)
			lost |= wide ^ int64(out[i])
		}
	case Mul:
		for i := range out {
			wide := int64(x[i&mx]) * int64(y[i&my])
			out[i] = T(wide)
			lost |= wide ^ int64(out[i])
		}
	case Div, Mod:
		byZero(l, y)
		for i := range out {
			p, q := int64(x[i&mx]), int64(y[i&my])
			if q == 0 {
				continue
			}
			wide := p / q
			if l.op == Mod {
				wide = p % q
			}
			out[i] = T(wide)
			lost |= wide ^ int64(out[i])
		}
	}
	if lost != 0 {
		if err := findOverflow(l, x, y, out); err != nil {
			return nil, err
		}
	}
	return FromValues(l.dt, out, l.valid), nil
}

// findOverflow looks for the row that overflowed; rows that are NULL may.
func findOverflow[T int8 | int16 | int32 | uint8 | uint16 | uint32](l *arithLoop, x, y, out []T) error {
	mx, my := rowMask(l.a), rowMask(l.b)
	for i := range out {
		p, q := int64(x[i&mx]), int64(y[i&my])
		wide := p
		switch l.op {
		case Add:
			wide = p + q
		case Sub:
			wide = p - q
		case Mul:
			wide = p * q
		case Div:
			if q != 0 {
				wide = p / q
			}
		case Mod:
			wide = int64(out[i])
		}
		if wide != int64(out[i]) {
			if err := l.overflow(i); err != nil {
				return err
			}
		}
	}
	return nil
}

func arithUint64(l *arithLoop) (arrow.Array, error) {
	x, y, out := Values[uint64](l.a.Array), Values[uint64](l.b.Array), make([]uint64, l.n)
	mx, my := rowMask(l.a), rowMask(l.b)
	if l.op == Div || l.op == Mod {
		byZero(l, y)
	}
	for i := range out {
		p, q := x[i&mx], y[i&my]
		var over uint64
		switch l.op {
		case Add:
			out[i], over = bits.Add64(p, q, 0)
		case Sub:
			out[i], over = bits.Sub64(p, q, 0)
		case Mul:
			over, out[i] = bits.Mul64(p, q)
		case Div:
			if q != 0 {
				out[i] = p / q
			}
		case Mod:
			if q != 0 {
				out[i] = p % q
			}
		}
		if over != 0 {
			if err := l.overflow(i); err != nil {
				return nil, err
			}
		}
	}
	return FromValues(l.dt, out, l.valid), nil
}

// arithFloat follows IEEE 754: Div is the quotient, and dividing by zero is infinite or
// NaN.
func arithFloat[T Float](l *arithLoop) arrow.Array {
	x, y, out := Values[T](l.a.Array), Values[T](l.b.Array), make([]T, l.n)
	mx, my := rowMask(l.a), rowMask(l.b)
	switch l.op {
	case Add:
		for i := range out {
			out[i] = x[i&mx] + y[i&my]
		}
	case Sub:
		for i := range out {
			out[i] = x[i&mx] - y[i&my]
		}
	case Mul:
		for i := range out {
			out[i] = x[i&mx] * y[i&my]
		}
	case Div:
		for i := range out {
			out[i] = x[i&mx] / y[i&my]
		}
	case Mod:
		for i := range out {
			out[i] = T(math.Mod(float64(x[i&mx]), float64(y[i&my])))
		}
	}
	return FromValues(l.dt, out, l.valid)
}

// arithDecimal adds and subtracts decimals of one scale, and multiplies decimals whose
// scales add up to the result's.
func arithDecimal(l *arithLoop) (arrow.Array, error) {
	x, y, out := Values[decimal128.Num](l.a.Array), Values[decimal128.Num](l.b.Array), make([]decimal128.Num, l.n)
	mx, my := rowMask(l.a), rowMask(l.b)
	precision := int(l.dt.(*arrow.Decimal128Type).Precision)
	if l.op == Div || l.op == Mod {
		byZero(l, y)
	}
	for i := range out {
		p, q := x[i&mx], y[i&my]
		ok := true
		switch l.op {
		case Add:
			out[i], ok = AddDecimal(p, q)
		case Sub:
			out[i], ok = AddDecimal(p, q.Negate())
		case Mul:
			out[i], ok = MulDecimal(p, q)
		case Div:
			if q != (decimal128.Num{}) {
				out[i], _ = p.Div(q)
			}
		case Mod:
			if q != (decimal128.Num{}) {
				_, out[i] = p.Div(q)
			}
		}
		if !ok || !FitsDecimal(out[i], precision) {
			if err := l.overflow(i); err != nil {
				return nil, err
			}
		}
	}
	return FromValues(l.dt, out, l.valid), nil
}

// Negate computes −a in the type of a.
func Negate(a Vec, n int) (Vec, error) {
	switch KindOf(a.DataType()) { // 0 − 0 would lose the sign of zero
	case Float32:
		return MapFixed(a, a.DataType(), func(x float32) float32 { return -x }), nil
	case Float64:
		return MapFixed(a, a.DataType(), func(x float64) float64 { return -x }), nil
	}
	zero := Nulls(a.DataType(), 1)
	return Arith(Sub, a.DataType(), Const(WithValidity(zero, Validity{})), a, n)
}

// MapFixed computes f for each value of a column of fixed width. NULL rows are computed
// too: f must take anything.
func MapFixed[F, T Fixed](v Vec, dt arrow.DataType, f func(F) T) Vec {
	src := Values[F](v.Array)
	out := make([]T, len(src))
	for i, x := range src {
		out[i] = f(x)
	}
	return Vec{Array: FromValues(dt, out, ValidityOf(v.Array)), Const: v.Const}
}
