package functions

import (
	"errors"
	"fmt"
	"time"

	"github.com/apache/arrow/go/v17/arrow"

	"tq/functions/kernel"
)

var monthFunctions = []Def{
	monthsDef("to_months", "months", 1, "3 months"),
	monthsDef("to_quarters", "quarters", 3, "9 months"),
	monthsDef("to_years", "years", 12, "3 years"),
	monthsDef("to_decades", "decades", 120, "30 years"),
	monthsDef("to_centuries", "centuries", 1200, "300 years"),
	monthsDef("to_millennia", "millennia", 12000, "3000 years"),
	scalar(timeFamily, "age", "The interval between two times in years, months, days and what is left: from the second to the first, or from the one to midnight of today.",
		"age(TIMESTAMP '2014-08-22 17:01:26', TIMESTAMP '2013-06-30 12:00:00')", "1 year 1 month 22 days 05:01:26",
		sig(Interval, age, Timestamp, Timestamp), sig(Interval, ageNow, Timestamp)),
}

// monthsDef makes the definition of a function that makes intervals of months.
func monthsDef(name, noun string, scale int64, result string) Def {
	return scalar(timeFamily, name, "An interval of so many "+noun+".", name+"(3)", result,
		sig(Interval, func(c *Call, args []kernel.Vec, n int) (kernel.Vec, error) {
			return mapRows(c, args, n, func(x int64) (interval, bool, error) {
				if x > 1<<31 || x < -1<<31 {
					return interval{}, false, errIntervalRange
				}
				r, err := makeInterval(x*scale, 0, 0)
				return r, true, err
			})
		}, BigInt))
}

func age(c *Call, args []kernel.Vec, n int) (kernel.Vec, error) {
	return mapRows2(c, args, n, func(to, from int64) (interval, bool, error) {
		return elapsed(from, to, c.Env.Zone), true, nil
	})
}

func ageNow(c *Call, args []kernel.Vec, n int) (kernel.Vec, error) {
	today, _ := instant(civilOf(c.Env.Now.UnixNano(), c.Env.Zone).days, 0, c.Env.Zone)
	return age(c, []kernel.Vec{kernel.Const(kernel.OfTimestamp(today)), args[0]}, n)
}

// elapsed counts years and months, days and the rest from one time to another. The month
// that gives the days is the one that the earlier time lies in.
func elapsed(from, to int64, zone *time.Location) interval {
	if from > to {
		return negateInterval(elapsed(to, from, zone))
	}
	a, b := civilOf(from, zone), civilOf(to, zone)
	months, days, nanos := (b.year-a.year)*12+b.month-a.month, b.day-a.day, b.nanosOfDay-a.nanosOfDay
	if nanos < 0 {
		days, nanos = days-1, nanos+nanosPerDay
	}
	if days < 0 {
		months, days = months-1, days+daysIn(a.year, a.month)
	}
	return interval{Months: int32(months), Days: int32(days), Nanoseconds: nanos}
}

// partOfInterval is the part of an interval: months within the year, nanoseconds within
// the minute and so on.
func partOfInterval(c *Call, args []kernel.Vec, n int) (kernel.Vec, error) {
	find := func(name string) (*datePart, error) {
		p, err := findPart(name)
		if err == nil && !p.ofInterval() {
			return nil, fmt.Errorf("an INTERVAL has no %s", p.name)
		}
		return p, err
	}
	return eachPart(c, args, n, find, func(p *datePart, x interval) (int64, bool, error) {
		return p.of(x), true, nil
	})
}

// ofInterval reports whether intervals have the part.
func (p *datePart) ofInterval() bool {
	return p.months > 0 || p.unit > 0 && p.unit <= nanosPerDay
}

// of is the part of an interval.
func (p *datePart) of(x interval) int64 {
	switch months := int64(x.Months); {
	case p.months >= 12:
		return months / int64(p.months)
	case p.months > 0:
		n := months % 12 / int64(p.months)
		if p.months > 1 {
			n++ // quarters are counted from one
		}
		return n
	case p.unit == nanosPerDay:
		return int64(x.Days)
	case p.unit >= 3600*nanosPerSecond:
		return x.Nanoseconds / p.unit
	case p.unit == 60*nanosPerSecond:
		return x.Nanoseconds % (3600 * nanosPerSecond) / p.unit
	}
	return x.Nanoseconds % (60 * nanosPerSecond) / p.unit
}

