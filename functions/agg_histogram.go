package functions

import (
	"slices"

	"github.com/apache/arrow/go/v17/arrow"
	"github.com/apache/arrow/go/v17/arrow/array"

	"tq/functions/kernel"
)

var histogramAggregates = []Def{
	{
		Name: "histogram", Kind: Aggregate, Family: aggregates, Nulls: SeesNulls,
		Doc: "A map of the values that are not NULL, in their order, to how often each occurs. With a list of bins, of their upper ends " +
			"to how many values lie in each: above the end before and not above its own; values above the last are counted under the greatest value of the type.",
		Example: "histogram(x) FROM (VALUES (2), (1), (2)) t(x)", Result: "{1=1, 2=2}",
		Overloads: append([]Overload{{Args: types(Any), RetOf: countsByFirst, Accumulate: newHistogram}}, binSigs(false)...),
	},
	{
		Name: "histogram_exact", Kind: Aggregate, Family: aggregates, Nulls: SeesNulls,
		Doc:     "A map of the values in the list to how often each occurs; all others are counted under the greatest value of the type.",
		Example: "histogram_exact(x, [1, 2]) FROM (VALUES (2), (1), (2)) t(x)", Result: "{1=1, 2=2}",
		Overloads: binSigs(true),
	},
}

func countsByFirst(args []arrow.DataType) (arrow.DataType, error) {
	return MapOf(args[0], UBigInt), nil
}

// valueNumbers numbers distinct values in the order in which they come first.
type valueNumbers struct {
	words   map[uint64]int32
	texts   map[string]int32
	parts   []arrow.Array // the values, a batch's new ones in each
	n       int32
	ordered []int32 // numbers by rank, as long as no value has come since
}

func newValueNumbers() *valueNumbers {
	return &valueNumbers{words: map[uint64]int32{}, texts: map[string]int32{}}
}

// of returns the numbers of the values of rows that are not NULL; those of others are -1.
func (x *valueNumbers) of(a arrow.Array) []int32 {
	out, valid := make([]int32, a.Len()), kernel.ValidityOf(a)
	before, fresh := x.n, []int32{}
	number := x.numbering(a)
	for i := range out {
		out[i] = -1
		if !valid.Valid(i) {
			continue
		}
		if out[i] = number(i); out[i] >= before+int32(len(fresh)) {
			fresh = append(fresh, int32(i))
		}
	}
	if len(fresh) > 0 {
		x.parts, x.ordered = append(x.parts, kernel.Take(a, fresh)), nil
	}
	return out
}

// numbering returns what numbers the row of an array.
func (x *valueNumbers) numbering(a arrow.Array) func(i int) int32 {
	switch kernel.KindOf(a.DataType()) {
	case kernel.String, kernel.Dict:
		s := kernel.StringsOf(a)
		return func(i int) int32 { return x.text(s.At(i)) }
	}
	if words, exact := kernel.SortKeys(a); exact {
		return func(i int) int32 {
			n, ok := x.words[words[i]]
			if !ok {
				n = x.n
				x.n++
				x.words[words[i]] = n
			}
			return n
		}
	}
	write := textOf(a, nil)
	var buf []byte
	return func(i int) int32 {
		buf = write(buf[:0], i)
		return x.text(string(buf))
	}
}

func (x *valueNumbers) text(s string) int32 {
	n, ok := x.texts[s]
	if !ok {
		n = x.n
		x.n++
		x.texts[clone(s)] = n
	}
	return n
}

// values are all values by their numbers.
func (x *valueNumbers) values(dt arrow.DataType) (arrow.Array, error) {
	if len(x.parts) == 0 {
		return kernel.Nulls(dt, 0), nil
	}
	all, err := kernel.Concat(x.parts)
	x.parts = []arrow.Array{all}
	return all, err
}

// ranks are the places of the numbers in the order of their values.
func (x *valueNumbers) ranks(values arrow.Array) []int32 {
	if x.ordered == nil {
		order, compare := make([]int32, values.Len()), kernel.Comparer(values, values)
		for i := range order {
			order[i] = int32(i)
		}
		slices.SortFunc(order, func(a, b int32) int { return compare(int(a), int(b)) })
		x.ordered = make([]int32, len(order))
		for rank, n := range order {
			x.ordered[n] = int32(rank)
		}
	}
	return x.ordered
}

// histogram counts how often each value occurs in each group.
type histogram struct {
	call    *Call
	numbers *valueNumbers
	counts  []map[int32]uint64 // by group, of the numbers of values
	size    int64
}

func newHistogram(c *Call) Accumulator {
	if c.Args[0].ID() == arrow.NULL {
		return &nothing{dt: c.Ret}
	}
	return &histogram{call: c, numbers: newValueNumbers()}
}

func (h *histogram) Grow(n int) {
	if n > len(h.counts) {
		h.counts = append(h.counts, make([]map[int32]uint64, n-len(h.counts))...)
	}
}

