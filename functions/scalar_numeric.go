package functions

import (
	"errors"
	"fmt"
	"math"
	"slices"

	"github.com/apache/arrow/go/v17/arrow"
	"github.com/apache/arrow/go/v17/arrow/decimal128"

	"tq/functions/kernel"
)

const numericFamily = "numeric"

var numericFunctions = []Def{
	scalar(numericFamily, "abs", "The value without its sign.", "abs(-3)", "3", absOverloads()...).also("@"),
	scalar(numericFamily, "sign", "-1, 0 or 1 as the value is negative, zero or positive.", "sign(-2.5)", "-1",
		sig(TinyInt, signOf[float64], Double), sig(TinyInt, signOf[int64], BigInt), sig(TinyInt, signOfDuration, Duration)),
	scalar(numericFamily, "round", "The value rounded to a whole number or to so many digits behind the point, halves away from zero.", "round(2.345::DOUBLE, 2)", "2.35",
		slices.Concat(wholeUnchanged(), []Overload{
			roundSig[int8](TinyInt), roundSig[int16](SmallInt), roundSig[int32](Integer), roundSig[int64](BigInt),
			roundSig[uint8](UTinyInt), roundSig[uint16](USmallInt), roundSig[uint32](UInteger),
			{Args: types(Float), Ret: Float, Eval: ofFloat(math.Round)},
			{Args: types(Double), Ret: Double, Eval: ofDouble(math.Round)},
			{Args: types(Float, BigInt), Ret: Float, Eval: roundDigits[float32]},
			{Args: types(Double, BigInt), Ret: Double, Eval: roundDigits[float64]},
			{Args: types(AnyDecimal), RetOf: decimalWhole, Eval: decimalTo(kernel.RoundDecimal)},
			{Args: types(AnyDecimal, BigInt), RetOf: roundedDecimal, Eval: roundDecimalDigits},
		})...),
	scalar(numericFamily, "floor", "The greatest whole number that is not above the value.", "floor(-2.5)", "-3",
		sig(Float, ofFloat(math.Floor), Float), sig(Double, ofDouble(math.Floor), Double), sig(Double, hugeAsDouble, HugeInt),
		Overload{Args: types(AnyDecimal), RetOf: decimalWhole, Eval: decimalTo(floorDecimal)}),
	scalar(numericFamily, "ceil", "The least whole number that is not below the value.", "ceil(2.1)", "3",
		sig(Float, ofFloat(math.Ceil), Float), sig(Double, ofDouble(math.Ceil), Double), sig(Double, hugeAsDouble, HugeInt),
		Overload{Args: types(AnyDecimal), RetOf: decimalWhole, Eval: decimalTo(ceilDecimal)}).also("ceiling"),
	scalar(numericFamily, "trunc", "The value without its fraction.", "trunc(-2.7)", "-2",
		append(wholeUnchanged(), sig(Float, ofFloat(math.Trunc), Float), sig(Double, ofDouble(math.Trunc), Double),
			Overload{Args: types(AnyDecimal), RetOf: decimalWhole, Eval: decimalTo(truncDecimal)})...),
	scalar(numericFamily, "even", "The value rounded away from zero to an even number.", "even(2.5)", "4.0",
		sig(Double, ofDouble(roundEven), Double)),
	scalar(numericFamily, "power", "The first argument to the power of the second.", "power(2, 10)", "1024.0",
		sig(Double, ofDoubles(math.Pow), Double, Double)).also("pow", "^", "**"),
	scalar(numericFamily, "sqrt", "The square root.", "sqrt(16)", "4.0",
		sig(Double, ofDoubleErr(func(x float64) (float64, error) {
			if x < 0 {
				return 0, errors.New("a negative number has no square root")
			}
			return math.Sqrt(x), nil
		}), Double)),
	scalar(numericFamily, "cbrt", "The cube root.", "cbrt(27)", "3.0", sig(Double, ofDouble(math.Cbrt), Double)),
	scalar(numericFamily, "exp", "The number e to the power of the value.", "exp(0)", "1.0", sig(Double, ofDouble(math.Exp), Double)),
	scalar(numericFamily, "ln", "The natural logarithm.", "ln(1)", "0.0", sig(Double, logarithm(math.Log), Double)),
	scalar(numericFamily, "log10", "The logarithm to base 10.", "log10(1000)", "3.0", sig(Double, logarithm(math.Log10), Double)),
	scalar(numericFamily, "log2", "The logarithm to base 2.", "log2(8)", "3.0", sig(Double, logarithm(math.Log2), Double)),
	scalar(numericFamily, "log", "The logarithm to base 10, or to the base that stands first.", "log(2, 64)", "6.0",
		sig(Double, logarithm(math.Log10), Double), sig(Double, logBase, Double, Double)),
	scalar(numericFamily, "pi", "The number π.", "pi()", "3.141592653589793",
		Overload{Args: types(), Ret: Double, Eval: func(*Call, []kernel.Vec, int) (kernel.Vec, error) {
			return kernel.Const(kernel.OfFloat64(math.Pi)), nil
		}}),
	scalar(numericFamily, "degrees", "An angle in degrees from one in radians.", "degrees(pi())", "180.0",
		sig(Double, ofDouble(func(x float64) float64 { return x * (180 / math.Pi) }), Double)),
	scalar(numericFamily, "radians", "An angle in radians from one in degrees.", "radians(180)", "3.141592653589793",
		sig(Double, ofDouble(func(x float64) float64 { return x * (math.Pi / 180) }), Double)),
	scalar(numericFamily, "sin", "The sine.", "sin(0)", "0.0", sig(Double, ofDouble(math.Sin), Double)),
	scalar(numericFamily, "cos", "The cosine.", "cos(0)", "1.0", sig(Double, ofDouble(math.Cos), Double)),
	scalar(numericFamily, "tan", "The tangent.", "tan(0)", "0.0", sig(Double, ofDouble(math.Tan), Double)),
	scalar(numericFamily, "asin", "The arc sine.", "asin(0)", "0.0", sig(Double, arc("asin", math.Asin), Double)),
	scalar(numericFamily, "acos", "The arc cosine.", "acos(1)", "0.0", sig(Double, arc("acos", math.Acos), Double)),
	scalar(numericFamily, "atan", "The arc tangent.", "atan(0)", "0.0", sig(Double, ofDouble(math.Atan), Double)),
	scalar(numericFamily, "atan2", "The angle of the point with the ordinate that stands first and the abscissa that stands second.", "atan2(0, 1)", "0.0",
		sig(Double, ofDoubles(math.Atan2), Double, Double)),
	scalar(numericFamily, "isnan", "Whether the value is NaN.", "isnan('nan'::DOUBLE)", "true", sig(Boolean, testDouble(math.IsNaN), Double)),
	scalar(numericFamily, "isinf", "Whether the value is infinite.", "isinf(1 / 0)", "true",
		sig(Boolean, testDouble(func(x float64) bool { return math.IsInf(x, 0) }), Double), sig(Boolean, ofAnyTime(false), Timestamp)),
	scalar(numericFamily, "isfinite", "Whether the value is neither infinite nor NaN.", "isfinite(1.5)", "true",
		sig(Boolean, testDouble(func(x float64) bool { return !math.IsInf(x, 0) && !math.IsNaN(x) }), Double), sig(Boolean, ofAnyTime(true), Timestamp), sig(Boolean, ofAnyTime(true), Date)),
	scalar(numericFamily, "gcd", "The greatest common divisor.", "gcd(42, 56)", "14", sig(BigInt, ofInts(gcd), BigInt, BigInt)).also("greatest_common_divisor"),
	scalar(numericFamily, "lcm", "The least common multiple.", "lcm(4, 6)", "12", sig(BigInt, ofInts(lcm), BigInt, BigInt)).also("least_common_multiple"),
}

