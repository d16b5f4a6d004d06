package functions

import (
	"errors"
	"fmt"
	"math"
	"strconv"
	"strings"
	"time"
)

const (
	nanosPerSecond = 1_000_000_000
	nanosPerDay    = 86400 * nanosPerSecond
)

// civil is a point of time as calendar and clock show it in some zone.
type civil struct {
	year             int
	month, day       int
	hour, min, sec   int
	nano             int
	days, nanosOfDay int64 // the same, as days since 1970-01-01 and ns since midnight
}

// floorDiv divides rounding down; b is positive.
func floorDiv(a, b int64) (quo, rem int64) {
	quo, rem = a/b, a%b
	if rem < 0 {
		quo, rem = quo-1, rem+b
	}
	return quo, rem
}

// zoneOffset returns what to add to nanoseconds since the epoch to get the clock of the
// zone; nil and UTC are fast.
func zoneOffset(zone *time.Location, ns int64) int64 {
	if zone == nil || zone == time.UTC {
		return 0
	}
	_, offset := time.Unix(0, ns).In(zone).Zone()
	return int64(offset) * nanosPerSecond
}

// civilOf returns the calendar and clock of nanoseconds since the epoch.
func civilOf(ns int64, zone *time.Location) civil {
	days, rest := floorDiv(ns, nanosPerDay)
	if off := zoneOffset(zone, ns); off != 0 {
		var carry int64
		carry, rest = floorDiv(rest+off, nanosPerDay)
		days += carry
	}
	c := civil{days: days, nanosOfDay: rest}
	c.year, c.month, c.day = civilDate(days)
	secs := int(rest / nanosPerSecond)
	c.hour, c.min, c.sec, c.nano = secs/3600, secs/60%60, secs%60, int(rest%nanosPerSecond)
	return c
}

// civilDate returns the date that lies some days after 1970-01-01, in the Gregorian
// calendar extended to all times.
func civilDate(days int64) (year, month, day int) {
	era, doe := floorDiv(days+719468, 146097)
	yoe := (doe - doe/1460 + doe/36524 - doe/146096) / 365
	doy := doe - (365*yoe + yoe/4 - yoe/100)
	mp := (5*doy + 2) / 153
	day = int(doy - (153*mp+2)/5 + 1)
	month = int(mp) + 3
	if month > 12 {
		month -= 12
	}
	year = int(yoe + era*400)
	if month <= 2 {
		year++
	}
	return year, month, day
}

// daysOf is the inverse of civilDate; the month may be any number.
func daysOf(year, month, day int) int64 {
	q, m := floorDiv(int64(month-1), 12)
	y, m := int64(year)+q, m+1
	if m <= 2 {
		y--
	}
	era, yoe := floorDiv(y, 400)
	mp := (m + 9) % 12
	doy := (153*mp+2)/5 + int64(day) - 1
	doe := yoe*365 + yoe/4 - yoe/100 + doy
	return era*146097 + doe - 719468
}

// instant returns the nanoseconds since the epoch at which the clock of a zone shows
// some days since 1970-01-01 and nanoseconds since midnight; ok is false outside
// the years 1677 to 2262. Where the zone's clock was set back, the first such instant.
func instant(days, nanosOfDay int64, zone *time.Location) (ns int64, ok bool) {
	if days < -106752 || days > 106752 {
		return 0, false
	}
	if days < 0 { // keep the product in range: the last day of the past is a part day
		days, nanosOfDay = days+1, nanosOfDay-nanosPerDay
	}
	base := days * nanosPerDay
	ns = base + nanosOfDay
	if days > 0 && ns < 0 && nanosOfDay > 0 || days < 0 && ns > 0 {
		return 0, false
	}
	if zone == nil || zone == time.UTC {
		return ns, true
	}
	y, m, d := civilDate(days)
	t := time.Date(y, time.Month(m), d, 0, 0, 0, 0, time.UTC).Add(time.Duration(nanosOfDay))
	t = time.Date(t.Year(), t.Month(), t.Day(), t.Hour(), t.Minute(), t.Second(), t.Nanosecond(), zone)
	if s := t.Unix(); s <= math.MinInt64/nanosPerSecond || s >= math.MaxInt64/nanosPerSecond {
		return 0, false
	}
	return t.UnixNano(), true
}

