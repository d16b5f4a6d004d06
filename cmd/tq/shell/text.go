package shell

import (
	"context"
	"io"
	"strings"
	"unicode/utf8"

	"tq/cmd/tq/render"
)

// show shows a text, through a pager if it is long.
func (s *Shell) show(ctx context.Context, text string) error {
	write := func(_ context.Context, w io.Writer) error {
		_, err := io.WriteString(w, text)
		return err
	}
	if s.Page == nil {
		return write(ctx, s.Out)
	}
	return s.Page(ctx, write)
}

// entry writes a name and what is to be said of it: the names stand in a column of their
// own, and long explanations go on below their beginnings.
func (s *Shell) entry(b *strings.Builder, room int, name, text string) {
	lead := name + strings.Repeat(" ", max(room-utf8.RuneCountInString(name), 1))
	b.WriteString(render.Wrap(lead+text, s.width(), utf8.RuneCountInString(lead)))
	b.WriteByte('\n')
}

// width is how wide lines may be; 0: of any width.
func (s *Shell) width() int {
	if s.Width == nil {
		return 0
	}
	return s.Width()
}
