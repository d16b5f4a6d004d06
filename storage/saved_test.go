package storage

import (
	"context"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"tq/storage/cache"
)

// saved returns a catalog of a capture that was saved, and a fresh one of the same.
func saved(t *testing.T, path string) (fresh, restored *Catalog) {
	t.Helper()
	dir := cache.New(t.TempDir(), 1<<30)
	open := func() *Catalog {
		catalog := NewCatalog()
		catalog.UseCache(dir)
		if err := catalog.AddCapture("capture", path); err != nil {
			t.Fatal(err)
		}
		t.Cleanup(func() { catalog.Close() })
		return catalog
	}
	fresh = open()
	if err := fresh.Load(context.Background()); err != nil {
		t.Fatal(err)
	}
	c := fresh.Captures()[0]
	if c.cached.entry != nil {
		t.Fatal("the capture was saved before")
	}
	if err := c.Save(context.Background()); err != nil {
		t.Fatal(err)
	}
	restored = open()
	if c := restored.Captures()[0]; c.cached.entry == nil || !c.Loaded() {
		t.Fatal("the capture was not restored")
	}
	return fresh, restored
}

// sameTables checks that all columns of all tables of two catalogs are the same.
func sameTables(t *testing.T, got, want *Catalog) {
	t.Helper()
	for _, table := range want.TableNames() {
		columns := allColumns(want, table)
		o := ScanOptions{Columns: columns, Limit: -1}
		g, w := scanAll(t, got, table, o), scanAll(t, want, table, o)
		if g.n != w.n {
			t.Errorf("%s: %d rows, want %d", table, g.n, w.n)
			continue
		}
		for _, c := range columns {
			for i := range w.n {
				if g.text(c, i) != w.text(c, i) || g.columns[c].IsNull(i) != w.columns[c].IsNull(i) {
					t.Errorf("%s: %s of row %d is %q, want %q", table, c, i, g.text(c, i), w.text(c, i))
					break
				}
			}
		}
	}
}

// TestRestored checks that a capture that was restored is the one that was saved.
func TestRestored(t *testing.T) {
	for _, name := range []string{"tour-old.scap", "tour-new.scap"} {
		fresh, restored := saved(t, captures+name)
		sameTables(t, restored, fresh)
	}
}

// TestRestoredOdd does the same with odd captures: one that has wide numbers, one that is
// empty, one that is cut short.
func TestRestoredOdd(t *testing.T) {
	m := newMaker()
	m.event(1, 1<<40, 0, 1000, u64(5))
	m.event(2, -7, 3, 265, u64(1<<40))
	fresh, restored := saved(t, write(t, "odd.scap", m.data))
	sameTables(t, restored, fresh)
	fresh, restored = saved(t, write(t, "empty.scap", newMaker().data))
	sameTables(t, restored, fresh)
	whole := inflated(t, "tour-old.scap")
	fresh, restored = saved(t, write(t, "cut.scap", whole[:len(whole)/3]))
	sameTables(t, restored, fresh)
	if got, want := len(restored.Captures()[0].Damage()), len(fresh.Captures()[0].Damage()); got != 1 || want != 1 {
		t.Errorf("%d kinds of damage are known, want %d", got, want)
	}
}

// TestSavedDamage checks that a capture is read where what was saved of it is damaged, or
// of another file.
func TestSavedDamage(t *testing.T) {
	dir := cache.New(t.TempDir(), 1<<30)
	path := write(t, "capture.scap", inflated(t, "tour-old.scap"))
	open := func(from bool) *Capture {
		t.Helper()
		catalog := NewCatalog()
		catalog.UseCache(dir)
		t.Cleanup(func() { catalog.Close() })
		if err := catalog.AddCapture("", path); err != nil {
			t.Fatal(err)
		}
		c := catalog.Captures()[0]
		if (c.cached.entry != nil) != from {
			t.Errorf("restored: %v, want %v", !from, from)
		}
		if err := catalog.Load(context.Background()); err != nil {
			t.Fatal(err)
		}
		return c
	}
	save := func() {
		t.Helper()
		if err := open(false).Save(context.Background()); err != nil {
			t.Fatal(err)
		}
	}
	save()
	open(true)
	entries, _ := filepath.Glob(filepath.Join(dir.Path(), "*"))
	if len(entries) != 1 || strings.Contains(entries[0], "draft") {
		t.Fatalf("the cache holds %q", entries)
	}
	data, err := os.ReadFile(entries[0])
	if err != nil {
		t.Fatal(err)
	}
	data[len(data)/2] ^= 1
	if err := os.WriteFile(entries[0], data, 0o600); err != nil {
		t.Fatal(err)
	}
	save()
	open(true)
	if err := os.Truncate(path, int64(len(inflated(t, "tour-old.scap"))/2)); err != nil {
		t.Fatal(err)
	}
	open(false)
}

// TestUnsaved checks which captures are worth saving.
func TestUnsaved(t *testing.T) {
	catalog := NewCatalog()
	defer catalog.Close()
	catalog.UseCache(cache.New(t.TempDir(), 1<<30))
	if err := catalog.AddCapture("", captures+"tour-old.scap"); err != nil {
		t.Fatal(err)
	}
	if err := catalog.Load(context.Background()); err != nil {
		t.Fatal(err)
	}
	if n := len(catalog.Unsaved()); n != 0 {
		t.Errorf("%d small captures are worth saving", n)
	}
}

// TestOffload saves a capture while it is scanned.
func TestOffload(t *testing.T) {
	catalog := NewCatalog()
	defer catalog.Close()
	catalog.UseCache(cache.New(t.TempDir(), 1<<30))
	if err := catalog.AddCapture("capture", captures+"fifo-new.scap"); err != nil {
		t.Fatal(err)
	}
	table, _ := catalog.Table("events")
	o := ScanOptions{Columns: []string{"num", "proc", "args"}, Limit: -1}
	ctx := context.Background()
	before, err := table.Scan(ctx, o)
	if err != nil {
		t.Fatal(err)
	}
	first, err := before.Next(ctx)
	if err != nil {
		t.Fatal(err)
	}
	c := catalog.Captures()[0]
	if err := c.Load(ctx); err != nil {
		t.Fatal(err)
	}
	if err := c.Offload(ctx); err != nil {
		t.Fatal(err)
	}
	if c.worthSaving() || len(c.readings) != 1 {
		t.Errorf("%d readings are kept", len(c.readings))
	}
	after := scanAll(t, catalog, "events", o)
	want := scanAll(t, open(t, "fifo-new.scap"), "events", o)
	rows := 0
	for chunk := first; ; rows += chunk.NumRows() {
		if rows > 0 {
			if chunk, err = before.Next(ctx); err != nil {
				break
			}
		}
		if _, err := chunk.Column(2); err != nil {
			t.Fatal(err)
		}
	}
	if rows != want.n || after.n != want.n {
		t.Errorf("%d rows by the scan before, %d after, want %d", rows, after.n, want.n)
	}
	for _, column := range o.Columns {
		if last := want.n - 1; after.text(column, last) != want.text(column, last) {
			t.Errorf("%s is %q, want %q", column, after.text(column, last), want.text(column, last))
		}
	}
}
