package kernel

import (
	"cmp"

	"github.com/apache/arrow/go/v17/arrow"
)

// An INTERVAL is months, days and nanoseconds, each with a sign of its own, because months
// and days have no fixed length. For the order of intervals, and for which are equal, a
// month is 30 days and a day 24 hours.

const nanosPerDay = 24 * 60 * 60 * 1_000_000_000

// IntervalLength is the length of an interval for comparisons: days, and nanoseconds less
// than a day. Equal intervals have equal lengths.
func IntervalLength(x arrow.MonthDayNanoInterval) (days, nanos int64) {
	days, nanos = int64(x.Months)*30+int64(x.Days)+x.Nanoseconds/nanosPerDay, x.Nanoseconds%nanosPerDay
	if nanos < 0 {
		days, nanos = days-1, nanos+nanosPerDay
	}
	return days, nanos
}

// CompareIntervals orders intervals by their lengths.
func CompareIntervals(x, y arrow.MonthDayNanoInterval) int {
	xd, xn := IntervalLength(x)
	yd, yn := IntervalLength(y)
	return cmp.Or(cmp.Compare(xd, yd), cmp.Compare(xn, yn))
}

func compareIntervals(equal bool, a, b Vec, out Bitmap, n int) {
	x, y := Values[arrow.MonthDayNanoInterval](a.Array), Values[arrow.MonthDayNanoInterval](b.Array)
	mx, my := rowMask(a), rowMask(b)
	for i := range n {
		c := CompareIntervals(x[i&mx], y[i&my])
		if equal && c == 0 || !equal && c < 0 {
			out.Set(i)
		}
	}
}

// intervalKeys are exact as long as the lengths in nanoseconds fit into 64 bits, which is
// 292 years.
func intervalKeys(values []arrow.MonthDayNanoInterval) (words []uint64, exact bool) {
	const most = 1<<63/nanosPerDay - 1
	out := make([]uint64, len(values))
	for i, x := range values {
		days, nanos := IntervalLength(x)
		if days < -most || days > most {
			for j, y := range values {
				days, _ := IntervalLength(y)
				out[j] = uint64(days) ^ signBit
			}
			return out, false
		}
		out[i] = uint64(days*nanosPerDay+nanos) ^ signBit
	}
	return out, true
}

func hashIntervals(values []arrow.MonthDayNanoInterval, out []uint64) {
	for i, x := range values[:len(out)] {
		days, nanos := IntervalLength(x)
		out[i] = combineHash(HashUint64(uint64(nanos)), uint64(days))
	}
}
