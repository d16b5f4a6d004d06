package storage

import (
	"bufio"
	"bytes"
	"compress/gzip"
	"context"
	"fmt"
	"io"
	"maps"
	"os"
	"path/filepath"
	"slices"
	"strconv"
	"strings"
	"testing"

	"github.com/apache/arrow/go/v17/arrow"

	"tq/functions/kernel"
)

const captures = "../testdata/captures/"

// reference reads what sysdig printed for the events of a capture, record by record.
type reference struct {
	in     *bufio.Reader
	closer io.Closer
	names  []string
	fields map[string]int
	values [][]byte
}

func openReference(tb testing.TB, path string) *reference {
	tb.Helper()
	f, err := os.Open(path)
	if err != nil {
		tb.Fatal(err)
	}
	z, err := gzip.NewReader(f)
	if err != nil {
		tb.Fatal(err)
	}
	r := &reference{in: bufio.NewReaderSize(z, 1<<16), closer: f, fields: map[string]int{}}
	if !r.next(tb) {
		tb.Fatal("no field names")
	}
	for i, name := range r.values {
		r.names = append(r.names, string(name))
		r.fields[string(name)] = i
	}
	return r
}

// next reads a record; false at the end.
func (r *reference) next(tb testing.TB) bool {
	rec, err := r.in.ReadBytes(0x1e)
	if err == io.EOF {
		r.closer.Close()
		return false
	}
	if err != nil {
		tb.Fatal(err)
	}
	if nl, err := r.in.ReadByte(); err != nil || nl != '\n' {
		tb.Fatal("record without a newline")
	}
	r.values = bytes.Split(bytes.Clone(rec[:len(rec)-1]), []byte{0x1f})
	return true
}

// get returns the value of a field, "" when the reference lacks it.
func (r *reference) get(field string) string {
	if i, ok := r.fields[field]; ok {
		return string(r.values[i])
	}
	return ""
}

// none is how sysdig prints that there is no value.
const none = "<NA>"

// cell returns a value as sysdig prints it.
func cell(a arrow.Array, i int) string {
	if a.IsNull(i) {
		return none
	}
	switch kernel.KindOf(a.DataType()) {
	case kernel.Int64:
		return strconv.FormatInt(kernel.Values[int64](a)[i], 10)
	case kernel.Int32:
		return strconv.Itoa(int(kernel.Values[int32](a)[i]))
	case kernel.Float64:
		return strconv.FormatFloat(kernel.Values[float64](a)[i], 'f', 1, 64)
	case kernel.Bool:
		return strconv.FormatBool(kernel.Bitmap(kernel.Bits(a)).Get(i))
	case kernel.List:
		offsets, values := kernel.ListParts(a)
		var texts []string
		for j := offsets[i]; j < offsets[i+1]; j++ {
			texts = append(texts, cell(values, int(j)))
		}
		return strings.Join(texts, ",")
	default:
		return kernel.StringsOf(a).At(i)
	}
}

// printed is how sysdig prints some fields that tq has as they are.
var printed = map[string]func(string) string{
	"fd.dev": func(s string) string {
		n, err := strconv.ParseUint(s, 10, 32)
		if err != nil {
			return s
		}
		return fmt.Sprintf("%X", n)
	},
	"evt.deltatime": func(s string) string { // without a sign
		n, err := strconv.ParseInt(s, 10, 64)
		if err != nil {
			return s
		}
		return strconv.FormatUint(uint64(n), 10)
	},
	"evt.buffer": func(s string) string {
		if s == none {
			return s
		}
		b := []byte(s)
		for i, c := range b {
			if c < ' ' || c > '~' {
				b[i] = '.'
			}
		}
		return string(b)
	},
}

// capturePath is where a file that belongs to a capture is; with TQ_CAPTURES set, the
// tests use the captures of another folder, for instance with references of more fields.
func capturePath(name string) string {
	if dir := os.Getenv("TQ_CAPTURES"); dir != "" {
		return filepath.Join(dir, name)
	}
	return captures + name
}

