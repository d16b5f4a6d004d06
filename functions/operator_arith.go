package functions

import (
	"errors"
	"fmt"
	"slices"

	"github.com/apache/arrow/go/v17/arrow"

	"tq/functions/kernel"
)

const arithmetic = "arithmetic"

var (
	integers = types(TinyInt, SmallInt, Integer, BigInt, HugeInt, UTinyInt, USmallInt, UInteger, UBigInt)
	floats   = types(Float, Double)
)

// divideOrNull is the quotient that // makes of floating-point numbers.
func divideOrNull[T kernel.Float](c *Call, args []kernel.Vec, n int) (kernel.Vec, error) {
	return mapRows2(c, args, n, func(x, y T) (T, bool, error) { return x / y, y != 0, nil })
}

// arithmeticOperators are + - * / // % and the unary minus.
var arithmeticOperators = []Def{
	{
		Name: "+", Aliases: []string{"add"}, Kind: Scalar, Family: arithmetic,
		Doc:     "The sum. A whole number that its type cannot hold is an error. Durations and intervals add to timestamps, dates, times and each other.",
		Example: "1 + 2", Result: "3",
		Overloads: slices.Concat(
			binaryOverloads(kernel.Add, slices.Concat(integers, floats)),
			[]Overload{
				{Args: types(AnyDecimal, AnyDecimal), RetOf: decimalSum, Eval: decimalAddSub(kernel.Add)},
				same64(kernel.Add, Duration, Duration, Duration),
				same64(kernel.Add, Timestamp, Duration, Timestamp),
				same64(kernel.Add, Duration, Timestamp, Timestamp),
				{Args: types(Date, BigInt), Ret: Date, Eval: shiftDate(kernel.Add)},
				{Args: types(BigInt, Date), Ret: Date, Eval: swapped(shiftDate(kernel.Add))},
				{Args: types(Date, Duration), Ret: Timestamp, Eval: dateArith(kernel.Add)},
				{Args: types(Date, Time), Ret: Timestamp, Eval: dateArith(kernel.Add)},
				{Args: types(Time, Duration), Ret: Time, Eval: shiftTime(kernel.Add)},
				{Args: types(AnyNumber), RetOf: firstArg, Eval: identity},
				{Args: types(Duration), Ret: Duration, Eval: identity},
			}, intervalSums),
	},
	{
		Name: "-", Aliases: []string{"subtract"}, Kind: Scalar, Family: arithmetic,
		Doc:     "The difference, or with one operand the negation. The difference of two timestamps is a duration, that of two dates a number of days.",
		Example: "TIMESTAMP '2014-08-22 17:01:27' - TIMESTAMP '2014-08-22 17:01:26.5'", Result: "0.500000000",
		Overloads: slices.Concat(
			binaryOverloads(kernel.Sub, slices.Concat(integers, floats)),
			[]Overload{
				{Args: types(AnyDecimal, AnyDecimal), RetOf: decimalSum, Eval: decimalAddSub(kernel.Sub)},
				same64(kernel.Sub, Duration, Duration, Duration),
				same64(kernel.Sub, Timestamp, Timestamp, Duration),
				same64(kernel.Sub, Timestamp, Duration, Timestamp),
				{Args: types(Date, Date), Ret: BigInt, Eval: dateDiff},
				{Args: types(Date, BigInt), Ret: Date, Eval: shiftDate(kernel.Sub)},
				{Args: types(Date, Duration), Ret: Timestamp, Eval: dateArith(kernel.Sub)},
				same64(kernel.Sub, Time, Time, Duration),
				{Args: types(Time, Duration), Ret: Time, Eval: shiftTime(kernel.Sub)},
				{Args: types(AnyNumber), RetOf: firstArg, Eval: negate},
				{Args: types(Duration), Ret: Duration, Eval: negate},
			}, intervalDifferences),
	},
	{
		Name: "*", Aliases: []string{"multiply"}, Kind: Scalar, Family: arithmetic,
		Doc:     "The product. A whole number that its type cannot hold is an error. A duration may be multiplied by a number.",
		Example: "250ms * 4", Result: "1.000000000",
		Overloads: slices.Concat(
			binaryOverloads(kernel.Mul, slices.Concat(integers, floats)),
			[]Overload{
				{Args: types(AnyDecimal, AnyDecimal), RetOf: decimalProduct, Eval: arith(kernel.Mul)},
				same64(kernel.Mul, Duration, BigInt, Duration),
				same64(kernel.Mul, BigInt, Duration, Duration),
				{Args: types(Duration, Double), Ret: Duration, Eval: scaleDuration(func(d, f float64) float64 { return d * f })},
				{Args: types(Double, Duration), Ret: Duration, Eval: swapped(scaleDuration(func(d, f float64) float64 { return d * f }))},
			}, intervalProducts),
	},
	{
		Name: "/", Kind: Scalar, Family: arithmetic,
		Doc:     "The quotient as a floating-point number; x / 0 is infinite, 0 / 0 is NaN. A duration divided by a number is a duration, by a duration a number.",
		Example: "7 / 2", Result: "3.5",
		Overloads: []Overload{
			{Args: types(Float, Float), Ret: Float, Eval: arith(kernel.Div)},
			{Args: types(Double, Double), Ret: Double, Eval: arith(kernel.Div)},
			{Args: types(Duration, BigInt), Ret: Duration, Eval: arith(kernel.Div)},
			{Args: types(Duration, Double), Ret: Duration, Eval: scaleDuration(func(d, f float64) float64 { return d / f })},
			{Args: types(Duration, Duration), Ret: Double, Eval: ratio},
			{Args: types(Interval, Double), Ret: Interval, Eval: divideIntervals},
		},
	},
	{
		Name: "//", Kind: Scalar, Family: arithmetic, Aliases: []string{"divide"},
		Doc:     "The quotient of whole numbers, rounded towards zero, or of others; NULL when the divisor is 0.",
		Example: "7 // 2", Result: "3",
		Overloads: append(binaryOverloads(kernel.Div, integers), same64(kernel.Div, Duration, Duration, BigInt),
			Overload{Args: types(Float, Float), Ret: Float, Eval: divideOrNull[float32]},
			Overload{Args: types(Double, Double), Ret: Double, Eval: divideOrNull[float64]}),
	},
	{
		Name: "%", Aliases: []string{"mod"}, Kind: Scalar, Family: arithmetic,
		Doc:     "The remainder of the division rounded towards zero, with the sign of the dividend; NULL when the divisor is a whole 0.",
		Example: "-7 % 3", Result: "-1",
		Overloads: slices.Concat(
			binaryOverloads(kernel.Mod, slices.Concat(integers, floats)),
			[]Overload{
				{Args: types(AnyDecimal, AnyDecimal), RetOf: decimalCommon, Eval: decimalAddSub(kernel.Mod)},
				same64(kernel.Mod, Duration, Duration, Duration),
			}),
	},
}

