package functions

import (
	"fmt"
	"strconv"
	"strings"
	"time"

	"tq/functions/kernel"
)

var (
	dayNames   = [...]string{"Sunday", "Monday", "Tuesday", "Wednesday", "Thursday", "Friday", "Saturday"}
	monthNames = [...]string{
		"January", "February", "March", "April", "May", "June", "July",
		"August", "September", "October", "November", "December",
	}
)

// strftime is the body for either order of the arguments.
func strftime(time, format int) ScalarFunc {
	return func(c *Call, args []kernel.Vec, n int) (kernel.Vec, error) {
		if anyNullConst(args) {
			return nullOf(c), nil
		}
		ts, formats := numbersOf[int64](args[time]), textsOf(args[format])
		return textRows(c, args, n, func(b []byte, i int) ([]byte, bool, error) {
			b, err := appendFormatted(b, formats.at(i), ts.at(i), c.Env.Zone)
			return b, true, err
		})
	}
}

// appendFormatted writes a time in a format of strftime. A minus behind the % leaves
// out zeros in front.
func appendFormatted(b []byte, format string, ns int64, zone *time.Location) ([]byte, error) {
	c := civilOf(ns, zone)
	for i := 0; i < len(format); i++ {
		if format[i] != '%' {
			b = append(b, format[i])
			continue
		}
		i++
		plain := i < len(format) && format[i] == '-'
		if plain {
			i++
		}
		if i >= len(format) {
			return nil, fmt.Errorf("the format %q ends with a %%", format)
		}
		number := func(x, width int) []byte {
			if plain {
				width = 1
			}
			return appendPadded(b, uint64(x), width)
		}
		switch format[i] {
		case 'a':
			b = append(b, dayNames[weekday(c.days)][:3]...)
		case 'A':
			b = append(b, dayNames[weekday(c.days)]...)
		case 'w':
			b = number(int(weekday(c.days)), 1)
		case 'u':
			b = number(int((weekday(c.days)+6)%7+1), 1)
		case 'd':
			b = number(c.day, 2)
		case 'b', 'h':
			b = append(b, monthNames[c.month-1][:3]...)
		case 'B':
			b = append(b, monthNames[c.month-1]...)
		case 'm':
			b = number(c.month, 2)
		case 'y':
			b = number(c.year%100, 2)
		case 'Y':
			b = strconv.AppendInt(b, int64(c.year), 10)
		case 'G':
			y, _ := isoWeek(c.days)
			b = strconv.AppendInt(b, int64(y), 10)
		case 'V':
			_, w := isoWeek(c.days)
			b = number(w, 2)
		case 'U':
			b = number(int(c.days-daysOf(c.year, 1, 1)+7-weekday(c.days))/7, 2)
		case 'W':
			b = number(int(c.days-daysOf(c.year, 1, 1)+7-(weekday(c.days)+6)%7)/7, 2)
		case 'j':
			b = number(int(c.days-daysOf(c.year, 1, 1))+1, 3)
		case 'H':
			b = number(c.hour, 2)
		case 'I':
			b = number((c.hour+11)%12+1, 2)
		case 'p':
			b = append(b, "AMPM"[c.hour/12*2:c.hour/12*2+2]...)
		case 'M':
			b = number(c.min, 2)
		case 'S':
			b = number(c.sec, 2)
		case 'g':
			b = number(c.nano/1000000, 3)
		case 'f':
			b = number(c.nano/1000, 6)
		case 'n':
			b = number(c.nano, 9)
		case 'z':
			b = appendOffset(b, zoneOffset(zone, ns)/nanosPerSecond)
		case 'Z':
			if zone == nil {
				zone = time.UTC
			}
			name, _ := time.Unix(0, ns).In(zone).Zone()
			b = append(b, name...)
		case 'c':
			b = appendClock(append(AppendDate(b, c.days), ' '), c.nanosOfDay-int64(c.nano))
		case 'x':
			b = AppendDate(b, c.days)
		case 'X', 'T':
			b = appendClock(b, c.nanosOfDay-int64(c.nano))
		case '%':
			b = append(b, '%')
		default:
			return nil, fmt.Errorf("the format %q has the unknown %%%c", format, format[i])
		}
	}
	return b, nil
}

// appendOffset writes an offset of a zone as +hhmm or, with whole hours, +hh.
func appendOffset(b []byte, secs int64) []byte {
	sign := byte('+')
	if secs < 0 {
		sign, secs = '-', -secs
	}
	b = appendPadded(append(b, sign), uint64(secs/3600), 2)
	if secs%3600 != 0 {
		b = appendPadded(append(b, ':'), uint64(secs/60%60), 2)
	}
	return b
}

func strptime(c *Call, args []kernel.Vec, n int) (kernel.Vec, error) {
	s, formats := textsOf(args[0]), textsOf(args[1])
	return fixedRows(c, args, n, func(i int) (int64, bool, error) {
		ns, err := parseFormatted(s.at(i), formats.at(i), c.Env.Zone)
		return ns, true, err
	})
}

// anyFormat reads texts in the first of a list of formats that fits; with try it is NULL if
// none does, else an error.
func anyFormat(try bool) ScalarFunc {
	return func(c *Call, args []kernel.Vec, n int) (kernel.Vec, error) {
		if anyNullConst(args) {
			return nullOf(c), nil
		}
		s, lists := textsOf(args[0]), ListsOf(args[1], rowCount(args, n))
		formats := kernel.StringsOf(lists.Values)
		return fixedRows(c, args, n, func(i int) (int64, bool, error) {
			err := fmt.Errorf("%q has none of the formats", s.at(i))
			from, to := lists.At(i)
			for k := from; k < to; k++ {
				ns, ok, bad := orNull(parseFormatted(s.at(i), formats.At(int(k)), c.Env.Zone))
				if ok || bad != nil {
					return ns, ok, bad
				}
			}
			if try {
				err = nil
			}
			return 0, false, err
		})
	}
}

