package storage

import (
	"slices"

	"github.com/apache/arrow/go/v17/arrow"

	"tq/functions/kernel"
)

// textMatcher returns the test that a predicate makes of a text, or nil when its values
// are no texts.
func textMatcher(p Pred) func(string) bool {
	switch p.Value.DataType().ID() {
	case arrow.STRING, arrow.DICTIONARY:
	default:
		return nil
	}
	view := kernel.StringsOf(p.Value)
	values := make([]string, p.Value.Len())
	for i := range values {
		values[i] = view.At(i)
	}
	return matcher(p.Op, values)
}

// numberMatcher returns the test that a predicate makes of a number, or nil when its
// values are no whole numbers.
func numberMatcher(p Pred) func(int64) bool {
	values, ok := numbers(p.Value)
	if !ok {
		return nil
	}
	return matcher(p.Op, values)
}

func matcher[T string | int64](op PredOp, values []T) func(T) bool {
	if len(values) == 0 || op != PredIn && len(values) != 1 {
		return nil
	}
	v := values[0]
	switch op {
	case PredEq:
		return func(x T) bool { return x == v }
	case PredNe, PredDistinct:
		return func(x T) bool { return x != v }
	case PredLt:
		return func(x T) bool { return x < v }
	case PredLe:
		return func(x T) bool { return x <= v }
	case PredGt:
		return func(x T) bool { return x > v }
	case PredGe:
		return func(x T) bool { return x >= v }
	case PredIn:
		return func(x T) bool { return slices.Contains(values, x) }
	}
	return nil
}

// numbers returns the values of an array of whole numbers, times in nanoseconds or
// durations.
func numbers(a arrow.Array) ([]int64, bool) {
	switch t := a.DataType().(type) {
	case *arrow.TimestampType:
		if t.Unit != arrow.Nanosecond {
			return nil, false
		}
	case *arrow.Date32Type, *arrow.Time64Type:
		return nil, false
	}
	out := make([]int64, a.Len())
	switch kernel.KindOf(a.DataType()) {
	case kernel.Int64:
		copy(out, kernel.Values[int64](a))
	case kernel.Int32:
		for i, v := range kernel.Values[int32](a) {
			out[i] = int64(v)
		}
	case kernel.Int16:
		for i, v := range kernel.Values[int16](a) {
			out[i] = int64(v)
		}
	case kernel.Int8:
		for i, v := range kernel.Values[int8](a) {
			out[i] = int64(v)
		}
	default:
		return nil, false
	}
	return out, true
}

// narrow returns the part of a range in which a predicate can hold.
func (r interval) narrow(p Pred) interval {
	values, ok := numbers(p.Value)
	if !ok || len(values) == 0 || p.Op != PredIn && len(values) != 1 {
		return r
	}
	lo, hi := slices.Min(values), slices.Max(values)
	switch p.Op {
	case PredEq, PredIn:
		r.lo, r.hi = max(r.lo, lo), min(r.hi, hi)
	case PredLt, PredLe:
		if p.Op == PredLt && hi > everything.lo {
			hi--
		}
		r.hi = min(r.hi, hi)
	case PredGt, PredGe:
		if p.Op == PredGt && lo < everything.hi {
			lo++
		}
		r.lo = max(r.lo, lo)
	}
	return r
}
