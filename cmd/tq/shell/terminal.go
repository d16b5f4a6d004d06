package shell

import (
	"errors"
	"io"

	"github.com/chzyer/readline"
)

// terminal reads lines with editing, history and completion.
type terminal struct {
	rl      *readline.Instance
	history history
	out     io.Writer
}

// TerminalOptions say what a terminal reads from and writes to. In and Out are nil for
// the process's own; tests give theirs and set Fake.
type TerminalOptions struct {
	In      io.ReadCloser
	Out     io.Writer
	Fake    bool // In and Out are no terminal, but are to be treated as one
	History string
	Words   func() []string
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
	config := &readline.Config{
		Stdin:                  newPasteFilter(in),
		Stdout:                 o.Out,
		HistoryLimit:           historyLimit,
		HistorySearchFold:      true,
		DisableAutoSaveHistory: true,
		AutoComplete:           completer{o.Words},
	}
	if o.Fake {
		config.ForceUseInteractive = true
		config.FuncMakeRaw = func() error { return nil }
		config.FuncExitRaw = func() error { return nil }
		config.FuncGetWidth = func() int { return 80 }
		config.FuncIsTerminal = func() bool { return true }
		config.FuncOnWidthChanged = func(func()) {}
	}
	rl, err := readline.NewEx(config)
	if err != nil {
		return nil, err
	}
	t := &terminal{rl: rl, history: history{o.History}, out: o.Out}
	for _, entry := range t.history.load() {
		rl.SaveHistory(oneLine(entry))
	}
	io.WriteString(t.out, pasteOn)
	return t, nil
}

func (t *terminal) Line(prompt string) (string, error) {
	t.rl.SetPrompt(prompt)
	line, err := t.rl.Readline()
	if errors.Is(err, readline.ErrInterrupt) {
		err = ErrInterrupt
	}
	return line, err
}

// Remember keeps an entry for this session and the next ones. A history that can't be
// written is no reason to disturb the user.
func (t *terminal) Remember(entry string) {
	t.rl.SaveHistory(oneLine(entry))
	_ = t.history.add(entry)
}

func (t *terminal) Close() error {
	io.WriteString(t.out, pasteOff)
	return t.rl.Close()
}
