package functions

import (
	"errors"
	"fmt"
	"math"
	"math/bits"
	"strings"
	"time"
	"unicode"

	"github.com/apache/arrow/go/v17/arrow"
)

// There are two types of lengths of time. DURATION is nanoseconds: what lies between two
// time stamps, what traces measure. INTERVAL is months, days and nanoseconds, each with a
// sign of its own, since months and days have no fixed length; it moves times along the
// calendar. A text without months that is written as an INTERVAL is a DURATION, so that
// INTERVAL '5 seconds' is what it is compared with; to_months, age and texts with months
// make INTERVALs. Where both meet, a DURATION becomes an INTERVAL: whole days as days.

// interval is a value of INTERVAL.
type interval = arrow.MonthDayNanoInterval

const (
	daysPerMonth   = 30 // where a length has to be given to a month
	microsPerMonth = daysPerMonth * 86400 * 1_000_000
)

var errIntervalRange = errors.New("the interval is out of range: months and days must be less than 2147483648, the rest shorter than 292 years")

// makeInterval makes an interval of numbers that may be too great for one.
func makeInterval(months, days, nanos int64) (interval, error) {
	if int64(int32(months)) != months || int64(int32(days)) != days {
		return interval{}, errIntervalRange
	}
	return interval{Months: int32(months), Days: int32(days), Nanoseconds: nanos}, nil
}

// intervalOf is a duration as an interval: whole days, and the time that is left.
func intervalOf(d int64) interval {
	return interval{Days: int32(d / nanosPerDay), Nanoseconds: d % nanosPerDay}
}

// IntervalDuration is the length of an interval without months, in nanoseconds.
func IntervalDuration(x arrow.MonthDayNanoInterval) (int64, error) {
	if x.Months != 0 {
		return 0, fmt.Errorf("an INTERVAL of %s has no fixed length, so it is no DURATION", AppendInterval(nil, x))
	}
	sum := int64(x.Days)*nanosPerDay + x.Nanoseconds
	if x.Days < -106751 || x.Days > 106751 || (sum > x.Nanoseconds) != (x.Days > 0) && x.Days != 0 {
		return 0, errDurationRange
	}
	return sum, nil
}

// ParseInterval reads an interval: what [ParseDuration] reads, with units up to
// millennia, each number with a sign of its own. A number without unit counts seconds.
func ParseInterval(s string) (arrow.MonthDayNanoInterval, error) {
	var total interval
	rest := strings.TrimSpace(s)
	if rest == "" {
		return total, fmt.Errorf("%q is not an interval", s)
	}
	for rest != "" {
		negative := rest[0] == '-'
		if negative || rest[0] == '+' {
			rest = rest[1:]
		}
		part, after, err := intervalPart(rest)
		if err == nil && negative {
			part = negateInterval(part)
		}
		if err == nil {
			total, err = addIntervals(total, part)
		}
		switch {
		case errors.Is(err, errIntervalRange), errors.Is(err, errDurationRange):
			return total, errIntervalRange
		case err != nil:
			return total, fmt.Errorf("%q is not an interval: %w", s, err)
		}
		if rest = strings.TrimSpace(after); strings.EqualFold(rest, "ago") {
			return negateInterval(total), nil
		}
	}
	return total, nil
}

// unitMonths and unitDays are the units of intervals that have no fixed length, without
// the s of the plural.
var (
	unitMonths = map[string]uint64{
		"month": 1, "mon": 1, "quarter": 3, "year": 12, "yr": 12, "y": 12, "decade": 120, "dec": 120,
		"century": 1200, "centurie": 1200, "cent": 1200, "c": 1200, "millennium": 12000, "millennia": 12000, "mil": 12000,
	}
	unitDays = map[string]uint64{"d": 1, "day": 1, "dayofmonth": 1, "w": 7, "week": 7, "weekofyear": 7}
)

// intervalPart reads one number with its unit, or a clock. A fraction of a month counts
// days of 24 hours, 30 a month.
func intervalPart(s string) (part interval, rest string, err error) {
	whole, frac, n := scanDecimal(s)
	unit := strings.TrimSpace(s[n:])
	end := strings.IndexFunc(unit, func(r rune) bool { return !unicode.IsLetter(r) })
	if end < 0 {
		end = len(unit)
	}
	name := strings.TrimSuffix(strings.ToLower(unit[:end]), "s")
	if scale, ok := unitMonths[name]; ok && n > 0 {
		part, err = calendarPart(whole, frac, scale, 0)
		return part, unit[end:], err
	}
	if scale, ok := unitDays[name]; ok && n > 0 {
		part, err = calendarPart(whole, frac, 0, scale)
		return part, unit[end:], err
	}
	if n > 0 && unit == "" {
		s += "s"
	}
	nanos, rest, err := durationPart(s)
	if nanos > math.MaxInt64 {
		err = errIntervalRange
	}
	return interval{Nanoseconds: int64(nanos)}, rest, err
}

