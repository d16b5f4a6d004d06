package transcript

import (
	"bytes"
	"math"
	"time"
)

// stamp is the time of a line as printed. Of a time of day alone, the day is not known.
type stamp struct {
	ns    int64 // since the epoch; without a date since midnight
	dated bool
}

const (
	second = int64(time.Second)
	hour   = int64(time.Hour)
	day    = 24 * hour
)

// findTime finds the first time at or behind from, which a blank must follow: a time of
// day, maybe with a date, or seconds with nine decimals as the options for absolute and
// relative times print them. Behind a colon, less than three digits are no such seconds.
// It returns where the time starts and ends.
func findTime(text []byte, from int) (at int, t stamp, end int, ok bool) {
	for i := from; i+8 <= len(text); i++ {
		if !isDigit(text[i]) {
			continue
		}
		if i == 0 || !isDigit(text[i-1]) {
			if t, n := seconds(text[i:]); n > 0 && (i == 0 || text[i-1] != ':' || t.ns >= 100*second) {
				return i, t, i + n, true
			}
		}
		t, n := timeOfDay(text[i:])
		if n == 0 {
			continue
		}
		at, end = i, i+n
		if date, m := dateBefore(text[:i]); m > 0 {
			offset, k := zone(text[end:])
			at, end = i-m, end+k
			t = stamp{max(date+t.ns-offset, 0), true}
		}
		if end < len(text) && isBlank(text[end]) {
			return at, t, end, true
		}
	}
	return 0, stamp{}, 0, false
}

// hasTime reports whether a text that may be a name has a time in it.
func hasTime(name []byte) bool {
	if !bytes.ContainsAny(name, blanks) {
		return false
	}
	_, _, _, ok := findTime(name, 0)
	return ok
}

// timeOfDay reads HH:MM:SS with up to nine decimals and returns its length, or 0.
func timeOfDay(text []byte) (stamp, int) {
	if len(text) < 8 || text[2] != ':' || text[5] != ':' {
		return stamp{}, 0
	}
	h, n1 := digits(text[0:2])
	m, n2 := digits(text[3:5])
	s, n3 := digits(text[6:8])
	if n1 != 2 || n2 != 2 || n3 != 2 || h > 23 || m > 59 || s > 60 {
		return stamp{}, 0
	}
	frac, n := decimals(text[8:])
	return stamp{ns: h*hour + (m*60+s)*second + frac}, 8 + n
}

// decimals reads a point and up to nine decimals as nanoseconds.
func decimals(text []byte) (ns int64, n int) {
	if len(text) < 2 || text[0] != '.' || !isDigit(text[1]) {
		return 0, 0
	}
	unit := second
	for n = 1; n < len(text) && n <= 9 && isDigit(text[n]); n++ {
		unit /= 10
		ns += int64(text[n]-'0') * unit
	}
	return ns, n
}

// seconds reads seconds with nine decimals, or nanoseconds since the epoch, and returns the
// length, or 0.
func seconds(text []byte) (stamp, int) {
	s, n := digits(text)
	if n == len("1408726886375374738") && n < len(text) && isBlank(text[n]) {
		return stamp{s, true}, n
	}
	if n == 0 || s >= math.MaxInt64/second {
		return stamp{}, 0
	}
	frac, m := decimals(text[n:])
	if m != 10 || n+m >= len(text) || !isBlank(text[n+m]) {
		return stamp{}, 0
	}
	return stamp{s*second + frac, true}, n + m
}

// dateBefore reads the date that ends a text, YYYY-MM-DD and a blank or a T, and returns
// the length, or 0.
func dateBefore(text []byte) (ns int64, n int) {
	const layout = "2006-01-02"
	n = len(layout) + 1
	if len(text) < n {
		return 0, 0
	}
	text = text[len(text)-n:]
	if sep := text[n-1]; !isBlank(sep) && sep != 'T' || text[4] != '-' {
		return 0, 0
	}
	t, err := time.Parse(layout, string(text[:n-1]))
	if err != nil || t.Year() < 1970 || t.Year() > 2261 {
		return 0, 0
	}
	return t.UnixNano(), n
}

// zone reads the zone of a time, Z or an offset such as +0000 or +00:00, and returns the
// length, or 0.
func zone(text []byte) (offset int64, n int) {
	if len(text) == 0 {
		return 0, 0
	}
	if text[0] == 'Z' {
		return 0, 1
	}
	for _, layout := range [...]string{"-0700", "-07:00"} {
		if len(text) < len(layout) {
			break
		}
		if t, err := time.Parse(layout, string(text[:len(layout)])); err == nil {
			_, s := t.Zone()
			return int64(s) * second, len(layout)
		}
	}
	return 0, 0
}

// isSpans reports whether the times of lines, which are in order, are spans since the line
// before, as an option of readers prints them: short, and about every second shorter than
// the one before. Spans since the first event ascend but for a few.
func isSpans(lines []line) bool {
	shorter := 0
	for i := range lines {
		t := lines[i].time
		if !t.dated || t.ns > day {
			return false
		}
		if i > 0 && t.ns < lines[i-1].time.ns {
			shorter++
		}
	}
	return 4*shorter > len(lines)
}

// calendar gives times of day their dates, line after line.
type calendar struct {
	day  int64 // of the line before
	last int64 // its time of day
}

// fallsBack is how much earlier than the line before a line is that belongs to the next
// day. Less is due to events of several CPUs that are not quite in order, or to clocks
// that are put back in autumn.
const fallsBack = hour

// time returns the time of the next line since the epoch.
func (c *calendar) time(t stamp) int64 {
	if t.dated {
		c.last = t.ns % day
		c.day = t.ns - c.last
		return t.ns
	}
	if t.ns < c.last-fallsBack {
		c.day += day
	}
	c.last = t.ns
	return c.day + t.ns
}

// newCalendar returns a calendar for lines in their order: it starts on the day of the
// first one that has a date, or else at the epoch.
func newCalendar(lines []line) calendar {
	for i := range lines {
		if t := lines[i].time; t.dated {
			return calendar{day: t.ns - t.ns%day}
		}
	}
	return calendar{}
}
