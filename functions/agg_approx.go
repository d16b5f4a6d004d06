package functions

import (
	"math"
	"math/bits"

	"github.com/apache/arrow/go/v17/arrow"
	"github.com/apache/arrow/go/v17/arrow/array"

	"tq/functions/kernel"
)

var approxAggregates = []Def{
	{
		Name: "approx_count_distinct", Kind: Aggregate, Family: aggregates, Nulls: SeesNulls,
		Doc:     "About how many different values there are: exact up to 512, then within some two per cent, in little memory.",
		Example: "approx_count_distinct(x) FROM (VALUES ('a'), ('b'), ('a'), (NULL)) t(x)", Result: "2",
		Overloads: []Overload{{Args: types(Any), Ret: BigInt, Accumulate: func(*Call) Accumulator { return &distinctEstimate{} }}},
	},
}

const (
	sketchBits  = 12
	sketchCells = 1 << sketchBits
	exactHashes = 512
)

// sketch estimates how many different hashes it was given (HyperLogLog): in cells chosen
// by the first bits it keeps the longest run of zeros seen behind them. While there are
// few hashes it just keeps them.
type sketch struct {
	few   map[uint64]struct{}
	cells []uint8 // nil as long as few holds all
}

func (s *sketch) add(h uint64) {
	if s.cells != nil {
		run := uint8(bits.LeadingZeros64(h<<sketchBits|1<<(sketchBits-1))) + 1
		cell := &s.cells[h>>(64-sketchBits)]
		*cell = max(*cell, run)
		return
	}
	if s.few == nil {
		s.few = map[uint64]struct{}{}
	}
	if s.few[h] = struct{}{}; len(s.few) > exactHashes {
		s.spread()
	}
}

// spread goes over from hashes to cells.
func (s *sketch) spread() {
	few := s.few
	s.few, s.cells = nil, make([]uint8, sketchCells)
	for h := range few {
		s.add(h)
	}
}

func (s *sketch) merge(o *sketch) {
	if o.cells == nil {
		for h := range o.few {
			s.add(h)
		}
		return
	}
	if s.cells == nil {
		s.spread()
	}
	for i, run := range o.cells {
		s.cells[i] = max(s.cells[i], run)
	}
}

func (s *sketch) estimate() int64 {
	if s.cells == nil {
		return int64(len(s.few))
	}
	sum, empty := 0.0, 0
	for _, run := range s.cells {
		sum += math.Ldexp(1, -int(run))
		if run == 0 {
			empty++
		}
	}
	const m = float64(sketchCells)
	raw := 0.7213 / (1 + 1.079/m) * m * m / sum
	if raw <= 2.5*m && empty > 0 {
		raw = m * math.Log(m/float64(empty)) // few hashes: count the empty cells
	}
	return int64(math.Round(raw))
}

// distinctEstimate counts different values about.
type distinctEstimate struct {
	states[sketch]
	hashes []uint64
}

// Unordered implements [Unordered].
func (*distinctEstimate) Unordered() bool { return true }

func (d *distinctEstimate) Update(groups []uint32, args []kernel.Vec, n int) error {
	if cap(d.hashes) < n {
		d.hashes = make([]uint64, n)
	}
	hashes, valid := d.hashes[:n], kernel.RowValidity(args[0], n)
	kernel.Hash(args[0], hashes, n, false)
	for i, g := range d.of(groups, n) {
		if valid.Valid(i) {
			d.all[g].add(hashes[i])
		}
	}
	return nil
}

func (d *distinctEstimate) Merge(other Accumulator, into []uint32) error {
	o, ok := other.(*distinctEstimate)
	if !ok {
		return strangers(d, other)
	}
	for g, to := range into {
		d.all[to].merge(&o.all[g])
	}
	return nil
}

func (d *distinctEstimate) Append(b array.Builder, g int) error {
	appendFixed(b, d.all[g].estimate(), true)
	return nil
}

func (d *distinctEstimate) Finish(n int) (arrow.Array, error) {
	return finishFixed(BigInt, n, func(g int) (int64, bool, error) { return d.all[g].estimate(), true, nil })
}

func (d *distinctEstimate) Bytes() int64 {
	n := d.states.Bytes()
	for _, s := range d.all {
		n += int64(len(s.few))*16 + int64(len(s.cells))
	}
	return n
}
