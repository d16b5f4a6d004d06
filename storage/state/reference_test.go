package state

import (
	"bufio"
	"bytes"
	"compress/gzip"
	"errors"
	"fmt"
	"io"
	"os"
	"path/filepath"
	"sort"
	"strconv"
	"strings"
	"testing"

	"tq/storage/scap"
)

// TestReference compares what the tracker says of every printed event with what sysdig's
// library printed, field by field: for the captures of this project and for those in the
// folder that TQ_CAPTURES names.
func TestReference(t *testing.T) {
	folders := []string{filepath.Join("..", "..", "testdata", "captures")}
	if f := os.Getenv("TQ_CAPTURES"); f != "" {
		folders = append(folders, f)
	}
	for _, folder := range folders {
		paths, err := filepath.Glob(filepath.Join(folder, "*.fields.gz"))
		if err != nil {
			t.Fatal(err)
		}
		for _, path := range paths {
			name := strings.TrimSuffix(path, ".fields.gz")
			t.Run(filepath.Base(folder)+"/"+filepath.Base(name), func(t *testing.T) {
				compareReference(t, name)
			})
		}
	}
}

// printed is a printed event with what is known of it.
type printed struct {
	t   *Tracker
	e   *scap.Event
	row Row
	num uint32

	payload []byte
}

func (p *printed) thread() *Thread {
	if p.row.Thread == NoThread {
		return nil
	}
	return &p.t.Threads()[p.row.Thread]
}

func (p *printed) fd() *FD {
	if p.row.FDRef == NoFDRef {
		return nil
	}
	return &p.t.FDs()[p.row.FDRef]
}

// none is how the reference writes that a field has no value.
const none = "<NA>"

// fieldTally counts how a field of a capture compares.
type fieldTally struct {
	equal, differ int
	skipped       map[string]int // by reason
	first         []string
	byType        map[string]int
}

const shownDifferences = 12

func compareReference(t *testing.T, name string) {
	ref := openReference(t, name+".fields.gz")
	reader := readerOf(filepath.Base(name))
	src, err := scap.Open(name + ".scap")
	if err != nil {
		t.Fatal(err)
	}
	defer src.Close()

	tallies := make(map[string]*fieldTally)
	for _, f := range ref.fields {
		if referenceFields[f] != nil {
			tallies[f] = &fieldTally{skipped: make(map[string]int), byType: make(map[string]int)}
		}
	}
	var rows, missing, extra int
	want := ref.next(t)
	walk(src, reader, func(p *printed) {
		if want == nil {
			extra++
			return
		}
		rows++
		if got := strconv.FormatUint(uint64(p.num), 10); got != want[ref.index["evt.num"]] {
			n, _ := strconv.Atoi(want[ref.index["evt.num"]])
			if uint32(n) > p.num {
				extra++
				return
			}
			for want != nil && want[ref.index["evt.num"]] != got {
				missing++
				want = ref.next(t)
			}
			if want == nil {
				return
			}
		}
		for f, tally := range tallies {
			got, exp := referenceFields[f](p), want[ref.index[f]]
			if got == exp {
				tally.equal++
				continue
			}
			if why := reader.differs(p, f, got, exp); why != "" {
				tally.skipped[why]++
				continue
			}
			tally.differ++
			info := p.e.Info()
			tally.byType[fmt.Sprintf("%s%s", direction(info), info.Name)]++
			if len(tally.first) < shownDifferences {
				tally.first = append(tally.first, fmt.Sprintf("%d %s%s(%d) tid %d: got %q, want %q",
					p.num, direction(info), info.Name, p.e.Type, p.e.TID, got, exp))
			}
		}
		want = ref.next(t)
	})
	for ; want != nil; want = ref.next(t) {
		missing++
	}
	if missing+extra > 0 {
		t.Errorf("%d rows of the reference missing, %d too many", missing, extra)
	}
	t.Logf("%d rows", rows)
	for _, f := range ref.fields {
		tally := tallies[f]
		if tally == nil {
			continue
		}
		left := 0
		for _, n := range tally.skipped {
			left += n
		}
		t.Logf("%-18s equal %7d  differ %6d  left out %6d", f, tally.equal, tally.differ, left)
		for why, n := range tally.skipped {
			t.Logf("    left out %d: %s", n, why)
		}
		if tally.differ == 0 {
			continue
		}
		for _, d := range tally.first {
			t.Logf("    %s", d)
		}
		t.Logf("    by type: %s", topTypes(tally.byType))
		if requiredFields[f] {
			t.Errorf("%s differs in %d rows", f, tally.differ)
		}
	}
}

func topTypes(m map[string]int) string {
	names := make([]string, 0, len(m))
	for n := range m {
		names = append(names, n)
	}
	sort.Slice(names, func(i, j int) bool { return m[names[i]] > m[names[j]] })
	var b strings.Builder
	for i, n := range names {
		if i == 12 {
			break
		}
		fmt.Fprintf(&b, "%s %d  ", n, m[n])
	}
	return b.String()
}

// walk feeds a capture to a tracker and calls f for the events that a reader prints.
func walk(src *scap.Source, reader *reader, f func(*printed)) *Tracker {
	r, tr := scap.NewReader(src), New()
	tr.Measure()
	var num, shown uint32
	for {
		kind, err := r.Next()
		if err != nil {
			return tr
		}
		if kind != scap.KindEvent {
			tr.Block(kind, r)
			continue
		}
		num++
		row := tr.Event(&r.Event, num)
		if int(r.Event.Type) >= reader.types {
			continue
		}
		shown++
		if row.Printed {
			f(&printed{t: tr, e: &r.Event, row: row, num: shown, payload: r.Payload()})
		}
	}
}

// reference reads a file of fields.
type reference struct {
	r      *bufio.Reader
	fields []string
	index  map[string]int
}

func openReference(t *testing.T, path string) *reference {
	data, err := os.ReadFile(path)
	if err != nil {
		t.Fatal(err)
	}
	z, err := gzip.NewReader(bytes.NewReader(data))
	if err != nil {
		t.Fatal(err)
	}
	ref := &reference{r: bufio.NewReaderSize(z, 1<<20), index: make(map[string]int)}
	ref.fields = ref.next(t)
	for i, f := range ref.fields {
		ref.index[f] = i
	}
	return ref
}

// next returns the fields of the next record, or nil.
func (ref *reference) next(t *testing.T) []string {
	rec, err := ref.r.ReadString(0x1e)
	if errors.Is(err, io.EOF) {
		return nil
	}
	if err != nil {
		t.Fatal(err)
	}
	rec = strings.TrimPrefix(strings.TrimSuffix(rec, "\x1e"), "\n")
	return strings.Split(rec, "\x1f")
}

func direction(info *scap.EventType) string {
	if info.Enter {
		return ">"
	}
	return "<"
}
