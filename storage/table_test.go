package storage

import (
	"context"
	"io"
	"testing"

	"github.com/apache/arrow/go/v17/arrow"

	"tq/functions/kernel"
)

// rowsOf are columns of a table, read to the end.
type rowsOf struct {
	tb      testing.TB
	columns map[string]arrow.Array
	n       int
}

// scanAll reads columns of a table.
func scanAll(tb testing.TB, catalog *Catalog, table string, opts ScanOptions) *rowsOf {
	tb.Helper()
	t, ok := catalog.Table(table)
	if !ok {
		tb.Fatalf("no table %s", table)
	}
	opts.Limit = -1
	scan, err := t.Scan(context.Background(), opts)
	if err != nil {
		tb.Fatal(err)
	}
	defer scan.Close()
	parts := make([][]arrow.Array, len(opts.Columns))
	r := &rowsOf{tb: tb, columns: map[string]arrow.Array{}}
	for {
		chunk, err := scan.Next(context.Background())
		if err == io.EOF {
			break
		}
		if err != nil {
			tb.Fatal(err)
		}
		if chunk.NumRows() == 0 {
			tb.Fatal("empty chunk")
		}
		r.n += chunk.NumRows()
		for i := range opts.Columns {
			a, err := chunk.Column(i)
			if err != nil {
				tb.Fatal(err)
			}
			if a.Len() != chunk.NumRows() {
				tb.Fatalf("%s.%s: %d rows in a chunk of %d", table, opts.Columns[i], a.Len(), chunk.NumRows())
			}
			parts[i] = append(parts[i], a)
		}
	}
	for i, name := range opts.Columns {
		if r.n == 0 {
			continue
		}
		all, err := kernel.Concat(parts[i])
		if err != nil {
			tb.Fatal(err)
		}
		r.columns[name] = all
	}
	return r
}

func (r *rowsOf) int(column string, row int) (int64, bool) {
	a := r.columns[column]
	if kernel.KindOf(a.DataType()) == kernel.Int32 {
		return int64(kernel.Values[int32](a)[row]), a.IsValid(row)
	}
	return kernel.Values[int64](a)[row], a.IsValid(row)
}

func (r *rowsOf) text(column string, row int) string { return cell(r.columns[column], row) }

func open(tb testing.TB, paths ...string) *Catalog {
	tb.Helper()
	catalog := NewCatalog()
	for _, path := range paths {
		if err := catalog.AddCapture("", captures+path); err != nil {
			tb.Fatal(err)
		}
	}
	tb.Cleanup(func() { catalog.Close() })
	return catalog
}
