package storage

import (
	"context"
	"io"
	"slices"
	"strings"
	"testing"

	"github.com/apache/arrow/go/v17/arrow"

	"tq/functions/kernel"
)

// TestColumnOrder holds the columns that queries rely on against those declared; ° marks
// hidden ones.
func TestColumnOrder(t *testing.T) {
	for table, want := range map[string]string{
		"events": "capture num ts cpu proc pid tid dir type fd fd_name res args °category °ppid °exe °cmdline °cwd " +
			"°uid °user °gid °group °container °fd_type °l4proto °client_ip °client_port °server_ip °server_port " +
			"°errno °failed °latency °bytes °io_dir °data °next_tid °next_proc °vm_size °vm_rss °utid °upid",
		"syscalls": "capture num exit_num ts dur end_ts cpu proc pid tid name fd fd_name res errno args °dur_source " +
			"°category °bytes °io_dir °fd_type °client_ip °client_port °server_ip °server_port °data °failed °cpu_exit " +
			"°uid °user °container °utid °upid",
		"sched": "capture cpu ts dur end_ts proc pid tid next_proc next_tid idle kernel °num °end_num °utid °upid",
	} {
		schema, ok := open(t, "tour-old.scap").TableSchema("", table)
		if !ok {
			t.Fatal(table)
		}
		var got []string
		for _, f := range schema.Fields() {
			name := f.Name
			if f.Metadata.FindKey(HiddenKey) >= 0 {
				name = "°" + name
			}
			got = append(got, name)
		}
		if s := strings.Join(got, " "); s != want {
			t.Errorf("%s has\n%s\nwant\n%s", table, s, want)
		}
	}
}

// TestDeclarations checks of every column of every table, and of every dotted name, that
// it is documented, that it has the declared type, and that rows gathered are the rows of
// the whole column.
func TestDeclarations(t *testing.T) {
	for _, capture := range []string{"tour-old.scap", "tour-new.scap"} {
		catalog := open(t, capture)
		for _, d := range captureTables {
			t.Run(capture+"/"+d.tableName(), func(t *testing.T) {
				checkDeclaration(t, catalog, d)
			})
		}
	}
}

func checkDeclaration(t *testing.T, catalog *Catalog, d declaration) {
	doc := d.doc()
	if doc.Row == "" || len(doc.Columns) != d.schema().NumFields() {
		t.Error("not documented")
	}
	for i, text := range doc.Columns {
		if !strings.HasSuffix(text, ".") && !strings.HasSuffix(text, "…") {
			t.Errorf("%s: %q is no sentence", d.schema().Field(i).Name, text)
		}
	}
	fields := slices.Clone(d.schema().Fields())
	for _, name := range []string{"arg.fd", "arg.size", "arg.name", "arg.flags", "arg.next", "arg.tuple", "arg.res"} {
		if f, ok := d.dynamicField(name); ok {
			fields = append(fields, f)
		}
	}
	if d.tableName() == "events" {
		for _, f := range EventFields() {
			name := strings.NewReplacer("[NAME]", "[PATH]", "[N]", "[1]", "is.NAME", "is.read", "cgroup.NAME", "cgroup.cpu", ".NAME", ".name").Replace(f.Name)
			field, ok := d.dynamicField(name)
			if !ok {
				t.Fatalf("there is no field %s", name)
			}
			fields = append(fields, field)
		}
	}
	var names []string
	for _, f := range fields {
		names = append(names, f.Name)
	}
	table, _ := catalog.Table(d.tableName())
	scan, err := table.Scan(context.Background(), ScanOptions{Columns: names, Limit: -1})
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
		var rows []int32
		for i := 0; i < chunk.NumRows(); i += 1 + i/7 {
			rows = append(rows, int32(i))
		}
		for i, f := range fields {
			all, err := chunk.Column(i)
			if err != nil {
				t.Fatalf("%s: %v", f.Name, err)
			}
			some, err := chunk.Gather(i, rows)
			if err != nil {
				t.Fatalf("%s: %v", f.Name, err)
			}
			if !arrow.TypeEqual(all.DataType(), f.Type) || !arrow.TypeEqual(some.DataType(), f.Type) {
				t.Errorf("%s is %v, declared %v", f.Name, all.DataType(), f.Type)
			}
			if some.Len() != len(rows) {
				t.Fatalf("%s: %d rows gathered of %d", f.Name, some.Len(), len(rows))
			}
			for j, row := range rows {
				if cell(all, int(row)) != cell(some, j) {
					t.Fatalf("%s: row %d is %q, gathered %q", f.Name, row, cell(all, int(row)), cell(some, j))
				}
			}
		}
	}
}

