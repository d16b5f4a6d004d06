package functions

import (
	"errors"
	"fmt"
	"math"
	"slices"
	"time"

	"github.com/apache/arrow/go/v17/arrow"

	"tq/functions/kernel"
)

const timeFamily = "time"

var timeFunctions = []Def{
	scalar(timeFamily, "epoch", "The seconds since 1970, or of a duration, with their fraction.", "epoch(1500ms)", "1.5",
		sig(Double, inSeconds, Timestamp), sig(Double, inSeconds, Duration), sig(Double, secondsOfIntervals, Interval),
		sig(Double, secondsOfDays, Date), sig(Double, inSeconds, Time)).also("seconds"),
	scalar(timeFamily, "epoch_ms", "The whole milliseconds since 1970, or of a duration; of a number the timestamp so many milliseconds after 1970.", "epoch_ms(1500ms)", "1500",
		sig(BigInt, inUnits(1e6), Timestamp), sig(BigInt, inUnits(1e6), Duration), sig(BigInt, inUnits(1e6), Time), sig(BigInt, intervalIn(1e6), Interval), sig(Timestamp, fromUnits(1e6), BigInt)),
	scalar(timeFamily, "epoch_us", "The whole microseconds since 1970, or of a duration.", "epoch_us(1500ms)", "1500000",
		sig(BigInt, inUnits(1e3), Timestamp), sig(BigInt, inUnits(1e3), Duration), sig(BigInt, inUnits(1e3), Time), sig(BigInt, intervalIn(1e3), Interval)),
	scalar(timeFamily, "epoch_ns", "The nanoseconds since 1970, or of a duration.", "epoch_ns(1500ms)", "1500000000",
		sig(BigInt, inUnits(1), Timestamp), sig(BigInt, inUnits(1), Duration), sig(BigInt, inUnits(1), Time), sig(BigInt, intervalIn(1), Interval)),
	scalar(timeFamily, "to_timestamp", "The timestamp so many seconds after 1970.", "to_timestamp(1408726886.5)", "2014-08-22 17:01:26.500000000+00",
		sig(TimestampTZ, fromUnits(nanosPerSecond), BigInt), sig(TimestampTZ, fromSeconds(nanosPerSecond), Double)),
	scalar(timeFamily, "make_timestamp_ns", "The timestamp so many nanoseconds after 1970.", "make_timestamp_ns(1408726886375374738)", "2014-08-22 17:01:26.375374738",
		sig(Timestamp, fromUnits(1), BigInt)),
	durationDef("to_nanoseconds", "nanoseconds", 1),
	durationDef("to_microseconds", "microseconds", 1e3),
	durationDef("to_milliseconds", "milliseconds", 1e6),
	durationDef("to_seconds", "seconds", 1e9),
	durationDef("to_minutes", "minutes", 60e9),
	durationDef("to_hours", "hours", 3600e9),
	durationDef("to_days", "days", nanosPerDay),
	durationDef("to_weeks", "weeks", 7*nanosPerDay),
	scalar(timeFamily, "date_part", "A part of calendar or clock, such as 'year', 'dow', 'hour' or 'millisecond', which counts within the minute.", "date_part('hour', TIMESTAMP '2014-08-22 17:01:26')", "17",
		sig(BigInt, partOf, Varchar, Timestamp), sig(BigInt, partOfDate, Varchar, Date), sig(BigInt, partOfTime, Varchar, Time),
		sig(BigInt, partOfInterval, Varchar, Interval)).also("datepart", "extract"),
	scalar(timeFamily, "date_trunc", "The beginning of the year, month, week, day, hour and so on that the time lies in.", "date_trunc('hour', TIMESTAMP '2014-08-22 17:01:26')", "2014-08-22 17:00:00.000000000",
		sig(Timestamp, truncTimestamp, Varchar, Timestamp), sig(Duration, truncDuration, Varchar, Duration),
		sig(Interval, truncInterval, Varchar, Interval)).also("datetrunc"),
	scalar(timeFamily, "time_bucket", "The beginning of the bucket of the given width that the time lies in. Buckets are counted from Monday, 3 January 2000, from another origin, or moved by an offset.",
		"time_bucket(15s, TIMESTAMP '2014-08-22 17:01:26')", "2014-08-22 17:01:15.000000000",
		slices.Concat(bucketSigs(Duration, timeBucket), bucketSigs(Interval, calendarBucket))...),
	scalar(timeFamily, "date_diff", "How many boundaries of the given part lie between two times; of weeks, how many fit.", "date_diff('minute', TIMESTAMP '2014-08-22 17:01:59', TIMESTAMP '2014-08-22 17:02:00')", "1",
		sig(BigInt, dateDiffPart, Varchar, Timestamp, Timestamp), sig(BigInt, dateDiffDays, Varchar, Date, Date)).also("datediff"),
	scalar(timeFamily, "date_add", "A time and a duration later.", "date_add(TIMESTAMP '2014-08-22 17:01:26', 1h)", "2014-08-22 18:01:26.000000000",
		same64(kernel.Add, Timestamp, Duration, Timestamp), sig(Timestamp, moveTime(identical), Timestamp, Interval)),
	scalar(timeFamily, "last_day", "The last day of the month.", "last_day(DATE '2016-02-10')", "2016-02-29",
		sig(Date, lastDay, Date), sig(Date, ofDay(lastDay), Timestamp)),
	scalar(timeFamily, "days_in_month", "How many days the month has.", "days_in_month(DATE '2016-02-10')", "29",
		sig(BigInt, daysInMonth, Date), sig(BigInt, ofDay(daysInMonth), Timestamp)),
	scalar(timeFamily, "dayname", "The English name of the weekday.", "dayname(DATE '2014-08-22')", "Friday",
		civilText(func(c civil) string { return dayNames[weekday(c.days)] })...),
	scalar(timeFamily, "monthname", "The English name of the month.", "monthname(DATE '2014-08-22')", "August",
		civilText(func(c civil) string { return monthNames[c.month-1] })...),
	scalar(timeFamily, "make_date", "The date of a year, month and day.", "make_date(2014, 8, 22)", "2014-08-22",
		sig(Date, makeDate, BigInt, BigInt, BigInt)),
	scalar(timeFamily, "strftime", "A time as text in a format such as '%Y-%m-%d %H:%M:%S.%n'; %f are microseconds, %n nanoseconds.", "strftime(TIMESTAMP '2014-08-22 17:01:26', '%d.%m. %H:%M')", "22.08. 17:01",
		sig(Varchar, strftime(0, 1), Timestamp, Varchar), sig(Varchar, strftime(1, 0), Varchar, Timestamp)),
	scalar(timeFamily, "strptime", "The time that a text in a format, or in the first of several that fits, shows.", "strptime('22.08.2014 17:01', '%d.%m.%Y %H:%M')", "2014-08-22 17:01:00.000000000",
		sig(Timestamp, onValues(strptime), Varchar, Varchar), sig(Timestamp, anyFormat(false), Varchar, arrow.ListOf(Varchar))),
	{
		Name: "now", Aliases: []string{"current_timestamp", "get_current_timestamp", "transaction_timestamp"}, Kind: Scalar, Family: timeFamily, Volatile: true,
		Doc: "The time at which the statement began.", Example: "now() > TIMESTAMP '2024-01-01'", Result: "true",
		Overloads: []Overload{{Args: types(), Ret: TimestampTZ, Eval: func(c *Call, _ []kernel.Vec, _ int) (kernel.Vec, error) {
			return kernel.Const(kernel.FromValues(c.Ret, []int64{c.Env.Now.UnixNano()}, kernel.Validity{})), nil
		}}},
	},
	{
		Name: "today", Aliases: []string{"current_date"}, Kind: Scalar, Family: timeFamily, Volatile: true,
		Doc: "The day on which the statement began.", Example: "today() > DATE '2024-01-01'", Result: "true",
		Overloads: []Overload{{Args: types(), Ret: Date, Eval: func(c *Call, _ []kernel.Vec, _ int) (kernel.Vec, error) {
			days := int32(civilOf(c.Env.Now.UnixNano(), c.Env.Zone).days)
			return kernel.Const(kernel.FromValues(Date, []int32{days}, kernel.Validity{})), nil
		}}},
	},
}