func ofDouble(f func(float64) float64) ScalarFunc {
	return func(_ *Call, args []kernel.Vec, _ int) (kernel.Vec, error) {
		return kernel.MapFixed(args[0], Double, f), nil
	}
}

// ofFloat is [ofDouble] of FLOAT.
func ofFloat(f func(float64) float64) ScalarFunc {
	return func(_ *Call, args []kernel.Vec, _ int) (kernel.Vec, error) {
		return kernel.MapFixed(args[0], Float, func(x float32) float32 { return float32(f(float64(x))) }), nil
	}
}

func ofDoubleErr(f func(float64) (float64, error)) ScalarFunc {
	return func(c *Call, args []kernel.Vec, n int) (kernel.Vec, error) {
		return mapRows(c, args, n, func(x float64) (float64, bool, error) {
			y, err := f(x)
			return y, true, err
		})
	}
}

func ofDoubles(f func(x, y float64) float64) ScalarFunc {
	return func(c *Call, args []kernel.Vec, n int) (kernel.Vec, error) {
		return mapRows2(c, args, n, func(x, y float64) (float64, bool, error) { return f(x, y), true, nil })
	}
}

func ofInts(f func(x, y int64) (int64, error)) ScalarFunc {
	return func(c *Call, args []kernel.Vec, n int) (kernel.Vec, error) {
		return mapRows2(c, args, n, func(x, y int64) (int64, bool, error) {
			z, err := f(x, y)
			return z, true, err
		})
	}
}

