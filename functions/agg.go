package functions

import (
	"fmt"
	"slices"
	"unsafe"

	"github.com/apache/arrow/go/v17/arrow"
	"github.com/apache/arrow/go/v17/arrow/array"
	"github.com/apache/arrow/go/v17/arrow/decimal128"

	"tq/functions/kernel"
)

const aggregates = "aggregate"

// The aggregates are declared as seeing NULLs although most of them leave them out: they
// skip such rows in their loops, which is cheaper than taking them out before.

// groupIDs gives every accumulator the groups of its rows also when there is only one.
type groupIDs struct{ zeros []uint32 }

func (z *groupIDs) of(groups []uint32, n int) []uint32 {
	if groups != nil {
		return groups[:n]
	}
	if len(z.zeros) < n {
		z.zeros = make([]uint32, n)
	}
	return z.zeros[:n]
}

// validRows lists the rows that are not NULL, for loops that need no branch then. The list
// lives until the next call.
type validRows struct{ rows []int32 }

func (v *validRows) of(valid kernel.Validity, n int) []int32 {
	v.rows = kernel.SelectBits(valid.Bits, slices.Grow(v.rows[:0], n-valid.Nulls), n)
	return v.rows
}

// states are the states of all groups.
type states[S any] struct {
	groupIDs
	all []S
}

func (s *states[S]) Grow(n int) {
	if n > cap(s.all) {
		s.all = slices.Grow(s.all, max(n, 2*cap(s.all))-len(s.all)) // append would grow it by less
	}
	if n > len(s.all) {
		s.all = s.all[:n] // never shrinks, so what is beyond its end is empty
	}
}

func (s *states[S]) Bytes() int64 {
	var zero S
	return int64(cap(s.all)) * int64(unsafe.Sizeof(zero))
}

// strangers is the error of a Merge of accumulators of different calls.
func strangers(a, b Accumulator) error { return fmt.Errorf("cannot merge %T into %T", b, a) }

// finishFixed makes the results of groups 0 … n-1 of a type of fixed width.
func finishFixed[T kernel.Fixed](dt arrow.DataType, n int, result func(g int) (T, bool, error)) (arrow.Array, error) {
	out, missing := make([]T, n), newNulls(n)
	for g := range out {
		x, ok, err := result(g)
		if err != nil {
			return nil, err
		}
		if !ok {
			missing.set(g)
		}
		out[g] = x
	}
	return kernel.FromValues(dt, out, missing.with(kernel.Validity{})), nil
}

// appendFixed appends one result to a builder.
func appendFixed[T kernel.Fixed](b array.Builder, x T, ok bool) {
	if !ok {
		b.AppendNull()
		return
	}
	switch b := b.(type) {
	case *array.Int64Builder:
		b.Append(any(x).(int64))
	case *array.TimestampBuilder:
		b.Append(arrow.Timestamp(any(x).(int64)))
	case *array.DurationBuilder:
		b.Append(arrow.Duration(any(x).(int64)))
	case *array.Time64Builder:
		b.Append(arrow.Time64(any(x).(int64)))
	case *array.Float64Builder:
		b.Append(any(x).(float64))
	case *array.Decimal128Builder:
		b.Append(any(x).(decimal128.Num))
	case *array.MonthDayNanoIntervalBuilder:
		b.Append(any(x).(arrow.MonthDayNanoInterval))
	case *array.Int32Builder:
		b.Append(any(x).(int32))
	case *array.Date32Builder:
		b.Append(arrow.Date32(any(x).(int32)))
	case *array.Int16Builder:
		b.Append(any(x).(int16))
	case *array.Int8Builder:
		b.Append(any(x).(int8))
	case *array.Uint64Builder:
		b.Append(any(x).(uint64))
	case *array.Uint32Builder:
		b.Append(any(x).(uint32))
	case *array.Uint16Builder:
		b.Append(any(x).(uint16))
	case *array.Uint8Builder:
		b.Append(any(x).(uint8))
	case *array.Float32Builder:
		b.Append(any(x).(float32))
	}
}

// appendString appends one string to a builder of VARCHAR, in either form, or BLOB.
func appendString(b array.Builder, s string, ok bool) error {
	if !ok {
		b.AppendNull()
		return nil
	}
	switch b := b.(type) {
	case *array.StringBuilder:
		b.Append(s)
	case *array.BinaryBuilder:
		b.AppendString(s)
	case *array.BinaryDictionaryBuilder:
		return b.AppendString(s)
	}
	return nil
}

// appendRow appends a row of an array of the builder's type, of whatever kind.
func appendRow(b array.Builder, a arrow.Array, row int) error {
	if !kernel.ValidityOf(a).Valid(row) {
		b.AppendNull()
		return nil
	}
	switch kernel.KindOf(a.DataType()) {
	case kernel.Bool:
		b.(*array.BooleanBuilder).Append(kernel.Bitmap(kernel.Bits(a)).Get(row))
	case kernel.String, kernel.Dict:
		return appendString(b, kernel.StringsOf(a).At(row), true)
	case kernel.Decimal:
		appendFixed(b, kernel.Values[decimal128.Num](a)[row], true)
	case kernel.Interval:
		appendFixed(b, kernel.Values[arrow.MonthDayNanoInterval](a)[row], true)
	case kernel.Float64:
		appendFixed(b, kernel.Values[float64](a)[row], true)
	case kernel.Float32:
		appendFixed(b, kernel.Values[float32](a)[row], true)
	case kernel.Int64:
		appendFixed(b, kernel.Values[int64](a)[row], true)
	case kernel.List:
		list := b.(array.ListLikeBuilder)
		list.Append(true)
		offsets, values := kernel.ListParts(a)
		for i := offsets[row]; i < offsets[row+1]; i++ {
			if err := appendRow(list.ValueBuilder(), values, int(i)); err != nil {
				return err
			}
		}
	case kernel.Struct:
		st := b.(*array.StructBuilder)
		st.Append(true)
		for f := range st.NumField() {
			if err := appendRow(st.FieldBuilder(f), kernel.StructField(a, f), row); err != nil {
				return err
			}
		}
	default:
		return appendOther(b, a, row)
	}
	return nil
}

func appendOther(b array.Builder, a arrow.Array, row int) error {
	switch kernel.KindOf(a.DataType()) {
	case kernel.Int8:
		appendFixed(b, kernel.Values[int8](a)[row], true)
	case kernel.Int16:
		appendFixed(b, kernel.Values[int16](a)[row], true)
	case kernel.Int32:
		appendFixed(b, kernel.Values[int32](a)[row], true)
	case kernel.Uint8:
		appendFixed(b, kernel.Values[uint8](a)[row], true)
	case kernel.Uint16:
		appendFixed(b, kernel.Values[uint16](a)[row], true)
	case kernel.Uint32:
		appendFixed(b, kernel.Values[uint32](a)[row], true)
	case kernel.Uint64:
		appendFixed(b, kernel.Values[uint64](a)[row], true)
	default:
		return fmt.Errorf("no builder for %s", a.DataType())
	}
	return nil
}