// partFunctions are the functions named after one part.
var partFunctions = []Def{
	partDef("millennium", "The millennium.", "3"),
	partDef("century", "The century.", "21"),
	partDef("decade", "The year without its last digit.", "201"),
	partDef("year", "The year.", "2014"),
	partDef("isoyear", "The year that the week belongs to, as ISO 8601 counts it.", "2014"),
	partDef("quarter", "The quarter of the year.", "3"),
	partDef("month", "The month of the year.", "8"),
	partDef("week", "The week of the year as ISO 8601 counts it.", "34").also("weekofyear"),
	partDef("yearweek", "The year and week as ISO 8601 counts them, as one number.", "201434"),
	partDef("day", "The day of the month.", "22").also("dayofmonth"),
	partDef("dayofweek", "The day of the week, 0 being Sunday.", "5").also("weekday"),
	partDef("isodow", "The day of the week, 1 being Monday and 7 Sunday.", "5"),
	partDef("dayofyear", "The day of the year.", "234"),
	partDef("hour", "The hour of the day.", "17"),
	partDef("minute", "The minute of the hour.", "1"),
	partDef("second", "The second of the minute.", "26"),
	partDef("millisecond", "The milliseconds since the minute began.", "26375"),
	partDef("microsecond", "The microseconds since the minute began.", "26375374"),
	partDef("era", "1, or 0 for the years before 1, which are BC.", "1"),
	partDef("nanosecond", "The nanoseconds since the minute began.", "26375374738"),
}

