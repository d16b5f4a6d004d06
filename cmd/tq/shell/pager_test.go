package shell

import (
	"bytes"
	"context"
	"errors"
	"io"
	"strings"
	"testing"
)

// What there is room for is written as it is, the rest goes to the pager.
func TestPage(t *testing.T) {
	t.Setenv("TQ_PAGER", "sed s/^/paged:/")
	f := func(text string, room Room, paged bool) {
		t.Helper()
		var out bytes.Buffer
		err := Page(context.Background(), &out, io.Discard, room, func(_ context.Context, w io.Writer) error {
			for _, line := range strings.SplitAfter(text, "\n") {
				if _, err := io.WriteString(w, line); err != nil {
					return err
				}
			}
			return nil
		})
		if err != nil {
			t.Fatal(err)
		}
		want := text
		if paged {
			want = "paged:" + strings.ReplaceAll(strings.TrimSuffix(text, "\n"), "\n", "\npaged:") + "\n"
		}
		if got := out.String(); got != want {
			t.Errorf("%q in %v became %q, want %q", text, room, got, want)
		}
	}
	f("a\nb\n", Room{Width: 10, Lines: 2}, false)
	f("a\nb\nc\n", Room{Width: 10, Lines: 2}, true)
	f("a\n", Room{}, true)
	f("", Room{Width: 10, Lines: 2}, false)
	f("1234567890\nb\n", Room{Width: 10, Lines: 2}, false)
	f("1234567890+\nb\n", Room{Width: 10, Lines: 2}, true) // three lines of the terminal
	f("1234567890+\n", Room{Width: 10, Lines: 2}, false)
	f("1234567890+\n", Room{Width: 10, Lines: 2, Wide: true}, true)
	f("\x1b[1m1234\x1b[0m│││││\nb\n", Room{Width: 10, Lines: 2}, false)
}

// Leaving the pager ends the context of what writes, and is no error; the end of the
// context around is one.
func TestLeavePager(t *testing.T) {
	t.Setenv("TQ_PAGER", "head -n 1")
	var out bytes.Buffer
	err := Page(context.Background(), &out, io.Discard, Room{}, func(ctx context.Context, w io.Writer) error {
		if _, err := io.WriteString(w, "first\n"); err != nil {
			return err
		}
		<-ctx.Done()
		return ctx.Err()
	})
	if err != nil || out.String() != "first\n" {
		t.Errorf("wrote %q, error %v", out.String(), err)
	}

	// A pager that has ended takes nothing more.
	t.Setenv("TQ_PAGER", "true")
	err = Page(context.Background(), io.Discard, io.Discard, Room{}, func(_ context.Context, w io.Writer) error {
		for {
			if _, err := io.WriteString(w, "more\n"); err != nil {
				return err
			}
		}
	})
	if err != nil {
		t.Error(err)
	}

	// What goes wrong before the user leaves is not lost.
	t.Setenv("TQ_PAGER", "cat")
	err = Page(context.Background(), io.Discard, io.Discard, Room{}, func(_ context.Context, w io.Writer) error {
		_, err := io.WriteString(w, "one\n")
		return errors.Join(err, io.ErrUnexpectedEOF)
	})
	if !errors.Is(err, io.ErrUnexpectedEOF) {
		t.Errorf("error %v, want %v", err, io.ErrUnexpectedEOF)
	}

	ctx, cancel := context.WithCancel(context.Background())
	err = Page(ctx, io.Discard, io.Discard, Room{}, func(ctx context.Context, w io.Writer) error {
		cancel()
		<-ctx.Done()
		return ctx.Err()
	})
	if !errors.Is(err, context.Canceled) {
		t.Errorf("error %v, want %v", err, context.Canceled)
	}
}

func TestPagerCommand(t *testing.T) {
	f := func(own, all, terminal, want string) {
		t.Helper()
		t.Setenv("TQ_PAGER", own)
		t.Setenv("PAGER", all)
		t.Setenv("TERM", terminal)
		t.Setenv("PATH", "")
		if got := PagerCommand(); got != want {
			t.Errorf("pager %q, want %q", got, want)
		}
	}
	f("most", "less", "xterm", "most")
	f("", "less -R", "xterm", "less -R")
	f("", "less", "dumb", "")
	f("most", "less", "dumb", "most")
	f("", "", "xterm", "")
}
