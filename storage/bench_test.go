package storage

import (
	"context"
	"io"
	"os"
	"testing"

	"tq/storage/scap"
)

// payloadOf opens the capture that benchmarks read: the one in TQ_BENCH_CAPTURE, or the
// largest of the tests, inflated.
func payloadOf(b *testing.B) []byte {
	b.Helper()
	path := os.Getenv("TQ_BENCH_CAPTURE")
	if path == "" {
		path = captures + "fifo-old.scap"
	}
	source, err := scap.Open(path)
	if err != nil {
		b.Fatal(err)
	}
	b.Cleanup(func() { source.Close() })
	return source.Bytes()
}

func loaded(b *testing.B, payload []byte) *Capture {
	b.Helper()
	source, err := scap.NewSource("bench", payload)
	if err != nil {
		b.Fatal(err)
	}
	c := newCapture("bench", "bench", source)
	if err := c.Load(context.Background()); err != nil {
		b.Fatal(err)
	}
	return c
}

func BenchmarkLoad(b *testing.B) {
	payload := payloadOf(b)
	b.SetBytes(int64(len(payload)))
	b.ReportAllocs()
	for b.Loop() {
		loaded(b, payload)
	}
}

// drain reads a table and asks for all the columns.
func drain(b *testing.B, c *Capture, table string, opts ScanOptions) (rows int) {
	b.Helper()
	catalog := NewCatalog()
	if err := catalog.addCapture(c); err != nil {
		b.Fatal(err)
	}
	return drainFrom(b, catalog, table, opts)
}

func drainFrom(b *testing.B, catalog *Catalog, table string, opts ScanOptions) (rows int) {
	b.Helper()
	t, _ := catalog.Table(table)
	scan, err := t.Scan(context.Background(), opts)
	if err != nil {
		b.Fatal(err)
	}
	for {
		chunk, err := scan.Next(context.Background())
		if err == io.EOF {
			return rows
		}
		if err != nil {
			b.Fatal(err)
		}
		rows += chunk.NumRows()
		for i := range opts.Columns {
			if _, err := chunk.Column(i); err != nil {
				b.Fatal(err)
			}
		}
	}
}

// BenchmarkFilter reads what is left of events after predicates.
func BenchmarkFilter(b *testing.B) {
	c := loaded(b, payloadOf(b))
	opts := ScanOptions{
		Columns: []string{"num", "ts", "proc", "args"},
		Preds:   []Pred{textPred("proc", "keepalived"), textPred("type", "sendmsg"), textPred("dir", ">")},
	}
	for b.Loop() {
		drain(b, c, "events", opts)
	}
}

// BenchmarkExpected is a query of a single run: the file is opened, and read for one scan.
func BenchmarkExpected(b *testing.B) {
	path := os.Getenv("TQ_BENCH_CAPTURE")
	if path == "" {
		path = captures + "fifo-old.scap"
	}
	preds := []Pred{textPred("proc", "keepalived"), textPred("type", "sendmsg"), textPred("dir", ">")}
	for _, bench := range []struct {
		name    string
		columns []string
		preds   []Pred
	}{
		{"threads", []string{"num", "ts", "proc"}, preds},
		{"fds", []string{"num", "ts", "proc", "args"}, preds},
		{"all", []string{"proc", "type"}, nil},
	} {
		b.Run(bench.name, func(b *testing.B) {
			opts := ScanOptions{Columns: bench.columns, Preds: bench.preds}
			for b.Loop() {
				c, err := openCapture("bench", path, nil)
				if err != nil {
					b.Fatal(err)
				}
				catalog := NewCatalog()
				if err := catalog.addCapture(c); err != nil {
					b.Fatal(err)
				}
				catalog.Expect([]Expected{{"events", opts}})
				drainFrom(b, catalog, "events", opts)
				catalog.Close()
			}
		})
	}
}

// BenchmarkColumn materialises single columns for all rows.
func BenchmarkColumn(b *testing.B) {
	c := loaded(b, payloadOf(b))
	for _, column := range []string{
		"num", "ts", "cpu", "proc", "pid", "tid", "dir", "type", "fd", "fd_name", "res", "args",
		"latency", "bytes", "data", "next_tid", "category",
	} {
		b.Run(column, func(b *testing.B) {
			rows := 0
			for b.Loop() {
				rows += drain(b, c, "events", ScanOptions{Columns: []string{column}})
			}
			b.ReportMetric(float64(b.Elapsed().Nanoseconds())/float64(rows), "ns/row")
		})
	}
}

// BenchmarkDerived derives the tables that are not events.
func BenchmarkDerived(b *testing.B) {
	c := loaded(b, payloadOf(b))
	b.Run("syscalls", func(b *testing.B) {
		for b.Loop() {
			pairCalls(c.whole().last)
		}
	})
	b.Run("sched", func(b *testing.B) {
		for b.Loop() {
			followSwitches(c.whole().last)
		}
	})
}

// BenchmarkSteady reads events that change nothing but their threads: what is allocated for
// each is its row, where rows are kept, and nothing where they are not.
func BenchmarkSteady(b *testing.B) {
	const events = 1 << 20
	m := newMaker()
	for i := range int64(events / 2) {
		m.event(2*i, 7+i%4, 0, scap.SyscallReadE, u64(3), u32(10))
		m.event(2*i+1, 7+i%4, 0, scap.SyscallReadX, u64(1), []byte("a"))
	}
	source, err := scap.NewSource("steady", m.data)
	if err != nil {
		b.Fatal(err)
	}
	for _, bench := range []struct {
		name  string
		preds []Pred
	}{
		{"kept", nil},
		{"filtered", []Pred{textPred("type", "read"), textPred("proc", "nobody")}},
		{"skipped", []Pred{textPred("type", "nothing such")}},
	} {
		b.Run(bench.name, func(b *testing.B) {
			opts := ScanOptions{Columns: []string{"num", "tid"}, Preds: bench.preds, Limit: -1}
			b.ReportAllocs()
			b.SetBytes(int64(len(m.data)))
			for b.Loop() {
				c := newCapture("steady", "steady", source)
				catalog := NewCatalog()
				if err := catalog.addCapture(c); err != nil {
					b.Fatal(err)
				}
				if bench.preds != nil {
					catalog.Expect([]Expected{{"events", opts}})
				}
				drainFrom(b, catalog, "events", opts)
			}
			b.ReportMetric(float64(b.Elapsed().Nanoseconds())/float64(b.N)/events, "ns/event")
		})
	}
}