func partDef(name, doc, result string) Def {
	p := dateParts[name]
	eval := func(c *Call, args []kernel.Vec, n int) (kernel.Vec, error) {
		zone := c.Env.Zone
		return kernel.MapFixed(args[0], BigInt, func(ns int64) int64 { return p.get(civilOf(ns, zone)) }), nil
	}
	ofDate := func(_ *Call, args []kernel.Vec, _ int) (kernel.Vec, error) {
		return kernel.MapFixed(args[0], BigInt, func(days int32) int64 { return p.get(civilOfDay(int64(days))) }), nil
	}
	ofTime := func(_ *Call, args []kernel.Vec, _ int) (kernel.Vec, error) {
		return kernel.MapFixed(args[0], BigInt, func(nanos int64) int64 { return p.get(civilOf(nanos, nil)) }), nil
	}
	example := name + "(TIMESTAMP '2014-08-22 17:01:26.375374738')"
	d := scalar(timeFamily, name, doc, example, result, sig(BigInt, eval, Timestamp), sig(BigInt, ofDate, Date))
	if p.ofClock() {
		d.Overloads = append(d.Overloads, sig(BigInt, ofTime, Time))
	}
	if p.ofInterval() {
		d.Overloads = append(d.Overloads, sig(BigInt, func(_ *Call, args []kernel.Vec, _ int) (kernel.Vec, error) {
			return kernel.MapFixed(args[0], BigInt, p.of), nil
		}, Interval))
	}
	return d
}

func civilOfDay(days int64) civil {
	c := civil{days: days}
	c.year, c.month, c.day = civilDate(days)
	return c
}

func inSeconds(_ *Call, args []kernel.Vec, _ int) (kernel.Vec, error) {
	return kernel.MapFixed(args[0], Double, func(ns int64) float64 {
		q, r := floorDiv(ns, nanosPerSecond)
		return float64(q) + float64(r)/nanosPerSecond
	}), nil
}

func secondsOfDays(_ *Call, args []kernel.Vec, _ int) (kernel.Vec, error) {
	return kernel.MapFixed(args[0], Double, func(days int32) float64 { return float64(days) * 86400 }), nil
}

// inUnits counts whole units, rounding towards zero.
func inUnits(unit int64) ScalarFunc {
	return func(_ *Call, args []kernel.Vec, _ int) (kernel.Vec, error) {
		if unit == 1 {
			return kernel.Vec{Array: kernel.Retype(args[0].Array, BigInt), Const: args[0].Const}, nil
		}
		return kernel.MapFixed(args[0], BigInt, func(ns int64) int64 {
			return ns / unit
		}), nil
	}
}

var errTimeRange = errors.New("the time is out of range: it must lie between 1677-09-22 and 2262-04-11")

