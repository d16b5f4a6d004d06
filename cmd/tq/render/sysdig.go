package render

import (
	"fmt"
	"io"
	"strings"
	"sync"
	"time"

	"github.com/apache/arrow/go/v17/arrow"

	"tq/functions/kernel"
)

// sysdig writes events as the lines that sysdig itself prints:
//
//	num time cpu proc (tid) dir type args
//
// A result has these columns when it is of events; others it may have are not shown.
// Results of this format are whole captures: batches are made into lines side by side, and
// where nothing has been done to the events, straight from how they were recorded.
type sysdig struct {
	sink    *sink
	time    int   // the column with the time
	texts   []int // the other columns, as lineText numbers them
	err     error // why the result is none of events
	zone    *time.Location
	visible bool
	spare   spareLines
}

// lineText numbers the texts that a line consists of.
type lineText int

const (
	lineNum lineText = iota
	lineCPU
	lineProc
	lineTid
	lineDir
	lineType
	lineArgs
)

// lineColumns are the columns with these texts, and what they must be.
var lineColumns = [...]struct {
	name string
	kind string
	fits func(arrow.DataType) bool
}{
	lineNum:  {"num", "a whole number", isWhole},
	lineCPU:  {"cpu", "a whole number", isWhole},
	lineProc: {"proc", "text", isVarchar},
	lineTid:  {"tid", "a whole number", isWhole},
	lineDir:  {"dir", "text", isVarchar},
	lineType: {"type", "text", isVarchar},
	lineArgs: {"args", "text", isVarchar},
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
	w := &sysdig{sink: newSink(out), zone: o.zone(), visible: o.Terminal}
	var missing []string
	find := func(name, kind string, fits func(arrow.DataType) bool) int {
		i := columnNamed(schema, name)
		switch {
		case i < 0:
			missing = append(missing, name)
		case !fits(schema.Field(i).Type) && w.err == nil:
			w.err = fmt.Errorf("the format sysdig prints events, but column %s of the result is not %s", name, kind)
		}
		return i
	}
	w.time = find("ts", "a TIMESTAMP", isNanoseconds)
	for _, c := range lineColumns {
		w.texts = append(w.texts, find(c.name, c.kind, c.fits))
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

func (w *sysdig) Write(b Batch) error {
	write, err := w.Prepare(b)
	if err != nil {
		return err
	}
	return write()
}

// Prepare implements [Parallel].
func (w *sysdig) Prepare(b Batch) (write func() error, err error) {
	if w.err != nil {
		return nil, w.err
	}
	ts, err := b.Column(w.time)
	if err != nil {
		return nil, err
	}
	l := w.spare.take()
	l.clock.zone, l.visible = w.zone, w.visible
	err = b.Print(w.texts, func(texts []kernel.Text) {
		l.print(kernel.Values[int64](ts), kernel.ValidityOf(ts), texts)
	})
	return func() error {
		defer w.spare.give(l)
		return w.put(l.buf)
	}, err
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

// sysdigLines are the lines of a batch.
type sysdigLines struct {
	buf     []byte
	clock   clock
	visible bool
}

const (
	notAvailable = "<NA>"
	noTid        = "-1" // of events that belong to no thread
)

// print makes a line of each row.
func (l *sysdigLines) print(ts []int64, timed kernel.Validity, texts []kernel.Text) {
	dst := l.buf[:0]
	num, cpu, tid := texts[lineNum], texts[lineCPU], texts[lineTid]
	proc, dir := l.harmless(texts[lineProc]), l.harmless(texts[lineDir])
	typ, args := l.harmless(texts[lineType]), l.harmless(texts[lineArgs])
	for i, t := range ts {
		dst = append(orElse(num(dst, i), len(dst), notAvailable), ' ')
		if timed.Valid(i) {
			dst = append(l.appendTime(dst, t), ' ')
		} else {
			dst = append(dst, notAvailable+" "...)
		}
		dst = append(orElse(cpu(dst, i), len(dst), notAvailable), ' ')
		dst = append(orElse(proc(dst, i), len(dst), notAvailable), " ("...)
		dst = append(orElse(tid(dst, i), len(dst), noTid), ") "...)
		dst = append(dir(dst, i), ' ')
		dst = append(typ(dst, i), ' ')
		dst = append(args(dst, i), '\n')
	}
	l.buf = dst
}

// orElse appends a text where nothing was since dst had a length.
func orElse(dst []byte, mark int, text string) []byte {
	if len(dst) == mark {
		dst = append(dst, text...)
	}
	return dst
}

// harmless returns texts that do nothing to a terminal, if the lines go to one.
func (l *sysdigLines) harmless(text kernel.Text) kernel.Text {
	if !l.visible {
		return text
	}
	return func(dst []byte, row int) []byte { return appendVisible(dst, string(text(nil, row))) }
}

// appendTime writes the time of day.
func (l *sysdigLines) appendTime(dst []byte, t int64) []byte {
	sec, ns := floorDiv(t, second)
	dst = append(dst, l.clock.at(sec, "15:04:05.")...)
	return appendNanos(dst, ns)
}

// spareLines are lines that were written, to be used again: their buffers are large.
type spareLines struct {
	mu   sync.Mutex
	list []*sysdigLines
}

func (s *spareLines) take() *sysdigLines {
	s.mu.Lock()
	defer s.mu.Unlock()
	n := len(s.list) - 1
	if n < 0 {
		return new(sysdigLines)
	}
	l := s.list[n]
	s.list = s.list[:n]
	return l
}

func (s *spareLines) give(l *sysdigLines) {
	s.mu.Lock()
	defer s.mu.Unlock()
	s.list = append(s.list, l)
}