// arith is the body of an operator whose operands have the kind of the result.
func arith(op kernel.ArithOp) ScalarFunc {
	return func(c *Call, args []kernel.Vec, n int) (kernel.Vec, error) {
		v, err := kernel.Arith(op, c.Ret, args[0], args[1], n)
		return v, explainOverflow(c, err)
	}
}

// explainOverflow words an overflow with the operands' types.
func explainOverflow(c *Call, err error) error {
	var over *kernel.OverflowError
	if !errors.As(err, &over) {
		return err
	}
	x := displayValue(over.X, c.Args[0])
	if len(c.Args) == 1 {
		return fmt.Errorf("overflow: -(%s) is out of range for %s", displayValue(over.Y, c.Args[0]), TypeName(c.Ret))
	}
	return fmt.Errorf("overflow: %s %s %s is out of range for %s", x, over.Op, displayValue(over.Y, c.Args[1]), TypeName(c.Ret))
}

// displayValue writes a value as a cast to VARCHAR would.
func displayValue(v any, dt arrow.DataType) string {
	a, err := kernel.Of(dt, v)
	if err != nil {
		return fmt.Sprint(v)
	}
	return string(textOf(a, nil)(nil, 0))
}

// binaryOverloads are overloads T op T → T.
func binaryOverloads(op kernel.ArithOp, of []arrow.DataType) []Overload {
	out := make([]Overload, len(of))
	for i, t := range of {
		out[i] = Overload{Args: types(t, t), Ret: t, Eval: arith(op)}
	}
	return out
}

// same64 is an overload whose operands and result are all 64 bits wide.
func same64(op kernel.ArithOp, x, y, ret arrow.DataType) Overload {
	return Overload{Args: types(x, y), Ret: ret, Eval: arith(op)}
}

func firstArg(args []arrow.DataType) (arrow.DataType, error) { return args[0], nil }

func identity(_ *Call, args []kernel.Vec, _ int) (kernel.Vec, error) { return args[0], nil }

func negate(c *Call, args []kernel.Vec, n int) (kernel.Vec, error) {
	v, err := kernel.Negate(args[0], n)
	return v, explainOverflow(c, err)
}

// swapped is a body of two operands in the other order.
func swapped(f ScalarFunc) ScalarFunc {
	return func(c *Call, args []kernel.Vec, n int) (kernel.Vec, error) {
		turned := *c
		turned.Args = types(c.Args[1], c.Args[0])
		return f(&turned, []kernel.Vec{args[1], args[0]}, n)
	}
}

// decimalSum is the type of a sum of decimals: one digit more than the wider operand.
// As in DuckDB a sum of decimals that fit into 64 bits stays within them.
func decimalSum(args []arrow.DataType) (arrow.DataType, error) {
	p1, s1 := decimalShape(args[0])
	p2, s2 := decimalShape(args[1])
	scale := max(s1, s2)
	width := max(p1-s1, p2-s2) + scale + 1
	if width > defaultPrecision && max(p1, p2) <= defaultPrecision {
		width = defaultPrecision
	}
	return decimalOf(min(width, maxPrecision), scale), nil
}

