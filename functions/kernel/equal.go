package kernel

import (
	"github.com/apache/arrow/go/v17/arrow"
	"github.com/apache/arrow/go/v17/arrow/decimal128"
)

// EqualRows clears eq[r] where row ai[r] of a differs from row bi[r] of b, in the sense
// of GROUP BY: NULL equals NULL, NaN equals NaN. Strings of either form may be mixed.
func EqualRows(a arrow.Array, ai []int32, b arrow.Array, bi []int32, eq []bool) {
	av, bv := ValidityOf(a), ValidityOf(b)
	if av.Bits != nil || bv.Bits != nil {
		equalRowsNullable(a, ai, b, bi, eq, av, bv)
		return
	}
	switch KindOf(a.DataType()) {
	case Null:
	case Int8, Uint8:
		equalRows[uint8](a, ai, b, bi, eq)
	case Int16, Uint16:
		equalRows[uint16](a, ai, b, bi, eq)
	case Int32, Uint32:
		equalRows[uint32](a, ai, b, bi, eq)
	case Int64, Uint64:
		equalRows[uint64](a, ai, b, bi, eq)
	case Decimal:
		equalRows[decimal128.Num](a, ai, b, bi, eq)
	case String, Dict:
		equalStrings(a, ai, b, bi, eq)
	default:
		cmp := Comparer(a, b)
		for r := range eq {
			eq[r] = eq[r] && cmp(int(ai[r]), int(bi[r])) == 0
		}
	}
}

func equalRows[T Fixed](a arrow.Array, ai []int32, b arrow.Array, bi []int32, eq []bool) {
	x, y := Values[T](a), Values[T](b)
	ai, bi = ai[:len(eq)], bi[:len(eq)]
	for r := range eq {
		eq[r] = eq[r] && x[ai[r]] == y[bi[r]]
	}
}

func equalStrings(a arrow.Array, ai []int32, b arrow.Array, bi []int32, eq []bool) {
	if a.DataType().ID() == arrow.DICTIONARY && b.DataType().ID() == arrow.DICTIONARY &&
		sharePrefix(a.Data().Dictionary(), b.Data().Dictionary()) {
		equalRows[int32](a, ai, b, bi, eq)
		return
	}
	x, y := StringsOf(a), StringsOf(b)
	for r := range eq {
		eq[r] = eq[r] && x.At(int(ai[r])) == y.At(int(bi[r]))
	}
}

func equalRowsNullable(a arrow.Array, ai []int32, b arrow.Array, bi []int32, eq []bool, av, bv Validity) {
	cmp := Comparer(a, b)
	for r := range eq {
		if !eq[r] {
			continue
		}
		i, j := int(ai[r]), int(bi[r])
		p, q := av.Valid(i), bv.Valid(j)
		eq[r] = p == q && (!p || cmp(i, j) == 0)
	}
}
