package functions

import (
	"math"

	"tq/functions/kernel"
)

const traceFamily = "trace"

var traceFunctions = []Def{
	scalar(traceFamily, "overlap", "How long two intervals, whose ends come in either order, lie over each other: zero if they don't.",
		"overlap(@+1s, @+5s, @+3s, @+9s)", "2.000000000",
		sig(Duration, overlap, Timestamp, Timestamp, Timestamp, Timestamp),
		sig(Duration, overlap, Duration, Duration, Duration, Duration),
		sig(BigInt, overlap, BigInt, BigInt, BigInt, BigInt)),
	scalar(traceFamily, "errno_name", "The name of an error number of Linux; a negative result of a call names its error too.", "errno_name(-11)", "EAGAIN",
		sig(Varchar, nameOf(errnoName), BigInt)),
	scalar(traceFamily, "signal_name", "The name of a signal of Linux on x86-64.", "signal_name(9)", "SIGKILL",
		sig(Varchar, nameOf(signalName), BigInt)),
	scalar(traceFamily, "format_duration", "A duration with the unit that fits it.", "format_duration(5035431us)", "5.035 s",
		sig(Varchar, formatDuration, Duration)),
	scalar(traceFamily, "typeof", "The name of the value's type.", "typeof(1s)", "DURATION",
		Overload{Args: types(Any), Ret: Varchar, Eval: func(c *Call, _ []kernel.Vec, _ int) (kernel.Vec, error) {
			name := TypeName(c.Args[0])
			if Same(c.Args[0], Null) {
				name = `"NULL"` // as DuckDB has it
			}
			return kernel.Const(kernel.OfString(name)), nil
		}}).seesNulls(),
}

// overlap is the length of the intersection of [a, b) and [c, d); as in OVERLAPS, the ends
// of each may come in either order.
func overlap(c *Call, args []kernel.Vec, n int) (kernel.Vec, error) {
	if anyNullConst(args) {
		return nullOf(c), nil
	}
	n = rowCount(args, n)
	a1, b1 := numbersOf[int64](args[0]), numbersOf[int64](args[1])
	a2, b2 := numbersOf[int64](args[2]), numbersOf[int64](args[3])
	valid, out := validAll(args, n), make([]int64, n)
	for i := range out {
		s1, e1, s2, e2 := a1.at(i), b1.at(i), a2.at(i), b2.at(i)
		from, to := max(min(s1, e1), min(s2, e2)), min(max(s1, e1), max(s2, e2))
		if to > from {
			if out[i] = to - from; out[i] < 0 { // an interval of more than 292 years
				out[i] = math.MaxInt64
			}
		}
	}
	return column(args, kernel.FromValues(c.Ret, out, valid)), nil
}

// nameOf gives numbers their names; those without one are NULL.
func nameOf(name func(int64) string) ScalarFunc {
	return func(c *Call, args []kernel.Vec, n int) (kernel.Vec, error) {
		x := numbersOf[int64](args[0])
		return textRows(c, args, n, func(b []byte, i int) ([]byte, bool, error) {
			s := name(x.at(i))
			return append(b, s...), s != "", nil
		})
	}
}

func formatDuration(c *Call, args []kernel.Vec, n int) (kernel.Vec, error) {
	x := numbersOf[int64](args[0])
	return textRows(c, args, n, func(b []byte, i int) ([]byte, bool, error) {
		return AppendScaled(b, x.at(i)), true, nil
	})
}

// scales are the units of durations, each with the length from which it is used: what
// would be rounded up to 1000 of a unit is written as 1 of the next.
var scales = []struct {
	unit      string
	ns, least uint64
}{
	{" d", 86400e9, 86400e9 - 18e8},
	{" h", 3600e9, 3600e9 - 5e5},
	{" s", 1e9, 1e9 - 500},
	{" ms", 1e6, 1e6},
	{" us", 1e3, 1e3},
	{" ns", 1, 0},
}

// AppendScaled writes a duration in the unit that suits it, with three digits behind
// the point.
func AppendScaled(b []byte, ns int64) []byte {
	u := uint64(ns)
	if ns < 0 {
		b, u = append(b, '-'), -u
	}
	for _, s := range scales {
		switch {
		case u < s.least:
			continue
		case s.ns == 1:
			b = appendUint(b, u)
		default:
			step := s.ns / 1000
			thousandths := (u + step/2) / step
			b = append(appendUint(b, thousandths/1000), '.')
			b = appendPadded(b, thousandths%1000, 3)
		}
		return append(b, s.unit...)
	}
	return b
}