// intervalSeconds is how long an interval is: years of 365.25 days, months of 30.
func intervalSeconds(x interval) float64 {
	const day = 86400
	years, months := float64(x.Months/12), float64(x.Months%12)
	return years*365.25*day + months*daysPerMonth*day + float64(x.Days)*day + float64(x.Nanoseconds)/nanosPerSecond
}

func secondsOfIntervals(_ *Call, args []kernel.Vec, _ int) (kernel.Vec, error) {
	return kernel.MapFixed(args[0], Double, intervalSeconds), nil
}

// intervalIn counts whole units in intervals, of which a month has 30 days.
func intervalIn(unit int64) ScalarFunc {
	return func(c *Call, args []kernel.Vec, n int) (kernel.Vec, error) {
		return mapRows(c, args, n, func(x interval) (int64, bool, error) {
			days := int64(x.Months)*daysPerMonth + int64(x.Days)
			if days < -106751*unit || days > 106751*unit {
				return 0, false, errIntervalRange
			}
			return days*(nanosPerDay/unit) + x.Nanoseconds/unit, true, nil
		})
	}
}

// truncInterval keeps the parts of an interval down to the given one.
func truncInterval(c *Call, args []kernel.Vec, n int) (kernel.Vec, error) {
	return eachPart(c, args, n, truncatable, func(p *datePart, x interval) (interval, bool, error) {
		switch {
		case p.months > 0:
			return interval{Months: x.Months - x.Months%int32(p.months)}, true, nil
		case p.unit >= nanosPerDay:
			return interval{Months: x.Months, Days: x.Days - x.Days%int32(p.unit/nanosPerDay)}, true, nil
		}
		x.Nanoseconds -= x.Nanoseconds % p.unit
		return x, true, nil
	})
}

var errMonthBucket = errors.New("the width of time_bucket must be months alone, or days and time alone")

// calendarBucket is time_bucket for widths of months: buckets are counted from January
// 2000, from the month of another origin, or moved by an offset.
func calendarBucket(c *Call, args []kernel.Vec, n int) (kernel.Vec, error) {
	if anyNullConst(args) {
		return nullOf(c), nil
	}
	zone := c.Env.Zone
	width, ts := numbersOf[interval](args[0]), numbersOf[int64](args[1])
	origin, offset := numbers[int64]{[]int64{0}, 0}, numbers[interval]{[]interval{{}}, 0}
	moved := len(args) == 3 && args[2].DataType().ID() == arrow.INTERVAL_MONTH_DAY_NANO
	switch {
	case moved:
		offset = numbersOf[interval](args[2])
	case len(args) == 3:
		origin = numbersOf[int64](args[2])
	}
	return fixedRows(c, args, n, func(i int) (int64, bool, error) {
		w, first := width.at(i), int64(2000*12)
		switch {
		case w.Days != 0 || w.Nanoseconds != 0:
			return 0, false, errMonthBucket
		case w.Months <= 0:
			return 0, false, errBucket
		case len(args) == 3 && !moved:
			first = monthIndex(civilOf(origin.at(i), zone))
		}
		t, err := later(ts.at(i), negateInterval(offset.at(i)), zone)
		if err != nil {
			return 0, false, err
		}
		_, into := floorDiv(monthIndex(civilOf(t, zone))-first, int64(w.Months))
		y, m := floorDiv(monthIndex(civilOf(t, zone))-into, 12)
		begin, ok := instant(daysOf(int(y), int(m)+1, 1), 0, zone)
		if !ok {
			return 0, false, errTimeRange
		}
		begin, err = later(begin, offset.at(i), zone)
		return begin, true, err
	})
}

// monthIndex numbers the months since year 0.
func monthIndex(c civil) int64 { return int64(c.year)*12 + int64(c.month-1) }