// entryBytes is about what an entry of a group takes.
const entryBytes = 48

func (h *histogram) Bytes() int64 { return h.size + 8*int64(cap(h.counts)) }

// Unordered implements [Unordered]. Numbers that are equal need not look the same, and the
// first is kept.
func (h *histogram) Unordered() bool {
	return !isFloat(h.call.Args[0]) && !isNested(h.call.Args[0])
}

func (h *histogram) add(group uint32, number int32, times uint64) {
	m := h.counts[group]
	if m == nil {
		m = map[int32]uint64{}
		h.counts[group] = m
	}
	before := len(m)
	m[number] += times
	h.size += entryBytes * int64(len(m)-before)
}

func (h *histogram) Update(groups []uint32, args []kernel.Vec, n int) error {
	values, codes := kernel.ByValue(args[0], n)
	if codes != nil {
		return h.updateCodes(groups, args[0].Array, values, codes)
	}
	numbers := h.numbers.of(values)
	if args[0].Const {
		numbers = slices.Repeat(numbers, n)
	}
	h.addAll(groups, numbers)
	return nil
}

// updateCodes adds rows of a dictionary, of whose values only those are new that rows have.
func (h *histogram) updateCodes(groups []uint32, a, values arrow.Array, codes []int32) error {
	used, valid := make([]int32, values.Len()), kernel.ValidityOf(a)
	var rows []int32
	for i, code := range codes {
		if valid.Valid(i) && used[code] == 0 {
			rows = append(rows, code)
			used[code] = int32(len(rows))
		}
	}
	distinct := h.numbers.of(kernel.Take(values, rows))
	numbers := make([]int32, len(codes))
	for i, code := range codes {
		if numbers[i] = -1; valid.Valid(i) {
			numbers[i] = distinct[used[code]-1]
		}
	}
	h.addAll(groups, numbers)
	return nil
}

func (h *histogram) addAll(groups []uint32, numbers []int32) {
	if groups != nil {
		for i, number := range numbers {
			if number >= 0 {
				h.add(groups[i], number, 1)
			}
		}
		return
	}
	times := make([]uint64, h.numbers.n)
	for _, number := range numbers {
		if number >= 0 {
			times[number]++
		}
	}
	for number, n := range times {
		if n > 0 {
			h.add(0, int32(number), n)
		}
	}
}

func (h *histogram) Merge(other Accumulator, into []uint32) error {
	o, ok := other.(*histogram)
	if !ok {
		return strangers(h, other)
	}
	values, err := o.numbers.values(o.call.Args[0])
	if err != nil {
		return err
	}
	numbers := h.numbers.of(values)
	for g, counts := range o.counts {
		for number, n := range counts {
			h.add(into[g], numbers[number], n)
		}
	}
	return nil
}

func (h *histogram) Append(b array.Builder, g int) error {
	one, err := h.results(g, g+1)
	if err != nil {
		return err
	}
	return appendRow(b, one, 0)
}

func (h *histogram) Finish(n int) (arrow.Array, error) { return h.results(0, n) }

func (h *histogram) results(from, to int) (arrow.Array, error) {
	values, err := h.numbers.values(h.call.Args[0])
	if err != nil {
		return nil, err
	}
	ranks := h.numbers.ranks(values)
	out := newCountMaps(to - from)
	var numbers []int32
	for _, counts := range h.counts[from:to] {
		numbers = numbers[:0]
		for number := range counts {
			numbers = append(numbers, number)
		}
		slices.SortFunc(numbers, func(a, b int32) int { return int(ranks[a] - ranks[b]) })
		for _, number := range numbers {
			out.add(number, counts[number])
		}
		out.end(len(counts) > 0)
	}
	return out.finish(h.call.Ret, values)
}

// countMaps makes maps of values to counts.
type countMaps struct {
	rows    []int32
	counts  []uint64
	offsets []int32
	missing *nulls
}

func newCountMaps(n int) *countMaps {
	return &countMaps{offsets: append(make([]int32, 0, n+1), 0), missing: newNulls(n)}
}

func (m *countMaps) add(row int32, count uint64) {
	m.rows, m.counts = append(m.rows, row), append(m.counts, count)
}

// end ends a map, or makes it NULL.
func (m *countMaps) end(known bool) {
	if !known {
		m.missing.set(len(m.offsets) - 1)
	}
	m.offsets = append(m.offsets, int32(len(m.rows)))
}

// finish makes the maps; their keys are the rows of values that were added.
func (m *countMaps) finish(dt arrow.DataType, values arrow.Array) (arrow.Array, error) {
	counts := kernel.FromValues(UBigInt, m.counts, kernel.Validity{})
	return makeMap(dt, m.offsets, kernel.Take(values, m.rows), counts, m.missing.with(kernel.Validity{}))
}
