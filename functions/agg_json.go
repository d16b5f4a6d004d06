package functions

import (
	"github.com/apache/arrow/go/v17/arrow"
	"github.com/apache/arrow/go/v17/arrow/array"

	"tq/functions/json"
	"tq/functions/kernel"
)

var jsonAggregates = []Def{
	{
		Name: "json_group_array", Kind: Aggregate, Family: aggregates, Nulls: SeesNulls,
		Doc:     "All values of the group as a JSON array, NULLs included; NULL if there are no rows.",
		Example: "json_group_array(x) FROM (VALUES (1), (NULL)) t(x)", Result: "[1,null]",
		Overloads: []Overload{{Args: types(Any), Ret: JSON, Accumulate: newJSONGroups}},
	},
	{
		Name: "json_group_object", Kind: Aggregate, Family: aggregates, Nulls: SeesNulls,
		Doc:     "A JSON object of the keys and values of the group; NULL if there are no rows.",
		Example: "json_group_object(k, v) FROM (VALUES ('a', 1), ('b', NULL)) t(k, v)", Result: `{"a":1,"b":null}`,
		Overloads: []Overload{{Args: types(Varchar, Any), Ret: JSON, Accumulate: newJSONGroups}},
	},
}

// jsonGroups writes the elements or members of a JSON value for each group as they come.
type jsonGroups struct {
	groupIDs
	call  *Call
	texts [][]byte
	size  int64
}

func newJSONGroups(c *Call) Accumulator { return &jsonGroups{call: c} }

func (j *jsonGroups) Grow(n int) {
	if n > len(j.texts) {
		j.texts = append(j.texts, make([][]byte, n-len(j.texts))...)
	}
}

func (j *jsonGroups) Bytes() int64 { return j.size + 24*int64(cap(j.texts)) }

func (j *jsonGroups) Update(groups []uint32, args []kernel.Vec, n int) error {
	last := len(args) - 1
	write := jsonOf(args[last].Array, j.call.Args[last], j.call.Env)
	for i, g := range j.of(groups, n) {
		before := len(j.texts[g])
		b := j.next(g)
		if last > 0 {
			row := args[0].Row(i)
			if args[0].DataType().ID() == arrow.NULL || !kernel.ValidityOf(args[0].Array).Valid(row) {
				return errNullJSONKey
			}
			b = append(json.AppendString(b, kernel.StringsOf(args[0].Array).At(row)), ':')
		}
		j.texts[g] = write(b, args[last].Row(i))
		if j.size += int64(len(j.texts[g]) - before); len(j.texts[g]) > maxTexts {
			return errLongTexts
		}
	}
	return nil
}

// next is the text of a group with what stands before its next part.
func (j *jsonGroups) next(g uint32) []byte {
	if len(j.texts[g]) > 0 {
		return append(j.texts[g], ',')
	}
	return j.texts[g]
}

func (j *jsonGroups) Merge(other Accumulator, into []uint32) error {
	o, ok := other.(*jsonGroups)
	if !ok {
		return strangers(j, other)
	}
	for g, text := range o.texts {
		if len(text) > 0 {
			j.texts[into[g]] = append(j.next(into[g]), text...)
			j.size += int64(len(text))
		}
	}
	return nil
}

// whole is the text of a group in its brackets.
func (j *jsonGroups) whole(b []byte, g int) []byte {
	open, end := byte('['), byte(']')
	if len(j.call.Args) > 1 {
		open, end = '{', '}'
	}
	return append(append(append(b, open), j.texts[g]...), end)
}

func (j *jsonGroups) Append(b array.Builder, g int) error {
	return appendString(b, string(j.whole(nil, g)), len(j.texts[g]) > 0)
}

func (j *jsonGroups) Finish(n int) (arrow.Array, error) {
	b := kernel.NewStringBuilder(n)
	for g := range n {
		if len(j.texts[g]) == 0 {
			b.AppendNull()
			continue
		}
		b.SetBuffer(j.whole(b.Buffer(), g))
	}
	return b.Finish(JSON)
}
