package exec

import (
	"math"
	"slices"

	"github.com/apache/arrow/go/v17/arrow"

	"tq/functions"
	"tq/functions/kernel"
	"tq/lang/ast"
	"tq/lang/sem"
	"tq/lang/source"
)

// framer computes the frames of the rows of partitions.
type framer struct {
	frame      *sem.Frame
	start, end evaluator // the offsets; nil without
	env        *functions.Env
	at         source.Span
}

func newFramer(frame *sem.Frame, c *compiler, at source.Span) (framer, error) {
	f := framer{frame: frame, env: c.env, at: at}
	var err error
	if frame.Start.Offset != nil {
		if f.start, err = c.compile(frame.Start.Offset); err != nil {
			return f, err
		}
	}
	if frame.End.Offset != nil {
		f.end, err = c.compile(frame.End.Offset)
	}
	return f, err
}

// frameOffsets is the offsets of all rows, in window order, and what they are added to.
type frameOffsets struct {
	start, end offsets
	// For RANGE: the order key as numbers that ascend, NULLs at one end.
	floats []float64
	ints   []int64
	valid  kernel.Validity
}

// offsets is one number, or one for each row.
type offsets struct {
	ints   []int64
	floats []float64
}

func (o *offsets) int(row int) int64 { return o.ints[min(row, len(o.ints)-1)] }

func (o *offsets) float(row int) float64 { return o.floats[min(row, len(o.floats)-1)] }

// evalOffsets evaluates the offsets of all rows.
func (f *framer) evalOffsets(all *Batch, layout *windowLayout) (*frameOffsets, error) {
	out := &frameOffsets{}
	if f.start == nil && f.end == nil {
		return out, nil
	}
	float := false
	if f.frame.Unit == ast.Range {
		key := layout.by[0]
		if key.DataType().ID() == arrow.NULL { // a constant, which keys are taken without
			v, err := layout.keys[0].value.eval(all)
			if err != nil {
				return nil, err
			}
			key = kernel.Full(v, layout.n)
		}
		key = layout.arrange(key)
		float = !isInteger(key.DataType())
		if err := out.setKey(key, layout.keys[0].desc, float, f.env); err != nil {
			return nil, located(err, f.at)
		}
	}
	var err error
	if f.start != nil {
		if out.start, err = f.offsets(f.start, f.frame.Start.Kind, all, layout, out); err != nil {
			return nil, err
		}
	}
	if f.end != nil {
		out.end, err = f.offsets(f.end, f.frame.End.Kind, all, layout, out)
	}
	return out, err
}

// setKey takes the order key, negated if it descends. What is added to dates is a
// duration, so they are taken as midnights.
func (o *frameOffsets) setKey(key arrow.Array, desc, float bool, env *functions.Env) error {
	o.valid = kernel.ValidityOf(key)
	if key.DataType().ID() == arrow.DATE32 {
		midnights, err := functions.Cast(kernel.Col(key), functions.Timestamp, false, env, key.Len())
		if err != nil {
			return err
		}
		key = midnights.Array
	}
	if !float {
		var buffer wordBuffer
		o.ints = slices.Clone(buffer.integers(key))
		if desc {
			for i, v := range o.ints {
				o.ints[i] = -max(v, -math.MaxInt64)
			}
		}
		return nil
	}
	v, err := functions.Cast(kernel.Col(key), functions.Double, false, env, key.Len())
	if err != nil {
		return err
	}
	o.floats = slices.Clone(kernel.Values[float64](v.Array))
	if desc {
		for i, v := range o.floats {
			o.floats[i] = -v
		}
	}
	return nil
}

