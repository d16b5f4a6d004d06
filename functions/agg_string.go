package functions

import (
	"github.com/apache/arrow/go/v17/arrow"
	"github.com/apache/arrow/go/v17/arrow/array"

	"tq/functions/kernel"
)

var stringAggregates = []Def{
	{
		Name: "string_agg", Aliases: []string{"group_concat", "listagg"}, Kind: Aggregate, Family: aggregates, Nulls: SeesNulls,
		Doc:     "The texts that are not NULL, one behind the other, with a separator between them: a comma, or the second argument.",
		Example: "string_agg(x, '; ') FROM (VALUES ('a'), ('b')) t(x)", Result: "a; b",
		Overloads: []Overload{{Args: types(Varchar, Varchar), Optional: 1, Ret: Varchar, Accumulate: func(*Call) Accumulator { return &joined{} }}},
	},
}

// joined puts strings one behind the other. Each state remembers the separator that
// stood before its first string, for the merge.
type joined struct {
	states[joinedState]
	size int64
}

type joinedState struct {
	text  []byte
	first string
	seen  bool
}

func (j *joined) Update(groups []uint32, args []kernel.Vec, n int) error {
	a := kernel.Full(args[0], n)
	s, valid := kernel.StringsOf(a), kernel.ValidityOf(a)
	separator := func(int) string { return "," }
	if len(args) == 2 {
		if args[1].DataType().ID() == arrow.NULL {
			return nil
		}
		sep, m := kernel.StringsOf(args[1].Array), step(args[1])
		separator = func(i int) string { return sep.At(i & m) }
		valid = valid.And(kernel.RowValidity(args[1], n), n)
	}
	for i, g := range j.of(groups, n) {
		if valid.Valid(i) {
			j.add(&j.all[g], separator(i), s.At(i))
		}
	}
	return nil
}

func (j *joined) add(s *joinedState, sep, text string) {
	before := cap(s.text)
	if s.seen {
		s.text = append(s.text, sep...)
	} else {
		s.seen, s.first = true, clone(sep)
	}
	s.text = append(s.text, text...)
	j.size += int64(cap(s.text) - before)
}

func (j *joined) Merge(other Accumulator, into []uint32) error {
	o, ok := other.(*joined)
	if !ok {
		return strangers(j, other)
	}
	for g, to := range into {
		if from := &o.all[g]; from.seen {
			j.add(&j.all[to], from.first, string(from.text))
		}
	}
	return nil
}

func (j *joined) Append(b array.Builder, g int) error {
	return appendString(b, string(j.all[g].text), j.all[g].seen)
}

func (j *joined) Finish(n int) (arrow.Array, error) {
	b := kernel.NewStringBuilder(n)
	for _, s := range j.all[:n] {
		if s.seen {
			b.AppendBytes(s.text)
		} else {
			b.AppendNull()
		}
	}
	return b.Finish(Varchar)
}

func (j *joined) Bytes() int64 { return j.states.Bytes() + j.size }
