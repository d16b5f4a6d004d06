package functions

import (
	"errors"
	"math"
	"math/big"
	"slices"

	"github.com/apache/arrow/go/v17/arrow"

	"tq/functions/kernel"
)

var binFunctions = []Def{
	scalar(listFamily, "equi_width_bins", "The upper ends of about so many bins of equal width between a least and a greatest value. With true, ends and width are round numbers, of which there may be twice as many.",
		"equi_width_bins(0, 10, 5, true)", "[2, 4, 6, 8, 10]",
		binSig(Integer, wholeEnds[int32]), binSig(BigInt, wholeEnds[int64]), binSig(Double, roundEnds)),
	scalar(listFamily, "is_histogram_other_bin", "Whether a key of a histogram stands for the values that were in none of its bins: the greatest value of its type.",
		"is_histogram_other_bin(5)", "false",
		Overload{Args: types(Any), Ret: Boolean, Eval: isOtherBin}),
}

// endsFunc returns the ends of bins between two values, the last first.
type endsFunc[T kernel.Number] func(least, most T, count int64, nice bool) ([]T, error)

var (
	errBinRange = errors.New("the greatest value of the bins is smaller than the least")
	errBinCount = errors.New("there must be at least one bin")
	errBinWidth = errors.New("bins have no width where an end is infinite or no number")
	errManyBins = errors.New("there cannot be more than 1000000 bins")
)

const maxBins = 1_000_000

func binSig[T kernel.Number](dt arrow.DataType, ends endsFunc[T]) Overload {
	return sig(arrow.ListOf(dt), func(c *Call, args []kernel.Vec, n int) (kernel.Vec, error) {
		if anyNullConst(args) {
			return nullOf(c), nil
		}
		n = rowCount(args, n)
		least, most, count, nice := numbersOf[T](args[0]), numbersOf[T](args[1]), numbersOf[int64](args[2]), step(args[3])
		round, valid := kernel.Bitmap(kernel.Bits(args[3].Array)), validAll(args, n)
		offsets, values := make([]int32, n+1), []T{}
		for i := range n {
			if valid.Valid(i) {
				lo, hi, k := least.at(i), most.at(i), count.at(i)
				switch {
				case hi < lo:
					return kernel.Vec{}, errBinRange
				case k < 1:
					return kernel.Vec{}, errBinCount
				case k > maxBins:
					return kernel.Vec{}, errManyBins
				case hi == lo:
					values = append(values, hi)
				default:
					found, err := ends(lo, hi, k, round.Get(i&nice))
					if err != nil {
						return kernel.Vec{}, err
					}
					slices.Reverse(found)
					values = append(values, found...)
				}
			}
			offsets[i+1] = int32(len(values))
		}
		return column(args, kernel.FromLists(c.Ret, offsets, kernel.FromValues(dt, values, kernel.Validity{}), valid)), nil
	}, dt, dt, BigInt, Boolean)
}

// binScale is how many times finer than whole numbers the ends of their bins are computed.
const binScale = 1000

// wholeEnds steps down from the greatest value in thousandths, so that ends do not drift.
func wholeEnds[T int32 | int64](least, most T, count int64, nice bool) ([]T, error) {
	scaled := func(x T) *big.Int { return new(big.Int).Mul(big.NewInt(int64(x)), big.NewInt(binScale)) }
	lo, hi := scaled(least), scaled(most)
	width := new(big.Int).Sub(hi, lo)
	width.Quo(width, big.NewInt(count))
	if nice {
		// A width rounded to a number of one or two digits, and a last end that is a multiple.
		if round := niceWidth(width); round.Sign() > 0 {
			up := ceilTo(hi, round)
			if up.Cmp(lo) != 0 {
				hi, width = up, round
			}
		}
		count *= 2
	}
	var out []T
	for end := hi; end.Cmp(lo) > 0; end = new(big.Int).Sub(end, width) {
		whole := new(big.Int).Quo(end, big.NewInt(binScale))
		x := T(whole.Int64())
		if !whole.IsInt64() || int64(x) != whole.Int64() {
			return nil, errors.New("the last bin would end beyond the type's greatest value")
		}
		if len(out) > 0 {
			if x < least || int64(len(out)) >= count {
				break
			}
			if x == out[len(out)-1] {
				if width.Sign() == 0 {
					break
				}
				continue
			}
		}
		out = append(out, x)
	}
	return out, nil
}

