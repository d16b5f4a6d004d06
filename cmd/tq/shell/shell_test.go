package shell

import (
	"bytes"
	"context"
	"errors"
	"fmt"
	"io"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"testing"
	"time"

	"tq/lang/source"
)

// fakeEngine records what it is told to run. A statement ends with a semicolon; one that
// says fail does.
type fakeEngine struct{ ran []string }

func (e *fakeEngine) Run(_ context.Context, file *source.File) error {
	e.ran = append(e.ran, strings.TrimSpace(file.Text))
	if strings.Contains(file.Text, "fail") {
		return errors.New("failed")
	}
	return nil
}

func (e *fakeEngine) Read(_ context.Context, path string) error {
	e.ran = append(e.ran, "file "+path)
	return nil
}

func (e *fakeEngine) RunSaved(_ context.Context, name string, given map[string]string) error {
	e.ran = append(e.ran, fmt.Sprintf("saved %s %v", name, given))
	return nil
}

func (e *fakeEngine) Translate(text string) (string, error) { return "SQL for " + text, nil }

func (e *fakeEngine) Event(_ context.Context, num int64) error {
	e.ran = append(e.ran, fmt.Sprintf("event %d", num))
	return nil
}

func (e *fakeEngine) Last(context.Context) error {
	e.ran = append(e.ran, "last")
	return nil
}

func (e *fakeEngine) Plot(context.Context) error {
	e.ran = append(e.ran, "plot")
	return nil
}

func (e *fakeEngine) Open(_ context.Context, file string) error {
	e.ran = append(e.ran, "open "+file)
	return nil
}

func (e *fakeEngine) Redirect(path string, once bool) error {
	e.ran = append(e.ran, fmt.Sprintf("to %s %t", path, once))
	return nil
}

func (e *fakeEngine) Params() []Param { return []Param{{"min_gap", "1s"}} }

func (e *fakeEngine) Queries() []Query {
	return []Query{{"gaps", "Silences", "-- Silences\nSELECT 1;\n"}, {"around", "Neighbours", ""}}
}

func (e *fakeEngine) Settings() []string { return []string{"timezone", "timer"} }

func (e *fakeEngine) Values(table, column string) []string {
	if table == "events" && column == "proc" {
		return []string{"keepalived", "kworker", "it's"}
	}
	return nil
}

func (e *fakeEngine) Tables() []Table {
	return []Table{
		{"events", "one event", []Column{{"num", "BIGINT", "its number", false}, {"proc", "VARCHAR", "", false}, {"utid", "BIGINT", "", true}}},
		{"sched", "one stay", []Column{{"next_tid", "BIGINT", "", false}}},
	}
}

// fakeLines gives lines; "^C" stands for the key.
type fakeLines struct {
	lines   []string
	prompts []string
	history []string
}

func (l *fakeLines) Line(prompt, _ string) (string, error) {
	l.prompts = append(l.prompts, prompt)
	if len(l.lines) == 0 {
		return "", io.EOF
	}
	line := l.lines[0]
	l.lines = l.lines[1:]
	if before, ok := strings.CutSuffix(line, "^C"); ok {
		return before, ErrInterrupt
	}
	return line, nil
}

func (l *fakeLines) Remember(entry string) { l.history = append(l.history, entry) }
func (l *fakeLines) History() []string     { return l.history }
func (l *fakeLines) Close() error          { return nil }