// decimalCommon is the type that holds the values of both operands.
func decimalCommon(args []arrow.DataType) (arrow.DataType, error) {
	return commonNumber(args[0], args[1]), nil
}

// decimalProduct is the type of a product of decimals: widths and scales add up. As in
// DuckDB a product of decimals that fit into 64 bits stays within them.
func decimalProduct(args []arrow.DataType) (arrow.DataType, error) {
	p1, s1 := decimalShape(args[0])
	p2, s2 := decimalShape(args[1])
	if s1+s2 > maxPrecision {
		return nil, fmt.Errorf("the product of %s and %s has more than %d digits behind the point", TypeName(args[0]), TypeName(args[1]), maxPrecision)
	}
	width := min(p1+p2, maxPrecision)
	if width > defaultPrecision && max(p1, p2) <= defaultPrecision && s1+s2 < defaultPrecision {
		width = defaultPrecision
	}
	return decimalOf(width, s1+s2), nil
}

// decimalAddSub brings both operands to the result's scale first.
func decimalAddSub(op kernel.ArithOp) ScalarFunc {
	return func(c *Call, args []kernel.Vec, n int) (kernel.Vec, error) {
		_, scale := decimalShape(c.Ret)
		wide := decimalOf(maxPrecision, scale)
		x, err := Cast(args[0], wide, false, c.Env, n)
		if err != nil {
			return kernel.Vec{}, err
		}
		y, err := Cast(args[1], wide, false, c.Env, n)
		if err != nil {
			return kernel.Vec{}, err
		}
		v, err := kernel.Arith(op, c.Ret, x, y, n)
		return v, explainOverflow(&Call{Args: types(wide, wide), Ret: c.Ret}, err)
	}
}

// ratio divides durations.
func ratio(_ *Call, args []kernel.Vec, n int) (kernel.Vec, error) {
	x, y := asDoubles(args[0]), asDoubles(args[1])
	return kernel.Arith(kernel.Div, Double, x, y, n)
}

func asDoubles(v kernel.Vec) kernel.Vec {
	return kernel.MapFixed(v, Double, func(x int64) float64 { return float64(x) })
}

// scaleDuration computes a duration from a duration and a number.
func scaleDuration(f func(d, x float64) float64) ScalarFunc {
	return func(c *Call, args []kernel.Vec, n int) (kernel.Vec, error) {
		return mapRows2(c, args, n, func(d int64, x float64) (int64, bool, error) {
			r := f(float64(d), x)
			switch {
			case r != r:
				return 0, false, nil
			case r >= 1<<63 || r < -1<<63:
				return 0, false, errDurationRange
			case r < 0:
				return int64(r - 0.5), true, nil
			}
			return int64(r + 0.5), true, nil
		})
	}
}

// dateDiff counts the days between dates.
func dateDiff(_ *Call, args []kernel.Vec, n int) (kernel.Vec, error) {
	return kernel.Arith(kernel.Sub, BigInt, wideDays(args[0]), wideDays(args[1]), n)
}

func wideDays(v kernel.Vec) kernel.Vec {
	return kernel.MapFixed(v, BigInt, func(x int32) int64 { return int64(x) })
}

// shiftDate adds days to a date.
func shiftDate(op kernel.ArithOp) ScalarFunc {
	return func(c *Call, args []kernel.Vec, n int) (kernel.Vec, error) {
		days, err := kernel.Arith(op, BigInt, wideDays(args[0]), args[1], n)
		if err != nil {
			return kernel.Vec{}, explainOverflow(c, err)
		}
		narrow, err := Cast(days, Integer, false, c.Env, n)
		if err != nil {
			return kernel.Vec{}, errors.New("the date is out of range")
		}
		return kernel.Vec{Array: kernel.Retype(narrow.Array, Date), Const: narrow.Const}, nil
	}
}

// dateArith adds a duration or a time of day to midnight of a date.
func dateArith(op kernel.ArithOp) ScalarFunc {
	return func(c *Call, args []kernel.Vec, n int) (kernel.Vec, error) {
		ts, err := Cast(args[0], Timestamp, false, c.Env, n)
		if err != nil {
			return kernel.Vec{}, err
		}
		v, err := kernel.Arith(op, Timestamp, ts, args[1], n)
		return v, explainOverflow(c, err)
	}
}

// shiftTime adds a duration to a time of day, around midnight.
func shiftTime(op kernel.ArithOp) ScalarFunc {
	return func(c *Call, args []kernel.Vec, n int) (kernel.Vec, error) {
		return mapRows2(c, args, n, func(t, d int64) (int64, bool, error) {
			d %= nanosPerDay
			if op == kernel.Sub {
				d = -d
			}
			_, r := floorDiv(t+d, nanosPerDay)
			return r, true, nil
		})
	}
}
