package storage

import (
	"context"
	"errors"
	"fmt"
	"path/filepath"
	"slices"
	"strings"
	"sync"

	"github.com/apache/arrow/go/v17/arrow"

	"tq/storage/cache"
)

// Catalog names the tables that queries can read. It is safe for concurrent use.
type Catalog struct {
	mu       sync.RWMutex
	captures []*Capture
	cache    *cache.Dir            // nil where none is used
	tables   map[string]namedTable // by lower-case name
	files    map[string]Table      // what queries read by naming files
}

type namedTable struct {
	name string
	Table
}

// NewCatalog makes a catalog without tables.
func NewCatalog() *Catalog {
	return &Catalog{tables: make(map[string]namedTable), files: make(map[string]Table)}
}

// AddCapture opens the capture at path. An empty name stands for the file's name without
// its extension. Nothing but the beginning of the file is read: the rest is when a table
// of the capture is first scanned. The error is a *scap.FormatError when the file is no
// capture.
func (c *Catalog) AddCapture(name, path string) error {
	if name == "" {
		name = stem(path)
	}
	cp, err := openCapture(name, path, c.cache)
	if err != nil {
		return err
	}
	return c.addCapture(cp)
}

func (c *Catalog) addCapture(cp *Capture) error {
	c.mu.Lock()
	defer c.mu.Unlock()
	if c.capture(cp.name) != nil {
		return errors.Join(fmt.Errorf("there is a capture named %q already", cp.name), cp.Close())
	}
	cp.firstID = int64(len(c.captures)) << 32
	c.captures = append(c.captures, cp)
	return nil
}

// stem is the name of a file without folders and extension.
func stem(path string) string {
	if path == "-" {
		return "stdin"
	}
	base := filepath.Base(path)
	return strings.TrimSuffix(base, filepath.Ext(base))
}

// capture returns the capture with a name, or nil.
func (c *Catalog) capture(name string) *Capture {
	for _, cp := range c.captures {
		if strings.EqualFold(cp.name, name) {
			return cp
		}
	}
	return nil
}

// AddTable makes a table known by a name, in place of one that has it.
func (c *Catalog) AddTable(name string, t Table) {
	c.mu.Lock()
	defer c.mu.Unlock()
	c.tables[strings.ToLower(name)] = namedTable{name, t}
}

// AddFiles makes what files hold known by a name that tells of them. It is no name of a
// table: it is not listed, and tables go before it.
func (c *Catalog) AddFiles(name string, t Table) {
	c.mu.Lock()
	defer c.mu.Unlock()
	c.files[name] = t
}

// DropTable forgets a table that was added; false when there is none.
func (c *Catalog) DropTable(name string) bool {
	c.mu.Lock()
	defer c.mu.Unlock()
	key := strings.ToLower(name)
	_, ok := c.tables[key]
	delete(c.tables, key)
	return ok
}

// Table returns the table with a name. Tables that were added go before those of
// captures.
func (c *Catalog) Table(name string) (Table, bool) {
	c.mu.RLock()
	defer c.mu.RUnlock()
	if t, ok := c.tables[strings.ToLower(name)]; ok {
		return t.Table, true
	}
	if d := c.declared(name); d != nil {
		return captureTable{d, c}, true
	}
	t, ok := c.files[name]
	return t, ok
}

// declared returns the declaration of a capture table, or nil. Without captures there
// are none of their tables.
func (c *Catalog) declared(name string) declaration {
	if len(c.captures) == 0 {
		return nil
	}
	for _, d := range captureTables {
		if strings.EqualFold(d.tableName(), name) {
			return d
		}
	}
	return nil
}

// TableNames lists the tables: those of captures first, then those that were added, by
// name.
func (c *Catalog) TableNames() []string {
	c.mu.RLock()
	defer c.mu.RUnlock()
	var names []string
	if len(c.captures) > 0 {
		for _, d := range captureTables {
			names = append(names, d.tableName())
		}
	}
	declared := len(names)
	for _, t := range c.tables {
		names = append(names, t.name)
	}
	slices.Sort(names[declared:])
	return names
}

