package functions

import (
	"strings"

	"github.com/apache/arrow/go/v17/arrow"
)

// noCast is the cost of a cast that is not made implicitly.
const noCast = -1

// targetCost is how dear an implicit cast to a type is; the figures are DuckDB's, which
// decide the overload of a call.
func targetCost(to arrow.DataType) int {
	switch to.ID() {
	case arrow.INT64:
		return 101
	case arrow.INT32:
		return 102
	case arrow.DECIMAL128:
		if isHuge(to) {
			return 103
		}
		return 105
	case arrow.FLOAT64:
		return 104
	case arrow.TIMESTAMP:
		return 120
	case arrow.STRING, arrow.DICTIONARY:
		return 149
	case arrow.LIST, arrow.MAP, arrow.STRUCT:
		return 160
	}
	return 110
}

// castCost returns what the implicit cast costs, 0 for none, or noCast.
func castCost(from, to arrow.DataType) int {
	switch {
	case Same(from, to):
		return 0
	case IsJSON(from) && isString(to):
		return 1
	case IsJSON(to) && from.ID() != arrow.NULL:
		return noCast
	case isZoned(from) && Same(to, Timestamp):
		return targetCost(to)
	case from.ID() == arrow.NULL, isString(to), widens(from, to):
		return targetCost(to)
	}
	fl, ok1 := from.(*arrow.ListType)
	tl, ok2 := to.(*arrow.ListType)
	if ok1 && ok2 {
		return castCost(fl.Elem(), tl.Elem())
	}
	if allParts(from, to, func(f, t arrow.DataType) bool { return castCost(f, t) != noCast }) {
		return targetCost(to)
	}
	return noCast
}

// allParts reports whether two types are both maps, or structs with the same fields, and f
// holds for the types of their keys and values, or of each two fields.
func allParts(a, b arrow.DataType, f func(a, b arrow.DataType) bool) bool {
	if a.ID() != arrow.MAP || b.ID() != arrow.MAP {
		return allFields(a, b, f)
	}
	ak, av := mapParts(a)
	bk, bv := mapParts(b)
	return f(ak, bk) && f(av, bv)
}

// allFields reports whether two types are structs of as many fields, and f holds for each
// two fields in the same place. Names need not agree where one is empty.
func allFields(a, b arrow.DataType, f func(a, b arrow.DataType) bool) bool {
	sa, ok1 := a.(*arrow.StructType)
	sb, ok2 := b.(*arrow.StructType)
	if !ok1 || !ok2 || sa.NumFields() != sb.NumFields() {
		return false
	}
	for i, fa := range sa.Fields() {
		fb := sb.Field(i)
		if !strings.EqualFold(fa.Name, fb.Name) && fa.Name != "" && fb.Name != "" || !f(fa.Type, fb.Type) {
			return false
		}
	}
	return true
}

// commonStruct is the struct whose fields have the common types of the fields of two.
func commonStruct(a, b arrow.DataType, common func(a, b arrow.DataType) (arrow.DataType, bool)) (arrow.DataType, bool) {
	var fields []arrow.DataType
	ok := allFields(a, b, func(a, b arrow.DataType) bool {
		dt, ok := common(a, b)
		fields = append(fields, dt)
		return ok
	})
	if !ok {
		return nil, false
	}
	names := FieldNames(a)
	for i, name := range FieldNames(b) {
		if names[i] == "" {
			names[i] = name
		}
	}
	dt, err := StructOf(names, fields)
	return dt, err == nil
}