func testDouble(f func(float64) bool) ScalarFunc {
	return func(c *Call, args []kernel.Vec, n int) (kernel.Vec, error) {
		x := numbersOf[float64](args[0])
		return boolRows(c, args, n, func(i int) (bool, error) { return f(x.at(i)), nil })
	}
}

// ofAnyTime is what holds for all times and dates, none of which is infinite.
func ofAnyTime(holds bool) ScalarFunc {
	return func(c *Call, args []kernel.Vec, n int) (kernel.Vec, error) {
		return boolRows(c, args, n, func(int) (bool, error) { return holds, nil })
	}
}

// wholeUnchanged are overloads for whole numbers, which rounding leaves as they are.
func wholeUnchanged() []Overload {
	out := make([]Overload, len(integers))
	for i, t := range integers {
		out[i] = sig(t, identity, t)
	}
	return out
}

func absOverloads() []Overload {
	out := []Overload{
		sig(TinyInt, absOf[int8], TinyInt), sig(SmallInt, absOf[int16], SmallInt),
		sig(Integer, absOf[int32], Integer), sig(BigInt, absOf[int64], BigInt),
		sig(Float, absFloat[float32], Float), sig(Double, absFloat[float64], Double),
		sig(Duration, absOf[int64], Duration),
		{Args: types(AnyDecimal), RetOf: firstArg, Eval: func(_ *Call, args []kernel.Vec, _ int) (kernel.Vec, error) {
			return kernel.MapFixed(args[0], args[0].DataType(), decimal128.Num.Abs), nil
		}},
	}
	for _, t := range types(UTinyInt, USmallInt, UInteger, UBigInt) {
		out = append(out, sig(t, identity, t))
	}
	return out
}

func absOf[T kernel.Signed](c *Call, args []kernel.Vec, n int) (kernel.Vec, error) {
	return mapRows(c, args, n, func(x T) (T, bool, error) {
		if x >= 0 {
			return x, true, nil
		}
		if -x < 0 {
			return 0, false, fmt.Errorf("overflow: abs(%d) is out of range for %s", x, TypeName(c.Ret))
		}
		return -x, true, nil
	})
}

func absFloat[T kernel.Float](c *Call, args []kernel.Vec, _ int) (kernel.Vec, error) {
	return kernel.MapFixed(args[0], c.Ret, func(x T) T { return T(math.Abs(float64(x))) }), nil
}

