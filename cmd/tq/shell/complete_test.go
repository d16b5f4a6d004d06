package shell

import (
	"os"
	"path/filepath"
	"slices"
	"strings"
	"testing"
)

func TestComplete(t *testing.T) {
	f := func(before, line string, want ...string) {
		t.Helper()
		c := &completer{Knowledge: &fakeEngine{}, before: before}
		ends, n := c.Do([]rune(line), len([]rune(line)))
		var got []string
		for _, e := range ends {
			got = append(got, line[len(line)-n:]+string(e))
		}
		if !slices.Equal(got, want) {
			t.Errorf("%q %q completes to %q, want %q", before, line, got, want)
		}
	}
	f("", "SELECT * FROM ", "events", "sched")
	f("SELECT *\n", "FROM events JOIN s", "sched")
	f("", "SELECT ut", "utid")
	f("", "SELECT next_t FROM sched WHERE next_t", "next_tid")
	f("", "FROM sched WHERE ut") // no column of this table
	f("", "FROM events AS e JOIN sched WHERE e.n", "e.num")
	f("", "SELECT coal", "coalesce(")
	f("", "SET t", "timezone", "timer")
	f("", "SELEC", "SELECT")
	f("", "QUALI", "QUALIFY")
	f("", "quali", "qualify")

	// Values stand in the order of how often they occur.
	f("", "FROM events WHERE proc = 'k", "keepalived'", "kworker'")
	f("", "FROM events WHERE proc IN ('kworker', 'ke", "keepalived'")
	f("SELECT * FROM events\n", "WHERE proc NOT LIKE 'it", "it''s'")
	f("", "FROM events WHERE num = 'k")
	f("", "FROM sched WHERE proc = 'k")
	f("", "SELECT 'k")

	// In the braces of a filter stand sysdig's fields and words.
	f("", "FROM events WHERE {proc.na", "proc.name")
	f("", "FROM events WHERE {proc.name icont", "icontains")
	f("", "FROM events WHERE {proc.name=k", "keepalived", "kworker")
	f("", "FROM events WHERE {not proc.name in (cat, ke", "keepalived")
	f("", "FROM events WHERE {(proc.name='k", "keepalived", "kworker")
	f("", "FROM events WHERE {evt.num=")
	f("", ".translate proc.exel", "proc.exeline")

	f("", ".he", "help ")
	f("", ".schema e", "events")
	f("", ".run g", "gaps")
	f("", ".mode mark", "markdown")
	f("", ".timer o", "on", "off")
	f("", ".tz E")
}

func TestCompleteFiles(t *testing.T) {
	dir := t.TempDir()
	for _, name := range []string{"a.csv", "b.csv", ".hidden"} {
		if err := os.WriteFile(filepath.Join(dir, name), nil, 0o600); err != nil {
			t.Fatal(err)
		}
	}
	if err := os.Mkdir(filepath.Join(dir, "c"), 0o700); err != nil {
		t.Fatal(err)
	}
	want := []string{dir + "/a.csv", dir + "/b.csv", dir + "/c/"}
	if got := files(dir + "/"); !slices.Equal(got, want) {
		t.Errorf("got %q, want %q", got, want)
	}
	c := &completer{Knowledge: &fakeEngine{}}
	line := "FROM '" + dir + "/a"
	if ends, _ := c.Do([]rune(line), len([]rune(line))); len(ends) != 1 || string(ends[0]) != ".csv" {
		t.Errorf("%q completes to %q", line, ends)
	}
}

func TestHighlight(t *testing.T) {
	names := strings.NewReplacer(
		colourReset, "}", colourKeyword, "k{", colourString, "s{", colourNumber, "n{",
		colourComment, "c{", colourCall, "f{", colourParam, "p{", colourMatch, "m{",
	)
	f := func(before, line string, cursor int, want string) {
		t.Helper()
		h := &highlighter{before: before}
		if got := names.Replace(string(h.Paint([]rune(line), cursor))); got != want {
			t.Errorf("%q %q: got %s, want %s", before, line, got, want)
		}
	}
	f("", "SELECT lower('ä') FROM x -- y", 0, "k{SELECT} f{lower}(s{'ä'}) k{FROM} x c{-- y}")
	f("", "a > 1.5s AND $p", 0, "a > n{1.5s} k{AND} p{$p}")
	f("", "(1)", 3, "m{(}n{1}m{)}")
	f("", "(1)", 1, "m{(}n{1}m{)}")
	f("", "'open", 0, "s{'open}")
	f("SELECT 'two\n", "lines' x", 0, "s{lines'} x")
	f("", ".tables", 0, ".tables")
	f("", "SELECT ?", 0, "k{SELECT} s{?}")
}
