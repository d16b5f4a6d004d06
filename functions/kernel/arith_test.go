package kernel

import (
	"errors"
	"fmt"
	"math"
	"math/big"
	"math/rand"
	"testing"

	"github.com/apache/arrow/go/v17/arrow"
	"github.com/apache/arrow/go/v17/arrow/decimal128"
)

// bounds are the least and greatest value of the types of whole numbers.
var bounds = map[arrow.DataType][2]string{
	arrow.PrimitiveTypes.Int8:   {"-128", "127"},
	arrow.PrimitiveTypes.Int16:  {"-32768", "32767"},
	arrow.PrimitiveTypes.Int32:  {"-2147483648", "2147483647"},
	arrow.PrimitiveTypes.Int64:  {"-9223372036854775808", "9223372036854775807"},
	arrow.PrimitiveTypes.Uint8:  {"0", "255"},
	arrow.PrimitiveTypes.Uint16: {"0", "65535"},
	arrow.PrimitiveTypes.Uint32: {"0", "4294967295"},
	arrow.PrimitiveTypes.Uint64: {"0", "18446744073709551615"},
	&arrow.Decimal128Type{Precision: 38, Scale: 0}: {
		"-99999999999999999999999999999999999999", "99999999999999999999999999999999999999"},
}

// TestArith computes with whole numbers near the limits of their types, and compares
// with numbers of any size.
func TestArith(t *testing.T) {
	for dt, ends := range bounds {
		t.Run(dt.String(), func(t *testing.T) {
			lo, _ := new(big.Int).SetString(ends[0], 10)
			hi, _ := new(big.Int).SetString(ends[1], 10)
			var values []*big.Int
			for d := range int64(4) {
				values = append(values, new(big.Int).Add(lo, big.NewInt(d)), new(big.Int).Sub(hi, big.NewInt(d)), big.NewInt(d))
				if lo.Sign() < 0 {
					values = append(values, big.NewInt(-d))
				}
			}
			values = append(values, new(big.Int).Sqrt(hi), new(big.Int).Rsh(hi, 1))
			for _, x := range values {
				for _, y := range values {
					for _, op := range []ArithOp{Add, Sub, Mul, Div, Mod} {
						checkArith(t, op, dt, x, y, lo, hi)
					}
				}
			}
		})
	}
}

func checkArith(t *testing.T, op ArithOp, dt arrow.DataType, x, y, lo, hi *big.Int) {
	t.Helper()
	var want *big.Int
	switch {
	case op == Add:
		want = new(big.Int).Add(x, y)
	case op == Sub:
		want = new(big.Int).Sub(x, y)
	case op == Mul:
		want = new(big.Int).Mul(x, y)
	case y.Sign() == 0:
	case op == Div:
		want = new(big.Int).Quo(x, y)
	default:
		want = new(big.Int).Rem(x, y)
	}
	a, b := ofBig(t, dt, x), ofBig(t, dt, y)
	for _, args := range [][2]Vec{{Col(a), Col(b)}, {Const(a), Col(b)}, {Col(a), Const(b)}, {Const(a), Const(b)}} {
		v, err := Arith(op, dt, args[0], args[1], 1)
		what := fmt.Sprintf("%s %s %s", x, op, y)
		if want != nil && (want.Cmp(lo) < 0 || want.Cmp(hi) > 0) {
			var over *OverflowError
			if !errors.As(err, &over) {
				t.Fatalf("%s did not overflow: %v", what, err)
			}
			continue
		}
		if err != nil {
			t.Fatalf("%s: %v", what, err)
		}
		got := "<nil>"
		if value := Value(v.Array, 0); value != nil {
			got = bigOf(value).String()
		}
		if got != fmt.Sprint(want) {
			t.Fatalf("%s is %s instead of %v", what, got, want)
		}
	}
}

func ofBig(t *testing.T, dt arrow.DataType, x *big.Int) arrow.Array {
	t.Helper()
	var v any = x.Int64()
	switch KindOf(dt) {
	case Decimal:
		v = decimal128.FromBigInt(x)
	case Uint64:
		v = x.Uint64()
	}
	a, err := Of(dt, v)
	if err != nil {
		t.Fatal(err)
	}
	return a
}

func bigOf(v any) *big.Int {
	switch v := v.(type) {
	case int64:
		return big.NewInt(v)
	case uint64:
		return new(big.Int).SetUint64(v)
	}
	return v.(decimal128.Num).BigInt()
}

// TestArithNulls checks that what NULL rows hold cannot overflow.
func TestArithNulls(t *testing.T) {
	for dt := range bounds {
		greatest := Nulls(dt, 1)
		raw := greatest.Data().Buffers()[1].Bytes()
		for i := range raw {
			raw[i] = 0x7f
		}
		for _, op := range []ArithOp{Add, Mul, Div} {
			v, err := Arith(op, dt, Col(greatest), Col(greatest), 1)
			if err != nil || Value(v.Array, 0) != nil {
				t.Errorf("%s: NULL %s NULL: %v", dt, op, err)
			}
		}
	}
}

