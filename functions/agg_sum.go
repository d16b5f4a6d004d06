package functions

import (
	"errors"
	"math"
	"math/bits"

	"github.com/apache/arrow/go/v17/arrow"
	"github.com/apache/arrow/go/v17/arrow/array"
	"github.com/apache/arrow/go/v17/arrow/decimal128"

	"tq/functions/kernel"
)

var smallIntegers = types(TinyInt, SmallInt, Integer, BigInt, UTinyInt, USmallInt, UInteger, UBigInt)

var sumAggregates = []Def{
	{
		Name: "sum", Kind: Aggregate, Family: aggregates, Nulls: SeesNulls,
		Doc:     "The sum of the values that are not NULL; NULL if there are none. Whole numbers add up to a HUGEINT, which does not overflow.",
		Example: "sum(x) FROM (VALUES (1), (NULL), (3)) t(x)", Result: "4",
		Overloads: sumOverloads(),
	},
	{
		Name: "avg", Aliases: []string{"mean"}, Kind: Aggregate, Family: aggregates, Nulls: SeesNulls,
		Doc:     "The mean of the values that are not NULL; NULL if there are none. The mean of durations is a duration, that of timestamps a timestamp.",
		Example: "avg(x) FROM (VALUES (1), (NULL), (4)) t(x)", Result: "2.5",
		Overloads: avgOverloads(),
	},
}

func sumOverloads() []Overload {
	var out []Overload
	for _, t := range smallIntegers {
		out = append(out, Overload{Args: types(t), Ret: HugeInt, Accumulate: newWholeSum, Window: sumFrames})
	}
	return append(out,
		Overload{Args: types(Boolean), Ret: HugeInt, Accumulate: newBoolSum},
		Overload{Args: types(AnyDecimal), RetOf: decimalTotal, Accumulate: newDecimalSum},
		Overload{Args: types(Double), Ret: Double, Accumulate: newFloatSum, Window: sumFrames},
		Overload{Args: types(Duration), Ret: Duration, Accumulate: newWholeSum, Window: sumFrames},
		Overload{Args: types(Interval), Ret: Interval, Accumulate: newIntervalSum},
	)
}

func avgOverloads() []Overload {
	var out []Overload
	for _, t := range smallIntegers {
		out = append(out, Overload{Args: types(t), Ret: Double, Accumulate: newWholeSum, Window: avgFrames})
	}
	return append(out,
		Overload{Args: types(AnyDecimal), Ret: Double, Accumulate: newDecimalSum},
		Overload{Args: types(Double), Ret: Double, Accumulate: newFloatMean, Window: avgFrames},
		Overload{Args: types(Duration), Ret: Duration, Accumulate: newMean, Window: avgFrames},
		Overload{Args: types(Interval), Ret: Interval, Accumulate: newIntervalMean},
		Overload{Args: types(Timestamp), Ret: Timestamp, Accumulate: newMean, Window: avgFrames},
	)
}

func decimalTotal(args []arrow.DataType) (arrow.DataType, error) {
	_, scale := decimalShape(args[0])
	return decimalOf(maxPrecision, scale), nil
}

// total is a sum of up to 2^63 64-bit numbers, in 128 bits, and their count.
type total struct {
	lo uint64
	hi int64
	n  int64
}

func (t *total) add(x int64) {
	var carry uint64
	t.lo, carry = bits.Add64(t.lo, uint64(x), 0)
	t.hi += x>>63 + int64(carry)
	t.n++
}

// addWhole is add for numbers that may stand for one without a sign.
func (t *total) addWhole(x int64, unsigned bool) {
	t.add(x)
	if unsigned && x < 0 {
		t.hi++
	}
}

func (t *total) merge(o total) {
	var carry uint64
	t.lo, carry = bits.Add64(t.lo, o.lo, 0)
	t.hi += o.hi + int64(carry)
	t.n += o.n
}