func TestShell(t *testing.T) {
	f := func(typed []string, want ...string) {
		t.Helper()
		engine := &fakeEngine{}
		s := &Shell{Engine: engine, Lines: &fakeLines{lines: typed}, Out: io.Discard, Err: io.Discard}
		s.Run(context.Background())
		if !slices.Equal(engine.ran, want) {
			t.Errorf("%q ran %q, want %q", typed, engine.ran, want)
		}
	}
	f([]string{"SELECT 1;"}, "SELECT 1;")
	f([]string{"SELECT", "", "1;", "SELECT 2;"}, "SELECT\n\n1;", "SELECT 2;")
	f([]string{"", "  ", "SELECT 1;"}, "SELECT 1;")
	f([]string{"SELECT 1"}, "SELECT 1")
	f([]string{"SELECT", "oops^C", "SELECT 2;"}, "SELECT 2;")
	f([]string{".settings", "fail;", "SELECT 2;"}, "SHOW SETTINGS", "fail;", "SELECT 2;")
	f([]string{".mode csv", ".timer"}, "SET output = 'csv'", "SHOW SETTINGS")
	f([]string{".tz it's"}, "SET timezone = 'it''s'")
	f([]string{".capt", ".t", ".nonsense", ".read a.tq"}, "FROM captures", "file a.tq")
	f([]string{".run gaps min_gap=2s Type=read", ".around 5 2", ".around 7"},
		"saved gaps map[min_gap:2s type:read]", "saved around map[num:5 rows:2]", "saved around map[num:7]")
	f([]string{".run", ".run gaps 2s", ".around", ".event x", ".once", ".open", ".read"})
	f([]string{".event 12", ".last", ".plot", ".open b=b.scap", ".once a.csv", ".output"},
		"event 12", "last", "plot", "open b=b.scap", "to a.csv true", "to  false")
	f([]string{".explain", "SELECT 1;", ".explain", ".explain SELECT 2"}, "SELECT 1;", "EXPLAIN SELECT 1;", "EXPLAIN SELECT 2")
	f([]string{".quit", "SELECT 1;"})
	f([]string{"help", "exit;", "SELECT 1;"})
	f([]string{"SELECT", "exit", ";"}, "SELECT\nexit\n;")
	f([]string{"SELECT", ".5;"}, "SELECT\n.5;")
}

func TestPromptAndHistory(t *testing.T) {
	lines := &fakeLines{lines: []string{"SELECT -- one", "1;", ".tables"}}
	s := &Shell{Engine: &fakeEngine{}, Lines: lines, Out: io.Discard, Err: io.Discard}
	if err := s.Run(context.Background()); err != nil {
		t.Fatal(err)
	}
	if want := []string{prompt, promptContinue, prompt, prompt}; !slices.Equal(lines.prompts, want) {
		t.Errorf("prompts %q, want %q", lines.prompts, want)
	}
	if want := []string{"SELECT -- one\n1;", ".tables"}; !slices.Equal(lines.history, want) {
		t.Errorf("history %q, want %q", lines.history, want)
	}
}

// What is read from a file stops at a failure, and its errors count lines from the top.
func TestBailAndPositions(t *testing.T) {
	engine := &fakeEngine{}
	in := NewPlain(strings.NewReader("SELECT 1;\n\n  .settings\nSELECT\nfail;\nSELECT 3"))
	s := &Shell{Engine: engine, Lines: in, Out: io.Discard, Err: io.Discard, Name: "stdin", Bail: true}
	var at []int
	s.Engine = positions{engine, &at}
	if s.Run(context.Background()); s.Failed == nil {
		t.Error("no error")
	}
	if want := []string{"SELECT 1;", "SHOW SETTINGS", "SELECT\nfail;"}; !slices.Equal(engine.ran, want) {
		t.Errorf("ran %q, want %q", engine.ran, want)
	}
	if want := []int{1, 1, 4}; !slices.Equal(at, want) {
		t.Errorf("at lines %v, want %v", at, want)
	}
}

// positions notes the line on which each text begins.
type positions struct {
	*fakeEngine
	lines *[]int
}

func (p positions) Run(ctx context.Context, file *source.File) error {
	line, _ := file.Position(len(file.Text) - len(strings.TrimLeft(file.Text, " \n")))
	*p.lines = append(*p.lines, line)
	return p.fakeEngine.Run(ctx, file)
}

