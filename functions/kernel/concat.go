package kernel

import (
	"fmt"

	"github.com/apache/arrow/go/v17/arrow"
	"github.com/apache/arrow/go/v17/arrow/array"
	"github.com/apache/arrow/go/v17/arrow/decimal128"
)

// Concat appends arrays of one SQL type; plain and dictionary-encoded strings may be
// mixed. It takes at least one array. The result is dictionary-encoded if any part is.
func Concat(parts []arrow.Array) (arrow.Array, error) {
	if len(parts) == 1 {
		return parts[0], nil
	}
	dt, n, dicts := parts[0].DataType(), 0, false
	for _, p := range parts {
		n += p.Len()
		dicts = dicts || p.DataType().ID() == arrow.DICTIONARY
		if KindOf(dt) == Null {
			dt = p.DataType()
		}
	}
	if dicts {
		return concatDicts(parts, n)
	}
	for i, p := range parts {
		if KindOf(p.DataType()) == KindOf(dt) {
			continue
		}
		if KindOf(p.DataType()) != Null {
			return nil, fmt.Errorf("cannot append %s to %s", p.DataType(), dt)
		}
		parts = append([]arrow.Array{}, parts...)
		parts[i] = Nulls(dt, p.Len())
	}
	v := concatValidity(parts, n)
	switch KindOf(dt) {
	case Null:
		return array.NewNull(n), nil
	case Bool:
		out, at := NewBitmap(n), 0
		for _, p := range parts {
			appendBits(out, at, Bits(p), 0, p.Len())
			at += p.Len()
		}
		return FromBits(out, n, v), nil
	case Int8, Uint8:
		return concatFixed[uint8](dt, parts, n, v), nil
	case Int16, Uint16:
		return concatFixed[uint16](dt, parts, n, v), nil
	case Int32, Uint32, Float32:
		return concatFixed[uint32](dt, parts, n, v), nil
	case Int64, Uint64, Float64:
		return concatFixed[uint64](dt, parts, n, v), nil
	case Decimal:
		return concatFixed[decimal128.Num](dt, parts, n, v), nil
	case Interval:
		return concatFixed[arrow.MonthDayNanoInterval](dt, parts, n, v), nil
	case String:
		return concatStrings(dt, parts, n, v)
	case List:
		return concatLists(dt, parts, n, v)
	default:
		fields := make([]arrow.Array, dt.(*arrow.StructType).NumFields())
		for f := range fields {
			columns := make([]arrow.Array, len(parts))
			for i, p := range parts {
				columns[i] = StructField(p, f)
			}
			var err error
			if fields[f], err = Concat(columns); err != nil {
				return nil, err
			}
		}
		return FromFields(dt, n, fields, v), nil
	}
}

func concatValidity(parts []arrow.Array, n int) Validity {
	all := make([]Validity, len(parts))
	any := false
	for i, p := range parts {
		all[i] = ValidityOf(p)
		any = any || all[i].Bits != nil
	}
	if !any {
		return Validity{}
	}
	out, at, nulls := NewBitmap(n), 0, 0
	for i, p := range parts {
		if all[i].Bits == nil {
			setBits(out, at, p.Len())
		} else {
			appendBits(out, at, all[i].Bits, 0, p.Len())
			nulls += all[i].Nulls
		}
		at += p.Len()
	}
	return Validity{Bits: out, Nulls: nulls}
}

func concatFixed[T Fixed](dt arrow.DataType, parts []arrow.Array, n int, v Validity) arrow.Array {
	out := make([]T, 0, n)
	for _, p := range parts {
		out = append(out, Values[T](p)...)
	}
	return FromValues(dt, out, v)
}

func concatStrings(dt arrow.DataType, parts []arrow.Array, n int, v Validity) (arrow.Array, error) {
	size := 0
	for _, p := range parts {
		off, _ := stringParts(p.Data())
		size += int(off[len(off)-1] - off[0])
	}
	if size > maxStringBytes {
		if dt.ID() != arrow.STRING {
			return nil, ErrTooLong
		}
		return concatDicts(parts, n)
	}
	offsets := append(make([]int32, 0, n+1), 0)
	data := make([]byte, 0, size)
	for _, p := range parts {
		off, src := stringParts(p.Data())
		shift := int32(len(data)) - off[0]
		for _, o := range off[1:] {
			offsets = append(offsets, o+shift)
		}
		data = append(data, src[off[0]:off[len(off)-1]]...)
	}
	return FromOffsets(dt, offsets, data, v), nil
}

func concatLists(dt arrow.DataType, parts []arrow.Array, n int, v Validity) (arrow.Array, error) {
	offsets := append(make([]int32, 0, n+1), 0)
	values := make([]arrow.Array, len(parts))
	for i, p := range parts {
		off, inner := ListParts(p)
		last := off[len(off)-1]
		shift := offsets[len(offsets)-1] - off[0]
		for _, o := range off[1:] {
			offsets = append(offsets, o+shift)
		}
		values[i] = Slice(inner, int(off[0]), int(last))
	}
	inner, err := Concat(values)
	if err != nil {
		return nil, err
	}
	return FromLists(dt, offsets, inner, v), nil
}

// concatDicts appends strings of either form under one dictionary. Dictionaries of one
// growing column need no look at their values: the longest holds all.
func concatDicts(parts []arrow.Array, n int) (arrow.Array, error) {
	if dict := growingDict(parts); dict != nil {
		codes := make([]int32, 0, n)
		for _, p := range parts {
			codes = append(codes, Values[int32](p)...)
		}
		return FromCodes(codes, concatValidity(parts, n), array.MakeFromData(dict)), nil
	}
	d := NewDictBuilder()
	codes := make([]int32, 0, n)
	for _, p := range parts {
		v := ValidityOf(p)
		if KindOf(p.DataType()) == Null {
			codes = append(codes, make([]int32, p.Len())...)
			continue
		}
		s := StringsOf(p)
		if perValue(p, p.Len()) {
			codes = appendRecoded(codes, d, p, v)
			continue
		}
		for i := range p.Len() {
			var c int32
			if v.Valid(i) {
				c = d.Code(s.At(i))
			}
			codes = append(codes, c)
		}
	}
	if d.strings.long {
		return nil, ErrTooLong
	}
	return FromCodes(codes, concatValidity(parts, n), d.Values()), nil
}

func appendRecoded(codes []int32, d *DictBuilder, p arrow.Array, v Validity) []int32 {
	own, dict := Codes(p)
	values := StringsOf(dict)
	remap := make([]int32, dict.Len())
	for i := range remap {
		remap[i] = d.Code(values.At(i))
	}
	for i, c := range own {
		if !v.Valid(i) {
			codes = append(codes, 0)
			continue
		}
		codes = append(codes, remap[c])
	}
	return codes
}

// growingDict returns the dictionary that has all others as its prefixes, or nil.
func growingDict(parts []arrow.Array) arrow.ArrayData {
	var longest arrow.ArrayData
	for _, p := range parts {
		if p.DataType().ID() != arrow.DICTIONARY {
			return nil
		}
		d := p.Data().Dictionary()
		switch {
		case longest == nil:
			longest = d
		case d != longest && !sharePrefix(d, longest):
			return nil
		case d.Len() > longest.Len():
			longest = d
		}
	}
	return longest
}