// widens reports whether every value of one type has its like in the other, or nearly
// so where floating point is the target.
func widens(from, to arrow.DataType) bool {
	switch to.ID() {
	case arrow.FLOAT64:
		return isNumber(from)
	case arrow.FLOAT32:
		return isNumber(from) && from.ID() != arrow.FLOAT64
	case arrow.DECIMAL128:
		if !isWhole(from) && from.ID() != arrow.DECIMAL128 {
			return false
		}
		p, s := decimalShape(from)
		tp, ts := decimalShape(to)
		return isHuge(to) && isWhole(from) || tp-ts >= p-s && ts >= s
	case arrow.TIMESTAMP:
		return from.ID() == arrow.DATE32 || isZoned(to) && Same(from, Timestamp)
	case arrow.INTERVAL_MONTH_DAY_NANO:
		return from.ID() == arrow.DURATION
	}
	fb, fs, ok1 := integerShape(from)
	tb, ts, ok2 := integerShape(to)
	if !ok1 || !ok2 {
		return false
	}
	return tb > fb && (ts || !fs)
}

// integerShape returns the bits of an integer type and whether it has a sign.
func integerShape(dt arrow.DataType) (bits int, signed, ok bool) {
	switch dt.ID() {
	case arrow.INT8:
		return 8, true, true
	case arrow.INT16:
		return 16, true, true
	case arrow.INT32:
		return 32, true, true
	case arrow.INT64:
		return 64, true, true
	case arrow.UINT8:
		return 8, false, true
	case arrow.UINT16:
		return 16, false, true
	case arrow.UINT32:
		return 32, false, true
	case arrow.UINT64:
		return 64, false, true
	}
	return 0, false, false
}

// decimalShape returns the width and scale of a DECIMAL, or of the DECIMAL that holds
// every value of an integer type.
func decimalShape(dt arrow.DataType) (precision, scale int) {
	if d, ok := dt.(*arrow.Decimal128Type); ok {
		return int(d.Precision), int(d.Scale)
	}
	bits, _, _ := integerShape(dt)
	switch bits {
	case 8:
		return 3, 0
	case 16:
		return 5, 0
	case 32:
		return 10, 0
	}
	if dt.ID() == arrow.UINT64 {
		return 20, 0
	}
	return 19, 0
}

func isHuge(dt arrow.DataType) bool {
	d, ok := dt.(*arrow.Decimal128Type)
	return ok && d.Precision == maxPrecision && d.Scale == 0
}

// isWhole reports whether a type is an integer type, HUGEINT included.
func isWhole(dt arrow.DataType) bool {
	_, _, ok := integerShape(dt)
	return ok || isHuge(dt)
}

func isFloat(dt arrow.DataType) bool {
	return dt.ID() == arrow.FLOAT64 || dt.ID() == arrow.FLOAT32
}

func isNumber(dt arrow.DataType) bool {
	return isWhole(dt) || isFloat(dt) || dt.ID() == arrow.DECIMAL128
}

// CanCastImplicitly reports whether values of one type become another without a CAST.
func CanCastImplicitly(from, to arrow.DataType) bool { return castCost(from, to) != noCast }

// CommonType returns the type that values of two types share in CASE, COALESCE, UNION
// and the like. With VARCHAR everything has VARCHAR in common; use [ComparisonType]
// for operators that compare. A BOOLEAN beside a whole number is 0 or 1.
func CommonType(a, b arrow.DataType) (arrow.DataType, bool) {
	switch {
	case Same(a, b):
		if a.ID() == arrow.DICTIONARY {
			return Varchar, true
		}
		return a, true
	case a.ID() == arrow.NULL:
		return b, true
	case b.ID() == arrow.NULL:
		return a, true
	case isString(a) && isString(b): // and one of them JSON
		return JSON, true
	case isString(a) || isString(b):
		return Varchar, true
	case isNumber(a) && isNumber(b):
		return commonNumber(a, b), true
	case a.ID() == arrow.BOOL && isWhole(b):
		return b, true
	case b.ID() == arrow.BOOL && isWhole(a):
		return a, true
	case widens(a, b):
		return b, true
	case widens(b, a):
		return a, true
	}
	la, ok1 := a.(*arrow.ListType)
	lb, ok2 := b.(*arrow.ListType)
	if ok1 && ok2 {
		if elem, ok := CommonType(la.Elem(), lb.Elem()); ok {
			return arrow.ListOf(elem), true
		}
	}
	if a.ID() == arrow.MAP && b.ID() == arrow.MAP {
		return commonMap(a, b)
	}
	return commonStruct(a, b, CommonType)
}