// TestMergedCaptures reads two captures as one: every row of each, in the order of each,
// by time.
func TestMergedCaptures(t *testing.T) {
	both := open(t, "tour-old.scap", "tour-new.scap")
	for _, d := range captureTables {
		name := d.tableName()
		var columns []string
		for _, f := range d.schema().Fields() {
			columns = append(columns, f.Name)
		}
		merged := scanAll(t, both, name, ScanOptions{Columns: columns})
		parts := map[string]*rowsOf{}
		next := map[string]int{}
		for _, capture := range []string{"tour-old", "tour-new"} {
			parts[capture] = scanAll(t, both, name, ScanOptions{Columns: columns, Qualifier: capture})
		}
		if merged.n != parts["tour-old"].n+parts["tour-new"].n {
			t.Errorf("%s: %d rows of %d and %d", name, merged.n, parts["tour-old"].n, parts["tour-new"].n)
			continue
		}
		for i := range merged.n {
			capture := merged.text("capture", i)
			part, row := parts[capture], next[capture]
			for _, c := range columns {
				if got, want := merged.text(c, i), part.text(c, row); got != want {
					t.Fatalf("%s.%s: row %d is %q, want %q of row %d of %s", name, c, i, got, want, row, capture)
				}
			}
			next[capture]++
		}
	}
}

// TestInterleavedCaptures merges a capture with itself: the rows alternate.
func TestInterleavedCaptures(t *testing.T) {
	catalog := open(t, "tour-new.scap")
	if err := catalog.AddCapture("again", captures+"tour-new.scap"); err != nil {
		t.Fatal(err)
	}
	if catalog.AddCapture("AGAIN", captures+"tour-old.scap") == nil {
		t.Error("two captures may have one name")
	}
	merged := scanAll(t, catalog, "events", ScanOptions{Columns: []string{"capture", "num", "proc", "args"}})
	one := scanAll(t, catalog, "events", ScanOptions{Columns: []string{"num", "proc", "args"}, Qualifier: "again"})
	if merged.n != 2*one.n {
		t.Fatalf("%d rows of twice %d", merged.n, one.n)
	}
	seen := map[string]int{}
	for i := range merged.n {
		row := seen[merged.text("capture", i)]
		seen[merged.text("capture", i)]++
		for _, c := range []string{"num", "proc", "args"} {
			if merged.text(c, i) != one.text(c, row) {
				t.Fatalf("row %d: %s is %q, want %q", i, c, merged.text(c, i), one.text(c, row))
			}
		}
		if d := seen["again"] - seen["tour-new"]; d < -100 || d > 100 {
			t.Fatalf("row %d: %d rows of one capture before those of the other", i, d)
		}
	}
}

func TestMemTable(t *testing.T) {
	schema := arrow.NewSchema([]arrow.Field{{Name: "a", Type: bigint}, {Name: "b", Type: varchar}}, nil)
	catalog := NewCatalog()
	if _, ok := catalog.Table("events"); ok || len(catalog.TableNames()) != 0 {
		t.Error("tables of captures without a capture")
	}
	numbers := kernel.FromValues(bigint, []int64{1, 2, 3}, kernel.Validity{})
	part := []arrow.Array{numbers, kernel.Repeat(kernel.OfString("x"), 3)}
	table, err := NewMemTable(schema, [][]arrow.Array{part, part}, TableDoc{})
	if err != nil {
		t.Fatal(err)
	}
	catalog.AddTable("Mem", table)
	r := scanAll(t, catalog, "mem", ScanOptions{Columns: []string{"b", "a"}})
	if r.n != 6 || r.text("a", 5) != "3" || r.text("b", 5) != "x" {
		t.Errorf("%d rows, the last %s %s", r.n, r.text("a", 5), r.text("b", 5))
	}
	if _, err := table.Scan(context.Background(), ScanOptions{Columns: []string{"c"}}); err == nil {
		t.Error("a column that is not there")
	}
	for _, bad := range [][]arrow.Array{{numbers}, {numbers, numbers}, {numbers, kernel.OfString("x")}} {
		if _, err := NewMemTable(schema, [][]arrow.Array{bad}, TableDoc{}); err == nil {
			t.Error("columns that do not fit")
		}
	}
	if !catalog.DropTable("MEM") || catalog.DropTable("mem") {
		t.Error("drop")
	}
}
