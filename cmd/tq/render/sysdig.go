package render

import (
	"fmt"
	"io"
	"maps"
	"runtime"
	"slices"
	"strconv"
	"strings"
	"sync"

	"github.com/apache/arrow/go/v17/arrow"

	"tq/functions/kernel"
)

// sysdig writes events as the lines that sysdig itself prints:
//
//	num time cpu proc (tid) dir type args
//
// A result has these columns when it is of events; others it may have are not shown.
// Lines are written straight from the arrays, without cells between, by all processors:
// results of this format are whole captures.
type sysdig struct {
	sink   *sink
	at     map[string]int // the columns by name
	err    error          // why the result is none of events
	pieces []sysdigPiece  // of a batch, one for each processor

	visible bool
}

// sysdigPiece is some lines of a batch. Its buffer serves one batch after the other.
type sysdigPiece struct {
	clock clock
	buf   []byte
}

// pieceRows is from how many lines on another processor is worth its while.
const pieceRows = 4096

// sysdigColumns are the columns that a line is made of, with what they must be.
var sysdigColumns = []struct {
	name string
	kind string
	fits func(arrow.DataType) bool
}{
	{"num", "a whole number", isWhole},
	{"ts", "a TIMESTAMP", isNanoseconds},
	{"cpu", "a whole number", isWhole},
	{"proc", "text", isVarchar},
	{"tid", "a whole number", isWhole},
	{"dir", "text", isVarchar},
	{"type", "text", isVarchar},
	{"args", "text", isVarchar},
}

func isWhole(dt arrow.DataType) bool {
	return dt.ID() == arrow.INT64 || dt.ID() == arrow.INT32
}

func isNanoseconds(dt arrow.DataType) bool {
	t, ok := dt.(*arrow.TimestampType)
	return ok && t.Unit == arrow.Nanosecond
}

func isVarchar(dt arrow.DataType) bool {
	return dt.ID() == arrow.STRING || dt.ID() == arrow.DICTIONARY
}

func newSysdig(out io.Writer, schema *arrow.Schema, o Options) Writer {
	w := &sysdig{
		sink: newSink(out), at: make(map[string]int), visible: o.Terminal,
		pieces: make([]sysdigPiece, runtime.GOMAXPROCS(0)),
	}
	for i := range w.pieces {
		w.pieces[i].clock.zone = o.zone()
	}
	var missing []string
	for _, c := range sysdigColumns {
		i := columnNamed(schema, c.name)
		switch {
		case i < 0:
			missing = append(missing, c.name)
		case !c.fits(schema.Field(i).Type) && w.err == nil:
			w.err = fmt.Errorf("the format sysdig prints events, but column %s of the result is not %s", c.name, c.kind)
		}
		w.at[c.name] = i
	}
	if len(missing) > 0 {
		w.err = fmt.Errorf("the format sysdig prints events, but the result has no column %s; SELECT * FROM events has them all",
			strings.Join(missing, ", "))
	}
	return w
}

// columnNamed returns the place of a column, or -1.
func columnNamed(schema *arrow.Schema, name string) int {
	for i, f := range schema.Fields() {
		if strings.EqualFold(f.Name, name) {
			return i
		}
	}
	return -1
}

// Reads implements [Selective].
func (w *sysdig) Reads() []int {
	if w.err != nil {
		return nil
	}
	return slices.Collect(maps.Values(w.at))
}

func (w *sysdig) Write(b Batch) error {
	if w.err != nil {
		return w.err
	}
	l := sysdigLines{visible: w.visible}
	if err := w.load(b, &l); err != nil {
		return err
	}
	rows := b.NumRows()
	n := max(min(len(w.pieces), rows/pieceRows), 1)
	var all sync.WaitGroup
	for i := range n {
		p, from, to := &w.pieces[i], i*rows/n, (i+1)*rows/n
		work := func() { p.buf = l.append(p.buf[:0], &p.clock, from, to) }
		if i == n-1 {
			work()
		} else {
			all.Go(work)
		}
	}
	all.Wait()
	for i := range n {
		if err := w.put(w.pieces[i].buf); err != nil {
			return err
		}
	}
	return nil
}

