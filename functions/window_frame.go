package functions

import (
	"sync"

	"github.com/apache/arrow/go/v17/arrow"

	"tq/functions/kernel"
)

// parts calls f for the runs of rows that the frame of row i is made of.
func (p *Partition) parts(i int, f func(start, end int)) {
	if p.Parts != nil {
		p.Parts(i, f)
		return
	}
	if p.Start[i] < p.End[i] {
		f(int(p.Start[i]), int(p.End[i]))
	}
}

// counted tells which rows of the partition an aggregate over frames looks at: those
// that FILTER leaves and whose argument is not NULL. It is nil when all count.
func (p *Partition) counted(v kernel.Validity) func(i int) bool {
	switch {
	case p.Skip == nil && v.Bits == nil:
		return nil
	case p.Skip == nil:
		return v.Valid
	}
	return func(i int) bool { return !p.Skip[i] && v.Valid(i) }
}

// slider computes an associative function of the rows of frames that move forward, in
// constant time a row: it keeps the combinations of a run of rows at the front with all
// that follow in the run (front), and the combination of the rows behind it (back).
// Frames that move backward are computed anew.
type slider[S any] struct {
	at      func(i int) S
	combine func(a, b S) S
	empty   S

	front       []S // front[i-base] combines rows i … mid-1
	base        int
	lo, mid, hi int
	back        S // combines rows mid … hi-1
}

func (s *slider[S]) over(start, end int) S {
	if start >= end {
		return s.empty
	}
	if start < s.lo || end < s.hi || start >= s.hi {
		s.lo, s.mid, s.hi, s.back = start, start, start, s.empty
	}
	for ; s.hi < end; s.hi++ {
		s.back = s.combine(s.back, s.at(s.hi))
	}
	if start > s.mid {
		s.turn(start)
	}
	s.lo = start
	if start < s.mid {
		return s.combine(s.front[start-s.base], s.back)
	}
	return s.back
}

// turn makes the rows from start on the new front.
func (s *slider[S]) turn(start int) {
	n := s.hi - start
	if cap(s.front) < n {
		s.front = make([]S, n)
	}
	s.front = s.front[:n]
	run := s.empty
	for i := s.hi - 1; i >= start; i-- {
		run = s.combine(s.at(i), run)
		s.front[i-start] = run
	}
	s.base, s.mid, s.back = start, s.hi, s.empty
}

// frames computes the function for the frame of every row and hands it to put.
func (s *slider[S]) frames(p *Partition, put func(i int, x S)) {
	for i := range p.N {
		if p.Parts == nil {
			put(i, s.over(int(p.Start[i]), int(p.End[i])))
			continue
		}
		x := s.empty
		p.Parts(i, func(start, end int) {
			for j := start; j < end; j++ {
				x = s.combine(x, s.at(j))
			}
		})
		put(i, x)
	}
}

// countFrames counts the rows of frames by differences of running counts.
func countFrames(_ *Call, p *Partition, args []kernel.Vec) (arrow.Array, error) {
	var valid kernel.Validity
	if len(args) == 1 {
		valid = kernel.RowValidity(args[0], p.N)
	}
	in := p.counted(valid)
	before, n := make([]int64, p.N+1), int64(0)
	for i := range p.N {
		if in == nil || in(i) {
			n++
		}
		before[i+1] = n
	}
	out := make([]int64, p.N)
	if p.Parts == nil {
		for i := range out {
			if start, end := p.Start[i], p.End[i]; start < end {
				out[i] = before[end] - before[start]
			}
		}
		return kernel.FromValues(BigInt, out, kernel.Validity{}), nil
	}
	for i := range out {
		p.Parts(i, func(start, end int) { out[i] += before[end] - before[start] })
	}
	return kernel.FromValues(BigInt, out, kernel.Validity{}), nil
}

func sumFrames(c *Call, p *Partition, args []kernel.Vec) (arrow.Array, error) {
	if c.Args[0].ID() == arrow.FLOAT64 {
		return floatFrames(p, args[0], false)
	}
	return wholeFrames(&wholeSum{call: c}, p, args[0])
}

