package storage

import (
	"bytes"
	"compress/gzip"
	"context"
	"fmt"
	"hash/fnv"
	"strings"
	"testing"
	"time"

	"tq/storage/scap"
	"tq/storage/transcript"
)

// transcribe writes the events of a capture as sysdig prints them.
func transcribe(t *testing.T, capture string) []byte {
	t.Helper()
	columns := []string{"num", "ts", "cpu", "proc", "tid", "dir", "type", "args"}
	r := scanAll(t, open(t, capture), "events", ScanOptions{Columns: columns})
	var b bytes.Buffer
	for i := range r.n {
		num, _ := r.int("num", i)
		ts, _ := r.int("ts", i)
		name := r.text("proc", i)
		if name == "" {
			name = "<NA>"
		}
		fmt.Fprintf(&b, "%d %s %s %s (%s) %s %s %s\n", num, time.Unix(0, ts).UTC().Format("15:04:05.000000000"),
			r.text("cpu", i), name, r.text("tid", i), r.text("dir", i), r.text("type", i), r.text("args", i))
	}
	return b.Bytes()
}

func compressed(data []byte) []byte {
	var b bytes.Buffer
	w := gzip.NewWriter(&b)
	w.Write(data)
	w.Close()
	return b.Bytes()
}

// openTranscript loads a text.
func openTranscript(t *testing.T, text []byte) *Catalog {
	t.Helper()
	catalog := NewCatalog()
	if err := catalog.AddCapture("text", write(t, "trace.txt", text)); err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { catalog.Close() })
	return catalog
}

// What a transcript tells is what the capture tells that it was printed from.
func TestTranscriptTellsAsTheCapture(t *testing.T) {
	for _, capture := range []string{"tour-old.scap", "tour-new.scap"} {
		t.Run(capture, func(t *testing.T) {
			catalog, want := openTranscript(t, compressed(transcribe(t, capture))), open(t, capture)
			for table, columns := range map[string][]string{
				"events": {
					"num", "cpu", "proc", "tid", "dir", "type", "fd", "fd_name", "res", "args", "category",
					"fd_type", "l4proto", "client_ip", "client_port", "server_ip", "server_port", "errno",
					"failed", "latency", "bytes", "io_dir", "next_tid", "next_proc", "vm_size", "vm_rss", "arg.size",
				},
				"syscalls": {
					"num", "exit_num", "dur", "cpu", "proc", "tid", "name", "fd", "fd_name", "res", "args",
					"dur_source", "category", "bytes", "cpu_exit",
				},
				"sched": {
					"cpu", "dur", "proc", "tid", "next_proc", "next_tid", "idle", "kernel", "num", "end_num",
				},
			} {
				compareTables(t, scanAll(t, catalog, table, ScanOptions{Columns: columns}),
					scanAll(t, want, table, ScanOptions{Columns: columns}), table, columns)
			}
		})
	}
}

func compareTables(t *testing.T, got, want *rowsOf, table string, columns []string) {
	t.Helper()
	if got.n != want.n {
		t.Errorf("%s: %d rows, want %d", table, got.n, want.n)
		return
	}
	for _, c := range columns {
		wrong := 0
		for i := range got.n {
			g, w := got.text(c, i), want.text(c, i)
			if g == w && got.columns[c].IsNull(i) == want.columns[c].IsNull(i) {
				continue
			}
			// Addresses of the machine's interfaces are in no line.
			if strings.Contains(g, "0.0.0.0") || strings.Contains(g, "::") && (c == "server_ip" || c == "fd_name") {
				continue
			}
			if wrong++; wrong <= 3 {
				t.Errorf("%s.%s, row %d: %q, want %q", table, c, i, g, w)
			}
		}
	}
}

// Of a text that lacks lines, each line still shows what it says.
func TestPartOfTranscript(t *testing.T) {
	for _, capture := range []string{"tour-old.scap", "tour-new.scap"} {
		lines := bytes.SplitAfter(transcribe(t, capture), []byte("\n"))
		var part []byte
		var kept [][]byte
		for _, l := range lines {
			h := fnv.New32a()
			h.Write(l)
			if len(l) > 0 && h.Sum32()%4 == 0 {
				part = append(part, l...)
				kept = append(kept, l)
			}
		}
		columns := []string{"num", "proc", "tid", "type", "args", "fd", "fd_name"}
		r := scanAll(t, openTranscript(t, part), "events", ScanOptions{Columns: columns})
		if r.n != len(kept) {
			t.Fatalf("%s: %d events of %d lines", capture, r.n, len(kept))
		}
		for i := range r.n {
			name := r.text("proc", i)
			if name == "" {
				name = "<NA>"
			}
			line := string(kept[i])
			if !strings.Contains(line, fmt.Sprintf(" %s (%s) ", name, r.text("tid", i))) ||
				!strings.HasSuffix(line, fmt.Sprintf(" %s %s\n", r.text("type", i), r.text("args", i))) {
				t.Errorf("%s: %q, name %q", capture, line, name)
			}
			_, fd, ok := strings.Cut(line, fmt.Sprintf(" fd=%s(<", r.text("fd", i)))
			_, fd, _ = strings.Cut(fd, ">")
			if ok && !strings.HasPrefix(fd, r.text("fd_name", i)+")") {
				t.Errorf("%s: %q, descriptor %q", capture, line, r.text("fd_name", i))
			}
		}
	}
}