// TableSchema returns the columns of a table; with a qualifier, of that capture's table.
func (c *Catalog) TableSchema(qualifier, table string) (*arrow.Schema, bool) {
	if qualifier != "" {
		c.mu.RLock()
		defer c.mu.RUnlock()
		d := c.declared(table)
		if d == nil || c.capture(qualifier) == nil {
			return nil, false
		}
		return d.schema(), true
	}
	t, ok := c.Table(table)
	if !ok {
		return nil, false
	}
	return t.Schema(), true
}

// DynamicField resolves a dotted name, such as evt.num or arg.size, that is no declared
// column of a table.
func (c *Catalog) DynamicField(table, name string) (arrow.Field, bool) {
	t, _ := c.Table(table)
	if ct, ok := t.(captureTable); ok {
		return ct.decl.dynamicField(name)
	}
	return arrow.Field{}, false
}

// FieldNames lists the dotted names that DynamicField resolves for a table, for
// suggestions.
func (c *Catalog) FieldNames(table string) []string {
	if !strings.EqualFold(table, "events") {
		return nil
	}
	return FieldNames()
}

// Captures returns the captures in the order they were added.
func (c *Catalog) Captures() []*Capture {
	c.mu.RLock()
	defer c.mu.RUnlock()
	return slices.Clone(c.captures)
}

// Load reads all captures that were not read yet.
func (c *Catalog) Load(ctx context.Context) error {
	captures := c.Captures()
	for _, cp := range captures {
		cp.whole().begin()
	}
	for _, cp := range captures {
		if err := cp.Load(ctx); err != nil {
			return fmt.Errorf("%s: %w", cp.path, err)
		}
	}
	return nil
}

// Expected is a scan that there will be.
type Expected struct {
	Table string
	ScanOptions
}

// Expect says which scans there will be, all of them. When captures are read for these,
// nothing else is kept: no rows that fail their predicates, none that were seen, and no
// state that their columns do not show. Other scans are possible, but captures are read
// again for them. Without it, captures are read once for whatever there will be.
func (c *Catalog) Expect(scans []Expected) {
	for _, cp := range c.Captures() {
		list := []*expectedScan{}
		for _, s := range scans {
			t, _ := c.Table(s.Table)
			ct, ok := t.(captureTable)
			if ok && (s.Qualifier == "" || strings.EqualFold(s.Qualifier, cp.name)) {
				list = append(list, &expectedScan{ct.decl, s.Preds, ct.decl.need(s.ScanOptions)})
			}
		}
		cp.expect(list)
	}
}

// TimeRange returns the times of the first and of the last event of all captures, which
// are read for that; false when there are no events.
func (c *Catalog) TimeRange() (first, last int64, ok bool) {
	for _, cp := range c.Captures() {
		r := cp.survey()
		if r.wait(context.Background()) != nil {
			continue
		}
		if lo, hi, any := r.timeRange(); any {
			if !ok {
				first, last, ok = lo, hi, true
			}
			first, last = min(first, lo), max(last, hi)
		}
	}
	return first, last, ok
}

// Close closes all captures. No column may be asked for afterwards.
func (c *Catalog) Close() error {
	var errs []error
	for _, cp := range c.Captures() {
		errs = append(errs, cp.Close())
	}
	return errors.Join(errs...)
}

// captureTable is a table of all captures of a catalog.
type captureTable struct {
	decl    declaration
	catalog *Catalog
}

func (t captureTable) Schema() *arrow.Schema { return t.decl.schema() }

func (t captureTable) Doc() TableDoc { return t.decl.doc() }

func (t captureTable) Scan(_ context.Context, opts ScanOptions) (Scan, error) {
	captures, err := t.captures(opts.Qualifier)
	if err != nil {
		return nil, err
	}
	if len(captures) == 1 {
		return t.decl.scan(captures[0], opts)
	}
	return newMerge(t.decl, captures, opts)
}

// captures returns the captures that a qualifier stands for.
func (t captureTable) captures(qualifier string) ([]*Capture, error) {
	captures := t.catalog.Captures()
	if qualifier == "" {
		return captures, nil
	}
	captures = slices.DeleteFunc(captures, func(c *Capture) bool {
		return !strings.EqualFold(c.name, qualifier)
	})
	if len(captures) == 0 {
		return nil, fmt.Errorf("there is no capture named %q", qualifier)
	}
	return captures, nil
}
