package functions

import (
	"fmt"
	"strings"
)

// datePart is a field of calendar or clock.
type datePart struct {
	name string
	get  func(c civil) int64
	// unit is the length of one in nanoseconds, or months how many of them one has;
	// neither is set for parts that nothing can be truncated to.
	unit   int64
	months int
}

// dateParts are the parts by all their names.
var dateParts = func() map[string]*datePart {
	list := []struct {
		part  datePart
		names string
	}{
		{datePart{get: func(c civil) int64 { return floorYears(c.year, 1000) }, months: 12000}, "millennium millennia millenium mil mils"},
		{datePart{get: func(c civil) int64 { return floorYears(c.year, 100) }, months: 1200}, "century centuries cent c"},
		{datePart{get: func(c civil) int64 { return int64(c.year / 10) }, months: 120}, "decade decades dec decs"},
		{datePart{get: func(c civil) int64 { return int64(c.year) }, months: 12}, "year years y yr yrs"},
		{datePart{get: func(c civil) int64 { y, _ := isoWeek(c.days); return int64(y) }}, "isoyear"},
		{datePart{get: func(c civil) int64 { return int64(c.month-1)/3 + 1 }, months: 3}, "quarter quarters"},
		{datePart{get: func(c civil) int64 { return int64(c.month) }, months: 1}, "month months mon mons"},
		{datePart{get: func(c civil) int64 { _, w := isoWeek(c.days); return int64(w) }, unit: 7 * nanosPerDay}, "week weeks w weekofyear"},
		{datePart{get: yearWeek}, "yearweek"},
		{datePart{get: func(c civil) int64 { return int64(c.day) }, unit: nanosPerDay}, "day days d dayofmonth"},
		{datePart{get: func(c civil) int64 { return weekday(c.days) }}, "dow dayofweek weekday"},
		{datePart{get: func(c civil) int64 { return (weekday(c.days)+6)%7 + 1 }}, "isodow"},
		{datePart{get: func(c civil) int64 { return c.days - daysOf(c.year, 1, 1) + 1 }}, "doy dayofyear"},
		{datePart{get: func(c civil) int64 { return int64(c.hour) }, unit: 3600 * nanosPerSecond}, "hour hours h hr hrs"},
		{datePart{get: func(c civil) int64 { return int64(c.min) }, unit: 60 * nanosPerSecond}, "minute minutes m min mins"},
		{datePart{get: func(c civil) int64 { return int64(c.sec) }, unit: nanosPerSecond}, "second seconds s sec secs"},
		{datePart{get: func(c civil) int64 { return int64(c.sec)*1000 + int64(c.nano)/1000000 }, unit: 1000000}, "millisecond milliseconds ms msec msecs"},
		{datePart{get: func(c civil) int64 { return int64(c.sec)*1000000 + int64(c.nano)/1000 }, unit: 1000}, "microsecond microseconds us usec usecs"},
		{datePart{get: func(c civil) int64 { return int64(c.sec)*nanosPerSecond + int64(c.nano) }, unit: 1}, "nanosecond nanoseconds ns nsec nsecs"},
		{datePart{get: func(c civil) int64 { return min(1, max(0, int64(c.year))) }}, "era"},
	}
	out := map[string]*datePart{}
	for i := range list {
		names := strings.Fields(list[i].names)
		list[i].part.name = names[0]
		for _, name := range names {
			out[name] = &list[i].part
		}
	}
	return out
}()

func findPart(name string) (*datePart, error) {
	if p, ok := dateParts[strings.ToLower(name)]; ok {
		return p, nil
	}
	if strings.EqualFold(name, "epoch") {
		return nil, fmt.Errorf("the seconds since 1970 are not a whole number: write epoch(x)")
	}
	return nil, fmt.Errorf("there is no part of time %q; there are year, quarter, month, week, day, hour, minute, second, millisecond, microsecond, nanosecond and others", name)
}

// truncatable returns the part if there is something to truncate to.
func truncatable(name string) (*datePart, error) {
	p, err := findPart(name)
	if err == nil && p.unit == 0 && p.months == 0 {
		return nil, fmt.Errorf("a time cannot be truncated to its %s", p.name)
	}
	return p, err
}

// ofClock reports whether the part is one of the time of day.
func (p *datePart) ofClock() bool { return p.unit > 0 && p.unit < nanosPerDay }

// floorYears numbers centuries and millennia, of which the first begins with year 1.
func floorYears(year, by int) int64 {
	if year > 0 {
		return int64(year-1)/int64(by) + 1
	}
	return int64(year)/int64(by) - 1
}

// weekday is 0 for Sunday.
func weekday(days int64) int64 {
	_, r := floorDiv(days+4, 7)
	return r
}

// isoWeek returns the year and week that a day lies in: weeks begin on Monday, the first
// has the year's first Thursday.
func isoWeek(days int64) (year, week int) {
	thursday := days - (weekday(days)+6)%7 + 3
	year, _, _ = civilDate(thursday)
	return year, int(thursday-daysOf(year, 1, 1))/7 + 1
}

// yearWeek is the year and week of ISO 8601 as one number.
func yearWeek(c civil) int64 {
	year, week := isoWeek(c.days)
	if year < 0 {
		week = -week
	}
	return int64(year*100 + week)
}

// truncate returns days and nanoseconds of the day of the beginning of the part.
func (p *datePart) truncate(c civil) (days, nanos int64) {
	switch {
	case p.months > 0:
		first, _ := floorDiv(int64(c.year)*12+int64(c.month-1), int64(p.months))
		y, m := floorDiv(first*int64(p.months), 12)
		return daysOf(int(y), int(m)+1, 1), 0
	case p.unit == 7*nanosPerDay:
		return c.days - (weekday(c.days)+6)%7, 0
	case p.unit == nanosPerDay:
		return c.days, 0
	}
	return c.days, c.nanosOfDay - c.nanosOfDay%p.unit
}

// between counts the boundaries between two times; weeks are seven days from the first.
func (p *datePart) between(a, b civil) int64 {
	if p.unit == 7*nanosPerDay {
		return (b.days - a.days) / 7
	}
	return p.index(b) - p.index(a)
}

// index numbers the parts of the calendar but weeks: the difference of two is how many
// boundaries lie between.
func (p *datePart) index(c civil) int64 {
	switch {
	case p.months >= 12: // years before Christ are rounded towards zero, as DuckDB does
		return int64(c.year / (p.months / 12))
	case p.months > 0:
		return (int64(c.year)*12 + int64(c.month-1)) / int64(p.months)
	case p.unit >= nanosPerDay:
		return c.days
	}
	return c.days*(nanosPerDay/p.unit) + c.nanosOfDay/p.unit
}
