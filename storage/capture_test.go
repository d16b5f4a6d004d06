package storage

import (
	"context"
	"errors"
	"io"
	"os"
	"path/filepath"
	"sync"
	"testing"

	"github.com/apache/arrow/go/v17/arrow"

	"tq/functions/kernel"
	"tq/storage/scap"
)

// TestScansFollowTheLoad reads a capture from several goroutines while it is loaded; the
// columns are those that ask for state.
func TestScansFollowTheLoad(t *testing.T) {
	catalog := open(t, "fifo-new.scap")
	columns := []string{"num", "proc", "fd_name", "args", "cwd", "user", "ppid", "cmdline", "client_ip"}
	counts := make([]int, 3)
	var wg sync.WaitGroup
	for i := range counts {
		wg.Add(1)
		go func() {
			defer wg.Done()
			counts[i] = countRows(t, catalog, columns, textPred("proc", "keepalived"))
		}()
	}
	wg.Wait()
	for _, n := range counts {
		if n == 0 || n != counts[0] {
			t.Errorf("%d rows, others %d", n, counts[0])
		}
	}
}

// countRows reads columns of events, and may be called from any goroutine.
func countRows(t *testing.T, catalog *Catalog, columns []string, preds ...Pred) (n int) {
	events, _ := catalog.Table("events")
	scan, err := events.Scan(context.Background(), ScanOptions{Columns: columns, Preds: preds, Limit: -1})
	if err != nil {
		t.Error(err)
		return 0
	}
	for {
		chunk, err := scan.Next(context.Background())
		if err == io.EOF {
			return n
		}
		if err != nil {
			t.Error(err)
			return n
		}
		n += chunk.NumRows()
		for i := range columns {
			if _, err := chunk.Column(i); err != nil {
				t.Error(err)
			}
		}
	}
}

func TestCloseWhileLoading(t *testing.T) {
	catalog := NewCatalog()
	if err := catalog.AddCapture("", captures+"fifo-old.scap"); err != nil {
		t.Fatal(err)
	}
	events, _ := catalog.Table("events")
	scan, err := events.Scan(context.Background(), ScanOptions{Columns: []string{"num"}, Limit: 1})
	if err != nil {
		t.Fatal(err)
	}
	if _, err := scan.Next(context.Background()); err != nil {
		t.Fatal(err)
	}
	if err := catalog.Close(); err != nil {
		t.Fatal(err)
	}
}

func TestCancelledScan(t *testing.T) {
	catalog := open(t, "tour-old.scap")
	ctx, cancel := context.WithCancel(context.Background())
	cancel()
	for _, name := range catalog.TableNames() {
		table, _ := catalog.Table(name)
		scan, err := table.Scan(ctx, ScanOptions{Columns: []string{"capture"}, Limit: -1})
		for err == nil {
			_, err = scan.Next(ctx)
		}
		if err != io.EOF && !errors.Is(err, context.Canceled) {
			t.Errorf("%s: %v", name, err)
		}
	}
}

// write makes a file of the test and returns its path.
func write(t *testing.T, name string, data []byte) string {
	path := filepath.Join(t.TempDir(), name)
	if err := os.WriteFile(path, data, 0o600); err != nil {
		t.Fatal(err)
	}
	return path
}

func inflated(t *testing.T, capture string) []byte {
	source, err := scap.Open(captures + capture)
	if err != nil {
		t.Fatal(err)
	}
	defer source.Close()
	return append([]byte{}, source.Bytes()...)
}

func TestTruncatedCapture(t *testing.T) {
	whole := inflated(t, "tour-old.scap")
	catalog := NewCatalog()
	defer catalog.Close()
	for name, n := range map[string]int{"whole": len(whole), "cut": len(whole)*2/3 + 1} {
		if err := catalog.AddCapture("", write(t, name+".scap", whole[:n])); err != nil {
			t.Fatal(err)
		}
	}
	counts := map[string]int{}
	r := scanAll(t, catalog, "events", ScanOptions{Columns: []string{"capture"}})
	for i := range r.n {
		counts[r.text("capture", i)]++
	}
	if counts["whole"] != 13720 || counts["cut"] == 0 || counts["cut"] >= counts["whole"] {
		t.Errorf("%v events", counts)
	}
	r = scanAll(t, catalog, "captures", ScanOptions{Columns: []string{"capture", "truncated_at"}})
	for i := range r.n {
		_, truncated := r.int("truncated_at", i)
		if cut := r.text("capture", i) == "cut"; cut != truncated {
			t.Errorf("%s: truncated at %s", r.text("capture", i), r.text("truncated_at", i))
		}
	}
	r = scanAll(t, catalog, "warnings", ScanOptions{Columns: []string{"capture", "kind"}})
	if r.n != 1 || r.text("capture", 0) != "cut" || r.text("kind", 0) != scap.WarnTruncated {
		t.Errorf("%d warnings", r.n)
	}
}

func TestNoCapture(t *testing.T) {
	catalog := NewCatalog()
	var format *scap.FormatError
	if err := catalog.AddCapture("", write(t, "a.scap", []byte("hello, world\n"))); !errors.As(err, &format) {
		t.Errorf("text: %v", err)
	}
	if err := catalog.AddCapture("", filepath.Join(t.TempDir(), "none")); !errors.Is(err, os.ErrNotExist) {
		t.Errorf("no file: %v", err)
	}
}

