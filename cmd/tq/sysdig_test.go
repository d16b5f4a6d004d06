package main

import (
	"bytes"
	"compress/gzip"
	"fmt"
	"io"
	"os"
	"path/filepath"
	"strconv"
	"strings"
	"testing"
	"time"
)

// TestSysdigLines compares every line of -o sysdig with what the newest sysdig printed: for
// a capture of this project, lines made from the fields that were recorded of its events;
// for those in the folder that TQ_CAPTURES names, the lines themselves. Lines of older
// releases are counted where they differ, not held against it; storage's tests tell how.
func TestSysdigLines(t *testing.T) {
	const own = "tour-new"
	compareLines(t, captures+"/"+own+".scap", linesOfFields(t, captures+"/"+own+".fields.gz"), true)

	paths, err := filepath.Glob(filepath.Join(os.Getenv("TQ_CAPTURES"), "*.sysdig.txt.gz"))
	if err != nil {
		t.Fatal(err)
	}
	for _, path := range paths {
		name := strings.TrimSuffix(path, ".sysdig.txt.gz")
		lines := strings.Split(strings.TrimSuffix(inflate(t, path), "\n"), "\n")
		compareLines(t, name+".scap", lines, strings.HasSuffix(name, "-new"))
	}
}

// compareLines prints a capture and compares the lines, blanks at their ends apart.
func compareLines(t *testing.T, capture string, want []string, newest bool) {
	t.Helper()
	out, err := os.Create(filepath.Join(t.TempDir(), "lines"))
	if err != nil {
		t.Fatal(err)
	}
	defer out.Close()
	var errs bytes.Buffer
	if code := run([]string{"-o", "sysdig", "-e", "SELECT * FROM events", capture}, os.Stdin, out, &errs); code != exitDone {
		t.Fatalf("%s: exit code %d: %s", capture, code, errs.String())
	}
	text, err := os.ReadFile(out.Name())
	if err != nil {
		t.Fatal(err)
	}
	got := strings.Split(strings.TrimSuffix(string(text), "\n"), "\n")
	if len(got) != len(want) {
		t.Fatalf("%s: %d lines, want %d", capture, len(got), len(want))
	}
	differ := make(map[string]int)
	for i := range want {
		line, wanted := strings.TrimRight(got[i], " "), strings.TrimRight(want[i], " ")
		if !newest { // It may not count events of types that it does not know.
			_, line, _ = strings.Cut(line, " ")
			_, wanted, _ = strings.Cut(wanted, " ")
		}
		if line == wanted {
			continue
		}
		if typ := strings.Fields(got[i])[6]; newest {
			t.Errorf("%s:\n got %s\nwant %s", capture, got[i], want[i])
		} else {
			differ[typ]++
		}
	}
	t.Logf("%s: %d lines; of an older release and different, by type: %v", filepath.Base(capture), len(want), differ)
}

// linesOfFields makes the lines that sysdig prints from fields that it printed.
func linesOfFields(t *testing.T, path string) []string {
	records := strings.Split(inflate(t, path), "\x1e\n")
	place := make(map[string]int)
	for i, name := range strings.Split(records[0], "\x1f") {
		place[name] = i
	}
	var lines []string
	for _, r := range records[1 : len(records)-1] {
		values := strings.Split(r, "\x1f")
		f := func(name string) string { return values[place[name]] }
		ns, err := strconv.ParseInt(f("evt.rawtime"), 10, 64)
		if err != nil {
			t.Fatal(err)
		}
		lines = append(lines, fmt.Sprintf("%s %s %s %s (%s) %s %s %s", f("evt.num"),
			time.Unix(0, ns).UTC().Format("15:04:05.000000000"), f("evt.cpu"), f("proc.name"),
			f("thread.tid"), f("evt.dir"), f("evt.type"), f("evt.args")))
	}
	return lines
}

func inflate(t *testing.T, path string) string {
	t.Helper()
	f, err := os.Open(path)
	if err != nil {
		t.Fatal(err)
	}
	defer f.Close()
	z, err := gzip.NewReader(f)
	if err != nil {
		t.Fatal(err)
	}
	text, err := io.ReadAll(z)
	if err != nil {
		t.Fatal(err)
	}
	return string(text)
}
