// Package semtest is a catalog without data, for tests of what happens to a query
// before it runs: the tables that captures feed, and some small ones.
package semtest

import (
	"maps"
	"slices"
	"strings"
	"time"

	"github.com/apache/arrow/go/v17/arrow"

	"tq/functions"
	"tq/lang/sem"
)

// Catalog is a sem.Catalog of table declarations.
type Catalog struct {
	tables  map[string]*arrow.Schema
	dynamic map[string]arrow.DataType
	first   int64
	last    int64
}

// Captures are the names of the captures that qualify tables.
var Captures = []string{"a", "b"}

// New returns the catalog.
func New() *Catalog {
	c := &Catalog{tables: map[string]*arrow.Schema{}}
	for _, line := range strings.Split(strings.TrimSpace(tables), "\n") {
		name, columns, _ := strings.Cut(line, ":")
		c.tables[strings.TrimSpace(name)] = schema(columns)
	}
	c.dynamic = map[string]arrow.DataType{
		"evt.type.is.open": functions.BigInt, "evt.type.is.sendmsg": functions.BigInt,
		"evt.num": functions.BigInt, "evt.type": functions.Varchar, "evt.dir": functions.Varchar,
		"proc.name": functions.Varchar, "thread.tid": functions.BigInt, "fd.name": functions.Varchar,
		"arg.size": functions.BigInt, "arg.fd": functions.BigInt, "arg.next": functions.BigInt,
	}
	start := time.Date(2014, 8, 22, 17, 1, 20, 0, time.UTC)
	c.first, c.last = start.UnixNano(), start.Add(48*time.Second).UnixNano()
	return c
}

// Env returns a session over the catalog, with parameters as saved queries declare them.
func Env() *sem.Env {
	env := &sem.Env{Catalog: New(), Params: map[string]sem.Param{}}
	return env
}

// tables are the declarations: name: columns. A column is name, type letter and, if *
// leaves it out, a degree sign. Letters: s text, b bigint, i integer, t timestamp, d
// duration, f boolean, x blob, r double.
const tables = `
events: capture s, num b, ts t, cpu i, proc s, pid b, tid b, dir s, type s, fd b, fd_name s, res b, args s, category s°, ppid b°, exe s°, cmdline s°, cwd s°, uid b°, user s°, gid b°, group s°, container s°, fd_type s°, l4proto s°, client_ip s°, client_port b°, server_ip s°, server_port b°, errno s°, failed f°, latency d°, bytes b°, io_dir s°, data x°, next_tid b°, next_proc s°, vm_size b°, vm_rss b°, utid b°, upid b°
syscalls: capture s, num b, exit_num b, ts t, dur d, end_ts t, cpu i, proc s, pid b, tid b, name s, fd b, fd_name s, res b, errno s, args s, dur_source s°, category s°, bytes b°, io_dir s°, failed f°, utid b°, upid b°
sched: capture s, cpu i, ts t, dur d, end_ts t, proc s, pid b, tid b, next_proc s, next_tid b, idle f, kernel f, num b°, end_num b°, utid b°, upid b°
waits: capture s, ts t, dur d, end_ts t, proc s, pid b, tid b, reason s, syscall s, fd b, fd_name s, taken_by_proc s, taken_by_tid b, confidence s°
threads: capture s, utid b, tid b, pid b, proc s, first_ts t, last_ts t, kernel f, cpu_time d
t: a i, b i, c s, d r
u: a i, b i, e s
small: n i, s s
`

func schema(columns string) *arrow.Schema {
	types := map[string]arrow.DataType{
		"s": functions.DictVarchar, "b": functions.BigInt, "i": functions.Integer, "t": functions.Timestamp,
		"d": functions.Duration, "f": functions.Boolean, "x": functions.Blob, "r": functions.Double,
	}
	var fields []arrow.Field
	for _, col := range strings.Split(columns, ",") {
		name, typ, _ := strings.Cut(strings.TrimSpace(col), " ")
		shown, hidden := strings.CutSuffix(typ, "°")
		f := arrow.Field{Name: name, Type: types[shown], Nullable: true}
		if hidden {
			f.Metadata = arrow.NewMetadata([]string{sem.HiddenKey}, []string{"true"})
		}
		fields = append(fields, f)
	}
	return arrow.NewSchema(fields, nil)
}

// TableNames implements sem.Catalog.
func (c *Catalog) TableNames() []string {
	var names []string
	for name := range c.tables {
		names = append(names, name)
	}
	slices.Sort(names)
	return names
}

// TableSchema implements sem.Catalog.
func (c *Catalog) TableSchema(qualifier, table string) (*arrow.Schema, bool) {
	if qualifier != "" && !slices.Contains(Captures, strings.ToLower(qualifier)) {
		return nil, false
	}
	s, ok := c.tables[strings.ToLower(table)]
	return s, ok
}

// FieldNames implements sem.Catalog.
func (c *Catalog) FieldNames(table string) []string {
	if table != "events" {
		return nil
	}
	return slices.Sorted(maps.Keys(c.dynamic))
}

// DynamicField implements sem.Catalog.
func (c *Catalog) DynamicField(table, name string) (arrow.Field, bool) {
	typ, ok := c.dynamic[strings.ToLower(name)]
	if !ok || table != "events" {
		return arrow.Field{}, false
	}
	return arrow.Field{Name: strings.ToLower(name), Type: typ, Nullable: true}, true
}

// TimeRange implements sem.Catalog.
func (c *Catalog) TimeRange() (first, last int64, ok bool) { return c.first, c.last, true }
