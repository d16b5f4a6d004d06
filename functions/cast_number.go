package functions

import (
	"fmt"
	"math"

	"github.com/apache/arrow/go/v17/arrow"
	"github.com/apache/arrow/go/v17/arrow/decimal128"

	"tq/functions/kernel"
)

// number converts numbers and BOOLEAN to numbers and BOOLEAN. It goes by way of the
// widest type of the source's sort, so that there is a loop for each type and not for
// each pair.
func (c *caster) number(a arrow.Array) (arrow.Array, error) {
	if whole := a.DataType(); whole.ID() == arrow.UINT64 {
		return narrowWhole(c, kernel.Values[uint64](a))
	}
	switch kernel.KindOf(a.DataType()) {
	case kernel.Bool:
		return narrowWhole(c, boolInts(a))
	case kernel.Float32, kernel.Float64:
		return c.fromFloats(kernel.Float64s(a))
	case kernel.Decimal:
		return c.fromDecimals(kernel.Values[decimal128.Num](a))
	}
	return narrowWhole(c, kernel.Int64s(a))
}

func boolInts(a arrow.Array) []int64 {
	bitmap, out := kernel.Bitmap(kernel.Bits(a)), make([]int64, a.Len())
	for i := range out {
		if bitmap.Get(i) {
			out[i] = 1
		}
	}
	return out
}

func narrowWhole[F int64 | uint64](c *caster, src []F) (arrow.Array, error) {
	switch kernel.KindOf(c.to) {
	case kernel.Bool:
		out := make([]bool, len(src))
		for i, x := range src {
			out[i] = x != 0
		}
		return kernel.FromBools(out, c.result()), nil
	case kernel.Int8:
		return narrow[F, int8](c, src)
	case kernel.Int16:
		return narrow[F, int16](c, src)
	case kernel.Int32:
		return narrow[F, int32](c, src)
	case kernel.Int64:
		return narrow[F, int64](c, src)
	case kernel.Uint8:
		return narrow[F, uint8](c, src)
	case kernel.Uint16:
		return narrow[F, uint16](c, src)
	case kernel.Uint32:
		return narrow[F, uint32](c, src)
	case kernel.Uint64:
		return narrow[F, uint64](c, src)
	case kernel.Float32:
		return toFloats[F, float32](c, src), nil
	case kernel.Float64:
		return toFloats[F, float64](c, src), nil
	}
	out := make([]decimal128.Num, len(src))
	for i, x := range src {
		out[i] = decimal128.New(0, uint64(x))
		if x < 0 {
			out[i] = decimal128.FromI64(int64(x))
		}
	}
	_, scale := decimalShape(c.to)
	if scale == 0 && isHuge(c.to) {
		return kernel.FromValues(c.to, out, c.result()), nil
	}
	return c.rescale(out, 0)
}

// narrow converts whole numbers and fails on those that do not fit.
func narrow[F int64 | uint64, T kernel.Integer](c *caster, src []F) (arrow.Array, error) {
	out := make([]T, len(src))
	for i, x := range src {
		y := T(x)
		out[i] = y
		if (F(y) != x || (y < 0) != (x < 0)) && c.valid.Valid(i) {
			if err := c.fail(i, x, nil); err != nil {
				return nil, err
			}
		}
	}
	return kernel.FromValues(c.to, out, c.result()), nil
}

func toFloats[F kernel.Number, T kernel.Float](c *caster, src []F) arrow.Array {
	out := make([]T, len(src))
	for i, x := range src {
		out[i] = T(x)
	}
	return kernel.FromValues(c.to, out, c.result())
}

// fromFloats rounds to the nearest whole number, halves to the even one.
func (c *caster) fromFloats(src []float64) (arrow.Array, error) {
	switch kernel.KindOf(c.to) {
	case kernel.Bool:
		out := make([]bool, len(src))
		for i, x := range src {
			out[i] = x != 0
		}
		return kernel.FromBools(out, c.result()), nil
	case kernel.Float32:
		return c.toFloat32(src)
	case kernel.Float64:
		return kernel.FromValues(c.to, append([]float64{}, src...), c.result()), nil
	case kernel.Decimal:
		return c.floatsToDecimals(src)
	case kernel.Uint64:
		out := make([]uint64, len(src))
		for i, x := range src {
			r := math.RoundToEven(x)
			if !(r >= 0 && r < 1<<64) {
				if err := c.failFloat(i, x); err != nil {
					return nil, err
				}
				continue
			}
			out[i] = uint64(r)
		}
		return kernel.FromValues(c.to, out, c.result()), nil
	}
	whole := make([]int64, len(src))
	for i, x := range src {
		r := math.RoundToEven(x)
		if !(r >= math.MinInt64 && r < math.MaxInt64) {
			if err := c.failFloat(i, x); err != nil {
				return nil, err
			}
			continue
		}
		whole[i] = int64(r)
	}
	return narrowWhole(c, whole)
}

