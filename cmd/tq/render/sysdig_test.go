package render

import (
	"bytes"
	"strings"
	"sync"
	"testing"
	"time"

	"github.com/apache/arrow/go/v17/arrow"
)

const eventColumns = "capture,num,ts,cpu,proc,pid,tid,dir,type,res,args"

// someEvents makes the shown columns of three events.
func someEvents() batch {
	int64s, int32s, text := arrow.PrimitiveTypes.Int64, arrow.PrimitiveTypes.Int32, arrow.BinaryTypes.String
	return batch{
		build(dictText, "a", "a", "a"),
		build(int64s, 8, 10, 1_000_000),
		build(timestamp, 1408726886_375374738, 1408726886_999999999, 1408726887_000000001),
		build(int32s, 3, 0, nil),
		build(dictText, "keepalived", "", nil),
		build(int64s, 7, nil, nil),
		build(int64s, 7, 0, nil),
		build(dictText, ">", "<", ">"),
		build(dictText, "sendmsg", "getpid", "useradded"),
		build(dictText, nil, nil, nil),
		build(text, "fd=4 size=20", "", "name=\x1b"),
	}
}

func TestSysdigLines(t *testing.T) {
	f := func(o Options, want string) {
		t.Helper()
		if got := draw(t, "sysdig", eventColumns, o, someEvents()); got != want {
			t.Errorf("got\n%swant\n%s", got, want)
		}
	}
	f(Options{}, "8 17:01:26.375374738 3 keepalived (7) > sendmsg fd=4 size=20\n"+
		"10 17:01:26.999999999 0 <NA> (0) < getpid \n"+
		"1000000 17:01:27.000000001 <NA> <NA> (-1) > useradded name=\x1b\n")
	f(Options{NoHeader: true, Terminal: true, Zone: time.FixedZone("", 3600)},
		"8 18:01:26.375374738 3 keepalived (7) > sendmsg fd=4 size=20\n"+
			"10 18:01:26.999999999 0 <NA> (0) < getpid \n"+
			"1000000 18:01:27.000000001 <NA> <NA> (-1) > useradded name=\\x1b\n")
}

// TestSysdigPrepare makes the lines of several batches at the same time and writes them in
// their order, again and again.
func TestSysdigPrepare(t *testing.T) {
	const batches, rounds = 4, 3
	var got, want strings.Builder
	schema := fieldsOf(eventColumns, someEvents())
	w := newSysdig(&got, schema, Options{}).(Parallel)
	for round := range rounds {
		var all sync.WaitGroup
		var writes [batches]func() error
		for i := range writes {
			b := someEvents()
			num := round*batches + i
			b[1] = build(arrow.PrimitiveTypes.Int64, num, num, num)
			want.WriteString(draw(t, "sysdig", eventColumns, Options{}, b))
			all.Go(func() {
				var err error
				if writes[i], err = w.Prepare(b); err != nil {
					t.Error(err)
				}
			})
		}
		all.Wait()
		for _, write := range writes {
			if err := write(); err != nil {
				t.Fatal(err)
			}
		}
	}
	if err := w.Close(); err != nil {
		t.Fatal(err)
	}
	if got.String() != want.String() {
		t.Errorf("got\n%swant\n%s", got.String(), want.String())
	}
}

// TestSysdigNeedsEvents checks that a result of something else is refused, even when it
// is empty.
func TestSysdigNeedsEvents(t *testing.T) {
	f := func(names string, b batch, want string) {
		t.Helper()
		w := newSysdig(new(bytes.Buffer), fieldsOf(names, b), Options{})
		if err := w.Write(b); err == nil || err.Error() != want {
			t.Errorf("Write: %v, want %s", err, want)
		}
		if err := w.Close(); err == nil || err.Error() != want {
			t.Errorf("Close: %v, want %s", err, want)
		}
	}
	all := someEvents()
	f("num,ts", all[1:3], "the format sysdig prints events, but the result has no column cpu, proc, tid, dir, type, args; SELECT * FROM events has them all")
	all[2] = all[1]
	f(eventColumns, all, "the format sysdig prints events, but column ts of the result is not a TIMESTAMP")
	all = someEvents()
	all[6] = all[4]
	f(eventColumns, all, "the format sysdig prints events, but column tid of the result is not a whole number")
}
