package storage

import (
	"context"
	"fmt"
	"io"
	"slices"
	"strings"
	"testing"

	"tq/functions/kernel"
	"tq/storage/scap"
)

// allColumns are the columns of a table, also hidden and dotted ones.
func allColumns(catalog *Catalog, table string) []string {
	t, _ := catalog.Table(table)
	var columns []string
	for _, f := range t.Schema().Fields() {
		columns = append(columns, f.Name)
	}
	if table == "events" {
		for _, c := range eventFields {
			columns = append(columns, c.name)
		}
	}
	if table == "events" || table == "syscalls" {
		for _, param := range []string{"fd", "size", "name", "path", "tuple", "fds", "next", "res", "data"} {
			columns = append(columns, argPrefix+param)
		}
	}
	return slices.DeleteFunc(columns, func(c string) bool { return c == "load_time" })
}

// expectSame checks that scans of the captures of a catalog yield the same rows when they
// are expected.
func expectSame(t *testing.T, plain *Catalog, scans ...Expected) {
	t.Helper()
	var paths []string
	told := NewCatalog()
	defer told.Close()
	for _, c := range plain.Captures() {
		paths = append(paths, c.path)
		if err := told.AddCapture(c.name, c.path); err != nil {
			t.Fatal(err)
		}
	}
	told.Expect(scans)
	for _, s := range scans {
		want := scanAll(t, plain, s.Table, s.ScanOptions)
		got := scanAll(t, told, s.Table, s.ScanOptions)
		if got.n != want.n {
			t.Errorf("%v %s %+v: %d rows, want %d", paths, s.Table, s.Preds, got.n, want.n)
			continue
		}
		for _, c := range s.Columns {
			for i := range want.n {
				if want.text(c, i) != got.text(c, i) || want.columns[c].IsNull(i) != got.columns[c].IsNull(i) {
					t.Errorf("%v %s %+v: %s of row %d is %q, want %q",
						paths, s.Table, s.Preds, c, i, got.text(c, i), want.text(c, i))
					break
				}
			}
		}
	}
	for _, c := range told.Captures() {
		if len(c.readings) > 1 {
			t.Errorf("%v %+v: %s was read %d times", paths, scans, c.name, len(c.readings))
		}
	}
}

func in(column string, values ...string) Pred {
	b := kernel.NewStringBuilder(len(values))
	for _, v := range values {
		b.Append(v)
	}
	return Pred{column, PredIn, finish(b, varchar)}
}

// TestExpectedPreds pushes predicates on each column that storage understands, and on
// some that it does not, into the reading of one capture and of several.
func TestExpectedPreds(t *testing.T) {
	one, both := open(t, "tour-old.scap"), open(t, "tour-new.scap", "tour-old.scap")
	columns := []string{"capture", "num", "ts", "cpu", "proc", "pid", "tid", "dir", "type", "fd", "fd_name", "res", "args", "latency", "utid", "upid"}
	for _, preds := range [][]Pred{
		nil,
		{textPred("type", "openat")},
		{textPred("evt.type", "switch"), textPred("proc", "")},
		{textPred("type", "nothing such")},
		{textPred("dir", ">")},
		{textPred("dir", "<"), {"type", PredNe, kernel.OfString("switch")}},
		{in("type", "read", "write", "clock_nanosleep", "sendto")},
		{{"type", PredGt, kernel.OfString("r")}, {"type", PredLe, kernel.OfString("sendto")}},
		{textPred("proc", "bash")},
		{textPred("proc", "")},
		{{"proc", PredNe, kernel.OfString("bash")}, textPred("dir", "<")},
		{textPred("proc.name", "bash"), textPred("type", "close")},
		{in("proc", "python3", "sh", "nobody")},
		{intPred("tid", PredEq, 0)},
		{intPred("tid", PredGt, 30604), textPred("type", "close")},
		{intPred("thread.tid", PredNe, 0)},
		{intPred("tid", PredEq, -5)},
		{intPred("pid", PredGt, 30604)},
		{intPred("proc.pid", PredLe, 30604), textPred("evt.dir", "<")},
		{intPred("cpu", PredEq, 1)},
		{intPred("evt.cpu", PredGe, 7)},
		{intPred("num", PredGe, 1000), intPred("num", PredLt, 2000)},
		{intPred("evt.num", PredEq, 4711)},
		{{"ts", PredLe, kernel.OfTimestamp(1795420139500000000)}},
		{{"ts", PredGt, kernel.OfTimestamp(1795420139500000000)}, textPred("dir", "<"), intPred("cpu", PredEq, 0)},
		{intPred("evt.rawtime", PredGe, 1795420142500000000)},
		{textPred("fd_name", "/etc/passwd"), textPred("type", "openat")},
		{textPred("res", "ENOENT")},
		{intPred("fd", PredEq, 3), textPred("proc", "python3")},
	} {
		expectSame(t, one, Expected{"events", ScanOptions{Columns: columns, Preds: preds}})
		expectSame(t, both, Expected{"events", ScanOptions{Columns: columns, Preds: preds}})
	}
}