// fromUnits makes timestamps or durations of whole numbers of a unit.
func fromUnits(unit int64) ScalarFunc {
	return func(c *Call, args []kernel.Vec, n int) (kernel.Vec, error) {
		return mapRows(c, args, n, func(x int64) (int64, bool, error) {
			ns := x * unit
			if ns/unit != x {
				return 0, false, rangeError(c.Ret)
			}
			return ns, true, nil
		})
	}
}

// fromSeconds makes timestamps or durations of numbers of a unit with a fraction.
func fromSeconds(unit float64) ScalarFunc {
	return func(c *Call, args []kernel.Vec, n int) (kernel.Vec, error) {
		return mapRows(c, args, n, func(x float64) (int64, bool, error) {
			whole, frac := math.Modf(x)
			ns := math.Round(frac * unit)
			if !(math.Abs(whole)*unit < 1<<63-unit) {
				return 0, false, rangeError(c.Ret)
			}
			return int64(whole)*int64(unit) + int64(ns), true, nil
		})
	}
}

func rangeError(dt arrow.DataType) error {
	if dt.ID() == arrow.DURATION {
		return errDurationRange
	}
	return errTimeRange
}

func durationDef(name, units string, unit int64) Def {
	result := FormatDuration(2 * unit)
	result = result[:len(result)-1] // as csv shows it: seconds without the unit
	return scalar(timeFamily, name, "The duration of so many "+units+".", name+"(2)", result,
		sig(Duration, fromUnits(unit), BigInt), sig(Duration, fromSeconds(float64(unit)), Double))
}

// eachPart computes something of times with a part that may differ from row to row.
func eachPart[A, R kernel.Fixed](c *Call, args []kernel.Vec, n int, find func(string) (*datePart, error), f func(p *datePart, x A) (R, bool, error)) (kernel.Vec, error) {
	if anyNullConst(args) {
		return nullOf(c), nil
	}
	names, x := textsOf(args[0]), numbersOf[A](args[1])
	cache := compiled[*datePart]{make: func(name, _ string) (*datePart, error) { return find(name) }}
	return fixedRows(c, args, n, func(i int) (R, bool, error) {
		p, err := cache.of(names.at(i), "")
		if err != nil {
			var zero R
			return zero, false, err
		}
		return f(p, x.at(i))
	})
}

func partOf(c *Call, args []kernel.Vec, n int) (kernel.Vec, error) {
	if p, ok := constantPart(args, findPart); ok {
		zone := c.Env.Zone
		return kernel.MapFixed(args[1], BigInt, func(ns int64) int64 { return p.get(civilOf(ns, zone)) }), nil
	}
	return eachPart(c, args, n, findPart, func(p *datePart, ns int64) (int64, bool, error) {
		return p.get(civilOf(ns, c.Env.Zone)), true, nil
	})
}

func partOfDate(c *Call, args []kernel.Vec, n int) (kernel.Vec, error) {
	return eachPart(c, args, n, findPart, func(p *datePart, days int32) (int64, bool, error) {
		return p.get(civilOfDay(int64(days))), true, nil
	})
}

func partOfTime(c *Call, args []kernel.Vec, n int) (kernel.Vec, error) {
	find := func(name string) (*datePart, error) {
		p, err := findPart(name)
		if err == nil && !p.ofClock() {
			return nil, fmt.Errorf("a TIME has no %s", p.name)
		}
		return p, err
	}
	return eachPart(c, args, n, find, func(p *datePart, nanos int64) (int64, bool, error) {
		return p.get(civilOf(nanos, nil)), true, nil
	})
}

// constantPart returns the part if it is the same for all rows and has no fault.
func constantPart(args []kernel.Vec, find func(string) (*datePart, error)) (*datePart, bool) {
	if !args[0].Const || anyNullConst(args) {
		return nil, false
	}
	p, err := find(kernel.StringsOf(args[0].Array).At(0))
	return p, err == nil
}

