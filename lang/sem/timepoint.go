package sem

import (
	"strings"
	"time"

	"github.com/apache/arrow/go/v17/arrow"

	"tq/functions"
	"tq/functions/kernel"
	"tq/lang/ast"
	"tq/lang/source"
)

// timePoint binds @17:01:26.375, a time of day in the session's zone on the day of the
// capture's first event, and @+12.5s, a time since that event. A time of day that lies
// before the capture, but in it on the next day, is that of the next day.
func (b *binder) timePoint(e *ast.Literal) Expr {
	first, last, ok := b.env.Catalog.TimeRange()
	if !ok {
		b.fail(e.Span(), "@%s refers to the time of a capture, but no capture with events is loaded", e.Text)
		return nil
	}
	if after, ok := strings.CutPrefix(e.Text, "+"); ok {
		d, ok := b.nanoseconds(after, functions.Duration, e.Span())
		if !ok {
			return nil
		}
		return timestampConst(first+d, e.Span())
	}
	ofDay, ok := b.nanoseconds(e.Text, functions.Time, e.Span())
	if !ok {
		return nil
	}
	y, m, d := time.Unix(0, first).In(b.env.zone()).Date()
	clock := time.Duration(ofDay)
	at := func(day int) int64 {
		return time.Date(y, m, day, int(clock.Hours()), int(clock.Minutes())%60, int(clock.Seconds())%60,
			int(clock%time.Second), b.env.zone()).UnixNano()
	}
	point := at(d)
	if next := at(d + 1); point < first && next <= last {
		point = next
	}
	return timestampConst(point, e.Span())
}

// nanoseconds reads a duration or a time of day.
func (b *binder) nanoseconds(text string, typ arrow.DataType, at source.Span) (int64, bool) {
	c, ok := b.fromText(text, typ, at).(*Const)
	if !ok {
		return 0, false
	}
	ns, ok := kernel.Value(c.Value, 0).(int64)
	return ns, ok
}

func timestampConst(ns int64, at source.Span) *Const {
	return &Const{Typed: Typed{functions.Timestamp, at}, Value: kernel.OfTimestamp(ns)}
}
