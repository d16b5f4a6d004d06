package storage

import (
	"bufio"
	"bytes"
	"compress/gzip"
	"context"
	"io"
	"os"
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

func (r *reference) get(field string) string { return string(r.values[r.fields[field]]) }

// cell returns a value as sysdig prints it, "<NA>" for NULL.
func cell(a arrow.Array, i int) string {
	if a.IsNull(i) {
		return "<NA>"
	}
	switch kernel.KindOf(a.DataType()) {
	case kernel.Int64:
		return strconv.FormatInt(kernel.Values[int64](a)[i], 10)
	case kernel.Int32:
		return strconv.Itoa(int(kernel.Values[int32](a)[i]))
	case kernel.Bool:
		return strconv.FormatBool(kernel.Bitmap(kernel.Bits(a)).Get(i))
	default:
		return kernel.StringsOf(a).At(i)
	}
}

// capturePath is where a file that belongs to a capture is; with TQ_CAPTURES set, the tests use the
// captures of another folder, for instance with references of more fields.
func capturePath(name string) string {
	if dir := os.Getenv("TQ_CAPTURES"); dir != "" {
		return dir + "/" + name
	}
	return captures + name
}

// TestEventsEqualReference compares the columns of events with what sysdig printed.
func TestEventsEqualReference(t *testing.T) {
	always := []string{
		"evt.num", "evt.rawtime", "evt.cpu", "evt.dir", "evt.type", "thread.tid",
		"proc.pid", "proc.name", "fd.num", "fd.name",
	}
	newest := []string{
		"evt.category", "evt.io_dir", "proc.ppid", "proc.exe", "proc.cmdline", "proc.cwd",
		"user.uid", "user.name", "group.gid", "group.name",
		"fd.cip", "fd.cport", "fd.sip", "fd.sport", "fd.l4proto",
	}
	for _, name := range []string{"fifo-old", "fifo-new", "tour-old", "tour-new"} {
		t.Run(name, func(t *testing.T) {
			if testing.Short() && name[:4] == "fifo" {
				t.Skip("large")
			}
			ref := openReference(t, capturePath(name+".fields.gz"))
			old := strings.HasSuffix(name, "-old")
			columns := always
			for _, more := range []string{"evt.args", "evt.res", "evt.rawres", "fd.type"} {
				if _, ok := ref.fields[more]; ok {
					columns = append(columns, more)
				}
			}
			for _, more := range newest {
				if _, ok := ref.fields[more]; ok && !old {
					columns = append(columns, more)
				}
			}
			catalog := NewCatalog()
			defer catalog.Close()
			if err := catalog.AddCapture("", capturePath(name+".scap")); err != nil {
				t.Fatal(err)
			}
			compareEvents(t, catalog, ref, columns, old)
		})
	}
}

func compareEvents(t *testing.T, catalog *Catalog, ref *reference, columns []string, old bool) {
	events, _ := catalog.Table("events")
	scan, err := events.Scan(context.Background(), ScanOptions{Columns: columns, Limit: -1})
	if err != nil {
		t.Fatal(err)
	}
	defer scan.Close()
	wrong, rows := map[string]int{}, 0
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
			if !ref.next(t) {
				t.Fatal("the reference has fewer rows")
			}
			rows++
			typ := ref.get("evt.type")
			for i, c := range columns {
				want, got := ref.get(c), cell(arrays[i], row)
				if want == got || old && excused(c, typ, want, got) {
					continue
				}
				if wrong[c]++; wrong[c] <= 5 {
					t.Errorf("event %s %s %s: %s is %q, want %q", ref.get("evt.num"), typ, ref.get("evt.dir"), c, got, want)
				}
			}
		}
	}
	if ref.next(t) {
		t.Error("the reference has more rows")
	}
	for _, c := range columns {
		if wrong[c] > 0 {
			t.Errorf("%s: %d of %d rows differ", c, wrong[c], rows)
		}
	}
}

// excused says whether a difference is one that the releases of sysdig have among each
// other. The one that read the old captures gave some calls no file descriptor, those
// that return an id no result, knew fewer names, cut long arguments and ended them with a
// blank.
func excused(column, typ, want, got string) bool {
	switch column {
	case "fd.num", "fd.name", "fd.type":
		return typ == "mmap" || typ == "newfstatat" || typ == "setsockopt" || typ == "mknodat"
	case "evt.res", "evt.rawres":
		return want == "<NA>" && (typ == "getuid" || typ == "geteuid" || typ == "getgid" || typ == "getegid")
	case "evt.args":
		return want == got+" " || strings.Contains(want, "...") || typ == "futex" || typ == "bind" && want == "res=0 addr=NULL "
	}
	return false
}