// offsets evaluates one of the two offsets. It must not be NULL and, of a RANGE, not be
// negative: rows and groups are counted the other way then.
func (f *framer) offsets(e evaluator, kind ast.BoundKind, all *Batch, layout *windowLayout, o *frameOffsets) (offsets, error) {
	v, err := e.eval(all)
	if err != nil {
		return offsets{}, err
	}
	if functions.Same(v.DataType(), functions.Interval) {
		return f.calendarOffsets(v, (kind == ast.Preceding) != layout.keys[0].desc, layout, o)
	}
	float := o.floats != nil
	to := functions.Double
	if !float {
		to = v.DataType()
		if !isInteger(to) {
			to = functions.BigInt
		}
	}
	if v, err = functions.Cast(v, to, false, f.env, layout.n); err != nil {
		return offsets{}, located(err, f.at)
	}
	if !v.Const {
		v.Array = layout.arrange(v.Array)
	}
	var out offsets
	bad := kernel.ValidityOf(v.Array).Bits != nil
	if float {
		out.floats = kernel.Values[float64](v.Array)
		bad = bad || slices.ContainsFunc(out.floats, func(x float64) bool { return !(x >= 0) })
	} else {
		var buffer wordBuffer
		out.ints = buffer.integers(v.Array)
		negative := func(x int64) bool { return x < 0 }
		bad = bad || f.frame.Unit == ast.Range && slices.ContainsFunc(out.ints, negative)
	}
	if bad {
		return out, f.badOffset()
	}
	return out, nil
}

func (f *framer) badOffset() error {
	if f.frame.Unit == ast.Range {
		return source.Errorf(f.at, "the offset of a RANGE frame must not be NULL or negative")
	}
	return source.Errorf(f.at, "a frame's offset must not be NULL")
}

// calendarOffsets turns the intervals that are added to times, or taken from them, into
// lengths: a month is as long as it is at each row's time.
func (f *framer) calendarOffsets(v kernel.Vec, back bool, layout *windowLayout, o *frameOffsets) (offsets, error) {
	intervals := layout.arrange(kernel.Full(v, layout.n))
	if kernel.ValidityOf(intervals).Bits != nil {
		return offsets{}, f.badOffset()
	}
	out := make([]int64, layout.n)
	for i, x := range kernel.Values[arrow.MonthDayNanoInterval](intervals) {
		if days, _ := kernel.IntervalLength(x); days < 0 {
			return offsets{}, f.badOffset()
		}
		t := o.ints[i]
		if layout.keys[0].desc {
			t = -t
		}
		length, err := functions.IntervalAt(x, t, back, f.env.Zone)
		if err != nil {
			length = math.MaxInt64 // the bound lies beyond all times
		}
		out[i] = length
	}
	return offsets{ints: out}, nil
}

// bound fills in the frames of a partition that starts at a place in window order.
func (f *framer) bound(p *functions.Partition, o *frameOffsets, at int) {
	f.startBounds(p, o, at)
	f.endBounds(p, o, at)
	for i := range p.Start {
		p.Start[i] = max(p.Start[i], 0)
		p.End[i] = min(p.End[i], int32(p.N))
	}
	p.Parts = excludes(f.frame.Exclude, p)
}

func (f *framer) startBounds(p *functions.Partition, o *frameOffsets, at int) {
	b := f.frame.Start
	switch {
	case b.Kind == ast.UnboundedPreceding:
		clear(p.Start)
	case b.Kind == ast.CurrentRow && f.frame.Unit == ast.Rows:
		for i := range p.Start {
			p.Start[i] = int32(i)
		}
	case b.Kind == ast.CurrentRow:
		copy(p.Start, p.Peer)
	case f.frame.Unit == ast.Rows:
		for i := range p.Start {
			p.Start[i] = shifted(i, o.start.int(at+i), b.Kind, p.N)
		}
	case f.frame.Unit == ast.Groups:
		first, _ := peerGroups(p)
		number := groupNumbers(p)
		for i := range p.Start {
			g := int(shifted(int(number[i]), o.start.int(at+i), b.Kind, len(first)))
			p.Start[i] = int32(p.N)
			if g < len(first) {
				p.Start[i] = first[max(g, 0)]
			}
		}
	default:
		o.rangeBounds(p, &o.start, b.Kind, at, true)
	}
}

