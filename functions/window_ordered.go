package functions

import (
	"slices"

	"github.com/apache/arrow/go/v17/arrow"

	"tq/functions/kernel"
)

// frameOrder lists the rows of frames in the order that stands among the arguments, as
// in first_value(x ORDER BY y) OVER (…).
type frameOrder struct {
	p          *Partition
	start, end int32 // of the frame that rows are those of
	rows       []int32
}

// of returns the rows of the frame of row i. They are good until it is called again.
func (o *frameOrder) of(i int) []int32 {
	p := o.p
	start, end := p.Start[i], max(p.Start[i], p.End[i])
	if p.Parts != nil || start != o.start || end < o.end {
		o.rows, o.start, o.end = o.rows[:0], start, start
		if p.Parts != nil {
			p.Parts(i, o.append)
			o.sort()
			o.end = start
			return o.rows
		}
	}
	if len(o.rows) > 0 && end-o.end < 8 {
		for r := o.end; r < end; r++ {
			o.rows = slices.Insert(o.rows, o.before(int(r), true), r)
		}
	} else if end > o.end {
		o.append(int(o.end), int(end))
		o.sort()
	}
	o.end = end
	return o.rows
}

func (o *frameOrder) append(start, end int) {
	for r := start; r < end; r++ {
		o.rows = append(o.rows, int32(r))
	}
}

func (o *frameOrder) sort() {
	slices.SortFunc(o.rows, func(a, b int32) int {
		if c := o.p.Compare(int(a), int(b)); c != 0 {
			return c
		}
		return int(a - b)
	})
}

// before counts the rows of the frame that come before a row; its equals count, too, if
// that is wanted.
func (o *frameOrder) before(row int, equals bool) int {
	n, _ := slices.BinarySearchFunc(o.rows, row, func(r int32, row int) int {
		c := o.p.Compare(int(r), row)
		if c == 0 && equals {
			return -1
		}
		return c
	})
	return n
}

// place counts the rows of the frame that come before a row, its equals that stand
// before it included.
func (o *frameOrder) place(row int) int {
	n, _ := slices.BinarySearchFunc(o.rows, row, func(r int32, row int) int {
		if c := o.p.Compare(int(r), row); c != 0 {
			return c
		}
		return int(r) - row
	})
	return n
}

// orderedRank makes a body that computes a whole number for each row from the order of
// its frame.
func orderedRank(f func(o *frameOrder, i, n int) int64) WindowFunc {
	return func(_ *Call, p *Partition, _ []kernel.Vec) (arrow.Array, error) {
		o, out := &frameOrder{p: p}, make([]int64, p.N)
		for i := range out {
			out[i] = f(o, i, len(o.of(i)))
		}
		return kernel.FromValues(BigInt, out, kernel.Validity{}), nil
	}
}

// orderedShare is orderedRank for a share of the frame's rows.
func orderedShare(f func(o *frameOrder, i, n int) float64) WindowFunc {
	return func(_ *Call, p *Partition, _ []kernel.Vec) (arrow.Array, error) {
		o, out := &frameOrder{p: p}, make([]float64, p.N)
		for i := range out {
			out[i] = f(o, i, len(o.of(i)))
		}
		return kernel.FromValues(Double, out, kernel.Validity{}), nil
	}
}

func orderedRowNumber(o *frameOrder, i, _ int) int64 { return int64(o.place(i)) + 1 }

func orderedPeerRank(o *frameOrder, i, _ int) int64 { return int64(o.before(i, false)) + 1 }

func orderedPercentRank(o *frameOrder, i, n int) float64 {
	if n <= 1 {
		return 0
	}
	return float64(o.before(i, false)) / float64(n-1)
}

func orderedCumeDist(o *frameOrder, i, n int) float64 {
	if n == 0 {
		return 0
	}
	return float64(o.before(i, true)) / float64(n)
}

func orderedNtile(_ *Call, p *Partition, args []kernel.Vec) (arrow.Array, error) {
	o := &frameOrder{p: p}
	return ntiles(p, args, func(i int) (place, n int64) {
		n = int64(len(o.of(i)))
		return int64(o.place(i)), n
	})
}

// orderedValue makes a body that takes the value of a row of the frame: of the eligible
// ones in order, the one that pick chooses, or none for -1.
func orderedValue(pick func(args []kernel.Vec, p *Partition) func(i, n int) int) WindowFunc {
	return func(_ *Call, p *Partition, args []kernel.Vec) (arrow.Array, error) {
		a := kernel.Full(args[0], p.N)
		o, rows, choose := &frameOrder{p: p}, make([]int32, p.N), pick(args, p)
		var valid kernel.Validity
		if p.IgnoreNulls {
			valid = kernel.ValidityOf(a)
		}
		in := p.counted(valid)
		var eligible []int32
		for i := range rows {
			eligible = eligible[:0]
			for _, r := range o.of(i) {
				if in == nil || in(int(r)) {
					eligible = append(eligible, r)
				}
			}
			rows[i] = -1
			if k := choose(i, len(eligible)); k >= 0 && k < len(eligible) {
				rows[i] = eligible[k]
			}
		}
		return kernel.TakeNullable(a, rows), nil
	}
}

func theFirst([]kernel.Vec, *Partition) func(i, n int) int { return func(_, _ int) int { return 0 } }

func theLast([]kernel.Vec, *Partition) func(i, n int) int { return func(_, n int) int { return n - 1 } }

func theNth(args []kernel.Vec, p *Partition) func(i, n int) int {
	places, valid, m := kernel.Values[int64](args[1].Array), kernel.RowValidity(args[1], p.N), step(args[1])
	return func(i, n int) int {
		if !valid.Valid(i) || places[i&m] > int64(n) {
			return -1
		}
		return int(places[i&m]) - 1
	}
}

// orderedReacher finds rows in the order of the frame, counted from the place of the row
// itself. With IGNORE NULLS, as in DuckDB, that is its place among all rows, but rows
// whose value is NULL are left out of those that are counted.
func orderedReacher(p *Partition, a arrow.Array) func(i int, by int64) int32 {
	o := &frameOrder{p: p}
	var valid kernel.Validity
	if p.IgnoreNulls {
		valid = kernel.ValidityOf(a)
	}
	return func(i int, by int64) int32 {
		rows, place := o.of(i), o.place(i)
		if p.IgnoreNulls {
			rows = slices.DeleteFunc(slices.Clone(rows), func(r int32) bool { return !valid.Valid(int(r)) })
		}
		if at := int64(place) + by; at >= 0 && at < int64(len(rows)) {
			return rows[at]
		}
		return -1
	}
}
