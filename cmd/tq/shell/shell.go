package shell

import (
	"context"
	"errors"
	"fmt"
	"io"
	"os"
	"os/signal"
	"slices"
	"strings"

	"tq/lang"
	"tq/lang/source"
)

// Engine is the session that the shell drives. What runs statements shows results and
// errors itself; the errors that it returns only say that something failed.
type Engine interface {
	Knowledge
	// Run runs the statements of a text.
	Run(ctx context.Context, file *source.File) error
	// Read runs the statements of a file.
	Read(ctx context.Context, path string) error
	// RunSaved runs a saved query with values for its parameters, by name in lower case.
	RunSaved(ctx context.Context, name string, given map[string]string) error
	// Translate returns the SQL for a filter of sysdig, or for statements that hold some.
	Translate(text string) (string, error)
	// Event shows all that is known of one event.
	Event(ctx context.Context, num int64) error
	// Last shows the last result again, whole.
	Last(ctx context.Context) error
	// Plot draws the last result.
	Plot(ctx context.Context) error
	// Open loads a further file, [NAME=]PATH.
	Open(ctx context.Context, file string) error
	// Redirect writes results to a file, the next one or all from now on; an empty path
	// shows them again.
	Redirect(path string, once bool) error
	// Params lists the parameters declared so far.
	Params() []Param
}

// Query is a saved query.
type Query struct{ Name, Title, Text string }

// Param is a parameter with its value as text.
type Param struct{ Name, Value string }

// Table is what .tables and .schema show of a table.
type Table struct {
	Name    string
	Row     string // what one row is
	Columns []Column
}

// Column is a column of a [Table].
type Column struct {
	Name, Type, Doc string
	Hidden          bool // left out by *
}

// Lines is where input comes from.
type Lines interface {
	// Line reads a line, without its end; before is what the statement has above it. It
	// returns [ErrInterrupt] after Ctrl-C, with what had been typed, and io.EOF at the end
	// of the input.
	Line(prompt, before string) (string, error)
	// Remember adds an entry to the history.
	Remember(entry string)
	// History returns the entries, the newest last.
	History() []string
	Close() error
}

// ErrInterrupt says that the user pressed Ctrl-C while typing.
var ErrInterrupt = errors.New("interrupted")

const (
	prompt         = "tq> "
	promptContinue = "  > "
)

// Shell is the loop.
type Shell struct {
	Engine Engine
	Lines  Lines
	Out    io.Writer // for answers of dot-commands
	// Page shows a text through a pager if it is long; nil: all is written to Out.
	Page func(ctx context.Context, write func(ctx context.Context, w io.Writer) error) error
	// Width is how wide the lines of texts may be; nil: of any width.
	Width func() int
	Err   io.Writer // for hints
	// Name is what errors call the input. Without one they count lines from the start of
	// each statement, as suits an input that scrolls away.
	Name string
	// Bail ends the loop when a statement fails.
	Bail bool
	// Failed is the last error of a statement.
	Failed error

	line       int // lines read before the statement at hand
	quit       bool
	recent     string // the last statement
	interrupts chan os.Signal
}

// Run reads and runs statements until the user leaves, the input ends or, if it is to
// bail, a statement fails. The error is that of the input.
func (s *Shell) Run(ctx context.Context) error {
	s.interrupts = make(chan os.Signal, 1)
	signal.Notify(s.interrupts, os.Interrupt)
	defer signal.Stop(s.interrupts)
	for !s.quit {
		text, err := s.statement()
		if text != "" {
			if e := s.cancellable(ctx, func(ctx context.Context) error { return s.run(ctx, text) }); e != nil {
				s.Failed = e
				s.quit = s.quit || s.Bail
			}
		}
		if err == io.EOF {
			return nil
		}
		if err != nil {
			return err
		}
	}
	return nil
}

// statement reads lines up to the end of a statement, or a line with a dot-command. What
// stands before the end of the input without its semicolon is a statement too.
func (s *Shell) statement() (string, error) {
	var pending strings.Builder
	for lines := 0; ; {
		p := prompt
		if pending.Len() > 0 {
			p = promptContinue
		}
		select {
		case <-s.interrupts: // came too late for the statement before
		default:
		}
		line, err := s.Lines.Line(p, pending.String())
		switch {
		case errors.Is(err, ErrInterrupt):
			if pending.Len() == 0 && line == "" {
				fmt.Fprintln(s.Err, "Ctrl-D or .quit leaves")
			}
			return "", nil
		case err != nil && err != io.EOF:
			return "", err
		}
		blank := strings.TrimSpace(line) == ""
		if blank && pending.Len() == 0 {
			s.line++
			if err != nil {
				return "", err
			}
			continue
		}
		pending.WriteString(line + "\n")
		lines++
		command := lines == 1 && isCommand(line)
		if err != nil || command || lang.Complete(pending.String()) {
			text := s.padding() + pending.String()
			s.line += lines
			if strings.TrimSpace(text) == "" {
				return "", err
			}
			s.remember(text)
			return text, err
		}
	}
}

// isCommand tells whether a statement is a dot-command. Three are known without their dot,
// as other shells have them.
func isCommand(text string) bool {
	text = strings.TrimSpace(text)
	return strings.HasPrefix(text, ".") || slices.Contains([]string{"help", "exit", "quit"}, strings.TrimSuffix(text, ";"))
}

// remember keeps what was typed, for the history and for commands about the last
// statement.
func (s *Shell) remember(text string) {
	text = strings.TrimSpace(text)
	s.Lines.Remember(text)
	if !isCommand(text) {
		s.recent = text
	}
}

// padding stands for the lines before a statement, so that the positions in errors are
// those in the whole input.
func (s *Shell) padding() string {
	if s.Name == "" {
		return ""
	}
	return strings.Repeat("\n", s.line)
}

// run runs a statement or a dot-command.
func (s *Shell) run(ctx context.Context, text string) error {
	if isCommand(text) {
		return s.command(ctx, strings.TrimSpace(text))
	}
	return s.Engine.Run(ctx, &source.File{Name: s.Name, Text: text})
}

// cancellable runs f with a context that Ctrl-C cancels. The terminal is not in raw mode
// then, so the key arrives as a signal.
func (s *Shell) cancellable(ctx context.Context, f func(ctx context.Context) error) error {
	ctx, cancel := context.WithCancel(ctx)
	defer cancel()
	done := make(chan struct{})
	defer close(done)
	go func() {
		select {
		case <-s.interrupts:
			cancel()
		case <-done:
		}
	}()
	return f(ctx)
}