// TestEmptyCapture reads a capture that holds no events: a section and nothing else.
func TestEmptyCapture(t *testing.T) {
	whole := inflated(t, "tour-old.scap")
	catalog := NewCatalog()
	defer catalog.Close()
	if err := catalog.AddCapture("", write(t, "empty.scap", whole[:28])); err != nil {
		t.Fatal(err)
	}
	for _, d := range captureTables {
		var columns []string
		for _, f := range d.schema().Fields() {
			columns = append(columns, f.Name)
		}
		r := scanAll(t, catalog, d.tableName(), ScanOptions{Columns: columns})
		if d.tableName() == "events" && r.n != 0 {
			t.Errorf("%d events", r.n)
		}
	}
	if _, _, ok := catalog.TimeRange(); ok {
		t.Error("a time without events")
	}
}

// TestFileShrinks cuts a mapped capture while it is open.
func TestFileShrinks(t *testing.T) {
	path := write(t, "a.scap", inflated(t, "tour-old.scap"))
	catalog := NewCatalog()
	defer catalog.Close()
	if err := catalog.AddCapture("", path); err != nil {
		t.Fatal(err)
	}
	if err := catalog.Load(context.Background()); err != nil {
		t.Fatal(err)
	}
	if err := os.Truncate(path, 4096); err != nil {
		t.Fatal(err)
	}
	events, _ := catalog.Table("events")
	scan, err := events.Scan(context.Background(), ScanOptions{Columns: []string{"num", "args"}, Limit: -1})
	if err != nil {
		t.Fatal(err)
	}
	chunk, err := scan.Next(context.Background())
	if err != nil {
		t.Fatal(err)
	}
	if _, err := chunk.Column(0); err != nil {
		t.Error(err)
	}
	if _, err := chunk.Column(1); !errors.Is(err, errShrunk) {
		t.Errorf("arguments of a file that is gone: %v", err)
	}
	for range 2 {
		sched, _ := catalog.Table("sched")
		scan, err := sched.Scan(context.Background(), ScanOptions{Columns: []string{"ts"}, Limit: -1})
		if err != nil {
			t.Fatal(err)
		}
		if _, err := scan.Next(context.Background()); !errors.Is(err, errShrunk) {
			t.Errorf("switches of a file that is gone: %v", err)
		}
	}
}

func TestOrder(t *testing.T) {
	catalog := open(t, "fifo-old.scap")
	f := func(table, column string, want bool) {
		t.Helper()
		tab, _ := catalog.Table(table)
		got, err := tab.(Ordered).Ascending(context.Background(), "", column)
		if err != nil || got != want {
			t.Errorf("%s.%s ascending: %v, %v", table, column, got, err)
		}
		r := scanAll(t, catalog, table, ScanOptions{Columns: []string{column}})
		for i := 1; i < r.n && want; i++ {
			a, ok := r.int(column, i-1)
			b, ok2 := r.int(column, i)
			if !ok || !ok2 || a > b {
				t.Fatalf("%s.%s: row %d", table, column, i)
			}
		}
	}
	f("events", "num", true)
	f("events", "tid", false)
	f("syscalls", "num", true)
	f("sched", "ts", false) // the first switch of a CPU does not tell since when
	f("threads", "tid", false)
}

func TestFacts(t *testing.T) {
	f := func(capture string, enter bool, first, last int64) {
		t.Helper()
		catalog := open(t, capture)
		if lo, hi, ok := catalog.TimeRange(); !ok || lo != first || hi != last {
			t.Errorf("%s: from %d to %d", capture, lo, hi)
		}
		facts := catalog.Captures()[0].Facts()
		if facts.HasEnter != enter || !facts.HasSwitch || !facts.CPUChains || facts.CPUs != 2 || facts.SnapLen != 80 ||
			facts.TruncatedAt != -1 || len(facts.Warnings) != 0 {
			t.Errorf("%s: %+v", capture, facts)
		}
	}
	f("tour-old.scap", true, 1795420138568153114, 1795420140839159316)
	f("tour-new.scap", false, 1795420142439716099, 1795420143811821274)
}

// TestDictionariesGrow checks what filters rely on: in a later chunk, the dictionary of a
// column begins with the values of the earlier one.
func TestDictionariesGrow(t *testing.T) {
	for _, paths := range [][]string{{"fifo-new.scap"}, {"tour-old.scap", "fifo-new.scap", "tour-new.scap"}} {
		catalog := open(t, paths...)
		for _, name := range []string{"events", "syscalls", "sched"} {
			checkDictionaries(t, catalog, name)
		}
	}
}

func checkDictionaries(t *testing.T, catalog *Catalog, name string) {
	table, _ := catalog.Table(name)
	var columns []string
	for _, f := range table.Schema().Fields() {
		if arrow.TypeEqual(f.Type, symbol) {
			columns = append(columns, f.Name)
		}
	}
	scan, err := table.Scan(context.Background(), ScanOptions{Columns: columns, Limit: -1})
	if err != nil {
		t.Fatal(err)
	}
	before := make([]arrow.Array, len(columns))
	for chunks := 0; ; chunks++ {
		chunk, err := scan.Next(context.Background())
		if err == io.EOF {
			if chunks < 2 {
				t.Errorf("%s: %d chunks prove nothing", name, chunks)
			}
			return
		}
		if err != nil {
			t.Fatal(err)
		}
		for i, column := range columns {
			a, err := chunk.Column(i)
			if err != nil {
				t.Fatal(err)
			}
			_, values := kernel.Codes(a)
			if before[i] != nil {
				if values.Len() < before[i].Len() {
					t.Fatalf("%s.%s: the dictionary shrinks", name, column)
				}
				was, is := kernel.StringsOf(before[i]), kernel.StringsOf(values)
				for k := range before[i].Len() {
					if was.At(k) != is.At(k) {
						t.Fatalf("%s.%s: value %d changes from %q to %q", name, column, k, was.At(k), is.At(k))
					}
				}
			}
			before[i] = values
		}
	}
}
