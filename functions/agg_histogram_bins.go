package functions

import (
	"errors"
	"fmt"
	"math"
	"slices"
	"sort"

	"github.com/apache/arrow/go/v17/arrow"
	"github.com/apache/arrow/go/v17/arrow/array"
	"github.com/apache/arrow/go/v17/arrow/decimal128"

	"tq/functions/kernel"
)

// restOf is the key under which a histogram counts the values that are in none of its bins.
func restOf(dt arrow.DataType) (value any, ok bool) {
	if bits, signed, ok := integerShape(dt); ok {
		if signed {
			return int64(math.MaxInt64 >> (64 - bits)), true
		}
		return uint64(math.MaxUint64 >> (64 - bits)), true
	}
	switch {
	case isHuge(dt):
		return decimal128.New(math.MaxInt64, math.MaxUint64), true
	case isFloat(dt):
		return math.Inf(1), true
	case isString(dt):
		return "", true
	case dt.ID() == arrow.BINARY:
		return []byte{}, true
	case dt.ID() == arrow.LIST:
		return []any{}, true
	case dt.ID() == arrow.TIMESTAMP, dt.ID() == arrow.DURATION:
		return int64(math.MaxInt64), true
	case dt.ID() == arrow.DATE32:
		return int64(math.MaxInt32), true
	case dt.ID() == arrow.TIME64:
		return int64(nanosPerDay), true
	}
	return nil, false
}

func isOtherBin(c *Call, args []kernel.Vec, n int) (kernel.Vec, error) {
	if anyNullConst(args) {
		return nullOf(c), nil
	}
	rest, ok := restOf(c.Args[0])
	if !ok {
		return boolRows(c, args, n, func(int) (bool, error) { return false, nil })
	}
	one, err := kernel.Of(plainType(c.Args[0]), rest)
	if err != nil {
		return kernel.Vec{}, err
	}
	compare, w := kernel.Comparer(args[0].Array, one), step(args[0])
	return boolRows(c, args, n, func(i int) (bool, error) { return compare(i&w, 0) == 0, nil })
}

var (
	errNoBins  = errors.New("the list of bins of a histogram cannot be NULL")
	errNullBin = errors.New("a bin of a histogram cannot be NULL")
	errOneBins = errors.New("the bins of a histogram must be the same in all rows of a group")
)

// bins are the sorted, distinct ends of a histogram's bins.
type bins struct {
	ends  arrow.Array
	exact bool // only values that are an end are in a bin
}

// binsOf are the bins that row i of a column of lists tells.
func binsOf(v kernel.Vec, i int, exact bool) (*bins, error) {
	row := v.Row(i)
	if v.DataType().ID() == arrow.NULL || !kernel.ValidityOf(v.Array).Valid(row) {
		return nil, errNoBins
	}
	offsets, values := kernel.ListParts(v.Array)
	ends := kernel.Slice(values, int(offsets[row]), int(offsets[row+1]))
	if kernel.ValidityOf(ends).Nulls > 0 {
		return nil, errNullBin
	}
	order, compare := make([]int32, ends.Len()), kernel.Comparer(ends, ends)
	for k := range order {
		order[k] = int32(k)
	}
	equal := func(a, b int32) int { return compare(int(a), int(b)) }
	slices.SortFunc(order, equal)
	order = slices.CompactFunc(order, func(a, b int32) bool { return equal(a, b) == 0 })
	return &bins{ends: kernel.Take(ends, order), exact: exact}, nil
}

// places returns what finds the bin of a row that is not NULL: its number, or that of bins
// for none.
func (b *bins) places(a arrow.Array) func(i int) int {
	compare, n := kernel.Comparer(b.ends, a), b.ends.Len()
	return func(i int) int {
		at := sort.Search(n, func(k int) bool { return compare(k, i) >= 0 })
		if b.exact && at < n && compare(at, i) != 0 {
			return n
		}
		return at
	}
}

// binCounts are the counts of a group: of each of its bins, and of what is in none.
type binCounts struct {
	bins   *bins
	counts []uint64
}

// binned counts how many values lie in each bin. The bins of a group are those of its first
// row whose value is not NULL.
type binned struct {
	states[binCounts]
	call  *Call
	exact bool
	fixed *bins // of a list that is constant
}

// binSigs are the overloads of an aggregate with bins. DECIMALs, which have no greatest
// value, are counted as DOUBLEs.
func binSigs(exact bool) []Overload {
	return []Overload{
		{Args: types(Any, FirstList), RetOf: countsByBin, Accumulate: newBinned(exact)},
		{Args: types(Double, arrow.ListOf(Double)), RetOf: countsByFirst, Accumulate: newBinned(exact)},
	}
}

