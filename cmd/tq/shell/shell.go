package shell

import (
	"context"
	"errors"
	"fmt"
	"io"
	"os"
	"os/signal"
	"strings"
)

// Engine is the session that the shell drives. Run and Read show results and errors
// themselves; the shell goes on whatever happens.
type Engine interface {
	// Run runs the statements of a text.
	Run(ctx context.Context, text string)
	// Read runs the statements of a file.
	Read(ctx context.Context, path string)
	// Ended tells whether a text ends a statement: a semicolon outside strings and
	// comments with nothing behind it.
	Ended(text string) bool
	// Words lists what can be completed: keywords, tables, columns, functions, settings.
	Words() []string
}

// Lines is where input comes from.
type Lines interface {
	// Line reads a line, without its end. It returns [ErrInterrupt] after Ctrl-C, with what
	// had been typed, and io.EOF at the end of the input.
	Line(prompt string) (string, error)
	// Remember adds an entry to the history.
	Remember(entry string)
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
	Err    io.Writer // for hints

	quit bool
}

// Run reads and runs statements until the user leaves or the input ends.
func (s *Shell) Run(ctx context.Context) error {
	var pending strings.Builder
	for !s.quit {
		p := prompt
		if pending.Len() > 0 {
			p = promptContinue
		}
		line, err := s.Lines.Line(p)
		switch {
		case errors.Is(err, ErrInterrupt):
			if pending.Len() == 0 && line == "" {
				fmt.Fprintln(s.Err, "Ctrl-D or .quit leaves.")
			}
			pending.Reset()
			continue
		case err == io.EOF:
			s.unfinished(ctx, pending.String())
			return nil
		case err != nil:
			return err
		}
		if pending.Len() == 0 && strings.HasPrefix(strings.TrimSpace(line), ".") {
			s.Lines.Remember(line)
			s.cancellable(ctx, func(ctx context.Context) { s.command(ctx, strings.TrimSpace(line)) })
			continue
		}
		if pending.Len() == 0 && strings.TrimSpace(line) == "" {
			continue
		}
		pending.WriteString(line + "\n")
		if !s.Engine.Ended(pending.String()) {
			continue
		}
		text := pending.String()
		pending.Reset()
		s.Lines.Remember(strings.TrimSpace(text))
		s.cancellable(ctx, func(ctx context.Context) { s.Engine.Run(ctx, text) })
	}
	return nil
}

// unfinished runs what stands before the end of the input without its semicolon, as
// files may end so.
func (s *Shell) unfinished(ctx context.Context, text string) {
	if strings.TrimSpace(text) != "" {
		s.cancellable(ctx, func(ctx context.Context) { s.Engine.Run(ctx, text) })
	}
}

// cancellable runs f with a context that Ctrl-C cancels. The terminal is not in raw mode
// then, so the key arrives as a signal.
func (s *Shell) cancellable(ctx context.Context, f func(ctx context.Context)) {
	ctx, stop := signal.NotifyContext(ctx, os.Interrupt)
	defer stop()
	f(ctx)
}