// TestExpectedColumns asks for columns one by one, so that each is built from as little
// state as it says to need.
func TestExpectedColumns(t *testing.T) {
	for _, path := range []string{"tour-old.scap", "tour-new.scap"} {
		catalog := open(t, path)
		for _, c := range allColumns(catalog, "events") {
			expectSame(t, catalog, Expected{"events", ScanOptions{Columns: []string{c}}})
		}
		for _, typ := range []string{"recvfrom", "sendto", "openat", "poll", "clone", "switch", "chdir", "fcntl", "mmap", "newfstatat"} {
			expectSame(t, catalog, Expected{"events", ScanOptions{
				Columns: []string{"args", "arg.name", "arg.fd"}, Preds: []Pred{textPred("type", typ)},
			}})
		}
		for _, table := range catalog.TableNames() {
			if table != "events" {
				expectSame(t, catalog, Expected{table, ScanOptions{Columns: allColumns(catalog, table)}})
			}
		}
		for _, table := range []string{"syscalls", "sched"} {
			for _, c := range allColumns(catalog, table) {
				expectSame(t, catalog, Expected{table, ScanOptions{Columns: []string{c}}})
			}
		}
	}
}

// TestExpectedDirectory follows a thread into a directory that it has opened.
func TestExpectedDirectory(t *testing.T) {
	m := newMaker()
	m.event(1, 7, 0, scap.SyscallOpenX, u64(3), []byte("/opened\x00"), u32(0), u32(0))
	m.event(2, 7, 0, scap.SyscallFchdirE, u64(3))
	m.event(3, 7, 0, scap.SyscallFchdirX, u64(0))
	m.event(4, 7, 0, scap.SyscallAccessX, u64(0), []byte("here\x00"))
	catalog := NewCatalog()
	defer catalog.Close()
	if err := catalog.AddCapture("", write(t, "made.scap", m.data)); err != nil {
		t.Fatal(err)
	}
	if r := scanAll(t, catalog, "events", ScanOptions{Columns: []string{"cwd"}}); r.text("cwd", 3) != "/opened/" {
		t.Errorf("the directory is %q", r.text("cwd", 3))
	}
	for _, c := range []string{"cwd", "proc.cwd", "args", "arg.name"} {
		expectSame(t, catalog, Expected{"events", ScanOptions{Columns: []string{c}}})
		expectSame(t, catalog, Expected{"events", ScanOptions{Columns: []string{c}, Preds: []Pred{textPred("type", "access")}}})
	}
}

// TestExpectedTogether has one reading serve several scans.
func TestExpectedTogether(t *testing.T) {
	sends := Expected{"events", ScanOptions{
		Columns: []string{"num", "ts", "args"}, Preds: []Pred{textPred("proc", "keepalived"), textPred("type", "sendmsg")},
	}}
	stays := Expected{"sched", ScanOptions{Columns: []string{"cpu", "ts", "end_ts", "proc", "tid", "idle", "kernel", "utid"}}}
	calls := Expected{"syscalls", ScanOptions{Columns: []string{"num", "dur", "name", "args"}, Preds: []Pred{textPred("name", "openat")}}}
	types := Expected{"event_types", ScanOptions{Columns: []string{"name", "dir", "count", "first_ts", "last_ts"}}}
	names := Expected{"sched", ScanOptions{Columns: []string{"cpu", "ts", "dur", "proc", "tid", "next_proc", "next_tid", "idle"}}}
	expectSame(t, open(t, "fifo-new.scap"), names)
	expectSame(t, open(t, "fifo-old.scap"), names)
	expectSame(t, open(t, "fifo-new.scap"), sends, stays)
	expectSame(t, open(t, "fifo-old.scap"), stays, types)
	expectSame(t, open(t, "fifo-old.scap"), Expected{"events", ScanOptions{Columns: []string{"ppid"}}})
	expectSame(t, open(t, "tour-old.scap", "tour-new.scap"), types, calls, stays, sends)
	qualified := sends
	qualified.Qualifier = "fifo-new"
	expectSame(t, open(t, "tour-new.scap", "fifo-new.scap"), qualified)
}