func (f *framer) endBounds(p *functions.Partition, o *frameOffsets, at int) {
	b := f.frame.End
	switch {
	case b.Kind == ast.UnboundedFollowing:
		for i := range p.End {
			p.End[i] = int32(p.N)
		}
	case b.Kind == ast.CurrentRow && f.frame.Unit == ast.Rows:
		for i := range p.End {
			p.End[i] = int32(i) + 1
		}
	case b.Kind == ast.CurrentRow:
		copy(p.End, p.PeerEnd)
	case f.frame.Unit == ast.Rows:
		for i := range p.End {
			p.End[i] = shifted(i, o.end.int(at+i), b.Kind, p.N) + 1
		}
	case f.frame.Unit == ast.Groups:
		_, last := peerGroups(p)
		number := groupNumbers(p)
		for i := range p.End {
			g := int(shifted(int(number[i]), o.end.int(at+i), b.Kind, len(last)))
			p.End[i] = 0
			if g >= 0 {
				p.End[i] = last[min(g, len(last)-1)]
			}
		}
	default:
		o.rangeBounds(p, &o.end, b.Kind, at, false)
	}
}

// shifted is a position some way before or after another one; at least -1, at most n.
func shifted(i int, offset int64, kind ast.BoundKind, n int) int32 {
	offset = max(min(offset, int64(n)+1), -int64(n)-1)
	if kind == ast.Preceding {
		return int32(max(int64(i)-offset, -1))
	}
	return int32(min(int64(i)+offset, int64(n)))
}

// peerGroups lists where the peer groups of a partition begin and end.
func peerGroups(p *functions.Partition) (first, last []int32) {
	for i := int32(0); i < int32(p.N); i = p.PeerEnd[i] {
		first, last = append(first, i), append(last, p.PeerEnd[i])
	}
	return first, last
}

// groupNumbers is the number of each row's peer group.
func groupNumbers(p *functions.Partition) []int32 {
	number := make([]int32, p.N)
	for i := 1; i < p.N; i++ {
		number[i] = number[i-1]
		if p.Peer[i] == int32(i) {
			number[i]++
		}
	}
	return number
}

// rangeBounds finds the bounds of RANGE frames that lie an offset from the row's key. A
// row whose key is NULL has its peers for a frame.
func (o *frameOffsets) rangeBounds(p *functions.Partition, by *offsets, kind ast.BoundKind, at int, start bool) {
	low, high := 0, p.N // the rows whose key is not NULL
	for low < high && !o.valid.Valid(at+low) {
		low++
	}
	for high > low && !o.valid.Valid(at+high-1) {
		high--
	}
	for i := range p.N {
		switch {
		case i >= low && i < high:
		case start:
			p.Start[i] = p.Peer[i]
			continue
		default:
			p.End[i] = p.PeerEnd[i]
			continue
		}
		var k int
		if o.ints != nil {
			keys := o.ints[at+low : at+high]
			k = searchBound(keys, saturatingShift(keys[i-low], by.int(at+i), kind), !start)
		} else {
			keys := o.floats[at+low : at+high]
			offset := by.float(at + i)
			if kind == ast.Preceding {
				offset = -offset
			}
			k = searchBound(keys, keys[i-low]+offset, !start)
		}
		if start {
			p.Start[i] = int32(low + k)
		} else {
			p.End[i] = int32(low + k)
		}
	}
}

// searchBound returns the first position whose key is at least the bound, or, after,
// greater than it.
func searchBound[T int64 | float64](keys []T, bound T, after bool) int {
	lo, hi := 0, len(keys)
	for lo < hi {
		mid := (lo + hi) / 2
		if keys[mid] < bound || after && keys[mid] == bound {
			lo = mid + 1
		} else {
			hi = mid
		}
	}
	return lo
}

// saturatingShift adds or subtracts an offset without overflow.
func saturatingShift(key, offset int64, kind ast.BoundKind) int64 {
	if kind == ast.Preceding {
		if key < math.MinInt64+offset {
			return math.MinInt64
		}
		return key - offset
	}
	if key > math.MaxInt64-offset {
		return math.MaxInt64
	}
	return key + offset
}