func TestArithFloats(t *testing.T) {
	f := func(op ArithOp, x, y, want float64) {
		t.Helper()
		v, err := Arith(op, arrow.PrimitiveTypes.Float64, Col(OfFloat64(x)), Const(OfFloat64(y)), 1)
		if err != nil {
			t.Fatal(err)
		}
		if got := Value(v.Array, 0).(float64); got != want && (got == got || want == want) {
			t.Errorf("%v %s %v is %v instead of %v", x, op, y, got, want)
		}
	}
	f(Div, 1, 0, math.Inf(1))
	f(Div, -1, 0, math.Inf(-1))
	f(Div, 0, 0, math.NaN())
	f(Mod, 5.5, 2, 1.5)
	f(Mod, 5.5, 0, math.NaN())
	f(Sub, 0.3, 0.1, 0.19999999999999998)
}

func TestNegate(t *testing.T) {
	v, err := Negate(Const(OfFloat64(0)), 1)
	if err != nil || !math.Signbit(Value(v.Array, 0).(float64)) {
		t.Errorf("-0.0 lost its sign: %v", err)
	}
	if _, err := Negate(Const(OfInt64(math.MinInt64)), 1); err == nil {
		t.Error("the least BIGINT was negated")
	}
}

func TestDecimals(t *testing.T) {
	r := rand.New(rand.NewSource(6))
	for range 3000 {
		x, y := someBig(r), someBig(r)
		a, b := decimal128.FromBigInt(x), decimal128.FromBigInt(y)
		limit := new(big.Int).Lsh(big.NewInt(1), 127)
		if sum := new(big.Int).Add(x, y); true {
			got, ok := AddDecimal(a, b)
			if fits := sum.CmpAbs(limit) < 0; ok != fits || ok && got.BigInt().Cmp(sum) != 0 {
				t.Fatalf("%s + %s is %s, %v", x, y, got.BigInt(), ok)
			}
		}
		if product := new(big.Int).Mul(x, y); true {
			got, ok := MulDecimal(a, b)
			if fits := product.CmpAbs(limit) < 0; ok != fits || ok && got.BigInt().Cmp(product) != 0 {
				t.Fatalf("%s * %s is %s, %v", x, y, got.BigInt(), ok)
			}
		}
		scale := r.Intn(39)
		text := string(AppendDecimal(nil, a, scale))
		want, ok := new(big.Rat).SetString(text)
		if !ok || want.Cmp(new(big.Rat).SetFrac(x, new(big.Int).Exp(big.NewInt(10), big.NewInt(int64(scale)), nil))) != 0 {
			t.Fatalf("%s with scale %d is %s", x, scale, text)
		}
		nearest, _ := want.Float64()
		if got := DecimalFloat(a, scale); got != nearest {
			t.Fatalf("%s as a number is %v instead of %v", text, got, nearest)
		}
	}
}

// someBig returns a number of up to 126 bits.
func someBig(r *rand.Rand) *big.Int {
	x := new(big.Int).Rand(r, new(big.Int).Lsh(big.NewInt(1), uint(1+r.Intn(126))))
	if r.Intn(2) == 0 {
		x.Neg(x)
	}
	return x
}

func TestRescale(t *testing.T) {
	f := func(x int64, from, to, precision int, want int64, fits bool) {
		t.Helper()
		got, ok := RescaleDecimal(decimal128.FromI64(x), from, to, precision)
		if ok != fits || ok && got != decimal128.FromI64(want) {
			t.Errorf("%d from scale %d to %d: %s, %v", x, from, to, got.BigInt(), ok)
		}
	}
	f(125, 2, 1, 5, 13, true)
	f(-125, 2, 1, 5, -13, true)
	f(124, 2, 1, 5, 12, true)
	f(-5, 1, 0, 5, -1, true)
	f(12, 0, 3, 5, 12000, true)
	f(123, 0, 3, 5, 0, false)
	f(999, 1, 0, 2, 0, false)
}

// TestScaleInt64 compares products with a single number with those of pairs.
func TestScaleInt64(t *testing.T) {
	numbers := []int64{0, 1, -1, 2, -2, 3, 1 << 31, -1 << 31, 1 << 32, math.MaxInt64 / 2, math.MinInt64 / 2, math.MaxInt64, math.MinInt64, math.MinInt64 + 1}
	for _, q := range numbers {
		for _, p := range numbers {
			want, ok := mulInt64(p, q)
			var out [1]int64
			over := scaleInt64([]int64{p}, q, out[:])
			if ok && out[0] != want || !ok && !over {
				t.Errorf("%d * %d is %d, over %v; want %d, ok %v", p, q, out[0], over, want, ok)
			}
		}
	}
}