func (t *total) unmerge(o total) {
	var borrow uint64
	t.lo, borrow = bits.Sub64(t.lo, o.lo, 0)
	t.hi -= o.hi + int64(borrow)
	t.n -= o.n
}

func (t total) num() decimal128.Num { return decimal128.New(t.hi, t.lo) }

// int64 is the sum if 64 bits hold it.
func (t total) int64() (int64, bool) { return int64(t.lo), t.hi == int64(t.lo)>>63 }

// float is the nearest DOUBLE.
func (t total) float() float64 {
	if x, ok := t.int64(); ok {
		return float64(x)
	}
	return t.num().ToFloat64(0)
}

// mean is the mean rounded to the nearest whole number, halves away from zero.
func (t total) mean() int64 {
	q, r := t.num().Div(decimal128.FromI64(t.n))
	x, rest := int64(q.LowBits()), int64(r.LowBits())
	switch {
	case rest >= t.n-rest && rest > 0:
		x++
	case -rest >= t.n+rest && rest < 0:
		x--
	}
	return x
}

// wholeSum sums whole numbers; the result's type says whether it is a sum or a mean.
type wholeSum struct {
	states[total]
	call  *Call
	means bool // the mean in the argument's own type
	valid validRows
}

func newWholeSum(c *Call) Accumulator { return &wholeSum{call: c} }
func newMean(c *Call) Accumulator     { return &wholeSum{call: c, means: true} }

// Unordered implements [Unordered].
func (*wholeSum) Unordered() bool { return true }

func (s *wholeSum) Update(groups []uint32, args []kernel.Vec, n int) error {
	a := kernel.Full(args[0], n)
	switch kernel.KindOf(a.DataType()) {
	case kernel.Int8:
		addWhole[int8](s, groups, a)
	case kernel.Int16:
		addWhole[int16](s, groups, a)
	case kernel.Int32:
		addWhole[int32](s, groups, a)
	case kernel.Int64:
		addWhole[int64](s, groups, a)
	case kernel.Uint8:
		addWhole[uint8](s, groups, a)
	case kernel.Uint16:
		addWhole[uint16](s, groups, a)
	case kernel.Uint32:
		addWhole[uint32](s, groups, a)
	case kernel.Uint64:
		addWhole[uint64](s, groups, a)
	}
	return nil
}

func addWhole[T kernel.Integer](s *wholeSum, groups []uint32, a arrow.Array) {
	values, valid := kernel.Values[T](a), kernel.ValidityOf(a)
	var zero T
	sign := int64(0)
	if zero-1 < zero { // a type with a sign
		sign = -1
	}
	switch {
	case groups == nil:
		sumAll(&s.all[0], values, valid, sign)
	case valid.Bits == nil:
		all := s.all
		for i, x := range values {
			t := &all[groups[i]]
			lo, carry := bits.Add64(t.lo, uint64(int64(x)), 0)
			t.lo = lo
			t.hi += int64(x)>>63&sign + int64(carry)
			t.n++
		}
	default:
		for _, i := range s.valid.of(valid, len(values)) {
			x, t := values[i], &s.all[groups[i]]
			lo, carry := bits.Add64(t.lo, uint64(int64(x)), 0)
			t.lo = lo
			t.hi += int64(x)>>63&sign + int64(carry)
			t.n++
		}
	}
}

func sumAll[T kernel.Integer](t *total, values []T, valid kernel.Validity, sign int64) {
	lo, hi := t.lo, t.hi
	var carry uint64
	if valid.Bits == nil {
		for _, x := range values {
			lo, carry = bits.Add64(lo, uint64(int64(x)), 0)
			hi += int64(x)>>63&sign + int64(carry)
		}
	} else {
		for i, x := range values {
			keep := -uint64(valid.Bits[i>>3] >> (i & 7) & 1)
			wide := uint64(int64(x)) & keep
			lo, carry = bits.Add64(lo, wide, 0)
			hi += int64(wide)>>63&sign + int64(carry)
		}
	}
	t.lo, t.hi, t.n = lo, hi, t.n+int64(len(values)-valid.Nulls)
}