// put writes lines: many at once, few with the next.
func (w *sysdig) put(lines []byte) error {
	if len(lines) < sinkSize {
		w.sink.buf = append(w.sink.buf, lines...)
		return w.sink.passOn()
	}
	if err := w.sink.flush(); err != nil {
		return err
	}
	_, w.sink.err = w.sink.out.Write(lines)
	return w.sink.err
}

func (w *sysdig) Close() error {
	if w.err != nil {
		return w.err
	}
	return w.sink.flush()
}

func (w *sysdig) load(b Batch, l *sysdigLines) (err error) {
	column := func(name string) arrow.Array {
		if err != nil {
			return nil
		}
		var a arrow.Array
		a, err = b.Column(w.at[name])
		return a
	}
	l.num, l.cpu, l.tid = numbersOf(column("num")), numbersOf(column("cpu")), numbersOf(column("tid"))
	l.proc, l.dir = textsOf(column("proc")), textsOf(column("dir"))
	l.typ, l.args = textsOf(column("type")), textsOf(column("args"))
	if ts := column("ts"); ts != nil {
		l.ts, l.timed = kernel.Values[int64](ts), kernel.ValidityOf(ts)
	}
	return err
}

// sysdigLines are the columns of a batch.
type sysdigLines struct {
	num, cpu, tid        numbers
	proc, dir, typ, args texts
	ts                   []int64
	timed                kernel.Validity

	visible bool
}

// append writes the lines of rows i … j-1.
func (l *sysdigLines) append(dst []byte, clock *clock, i, j int) []byte {
	for ; i < j; i++ {
		dst = append(l.num.append(dst, i, notAvailable), ' ')
		dst = append(l.appendTime(dst, clock, i), ' ')
		dst = append(l.cpu.append(dst, i, notAvailable), ' ')
		mark := len(dst)
		if dst = l.appendText(dst, &l.proc, i); len(dst) == mark {
			dst = append(dst, notAvailable...)
		}
		dst = append(dst, " ("...)
		dst = append(l.tid.append(dst, i, noTid), ") "...)
		dst = append(l.appendText(dst, &l.dir, i), ' ')
		dst = append(l.appendText(dst, &l.typ, i), ' ')
		dst = append(l.appendText(dst, &l.args, i), '\n')
	}
	return dst
}

const (
	notAvailable = "<NA>"
	noTid        = "-1" // of events that belong to no thread
)

// appendTime writes the time of day.
func (l *sysdigLines) appendTime(dst []byte, clock *clock, i int) []byte {
	if l.timed.Nulls > 0 && !l.timed.Valid(i) {
		return append(dst, notAvailable...)
	}
	sec, ns := floorDiv(l.ts[i], second)
	dst = append(dst, clock.at(sec, "15:04:05.")...)
	return appendNanos(dst, ns)
}

func (l *sysdigLines) appendText(dst []byte, t *texts, i int) []byte {
	if t.valid.Nulls > 0 && !t.valid.Valid(i) {
		return dst
	}
	if l.visible {
		return appendVisible(dst, t.At(i))
	}
	return append(dst, t.Bytes(i)...)
}

// texts is a column of VARCHAR.
type texts struct {
	kernel.Strings
	valid kernel.Validity
}

func textsOf(a arrow.Array) texts {
	if a == nil {
		return texts{}
	}
	return texts{kernel.StringsOf(a), kernel.ValidityOf(a)}
}

// numbers is a column of INTEGER or BIGINT.
type numbers struct {
	wide   []int64
	narrow []int32 // instead of wide
	valid  kernel.Validity
}

func numbersOf(a arrow.Array) numbers {
	switch {
	case a == nil:
		return numbers{}
	case a.DataType().ID() == arrow.INT32:
		return numbers{narrow: kernel.Values[int32](a), valid: kernel.ValidityOf(a)}
	}
	return numbers{wide: kernel.Values[int64](a), valid: kernel.ValidityOf(a)}
}

func (n *numbers) append(dst []byte, i int, null string) []byte {
	switch {
	case n.valid.Nulls > 0 && !n.valid.Valid(i):
		return append(dst, null...)
	case n.wide != nil:
		return strconv.AppendInt(dst, n.wide[i], 10)
	}
	return strconv.AppendInt(dst, int64(n.narrow[i]), 10)
}