func truncTimestamp(c *Call, args []kernel.Vec, n int) (kernel.Vec, error) {
	if p, ok := constantPart(args, truncatable); ok && p.unit > 0 && p.unit <= nanosPerDay && c.Env.Zone == time.UTC {
		// Units up to the day begin at multiples of their length, but for the very first.
		var last span
		return mapRows(c, args[1:], n, func(ns int64) (int64, bool, error) {
			if last.holds(ns) {
				return last.from, true, nil
			}
			_, rest := floorDiv(ns, p.unit)
			if ns-rest > ns {
				return 0, false, errTimeRange
			}
			last = spanFrom(ns-rest, p.unit)
			return last.from, true, nil
		})
	}
	return eachPart(c, args, n, truncatable, func(p *datePart, ns int64) (int64, bool, error) {
		days, nanos := p.truncate(civilOf(ns, c.Env.Zone))
		out, ok := instant(days, nanos, c.Env.Zone)
		if !ok {
			return 0, false, errTimeRange
		}
		return out, true, nil
	})
}

// truncDuration leaves nothing of a duration above the day: it has no months.
func truncDuration(c *Call, args []kernel.Vec, n int) (kernel.Vec, error) {
	return eachPart(c, args, n, truncatable, func(p *datePart, ns int64) (int64, bool, error) {
		if p.months > 0 {
			return 0, true, nil
		}
		return ns - ns%p.unit, true, nil
	})
}

// span is the times from one on and before another. Times mostly follow each other, so
// what holds for one mostly holds for the next, which saves the division.
type span struct{ from, to int64 }

func spanFrom(from, length int64) span {
	if from > math.MaxInt64-length {
		return span{from, math.MaxInt64}
	}
	return span{from, from + length}
}

func (s span) holds(t int64) bool { return s.from <= t && t < s.to }

var errBucket = errors.New("the width of time_bucket must be greater than zero")

func timeBucket(c *Call, args []kernel.Vec, n int) (kernel.Vec, error) {
	if anyNullConst(args) {
		return nullOf(c), nil
	}
	monday, _ := instant(daysOf(2000, 1, 3), 0, c.Env.Zone)
	width, ts := numbersOf[int64](args[0]), numbersOf[int64](args[1])
	origin := orElse(args, 2, monday)
	if len(args) == 3 && args[2].DataType().ID() == arrow.DURATION {
		origin = numbersOf[int64](kernel.MapFixed(args[2], Duration, func(d int64) int64 { return monday + d }))
	}
	var last span
	var lastWidth, lastOrigin int64
	return fixedRows(c, args, n, func(i int) (int64, bool, error) {
		w, t, o := width.at(i), ts.at(i), origin.at(i)
		if w == lastWidth && o == lastOrigin && last.holds(t) {
			return last.from, true, nil
		}
		if w <= 0 {
			return 0, false, errBucket
		}
		// Take the origin into the bucket at zero first: t - o could overflow.
		_, shift := floorDiv(o, w)
		_, rest := floorDiv(t, w)
		if rest -= shift; rest < 0 {
			rest += w
		}
		if t-rest > t {
			return 0, false, errTimeRange
		}
		last, lastWidth, lastOrigin = spanFrom(t-rest, w), w, o
		return last.from, true, nil
	})
}

// bucketSigs are the signatures of time_bucket for one type of width.
func bucketSigs(width arrow.DataType, bucket ScalarFunc) []Overload {
	return []Overload{
		sig(Timestamp, bucket, width, Timestamp),
		sig(Timestamp, bucket, width, Timestamp, Timestamp),
		sig(Timestamp, bucket, width, Timestamp, width),
		sig(Date, bucketOfDates(bucket), width, Date),
		sig(Date, bucketOfDates(bucket), width, Date, Date),
		sig(Date, bucketOfDates(bucket), width, Date, width),
	}
}

// bucketOfDates is the day that the bucket of a date begins on; the origin may be a date
// too.
func bucketOfDates(bucket ScalarFunc) ScalarFunc {
	return func(c *Call, args []kernel.Vec, n int) (kernel.Vec, error) {
		times := slices.Clone(args)
		begins := &Call{Args: slices.Clone(c.Args), Ret: Timestamp, Env: c.Env}
		for i, a := range args {
			if a.DataType().ID() != arrow.DATE32 {
				continue
			}
			var err error
			if times[i], err = Cast(a, Timestamp, false, c.Env, n); err != nil {
				return kernel.Vec{}, err
			}
			begins.Args[i] = Timestamp
		}
		v, err := bucket(begins, times, n)
		if err != nil {
			return kernel.Vec{}, err
		}
		return Cast(v, Date, false, c.Env, n)
	}
}