func signOf[T int64 | float64](c *Call, args []kernel.Vec, _ int) (kernel.Vec, error) {
	return kernel.MapFixed(args[0], c.Ret, func(x T) int8 {
		switch {
		case x > 0:
			return 1
		case x < 0:
			return -1
		}
		return 0
	}), nil
}

func signOfDuration(c *Call, args []kernel.Vec, n int) (kernel.Vec, error) {
	return signOf[int64](c, args, n)
}

// roundDigits rounds as DuckDB does: by scaling up, rounding and scaling down.
func roundDigits[T kernel.Float](c *Call, args []kernel.Vec, n int) (kernel.Vec, error) {
	return mapRows2(c, args, n, func(value T, digits int64) (T, bool, error) {
		x, y := float64(value), 0.0
		if digits < 0 {
			m := math.Pow(10, -float64(digits))
			if y = math.Round(x/m) * m; math.IsInf(y, 0) || math.IsNaN(y) {
				return 0, true, nil
			}
			return T(y), true, nil
		}
		m := math.Pow(10, float64(digits))
		if y = math.Round(x*m) / m; math.IsInf(y, 0) || math.IsNaN(y) {
			return value, true, nil
		}
		return T(y), true, nil
	})
}

// RoundedDecimal is the type of a DECIMAL rounded to so many digits behind the point; ok
// is false for other types.
func RoundedDecimal(dt arrow.DataType, digits int64) (rounded arrow.DataType, ok bool) {
	if dt.ID() != arrow.DECIMAL128 || isHuge(dt) {
		return nil, false
	}
	p, s := decimalShape(dt)
	scale := int(min(max(digits, 0), int64(s)))
	if scale < s {
		p = min(p, maxPrecision-1)
	}
	return decimalOf(p, scale), true
}

// roundedDecimal is the type of a rounded DECIMAL where the digits are not known.
func roundedDecimal(args []arrow.DataType) (arrow.DataType, error) {
	return args[0], nil
}

// roundDecimalDigits rounds DECIMALs and gives them the scale of the result.
func roundDecimalDigits(c *Call, args []kernel.Vec, n int) (kernel.Vec, error) {
	_, from := decimalShape(c.Args[0])
	precision, to := decimalShape(c.Ret)
	return mapRows2(c, args, n, func(x decimal128.Num, digits int64) (decimal128.Num, bool, error) {
		if drop := int64(from) - digits; drop > maxPrecision {
			x = decimal128.Num{}
		} else if drop > 0 {
			var ok bool
			if x, ok = kernel.MulDecimal(kernel.RoundDecimal(x, int(drop)), kernel.Pow10(int(drop))); !ok {
				return x, false, errDecimalRange
			}
		}
		y, ok := kernel.RescaleDecimal(x, from, to, precision)
		if !ok {
			return y, false, errDecimalRange
		}
		return y, true, nil
	})
}

var errDecimalRange = errors.New("overflow: the rounded number is out of range for its DECIMAL")

// roundSig is the overload that rounds whole numbers of a type to tens, hundreds …
func roundSig[T kernel.Integer](t arrow.DataType) Overload {
	return sig(t, func(c *Call, args []kernel.Vec, n int) (kernel.Vec, error) {
		return mapRows2(c, args, n, func(x T, digits int64) (T, bool, error) {
			y, ok := roundWhole(int64(x), digits)
			if z := T(y); ok && int64(z) == y {
				return z, true, nil
			}
			return 0, false, fmt.Errorf("overflow: round(%d, %d) is out of range for %s", x, digits, TypeName(c.Ret))
		})
	}, t, BigInt)
}

// roundWhole rounds to the power of ten before the point that digits says, halves away
// from zero. ok is false on overflow.
func roundWhole(x, digits int64) (rounded int64, ok bool) {
	if digits >= 0 {
		return x, true
	}
	if digits < -18 {
		return 0, true
	}
	m := int64(math.Pow10(int(-digits)))
	rest := x % m
	switch down := x - rest; {
	case rest >= m-rest:
		return down + m, down+m > down
	case -rest >= m+rest:
		return down - m, down-m < down
	default:
		return down, true
	}
}

