package storage

import (
	"context"
	"io"
	"maps"
	"slices"
	"testing"

	"github.com/apache/arrow/go/v17/arrow"

	"tq/functions/kernel"
)

// TestPrint checks that columns print as they are built, all rows of a chunk and some.
func TestPrint(t *testing.T) {
	columns := slices.Sorted(maps.Keys(eventTexts))
	text := openTranscript(t, []byte("1 17:01:26.375374738 0 a (7) > close fd=4\n2 17:01:26.4 b (8) < close res=0\n"))
	for _, catalog := range []*Catalog{open(t, "tour-old.scap"), open(t, "tour-new.scap"), text} {
		table, _ := catalog.Table("events")
		scan, err := table.Scan(context.Background(), ScanOptions{Columns: append(columns, "latency")})
		if err != nil {
			t.Fatal(err)
		}
		for {
			chunk, err := scan.Next(context.Background())
			if err == io.EOF {
				break
			}
			if err != nil {
				t.Fatal(err)
			}
			comparePrinted(t, chunk.(Printer), columns, nil)
			var odd []int32
			for row := 1; row < chunk.NumRows(); row += 2 {
				odd = append(odd, int32(row))
			}
			comparePrinted(t, chunk.(Printer), columns, odd)
		}
	}
}

// comparePrinted prints columns, which are a chunk's first, in the opposite order.
func comparePrinted(t *testing.T, chunk Printer, columns []string, rows []int32) {
	t.Helper()
	n := chunk.NumRows()
	if rows != nil {
		n = len(rows)
	}
	order := make([]int, len(columns))
	for i := range order {
		order[i] = len(order) - 1 - i
	}
	err := chunk.Print(order, rows, func(texts []kernel.Text) {
		for i, at := range order {
			column := must(chunk.Column(at))
			if rows != nil {
				column = must(chunk.Gather(at, rows))
			}
			want := kernel.TextOf(column)
			for row := range n {
				got, want := string(texts[i](nil, row)), string(want(nil, row))
				if got != want {
					t.Fatalf("%s of row %d: %q, want %q", columns[at], row, got, want)
				}
			}
		}
	})
	if err != nil {
		t.Fatal(err)
	}
}

func must(a arrow.Array, err error) arrow.Array {
	if err != nil {
		panic(err)
	}
	return a
}
