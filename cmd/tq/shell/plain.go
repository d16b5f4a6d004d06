package shell

import (
	"bufio"
	"io"
	"strings"
)

// plain reads lines from what is no terminal: no prompt, no history.
type plain struct{ in *bufio.Reader }

// NewPlain returns the lines of a file or pipe.
func NewPlain(in io.Reader) Lines { return plain{bufio.NewReader(in)} }

func (p plain) Line(string, string) (string, error) {
	line, err := p.in.ReadString('\n')
	return strings.TrimSuffix(strings.TrimSuffix(line, "\n"), "\r"), err
}

func (plain) Remember(string) {}

func (plain) History() []string { return nil }

func (plain) Close() error { return nil }
