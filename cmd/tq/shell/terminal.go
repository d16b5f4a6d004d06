package shell

import (
	"errors"
	"io"

	"github.com/chzyer/readline"
)

// terminal reads lines with editing, history and completion.
type terminal struct {
	rl          *readline.Instance
	history     history
	entries     []string
	out         io.Writer
	completer   *completer
	highlighter *highlighter
}

// TerminalOptions say what a terminal reads from and writes to. In and Out are nil for
// the process's own; tests give theirs and set Fake.
type TerminalOptions struct {
	In      io.ReadCloser
	Out     io.Writer
	Fake    bool // In and Out are no terminal, but are to be treated as one
	History string
	Color   bool
	Know    Knowledge
}

// NewTerminal returns the lines that a user types. There may be one at a time.
func NewTerminal(o TerminalOptions) (Lines, error) {
	in := o.In
	if in == nil {
		in = readline.NewCancelableStdin(readline.Stdin)
	}
	if o.Out == nil {
		o.Out = readline.Stdout
	}
	t := &terminal{
		history: history{o.History}, out: o.Out,
		completer: &completer{Knowledge: o.Know}, highlighter: &highlighter{},
	}
	config := &readline.Config{
		Stdin:                  newPasteFilter(in),
		Stdout:                 o.Out,
		HistoryLimit:           historyLimit,
		HistorySearchFold:      true,
		DisableAutoSaveHistory: true,
		AutoComplete:           t.completer,
	}
	if o.Color {
		config.Painter = t.highlighter
	}
	if o.Fake {
		config.ForceUseInteractive = true
		config.FuncMakeRaw = func() error { return nil }
		config.FuncExitRaw = func() error { return nil }
		config.FuncGetWidth = func() int { return 80 }
		config.FuncIsTerminal = func() bool { return true }
		config.FuncOnWidthChanged = func(func()) {}
	}
	var err error
	if t.rl, err = readline.NewEx(config); err != nil {
		return nil, err
	}
	t.entries = t.history.load()
	for _, entry := range t.entries {
		t.rl.SaveHistory(oneLine(entry))
	}
	io.WriteString(t.out, pasteOn)
	return t, nil
}

func (t *terminal) Line(prompt, before string) (string, error) {
	t.rl.SetPrompt(prompt)
	t.completer.before, t.highlighter.before = before, before
	line, err := t.rl.Readline()
	if errors.Is(err, readline.ErrInterrupt) {
		err = ErrInterrupt
	}
	return line, err
}

// Remember keeps an entry for this session and the next ones. A history that can't be
// written is no reason to disturb the user.
func (t *terminal) Remember(entry string) {
	t.entries = append(t.entries, entry)
	t.rl.SaveHistory(oneLine(entry))
	_ = t.history.add(entry)
}

func (t *terminal) History() []string { return t.entries }

func (t *terminal) Close() error {
	io.WriteString(t.out, pasteOff)
	return t.rl.Close()
}
