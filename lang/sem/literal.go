package sem

import (
	"encoding/hex"
	"errors"
	"math"
	"math/big"
	"strconv"
	"strings"

	"github.com/apache/arrow/go/v17/arrow"
	"github.com/apache/arrow/go/v17/arrow/decimal128"

	"tq/functions"
	"tq/functions/kernel"
	"tq/lang/ast"
	"tq/lang/source"
)

// literal binds a constant as written.
func (b *exprBinder) literal(e *ast.Literal) Expr {
	switch e.Kind {
	case ast.Null:
		return nullConst(e.Span())
	case ast.True, ast.False:
		return boolConst(e.Kind == ast.True, e.Span())
	case ast.Number:
		return b.number(e.Text, e.Span())
	case ast.String:
		return stringConst(e.Text, e.Span())
	case ast.Blob:
		return b.blob(e)
	case ast.Duration:
		return b.fromText(e.Text, functions.Duration, e.Span())
	case ast.TimePoint:
		return b.timePoint(e)
	case ast.Typed:
		if typ := b.typeName(e.Type); typ != nil {
			return b.asWritten(stringConst(e.Text, e.Span()), typ)
		}
	}
	return nil
}

// fromText reads a constant of a type from text, as a cast would.
func (b *binder) fromText(text string, typ arrow.DataType, at source.Span) Expr {
	return b.convert(stringConst(text, at), typ)
}

// number is a number as written: the narrowest of INTEGER, BIGINT and HUGEINT that
// holds it without its sign; with a point a DECIMAL as wide as its digits; with an
// exponent a DOUBLE.
func (b *binder) number(text string, at source.Span) Expr {
	digits, base := strings.ToLower(strings.TrimPrefix(text, "-")), 10
	if rest, ok := strings.CutPrefix(digits, "0x"); ok {
		digits, base = rest, 16
	} else if rest, ok := strings.CutPrefix(digits, "0b"); ok {
		digits, base = rest, 2
	} else if strings.Contains(digits, "e") {
		return b.double(text, at)
	}
	whole, fraction, point := strings.Cut(digits, ".")
	v, ok := new(big.Int).SetString(whole+fraction, base)
	if !ok {
		b.fail(at, "%s is not a number", text)
		return nil
	}
	if strings.HasPrefix(text, "-") {
		v.Neg(v)
	}
	if point {
		return b.decimal(v, text, len(whole)+len(fraction), len(fraction), at)
	}
	switch {
	case v.IsInt64() && v.Int64() >= -math.MaxInt32 && v.Int64() <= math.MaxInt32:
		return &Const{Typed: Typed{functions.Integer, at}, Value: kernel.OfInt32(int32(v.Int64())), Literal: true}
	case v.IsInt64():
		return &Const{Typed: Typed{functions.BigInt, at}, Value: kernel.OfInt64(v.Int64()), Literal: true}
	}
	return b.decimal(v, text, len(digits), 0, at)
}

// maxDecimal is the most digits a DECIMAL can have.
const maxDecimal = 38

// decimal is a number of so many digits, of which scale stand behind the point; one
// that is too long is a DOUBLE.
func (b *binder) decimal(v *big.Int, text string, width, scale int, at source.Span) Expr {
	if width > maxDecimal {
		return b.double(text, at)
	}
	typ := functions.HugeInt
	if scale > 0 || strings.Contains(text, ".") {
		typ = &arrow.Decimal128Type{Precision: int32(max(width, 1)), Scale: int32(scale)}
	}
	n := []decimal128.Num{decimal128.FromBigInt(v)}
	return &Const{Typed: Typed{typ, at}, Value: kernel.FromValues(typ, n, kernel.Validity{})}
}

func (b *binder) double(text string, at source.Span) Expr {
	v, err := strconv.ParseFloat(text, 64)
	if err != nil && !errors.Is(err, strconv.ErrRange) { // out of range is infinite, or zero
		b.fail(at, "%s is not a number", text)
		return nil
	}
	return &Const{Typed: Typed{functions.Double, at}, Value: kernel.OfFloat64(v)}
}

func (b *binder) blob(e *ast.Literal) Expr {
	data, err := hex.DecodeString(e.Text)
	if err != nil {
		b.fail(e.Span(), "%q is not an even number of hexadecimal digits", e.Text)
		return nil
	}
	value := kernel.FromOffsets(functions.Blob, []int32{0, int32(len(data))}, data, kernel.Validity{})
	return &Const{Typed: Typed{functions.Blob, e.Span()}, Value: value}
}

// typeName resolves a type as written; nil if it isn't one, which has been reported.
func (b *binder) typeName(t *ast.TypeName) arrow.DataType {
	var typ arrow.DataType
	var err error
	if len(t.Parts) > 0 {
		typ, err = b.nestedType(t)
	} else {
		typ, err = functions.ParseType(t.Name, t.Args)
	}
	if err != nil {
		b.fail(t.Span(), "%s", err.Error())
	}
	if typ == nil || err != nil {
		return nil
	}
	for range t.List {
		typ = arrow.ListOf(typ)
	}
	return typ
}

// nestedType resolves a MAP or STRUCT; nil if one of its parts is no type, which has been
// reported.
func (b *binder) nestedType(t *ast.TypeName) (arrow.DataType, error) {
	var names []string
	var parts []arrow.DataType
	for _, p := range t.Parts {
		typ := b.typeName(p.Type)
		if typ == nil {
			return nil, nil
		}
		names, parts = append(names, p.Name.Name), append(parts, typ)
	}
	if t.Name == "STRUCT" {
		return functions.StructOf(names, parts)
	}
	if len(parts) != 2 {
		return nil, errors.New("MAP has two types as parameters, those of its keys and values, as in MAP(VARCHAR, INTEGER)")
	}
	return functions.MapOf(parts[0], parts[1]), nil
}
