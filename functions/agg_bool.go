package functions

import (
	"github.com/apache/arrow/go/v17/arrow"
	"github.com/apache/arrow/go/v17/arrow/array"

	"tq/functions/kernel"
)

var boolAggregates = []Def{
	{
		Name: "bool_and", Aliases: []string{"every"}, Kind: Aggregate, Family: aggregates, Nulls: SeesNulls,
		Doc:     "Whether all conditions that are not NULL are true; NULL if there are none.",
		Example: "bool_and(x) FROM (VALUES (true), (false)) t(x)", Result: "false",
		Overloads: []Overload{{Args: types(Boolean), Ret: Boolean, Accumulate: func(*Call) Accumulator { return &truth{decisive: false} }}},
	},
	{
		Name: "bool_or", Kind: Aggregate, Family: aggregates, Nulls: SeesNulls,
		Doc:     "Whether any condition is true; NULL if all are NULL.",
		Example: "bool_or(x) FROM (VALUES (true), (false)) t(x)", Result: "true",
		Overloads: []Overload{{Args: types(Boolean), Ret: Boolean, Accumulate: func(*Call) Accumulator { return &truth{decisive: true} }}},
	},
}

// truth is AND or OR of conditions: one value decides, the other needs all.
type truth struct {
	states[struct{ seen, decided bool }]
	decisive bool
}

// Unordered implements [Unordered].
func (*truth) Unordered() bool { return true }

func (t *truth) Update(groups []uint32, args []kernel.Vec, n int) error {
	a := kernel.Full(args[0], n)
	values, valid := kernel.Bitmap(kernel.Bits(a)), kernel.ValidityOf(a)
	for i, g := range t.of(groups, n) {
		if valid.Valid(i) {
			s := &t.all[g]
			s.seen = true
			s.decided = s.decided || values.Get(i) == t.decisive
		}
	}
	return nil
}

func (t *truth) Merge(other Accumulator, into []uint32) error {
	o, ok := other.(*truth)
	if !ok {
		return strangers(t, other)
	}
	for g, to := range into {
		s := &t.all[to]
		s.seen = s.seen || o.all[g].seen
		s.decided = s.decided || o.all[g].decided
	}
	return nil
}

func (t *truth) Append(b array.Builder, g int) error {
	if s := t.all[g]; s.seen {
		b.(*array.BooleanBuilder).Append(s.decided == t.decisive)
	} else {
		b.AppendNull()
	}
	return nil
}

func (t *truth) Finish(n int) (arrow.Array, error) {
	values, seen := make([]bool, n), make([]bool, n)
	for g, s := range t.all[:n] {
		values[g], seen[g] = s.decided == t.decisive, s.seen
	}
	return kernel.FromBools(values, kernel.NewValidity(kernel.PackBools(seen), n)), nil
}
