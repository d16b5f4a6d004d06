package main

import (
	"os"
	"path/filepath"
	"regexp"
	"strings"
	"testing"
)

// The shell on a terminal, as its user sees it.

func TestTypedStatements(t *testing.T) {
	t.Parallel()
	y := sitDown(t, t.TempDir(), nil, captures+"/tour-old.scap")
	y.sees("tq "+version, ".help", "Ctrl-D", "tour-old: 13,720 events, ", "switch events: yes", "\ntq>")
	y.asks("SELECT 6 * 7 AS answer;", "│ answer │", "│     42 │", "1 row")

	// A statement ends with its semicolon, not with its line.
	y.types("SELECT 'a;" + enter)
	y.isAt("  >")
	y.types("b' -- ;" + enter)
	y.isAt("  >")
	y.types("AS text;" + enter)
	y.sees(`│ a;\nb │`, "1 row", "\ntq>")

	// What fails is shown where it stands.
	y.asks("SELECT prok FROM events;", "1:8: there is no column \"prok\"", "SELECT prok FROM events;", "\n         ^~~~", "did you mean")
	y.asks("help", ".explain [statement]", "Results", ".quit")
	y.asks(".mode parquet")
	y.asks("SELECT 1;", "parquet is not for terminals")
	y.leaves()
}

// What is pasted runs as it stands, its tabs being blanks.
func TestPaste(t *testing.T) {
	t.Parallel()
	y := sitDown(t, t.TempDir(), nil)
	y.isAt("tq>")
	y.types("\x1b[200~SELECT\t6 *\r\t\t7 AS n, -- a comment\r\t'x' AS x;\rSELECT\t'sec' || 'ond';\r\x1b[201~")
	y.sees("│ 42 │ x │", "│ second", "\ntq>")
	y.leaves()
}

func TestCompletionByTab(t *testing.T) {
	t.Parallel()
	y := sitDown(t, t.TempDir(), nil, captures+"/tour-old.scap")
	y.asks("SELECT count(*) FROM events;", "13720") // values are those of what has been read
	f := func(typed, completed string) {
		t.Helper()
		y.isAt("tq>")
		y.types(typed + tab)
		y.isAt("tq> " + completed)
		y.types(ctrlC)
	}
	f("SELEC", "SELECT")
	f("FROM sysc", "FROM syscalls")
	f("SELECT fd_na", "SELECT fd_name")
	f("SET timez", "SET timezone")
	f("SELECT format_dur", "SELECT format_duration(")
	f("FROM events WHERE proc = 'varie", "FROM events WHERE proc = 'variety'")
	f("FROM events WHERE {proc.name=varie", "FROM events WHERE {proc.name=variety")
	f(".schem", ".schema")
	f(".run whod", ".run whodunit")
	f(".open "+captures+"/trans", ".open "+captures+"/transcript.txt")

	// Of several that may be meant, all are shown, the most frequent first.
	y.isAt("tq>")
	y.types("FROM events WHERE type = 'send" + tab)
	y.sees("sendto'", "sendmsg'", "sendfile'")
	y.types(ctrlC) // puts the list away
	y.isAt("tq> FROM events WHERE type = 'send")
	y.types(ctrlC)
	y.leaves()
}

func TestControlC(t *testing.T) {
	t.Parallel()
	y := sitDown(t, t.TempDir(), nil)
	y.isAt("tq>")
	y.types("SELECT 1 +")
	y.isAt("tq> SELECT 1 +")
	y.types(ctrlC)
	y.isAt("tq>")
	y.types("SELECT" + enter)
	y.isAt("  >")
	y.types(ctrlC)
	y.isAt("tq>")
	y.types(ctrlC)
	y.sees("Ctrl-D or .quit leaves", "\ntq>")

	// A statement that would take hours ends at once. That the one before it has been
	// answered shows that it runs.
	y.types("SELECT 6 * 7 AS n; SELECT count(*) FROM range(1000000) a(x), range(1000000) b(y) WHERE x + y < 0;" + enter)
	y.sees("│ 42 │")
	y.types(ctrlC)
	y.sees("interrupted", "\ntq>")
	y.asks("SELECT 'still ' || 'here';", "still here")
	y.leaves()
}

