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

// simple reads lines at a terminal that only prints: the terminal itself does the editing,
// and there is no completion.
type simple struct {
	Lines
	out     io.Writer
	entries []string
}

// NewSimple returns the lines that a user types at a terminal without abilities.
func NewSimple(in io.Reader, out io.Writer) Lines { return &simple{Lines: NewPlain(in), out: out} }

func (s *simple) Line(prompt, before string) (string, error) {
	if _, err := io.WriteString(s.out, prompt); err != nil {
		return "", err
	}
	return s.Lines.Line(prompt, before)
}

func (s *simple) Remember(entry string) { s.entries = append(s.entries, entry) }

func (s *simple) History() []string { return s.entries }