func (s *wholeSum) Merge(other Accumulator, into []uint32) error {
	o, ok := other.(*wholeSum)
	if !ok {
		return strangers(s, other)
	}
	for g, to := range into {
		s.all[to].merge(o.all[g])
	}
	return nil
}

var errDurationSum = errors.New("the sum of the durations is out of range: it must be shorter than 292 years")

// whole is the result in 64 bits: a sum or mean of durations or timestamps.
func (s *wholeSum) whole(t total) (int64, bool, error) {
	if t.n == 0 {
		return 0, false, nil
	}
	if s.means {
		return t.mean(), true, nil
	}
	x, ok := t.int64()
	if !ok {
		return 0, false, errDurationSum
	}
	return x, true, nil
}

func (s *wholeSum) Append(b array.Builder, g int) error {
	t := s.all[g]
	switch kernel.KindOf(s.call.Ret) {
	case kernel.Decimal:
		appendFixed(b, t.num(), t.n > 0)
	case kernel.Float64:
		appendFixed(b, t.float()/float64(t.n), t.n > 0)
	default:
		x, ok, err := s.whole(t)
		if err != nil {
			return err
		}
		appendFixed(b, x, ok)
	}
	return nil
}

func (s *wholeSum) Finish(n int) (arrow.Array, error) {
	return finishTotals(s, n, func(g int) total { return s.all[g] })
}

// finishTotals makes the results of n totals.
func finishTotals(s *wholeSum, n int, of func(i int) total) (arrow.Array, error) {
	switch kernel.KindOf(s.call.Ret) {
	case kernel.Decimal:
		return finishFixed(s.call.Ret, n, func(i int) (decimal128.Num, bool, error) {
			t := of(i)
			return t.num(), t.n > 0, nil
		})
	case kernel.Float64:
		return finishFixed(s.call.Ret, n, func(i int) (float64, bool, error) {
			t := of(i)
			return t.float() / float64(t.n), t.n > 0, nil
		})
	}
	return finishFixed(s.call.Ret, n, func(i int) (int64, bool, error) { return s.whole(of(i)) })
}

// boolSum counts how many of the conditions that are not NULL are true.
type boolSum struct{ wholeSum }

func newBoolSum(c *Call) Accumulator { return &boolSum{wholeSum{call: c}} }

func (s *boolSum) Update(groups []uint32, args []kernel.Vec, n int) error {
	a := kernel.Full(args[0], n)
	if a.DataType().ID() == arrow.NULL {
		return nil
	}
	hits, valid := kernel.Bitmap(kernel.TrueBits(a)), kernel.ValidityOf(a)
	if groups == nil {
		s.all[0].merge(total{lo: uint64(kernel.CountBits(hits, n)), n: int64(n - valid.Nulls)})
		return nil
	}
	for i, g := range groups[:n] {
		t := &s.all[g]
		t.lo += uint64(hits[i>>3] >> (i & 7) & 1)
		if valid.Valid(i) {
			t.n++
		}
	}
	return nil
}

func (s *boolSum) Merge(other Accumulator, into []uint32) error {
	o, ok := other.(*boolSum)
	if !ok {
		return strangers(s, other)
	}
	return s.wholeSum.Merge(&o.wholeSum, into)
}

// floatTotal is a sum of numbers and their count.
type floatTotal struct {
	sum float64
	n   int64
}

// floatSum sums DOUBLE, for the sum or the mean.
type floatSum struct {
	states[floatTotal]
	mean bool
}

func newFloatSum(*Call) Accumulator  { return &floatSum{} }
func newFloatMean(*Call) Accumulator { return &floatSum{mean: true} }

