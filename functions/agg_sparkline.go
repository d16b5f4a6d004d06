package functions

import (
	"errors"
	"math"

	"github.com/apache/arrow/go/v17/arrow"
	"github.com/apache/arrow/go/v17/arrow/array"

	"tq/functions/kernel"
)

var sparklineAggregates = []Def{
	{
		Name: "sparkline", Kind: Aggregate, Family: aggregates, Nulls: SeesNulls,
		Doc:     "The course of the values as a line of block characters, from ▁ for the least to █ for the greatest; NULL is a blank. A course of more values than width, 80 unless given, is drawn as the means of so many parts.",
		Example: "sparkline(x ORDER BY i) FROM (VALUES (1, 0), (2, 3), (3, 7), (4, 2)) t(i, x)", Result: "▁▄█▃",
		Overloads: []Overload{
			{Args: types(Double, BigInt), Optional: 1, Ret: Varchar, Accumulate: newSparkline},
			{Args: types(Duration, BigInt), Optional: 1, Ret: Varchar, Accumulate: newSparkline},
		},
	},
}

// levels are the characters of a sparkline, from the least value to the greatest.
var levels = []rune("▁▂▃▄▅▆▇█")

var (
	errSparklineWidth    = errors.New("the width of a sparkline must be between 1 and 1000")
	errOneSparklineWidth = errors.New("the width of a sparkline must be the same for all rows")
)

// sparkline draws the values of each group in the order in which they came.
type sparkline struct {
	collected
	width int // 0 until the first row
}

func newSparkline(c *Call) Accumulator {
	s := &sparkline{collected: collected{dt: c.Args[0], keepNulls: true}}
	if len(c.Args) == 1 {
		s.width = defaultBarWidth
	}
	return s
}

func (s *sparkline) Update(groups []uint32, args []kernel.Vec, n int) error {
	if len(args) == 2 && n > 0 {
		if err := s.readWidth(args[1], n); err != nil {
			return err
		}
	}
	s.add(groups, args[0], n)
	return nil
}

func (s *sparkline) readWidth(v kernel.Vec, n int) error {
	widths, valid := numbersOf[int64](v), kernel.RowValidity(v, n)
	for i := range n {
		w := widths.at(i)
		switch {
		case !valid.Valid(i) || w < 1 || w > maxBarWidth:
			return errSparklineWidth
		case s.width != 0 && s.width != int(w):
			return errOneSparklineWidth
		}
		s.width = int(w)
	}
	return nil
}

func (s *sparkline) Merge(other Accumulator, into []uint32) error {
	o, ok := other.(*sparkline)
	if !ok {
		return strangers(s, other)
	}
	switch {
	case s.width == 0:
		s.width = o.width
	case o.width != 0 && s.width != o.width:
		return errOneSparklineWidth
	}
	s.merge(&o.collected, into)
	return nil
}

func (s *sparkline) Append(b array.Builder, g int) error {
	one, err := s.results(g, g+1)
	if err != nil {
		return err
	}
	return appendRow(b, one, 0)
}

func (s *sparkline) Finish(n int) (arrow.Array, error) { return s.results(0, n) }

func (s *sparkline) results(from, to int) (arrow.Array, error) {
	v, err := s.group()
	if err != nil {
		return nil, err
	}
	heights, out := heightsOf(v.values), kernel.NewStringBuilder(to-from)
	for g := from; g < to; g++ {
		course := inParts(heights[v.offsets[g]:v.offsets[g+1]], s.width)
		if least, most := extent(course); least <= most {
			out.SetBuffer(appendSparkline(out.Buffer(), course, least, most))
		} else {
			out.AppendNull()
		}
	}
	return out.Finish(Varchar)
}

// heightsOf are the values as floats, those that are NULL or not finite as NaN.
func heightsOf(a arrow.Array) []float64 {
	heights, valid := make([]float64, a.Len()), kernel.ValidityOf(a)
	switch a.DataType().ID() {
	case arrow.FLOAT64:
		copy(heights, kernel.Values[float64](a))
	case arrow.DURATION:
		for i, x := range kernel.Values[int64](a) {
			heights[i] = float64(x)
		}
	}
	for i, x := range heights {
		if !valid.Valid(i) || math.IsInf(x, 0) {
			heights[i] = math.NaN()
		}
	}
	return heights
}

// inParts shortens a course to so many means of consecutive values, if it is longer.
func inParts(values []float64, parts int) []float64 {
	if len(values) <= parts {
		return values
	}
	means := make([]float64, parts)
	for p := range means {
		means[p] = finiteMean(values[p*len(values)/parts : (p+1)*len(values)/parts])
	}
	return means
}

// finiteMean is the mean of those values that are numbers; NaN if none is.
func finiteMean(values []float64) float64 {
	mean, n := math.NaN(), 0.0
	for _, x := range values {
		switch {
		case math.IsNaN(x):
			continue
		case n == 0:
			mean = x
		default:
			mean = mean*(n/(n+1)) + x/(n+1)
		}
		n++
	}
	return mean
}

// extent finds the least and the greatest value; there are none if least > most.
func extent(values []float64) (least, most float64) {
	least, most = math.Inf(1), math.Inf(-1)
	for _, x := range values {
		if !math.IsNaN(x) {
			least, most = min(least, x), max(most, x)
		}
	}
	return least, most
}

// appendSparkline draws values between least and most. A course that is level is drawn at
// half height.
func appendSparkline(b []byte, values []float64, least, most float64) []byte {
	for _, x := range values {
		r := levels[len(levels)/2-1]
		switch {
		case math.IsNaN(x):
			r = ' '
		case most > least:
			// Halves keep the difference finite.
			share := (x/2 - least/2) / (most/2 - least/2)
			r = levels[int(math.Round(share*float64(len(levels)-1)))]
		}
		b = append(b, string(r)...)
	}
	return b
}