func avgFrames(c *Call, p *Partition, args []kernel.Vec) (arrow.Array, error) {
	if c.Args[0].ID() == arrow.FLOAT64 {
		return floatFrames(p, args[0], true)
	}
	return wholeFrames(&wholeSum{call: c, means: true}, p, args[0])
}

// wholeFrames sums whole numbers over frames by differences of running sums.
func wholeFrames(s *wholeSum, p *Partition, arg kernel.Vec) (arrow.Array, error) {
	a := kernel.Full(arg, p.N)
	values, in := kernel.Int64s(a), p.counted(kernel.ValidityOf(a))
	unsigned := a.DataType().ID() == arrow.UINT64
	lent := totalsScratch.Get().(*[]total)
	defer totalsScratch.Put(lent)
	if cap(*lent) <= p.N {
		*lent = make([]total, p.N+1)
	}
	before, t := (*lent)[:p.N+1], total{}
	before[0] = t
	for i, x := range values {
		if in == nil || in(i) {
			t.addWhole(x, unsigned)
		}
		before[i+1] = t
	}
	between := func(start, end int32) (sum total) {
		if start < end {
			sum = before[end]
			sum.unmerge(before[start])
		}
		return sum
	}
	if p.Parts == nil {
		return finishTotals(s, p.N, func(i int) total { return between(p.Start[i], p.End[i]) })
	}
	return finishTotals(s, p.N, func(i int) (sum total) {
		p.Parts(i, func(start, end int) { sum.merge(between(int32(start), int32(end))) })
		return sum
	})
}

// totalsScratch lends running sums.
var totalsScratch = sync.Pool{New: func() any { return new([]total) }}

// floatFrames sums numbers over frames without ever subtracting, which would leave
// rounding errors and NaN behind.
func floatFrames(p *Partition, arg kernel.Vec, mean bool) (arrow.Array, error) {
	a := kernel.Full(arg, p.N)
	values, in := kernel.Values[float64](a), p.counted(kernel.ValidityOf(a))
	s := slider[floatTotal]{
		at: func(i int) floatTotal {
			if in != nil && !in(i) {
				return floatTotal{}
			}
			return floatTotal{values[i], 1}
		},
		combine: func(a, b floatTotal) floatTotal { return floatTotal{a.sum + b.sum, a.n + b.n} },
	}
	sums := &floatSum{mean: mean}
	sums.all = make([]floatTotal, p.N)
	s.frames(p, func(i int, x floatTotal) { sums.all[i] = x })
	return sums.Finish(p.N)
}

// extremeFrames finds the row with the least or greatest value of each frame.
func extremeFrames(greatest bool) WindowFunc {
	return func(c *Call, p *Partition, args []kernel.Vec) (arrow.Array, error) {
		a := kernel.Full(args[0], p.N)
		if a.DataType().ID() == arrow.NULL {
			return kernel.Nulls(c.Ret, p.N), nil
		}
		in := p.counted(kernel.ValidityOf(a))
		words, exact := kernel.SortKeys(a)
		compare := kernel.Comparer(a, a)
		displaces := func(i, j int32) bool {
			if words[i] != words[j] {
				return (words[i] > words[j]) == greatest
			}
			if exact {
				return false
			}
			c := compare(int(i), int(j))
			return greatest && c > 0 || !greatest && c < 0
		}
		s := slider[int32]{
			empty: -1,
			at: func(i int) int32 {
				if in != nil && !in(i) {
					return -1
				}
				return int32(i)
			},
			combine: func(a, b int32) int32 {
				if a < 0 || b >= 0 && displaces(b, a) {
					return b
				}
				return a
			},
		}
		s.back, s.lo = -1, 0
		rows := make([]int32, p.N)
		s.frames(p, func(i int, row int32) { rows[i] = row })
		return kernel.TakeNullable(a, rows), nil
	}
}