// niceWidth rounds a number to the nearest that 2 or 5 times the power of ten below it
// divides, such as 147 to 150.
func niceWidth(x *big.Int) *big.Int {
	ten := big.NewInt(1)
	for ten.Cmp(x) < 0 {
		ten.Mul(ten, big.NewInt(10))
	}
	ten.Quo(ten, big.NewInt(10))
	two, five := divisors(func(times int64) bool { return new(big.Int).Mul(ten, big.NewInt(times)).Cmp(x) <= 0 })
	nearest := func(times int64) *big.Int {
		divisor := new(big.Int).Mul(ten, big.NewInt(times))
		if divisor.Sign() == 0 {
			return new(big.Int)
		}
		half := new(big.Int).Quo(divisor, big.NewInt(2))
		out := new(big.Int).Add(x, half)
		return out.Mul(out.Quo(out, divisor), divisor)
	}
	distance := func(y *big.Int) *big.Int { return new(big.Int).Abs(new(big.Int).Sub(x, y)) }
	byTwo, byFive := nearest(two), nearest(five)
	if distance(byTwo).Cmp(distance(byFive)) < 0 {
		return byTwo
	}
	return byFive
}

// divisors are the multiples of the power of ten below a number that make it round; atMost
// says whether so many times the power is no more than it.
func divisors(atMost func(times int64) bool) (two, five int64) {
	two, five = 2, 1
	if atMost(3) {
		two = 10
	}
	if atMost(2) {
		five = 5
	}
	return two, five
}

// ceilTo is the next multiple, as integer division that truncates has it.
func ceilTo(x, divisor *big.Int) *big.Int {
	out := new(big.Int).Sub(divisor, big.NewInt(1))
	out.Add(out, x)
	return out.Mul(out.Quo(out, divisor), divisor)
}

func roundEnds(least, most float64, count int64, nice bool) ([]float64, error) {
	if math.IsInf(least, 0) || math.IsInf(most, 0) || least != least || most != most {
		return nil, errBinWidth
	}
	width := (most - least) / float64(count)
	if math.IsInf(most-least, 0) {
		width = most/float64(count) - least/float64(count)
	}
	digits := 10 / tenBelow(width)
	end := most
	if nice {
		width = niceFloatWidth(width)
		end = orSame(math.Ceil(most/width)*width, most)
		count *= 2
	}
	var out []float64
	for ; end > least; end -= width {
		x := end
		if nice { // steps add up what they are off
			x = math.Round(end*digits) / digits
		}
		if len(out) > 0 && out[len(out)-1] == x {
			if end-width == end {
				break
			}
			continue
		}
		if x <= least || int64(len(out)) >= count {
			break
		}
		out = append(out, x)
	}
	return out, nil
}

// tenBelow is the power of ten below a number.
func tenBelow(x float64) float64 {
	ten := 1.0
	if x < 1 {
		for ten > x && ten > 0 {
			ten /= 10
		}
		return ten
	}
	for ten < x {
		ten *= 10
	}
	return ten / 10
}

// niceFloatWidth is [niceWidth] of a DOUBLE.
func niceFloatWidth(x float64) float64 {
	ten := tenBelow(x)
	two, five := divisors(func(times int64) bool { return ten*float64(times) <= x })
	nearest := func(times int64) float64 {
		divisor := ten * float64(times)
		return orSame(math.Round(x/divisor)*divisor, x)
	}
	byTwo, byFive := nearest(two), nearest(five)
	if math.Abs(x-byTwo) < math.Abs(x-byFive) {
		return byTwo
	}
	return byFive
}

// orSame is x, or y where x is no finite number.
func orSame(x, y float64) float64 {
	if math.IsInf(x, 0) || x != x {
		return y
	}
	return x
}