// Ctrl-C while a statement runs cancels that statement and nothing else.
func TestCancel(t *testing.T) {
	engine := &slowEngine{}
	s := &Shell{Engine: engine, Lines: NewPlain(strings.NewReader("slow;\nfast;")), Out: io.Discard, Err: io.Discard}
	if err := s.Run(context.Background()); err != nil {
		t.Fatal(err)
	}
	if want := []string{"slow;", "fast;"}; !slices.Equal(engine.ran, want) {
		t.Errorf("ran %q, want %q", engine.ran, want)
	}
	if want := []error{context.Canceled, nil}; !slices.Equal(engine.ends, want) {
		t.Errorf("ended with %v, want %v", engine.ends, want)
	}
}

// slowEngine waits in slow statements until it is cancelled, which it asks for itself.
type slowEngine struct {
	fakeEngine
	ends []error
}

func (e *slowEngine) Run(ctx context.Context, file *source.File) error {
	err := e.fakeEngine.Run(ctx, file)
	if strings.Contains(file.Text, "slow") {
		process, _ := os.FindProcess(os.Getpid())
		process.Signal(os.Interrupt)
		<-ctx.Done()
		err = ctx.Err()
	}
	e.ends = append(e.ends, err)
	return err
}

func TestDescriptions(t *testing.T) {
	f := func(command, want string) {
		t.Helper()
		var out bytes.Buffer
		s := &Shell{Engine: &fakeEngine{}, Lines: &fakeLines{lines: []string{command}}, Out: &out, Err: &out}
		s.Run(context.Background())
		if got := out.String(); got != want {
			t.Errorf("%s: got %s, want %s", command, got, want)
		}
	}
	f(".tables", "  events         one event\n  sched          one stay\n")
	f(".schema EVENTS", "events: one row is one event\n  num            BIGINT     its number\n  proc           VARCHAR    \n *utid           BIGINT     \n"+
		"Columns marked * are left out by SELECT *; name them to select them.\n")
	f(".functions lower", "lower(VARCHAR) → VARCHAR\n    The text in lower case.\n    lower('ABC') is abc\n")
	f(".functions lowr", "there is no function \"lowr\"; did you mean \"lower\"?\n")
	f(".help lower", "lower(VARCHAR) → VARCHAR\n    The text in lower case.\n    lower('ABC') is abc\n")
	f(".help plot", ".plot\n    draw the last result as a chart\n")
	f(".params", "  $min_gap = 1s\n")
	f(".queries gaps", "-- Silences\nSELECT 1;\n")
	f(".queries gasp", "there is no saved query \"gasp\"; did you mean \"gaps\"?\n")
	f(".schema evnts", "there is no table \"evnts\"; did you mean \"events\"?\n")
}

func TestUnknownCommandSuggests(t *testing.T) {
	var errs bytes.Buffer
	s := &Shell{Engine: &fakeEngine{}, Lines: &fakeLines{lines: []string{".tabels"}}, Out: io.Discard, Err: &errs}
	if s.Run(context.Background()); s.Failed != errCommand {
		t.Fatal(s.Failed)
	}
	if got, want := errs.String(), "there is no command .tabels; did you mean .tables?\n"; got != want {
		t.Errorf("got %q, want %q", got, want)
	}
}

func TestHelpListsEveryCommand(t *testing.T) {
	var out bytes.Buffer
	s := &Shell{Engine: &fakeEngine{}, Lines: &fakeLines{lines: []string{".help"}}, Out: &out, Err: io.Discard}
	if err := s.Run(context.Background()); err != nil {
		t.Fatal(err)
	}
	for _, c := range commands() {
		if !strings.Contains(out.String(), "."+c.name) {
			t.Errorf(".help does not tell of .%s", c.name)
		}
	}
}

func TestHistoryFile(t *testing.T) {
	h := history{filepath.Join(t.TempDir(), "state", "history")}
	entries := []string{"SELECT 1;", "SELECT\n  '\\n' -- x\n;", ".tables"}
	for _, e := range entries {
		if err := h.add(e); err != nil {
			t.Fatal(err)
		}
	}
	if got := h.load(); !slices.Equal(got, entries) {
		t.Errorf("got %q, want %q", got, entries)
	}
	info, err := os.Stat(h.path)
	if err != nil {
		t.Fatal(err)
	}
	if info.Mode().Perm() != 0o600 {
		t.Errorf("mode %v, want 0600", info.Mode().Perm())
	}
	for range historyLimit {
		if err := h.add("x"); err != nil {
			t.Fatal(err)
		}
	}
	h.load()
	if got := len(h.load()); got != historyLimit/2 {
		t.Errorf("%d entries kept, want %d", got, historyLimit/2)
	}
}