func daysIn(year, month int) int {
	switch month {
	case 4, 6, 9, 11:
		return 30
	case 2:
		if year%4 == 0 && (year%100 != 0 || year%400 == 0) {
			return 29
		}
		return 28
	}
	return 31
}

var errDate = errors.New("expected a date as in 2014-08-22")

// scanDate reads year-month-day, before Christ with (BC) behind it, and returns what
// follows.
func scanDate(s string) (days int64, rest string, err error) {
	negative := false
	if s != "" && s[0] == '-' {
		negative, s = true, s[1:]
	}
	year, s, ok1 := scanInt(s, 6)
	sep := byte('-')
	if s != "" && s[0] == '/' {
		sep = '/'
	}
	s, ok2 := cutByte(s, sep)
	month, s, ok3 := scanInt(s, 2)
	s, ok4 := cutByte(s, sep)
	day, s, ok5 := scanInt(s, 2)
	if !ok1 || !ok2 || !ok3 || !ok4 || !ok5 {
		return 0, "", errDate
	}
	if after, ok := strings.CutPrefix(s, " (BC)"); ok && !negative {
		year, s = 1-year, after
	}
	if negative {
		year = -year
	}
	if month < 1 || month > 12 || day < 1 || day > daysIn(year, month) {
		return 0, "", fmt.Errorf("there is no day %d-%02d-%02d", year, month, day)
	}
	return daysOf(year, month, day), s, nil
}

// scanClock reads hour:minute[:second[.fraction]] and returns what follows. Digits
// below the nanosecond are cut off.
func scanClock(s string) (nanos int64, rest string, err error) {
	bad := errors.New("expected a time of day as in 17:01:26.375")
	hour, s, ok1 := scanInt(s, 2)
	s, ok2 := cutByte(s, ':')
	minute, s, ok3 := scanInt(s, 2)
	if !ok1 || !ok2 || !ok3 {
		return 0, "", bad
	}
	second := 0
	if after, ok := cutByte(s, ':'); ok {
		if second, s, ok = scanInt(after, 2); !ok {
			return 0, "", bad
		}
		if after, ok := cutByte(s, '.'); ok {
			digits := 0
			for digits < len(after) && isDigit(after[digits]) {
				digits++
			}
			part, err := scaleDecimal("", after[:digits], nanosPerSecond)
			if digits == 0 || err != nil {
				return 0, "", bad
			}
			nanos, s = int64(part), after[digits:]
		}
	}
	if hour > 23 || minute > 59 || second > 59 {
		return 0, "", bad
	}
	return nanos + int64(hour*3600+minute*60+second)*nanosPerSecond, s, nil
}

func scanInt(s string, maxDigits int) (n int, rest string, ok bool) {
	i := 0
	for i < len(s) && i < maxDigits && isDigit(s[i]) {
		n = n*10 + int(s[i]-'0')
		i++
	}
	return n, s[i:], i > 0
}

func cutByte(s string, c byte) (rest string, ok bool) {
	if s != "" && s[0] == c {
		return s[1:], true
	}
	return s, false
}

// ParseTimestamp reads a date, a time after a blank or T, and Z, an offset as in +02:00 or
// the name of a zone; without one the given zone's clock is meant.
func ParseTimestamp(s string, zone *time.Location) (int64, error) {
	text := s
	s = strings.TrimSpace(s)
	days, s, err := scanDate(s)
	if err != nil {
		return 0, fmt.Errorf("%q is not a timestamp: %w", text, err)
	}
	var nanos int64
	if s != "" && (s[0] == ' ' || s[0] == 'T' || s[0] == 't') {
		if nanos, s, err = scanClock(strings.TrimLeft(s[1:], " ")); err != nil {
			return 0, fmt.Errorf("%q is not a timestamp: %w", text, err)
		}
	}
	s = strings.TrimSpace(s)
	offset := int64(0)
	if s != "" {
		if named, err := LoadZone(s); err == nil {
			zone = named
		} else if offset, s, err = scanOffset(s); err != nil || s != "" {
			return 0, fmt.Errorf("%q is not a timestamp: unexpected %q at its end", text, s)
		} else {
			zone = time.UTC
		}
	}
	ns, ok := instant(days, nanos, zone)
	shifted := ns - offset
	if !ok || offset > 0 && shifted > ns || offset < 0 && shifted < ns {
		return 0, fmt.Errorf("the timestamp %q is out of range: it must lie between 1677-09-22 and 2262-04-11", text)
	}
	return shifted, nil
}

