package functions

import (
	"errors"
	"fmt"
	"math"
	"time"

	"tq/functions/kernel"
)

var calendarFunctions = []Def{
	scalar(timeFamily, "make_time", "The time of day of an hour, minute and second.", "make_time(17, 1, 26.375)", "17:01:26.375",
		sig(Time, makeTime, BigInt, BigInt, Double)),
	scalar(timeFamily, "make_timestamp", "The timestamp of a year, month, day, hour, minute and second, or so many microseconds after 1970.", "make_timestamp(2014, 8, 22, 17, 1, 26.375)", "2014-08-22 17:01:26.375000000",
		sig(Timestamp, makeTimestamp, BigInt, BigInt, BigInt, BigInt, BigInt, Double), sig(Timestamp, fromUnits(1e3), BigInt)).also("make_timestamptz"),
	scalar(timeFamily, "make_timestamp_ms", "The timestamp so many milliseconds after 1970.", "make_timestamp_ms(1408726886375)", "2014-08-22 17:01:26.375000000",
		sig(Timestamp, fromUnits(1e6), BigInt)),
	scalar(timeFamily, "try_strptime", "The time that a text in a format shows, NULL if it doesn't.", "try_strptime('22.8.', '%Y')", "NULL",
		sig(Timestamp, onValues(tryStrptime), Varchar, Varchar)),
	scalar(timeFamily, "date_sub", "How many whole units of the given part lie between two times.", "date_sub('hour', TIMESTAMP '2014-08-22 17:01:59', TIMESTAMP '2014-08-22 19:00:00')", "1",
		sig(BigInt, dateSub, Varchar, Timestamp, Timestamp)).also("datesub"),
	scalar(timeFamily, "julian", "The days since noon of 24 November 4714 BC, with their fraction.", "julian(TIMESTAMP '2014-08-22 12:00:00')", "2456892.5",
		sig(Double, julian, Timestamp)),
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

func tryStrptime(c *Call, args []kernel.Vec, n int) (kernel.Vec, error) {
	s, formats := textsOf(args[0]), textsOf(args[1])
	return fixedRows(c, args, n, func(i int) (int64, bool, error) {
		ns, err := parseFormatted(s.at(i), formats.at(i), c.Env.Zone)
		return ns, err == nil, nil
	})
}

func dateSub(c *Call, args []kernel.Vec, n int) (kernel.Vec, error) {
	if anyNullConst(args) {
		return nullOf(c), nil
	}
	names, from, to := textsOf(args[0]), numbersOf[int64](args[1]), numbersOf[int64](args[2])
	cache := compiled[*datePart]{make: func(name, _ string) (*datePart, error) { return truncatable(name) }}
	return fixedRows(c, args, n, func(i int) (int64, bool, error) {
		p, err := cache.of(names.at(i), "")
		if err != nil {
			return 0, false, err
		}
		a, b := from.at(i), to.at(i)
		if p.months > 0 {
			return wholeMonths(a, b, c.Env.Zone) / int64(p.months), true, nil
		}
		d := b - a
		if (b > a) != (d > 0) && d != 0 {
			return 0, false, errors.New("the times lie too far apart")
		}
		return d / p.unit, true, nil
	})
}

// wholeMonths counts the months that fit between two times.
func wholeMonths(from, to int64, zone *time.Location) int64 {
	if from > to {
		return -wholeMonths(to, from, zone)
	}
	a, b := civilOf(from, zone), civilOf(to, zone)
	months := int64(b.year-a.year)*12 + int64(b.month-a.month)
	if last := daysIn(b.year, b.month); b.day == last && a.day > b.day {
		b.day = a.day // the last day of a shorter month completes it
	}
	if b.day < a.day || b.day == a.day && b.nanosOfDay < a.nanosOfDay {
		months--
	}
	return months
}

func julian(c *Call, args []kernel.Vec, n int) (kernel.Vec, error) {
	return mapRows(c, args, n, func(ns int64) (float64, bool, error) {
		t := civilOf(ns, c.Env.Zone)
		return float64(t.days) + 2440588 + float64(t.nanosOfDay)/nanosPerDay, true, nil
	})
}