func countsByBin(args []arrow.DataType) (arrow.DataType, error) {
	if args[0].ID() == arrow.DECIMAL128 && !isHuge(args[0]) {
		return nil, errors.New("a DECIMAL is counted as a DOUBLE")
	}
	return countsByFirst(args)
}

func newBinned(exact bool) NewAccumulator {
	return func(c *Call) Accumulator {
		if c.Args[0].ID() == arrow.NULL {
			return &nothing{dt: c.Ret}
		}
		return &binned{call: c, exact: exact}
	}
}

func (h *binned) Update(groups []uint32, args []kernel.Vec, n int) (err error) {
	if n == 0 {
		return nil
	}
	ids, valid := h.of(groups, n), kernel.RowValidity(args[0], n)
	if args[1].Const && h.fixed == nil {
		if h.fixed, err = binsOf(args[1], 0, h.exact); err != nil {
			return err
		}
	}
	if h.fixed != nil {
		h.updateFixed(ids, args[0], valid)
		return nil
	}
	var last *bins
	var place func(i int) int
	for i, id := range ids {
		if !valid.Valid(i) {
			continue
		}
		s := &h.all[id]
		if s.bins == nil {
			own, err := binsOf(args[1], i, h.exact)
			if err != nil {
				return err
			}
			s.begin(own)
		}
		if s.bins != last {
			last, place = s.bins, s.bins.places(args[0].Array)
		}
		s.counts[place(args[0].Row(i))]++
	}
	return nil
}

// updateFixed finds the bin of each value, those of dictionaries once.
func (h *binned) updateFixed(ids []uint32, v kernel.Vec, valid kernel.Validity) {
	values, codes := kernel.ByValue(v, len(ids))
	find, some := h.fixed.places(values), kernel.ValidityOf(values)
	places := make([]int32, values.Len())
	for i := range places {
		if some.Valid(i) {
			places[i] = int32(find(i))
		}
	}
	for i, id := range ids {
		if !valid.Valid(i) {
			continue
		}
		row := v.Row(i)
		if codes != nil {
			row = int(codes[i])
		}
		s := &h.all[id]
		if s.bins == nil {
			s.begin(h.fixed)
		}
		s.counts[places[row]]++
	}
}

func (s *binCounts) begin(b *bins) {
	s.bins, s.counts = b, make([]uint64, b.ends.Len()+1)
}

func (h *binned) Merge(other Accumulator, into []uint32) error {
	o, ok := other.(*binned)
	if !ok {
		return strangers(h, other)
	}
	for g := range o.all {
		from, to := &o.all[g], &h.all[into[g]]
		if from.bins == nil {
			continue
		}
		if to.bins == nil {
			to.begin(from.bins)
		}
		if from.bins != to.bins && !array.Equal(from.bins.ends, to.bins.ends) {
			return errOneBins
		}
		for i, n := range from.counts {
			to.counts[i] += n
		}
	}
	if h.fixed == nil {
		h.fixed = o.fixed
	}
	return nil
}

func (h *binned) Bytes() int64 {
	size := h.states.Bytes()
	if h.fixed != nil {
		size += int64(len(h.all)) * 8 * int64(h.fixed.ends.Len()+1)
	}
	return size
}

func (h *binned) Append(b array.Builder, g int) error {
	one, err := h.results(g, g+1)
	if err != nil {
		return err
	}
	return appendRow(b, one, 0)
}

func (h *binned) Finish(n int) (arrow.Array, error) { return h.results(0, n) }

func (h *binned) results(from, to int) (arrow.Array, error) {
	dt := plainType(h.call.Args[0])
	rest := kernel.Nulls(dt, 0)
	restValue, named := restOf(dt)
	if named {
		var err error
		if rest, err = kernel.Of(dt, restValue); err != nil {
			return nil, err
		}
	}
	// The keys are the ends of all bins, behind what stands for the rest.
	keys, size, base := []arrow.Array{rest}, int32(rest.Len()), map[*bins]int32{}
	out := newCountMaps(to - from)
	for _, s := range h.all[from:to] {
		if s.bins == nil {
			out.end(false)
			continue
		}
		first, ok := base[s.bins]
		if !ok {
			first = size
			base[s.bins] = first
			keys, size = append(keys, s.bins.ends), size+int32(s.bins.ends.Len())
		}
		last := len(s.counts) - 1
		for i, n := range s.counts[:last] {
			out.add(first+int32(i), n)
		}
		if s.counts[last] > 0 {
			if !named {
				return nil, fmt.Errorf("values are in no bin of the histogram, and %s has no value that could stand for them; a last bin that is great enough takes them", TypeName(dt))
			}
			out.add(0, s.counts[last])
		}
		out.end(true)
	}
	all, err := kernel.Concat(keys)
	if err != nil {
		return nil, err
	}
	return out.finish(h.call.Ret, all)
}