// hugeAsDouble rounds a HUGEINT, which is whole, as what DOUBLE makes of it.
func hugeAsDouble(c *Call, args []kernel.Vec, n int) (kernel.Vec, error) {
	return Cast(args[0], Double, false, c.Env, n)
}

func roundEven(x float64) float64 {
	y := math.Ceil(x)
	if x < 0 {
		y = math.Floor(x)
	}
	if math.Mod(y, 2) != 0 {
		y += math.Copysign(1, x)
	}
	return y
}

// decimalWhole is the type of a DECIMAL without fraction.
func decimalWhole(args []arrow.DataType) (arrow.DataType, error) {
	p, _ := decimalShape(args[0])
	return decimalOf(p, 0), nil
}

func decimalTo(f func(x decimal128.Num, scale int) decimal128.Num) ScalarFunc {
	return func(c *Call, args []kernel.Vec, _ int) (kernel.Vec, error) {
		_, scale := decimalShape(c.Args[0])
		return kernel.MapFixed(args[0], c.Ret, func(x decimal128.Num) decimal128.Num { return f(x, scale) }), nil
	}
}

func truncDecimal(x decimal128.Num, scale int) decimal128.Num {
	q, _ := x.Div(kernel.Pow10(scale))
	return q
}

func floorDecimal(x decimal128.Num, scale int) decimal128.Num {
	q, r := x.Div(kernel.Pow10(scale))
	if r.Sign() < 0 {
		return q.Sub(decimal128.FromI64(1))
	}
	return q
}

func ceilDecimal(x decimal128.Num, scale int) decimal128.Num {
	q, r := x.Div(kernel.Pow10(scale))
	if r != (decimal128.Num{}) && r.Sign() > 0 {
		return q.Add(decimal128.FromI64(1))
	}
	return q
}

// arc is an inverse function of an angle's sine or cosine, which lie between -1 and 1.
func arc(name string, f func(float64) float64) ScalarFunc {
	return ofDoubleErr(func(x float64) (float64, error) {
		if x < -1 || x > 1 {
			return 0, fmt.Errorf("%s needs a number between -1 and 1", name)
		}
		return f(x), nil
	})
}

var (
	errLogZero     = errors.New("zero has no logarithm")
	errLogNegative = errors.New("a negative number has no logarithm")
)

func checkLog(x float64) error {
	switch {
	case x == 0:
		return errLogZero
	case x < 0:
		return errLogNegative
	}
	return nil
}

func logarithm(f func(float64) float64) ScalarFunc {
	return ofDoubleErr(func(x float64) (float64, error) { return f(x), checkLog(x) })
}

func logBase(c *Call, args []kernel.Vec, n int) (kernel.Vec, error) {
	return mapRows2(c, args, n, func(base, x float64) (float64, bool, error) {
		divisor := math.Log10(base)
		switch err := checkLog(base); {
		case err != nil:
			return 0, false, err
		case divisor == 0:
			return 0, false, errors.New("1 is no base of a logarithm")
		}
		return math.Log10(x) / divisor, true, checkLog(x)
	})
}

func gcd(x, y int64) (int64, error) {
	for y != 0 {
		if y == -1 {
			return 1, nil
		}
		x, y = y, x%y
	}
	if x == math.MinInt64 {
		return 0, errors.New("overflow: the greatest common divisor is out of range for BIGINT")
	}
	return max(x, -x), nil
}

func lcm(x, y int64) (int64, error) {
	d, err := gcd(x, y)
	if err != nil || d == 0 {
		return 0, err
	}
	z := x / d
	product := z * y
	if z != 0 && (product/z != y || product == math.MinInt64) {
		return 0, errors.New("overflow: the least common multiple is out of range for BIGINT")
	}
	return max(product, -product), nil
}