// LoadZone finds a zone by its name, such as Europe/Berlin or UTC.
func LoadZone(name string) (*time.Location, error) {
	zone, err := time.LoadLocation(name)
	if err != nil || name == "" || name == "Local" {
		return nil, fmt.Errorf("there is no time zone %q; zones are named as in Europe/Berlin", name)
	}
	return zone, nil
}

// scanOffset reads Z, UTC, ±hh, ±hhmm or ±hh:mm.
func scanOffset(s string) (nanos int64, rest string, err error) {
	switch {
	case s == "Z" || s == "z":
		return 0, "", nil
	case strings.EqualFold(s, "UTC"):
		return 0, "", nil
	case s[0] != '+' && s[0] != '-':
		return 0, s, errors.New("expected an offset")
	}
	hours, rest, ok := scanInt(s[1:], 2)
	if !ok {
		return 0, s, errors.New("expected an offset")
	}
	if after, found := cutByte(rest, ':'); found {
		rest = after
	}
	minutes, rest, _ := scanInt(rest, 2)
	if hours > 18 || minutes > 59 {
		return 0, s, errors.New("expected an offset")
	}
	nanos = int64(hours*3600+minutes*60) * nanosPerSecond
	if s[0] == '-' {
		nanos = -nanos
	}
	return nanos, rest, nil
}

// appendTimestamp writes 2014-08-22 17:01:26.375374738 as the zone's clock shows it,
// without zeros at the end of the fraction.
func appendTimestamp(b []byte, ns int64, zone *time.Location) []byte {
	c := civilOf(ns, zone)
	b = AppendDate(b, c.days)
	b = append(b, ' ')
	return appendClock(b, c.nanosOfDay)
}

// AppendOffset writes by how much a zone is ahead of UTC at a time: +00, -05, +05:30.
func AppendOffset(b []byte, ns int64, zone *time.Location) []byte {
	seconds := zoneOffset(zone, ns) / nanosPerSecond
	if seconds < 0 {
		b, seconds = append(b, '-'), -seconds
	} else {
		b = append(b, '+')
	}
	b = appendPadded(b, uint64(seconds/3600), 2)
	for rest := seconds % 3600; rest > 0; rest = rest % 60 * 60 {
		b = appendPadded(append(b, ':'), uint64(rest/60), 2)
	}
	return b
}

// AppendDate writes a day, counted from 1970: 2014-08-22, or 0044-03-15 (BC).
func AppendDate(b []byte, days int64) []byte {
	year, month, day := civilDate(days)
	bc := year <= 0
	if bc {
		year = 1 - year
	}
	b = appendPadded(b, uint64(year), 4)
	b = append(b, '-')
	b = appendPadded(b, uint64(month), 2)
	b = append(b, '-')
	b = appendPadded(b, uint64(day), 2)
	if bc {
		b = append(b, " (BC)"...)
	}
	return b
}

func appendClock(b []byte, nanos int64) []byte {
	secs, frac := uint64(nanos)/nanosPerSecond, uint64(nanos)%nanosPerSecond
	b = appendPadded(b, secs/3600, 2)
	b = append(b, ':')
	b = appendPadded(b, secs/60%60, 2)
	b = append(b, ':')
	b = appendPadded(b, secs%60, 2)
	if frac == 0 {
		return b
	}
	b = append(b, '.')
	b = appendPadded(b, frac, 9)
	for b[len(b)-1] == '0' {
		b = b[:len(b)-1]
	}
	return b
}

func appendUint(b []byte, u uint64) []byte { return strconv.AppendUint(b, u, 10) }

// appendPadded writes a number with at least width digits.
func appendPadded(b []byte, u uint64, width int) []byte {
	at := len(b)
	b = strconv.AppendUint(b, u, 10)
	if missing := width - (len(b) - at); missing > 0 {
		b = append(b, "000000000"[:missing]...)
		copy(b[at+missing:], b[at:])
		for i := range missing {
			b[at+i] = '0'
		}
	}
	return b
}
