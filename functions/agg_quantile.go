package functions

import (
	"cmp"
	"errors"
	"math"
	"slices"

	"github.com/apache/arrow/go/v17/arrow"
	"github.com/apache/arrow/go/v17/arrow/array"
	"github.com/apache/arrow/go/v17/arrow/decimal128"

	"tq/functions/kernel"
)

var quantileAggregates = []Def{
	{
		Name: "median", Kind: Aggregate, Family: aggregates, Nulls: SeesNulls,
		Doc:     "The value in the middle: of an even number of values the mean of the two in the middle, of texts and intervals the lower one.",
		Example: "median(x) FROM (VALUES (1), (2), (10), (20)) t(x)", Result: "6.0",
		Overloads: append(continuousOverloads(false),
			Overload{Args: types(Varchar), Ret: Varchar, Accumulate: newQuantile(false)},
			Overload{Args: types(Blob), Ret: Blob, Accumulate: newQuantile(false)},
			Overload{Args: types(Interval), Ret: Interval, Accumulate: newQuantile(false)},
			Overload{Args: types(Boolean), Ret: Boolean, Accumulate: newQuantile(false)}),
	},
	{
		Name: "quantile_cont", Aliases: []string{"percentile_cont"}, Kind: Aggregate, Family: aggregates, Nulls: SeesNulls,
		Doc:     "The value below which a share between 0 and 1 of the values lies, interpolated between neighbours. With a list of shares a list of values.",
		Example: "quantile_cont(x, 0.25) FROM (VALUES (1), (2), (3), (4)) t(x)", Result: "1.75",
		Overloads: continuousOverloads(true),
	},
	{
		Name: "quantile_disc", Aliases: []string{"percentile_disc", "quantile"}, Kind: Aggregate, Family: aggregates, Nulls: SeesNulls,
		Doc:     "The least of the values that has at least the given share of them at or below it. With a list of shares a list of values.",
		Example: "quantile_disc(x, 0.25) FROM (VALUES (1), (2), (3), (4)) t(x)", Result: "1",
		Overloads: []Overload{
			{Args: types(Any, Double), RetOf: firstPlain, Accumulate: newQuantile(false)},
			{Args: types(Any, arrow.ListOf(Double)), RetOf: firstPlainList, Accumulate: newQuantile(false)},
		},
	},
	{
		Name: "approx_quantile", Kind: Aggregate, Family: aggregates, Nulls: SeesNulls,
		Doc:     "As quantile_cont; here it is exact too.",
		Example: "approx_quantile(x, 0.5) FROM (VALUES (1), (2), (3)) t(x)", Result: "2.0",
		Overloads: continuousOverloads(true),
	},
}

// continuousOverloads interpolate: DECIMAL and times within their type, other numbers to
// DOUBLE.
func continuousOverloads(share bool) []Overload {
	out := []Overload{{Args: types(AnyDecimal), RetOf: decimalQuantile, Accumulate: newQuantile(true)}}
	if share {
		out[0].Args = types(AnyDecimal, Double)
		out = append(out, Overload{Args: types(AnyDecimal, arrow.ListOf(Double)), RetOf: func(args []arrow.DataType) (arrow.DataType, error) {
			dt, err := decimalQuantile(args)
			return arrow.ListOf(dt), err
		}, Accumulate: newQuantile(true)})
	}
	for _, t := range types(Float, Double, Duration, Timestamp, Time) {
		if !share {
			out = append(out, Overload{Args: types(t), Ret: t, Accumulate: newQuantile(true)})
			continue
		}
		out = append(out,
			Overload{Args: types(t, Double), Ret: t, Accumulate: newQuantile(true)},
			Overload{Args: types(t, arrow.ListOf(Double)), Ret: arrow.ListOf(t), Accumulate: newQuantile(true)})
	}
	return out
}

// decimalQuantile is the type of a DECIMAL's quantiles. HUGEINT has DOUBLE ones.
func decimalQuantile(args []arrow.DataType) (arrow.DataType, error) {
	if isHuge(args[0]) {
		return Double, errors.New("HUGEINT is interpolated as DOUBLE")
	}
	return args[0], nil
}

func firstPlainList(args []arrow.DataType) (arrow.DataType, error) {
	dt, err := firstPlain(args)
	return arrow.ListOf(dt), err
}

// quantile finds values by their place in the order of all.
type quantile struct {
	collected
	call       *Call
	continuous bool
	shares     []float64 // nil until the first row
	many       bool      // the result is a list
}

func newQuantile(continuous bool) NewAccumulator {
	return func(c *Call) Accumulator {
		q := &quantile{call: c, continuous: continuous, collected: collected{dt: c.Args[0]}, shares: []float64{0.5}}
		if len(c.Args) == 2 {
			q.shares, q.many = nil, c.Args[1].ID() == arrow.LIST
		}
		return q
	}
}

// Unordered implements [Unordered]: the values are ordered anyway. Of floats, 0 and -0 are
// equal and yet not the same.
func (q *quantile) Unordered() bool { return q.dt.ID() != arrow.FLOAT64 && q.dt.ID() != arrow.FLOAT32 }