// TestUnexpectedScans asks for more than was expected, and for the same again.
func TestUnexpectedScans(t *testing.T) {
	sends := Expected{"events", ScanOptions{Columns: []string{"num"}, Preds: []Pred{textPred("type", "sendmsg")}, Limit: -1}}
	plain, told := open(t, "fifo-new.scap"), open(t, "fifo-new.scap")
	told.Expect([]Expected{sends})
	c := told.Captures()[0]
	f := func(readings int, table string, o ScanOptions) {
		t.Helper()
		if got, want := scanAll(t, told, table, o).n, scanAll(t, plain, table, o).n; got != want {
			t.Errorf("%s: %d rows, want %d", table, got, want)
		}
		if len(c.readings) != readings {
			t.Errorf("%s: the capture was read %d times, want %d", table, len(c.readings), readings)
		}
	}
	if _, _, ok := told.TimeRange(); !ok || len(c.readings) != 1 {
		t.Errorf("no time, after %d readings", len(c.readings))
	}
	f(2, sends.Table, sends.ScanOptions)
	f(2, "event_types", ScanOptions{Columns: []string{"name"}})
	f(2, "users", ScanOptions{Columns: []string{"name"}})
	f(3, sends.Table, sends.ScanOptions)
	f(4, "events", ScanOptions{Columns: []string{"num"}})
	f(4, "events", ScanOptions{Columns: []string{"num", "fd_name"}, Preds: []Pred{textPred("type", "close")}})
	f(4, "captures", ScanOptions{Columns: []string{"printed", "snaplen"}})
	f(4, sends.Table, sends.ScanOptions)
}

// TestExpectedRowsAreLetGo checks that a reading waits for its only scan, and ends with it.
func TestExpectedRowsAreLetGo(t *testing.T) {
	catalog := open(t, "fifo-old.scap")
	options := ScanOptions{Columns: []string{"num"}, Limit: -1}
	catalog.Expect([]Expected{{"events", options}})
	table, _ := catalog.Table("events")
	scan, err := table.Scan(context.Background(), options)
	if err != nil {
		t.Fatal(err)
	}
	c := catalog.Captures()[0]
	r := c.readings[0]
	for chunks := 1; ; chunks++ {
		_, err := scan.Next(context.Background())
		if err == io.EOF {
			if chunks < runAhead+2 {
				t.Errorf("%d chunks prove nothing", chunks)
			}
			break
		}
		if err != nil {
			t.Fatal(err)
		}
		r.mu.Lock()
		if held := len(r.batches) - r.taken; r.taken != chunks || held > runAhead {
			t.Errorf("chunk %d: %d batches were let go, %d are held", chunks, r.taken, held)
		}
		if slices.ContainsFunc(r.batches[:r.taken], func(b *eventBatch) bool { return b != nil }) {
			t.Error("a batch that was let go is still there")
		}
		r.mu.Unlock()
	}
	if !c.Loaded() {
		t.Error("the capture was read to its end, but does not know it")
	}

	// The second is left early.
	scan, err = table.Scan(context.Background(), options)
	if err != nil {
		t.Fatal(err)
	}
	if _, err := scan.Next(context.Background()); err != nil {
		t.Fatal(err)
	}
	scan.Close()
	<-c.readings[1].finished
	if c.readings[1].complete() {
		t.Error("a reading that nobody waits for went to the end")
	}
}

// TestExpectedDamage checks that what is wrong with a file is known after it was read for
// one scan.
func TestExpectedDamage(t *testing.T) {
	whole := inflated(t, "tour-old.scap")
	catalog := NewCatalog()
	defer catalog.Close()
	if err := catalog.AddCapture("", write(t, "cut.scap", whole[:len(whole)*2/3+1])); err != nil {
		t.Fatal(err)
	}
	options := ScanOptions{Columns: []string{"num"}, Preds: []Pred{textPred("type", "openat")}, Limit: -1}
	catalog.Expect([]Expected{{"events", options}})
	scanAll(t, catalog, "events", options)
	if damage := catalog.Captures()[0].Damage(); len(damage) != 1 || !strings.Contains(fmt.Sprint(damage), "truncated") {
		t.Errorf("damage %+v", damage)
	}
}

// TestExpectedCount asks for the number of rows alone, for which none is kept.
func TestExpectedCount(t *testing.T) {
	count := Expected{"events", ScanOptions{Limit: -1}}
	for _, names := range [][]string{{"tour-old.scap"}, {"tour-old.scap", "tour-new.scap"}} {
		plain := open(t, names...)
		want := scanAll(t, plain, "events", ScanOptions{Columns: []string{"num"}, Limit: -1}).n
		if got := scanAll(t, plain, "events", count.ScanOptions).n; got != want {
			t.Errorf("%q: %d rows, want %d", names, got, want)
		}
		expectSame(t, plain, count)
		expectSame(t, plain, count, Expected{"events", ScanOptions{Columns: []string{"type"}, Limit: 10}})
		expectSame(t, plain, Expected{"events", ScanOptions{Limit: 3}})
	}
	told := open(t, "tour-old.scap")
	told.Expect([]Expected{count})
	scanAll(t, told, "events", count.ScanOptions)
	if r := told.Captures()[0].readings[0]; r.found.skipped < r.found.events*9/10 {
		t.Errorf("%d of %d events were looked at", r.found.events-r.found.skipped, r.found.events)
	}
}