// readTime is a time as far as it has been read.
type readTime struct {
	year, month, day, dayOfYear int
	hour, min, sec, nano        int
	half                        int // 1 for AM, 2 for PM
	offset                      int64
	zoned                       bool
}

// formatMismatch is the error of a text that does not have a format.
type formatMismatch struct{ text, format string }

func (m *formatMismatch) Error() string {
	return fmt.Sprintf("%q does not have the format %q", m.text, m.format)
}

// orNull makes what a text does not show NULL; what is wrong with the format stays an error.
func orNull(ns int64, err error) (int64, bool, error) {
	if _, ok := err.(*formatMismatch); ok || err == errTimeRange {
		return 0, false, nil
	}
	return ns, true, err
}

// parseFormatted reads a time that was written in a format of strftime.
func parseFormatted(text, format string, zone *time.Location) (int64, error) {
	t := readTime{year: 1900, month: 1, day: 1}
	bad := &formatMismatch{text, format}
	s := strings.TrimLeft(text, " ")
	for i := 0; i < len(format); i++ {
		if format[i] != '%' {
			var ok bool
			if s, ok = cutByte(s, format[i]); !ok {
				return 0, bad
			}
			continue
		}
		i++
		if i < len(format) && format[i] == '-' {
			i++
		}
		if i >= len(format) {
			return 0, fmt.Errorf("the format %q ends with a %%", format)
		}
		rest, ok, known := t.read(s, format[i])
		if !known {
			return 0, fmt.Errorf("the format %q has %%%c, which cannot be read", format, format[i])
		}
		if !ok {
			return 0, bad
		}
		s = rest
	}
	if strings.TrimSpace(s) != "" {
		return 0, bad
	}
	return t.instant(zone, bad)
}

// read reads what one letter of a format stands for.
func (t *readTime) read(s string, letter byte) (rest string, ok, known bool) {
	number := func(to *int, digits int) (string, bool, bool) {
		x, rest, ok := scanInt(s, digits)
		*to = x
		return rest, ok, true
	}
	switch letter {
	case 'Y':
		return number(&t.year, 4)
	case 'y':
		rest, ok, _ := number(&t.year, 2)
		if t.year += 1900; t.year < 1969 {
			t.year += 100
		}
		return rest, ok, true
	case 'm':
		return number(&t.month, 2)
	case 'd':
		return number(&t.day, 2)
	case 'j':
		return number(&t.dayOfYear, 3)
	case 'H', 'I':
		return number(&t.hour, 2)
	case 'M':
		return number(&t.min, 2)
	case 'S':
		return number(&t.sec, 2)
	case 'g':
		return t.readFraction(s, 3)
	case 'f':
		return t.readFraction(s, 6)
	case 'n':
		return t.readFraction(s, 9)
	case 'b', 'B', 'h':
		month := 0
		rest, ok := cutName(s, monthNames[:], &month)
		t.month = month + 1
		return rest, ok, true
	case 'a', 'A':
		day := 0
		rest, ok := cutName(s, dayNames[:], &day)
		return rest, ok, true
	case 'p':
		rest, ok := cutName(s, []string{"AM", "PM"}, &t.half)
		t.half++
		return rest, ok, true
	case 'z':
		if s == "" {
			return s, false, true
		}
		offset, rest, err := scanOffset(s)
		t.offset, t.zoned = offset, true
		return rest, err == nil, true
	case '%':
		rest, ok := cutByte(s, '%')
		return rest, ok, true
	}
	return s, false, false
}

func (t *readTime) readFraction(s string, digits int) (rest string, ok, known bool) {
	n := 0
	for n < len(s) && n < digits && isDigit(s[n]) {
		n++
	}
	nanos, err := scaleDecimal("", s[:n], nanosPerSecond)
	t.nano = int(nanos)
	return s[n:], n > 0 && err == nil, true
}

// cutName cuts one of some names, or its first three letters, off a text.
func cutName(s string, names []string, which *int) (string, bool) {
	for i, name := range names {
		for _, form := range []string{name, name[:min(3, len(name))]} {
			if len(s) >= len(form) && strings.EqualFold(s[:len(form)], form) {
				*which = i
				return s[len(form):], true
			}
		}
	}
	return s, false
}

func (t *readTime) instant(zone *time.Location, bad error) (int64, error) {
	if t.half > 0 {
		if t.hour < 1 || t.hour > 12 {
			return 0, bad
		}
		t.hour = t.hour%12 + 12*(t.half-1)
	}
	if t.month < 1 || t.month > 12 || t.day < 1 || t.day > daysIn(t.year, t.month) || t.hour > 23 || t.min > 59 || t.sec > 59 {
		return 0, bad
	}
	days := daysOf(t.year, t.month, t.day)
	if t.dayOfYear > 0 {
		days = daysOf(t.year, 1, 1) + int64(t.dayOfYear) - 1
	}
	if t.zoned {
		zone = nil
	}
	nanos := int64(t.hour*3600+t.min*60+t.sec)*nanosPerSecond + int64(t.nano)
	ns, ok := instant(days, nanos, zone)
	if !ok {
		return 0, errTimeRange
	}
	return ns - t.offset, nil
}
