package kernel

import (
	"github.com/apache/arrow/go/v17/arrow"
	"github.com/apache/arrow/go/v17/arrow/decimal128"
)

// Choose returns for row i the value of row i of sources[which[i]]; the sources have one
// SQL type. A negative number gives NULL.
func Choose(dt arrow.DataType, sources []Vec, which []int8) (arrow.Array, error) {
	n := len(which)
	valid := NewBitmap(n)
	validity := make([]Validity, len(sources))
	for s, v := range sources {
		if KindOf(v.DataType()) == Null {
			v = Const(Nulls(dt, 1))
			sources = append([]Vec{}, sources...)
			sources[s] = v
		}
		validity[s] = RowValidity(v, n)
	}
	for i, s := range which {
		if s >= 0 && validity[s].Valid(i) {
			valid.Set(i)
		}
	}
	v := NewValidity(valid, n)
	switch KindOf(dt) {
	case Null:
		return Nulls(dt, n), nil
	case Bool:
		out := NewBitmap(n)
		for i, s := range which {
			if s >= 0 && Bitmap(Bits(sources[s].Array)).Get(sources[s].Row(i)) {
				out.Set(i)
			}
		}
		return FromBits(out, n, v), nil
	case Int8, Uint8:
		return chooseFixed[uint8](dt, sources, which, v), nil
	case Int16, Uint16:
		return chooseFixed[uint16](dt, sources, which, v), nil
	case Int32, Uint32, Float32:
		return chooseFixed[uint32](dt, sources, which, v), nil
	case Int64, Uint64, Float64:
		return chooseFixed[uint64](dt, sources, which, v), nil
	case Decimal:
		return chooseFixed[decimal128.Num](dt, sources, which, v), nil
	case Interval:
		return chooseFixed[arrow.MonthDayNanoInterval](dt, sources, which, v), nil
	}
	return chooseRows(sources, which)
}

func chooseFixed[T Fixed](dt arrow.DataType, sources []Vec, which []int8, v Validity) arrow.Array {
	values, masks := make([][]T, len(sources)), make([]int, len(sources))
	for s, v := range sources {
		values[s], masks[s] = Values[T](v.Array), rowMask(v)
	}
	out := make([]T, len(which))
	for i, s := range which {
		if s >= 0 {
			out[i] = values[s][i&masks[s]]
		}
	}
	return FromValues(dt, out, v)
}

// chooseRows takes from all sources put one behind the other.
func chooseRows(sources []Vec, which []int8) (arrow.Array, error) {
	parts, starts, at := make([]arrow.Array, len(sources)), make([]int, len(sources)), 0
	for s, v := range sources {
		parts[s], starts[s] = v.Array, at
		at += v.Len()
	}
	all, err := Concat(parts)
	if err != nil {
		return nil, err
	}
	rows := make([]int32, len(which))
	for i, s := range which {
		rows[i] = -1
		if s >= 0 {
			rows[i] = int32(starts[s] + sources[s].Row(i))
		}
	}
	return TakeNullable(all, rows), nil
}
