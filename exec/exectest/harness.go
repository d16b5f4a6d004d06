package exectest

import (
	"context"
	"fmt"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/apache/arrow/go/v17/arrow"

	"tq/exec"
	"tq/functions"
	"tq/functions/kernel"
	"tq/lang/plan"
)

// Order says how rows are compared.
type Order bool

// The orders: as they come, or as multisets.
const (
	Ordered   Order = true
	Unordered Order = false
)

// batchRows are the batch sizes that plans are run with; 0 is the default.
var batchRows = []int{1, 3, 0}

// Check runs a plan over tables in all forms and compares what it yields with the
// oracle's rows.
func Check(t *testing.T, node plan.Node, tables map[string]*Data, order Order) {
	t.Helper()
	want, err := Oracle(node, tables)
	if err != nil {
		t.Fatal(err)
	}
	CheckRows(t, node, tables, order, want)
}

// CheckRows is Check with the rows given.
func CheckRows(t *testing.T, node plan.Node, tables map[string]*Data, order Order, want [][]any) {
	t.Helper()
	for i := range forms {
		for _, size := range batchRows {
			got, err := run(node, tables, &forms[i], exec.Config{BatchRows: size, Threads: 1 + size})
			if err != nil {
				t.Errorf("%s, batches of %d: %v", forms[i].name, size, err)
				return
			}
			if diff := Diff(got, want, order); diff != "" {
				t.Errorf("%s, batches of %d: %s", forms[i].name, size, diff)
				return
			}
		}
		checkSpilling(t, node, tables, &forms[i], order, want)
	}
}

// spillLimit is so little memory that every operator that can goes to disk.
const spillLimit = 1500

// checkSpilling runs a plan with hardly any memory. It may fail for want of it.
func checkSpilling(t *testing.T, node plan.Node, tables map[string]*Data, f *form, order Order, want [][]any) {
	t.Helper()
	got, err := run(node, tables, f, exec.Config{BatchRows: 3, MemoryLimit: spillLimit})
	switch {
	case err == nil:
		if diff := Diff(got, want, order); diff != "" {
			t.Errorf("%s, little memory: %s", f.name, diff)
		}
	case !strings.Contains(err.Error(), "needs more memory than the limit"):
		t.Errorf("%s, little memory: %v", f.name, err)
	}
}

// Env makes the environment for a plan over tables.
func Env(catalog Catalog) *exec.Env {
	return &exec.Env{
		Catalog:   catalog,
		Functions: functions.Env{Zone: time.UTC, Now: time.Unix(1_400_000_000, 0)},
	}
}

func run(node plan.Node, tables map[string]*Data, f *form, config exec.Config) ([][]any, error) {
	catalog := Catalog{}
	for name, d := range tables {
		var err error
		if catalog[name], err = d.table(f); err != nil {
			return nil, err
		}
	}
	env := Env(catalog)
	env.Config = config
	sink := &rowSink{columns: len(node.Columns())}
	if err := exec.Run(context.Background(), node, env, sink); err != nil {
		return nil, err
	}
	return sink.rows, sink.check()
}

// rowSink turns batches into rows, and again when all are there: a batch must not change
// once it is yielded.
type rowSink struct {
	columns int
	batches []*exec.Batch
	rows    [][]any
}

func (s *rowSink) Begin(schema *arrow.Schema) error {
	if schema.NumFields() != s.columns {
		return fmt.Errorf("schema has %d columns, the plan %d", schema.NumFields(), s.columns)
	}
	return nil
}

func (s *rowSink) Write(b *exec.Batch) error {
	if b.NumRows() == 0 {
		return fmt.Errorf("a batch without rows")
	}
	rows, err := Rows(b)
	s.batches, s.rows = append(s.batches, b), append(s.rows, rows...)
	return err
}

func (s *rowSink) check() error {
	var again [][]any
	for _, b := range s.batches {
		rows, err := Rows(b)
		if err != nil {
			return err
		}
		again = append(again, rows...)
	}
	if diff := Diff(again, s.rows, Ordered); diff != "" {
		return fmt.Errorf("a batch changed after it was yielded: %s", diff)
	}
	return nil
}

// Rows returns the rows of a batch as Go values.
func Rows(b *exec.Batch) ([][]any, error) {
	rows := make([][]any, b.NumRows())
	for i := range rows {
		rows[i] = make([]any, b.NumCols())
	}
	for c := range b.NumCols() {
		arr, err := b.Column(c)
		if err != nil {
			return nil, err
		}
		if arr.Len() != b.NumRows() {
			return nil, fmt.Errorf("column %d has %d rows of %d", c, arr.Len(), b.NumRows())
		}
		for i := range rows {
			rows[i][c] = kernel.Value(arr, i)
		}
	}
	return rows, nil
}

// Diff describes the first difference between two lists of rows; "" if there is none.
func Diff(got, want [][]any, order Order) string {
	g, w := lines(got), lines(want)
	if order == Unordered {
		slices.Sort(g)
		slices.Sort(w)
	}
	for i := range max(len(g), len(w)) {
		switch {
		case i >= len(g):
			return fmt.Sprintf("%d rows, want %d; the first missing: %s", len(g), len(w), w[i])
		case i >= len(w):
			return fmt.Sprintf("%d rows, want %d; the first too many: %s", len(g), len(w), g[i])
		case g[i] != w[i]:
			return fmt.Sprintf("row %d of %d is\n\t%s, want\n\t%s", i, len(g), g[i], w[i])
		}
	}
	return ""
}

func lines(rows [][]any) []string {
	out := make([]string, len(rows))
	for i, row := range rows {
		cells := make([]string, len(row))
		for k, v := range row {
			cells[k] = fmt.Sprint(v)
			if v == nil {
				cells[k] = "NULL"
			}
		}
		out[i] = strings.Join(cells, " | ")
	}
	return out
}

// CheckError runs a plan that has to fail with an error that contains a text.
func CheckError(t *testing.T, node plan.Node, tables map[string]*Data, text string) {
	t.Helper()
	for _, size := range batchRows {
		if _, err := run(node, tables, &forms[0], exec.Config{BatchRows: size}); err == nil || !strings.Contains(err.Error(), text) {
			t.Errorf("batches of %d: error is %v, want one with %q", size, err, text)
		}
	}
}
