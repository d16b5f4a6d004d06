package main

import (
	"context"
	"fmt"
	"io"
	"strings"

	"github.com/apache/arrow/go/v17/arrow"

	"tq/cmd/tq/render"
	"tq/exec"
	"tq/functions"
	"tq/functions/kernel"
	"tq/lang"
	"tq/lang/ast"
	"tq/lang/plan"
	"tq/lang/sem"
	"tq/storage"
)

// query runs a statement that yields rows and writes them.
func (s *session) query(ctx context.Context, stmt ast.Stmt) error {
	env := s.env()
	p, err := s.compile(stmt, env)
	if err != nil {
		return err
	}
	if err := s.checkOutput(); err != nil {
		return err
	}
	run := s.execEnv(env)
	if p.Analyze {
		return s.analyze(ctx, p, run)
	}
	result := &resultSink{columns: p.Columns, whole: !s.terminal.is, keep: s.keep, first: s.waiting(ctx)}
	err = s.page(ctx, func(ctx context.Context, out io.Writer) error {
		result.begin = func(schema *arrow.Schema) render.Writer { return s.newWriter(out, schema) }
		err := exec.Run(ctx, p.Root, run, result)
		result.first()
		if err != nil {
			return err
		}
		result.done = true
		return result.writer.Close()
	})
	if err != nil {
		return err
	}
	s.keepLast(result)
	if err := s.written(); err != nil || !result.done {
		return err
	}
	s.noteEmpty(ctx, p, result.rows)
	return nil
}

// keepLast makes a result the table of the last one.
func (s *session) keepLast(result *resultSink) {
	switch {
	case !s.keep:
	case result.done && result.kept.complete():
		s.catalog.AddTable(lastResult, result.kept)
	default:
		s.catalog.DropTable(lastResult) // better none than that of another question
	}
}

// compile makes the plan of a statement. Of the last one, captures are told what it scans,
// so that they keep nothing else.
func (s *session) compile(stmt ast.Stmt, env *sem.Env) (*plan.Plan, error) {
	if s.last {
		s.catalog.Expect(nil)
	}
	p, err := lang.Compile(stmt, env)
	if err == nil && s.last {
		s.catalog.Expect(exec.Scans(p))
	}
	return p, err
}

// collect runs a statement and keeps its rows.
func (s *session) collect(ctx context.Context, stmt ast.Stmt) (*exec.Result, error) {
	env := s.env()
	p, err := lang.Compile(stmt, env)
	if err != nil {
		return nil, err
	}
	return exec.Collect(ctx, p.Root, s.execEnv(env))
}

func (s *session) execEnv(env *sem.Env) *exec.Env {
	return &exec.Env{
		Catalog:   s.catalog,
		Functions: functions.Env{Zone: s.settings.zone, Now: env.Now, Width: env.Width},
		Config:    exec.Config{MemoryLimit: s.settings.memoryLimit, BatchRows: s.batch},
	}
}

// analyze runs a plan for what it takes and shows that beside its nodes.
func (s *session) analyze(ctx context.Context, p *plan.Plan, run *exec.Env) error {
	run.Profile = exec.NewProfile()
	if err := exec.Run(ctx, p.Root, run, discard{}); err != nil {
		return err
	}
	lines := plan.ExplainWith(p.Root, func(n plan.Node) string {
		stats, ok := run.Profile.Node(n)
		if !ok {
			return ""
		}
		return nodeNote(stats)
	})
	text := kernel.NewStringBuilder(0)
	for line := range strings.Lines(lines) {
		text.Append(strings.TrimSuffix(line, "\n"))
	}
	column, err := text.Finish(functions.Varchar)
	if err != nil {
		return err
	}
	return s.page(ctx, func(_ context.Context, out io.Writer) error {
		w := s.newWriter(out, arrow.NewSchema([]arrow.Field{{Name: "plan", Type: functions.Varchar}}, nil))
		if err := w.Write(exec.NewBatch(column.Len(), column)); err != nil {
			return err
		}
		return w.Close()
	})
}

// nodeNote is what EXPLAIN ANALYZE says about a node.
func nodeNote(stats exec.NodeStats) string {
	note := fmt.Sprintf("[%d rows, %s", stats.Rows, render.Duration(stats.Time))
	if stats.Threads > 1 {
		note += fmt.Sprintf(" in %d threads", stats.Threads)
	}
	if stats.Choice != "" {
		note += ", " + stats.Choice
	}
	if stats.Memory > 0 {
		note += ", " + formatSize(stats.Memory)
	}
	if stats.Spilled > 0 {
		note += ", " + formatSize(stats.Spilled) + " on disk"
	}
	return note + effortNote(stats.Effort) + "]"
}

