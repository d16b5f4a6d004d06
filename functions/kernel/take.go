package kernel

import (
	"github.com/apache/arrow/go/v17/arrow"
	"github.com/apache/arrow/go/v17/arrow/array"
	"github.com/apache/arrow/go/v17/arrow/decimal128"
)

// Take returns the rows idx of an array, in that order. A dictionary is shared, not
// copied.
func Take(a arrow.Array, idx []int32) arrow.Array {
	return take(a, idx, takeValidity(a, idx))
}

// TakeValid is [Take] of rows none of which is NULL.
func TakeValid(a arrow.Array, idx []int32) arrow.Array { return take(a, idx, Validity{}) }

// TakeNullable is [Take] with NULL for every index that is negative.
func TakeNullable(a arrow.Array, idx []int32) arrow.Array {
	missing := 0
	for _, i := range idx {
		if i < 0 {
			missing++
		}
	}
	if missing == 0 {
		return Take(a, idx)
	}
	if missing == len(idx) || a.Len() == 0 {
		return Nulls(a.DataType(), len(idx))
	}
	v := ValidityOf(a)
	valid := NewBitmap(len(idx))
	clamped := make([]int32, len(idx))
	for r, i := range idx {
		if i >= 0 {
			clamped[r] = i
			if v.Valid(int(i)) {
				valid.Set(r)
			}
		}
	}
	return take(a, clamped, NewValidity(valid, len(idx)))
}

// Filter returns the rows sel of an array; it is [Take] that knows its rows ascend, so
// that all rows are the array itself.
func Filter(a arrow.Array, sel []int32) arrow.Array {
	if len(sel) == a.Len() {
		return a
	}
	if n := len(sel); n > 0 && int(sel[n-1]-sel[0]) == n-1 {
		return Slice(a, int(sel[0]), int(sel[n-1])+1)
	}
	return Take(a, sel)
}

func takeValidity(a arrow.Array, idx []int32) Validity {
	v := ValidityOf(a)
	if v.Bits == nil {
		return v
	}
	out := NewBitmap(len(idx))
	for r, i := range idx {
		out[r>>3] |= (v.Bits[i>>3] >> (i & 7) & 1) << (r & 7)
	}
	return NewValidity(out, len(idx))
}

func take(a arrow.Array, idx []int32, v Validity) arrow.Array {
	dt := a.DataType()
	switch KindOf(dt) {
	case Null:
		return array.NewNull(len(idx))
	case Bool:
		src, out := Bits(a), NewBitmap(len(idx))
		for r, i := range idx {
			out[r>>3] |= (src[i>>3] >> (i & 7) & 1) << (r & 7)
		}
		return FromBits(out, len(idx), v)
	case Int8, Uint8:
		return takeFixed[uint8](a, idx, v)
	case Int16, Uint16:
		return takeFixed[uint16](a, idx, v)
	case Int32, Uint32, Float32:
		return takeFixed[uint32](a, idx, v)
	case Int64, Uint64, Float64:
		return takeFixed[uint64](a, idx, v)
	case Decimal:
		return takeFixed[decimal128.Num](a, idx, v)
	case Interval:
		return takeFixed[arrow.MonthDayNanoInterval](a, idx, v)
	case Dict:
		return FromCodes(takeValues(Values[int32](a), idx), v, array.MakeFromData(a.Data().Dictionary()))
	case String:
		return takeStrings(a, idx, v)
	case List:
		return takeLists(a, idx, v)
	default:
		fields := make([]arrow.Array, len(a.Data().Children()))
		for f := range fields {
			fields[f] = Take(StructField(a, f), idx)
		}
		return FromFields(dt, len(idx), fields, v)
	}
}

func takeFixed[T Fixed](a arrow.Array, idx []int32, v Validity) arrow.Array {
	return FromValues(a.DataType(), takeValues(Values[T](a), idx), v)
}

func takeValues[T Fixed](src []T, idx []int32) []T {
	out := make([]T, len(idx))
	for r, i := range idx {
		out[r] = src[i]
	}
	return out
}

// takeStrings copies the strings. A column of one batch cannot exceed 2 GiB, but rows
// repeated by a join can; then the strings become a dictionary.
func takeStrings(a arrow.Array, idx []int32, v Validity) arrow.Array {
	off, data := stringParts(a.Data())
	size := 0
	for _, i := range idx {
		size += int(off[i+1] - off[i])
	}
	if size > maxStringBytes && a.DataType().ID() == arrow.STRING {
		return takeStrings2Dict(a, idx, v)
	}
	offsets := make([]int32, len(idx)+1)
	out := make([]byte, 0, size)
	for r, i := range idx {
		out = append(out, data[off[i]:off[i+1]]...)
		offsets[r+1] = int32(len(out))
	}
	return FromOffsets(a.DataType(), offsets, out, v)
}

const maxStringBytes = 1<<31 - 1

func takeStrings2Dict(a arrow.Array, idx []int32, v Validity) arrow.Array {
	d := NewDictBuilder()
	s := StringsOf(a)
	codes := make([]int32, len(idx))
	for r, i := range idx {
		if v.Valid(r) {
			codes[r] = d.Code(s.At(int(i)))
		}
	}
	return FromCodes(codes, v, d.Values())
}

func takeLists(a arrow.Array, idx []int32, v Validity) arrow.Array {
	off, values := ListParts(a)
	offsets := make([]int32, len(idx)+1)
	var inner []int32
	for r, i := range idx {
		for j := off[i]; j < off[i+1]; j++ {
			inner = append(inner, j)
		}
		offsets[r+1] = int32(len(inner))
	}
	return FromLists(a.DataType(), offsets, Take(values, inner), v)
}