func dateDiffPart(c *Call, args []kernel.Vec, n int) (kernel.Vec, error) {
	return measureFrom(c, args, n, func(p *datePart, a, b int64) (int64, error) {
		return p.between(civilOf(a, c.Env.Zone), civilOf(b, c.Env.Zone)), nil
	})
}

// measureFrom measures by what the first argument names from the date or time of the second to
// that of the third, in days or nanoseconds since 1970.
func measureFrom[T int32 | int64](c *Call, args []kernel.Vec, n int, measure func(p *datePart, a, b T) (int64, error)) (kernel.Vec, error) {
	if anyNullConst(args) {
		return nullOf(c), nil
	}
	names, from, to := textsOf(args[0]), numbersOf[T](args[1]), numbersOf[T](args[2])
	cache := compiled[*datePart]{make: func(name, _ string) (*datePart, error) { return truncatable(name) }}
	return fixedRows(c, args, n, func(i int) (int64, bool, error) {
		p, err := cache.of(names.at(i), "")
		if err != nil {
			return 0, false, err
		}
		x, err := measure(p, from.at(i), to.at(i))
		return x, err == nil, err
	})
}

// dateDiffDays is [dateDiffPart] of dates.
func dateDiffDays(c *Call, args []kernel.Vec, n int) (kernel.Vec, error) {
	return betweenDates(c, args, n, func(p *datePart, a, b civil) int64 { return p.between(a, b) })
}

func betweenDates(c *Call, args []kernel.Vec, n int, measure func(p *datePart, a, b civil) int64) (kernel.Vec, error) {
	return measureFrom(c, args, n, func(p *datePart, a, b int32) (int64, error) {
		return measure(p, civilOfDay(int64(a)), civilOfDay(int64(b))), nil
	})
}

func lastDay(c *Call, args []kernel.Vec, n int) (kernel.Vec, error) {
	return mapRows(c, args, n, func(days int32) (int32, bool, error) {
		y, m, _ := civilDate(int64(days))
		return int32(daysOf(y, m+1, 1) - 1), true, nil
	})
}

func daysInMonth(c *Call, args []kernel.Vec, n int) (kernel.Vec, error) {
	return mapRows(c, args, n, func(days int32) (int64, bool, error) {
		y, m, _ := civilDate(int64(days))
		return daysOf(y, m+1, 1) - daysOf(y, m, 1), true, nil
	})
}

// ofDay makes a function of a date one of timestamps.
func ofDay(f ScalarFunc) ScalarFunc {
	return func(c *Call, args []kernel.Vec, n int) (kernel.Vec, error) {
		days, err := Cast(args[0], Date, false, c.Env, n)
		if err != nil {
			return kernel.Vec{}, err
		}
		return f(c, []kernel.Vec{days}, n)
	}
}

// civilText are overloads for times and dates that have a text.
func civilText(f func(c civil) string) []Overload {
	ofTime := func(c *Call, args []kernel.Vec, n int) (kernel.Vec, error) {
		ts := numbersOf[int64](args[0])
		return textRows(c, args, n, func(b []byte, i int) ([]byte, bool, error) {
			return append(b, f(civilOf(ts.at(i), c.Env.Zone))...), true, nil
		})
	}
	ofDate := func(c *Call, args []kernel.Vec, n int) (kernel.Vec, error) {
		days := numbersOf[int32](args[0])
		return textRows(c, args, n, func(b []byte, i int) ([]byte, bool, error) {
			return append(b, f(civilOfDay(int64(days.at(i))))...), true, nil
		})
	}
	return []Overload{sig(Varchar, ofTime, Timestamp), sig(Varchar, ofDate, Date)}
}

func makeDate(c *Call, args []kernel.Vec, n int) (kernel.Vec, error) {
	y, m, d := numbersOf[int64](args[0]), numbersOf[int64](args[1]), numbersOf[int64](args[2])
	return fixedRows(c, args, n, func(i int) (int32, bool, error) {
		year, month, day := y.at(i), m.at(i), d.at(i)
		if year < -100000 || year > 100000 || month < 1 || month > 12 || day < 1 || day > int64(daysIn(int(year), int(month))) {
			return 0, false, fmt.Errorf("there is no day %d-%02d-%02d", year, month, day)
		}
		return int32(daysOf(int(year), int(month), int(day))), true, nil
	})
}
