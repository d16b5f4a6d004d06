package shell

import (
	"bytes"
	"io"
)

// What a terminal is told so that it marks what is pasted, and the marks.
const (
	pasteOn    = "\x1b[?2004h"
	pasteOff   = "\x1b[?2004l"
	pasteBegin = "\x1b[200~"
	pasteEnd   = "\x1b[201~"
)

// pasteFilter takes the marks out of what a terminal sends and turns pasted tabs into
// blanks: they indent, and must not ask for completion.
type pasteFilter struct {
	in      io.ReadCloser
	held    []byte // read, not yet given
	pasting bool
}

func newPasteFilter(in io.ReadCloser) *pasteFilter { return &pasteFilter{in: in} }

func (p *pasteFilter) Close() error { return p.in.Close() }

func (p *pasteFilter) Read(buf []byte) (int, error) {
	for {
		if n := p.give(buf); n > 0 {
			return n, nil
		}
		chunk := make([]byte, 4096)
		n, err := p.in.Read(chunk)
		p.held = append(p.held, chunk[:n]...)
		if err != nil {
			n := copy(buf, p.held)
			p.held = p.held[n:]
			if n > 0 {
				return n, nil
			}
			return 0, err
		}
	}
}

// give copies what is held, as far as it is certain not to be part of a mark. A lone
// escape is given at once: it is a key.
func (p *pasteFilter) give(buf []byte) int {
	n := 0
	for len(p.held) > 0 && n < len(buf) {
		mark := []byte(pasteBegin)
		if p.pasting {
			mark = []byte(pasteEnd)
		}
		if bytes.HasPrefix(p.held, mark) {
			p.pasting = !p.pasting
			p.held = p.held[len(mark):]
			continue
		}
		if len(p.held) > 1 && bytes.HasPrefix(mark, p.held) {
			break
		}
		c := p.held[0]
		p.held = p.held[1:]
		if p.pasting && c == '\t' {
			c = ' '
		}
		buf[n] = c
		n++
	}
	return n
}