// What is typed can be found again, also in the next session, and is nobody else's.
func TestHistory(t *testing.T) {
	t.Parallel()
	home := t.TempDir()
	y := sitDown(t, home, nil)
	y.asks("SELECT 'first ' || 'statement';", "first statement")
	y.isAt("tq>")
	y.types("SELECT 'of' -- a comment" + enter)
	y.isAt("  >")
	y.types("|| ' two lines';" + enter)
	y.sees("of two lines", "\ntq>")
	y.leaves()

	path := filepath.Join(home, ".local", "state", "tq", "history")
	info, err := os.Stat(path)
	if err != nil {
		t.Fatal(err)
	}
	if info.Mode().Perm() != 0o600 {
		t.Errorf("the history's mode is %v", info.Mode().Perm())
	}

	y = sitDown(t, home, nil)
	y.isAt("tq>")
	y.types(upward)
	y.isAt("tq> SELECT 'of' /* a comment */ || ' two lines';")
	y.types(upward)
	y.isAt("tq> SELECT 'first ' || 'statement';")
	y.types(ctrlC)
	y.isAt("tq>")
	y.types(ctrlR + "two")
	y.sees("SELECT 'of' /* a comment */ || ' two lines';")
	y.types(enter)
	y.sees("│ of two lines")
	y.leaves()
}

// A table fits the window, as wide as that is now. What is too wide for it is written a
// value a line if that fits.
func TestResize(t *testing.T) {
	t.Parallel()
	y := sitDown(t, t.TempDir(), nil)
	y.asks("SELECT repeat('wide ', 30) AS a, i FROM range(9) t(i);", "…", "9 rows")
	y.asks("SELECT repeat('wide ', 30) AS a, 0 AS i;", "a = wide wide", "\n    wide", "\ni = 0\n1 row")
	y.resizes(40, 24)
	y.asks("SELECT repeat('wide ', 30) AS a, i FROM range(9) t(i);", "┌"+strings.Repeat("─", 34)+"┬───┐\n", "…", "9 rows")
	y.resizes(200, 24)
	y.asks("SELECT repeat('wide ', 30) AS a, i FROM range(9) t(i);", strings.Repeat("wide ", 30), "│ 8 │", "9 rows")
	y.leaves()
}

// colours is a sequence that colours text.
var colours = regexp.MustCompile(`\x1b\[[0-9;]*m`)

func TestColours(t *testing.T) {
	t.Parallel()
	f := func(want bool, env []string, args ...string) {
		t.Helper()
		y := sitDown(t, t.TempDir(), env, args...)
		y.asks("SELECT NULL AS nothing;", "nothing", "NULL", "1 row")
		if got := colours.MatchString(y.leaves()); got != want {
			t.Errorf("%v %v: coloured %t, want %t", env, args, got, want)
		}
	}
	f(true, nil)
	f(false, []string{"NO_COLOR=1"})
	f(false, nil, "--color", "never")
	f(true, []string{"NO_COLOR=1"}, "--color", "always")
}

// A terminal that can do nothing but print is told nothing else.
func TestDumbTerminal(t *testing.T) {
	t.Parallel()
	y := sitDown(t, t.TempDir(), []string{"TERM=dumb"}, captures+"/tour-old.scap")
	y.asks("SELECT NULL AS nothing;", "nothing", "NULL", "1 row")
	y.types("SELECT 6" + enter)
	y.isAt("  >")
	y.types("* 7;" + enter)
	y.sees("│      42 │")
	y.asks("SELECT i FROM range(50) t(i);", "│ 49 │", "50 rows")
	if raw := y.leaves(); strings.Contains(raw, "\x1b") {
		t.Errorf("the terminal was told %q", raw)
	}
}

