package functions

import (
	"errors"
	"fmt"
	"math"
	"time"

	"github.com/apache/arrow/go/v17/arrow"

	"tq/functions/kernel"
)

var calendarFunctions = []Def{
	scalar(timeFamily, "make_time", "The time of day of an hour, minute and second.", "make_time(17, 1, 26.375)", "17:01:26.375",
		sig(Time, makeTime, BigInt, BigInt, Double)),
	scalar(timeFamily, "make_timestamp", "The timestamp of a year, month, day, hour, minute and second, or so many microseconds after 1970.", "make_timestamp(2014, 8, 22, 17, 1, 26.375)", "2014-08-22 17:01:26.375000000",
		sig(Timestamp, makeTimestamp, BigInt, BigInt, BigInt, BigInt, BigInt, Double), sig(Timestamp, fromUnits(1e3), BigInt)),
	scalar(timeFamily, "make_timestamptz", "The timestamp with time zone of a year, month, day, hour, minute and second in a zone, the session's if none is named, or so many microseconds after 1970.", "make_timestamptz(2014, 8, 22, 17, 1, 26.375, 'Europe/Berlin')", "2014-08-22 15:01:26.375000000+00",
		sig(TimestampTZ, makeTimestamp, BigInt, BigInt, BigInt, BigInt, BigInt, Double), sig(TimestampTZ, fromUnits(1e3), BigInt),
		sig(TimestampTZ, makeTimestampIn, BigInt, BigInt, BigInt, BigInt, BigInt, Double, Varchar)),
	scalar(timeFamily, "timezone", "What the clock of a zone shows at a time; of a TIMESTAMP, which is a clock's, the time at which it shows that in the zone. x AT TIME ZONE zone is written with it. Of a time alone the seconds that the session's zone is ahead of UTC then.", "timezone('Europe/Berlin', TIMESTAMP '2014-08-22 17:01:26')", "2014-08-22 15:01:26.000000000+00",
		sig(TimestampTZ, timeOfClock, Varchar, Timestamp), sig(Timestamp, clockOfTime, Varchar, TimestampTZ), sig(BigInt, offsetOf, Timestamp)),
	scalar(timeFamily, "make_timestamp_ms", "The timestamp so many milliseconds after 1970.", "make_timestamp_ms(1408726886375)", "2014-08-22 17:01:26.375000000",
		sig(Timestamp, fromUnits(1e6), BigInt)),
	scalar(timeFamily, "try_strptime", "The time that a text in a format shows, NULL if it doesn't.", "try_strptime('22.8.', '%Y')", "NULL",
		sig(Timestamp, onValues(tryStrptime), Varchar, Varchar), sig(Timestamp, anyFormat(true), Varchar, arrow.ListOf(Varchar))),
	scalar(timeFamily, "date_sub", "How many whole units of the given part lie between two times.", "date_sub('hour', TIMESTAMP '2014-08-22 17:01:59', TIMESTAMP '2014-08-22 19:00:00')", "1",
		sig(BigInt, dateSub, Varchar, Timestamp, Timestamp), sig(BigInt, dateSubDays, Varchar, Date, Date)).also("datesub"),
	scalar(timeFamily, "julian", "The days since noon of 24 November 4714 BC, with their fraction.", "julian(TIMESTAMP '2014-08-22 12:00:00')", "2456892.5",
		sig(Double, julian, Timestamp), sig(Double, julianDay, Date)),
}

// clock is a time of day in nanoseconds.
func clock(hour, minute int64, second float64) (int64, error) {
	if hour < 0 || hour > 23 || minute < 0 || minute > 59 || !(second >= 0 && second < 60) {
		return 0, fmt.Errorf("there is no time %d:%02d:%v", hour, minute, second)
	}
	return (hour*60+minute)*60*nanosPerSecond + int64(math.Round(second*1e6))*1e3, nil
}

func makeTime(c *Call, args []kernel.Vec, n int) (kernel.Vec, error) {
	h, m, s := numbersOf[int64](args[0]), numbersOf[int64](args[1]), numbersOf[float64](args[2])
	return fixedRows(c, args, n, func(i int) (int64, bool, error) {
		ns, err := clock(h.at(i), m.at(i), s.at(i))
		return ns, true, err
	})
}

func makeTimestamp(c *Call, args []kernel.Vec, n int) (kernel.Vec, error) {
	date := &Call{Args: types(BigInt, BigInt, BigInt), Ret: Date, Env: c.Env}
	days, err := makeDate(date, args[:3], n)
	if err != nil {
		return kernel.Vec{}, err
	}
	day, all := numbersOf[int32](days), append([]kernel.Vec{days}, args[3:]...)
	h, m, s := numbersOf[int64](args[3]), numbersOf[int64](args[4]), numbersOf[float64](args[5])
	return fixedRows(c, all, n, func(i int) (int64, bool, error) {
		nanos, err := clock(h.at(i), m.at(i), s.at(i))
		if err != nil {
			return 0, false, err
		}
		ns, ok := instant(int64(day.at(i)), nanos, c.Env.Zone)
		if !ok {
			return 0, false, errTimeRange
		}
		return ns, true, nil
	})
}

