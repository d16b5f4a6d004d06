package main

import (
	"io"
	"os"

	"golang.org/x/term"
)

// terminal is what is known of the terminal that results are shown on.
type terminal struct {
	is    bool
	size  func() (width, height int)
	color bool
	ascii bool
}

// width is the terminal's width; 0 where there is none.
func (t terminal) width() int {
	if t.size == nil {
		return 0
	}
	width, _ := t.size()
	return width
}

// height is the terminal's height; 0 where there is none.
func (t terminal) height() int {
	if t.size == nil {
		return 0
	}
	_, height := t.size()
	return height
}

// terminalOf looks at where results go and at the flags about it.
func terminalOf(out io.Writer, o *options) terminal {
	t := terminal{ascii: o.ascii, color: o.color == "always"}
	f, ok := out.(*os.File)
	if !ok || !term.IsTerminal(int(f.Fd())) {
		return t
	}
	t.is = true
	t.size = func() (int, int) {
		width, height, err := term.GetSize(int(f.Fd()))
		if err != nil {
			return 0, 0
		}
		return width, height
	}
	// https://no-color.org
	if o.color == "auto" && os.Getenv("NO_COLOR") == "" && os.Getenv("TERM") != "dumb" {
		t.color = true
	}
	return t
}
