package functions

import (
	"errors"
	"fmt"
	"math"
	"math/rand/v2"

	"github.com/apache/arrow/go/v17/arrow/decimal128"

	"tq/functions/kernel"
)

var mathFunctions = []Def{
	scalar(numericFamily, "sinh", "The hyperbolic sine.", "sinh(0)", "0.0", sig(Double, ofDouble(math.Sinh), Double)),
	scalar(numericFamily, "cosh", "The hyperbolic cosine.", "cosh(0)", "1.0", sig(Double, ofDouble(math.Cosh), Double)),
	scalar(numericFamily, "tanh", "The hyperbolic tangent.", "tanh(0)", "0.0", sig(Double, ofDouble(math.Tanh), Double)),
	scalar(numericFamily, "asinh", "The inverse of sinh.", "asinh(0)", "0.0", sig(Double, ofDouble(math.Asinh), Double)),
	scalar(numericFamily, "acosh", "The inverse of cosh; NaN below 1.", "acosh(1)", "0.0", sig(Double, ofDouble(math.Acosh), Double)),
	scalar(numericFamily, "atanh", "The inverse of tanh.", "atanh(0)", "0.0", sig(Double, ofDoubleErr(func(x float64) (float64, error) {
		if x < -1 || x > 1 {
			return 0, errors.New("atanh takes a number between -1 and 1")
		}
		return math.Atanh(x), nil
	}), Double)),
	scalar(numericFamily, "cot", "The cotangent.", "cot(pi() / 4)", "1.0", sig(Double, ofDoubleErr(func(x float64) (float64, error) {
		if x == 0 {
			return 0, errors.New("0 has no cotangent")
		}
		return 1 / math.Tan(x), nil
	}), Double)),
	scalar(numericFamily, "gamma", "The gamma function, at whole numbers the factorial of the number below.", "gamma(5)", "24.0", sig(Double, ofDoubleErr(func(x float64) (float64, error) {
		switch {
		case x == 0:
			return 0, errors.New("gamma is not defined at 0")
		case x < 0 && x == math.Floor(x):
			return math.NaN(), nil
		}
		return math.Gamma(x), nil
	}), Double)),
	scalar(numericFamily, "lgamma", "The natural logarithm of the gamma function's size.", "lgamma(1)", "0.0", sig(Double, ofDoubleErr(func(x float64) (float64, error) {
		if x == 0 {
			return 0, errors.New("lgamma is not defined at 0")
		}
		y, _ := math.Lgamma(x)
		return y, nil
	}), Double)),
	scalar(numericFamily, "factorial", "The product of the whole numbers up to this one; it is also written 5!.", "factorial(5)", "120", sig(HugeInt, factorial, Integer)).also("!__postfix"),
	scalar(numericFamily, "nextafter", "The next floating-point number towards the second argument.", "nextafter(1::DOUBLE, 2)", "1.0000000000000002",
		sig(Float, func(c *Call, args []kernel.Vec, n int) (kernel.Vec, error) {
			return mapRows2(c, args, n, func(x, y float32) (float32, bool, error) { return math.Nextafter32(x, y), true, nil })
		}, Float, Float),
		sig(Double, ofDoubles(math.Nextafter), Double, Double)),
	scalar(numericFamily, "signbit", "Whether the number has a negative sign, as -0.0 has.", "signbit(-0.0::DOUBLE)", "true", sig(Boolean, testDouble(math.Signbit), Double)),
	scalar(numericFamily, "round_even", "The number rounded to so many digits, halves to the even digit.", "round_even(2.5, 0)", "2.0",
		sig(Double, func(c *Call, args []kernel.Vec, n int) (kernel.Vec, error) {
			return mapRows2(c, args, n, func(x float64, digits int64) (float64, bool, error) {
				m := math.Pow(10, float64(digits))
				return math.RoundToEven(x*m) / m, true, nil
			})
		}, Double, BigInt)).also("roundbankers"),
	scalar(numericFamily, "fdiv", "The quotient rounded down.", "fdiv(7, 2)", "3.0", sig(Double, ofDoubles(func(x, y float64) float64 { return math.Floor(x / y) }), Double, Double)),
	scalar(numericFamily, "fmod", "What is left of the first number when the second, as often as fdiv says, is taken away.", "fmod(-7, 3)", "2.0",
		sig(Double, ofDoubles(func(x, y float64) float64 { return x - y*math.Floor(x/y) }), Double, Double)),
	{
		Name: "random", Kind: Scalar, Family: numericFamily, Volatile: true,
		Doc:     "A random number from 0 to 1, 1 not included, another one for each row.",
		Example: "random() < 1", Result: "true",
		Overloads: []Overload{{Args: types(), Ret: Double, Eval: func(_ *Call, _ []kernel.Vec, n int) (kernel.Vec, error) {
			out := make([]float64, n)
			for i := range out {
				out[i] = rand.Float64()
			}
			return kernel.Col(kernel.FromValues(Double, out, kernel.Validity{})), nil
		}}},
	},
	{
		Name: "uuid", Aliases: []string{"gen_random_uuid", "uuidv4"}, Kind: Scalar, Family: stringFamily, Volatile: true,
		Doc:     "A random UUID of version 4, another one for each row.",
		Example: "length(uuid())", Result: "36",
		Overloads: []Overload{{Args: types(), Ret: Varchar, Eval: randomUUIDs}},
	},
}

// randomUUIDs makes a random UUID of version 4 for each row.
func randomUUIDs(_ *Call, _ []kernel.Vec, n int) (kernel.Vec, error) {
	out := kernel.NewStringBuilder(n)
	for range n {
		hi, lo := rand.Uint64()&^0xf000|0x4000, rand.Uint64()&(1<<62-1)|1<<63
		out.SetBuffer(fmt.Appendf(out.Buffer(), "%08x-%04x-%04x-%04x-%012x", hi>>32, hi>>16&0xffff, hi&0xffff, lo>>48, lo&(1<<48-1)))
	}
	a, err := out.Finish(Varchar)
	return kernel.Col(a), err
}

func factorial(c *Call, args []kernel.Vec, n int) (kernel.Vec, error) {
	return mapRows(c, args, n, func(x int32) (decimal128.Num, bool, error) {
		if x < 0 {
			return decimal128.Num{}, false, errors.New("a negative number has no factorial")
		}
		product, ok := decimal128.FromI64(1), true
		for k := int64(2); k <= int64(x) && ok; k++ {
			product, ok = kernel.MulDecimal(product, decimal128.FromI64(k))
		}
		if !ok || !kernel.FitsDecimal(product, maxPrecision) {
			return product, false, errors.New("overflow: the factorial is out of range for HUGEINT")
		}
		return product, true, nil
	})
}
