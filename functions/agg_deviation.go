package functions

import (
	"cmp"
	"math"
	"slices"

	"github.com/apache/arrow/go/v17/arrow"
	"github.com/apache/arrow/go/v17/arrow/array"

	"tq/functions/kernel"
)

var deviationAggregates = []Def{
	{
		Name: "mad", Kind: Aggregate, Family: aggregates, Nulls: SeesNulls,
		Doc:     "The median of the distances from the median; of times it is a duration.",
		Example: "mad(x) FROM (VALUES (1), (2), (3), (4), (100)) t(x)", Result: "1.0",
		Overloads: []Overload{
			{Args: types(Double), Ret: Double, Accumulate: newDeviation},
			{Args: types(Duration), Ret: Duration, Accumulate: newDeviation},
			{Args: types(Timestamp), Ret: Duration, Accumulate: newDeviation},
			{Args: types(Time), Ret: Duration, Accumulate: newDeviation},
		},
	},
}

// deviation keeps all values for the median of their distances from the median.
type deviation struct {
	collected
	ret arrow.DataType
}

func newDeviation(c *Call) Accumulator {
	return &deviation{collected: collected{dt: c.Args[0]}, ret: c.Ret}
}

func (d *deviation) Update(groups []uint32, args []kernel.Vec, n int) error {
	d.add(groups, args[0], n)
	return nil
}

func (d *deviation) Merge(other Accumulator, into []uint32) error {
	o, ok := other.(*deviation)
	if !ok {
		return strangers(d, other)
	}
	d.merge(&o.collected, into)
	return nil
}

func (d *deviation) Append(b array.Builder, g int) error {
	one, err := d.results(g, g+1)
	if err != nil {
		return err
	}
	return appendRow(b, one, 0)
}

func (d *deviation) Finish(n int) (arrow.Array, error) { return d.results(0, n) }

func (d *deviation) results(from, to int) (arrow.Array, error) {
	v, err := d.group()
	if err != nil {
		return nil, err
	}
	if d.dt.ID() == arrow.FLOAT64 {
		values := kernel.Values[float64](v.values)
		return finishFixed(d.ret, to-from, func(g int) (float64, bool, error) {
			x, ok := medianDistance(values[v.offsets[from+g]:v.offsets[from+g+1]], between, kernel.CompareFloats[float64],
				func(x, y float64) float64 { return math.Abs(x - y) })
			return x, ok, nil
		})
	}
	values := kernel.Values[int64](v.values)
	return finishFixed(d.ret, to-from, func(g int) (int64, bool, error) {
		x, ok := medianDistance(values[v.offsets[from+g]:v.offsets[from+g+1]], betweenWhole, cmp.Compare, distance)
		return x, ok, nil
	})
}

func betweenWhole(lo, hi int64, d float64) int64 { return lo + int64(float64(hi-lo)*d) }

func distance(x, y int64) int64 {
	if x < y {
		return y - x
	}
	return x - y
}

// medianDistance is the median of the distances of values from their median.
func medianDistance[T int64 | float64](values []T, mid func(lo, hi T, d float64) T, compare func(x, y T) int, distance func(x, y T) T) (T, bool) {
	if len(values) == 0 {
		return 0, false
	}
	median := func(v []T) T {
		slices.SortFunc(v, compare)
		lo, hi := v[(len(v)-1)/2], v[len(v)/2]
		return mid(lo, hi, 0.5)
	}
	own := slices.Clone(values)
	center := median(own)
	for i, x := range own {
		own[i] = distance(x, center)
	}
	return median(own), true
}
