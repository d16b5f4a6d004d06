package shell

import (
	"context"
	"strconv"
	"strings"
)

// The commands about results and what was typed.

func (s *Shell) last(ctx context.Context, _ string) error { return s.Engine.Last(ctx) }

func (s *Shell) plot(ctx context.Context, _ string) error { return s.Engine.Plot(ctx) }

func (s *Shell) once(_ context.Context, path string) error {
	if path == "" {
		return s.refuse(".once wants the name of a file")
	}
	return s.redirect(path, true)
}

func (s *Shell) output(_ context.Context, path string) error { return s.redirect(path, false) }

func (s *Shell) redirect(path string, once bool) error {
	if err := s.Engine.Redirect(path, once); err != nil {
		return s.refuse("error: %v", err)
	}
	return nil
}

// recentEntries is how many entries .history shows unless told otherwise.
const recentEntries = 20

func (s *Shell) showHistory(ctx context.Context, args string) error {
	n := recentEntries
	if args != "" {
		var err error
		if n, err = strconv.Atoi(args); err != nil || n < 0 {
			return s.refuse(".history wants a number of entries")
		}
	}
	entries := s.Lines.History()
	var b strings.Builder
	for _, e := range entries[max(0, len(entries)-n):] {
		b.WriteString(e + "\n")
	}
	return s.show(ctx, b.String())
}
