package functions

import (
	"github.com/apache/arrow/go/v17/arrow"
	"github.com/apache/arrow/go/v17/arrow/array"

	"tq/functions/kernel"
)

var countAggregates = []Def{
	{
		Name: "count", Aliases: []string{"count_star"}, Kind: Aggregate, Family: aggregates, Nulls: SeesNulls,
		Doc:     "count(*) is the number of rows, count(x) the number of rows whose x is not NULL.",
		Example: "count(x) FROM (VALUES (1), (NULL), (3)) t(x)", Result: "2",
		Overloads: []Overload{
			{Args: types(), Ret: BigInt, Accumulate: newCount, Window: countFrames},
			{Args: types(Any), Ret: BigInt, Accumulate: newCount, Window: countFrames},
		},
	},
	{
		Name: "count_if", Aliases: []string{"countif"}, Kind: Aggregate, Family: aggregates, Nulls: SeesNulls,
		Doc:     "The number of rows for which the condition is true; NULL if it is NULL for all.",
		Example: "count_if(x > 1) FROM (VALUES (1), (2), (3)) t(x)", Result: "2",
		Overloads: []Overload{{Args: types(Boolean), Ret: HugeInt, Accumulate: newBoolSum}},
	},
}

// count counts rows, those whose argument is NULL left out if there is an argument.
type count struct {
	states[int64]
	lanes [countLanes][]int64 // scratch
}

// countLanes is how many lists of counts are kept for rows that follow each other: adding
// to the number that was just written has to wait for it, and groups mostly come in runs.
const countLanes = 4

// Unordered implements [Unordered].
func (*count) Unordered() bool { return true }

func newCount(*Call) Accumulator { return &count{} }

func (c *count) Update(groups []uint32, args []kernel.Vec, n int) error {
	var valid kernel.Validity
	if len(args) == 1 {
		valid = kernel.RowValidity(args[0], n)
	}
	switch {
	case groups == nil:
		c.all[0] += int64(n - valid.Nulls)
	case valid.Bits == nil:
		c.countAll(groups[:n])
	default:
		for i, g := range groups[:n] {
			c.all[g] += int64(valid.Bits[i>>3] >> (i & 7) & 1)
		}
	}
	return nil
}

func (c *count) countAll(groups []uint32) {
	if len(c.all)*countLanes > len(groups) {
		for _, g := range groups {
			c.all[g]++
		}
		return
	}
	for i := range c.lanes {
		c.lanes[i] = append(c.lanes[i], make([]int64, len(c.all)-len(c.lanes[i]))...)
		clear(c.lanes[i])
	}
	a, b, x, y := c.lanes[0], c.lanes[1], c.lanes[2], c.lanes[3]
	for ; len(groups) >= countLanes; groups = groups[countLanes:] {
		a[groups[0]]++
		b[groups[1]]++
		x[groups[2]]++
		y[groups[3]]++
	}
	for g := range c.all {
		c.all[g] += a[g] + b[g] + x[g] + y[g]
	}
	for _, g := range groups {
		c.all[g]++
	}
}

func (c *count) Merge(other Accumulator, into []uint32) error {
	o, ok := other.(*count)
	if !ok {
		return strangers(c, other)
	}
	for g, to := range into {
		c.all[to] += o.all[g]
	}
	return nil
}

func (c *count) Append(b array.Builder, g int) error {
	appendFixed(b, c.all[g], true)
	return nil
}

func (c *count) Finish(n int) (arrow.Array, error) {
	return kernel.FromValues(BigInt, append([]int64{}, c.all[:n]...), kernel.Validity{}), nil
}
