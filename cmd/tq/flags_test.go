package main

import (
	"os"
	"path/filepath"
	"strings"
	"testing"
	"time"
)

func TestParseSize(t *testing.T) {
	f := func(text string, want int64) {
		t.Helper()
		got, err := parseSize(text)
		if want < 0 {
			if err == nil {
				t.Errorf("parseSize(%q) = %d, want an error", text, got)
			}
			return
		}
		if err != nil || got != want {
			t.Errorf("parseSize(%q) = %d, %v, want %d", text, got, err, want)
		}
	}
	f("0", 0)
	f("1000", 1000)
	f("500MB", 500_000_000)
	f("2GiB", 2<<30)
	f("1.5 kb", 1500)
	f("64k", 64_000)
	f("7b", 7)
	f("", -1)
	f("lots", -1)
	f("-1MB", -1)
	f("1e30", -1)
	f("nan", -1)
}

func TestParseInput(t *testing.T) {
	f := func(arg, name, path string) {
		t.Helper()
		in, err := parseInput(arg)
		if err != nil || in.name != name || in.path != path {
			t.Errorf("parseInput(%q) = %+v, %v, want %s %s", arg, in, err, name, path)
		}
	}
	f("a.scap", "a", "a.scap")
	f("dir/trace.scap.gz", "trace.scap", "dir/trace.scap.gz")
	f("dir/trace.scap12", "trace12", "dir/trace.scap12")
	f("host=dir/a.scap", "host", "dir/a.scap")
	f("a=b=c", "a", "b=c")
	f("./a=b.scap", "a=b", "./a=b.scap")
	f(".scap", ".scap", ".scap")
	f("-", "stdin", "-")
	f("in=-", "in", "-")
	if _, err := parseInput("name="); exitCode(err) != exitUsage {
		t.Errorf("a name without a file: %v", err)
	}
}

func TestParseFlags(t *testing.T) {
	o, err := parseFlags([]string{"-e", "SELECT 1", "a.scap", "-f", ":gaps", "-pMIN_GAP=2s", "--null=", "--tz", "local",
		"--max-rows", "0", "--no-bail", "-ocsv", "x=b.scap", "--threads=2", "--memory-limit", "1GB"})
	if err != nil {
		t.Fatal(err)
	}
	if len(o.scripts) != 2 || o.scripts[0].text != "SELECT 1" || o.scripts[1].path != ":gaps" {
		t.Errorf("scripts %+v", o.scripts)
	}
	if len(o.inputs) != 2 || o.inputs[1].name != "x" {
		t.Errorf("inputs %+v", o.inputs)
	}
	if o.params["min_gap"] != "2s" || *o.null != "" || o.zone != time.Local || o.maxRows != 0 || !o.noBail ||
		o.format != "csv" || o.threads != 2 || o.memoryLimit != 1e9 {
		t.Errorf("options %+v", o)
	}
}

func TestSettings(t *testing.T) {
	start := (&options{format: "table", zone: time.UTC, maxRows: 40}).settings()
	for _, setting := range settingList {
		// What a setting shows can be set again and changes nothing.
		same, err := start.with(setting.name, setting.get(&start))
		if err != nil {
			t.Errorf("%s: %v", setting.name, err)
		}
		if got, want := setting.get(&same), setting.get(&start); got != want {
			t.Errorf("%s is %q, then %q", setting.name, want, got)
		}
	}
	changed, err := start.with("MAX_ROWS", "7")
	if err != nil || changed.maxRows != 7 {
		t.Errorf("max_rows %d, %v", changed.maxRows, err)
	}
	if back, err := changed.reset("max_rows", &start); err != nil || back.maxRows != 40 {
		t.Errorf("max_rows after RESET %d, %v", back.maxRows, err)
	}
	if _, err := start.with("max_rwos", "7"); err == nil || !strings.Contains(err.Error(), `"max_rows"`) {
		t.Errorf("error %v", err)
	}
}

// A file that is replaced keeps its mode; one that is begun and given up leaves nothing.
func TestOutputFile(t *testing.T) {
	path := filepath.Join(t.TempDir(), "out")
	if err := os.WriteFile(path, []byte("old"), 0o640); err != nil {
		t.Fatal(err)
	}
	write := func(text string) *outputFile {
		out, err := createOutput(path)
		if err != nil {
			t.Fatal(err)
		}
		if _, err := out.WriteString(text); err != nil {
			t.Fatal(err)
		}
		return out
	}
	check := func(want string) {
		t.Helper()
		got, err := os.ReadFile(path)
		if err != nil || string(got) != want {
			t.Errorf("%q, %v, want %q", got, err, want)
		}
		entries, err := os.ReadDir(filepath.Dir(path))
		if err != nil || len(entries) != 1 {
			t.Errorf("%v beside it, %v", entries, err)
		}
	}
	if err := write("new").discard(); err != nil {
		t.Fatal(err)
	}
	check("old")
	if err := write("new").commit(); err != nil {
		t.Fatal(err)
	}
	check("new")
	info, err := os.Stat(path)
	if err != nil || info.Mode().Perm() != 0o640 {
		t.Errorf("mode %v, %v", info.Mode(), err)
	}
}