// TestReference compares every field of events that the references hold with what sysdig
// printed, and prints what it left out and why.
func TestReference(t *testing.T) {
	paths, err := filepath.Glob(capturePath("*.fields.gz"))
	if err != nil || len(paths) == 0 {
		t.Fatal("no references", err)
	}
	for _, path := range paths {
		name := strings.TrimSuffix(filepath.Base(path), ".fields.gz")
		t.Run(name, func(t *testing.T) {
			if testing.Short() && strings.HasPrefix(name, "fifo") {
				t.Skip("large")
			}
			catalog := NewCatalog()
			defer catalog.Close()
			if err := catalog.AddCapture("", capturePath(name+".scap")); err != nil {
				t.Fatal(err)
			}
			c := comparison{reader: readerOf(name), ref: openReference(t, path)}
			c.run(t, catalog)
			c.report(t)
		})
	}
}

// comparison is one of a capture with its reference.
type comparison struct {
	reader  reader
	ref     *reference
	rows    int
	tallies map[string]*fieldTally
	row     []string // what tq has for the present row
	field   string   // of it that differs
}

// fieldTally counts how a field compares.
type fieldTally struct {
	equal, wrong int
	left         map[string]int // left out, by reason
	first        []string
}

const shownDifferences = 6

func (c *comparison) run(t *testing.T, catalog *Catalog) {
	columns := slices.Clone(c.ref.names)
	c.tallies = make(map[string]*fieldTally)
	for _, name := range columns {
		c.tallies[name] = &fieldTally{left: make(map[string]int)}
		if _, ok := catalog.DynamicField("events", name); !ok {
			t.Fatalf("there is no field %s", name)
		}
	}
	events, _ := catalog.Table("events")
	scan, err := events.Scan(context.Background(), ScanOptions{Columns: columns, Limit: -1})
	if err != nil {
		t.Fatal(err)
	}
	defer scan.Close()
	c.row = make([]string, len(columns))
	for {
		chunk, err := scan.Next(context.Background())
		if err == io.EOF {
			break
		}
		if err != nil {
			t.Fatal(err)
		}
		arrays := make([]arrow.Array, len(columns))
		for i := range columns {
			if arrays[i], err = chunk.Column(i); err != nil {
				t.Fatal(err)
			}
			if arrays[i].Len() != chunk.NumRows() {
				t.Fatalf("%s has %d rows of %d", columns[i], arrays[i].Len(), chunk.NumRows())
			}
		}
		for row := range chunk.NumRows() {
			if !c.ref.next(t) {
				t.Fatal("the reference has fewer rows")
			}
			for i, name := range columns {
				c.row[i] = cell(arrays[i], row)
				if p := printed[name]; p != nil {
					c.row[i] = p(c.row[i])
				}
			}
			c.compare()
		}
	}
	if c.ref.next(t) {
		t.Error("the reference has more rows")
	}
}

// compare compares a row.
func (c *comparison) compare() {
	c.rows++
	for i, name := range c.ref.names {
		got, want := c.row[i], string(c.ref.values[i])
		tally := c.tallies[name]
		if got == want {
			tally.equal++
			continue
		}
		c.field = name
		if why := c.reader.differs(c, got, want); why != "" {
			tally.left[why]++
			continue
		}
		tally.wrong++
		if len(tally.first) < shownDifferences {
			tally.first = append(tally.first, fmt.Sprintf("event %s %s %s: got %.100q, want %.100q",
				c.ref.get("evt.num"), c.ref.get("evt.dir"), c.ref.get("evt.type"), got, want))
		}
	}
}

// got returns what tq has for a field of the present row.
func (c *comparison) got(field string) string { return c.row[c.ref.fields[field]] }

func (c *comparison) report(t *testing.T) {
	t.Logf("%d rows", c.rows)
	for _, name := range c.ref.names {
		tally := c.tallies[name]
		left := 0
		for _, n := range tally.left {
			left += n
		}
		t.Logf("%-18s equal %7d  left out %6d", name, tally.equal, left)
		for _, why := range slices.Sorted(maps.Keys(tally.left)) {
			t.Logf("    left out %6d: %s", tally.left[why], why)
		}
		if tally.wrong > 0 {
			t.Errorf("%s differs in %d rows:\n\t%s", name, tally.wrong, strings.Join(tally.first, "\n\t"))
		}
	}
}