func (s *floatSum) Update(groups []uint32, args []kernel.Vec, n int) error {
	a := kernel.Full(args[0], n)
	values, valid := kernel.Values[float64](a), kernel.ValidityOf(a)
	switch {
	case groups == nil:
		t := s.all[0]
		for i, x := range values {
			if valid.Valid(i) {
				t.sum += x
			}
		}
		s.all[0] = floatTotal{t.sum, t.n + int64(n-valid.Nulls)}
	case valid.Bits == nil:
		for i, x := range values {
			t := &s.all[groups[i]]
			t.sum += x
			t.n++
		}
	default:
		for i, x := range values {
			if valid.Valid(i) {
				t := &s.all[groups[i]]
				t.sum += x
				t.n++
			}
		}
	}
	return nil
}

func (s *floatSum) Merge(other Accumulator, into []uint32) error {
	o, ok := other.(*floatSum)
	if !ok {
		return strangers(s, other)
	}
	for g, to := range into {
		s.all[to].sum += o.all[g].sum
		s.all[to].n += o.all[g].n
	}
	return nil
}

func (s *floatSum) result(g int) (float64, bool, error) {
	t := s.all[g]
	if s.mean {
		return t.sum / float64(t.n), t.n > 0, nil
	}
	return t.sum, t.n > 0, nil
}

func (s *floatSum) Append(b array.Builder, g int) error {
	x, ok, _ := s.result(g)
	appendFixed(b, x, ok)
	return nil
}

func (s *floatSum) Finish(n int) (arrow.Array, error) { return finishFixed(Double, n, s.result) }

// decimalState is a sum of decimals and their count.
type decimalState struct {
	sum decimal128.Num
	n   int64
}

// decimalSums sums DECIMAL and HUGEINT; to a DOUBLE it is their mean.
type decimalSums struct {
	states[decimalState]
	call *Call
}

func newDecimalSum(c *Call) Accumulator { return &decimalSums{call: c} }

var errSumRange = errors.New("the sum is out of range: it must have at most 38 digits")

func (s *decimalSums) add(g uint32, x decimal128.Num, n int64) error {
	t := &s.all[g]
	sum, ok := kernel.AddDecimal(t.sum, x)
	if !ok || !kernel.FitsDecimal(sum, maxPrecision) {
		return errSumRange
	}
	t.sum, t.n = sum, t.n+n
	return nil
}

func (s *decimalSums) Update(groups []uint32, args []kernel.Vec, n int) error {
	a := kernel.Full(args[0], n)
	values, valid := kernel.Values[decimal128.Num](a), kernel.ValidityOf(a)
	for i, g := range s.of(groups, n) {
		if valid.Valid(i) {
			if err := s.add(g, values[i], 1); err != nil {
				return err
			}
		}
	}
	return nil
}

func (s *decimalSums) Merge(other Accumulator, into []uint32) error {
	o, ok := other.(*decimalSums)
	if !ok {
		return strangers(s, other)
	}
	for g, to := range into {
		if err := s.add(to, o.all[g].sum, o.all[g].n); err != nil {
			return err
		}
	}
	return nil
}

func (s *decimalSums) mean(g int) (float64, bool, error) {
	_, scale := decimalShape(s.call.Args[0])
	t := s.all[g]
	if t.n == 0 {
		return math.NaN(), false, nil
	}
	return kernel.DecimalFloat(t.sum, 0) / (float64(t.n) * math.Pow10(scale)), true, nil
}

func (s *decimalSums) Append(b array.Builder, g int) error {
	if s.call.Ret.ID() == arrow.FLOAT64 {
		x, ok, _ := s.mean(g)
		appendFixed(b, x, ok)
		return nil
	}
	appendFixed(b, s.all[g].sum, s.all[g].n > 0)
	return nil
}

func (s *decimalSums) Finish(n int) (arrow.Array, error) {
	if s.call.Ret.ID() == arrow.FLOAT64 {
		return finishFixed(Double, n, s.mean)
	}
	return finishFixed(s.call.Ret, n, func(g int) (decimal128.Num, bool, error) {
		return s.all[g].sum, s.all[g].n > 0, nil
	})
}