// makeTimestampIn is [makeTimestamp] for the clock of a zone that is named behind the rest.
func makeTimestampIn(c *Call, args []kernel.Vec, n int) (kernel.Vec, error) {
	clocks, err := makeTimestamp(&Call{Args: c.Args[:6], Ret: Timestamp, Env: c.Env}, args[:6], n)
	if err != nil {
		return kernel.Vec{}, err
	}
	return timeOfClock(&Call{Args: types(Varchar, Timestamp), Ret: c.Ret, Env: c.Env}, []kernel.Vec{args[6], clocks}, n)
}

// timeOfClock is the time at which a zone's clock shows what the session's shows.
func timeOfClock(c *Call, args []kernel.Vec, n int) (kernel.Vec, error) {
	return betweenZones(c, args, n, func(zone *time.Location) (from, to *time.Location) { return c.Env.Zone, zone })
}

// clockOfTime is the time at which the session's clock shows what a zone's shows.
func clockOfTime(c *Call, args []kernel.Vec, n int) (kernel.Vec, error) {
	return betweenZones(c, args, n, func(zone *time.Location) (from, to *time.Location) { return zone, c.Env.Zone })
}

// betweenZones computes the times at which the clock of one zone shows what that of another
// shows.
func betweenZones(c *Call, args []kernel.Vec, n int, zones func(named *time.Location) (from, to *time.Location)) (kernel.Vec, error) {
	if anyNullConst(args) {
		return nullOf(c), nil
	}
	names, ts := textsOf(args[0]), numbersOf[int64](args[1])
	cache := compiled[*time.Location]{make: func(name, _ string) (*time.Location, error) { return LoadZone(name) }}
	return fixedRows(c, args, n, func(i int) (int64, bool, error) {
		zone, err := cache.of(names.at(i), "")
		if err != nil {
			return 0, false, err
		}
		from, to := zones(zone)
		clock := civilOf(ts.at(i), from)
		ns, ok := instant(clock.days, clock.nanosOfDay, to)
		if !ok {
			return 0, false, errTimeRange
		}
		return ns, true, nil
	})
}

func offsetOf(c *Call, args []kernel.Vec, _ int) (kernel.Vec, error) {
	return kernel.MapFixed(args[0], BigInt, func(ns int64) int64 { return zoneOffset(c.Env.Zone, ns) / nanosPerSecond }), nil
}

func tryStrptime(c *Call, args []kernel.Vec, n int) (kernel.Vec, error) {
	s, formats := textsOf(args[0]), textsOf(args[1])
	return fixedRows(c, args, n, func(i int) (int64, bool, error) {
		return orNull(parseFormatted(s.at(i), formats.at(i), c.Env.Zone))
	})
}

func dateSub(c *Call, args []kernel.Vec, n int) (kernel.Vec, error) {
	return measureFrom(c, args, n, func(p *datePart, a, b int64) (int64, error) {
		if p.months > 0 {
			return wholeMonths(civilOf(a, c.Env.Zone), civilOf(b, c.Env.Zone)) / int64(p.months), nil
		}
		d := b - a
		if (b > a) != (d > 0) && d != 0 {
			return 0, errors.New("the times lie too far apart")
		}
		return d / p.unit, nil
	})
}

// dateSubDays is [dateSub] of dates.
func dateSubDays(c *Call, args []kernel.Vec, n int) (kernel.Vec, error) {
	return betweenDates(c, args, n, func(p *datePart, a, b civil) int64 {
		switch days := b.days - a.days; {
		case p.months > 0:
			return wholeMonths(a, b) / int64(p.months)
		case p.unit >= nanosPerDay:
			return days / (p.unit / nanosPerDay)
		default:
			return days * (nanosPerDay / p.unit)
		}
	})
}

// wholeMonths counts the months that fit between two times.
func wholeMonths(a, b civil) int64 {
	if a.days > b.days || a.days == b.days && a.nanosOfDay > b.nanosOfDay {
		return -wholeMonths(b, a)
	}
	months := int64(b.year-a.year)*12 + int64(b.month-a.month)
	if last := daysIn(b.year, b.month); b.day == last && a.day > b.day {
		b.day = a.day // the last day of a shorter month completes it
	}
	if b.day < a.day || b.day == a.day && b.nanosOfDay < a.nanosOfDay {
		months--
	}
	return months
}

func julianDay(_ *Call, args []kernel.Vec, _ int) (kernel.Vec, error) {
	return kernel.MapFixed(args[0], Double, func(days int32) float64 { return float64(days) + 2440588 }), nil
}

func julian(c *Call, args []kernel.Vec, n int) (kernel.Vec, error) {
	return mapRows(c, args, n, func(ns int64) (float64, bool, error) {
		t := civilOf(ns, c.Env.Zone)
		return float64(t.days) + 2440588 + float64(t.nanosOfDay)/nanosPerDay, true, nil
	})
}
