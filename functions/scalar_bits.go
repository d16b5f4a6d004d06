package functions

import (
	"errors"
	"math/bits"

	"github.com/apache/arrow/go/v17/arrow"

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
	scalar(bitFamily, "<<", "The bits moved to the left.", "1 << 4", "16", sig(BigInt, shiftBits(shiftLeft), BigInt, BigInt)),
	scalar(bitFamily, ">>", "The bits moved to the right.", "16 >> 4", "1", sig(BigInt, shiftBits(shiftRight), BigInt, BigInt)),
	scalar(bitFamily, "bit_count", "How many bits are set.", "bit_count(7)", "3",
		sig(TinyInt, countBits, BigInt)),
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

func countBits(c *Call, args []kernel.Vec, _ int) (kernel.Vec, error) {
	return kernel.MapFixed(args[0], c.Ret, func(x int64) int8 { return int8(bits.OnesCount64(uint64(x))) }), nil
}

func shiftBits(f func(x, by int64) (int64, error)) ScalarFunc {
	return ofInts(f)
}

func shiftLeft(x, by int64) (int64, error) {
	switch {
	case by < 0:
		return 0, errors.New("<< cannot move bits by a negative number")
	case x < 0:
		return 0, errors.New("<< cannot move the bits of a negative number")
	case x == 0:
		return 0, nil
	case by >= 64 || bits.LeadingZeros64(uint64(x)) <= int(by):
		return 0, errors.New("overflow: << moves bits out of the number")
	}
	return x << by, nil
}

func shiftRight(x, by int64) (int64, error) {
	if by < 0 || by >= 64 {
		return 0, nil
	}
	return x >> by, nil
}