// calendarPart is whole.frac times so many months or days.
func calendarPart(whole, frac string, months, days uint64) (interval, error) {
	count, err := scaleDecimal(whole, "", max(months, days))
	if err != nil || count > math.MaxInt32 {
		return interval{}, errIntervalRange
	}
	if days > 0 {
		nanos, err := scaleDecimal("", frac, days*nanosPerDay)
		return interval{Days: int32(count + nanos/nanosPerDay), Nanoseconds: int64(nanos % nanosPerDay)}, err
	}
	micros, err := scaleDecimal("", frac, months*microsPerMonth)
	if err != nil {
		return interval{}, err
	}
	x := intervalOf(int64(micros%microsPerMonth) * 1000)
	x.Months = int32(count + micros/microsPerMonth)
	return x, nil
}

// AppendInterval writes an interval as DuckDB does: 1 year 2 months 3 days 04:05:06.
func AppendInterval(b []byte, x arrow.MonthDayNanoInterval) []byte {
	start := len(b)
	part := func(n int32, unit string) {
		if n == 0 {
			return
		}
		if len(b) > start {
			b = append(b, ' ')
		}
		b = append(fmt.Appendf(b, "%d ", n), unit...)
		if n != 1 && n != -1 {
			b = append(b, 's')
		}
	}
	part(x.Months/12, "year")
	part(x.Months%12, "month")
	part(x.Days, "day")
	if x.Nanoseconds == 0 && len(b) > start {
		return b
	}
	if len(b) > start {
		b = append(b, ' ')
	}
	nanos := uint64(x.Nanoseconds)
	if x.Nanoseconds < 0 {
		b, nanos = append(b, '-'), -nanos
	}
	return appendClock(b, int64(nanos))
}

func addIntervals(x, y interval) (interval, error) {
	nanos := x.Nanoseconds + y.Nanoseconds
	if (nanos > x.Nanoseconds) != (y.Nanoseconds > 0) && y.Nanoseconds != 0 {
		return interval{}, errIntervalRange
	}
	return makeInterval(int64(x.Months)+int64(y.Months), int64(x.Days)+int64(y.Days), nanos)
}

// negateInterval changes all signs; the least numbers, which have no counterpart, by one.
func negateInterval(x interval) interval {
	return interval{
		Months: -max(x.Months, -math.MaxInt32), Days: -max(x.Days, -math.MaxInt32),
		Nanoseconds: -max(x.Nanoseconds, -math.MaxInt64),
	}
}

func multiplyInterval(x interval, by int64) (interval, error) {
	negative, factor := by < 0, uint64(by)
	if negative {
		factor = -factor
	}
	times := func(n int64) (int64, bool) {
		u := uint64(n)
		if n < 0 {
			u = -u
		}
		hi, lo := bits.Mul64(u, factor)
		if hi != 0 || lo > math.MaxInt64 {
			return 0, false
		}
		if (n < 0) != negative {
			return -int64(lo), true
		}
		return int64(lo), true
	}
	months, ok1 := times(int64(x.Months))
	days, ok2 := times(int64(x.Days))
	nanos, ok3 := times(x.Nanoseconds)
	if !ok1 || !ok2 || !ok3 {
		return interval{}, errIntervalRange
	}
	return makeInterval(months, days, nanos)
}

// scaleInterval multiplies by a number with a fraction: what is left of a month becomes
// days, what is left of a day microseconds. As in DuckDB, days that months leave have six
// digits behind the point.
func scaleInterval(x interval, by float64) (interval, error) {
	months, rest := math.Modf(float64(x.Months) * by)
	monthDays, part1 := math.Modf(math.Round(rest*daysPerMonth*1e6) / 1e6)
	days, part2 := math.Modf(float64(x.Days) * by)
	days += monthDays
	nanos := math.RoundToEven(float64(x.Nanoseconds)*by/1000+(part1+part2)*nanosPerDay/1000) * 1000
	if !(math.Abs(months) <= math.MaxInt32 && math.Abs(days) <= math.MaxInt32 && math.Abs(nanos) < 1<<63) {
		return interval{}, errIntervalRange
	}
	return makeInterval(int64(months), int64(days), int64(nanos))
}

// IntervalAt is how long an interval is in nanoseconds that begins at a time or, back,
// ends at it.
func IntervalAt(x arrow.MonthDayNanoInterval, ns int64, back bool, zone *time.Location) (int64, error) {
	if back {
		before, err := later(ns, negateInterval(x), zone)
		return ns - before, err
	}
	after, err := later(ns, x, zone)
	return after - ns, err
}

// later is the time that lies an interval later on the calendar and clock of a zone:
// months first, then days, then the rest.
func later(ns int64, x interval, zone *time.Location) (int64, error) {
	if x.Months != 0 || x.Days != 0 {
		c := civilOf(ns, zone)
		days := c.days
		if x.Months != 0 {
			y, m := floorDiv(int64(c.year)*12+int64(c.month-1)+int64(x.Months), 12)
			days = daysOf(int(y), int(m)+1, min(c.day, daysIn(int(y), int(m)+1)))
		}
		var ok bool
		if ns, ok = instant(days+int64(x.Days), c.nanosOfDay, zone); !ok {
			return 0, errTimeRange
		}
	}
	out := ns + x.Nanoseconds
	if (out > ns) != (x.Nanoseconds > 0) && x.Nanoseconds != 0 {
		return 0, errTimeRange
	}
	return out, nil
}
