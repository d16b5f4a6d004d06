package main

import (
	"context"
	"errors"
	"fmt"
	"io"
	"os"
	"runtime/debug"
	"strings"
	"time"

	"tq/cmd/tq/render"
	"tq/cmd/tq/shell"
	"tq/lang/source"
	"tq/storage"
)

// runLines runs statements and dot-commands as they are read from what is no terminal.
func (s *session) runLines(ctx context.Context, in io.Reader) error {
	s.keep = true
	loop := &shell.Shell{
		Engine: engine{s}, Lines: shell.NewPlain(in), Out: s.out, Err: s.errs,
		Name: "stdin", Bail: s.bail,
	}
	if err := errors.Join(loop.Run(ctx), s.endRedirect()); err != nil {
		return err
	}
	return loop.Failed
}

// interact is the shell on a terminal.
func (s *session) interact(ctx context.Context) error {
	s.keep, s.typed = true, true
	debug.SetGCPercent(shellGCPercent)
	defer s.endRedirect()
	lines, err := s.lines()
	if err != nil {
		return err
	}
	defer lines.Close()
	fmt.Fprintf(s.errs, "tq %s; .help lists the commands, Ctrl-D leaves\n", version)
	s.greet(ctx)
	defer offload(ctx, s.catalog)()
	s.runInit(ctx)
	loop := &shell.Shell{Engine: engine{s}, Lines: lines, Out: s.out, Err: s.errs, Page: s.page, Width: s.terminal.width}
	return loop.Run(ctx) // what failed has been seen; leaving the shell is no failure
}

// lines is what the user types.
func (s *session) lines() (shell.Lines, error) {
	if os.Getenv("TERM") == "dumb" {
		return shell.NewSimple(os.Stdin, os.Stdout), nil
	}
	return shell.NewTerminal(shell.TerminalOptions{
		History: shell.HistoryPath(), Color: s.terminal.color, Know: engine{s},
	})
}

// runInit runs the file that the user has for the beginning of every session. What fails in
// it is shown, and is no reason to leave.
func (s *session) runInit(ctx context.Context) {
	path := configPath("init.tq")
	if text, err := os.ReadFile(path); path != "" && err == nil {
		_ = s.Run(ctx, &source.File{Name: path, Text: string(text)})
	}
}

// greetingTime is how long the shell waits for a capture to be read before it greets
// without knowing what is in it.
const greetingTime = 300 * time.Millisecond

// greet begins to read the captures that have not been spoken of and says what they are. Of
// those that take longer it will say so later.
func (s *session) greet(ctx context.Context) {
	patience, stop := context.WithTimeout(ctx, greetingTime)
	defer stop()
	for _, c := range s.catalog.Captures() {
		if s.greeted[c.Name()] {
			continue
		}
		if err := c.Load(patience); err != nil {
			s.tell("%s: still being read; answers wait for it", c.Name())
		}
	}
	s.greetLoaded()
}

// greetLoaded says what the captures are that have been read meanwhile.
func (s *session) greetLoaded() {
	for _, c := range s.catalog.Captures() {
		if c.Loaded() && !s.greeted[c.Name()] {
			s.greeted[c.Name()] = true
			s.tell("%s: %s", c.Name(), summary(c.Facts()))
		}
	}
	s.reportDamage()
}

// summary says in a line what a capture holds and what it can't tell.
func summary(f storage.Facts) string {
	parts := []string{render.Counted(int(f.Printed), "event")}
	if f.HasTime {
		parts = append(parts, render.Duration(time.Duration(f.Last-f.First)))
	}
	if f.CPUs > 0 {
		parts = append(parts, render.Counted(int(f.CPUs), "CPU"))
	}
	if f.Host != "" {
		parts = append(parts, "host "+render.Visible(f.Host))
	}
	parts = append(parts, "switch events: "+yesNo(f.HasSwitch), "enter events: "+yesNo(f.HasEnter))
	if f.Drops > 0 {
		parts = append(parts, render.Counted(int(f.Drops), "drop"))
	}
	return strings.Join(parts, ", ")
}

func yesNo(b bool) string {
	if b {
		return "yes"
	}
	return "no"
}