var (
	errShare    = errors.New("the share of a quantile must be a number between 0 and 1, or between -1 and 0 to count from the greatest")
	errOneShare = errors.New("the share of a quantile must be the same for all rows")
)

func (q *quantile) Update(groups []uint32, args []kernel.Vec, n int) error {
	if len(args) == 2 && n > 0 {
		if err := q.readShares(args[1]); err != nil {
			return err
		}
	}
	if q.dt.ID() != arrow.NULL {
		q.add(groups, args[0], n)
	}
	return nil
}

func (q *quantile) readShares(v kernel.Vec) error {
	for i := range v.Len() {
		given := kernel.Value(v.Array, i)
		list, many := given.([]any)
		if !many {
			list = []any{given}
		}
		shares := make([]float64, len(list))
		for j, x := range list {
			share, ok := x.(float64)
			if !ok || !(share >= -1 && share <= 1) {
				return errShare
			}
			shares[j] = share
		}
		if q.shares != nil && !slices.Equal(q.shares, shares) {
			return errOneShare
		}
		q.shares = shares
	}
	return nil
}

func (q *quantile) Merge(other Accumulator, into []uint32) error {
	o, ok := other.(*quantile)
	if !ok {
		return strangers(q, other)
	}
	switch {
	case q.shares == nil:
		q.shares = o.shares
	case o.shares != nil && !slices.Equal(q.shares, o.shares):
		return errOneShare
	}
	q.merge(&o.collected, into)
	return nil
}

func (q *quantile) Append(b array.Builder, g int) error {
	one, err := q.results(g, g+1)
	if err != nil {
		return err
	}
	return appendRow(b, one, 0)
}

func (q *quantile) Finish(n int) (arrow.Array, error) { return q.results(0, n) }

func (q *quantile) results(from, to int) (arrow.Array, error) {
	v, err := q.group()
	if err != nil {
		return nil, err
	}
	if q.shares == nil || q.dt.ID() == arrow.NULL {
		return kernel.Nulls(q.call.Ret, to-from), nil
	}
	var flat arrow.Array
	switch {
	case q.continuous && q.dt.ID() == arrow.DECIMAL128:
		flat = q.interpolateDecimals(v, from, to)
	case q.continuous:
		flat = q.interpolate(v, from, to)
	default:
		if flat, err = kernel.Plain(q.choose(v, from, to)); err != nil {
			return nil, err
		}
	}
	if !q.many {
		return flat, nil
	}
	offsets, missing := make([]int32, to-from+1), newNulls(to-from)
	for g := range to - from {
		offsets[g+1] = offsets[g] + int32(len(q.shares))
		if v.offsets[from+g] == v.offsets[from+g+1] {
			missing.set(g)
		}
	}
	return kernel.FromLists(q.call.Ret, offsets, flat, missing.with(kernel.Validity{})), nil
}

// interpolate computes shares × groups values between neighbours.
func (q *quantile) interpolate(v *groupedValues, from, to int) arrow.Array {
	words, _ := kernel.SortKeys(v.values)
	n := (to - from) * len(q.shares)
	missing := newNulls(n)
	floats, whole := make([]float64, n), make([]int64, n)
	at := 0
	for g := from; g < to; g++ {
		own := words[v.offsets[g]:v.offsets[g+1]]
		for _, share := range q.shares {
			if len(own) == 0 {
				missing.set(at)
			} else {
				lo, hi, d := neighbours(own, share)
				switch q.dt.ID() {
				case arrow.FLOAT32:
					a, b := float32(kernel.KeyFloat(lo)), float32(kernel.KeyFloat(hi))
					floats[at] = float64(a + (b-a)*float32(d))
				case arrow.FLOAT64:
					floats[at] = between(kernel.KeyFloat(lo), kernel.KeyFloat(hi), d)
				default:
					a, b := int64(lo^1<<63), int64(hi^1<<63)
					whole[at] = a + int64(float64(b-a)*d)
				}
			}
			at++
		}
	}
	valid := missing.with(kernel.Validity{})
	switch q.dt.ID() {
	case arrow.FLOAT64:
		return kernel.FromValues(Double, floats, valid)
	case arrow.FLOAT32:
		return kernel.MapFixed(kernel.Col(kernel.FromValues(Double, floats, valid)), Float, func(x float64) float32 { return float32(x) }).Array
	}
	return kernel.FromValues(q.dt, whole, valid)
}

func between(lo, hi, d float64) float64 {
	if d == 0 || lo == hi {
		return lo
	}
	return lo*(1-d) + hi*d
}

// neighbours returns the words on both sides of a share, and how far between them it
// lies. A negative share counts from the greatest.
func neighbours(words []uint64, share float64) (lo, hi uint64, d float64) {
	at := float64(len(words)-1) * math.Abs(share)
	floor := int(math.Floor(at))
	d = at - float64(floor)
	if share < 0 {
		k := len(words) - 1 - floor
		kernel.Nth(words, k)
		lo, hi = words[k], words[k]
		if d > 0 {
			hi = slices.Max(words[:k])
		}
		return lo, hi, d
	}
	kernel.Nth(words, floor)
	lo, hi = words[floor], words[floor]
	if d > 0 {
		hi = slices.Min(words[floor+1:])
	}
	return lo, hi, d
}