// effortNote says what a scan did not have to look at.
func effortNote(e storage.Effort) (note string) {
	if e.Pruned > 0 {
		note += fmt.Sprintf(", %d of %d batches pruned", e.Pruned, e.Batches)
	}
	if e.Skipped > 0 {
		note += fmt.Sprintf(", %d of %d events skipped", e.Skipped, e.Events)
	}
	return note
}

// checkOutput says why no result of the format that is set can be written where results
// go now.
func (s *session) checkOutput() error {
	format, _ := render.Lookup(s.settings.format)
	switch {
	case !format.Binary:
	case s.redirect == nil && s.terminal.is:
		return fmt.Errorf("%s is not for terminals; -O FILE, or COPY (query) TO 'FILE', writes it to a file", format.Name)
	case s.shown:
		return fmt.Errorf("a file of format %s holds one result, and there has been one; COPY (query) TO 'FILE' writes each to a file", format.Name)
	}
	return nil
}

// newWriter begins a result in the format that is set; it goes to out or, if there is one,
// to the file that results are redirected to.
func (s *session) newWriter(out io.Writer, schema *arrow.Schema) render.Writer {
	format, _ := render.Lookup(s.settings.format)
	o := render.Options{
		NoHeader: !s.settings.header, Null: s.settings.null, Zone: s.settings.zone,
		Terminal: s.terminal.is, Color: s.terminal.color, ASCII: s.terminal.ascii,
	}
	if s.redirect != nil {
		out, o.Terminal, o.Color = s.redirect.file, false, false
	}
	if o.Terminal {
		s.fitTerminal(&o)
	}
	if s.shown && format.Apart {
		io.WriteString(out, "\n")
	}
	if s.title != "" && format.Apart {
		io.WriteString(out, s.title+"\n")
	}
	s.shown = true
	return format.New(out, schema, o)
}

// fitTerminal says how much of a result the terminal shows.
func (s *session) fitTerminal(o *render.Options) {
	room, paged := s.room()
	switch {
	case s.settings.maxRows != autoRows:
		o.MaxRows = s.settings.maxRows
	case !paged:
		o.MaxRows = defaultMaxRows
	}
	if s.keep {
		o.More = ".last shows all"
	}
	switch {
	case s.wide:
	case paged && s.settings.width == 0:
		o.Lines = max(room.Lines, 1)
		fallthrough
	default:
		o.Width, o.Height = s.width(), s.terminal.height()
	}
}

// resultSink writes the rows of a query.
type resultSink struct {
	columns []sem.Column
	whole   bool // all rows are written
	begin   func(schema *arrow.Schema) render.Writer
	writer  render.Writer
	rows    int64
	done    bool   // there are no further rows
	first   func() // if not nil, called before rows are written
	keep    bool
	kept    *kept
}

func (r *resultSink) Begin(schema *arrow.Schema) error {
	shown := shownSchema(r.columns, schema)
	r.writer = r.begin(shown)
	if r.keep {
		r.kept = newKept(shown)
	}
	return nil
}

// Prepare implements [exec.Preparer]: all processors work on what all of it will be written.
func (r *resultSink) Prepare(b *exec.Batch) (func() error, error) {
	if !r.whole {
		return func() error { return r.Write(b) }, nil
	}
	p, ok := r.writer.(render.Parallel)
	if !ok {
		return func() error { return r.Write(b) }, exec.LoadAll(b)
	}
	write, err := p.Prepare(b)
	return func() error {
		r.note(b)
		return write()
	}, err
}

func (r *resultSink) Write(b *exec.Batch) error {
	r.note(b)
	return r.writer.Write(b)
}

// note takes note of rows that are about to be written.
func (r *resultSink) note(b *exec.Batch) {
	if r.first != nil {
		r.first()
	}
	r.rows += int64(b.NumRows())
	if r.kept != nil {
		r.kept.add(b)
	}
}

// shownSchema is the schema of an operator under the names that its columns show.
func shownSchema(columns []sem.Column, schema *arrow.Schema) *arrow.Schema {
	fields := schema.Fields()
	for i, c := range columns {
		fields[i].Name = c.Name
	}
	return arrow.NewSchema(fields, nil)
}

// discard takes rows without loading more of them than the plan did.
type discard struct{}

func (discard) Begin(*arrow.Schema) error { return nil }
func (discard) Write(*exec.Batch) error   { return nil }
