package exec

import (
	"context"

	"github.com/apache/arrow/go/v17/arrow"

	"tq/functions/kernel"
)

// sweep finds the overlapping pairs of two lists of intervals in one pass over both, in
// the order of their starts. An interval that begins is compared with the active
// intervals of the other side: those that began before. Comparing either yields a pair
// or shows that the other interval is over, and then it leaves the active list for good.
// So the pass takes time linear in the intervals and the pairs, however intervals of one
// side overlap each other.
//
// Two intervals overlap if they start together or if the later one starts before the
// earlier one's end: intervals are half-open, and an empty one is an instant.
type sweep struct {
	left, right *sweepSide
	once        bool // pairs of a left row that was hit already are of no interest

	probe   *sweepSide // whose next row is in work; nil between rows
	row     int32
	checked int // active intervals of the other side looked at
	alive   int // those of them that go on
}

// sweepSide is the intervals of one side.
type sweepSide struct {
	start, end []int64  // by row, start ≤ end
	keys       []uint32 // by row; nil: all rows have key 0
	order      []int32  // the rows that can match, by start
	at         int      // how many of order are done
	active     [][]int32
	hit        []bool // rows that matched; nil if nobody asks
}

// newSweepSide makes a side of two columns of integers. Ends come in either order, and
// a NULL end means that the row matches nothing.
func newSweepSide(from, to arrow.Array) *sweepSide {
	var x, y wordBuffer
	s := &sweepSide{start: x.integers(from), end: y.integers(to), active: make([][]int32, 1)}
	n := from.Len()
	valid := kernel.ValidityOf(from).And(kernel.ValidityOf(to), n)
	s.order = kernel.SelectBits(bitsOf(valid, n), make([]int32, 0, n), n)
	swapped := false
	for i, v := range s.start {
		if s.end[i] < v {
			swapped = true
			break
		}
	}
	if swapped {
		start, end := make([]int64, n), make([]int64, n)
		for i, v := range s.start {
			start[i], end[i] = min(v, s.end[i]), max(v, s.end[i])
		}
		s.start, s.end = start, end
	}
	return s
}

// bitsOf is a validity as a bitmap that is always there.
func bitsOf(v kernel.Validity, n int) []byte {
	if v.Bits != nil {
		return v.Bits
	}
	all := kernel.NewBitmap(n)
	all.SetAll(n)
	return all
}

// sort drops the rows without a key and puts the others in the order of their starts.
func (s *sweepSide) sort(ctx context.Context) error {
	if s.keys != nil {
		kept := s.order[:0]
		for _, r := range s.order {
			if s.keys[r] != noGroup {
				kept = append(kept, r)
			}
		}
		s.order = kept
	}
	if s.inOrder() {
		return nil
	}
	nums := make([]int64, len(s.order))
	for i, r := range s.order {
		nums[i] = s.start[r]
	}
	sorted, err := sortRows(ctx, numberWords(nums, kernel.Validity{}, sortKey{}), len(nums))
	if err != nil {
		return err
	}
	for i, at := range sorted {
		sorted[i] = s.order[at]
	}
	s.order = sorted
	return nil
}

func (s *sweepSide) inOrder() bool {
	for i := 1; i < len(s.order); i++ {
		if s.start[s.order[i-1]] > s.start[s.order[i]] {
			return false
		}
	}
	return true
}

func newSweep(left, right *sweepSide) *sweep { return &sweep{left: left, right: right} }

// mark notes that a pair is a match.
func (s *sweep) mark(left, right int32) {
	if s.left.hit != nil {
		s.left.hit[left] = true
	}
	if s.right.hit != nil {
		s.right.hit[right] = true
	}
}

// sweepSteps bounds the work of one call of next, so that its caller can be cancelled.
const sweepSteps = 1 << 20

// next returns about size pairs; it reports false with the last ones.
func (s *sweep) next(size int) (left, right []int32, more bool) {
	for steps := sweepSteps; len(left) < size && steps > 0; steps-- {
		if s.probe == nil && !s.advance(&steps) {
			return left, right, s.left.more() || s.right.more()
		}
		other := s.other(s.probe)
		key := s.probe.key(s.row)
		at := s.probe.start[s.row]
		active := other.active[key]
		for s.checked < len(active) && len(left) < size {
			o := active[s.checked]
			s.checked++
			if other.end[o] <= at && other.start[o] != at {
				continue // over
			}
			active[s.alive] = o
			s.alive++
			l, r := s.row, o
			if s.probe == s.right {
				l, r = o, s.row
			}
			if s.once && s.left.hit[l] {
				continue
			}
			left, right = append(left, l), append(right, r)
		}
		steps -= s.checked
		if s.checked < len(active) {
			break
		}
		other.active[key] = active[:s.alive]
		if other.more() {
			s.probe.active[key] = append(s.probe.active[key], s.row)
		}
		s.probe = nil
	}
	return left, right, true
}

// advance takes the next row of the side that starts first, of the left one if they
// start together. It passes over rows that meet nothing: none of the other side is
// active, and the next one starts only when they are over. It reports false at the end,
// or when it has used up its steps.
func (s *sweep) advance(steps *int) bool {
	for ; *steps > 0; *steps-- {
		side := s.left
		switch l, r := s.left, s.right; {
		case !l.more() && !r.more():
			return false
		case !l.more():
			side = r
		case r.more() && r.next() < l.next():
			side = r
		}
		other, row := s.other(side), side.order[side.at]
		side.at++
		if len(other.active[side.key(row)]) == 0 {
			if !other.more() || side.end[row] <= other.next() && side.start[row] != other.next() {
				continue
			}
			side.active[side.key(row)] = append(side.active[side.key(row)], row)
			continue
		}
		s.probe, s.row, s.checked, s.alive = side, row, 0, 0
		return true
	}
	return false
}

// more reports whether rows of the side are still to come.
func (s *sweepSide) more() bool { return s.at < len(s.order) }

// next is where the next row starts.
func (s *sweepSide) next() int64 { return s.start[s.order[s.at]] }

func (s *sweep) other(side *sweepSide) *sweepSide {
	if side == s.left {
		return s.right
	}
	return s.left
}

func (s *sweepSide) key(row int32) uint32 {
	if s.keys == nil {
		return 0
	}
	return s.keys[row]
}
