package functions

import (
	"errors"
	"fmt"
	"math"
	"math/bits"
	"strings"
	"unicode"
)

// unitNanos are the units of durations. Months and years have no fixed length.
var unitNanos = map[string]uint64{
	"ns": 1, "nanosecond": 1, "nanoseconds": 1,
	"us": 1e3, "µs": 1e3, "μs": 1e3, "microsecond": 1e3, "microseconds": 1e3,
	"ms": 1e6, "msec": 1e6, "msecs": 1e6, "millisecond": 1e6, "milliseconds": 1e6,
	"s": 1e9, "sec": 1e9, "secs": 1e9, "second": 1e9, "seconds": 1e9,
	"m": 60e9, "min": 60e9, "mins": 60e9, "minute": 60e9, "minutes": 60e9,
	"h": 3600e9, "hr": 3600e9, "hrs": 3600e9, "hour": 3600e9, "hours": 3600e9,
	"d": 86400e9, "day": 86400e9, "days": 86400e9,
	"w": 7 * 86400e9, "week": 7 * 86400e9, "weeks": 7 * 86400e9,
}

var errDurationRange = errors.New("duration out of range: it must be shorter than 292 years")

// ParseDuration reads a duration in nanoseconds: numbers with units as in 1.5h, 250ms,
// "1 hour 30 minutes", or a clock as in 01:30:00.25, "2 days 01:30:00". A sign holds for
// what follows, up to the next one. Digits below the nanosecond are cut off. It reads what
// [FormatDuration] writes, and what a DURATION is as VARCHAR.
func ParseDuration(s string) (int64, error) {
	rest := strings.TrimSpace(s)
	var sums [2]uint64 // of what is added and of what is subtracted
	sign, parts := 0, 0
	for ; rest != ""; parts++ {
		if rest[0] == '-' || rest[0] == '+' {
			sign = 0
			if rest[0] == '-' {
				sign = 1
			}
			rest = strings.TrimSpace(rest[1:])
		}
		part, after, err := durationPart(rest)
		if err != nil {
			if errors.Is(err, errDurationRange) {
				return 0, err
			}
			return 0, fmt.Errorf("%q is not a duration: %w", s, err)
		}
		var carry uint64
		if sums[sign], carry = bits.Add64(sums[sign], part, 0); carry != 0 {
			return 0, errDurationRange
		}
		rest = strings.TrimSpace(after)
	}
	switch plus, minus := sums[0], sums[1]; {
	case parts == 0:
		return 0, fmt.Errorf("%q is not a duration", s)
	case minus > plus && minus-plus <= 1<<63:
		return -int64(minus - plus), nil
	case minus > plus || plus-minus > math.MaxInt64:
		return 0, errDurationRange
	default:
		return int64(plus - minus), nil
	}
}

// durationPart reads one number with its unit, or a clock.
func durationPart(s string) (nanos uint64, rest string, err error) {
	whole, frac, n := scanDecimal(s)
	if n == 0 {
		return 0, "", fmt.Errorf("expected a number at %q", s)
	}
	if n < len(s) && s[n] == ':' && frac == "" {
		return clockPart(s)
	}
	unit := strings.TrimSpace(s[n:])
	end := strings.IndexFunc(unit, func(r rune) bool { return !unicode.IsLetter(r) })
	if end < 0 {
		end = len(unit)
	}
	rest, unit = unit[end:], unit[:end]
	if unit == "" {
		return 0, "", errors.New("a number needs a unit, as in 5s or 250ms")
	}
	scale, ok := unitNanos[strings.ToLower(unit)]
	switch {
	case ok:
	case strings.HasPrefix(strings.ToLower(unit), "month"), strings.HasPrefix(strings.ToLower(unit), "year"):
		return 0, "", fmt.Errorf("a %s has no fixed length", strings.TrimSuffix(strings.ToLower(unit), "s"))
	default:
		return 0, "", fmt.Errorf("there is no unit %q", unit)
	}
	nanos, err = scaleDecimal(whole, frac, scale)
	return nanos, rest, err
}

// clockPart reads hours:minutes[:seconds[.fraction]].
func clockPart(s string) (nanos uint64, rest string, err error) {
	scale := uint64(3600e9)
	for i := 0; ; i++ {
		whole, frac, n := scanDecimal(s)
		if n == 0 || frac != "" && i < 2 || i > 0 && len(whole) > 2 {
			return 0, "", errors.New("a clock is hours:minutes:seconds")
		}
		part, err := scaleDecimal(whole, frac, scale)
		if err != nil {
			return 0, "", err
		}
		if i > 0 && part >= 60*scale {
			return 0, "", errors.New("minutes and seconds are less than 60")
		}
		var carry uint64
		if nanos, carry = bits.Add64(nanos, part, 0); carry != 0 {
			return 0, "", errDurationRange
		}
		s, scale = s[n:], scale/60
		if i == 2 || s == "" || s[0] != ':' {
			return nanos, s, nil
		}
		s = s[1:]
	}
}

// scanDecimal splits the digits that s begins with, and says how long they are.
func scanDecimal(s string) (whole, frac string, n int) {
	for n < len(s) && isDigit(s[n]) {
		n++
	}
	whole = s[:n]
	if n < len(s) && s[n] == '.' {
		end := n + 1
		for end < len(s) && isDigit(s[end]) {
			end++
		}
		if frac = s[n+1 : end]; whole == "" && frac == "" {
			return "", "", 0
		}
		n = end
	}
	return whole, frac, n
}

func isDigit(c byte) bool { return '0' <= c && c <= '9' }

// scaleDecimal returns whole.frac × scale, exactly but for what is below one.
func scaleDecimal(whole, frac string, scale uint64) (uint64, error) {
	var units uint64
	for i := range len(whole) {
		hi, lo := bits.Mul64(units, 10)
		var carry uint64
		if units, carry = bits.Add64(lo, uint64(whole[i]-'0'), 0); hi != 0 || carry != 0 {
			return 0, errDurationRange
		}
	}
	hi, nanos := bits.Mul64(units, scale)
	if hi != 0 {
		return 0, errDurationRange
	}
	var digits, divisor uint64 = 0, 1
	for i := 0; i < len(frac) && i < 18; i++ {
		digits, divisor = digits*10+uint64(frac[i]-'0'), divisor*10
	}
	hi, lo := bits.Mul64(digits, scale)
	part, _ := bits.Div64(hi, lo, divisor)
	sum, carry := bits.Add64(nanos, part, 0)
	if carry != 0 {
		return 0, errDurationRange
	}
	return sum, nil
}

// FormatDuration writes nanoseconds as seconds with nine digits and the unit, such as
// 5.035431870s: a literal of the language, and what [ParseDuration] reads.
func FormatDuration(ns int64) string { return string(appendDuration(nil, ns)) }

func appendDuration(b []byte, ns int64) []byte {
	u := uint64(ns)
	if ns < 0 {
		b, u = append(b, '-'), -u
	}
	b = appendUint(b, u/1e9)
	b = append(b, '.')
	b = appendPadded(b, u%1e9, 9)
	return append(b, 's')
}
