package functions

import (
	"math"
	"slices"

	"github.com/apache/arrow/go/v17/arrow"
	"github.com/apache/arrow/go/v17/arrow/array"
	"github.com/apache/arrow/go/v17/arrow/decimal128"

	"tq/functions/kernel"
)

var tallyAggregates = []Def{
	{
		Name: "mode", Kind: Aggregate, Family: aggregates, Nulls: SeesNulls,
		Doc:     "The most frequent value that is not NULL; of several the one that came first. Over frames that move on, the one of the frame before stays while it is one of them.",
		Example: "mode(x) FROM (VALUES ('a'), ('b'), ('b')) t(x)", Result: "b",
		Overloads: []Overload{{Args: types(Any), RetOf: firstPlain, Accumulate: newTallied(modes), Window: modeFrames}},
	},
	{
		Name: "entropy", Kind: Aggregate, Family: aggregates, Nulls: SeesNulls,
		Doc:     "How many bits tell the value of a row, from how often each value occurs; 0 if there are none.",
		Example: "entropy(x) FROM (VALUES (1), (2), (3), (4)) t(x)", Result: "2.0",
		Overloads: []Overload{{Args: types(Any), Ret: Double, Accumulate: newTallied(entropies)}},
	},
	{
		Name: "approx_top_k", Kind: Aggregate, Family: aggregates, Nulls: SeesNulls,
		Doc:     "The so many most frequent values, the most frequent one first; of equally frequent ones the one that came first. Here they are exact.",
		Example: "approx_top_k(x, 2) FROM (VALUES ('a'), ('b'), ('b'), ('c'), ('c'), ('c')) t(x)", Result: "[c, b]",
		Overloads: []Overload{{Args: types(Any, BigInt), RetOf: firstPlainList, Accumulate: newTallied(mostFrequent)}},
	},
}

// tally is a value, by the row it came first in, and how many rows have it.
type tally struct {
	row int32
	n   int
}

// tallied keeps all values to count how often each occurs.
type tallied struct {
	collected
	ret    arrow.DataType
	result func(t *tallied, values arrow.Array, counts [][]tally) (arrow.Array, error)
	k      constantCount
}

func newTallied(result func(t *tallied, values arrow.Array, counts [][]tally) (arrow.Array, error)) NewAccumulator {
	return func(c *Call) Accumulator {
		if c.Args[0].ID() == arrow.NULL {
			return &nothing{dt: c.Ret}
		}
		return &tallied{collected: collected{dt: c.Args[0]}, ret: c.Ret, result: result}
	}
}

func (t *tallied) Update(groups []uint32, args []kernel.Vec, n int) error {
	if len(args) == 2 && n > 0 {
		if err := t.k.read(args[1]); err != nil {
			return err
		}
	}
	t.add(groups, args[0], n)
	return nil
}

func (t *tallied) Merge(other Accumulator, into []uint32) error {
	o, ok := other.(*tallied)
	if !ok {
		return strangers(t, other)
	}
	t.merge(&o.collected, into)
	return t.k.merge(o.k)
}

func (t *tallied) Append(b array.Builder, g int) error {
	one, err := t.results(g, g+1)
	if err != nil {
		return err
	}
	return appendRow(b, one, 0)
}

func (t *tallied) Finish(n int) (arrow.Array, error) { return t.results(0, n) }

func (t *tallied) results(from, to int) (arrow.Array, error) {
	v, err := t.group()
	if err != nil {
		return nil, err
	}
	counts := make([][]tally, to-from)
	for g := range counts {
		counts[g] = talliesOf(v.values, int(v.offsets[from+g]), int(v.offsets[from+g+1]))
	}
	return t.result(t, v.values, counts)
}

// talliesOf counts the values of rows from to to, in the order of their first rows.
func talliesOf(a arrow.Array, from, to int) []tally {
	ids, first := numberValues(a, from, to)
	out := make([]tally, len(first))
	for k, row := range first {
		out[k].row = row
	}
	for _, id := range ids {
		out[id].n++
	}
	return out
}

// numberValues numbers the different values of rows from to to in the order of their
// first rows, and returns the number of each row's value.
func numberValues(a arrow.Array, from, to int) (ids, first []int32) {
	switch kernel.KindOf(a.DataType()) {
	case kernel.Decimal:
		values := kernel.Values[decimal128.Num](a)
		return numberBy(from, to, func(i int) decimal128.Num { return values[i] })
	case kernel.Interval:
		values := kernel.Values[interval](a)
		return numberBy(from, to, func(i int) [2]int64 {
			days, nanos := kernel.IntervalLength(values[i])
			return [2]int64{days, nanos}
		})
	case kernel.String, kernel.Dict:
		return numberBy(from, to, kernel.StringsOf(a).At)
	case kernel.List, kernel.Struct:
		text := textOf(a, nil)
		return numberBy(from, to, func(i int) string { return string(text(nil, i)) })
	}
	words, _ := kernel.SortKeys(kernel.Slice(a, from, to))
	return numberBy(from, to, func(i int) uint64 { return words[i-from] })
}

func numberBy[K comparable](from, to int, key func(i int) K) (ids, first []int32) {
	ids = make([]int32, 0, to-from)
	at := map[K]int32{}
	for i := from; i < to; i++ {
		k := key(i)
		id, ok := at[k]
		if !ok {
			id = int32(len(first))
			at[k] = id
			first = append(first, int32(i))
		}
		ids = append(ids, id)
	}
	return ids, first
}

func byFrequency(counts []tally) {
	slices.SortStableFunc(counts, func(a, b tally) int { return b.n - a.n })
}

func modes(_ *tallied, values arrow.Array, counts [][]tally) (arrow.Array, error) {
	rows := make([]int32, len(counts))
	for g, c := range counts {
		rows[g] = -1
		if byFrequency(c); len(c) > 0 {
			rows[g] = c[0].row
		}
	}
	return kernel.Plain(kernel.TakeNullable(values, rows))
}

func entropies(_ *tallied, _ arrow.Array, counts [][]tally) (arrow.Array, error) {
	out := make([]float64, len(counts))
	for g, c := range counts {
		all := 0
		for _, t := range c {
			all += t.n
		}
		for _, t := range c {
			share := float64(t.n) / float64(all)
			out[g] -= share * math.Log2(share)
		}
		out[g] = max(out[g], 0) // not -0
	}
	return kernel.FromValues(Double, out, kernel.Validity{}), nil
}

func mostFrequent(t *tallied, values arrow.Array, counts [][]tally) (arrow.Array, error) {
	var rows []int32
	offsets, missing := make([]int32, len(counts)+1), newNulls(len(counts))
	for g, c := range counts {
		if len(c) == 0 {
			missing.set(g)
		}
		byFrequency(c)
		for _, one := range c[:min(len(c), t.k.n)] {
			rows = append(rows, one.row)
		}
		offsets[g+1] = int32(len(rows))
	}
	flat, err := kernel.Plain(kernel.Take(values, rows))
	if err != nil {
		return nil, err
	}
	return kernel.FromLists(t.ret, offsets, flat, missing.with(kernel.Validity{})), nil
}