func (c *caster) toFloat32(src []float64) (arrow.Array, error) {
	out := make([]float32, len(src))
	for i, x := range src {
		out[i] = float32(x)
		if math.IsInf(float64(out[i]), 0) && !math.IsInf(x, 0) {
			if err := c.failFloat(i, x); err != nil {
				return nil, err
			}
		}
	}
	return kernel.FromValues(c.to, out, c.result()), nil
}

// floatsToDecimals rounds to the nearest decimal, halves away from zero; but a HUGEINT
// is rounded as other whole numbers are.
func (c *caster) floatsToDecimals(src []float64) (arrow.Array, error) {
	precision, scale := decimalShape(c.to)
	round := math.Round
	if isHuge(c.to) {
		round = math.RoundToEven
	}
	out := make([]decimal128.Num, len(src))
	for i, x := range src {
		d, err := decimal128.FromFloat64(round(x*math.Pow10(scale)), int32(precision), 0)
		if err != nil || x != x {
			if err := c.failFloat(i, x); err != nil {
				return nil, err
			}
		}
		out[i] = d
	}
	return kernel.FromValues(c.to, out, c.result()), nil
}

func (c *caster) failFloat(i int, x float64) error {
	if !c.valid.Valid(i) {
		return nil
	}
	return c.fail(i, string(AppendFloat(nil, x, 64)), fmt.Errorf("%s is out of range for %s", AppendFloat(nil, x, 64), TypeName(c.to)))
}

func (c *caster) fromDecimals(src []decimal128.Num) (arrow.Array, error) {
	_, scale := decimalShape(c.from)
	switch kernel.KindOf(c.to) {
	case kernel.Bool:
		out := make([]bool, len(src))
		for i, x := range src {
			out[i] = x != decimal128.Num{}
		}
		return kernel.FromBools(out, c.result()), nil
	case kernel.Float32:
		out := make([]float32, len(src))
		for i, x := range src {
			out[i] = float32(kernel.DecimalFloat(x, scale))
		}
		return kernel.FromValues(c.to, out, c.result()), nil
	case kernel.Float64:
		out := make([]float64, len(src))
		for i, x := range src {
			out[i] = kernel.DecimalFloat(x, scale)
		}
		return kernel.FromValues(c.to, out, c.result()), nil
	case kernel.Decimal:
		return c.rescale(src, scale)
	case kernel.Uint64:
		out := make([]uint64, len(src))
		for i, x := range src {
			whole := kernel.RoundDecimal(x, scale)
			if whole.HighBits() != 0 && c.valid.Valid(i) {
				if err := c.failDecimal(i, x); err != nil {
					return nil, err
				}
			}
			out[i] = whole.LowBits()
		}
		return kernel.FromValues(c.to, out, c.result()), nil
	}
	whole := make([]int64, len(src))
	for i, x := range src {
		r := kernel.RoundDecimal(x, scale)
		whole[i] = int64(r.LowBits())
		if decimal128.FromI64(whole[i]) != r && c.valid.Valid(i) {
			if err := c.failDecimal(i, x); err != nil {
				return nil, err
			}
		}
	}
	return narrowWhole(c, whole)
}

func (c *caster) failDecimal(i int, x decimal128.Num) error {
	_, scale := decimalShape(c.from)
	text := string(kernel.AppendDecimal(nil, x, scale))
	return c.fail(i, text, fmt.Errorf("%s is out of range for %s", text, TypeName(c.to)))
}

// rescale turns decimals of one scale into the target's, rounding halves away from
// zero.
func (c *caster) rescale(src []decimal128.Num, scale int) (arrow.Array, error) {
	precision, to := decimalShape(c.to)
	out := make([]decimal128.Num, len(src))
	for i, x := range src {
		y, ok := kernel.RescaleDecimal(x, scale, to, precision)
		if !ok && c.valid.Valid(i) {
			text := string(kernel.AppendDecimal(nil, x, scale))
			if err := c.fail(i, text, fmt.Errorf("%s is out of range for %s", text, TypeName(c.to))); err != nil {
				return nil, err
			}
		}
		out[i] = y
	}
	return kernel.FromValues(c.to, out, c.result()), nil
}
