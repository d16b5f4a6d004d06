package main

import (
	"context"
	"errors"
	"fmt"
	"io"
	"os"
	"strings"
	"time"

	"tq/cmd/tq/render"
	"tq/cmd/tq/shell"
	"tq/functions"
	"tq/lang"
	"tq/lang/ast"
	"tq/lang/source"
	"tq/storage"
)

// runLines runs statements and dot-commands as they are read from what is no terminal.
func (s *session) runLines(ctx context.Context, in io.Reader) error {
	loop := &shell.Shell{
		Engine: engine{s}, Lines: shell.NewPlain(in), Out: s.out, Err: s.errs,
		Name: "stdin", Bail: s.bail,
	}
	if err := loop.Run(ctx); err != nil {
		return err
	}
	return loop.Failed
}

// interact is the shell on a terminal.
func (s *session) interact(ctx context.Context) error {
	lines, err := shell.NewTerminal(shell.TerminalOptions{
		History: shell.HistoryPath(), Words: engine{s}.Words,
	})
	if err != nil {
		return err
	}
	defer lines.Close()
	s.greet(ctx)
	loop := &shell.Shell{Engine: engine{s}, Lines: lines, Out: s.out, Err: s.errs}
	return loop.Run(ctx) // what failed has been seen; leaving the shell is no failure
}

// greetingTime is how long the shell waits for a capture to be read before it greets
// without knowing what is in it.
const greetingTime = 300 * time.Millisecond

// greet begins to read the captures and says what they are.
func (s *session) greet(ctx context.Context) {
	fmt.Fprintf(s.errs, "tq %s; .help lists the commands, Ctrl-D leaves\n", version)
	patience, stop := context.WithTimeout(ctx, greetingTime)
	defer stop()
	for _, c := range s.catalog.Captures() {
		if err := c.Load(patience); err != nil {
			fmt.Fprintf(s.errs, "%s: still being read\n", c.Name())
			continue
		}
		fmt.Fprintf(s.errs, "%s: %s\n", c.Name(), summary(c.Facts()))
	}
	s.reportDamage()
}

// summary says in a line what a capture holds and what it can't tell.
func summary(f storage.Facts) string {
	parts := []string{fmt.Sprintf("%d events", f.Printed)}
	if f.HasTime {
		parts = append(parts, render.Duration(time.Duration(f.Last-f.First)))
	}
	if f.CPUs > 0 {
		parts = append(parts, fmt.Sprintf("%d CPUs", f.CPUs))
	}
	if f.Host != "" {
		parts = append(parts, "host "+f.Host)
	}
	parts = append(parts, "starts of calls: "+yesNo(f.HasEnter), "switches: "+yesNo(f.HasSwitch))
	if f.Drops > 0 {
		parts = append(parts, fmt.Sprintf("%d drops", f.Drops))
	}
	return strings.Join(parts, ", ")
}

func yesNo(b bool) string {
	if b {
		return "yes"
	}
	return "no"
}

// engine is a session as the shell sees it.
type engine struct{ *session }

// Run runs a text and says what its captures turned out to lack.
func (e engine) Run(ctx context.Context, file *source.File) error {
	err := e.session.Run(ctx, file)
	if errors.Is(err, context.Canceled) {
		fmt.Fprintln(e.errs, "interrupted")
	}
	if !e.bail {
		e.reportDamage()
	}
	return err
}

func (e engine) Read(ctx context.Context, path string) error {
	text, err := os.ReadFile(path)
	if err != nil {
		fmt.Fprintln(e.errs, "error:", err)
		return errFailed
	}
	return e.Run(ctx, &source.File{Name: path, Text: string(text)})
}

func (e engine) Ended(text string) bool { return lang.Complete(text) }

func (e engine) Tables() []shell.Table {
	var tables []shell.Table
	for _, name := range e.catalog.TableNames() {
		t, ok := e.catalog.Table(name)
		if !ok {
			continue
		}
		doc := t.Doc()
		entry := shell.Table{Name: name, Row: doc.Row}
		for i, f := range t.Schema().Fields() {
			c := shell.Column{Name: f.Name, Type: functions.TypeName(f.Type), Hidden: f.Metadata.FindKey(storage.HiddenKey) >= 0}
			if i < len(doc.Columns) {
				c.Doc = doc.Columns[i]
			}
			entry.Columns = append(entry.Columns, c)
		}
		tables = append(tables, entry)
	}
	return tables
}

func (e engine) Words() []string {
	words := append(ast.Keywords(), functions.Names()...)
	for _, t := range e.Tables() {
		words = append(words, t.Name)
		for _, c := range t.Columns {
			words = append(words, c.Name)
		}
	}
	for _, t := range settingList {
		words = append(words, t.name)
	}
	return words
}