// The text that this program was first asked for: three sendmsg and 24 switch events.
func TestIncidentTranscript(t *testing.T) {
	catalog := open(t, "transcript.txt")
	columns := []string{"num", "ts", "proc", "tid", "fd", "fd_name"}
	r := scanAll(t, catalog, "events", ScanOptions{Columns: columns})
	var times []int64
	for i := range r.n {
		if ts, _ := r.int("ts", i); r.text("proc", i) == "keepalived" {
			times = append(times, ts)
		}
	}
	if len(times) != 3 || times[1]-times[0] != 5035431870 {
		t.Errorf("times of keepalived's events: %v", times)
	}
	columns = []string{"cpu", "tid", "proc", "kernel", "idle"}
	found := map[string]int{}
	for _, l := range scanAll(t, catalog, "sched", ScanOptions{Columns: columns}).lines(columns) {
		found[l]++
	}
	for _, want := range []string{"3 7 '' true false", "3 25978 sysdig false false", "3 0 swapper/3 true true"} {
		if found[want] == 0 {
			t.Errorf("no stay %q in %v", want, found)
		}
	}
}

// What lines lack is NULL, and what is no event is told and counted, but is no damage.
func TestTranscriptAsPasted(t *testing.T) {
	const text = "$ sysdig -r trace.scap\n" +
		"trace.txt:5:17:01:21.100000000 sh (12) > frobnicate x=1 y\n" +
		"--\n" +
		"> 17:01:21.200000000  (0) > switch next=12(sh) pgft_maj=0 pgft_min=0 vm_size=0 vm_rss=0 vm_swap=0\r\n" +
		"> 17:01:21.300000000 sh (12) > switch next=0 pgft_maj=0 pgft_min=0 vm_size=9 vm_rss=9 vm_swap=0\r\n" +
		"so much for that\n"
	catalog := openTranscript(t, []byte(text))
	for table, want := range map[string]string{
		"events": "1 61281100000000 - sh 12 > frobnicate x=1 y|" +
			"2 61281200000000 - '' 0 > switch next=12(sh) pgft_maj=0 pgft_min=0 vm_size=0 vm_rss=0 vm_swap=0|" +
			"3 61281300000000 - sh 12 > switch next=0 pgft_maj=0 pgft_min=0 vm_size=9 vm_rss=9 vm_swap=0",
		"sched":       "- swapper 0 sh|- sh 12 swapper|- swapper 0 -",
		"captures":    fmt.Sprintf("text - 3 %d", len(text)),
		"warnings":    "0 skipped line line 1 is no event and was skipped 2",
		"event_types": "switch > 2|frobnicate > 1",
	} {
		columns := map[string][]string{
			"events":      {"num", "ts", "cpu", "proc", "tid", "dir", "type", "args"},
			"sched":       {"cpu", "proc", "tid", "next_proc"},
			"captures":    {"format", "version", "events", "bytes"},
			"warnings":    {"offset", "kind", "message", "count"},
			"event_types": {"name", "dir", "count"},
		}[table]
		got := strings.Join(scanAll(t, catalog, table, ScanOptions{Columns: columns}).lines(columns), "|")
		if got != want {
			t.Errorf("%s\n got %s\nwant %s", table, got, want)
		}
	}
	c := catalog.Captures()[0]
	if damage := c.Damage(); len(damage) > 0 {
		t.Errorf("damage: %v", damage)
	}
	if notes := c.Notes(); len(notes) != 1 || notes[0].Kind != transcript.WarnSkipped || notes[0].Count != 2 {
		t.Errorf("notes: %v", notes)
	}
}

// A compressed text that breaks off is damaged.
func TestTruncatedTranscript(t *testing.T) {
	data := compressed(transcribe(t, "tour-new.scap"))
	catalog := openTranscript(t, data[:len(data)/2])
	if err := catalog.Load(context.Background()); err != nil {
		t.Fatal(err)
	}
	c := catalog.Captures()[0]
	if damage := c.Damage(); len(damage) != 1 || damage[0].Kind != scap.WarnStream {
		t.Errorf("damage: %v", damage)
	}
	if f := c.Facts(); f.Events == 0 || f.Events >= 7628 || f.TruncatedAt != f.Bytes {
		t.Errorf("%d events, truncated at %d of %d", f.Events, f.TruncatedAt, f.Bytes)
	}
}