func commonMap(a, b arrow.DataType) (arrow.DataType, bool) {
	ak, av := mapParts(a)
	bk, bv := mapParts(b)
	key, ok1 := CommonType(ak, bk)
	item, ok2 := CommonType(av, bv)
	if !ok1 || !ok2 {
		return nil, false
	}
	return MapOf(key, item), true
}

// isNested reports whether values of a type consist of others.
func isNested(dt arrow.DataType) bool {
	return dt.ID() == arrow.LIST || dt.ID() == arrow.STRUCT || dt.ID() == arrow.MAP
}

// ComparisonType returns the type in which values of two types are compared: text
// against anything else is read as that other type, and a BOOLEAN against a number is
// 0 or 1.
func ComparisonType(a, b arrow.DataType) (arrow.DataType, bool) {
	if isString(a) != isString(b) {
		other := a
		if isString(a) {
			other = b
		}
		switch {
		case other.ID() == arrow.NULL:
			return Varchar, true
		case other.ID() == arrow.BINARY, isNested(other):
			return CommonType(a, b)
		}
		return other, true
	}
	if a.ID() == arrow.TIMESTAMP && b.ID() == arrow.TIMESTAMP {
		return Timestamp, true // they are points of time, with a zone or without
	}
	if a.ID() == arrow.BOOL && isNumber(b) {
		return b, true
	}
	if b.ID() == arrow.BOOL && isNumber(a) {
		return a, true
	}
	return CommonType(a, b)
}

func commonNumber(a, b arrow.DataType) arrow.DataType {
	switch {
	case a.ID() == arrow.FLOAT64 || b.ID() == arrow.FLOAT64:
		return Double
	case isFloat(a) || isFloat(b):
		return Float
	case isHuge(a) && isWhole(b) || isHuge(b) && isWhole(a):
		return HugeInt
	case a.ID() == arrow.DECIMAL128 || b.ID() == arrow.DECIMAL128:
		ap, as := decimalShape(a)
		bp, bs := decimalShape(b)
		scale := max(as, bs)
		return decimalOf(min(maxPrecision, max(ap-as, bp-bs)+scale), scale)
	}
	ab, aSigned, _ := integerShape(a)
	bb, bSigned, _ := integerShape(b)
	if aSigned == bSigned {
		if ab >= bb {
			return a
		}
		return b
	}
	signed, unsigned := ab, bb
	if bSigned {
		signed, unsigned = bb, ab
	}
	switch max(signed, 2*unsigned) {
	case 16:
		return SmallInt
	case 32:
		return Integer
	case 64:
		return BigInt
	}
	return HugeInt
}

// CanCast reports whether CAST is possible between two types, though perhaps not for
// every value.
func CanCast(from, to arrow.DataType) bool {
	switch {
	case CanCastImplicitly(from, to), IsJSON(from), IsJSON(to):
		return true
	case isString(from):
		return !isNested(to) || to.ID() == arrow.LIST && CanCast(from, to.(*arrow.ListType).Elem())
	case isNumber(from) || from.ID() == arrow.BOOL:
		return isNumber(to) || to.ID() == arrow.BOOL
	case from.ID() == arrow.TIMESTAMP:
		return to.ID() == arrow.DATE32 || to.ID() == arrow.TIME64
	case from.ID() == arrow.INTERVAL_MONTH_DAY_NANO:
		return to.ID() == arrow.DURATION
	}
	fl, ok1 := from.(*arrow.ListType)
	tl, ok2 := to.(*arrow.ListType)
	return ok1 && ok2 && CanCast(fl.Elem(), tl.Elem()) || allParts(from, to, CanCast)
}
