package functions

import (
	"github.com/apache/arrow/go/v17/arrow"
	"github.com/apache/arrow/go/v17/arrow/array"
	"github.com/apache/arrow/go/v17/arrow/decimal128"

	"tq/functions/kernel"
)

var bitAggregates = []Def{
	bitsDef("bit_and", "The bits that are set in all values that are not NULL.", "2", bitAnd),
	bitsDef("bit_or", "The bits that are set in any value.", "7", bitOr),
	bitsDef("bit_xor", "The bits that are set in an odd number of values.", "5", bitXor),
}

func bitsDef(name, doc, result string, op bitOp) Def {
	return Def{
		Name: name, Kind: Aggregate, Family: aggregates, Nulls: SeesNulls, Doc: doc,
		Example: name + "(x) FROM (VALUES (3), (6)) t(x)", Result: result,
		Overloads: []Overload{
			bitsSig(op, combineBits[int8], TinyInt), bitsSig(op, combineBits[int16], SmallInt),
			bitsSig(op, combineBits[int32], Integer), bitsSig(op, combineBits[int64], BigInt),
			bitsSig(op, combineBits[uint8], UTinyInt), bitsSig(op, combineBits[uint16], USmallInt),
			bitsSig(op, combineBits[uint32], UInteger), bitsSig(op, combineBits[uint64], UBigInt),
			bitsSig(op, combineHuge, HugeInt),
		},
	}
}

func bitsSig[T kernel.Fixed](op bitOp, combine func(bitOp, T, T) T, dt arrow.DataType) Overload {
	return Overload{Args: types(dt), Ret: dt, Accumulate: func(*Call) Accumulator {
		return &combined[T]{dt: dt, op: op, combine: combine}
	}}
}

func combineBits[T kernel.Integer](op bitOp, x, y T) T {
	switch op {
	case bitAnd:
		return x & y
	case bitOr:
		return x | y
	}
	return x ^ y
}

// combineHuge combines both halves of HUGEINTs.
func combineHuge(op bitOp, x, y decimal128.Num) decimal128.Num {
	return decimal128.New(combineBits(op, x.HighBits(), y.HighBits()), combineBits(op, x.LowBits(), y.LowBits()))
}

// combined joins the bits of whole numbers.
type combined[T kernel.Fixed] struct {
	states[extreme[T]]
	dt      arrow.DataType
	op      bitOp
	combine func(op bitOp, x, y T) T
}

func (c *combined[T]) take(g uint32, x T) {
	if s := &c.all[g]; s.seen {
		s.value = c.combine(c.op, s.value, x)
	} else {
		s.value, s.seen = x, true
	}
}

func (c *combined[T]) Update(groups []uint32, args []kernel.Vec, n int) error {
	a := kernel.Full(args[0], n)
	values, valid := kernel.Values[T](a), kernel.ValidityOf(a)
	for i, g := range c.of(groups, n) {
		if valid.Valid(i) {
			c.take(g, values[i])
		}
	}
	return nil
}

func (c *combined[T]) Merge(other Accumulator, into []uint32) error {
	o, ok := other.(*combined[T])
	if !ok {
		return strangers(c, other)
	}
	for g, to := range into {
		if from := o.all[g]; from.seen {
			c.take(to, from.value)
		}
	}
	return nil
}

func (c *combined[T]) result(g int) (T, bool, error) { return c.all[g].value, c.all[g].seen, nil }

func (c *combined[T]) Append(b array.Builder, g int) error {
	appendFixed(b, c.all[g].value, c.all[g].seen)
	return nil
}

func (c *combined[T]) Finish(n int) (arrow.Array, error) { return finishFixed(c.dt, n, c.result) }