func TestOneLine(t *testing.T) {
	f := func(in, want string) {
		t.Helper()
		if got := oneLine(in); got != want {
			t.Errorf("oneLine(%q) = %q, want %q", in, got, want)
		}
	}
	f("SELECT 1;", "SELECT 1;")
	f("SELECT\n  1;", "SELECT 1;")
	f("SELECT -- why */\n1;", "SELECT /* why * / */ 1;")
	f("SELECT '--';\n", "SELECT '--';")
}

func TestEndings(t *testing.T) {
	f := func(word string, want ...string) {
		t.Helper()
		var got []string
		for _, e := range endings(word, []string{"SELECT", "sendmsg", "select_rows", "SELECT", "evil\x1b[2J", "evil\xff"}) {
			got = append(got, string(e))
		}
		if !slices.Equal(got, want) {
			t.Errorf("endings(%q) = %q, want %q", word, got, want)
		}
	}
	f("sel", "ect", "ect_rows")
	f("SEL", "ECT", "ECT_ROWS")
	f("sen", "dmsg")
	f("x")
	f("evil")
}

func TestPasteFilter(t *testing.T) {
	f := func(in, want string) {
		t.Helper()
		for _, size := range []int{2, 3, 100} {
			r := newPasteFilter(io.NopCloser(&slowReader{[]byte(in), size}))
			got, err := io.ReadAll(r)
			if err != nil {
				t.Fatal(err)
			}
			if string(got) != want {
				t.Errorf("size %d: %q became %q, want %q", size, in, got, want)
			}
		}
	}
	f("a\tb", "a\tb")
	f(pasteBegin+"a\tb\n"+pasteEnd+"\t", "a b\n\t")
	f("\x1b[A", "\x1b[A")
	f("x\x1b", "x\x1b")
}

// slowReader gives so many bytes at once.
type slowReader struct {
	data []byte
	size int
}

func (r *slowReader) Read(buf []byte) (int, error) {
	if len(r.data) == 0 {
		return 0, io.EOF
	}
	n := copy(buf, r.data[:min(r.size, len(r.data))])
	r.data = r.data[n:]
	return n, nil
}

// TestTerminal types at a terminal that is a pipe: editing, completion, interrupt.
func TestTerminal(t *testing.T) {
	in, keys := io.Pipe()
	var out bytes.Buffer
	lines, err := NewTerminal(TerminalOptions{
		In: in, Out: &out, Fake: true,
		History: filepath.Join(t.TempDir(), "history"),
		Color:   true,
		Know:    &fakeEngine{},
	})
	if err != nil {
		t.Fatal(err)
	}
	go func() {
		io.WriteString(keys, "FROM eve\t;\r")              // completion
		io.WriteString(keys, "SELEC\x7fCT 2;\r")           // backspace
		io.WriteString(keys, pasteBegin+"a\tb\r"+pasteEnd) // a pasted tab is a blank
		io.WriteString(keys, "half\x03")                   // Ctrl-C
		io.WriteString(keys, "\x04")                       // Ctrl-D
	}()
	type typed struct {
		line string
		err  error
	}
	got := make(chan typed)
	go func() {
		for range 5 {
			line, err := lines.Line(prompt, "")
			got <- typed{line, err}
		}
	}()
	for _, want := range []typed{
		{"FROM events;", nil}, {"SELECT 2;", nil}, {"a b", nil}, {"half", ErrInterrupt}, {"", io.EOF},
	} {
		select {
		case g := <-got:
			if g != want {
				t.Errorf("got %q %v, want %q %v", g.line, g.err, want.line, want.err)
			}
		case <-time.After(10 * time.Second):
			t.Fatalf("no line, want %q", want.line)
		}
	}
	keys.Close()
	lines.Close()
}
