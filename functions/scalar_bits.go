package functions

import (
	"errors"
	"math/bits"
	"unsafe"

	"github.com/apache/arrow/go/v17/arrow"
	"github.com/apache/arrow/go/v17/arrow/decimal128"

	"tq/functions/kernel"
)

const bitFamily = "bits"

var bitFunctions = []Def{
	scalar(bitFamily, "&", "The bits that are set in both numbers.", "12 & 10", "8", bitOverloads(bitAnd)...),
	scalar(bitFamily, "|", "The bits that are set in either number.", "12 | 10", "14", bitOverloads(bitOr)...),
	scalar(bitFamily, "xor", "The bits that are set in just one of the numbers.", "xor(12, 10)", "6", bitOverloads(bitXor)...),
	scalar(bitFamily, "~", "The number with all bits turned over; between two texts, whether the left one matches the regular expression on the right as a whole.", "~1", "-2",
		sig(TinyInt, invert[int8], TinyInt), sig(SmallInt, invert[int16], SmallInt),
		sig(Integer, invert[int32], Integer), sig(BigInt, invert[int64], BigInt),
		sig(UTinyInt, invert[uint8], UTinyInt), sig(USmallInt, invert[uint16], USmallInt),
		sig(UInteger, invert[uint32], UInteger), sig(UBigInt, invert[uint64], UBigInt),
		matchSig(wholeMatcher)),
	scalar(bitFamily, "<<", "The bits moved to the left. Bits that the type has no place for are an error.", "1 << 4", "16",
		shiftSig(shiftLeft[int8], TinyInt), shiftSig(shiftLeft[int16], SmallInt),
		shiftSig(shiftLeft[int32], Integer), shiftSig(shiftLeft[int64], BigInt),
		shiftSig(shiftLeft[uint8], UTinyInt), shiftSig(shiftLeft[uint16], USmallInt),
		shiftSig(shiftLeft[uint32], UInteger), shiftSig(shiftLeft[uint64], UBigInt)),
	scalar(bitFamily, ">>", "The bits moved to the right.", "16 >> 4", "1",
		shiftSig(shiftRight[int8], TinyInt), shiftSig(shiftRight[int16], SmallInt),
		shiftSig(shiftRight[int32], Integer), shiftSig(shiftRight[int64], BigInt),
		shiftSig(shiftRight[uint8], UTinyInt), shiftSig(shiftRight[uint16], USmallInt),
		shiftSig(shiftRight[uint32], UInteger), shiftSig(shiftRight[uint64], UBigInt)),
	scalar(bitFamily, "bit_count", "How many bits are set.", "bit_count(7)", "3",
		sig(TinyInt, countBits[int8], TinyInt), sig(TinyInt, countBits[int16], SmallInt),
		sig(TinyInt, countBits[int32], Integer), sig(TinyInt, countBits[int64], BigInt),
		sig(TinyInt, countBits[uint8], UTinyInt), sig(TinyInt, countBits[uint16], USmallInt),
		sig(TinyInt, countBits[uint32], UInteger), sig(TinyInt, countBits[uint64], UBigInt)),
}

// bitOp is an operation on whole words; T is the numbers' type.
type bitOp uint8

const (
	bitAnd bitOp = iota
	bitOr
	bitXor
)

func bitOverloads(op bitOp) []Overload {
	return []Overload{
		bitSig[int8](op, TinyInt), bitSig[int16](op, SmallInt), bitSig[int32](op, Integer), bitSig[int64](op, BigInt),
		bitSig[uint8](op, UTinyInt), bitSig[uint16](op, USmallInt), bitSig[uint32](op, UInteger), bitSig[uint64](op, UBigInt),
		sig(HugeInt, func(c *Call, args []kernel.Vec, n int) (kernel.Vec, error) {
			return mapRows2(c, args, n, func(x, y decimal128.Num) (decimal128.Num, bool, error) { return combineHuge(op, x, y), true, nil })
		}, HugeInt, HugeInt),
	}
}

func bitSig[T kernel.Integer](op bitOp, t arrow.DataType) Overload {
	return sig(t, func(c *Call, args []kernel.Vec, n int) (kernel.Vec, error) {
		return mapRows2(c, args, n, func(x, y T) (T, bool, error) {
			switch op {
			case bitAnd:
				return x & y, true, nil
			case bitOr:
				return x | y, true, nil
			}
			return x ^ y, true, nil
		})
	}, t, t)
}

func invert[T kernel.Integer](c *Call, args []kernel.Vec, _ int) (kernel.Vec, error) {
	return kernel.MapFixed(args[0], c.Ret, func(x T) T { return ^x }), nil
}

func countBits[T kernel.Integer](c *Call, args []kernel.Vec, _ int) (kernel.Vec, error) {
	mask := uint64(1)<<width[T]() - 1
	return kernel.MapFixed(args[0], c.Ret, func(x T) int8 { return int8(bits.OnesCount64(uint64(x) & mask)) }), nil
}

// width is how many bits the numbers of a type have.
func width[T kernel.Integer]() int {
	var zero T
	return int(unsafe.Sizeof(zero)) * 8
}

// shiftSig is an overload for numbers of one type, which the result has too.
func shiftSig[T kernel.Integer](f func(x, by T) (T, error), t arrow.DataType) Overload {
	return sig(t, func(c *Call, args []kernel.Vec, n int) (kernel.Vec, error) {
		return mapRows2(c, args, n, func(x, by T) (T, bool, error) {
			y, err := f(x, by)
			return y, true, err
		})
	}, t, t)
}

func shiftLeft[T kernel.Integer](x, by T) (T, error) {
	switch {
	case by < 0:
		return 0, errors.New("<< cannot move bits by a negative number")
	case x < 0:
		return 0, errors.New("<< cannot move the bits of a negative number")
	case x == 0:
		return 0, nil
	}
	if y := x << by; uint64(by) < uint64(width[T]()) && y > 0 && y>>by == x {
		return y, nil
	}
	return 0, errors.New("overflow: << moves bits out of the number")
}

func shiftRight[T kernel.Integer](x, by T) (T, error) {
	if by < 0 || uint64(by) >= uint64(width[T]()) {
		return 0, nil
	}
	return x >> by, nil
}