// A result that is longer than the screen goes through a pager, no faster than that reads;
// leaving it ends the query.
func TestPaging(t *testing.T) {
	t.Parallel()
	y := sitDown(t, t.TempDir(), []string{"TQ_PAGER=head -n 6"}, captures+"/fifo-old.scap")
	y.asks("SELECT * FROM range(18) t(i);", "│  0 │", "│ 17 │", "18 rows")
	y.asks("SELECT * FROM range(19) t(i);", "│  0 │", "│  2 │")
	y.asks("SELECT max(i) FROM _;", "18") // it had been complete
	y.asks("SELECT num FROM events;", "│    74 │", "│    76 │")
	y.asks("FROM _;", "there is no table \"_\"") // it had not been read to its end
	y.asks("SELECT i, repeat('x', 90) AS wide FROM range(30) t(i);", "│  0 │ "+strings.Repeat("x", 73))
	y.asks("SET max_rows = 4;")
	y.asks("SELECT * FROM range(19) t(i);", "│ 3 │\n└", "19 rows, the first 4 shown (max_rows); .last shows all")
	y.asks(".pager off")
	y.asks("SET max_rows = 30;")
	y.asks("SELECT * FROM range(30) t(i);", "│ 29 │", "30 rows")
	y.leaves()
}

// While a capture is read, a line says how far; it goes when there is an answer.
func TestProgressWhileReading(t *testing.T) {
	t.Parallel()
	data, err := os.ReadFile(captures + "/fifo-new.scap")
	if err != nil {
		t.Fatal(err)
	}
	pipe := filepath.Join(t.TempDir(), "slow.scap")
	makePipe(t, pipe)
	y := sitDown(t, t.TempDir(), nil, "slow="+pipe)
	w, err := os.OpenFile(pipe, os.O_WRONLY, 0)
	if err != nil {
		t.Fatal(err)
	}
	half := len(data) / 2
	if _, err := w.Write(data[:half]); err != nil {
		t.Fatal(err)
	}
	y.sees("slow: still being read", "\ntq>")
	y.types("SELECT count(*) AS n FROM events;" + enter)
	y.sees("reading: ", " events, ", "MB/s")
	if _, err := w.Write(data[half:]); err != nil {
		t.Fatal(err)
	}
	w.Close()
	y.sees("│ 226245 │", "1 row", "slow: 226,245 events", "\ntq>")
	y.waits("end of the progress line", func(s *screen) bool { return !strings.Contains(s.String(), "reading: ") })
	y.leaves()
}

// A process may call itself anything: its name does nothing to the terminal.
func TestHostileName(t *testing.T) {
	t.Parallel()
	const hostile, shown = "\x1b[2J\x1b]0;x\a", `\x1b[2J\x1b]0;x\x07`
	y := sitDown(t, t.TempDir(), []string{"NO_COLOR=1"}, renamed(t, "keepalived", hostile))
	y.asks("SELECT DISTINCT proc FROM events WHERE proc LIKE '%[2J%';", shown, "1 row")
	y.asks(".event 7098", "group.name  root")
	y.types("FROM events WHERE proc = '" + tab)
	y.sees("FROM events WHERE proc = '", "curl'")
	y.types(ctrlC + ctrlC)
	if raw := y.leaves(); strings.Contains(raw, hostile) || !strings.Contains(raw, "proc.name  "+shown) {
		t.Errorf("the terminal was told %q", raw)
	}
}

// renamed is a capture in which a process has another name of the same length.
func renamed(t *testing.T, from, to string) string {
	t.Helper()
	data := strings.ReplaceAll(inflate(t, captures+"/fifo-old.scap"), from, to)
	path := filepath.Join(t.TempDir(), "renamed.scap")
	if err := os.WriteFile(path, []byte(data), 0o600); err != nil {
		t.Fatal(err)
	}
	return path
}
