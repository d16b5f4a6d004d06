package render

import (
	"time"

	"github.com/apache/arrow/go/v17/arrow"

	"tq/functions"
	"tq/functions/digits"
)

const second = int64(time.Second)

// clock writes time stamps of one zone. Rows of a trace mostly share their second with
// the row before, so its text is kept.
type clock struct {
	zone   *time.Location
	sec    int64
	text   []byte // date and time of day to the second; nil at first
	offset string // the zone's offset then, as RFC 3339 writes it
}

// at returns the text of a second.
func (c *clock) at(sec int64, layout string) []byte {
	if c.text == nil || sec != c.sec {
		t := time.Unix(sec, 0).In(c.zone)
		c.sec, c.text = sec, t.AppendFormat(c.text[:0], layout)
		c.offset = t.Format("Z07:00")
	}
	return c.text
}

// timestamps writes what the zone's clock shows; of TIMESTAMPTZ, and in JSON, with the
// zone's offset.
func (c *column) timestamps(values []int64, typ *arrow.TimestampType) {
	layout, quote := "2006-01-02 15:04:05", false
	if c.how.json {
		layout, quote = "2006-01-02T15:04:05", true
	}
	scale := int64(typ.Unit.Multiplier())
	perSecond := second / scale
	for i, v := range values {
		began := len(c.own.text)
		sec, rest := floorDiv(v, perSecond)
		if quote {
			c.own.text = append(c.own.text, '"')
		}
		c.own.text = append(c.own.text, c.clock.at(sec, layout)...)
		c.own.text = appendNanos(append(c.own.text, '.'), rest*scale)
		if quote {
			c.own.text = append(append(c.own.text, c.clock.offset...), '"')
		} else if typ.TimeZone != "" {
			c.own.text = functions.AppendOffset(c.own.text, v*scale, c.clock.zone)
		}
		c.own.end(i, began)
	}
}

func (c *column) durations(values []int64, unit arrow.TimeUnit) {
	scale := int64(unit.Multiplier())
	for i, v := range values {
		began := len(c.own.text)
		if c.how.scaled {
			c.own.text = functions.AppendScaled(c.own.text, v*scale)
		} else {
			c.own.text = appendSeconds(c.own.text, v*scale)
		}
		c.own.end(i, began)
	}
}

// intervals writes the text that is read back as the same interval: 1 month 3 days.
func (c *column) intervals(values []arrow.MonthDayNanoInterval) {
	for i, v := range values {
		began := len(c.own.text)
		if c.how.json {
			c.own.text = append(c.own.text, '"')
		}
		c.own.text = functions.AppendInterval(c.own.text, v)
		if c.how.json {
			c.own.text = append(c.own.text, '"')
		}
		c.own.end(i, began)
	}
}

func (c *column) times(values []int64, unit arrow.TimeUnit) {
	scale := int64(unit.Multiplier())
	for i, v := range values {
		began := len(c.own.text)
		c.own.text = c.quoted(time.Unix(0, v*scale).UTC(), "15:04:05.999999999")
		c.own.end(i, began)
	}
}

func (c *column) dates(days []int32) {
	for i, d := range days {
		began := len(c.own.text)
		if c.how.json {
			c.own.text = append(c.own.text, '"')
		}
		c.own.text = functions.AppendDate(c.own.text, int64(d))
		if c.how.json {
			c.own.text = append(c.own.text, '"')
		}
		c.own.end(i, began)
	}
}

// quoted appends a time to the column's text, in JSON as a string.
func (c *column) quoted(t time.Time, layout string) []byte {
	if !c.how.json {
		return t.AppendFormat(c.own.text, layout)
	}
	return append(t.AppendFormat(append(c.own.text, '"'), layout), '"')
}

// appendSeconds writes nanoseconds as seconds with nine digits.
func appendSeconds(dst []byte, ns int64) []byte {
	u := uint64(ns)
	if ns < 0 {
		dst, u = append(dst, '-'), -u
	}
	dst = digits.AppendUint(dst, u/uint64(second))
	return appendNanos(append(dst, '.'), int64(u%uint64(second)))
}

// Duration writes a length of time as tables do: 5.035 s.
func Duration(d time.Duration) string { return string(functions.AppendScaled(nil, int64(d))) }

// appendNanos writes a fraction of a second with nine digits.
func appendNanos(dst []byte, ns int64) []byte {
	const pairs = "0001020304050607080910111213141516171819" +
		"2021222324252627282930313233343536373839" +
		"4041424344454647484950515253545556575859" +
		"6061626364656667686970717273747576777879" +
		"8081828384858687888990919293949596979899"
	u := uint32(ns)
	a, b := u/10_000_000, u%10_000_000/100_000*2
	c, d := u%100_000/1000*2, u%1000
	e := d % 100 * 2
	return append(dst, byte('0'+a/10), byte('0'+a%10),
		pairs[b], pairs[b+1], pairs[c], pairs[c+1], byte('0'+d/100), pairs[e], pairs[e+1])
}

// floorDiv divides rounding down; the rest is never negative.
func floorDiv(a, b int64) (quotient, rest int64) {
	quotient, rest = a/b, a%b
	if rest < 0 {
		quotient, rest = quotient-1, rest+b
	}
	return quotient, rest
}