// choose takes one of the values for each share and group.
func (q *quantile) choose(v *groupedValues, from, to int) arrow.Array {
	switch kernel.KindOf(v.values.DataType()) {
	case kernel.Int64:
		return chooseNumbers[int64](q, v, from, to)
	case kernel.Int32:
		return chooseNumbers[int32](q, v, from, to)
	case kernel.Int16:
		return chooseNumbers[int16](q, v, from, to)
	case kernel.Int8:
		return chooseNumbers[int8](q, v, from, to)
	case kernel.Uint64:
		return chooseNumbers[uint64](q, v, from, to)
	case kernel.Uint32:
		return chooseNumbers[uint32](q, v, from, to)
	case kernel.Uint16:
		return chooseNumbers[uint16](q, v, from, to)
	case kernel.Uint8:
		return chooseNumbers[uint8](q, v, from, to)
	}
	words, exact := kernel.SortKeys(v.values)
	ordered, rows := v.sorter(words, exact), make([]int32, 0, (to-from)*len(q.shares))
	for g := from; g < to; g++ {
		first, end := int(v.offsets[g]), int(v.offsets[g+1])
		switch {
		case first == end:
			for range q.shares {
				rows = append(rows, -1)
			}
		case exact:
			rows = q.chooseByWords(rows, words[first:end], first)
		default:
			order := ordered(g)
			for _, share := range q.shares {
				rows = append(rows, order[place(share, len(order))])
			}
		}
	}
	return kernel.TakeNullable(v.values, rows)
}

// chooseNumbers is choose for whole numbers and times. It moves the values of a group
// about, as their order doesn't matter.
func chooseNumbers[T kernel.Integer](q *quantile, v *groupedValues, from, to int) arrow.Array {
	values, out := kernel.Values[T](v.values), make([]T, 0, (to-from)*len(q.shares))
	missing := newNulls(cap(out))
	for g := from; g < to; g++ {
		own := values[v.offsets[g]:v.offsets[g+1]]
		for _, share := range q.shares {
			if len(own) == 0 {
				missing.set(len(out))
				out = append(out, 0)
				continue
			}
			k := place(share, len(own))
			kernel.Nth(own, k)
			out = append(out, own[k])
		}
	}
	return kernel.FromValues(v.values.DataType(), out, missing.with(kernel.Validity{}))
}

// chooseByWords appends the rows that hold the values for the shares of a group; its
// words are those of the rows from first on. No more is put in order than that takes.
func (q *quantile) chooseByWords(rows []int32, words []uint64, first int) []int32 {
	scratch := slices.Clone(words)
	for _, share := range q.shares {
		k := place(share, len(words))
		kernel.Nth(scratch, k)
		rows = append(rows, int32(first+slices.Index(words, scratch[k])))
	}
	return rows
}

// interpolateDecimals is [quantile.interpolate] of DECIMAL; digits that it has no place for
// are cut off.
func (q *quantile) interpolateDecimals(v *groupedValues, from, to int) arrow.Array {
	ordered, values := v.sorter(kernel.SortKeys(v.values)), kernel.Values[decimal128.Num](v.values)
	out := make([]decimal128.Num, (to-from)*len(q.shares))
	missing, at := newNulls(len(out)), 0
	for g := from; g < to; g++ {
		order := ordered(g)
		for _, share := range q.shares {
			if len(order) == 0 {
				missing.set(at)
			} else {
				exact := float64(len(order)-1) * math.Abs(share)
				lo, hi := int(math.Floor(exact)), int(math.Ceil(exact))
				if share < 0 {
					lo, hi = len(order)-1-lo, len(order)-1-hi
				}
				a, b := values[order[lo]], values[order[hi]]
				step := math.Trunc(b.Sub(a).ToFloat64(0) * (exact - math.Floor(exact)))
				add, _ := decimal128.FromFloat64(step, maxPrecision, 0) // no greater than b - a
				out[at] = a.Add(add)
			}
			at++
		}
	}
	return kernel.FromValues(q.dt, out, missing.with(kernel.Validity{}))
}

// sorter returns a function that gives the rows of a group in the order of their values,
// whose sort keys are given.
func (v *groupedValues) sorter(words []uint64, exact bool) func(g int) []int32 {
	compare := kernel.Comparer(v.values, v.values)
	return func(g int) []int32 {
		order := make([]int32, v.offsets[g+1]-v.offsets[g])
		for i := range order {
			order[i] = v.offsets[g] + int32(i)
		}
		slices.SortFunc(order, func(i, j int32) int {
			if c := cmp.Compare(words[i], words[j]); c != 0 || exact {
				return c
			}
			return compare(int(i), int(j))
		})
		return order
	}
}

// place is the row that a share of n ordered rows ends at.
func place(share float64, n int) int {
	all := float64(n)
	if share < 0 {
		return n - 1 - place(-share, n)
	}
	return max(1, n-int(math.Floor(all-share*all))) - 1
}
