package main

import (
	"context"
	"errors"
	"fmt"
	"io"
	"runtime/debug"
	"syscall"
	"time"

	"github.com/apache/arrow/go/v17/arrow"

	"tq/cmd/tq/render"
	"tq/exec"
	"tq/functions"
	"tq/functions/kernel"
	"tq/lang"
	"tq/lang/ast"
	"tq/lang/sem"
	"tq/lang/source"
	"tq/storage"
)

// session is what statements run in: the tables, the settings, the parameters and what
// earlier statements made.
type session struct {
	catalog  *storage.Catalog
	settings settings
	start    settings             // what RESET goes back to
	given    map[string]string    // values given for parameters, by name in lower case
	params   map[string]sem.Param // parameters declared so far
	views    map[string]*sem.View
	macros   map[string]*ast.CreateMacro
	bail     bool   // a failed statement ends the text it is in
	final    bool   // after the present text there is no other
	last     bool   // after the present statement there is no other
	safe     bool   // statements may not touch files
	keep     bool   // the last result stays as a table
	typed    bool   // statements are typed, at a terminal
	wide     bool   // tables are as wide as they are, whatever the terminal's width
	title    string // of the result that comes next

	out      io.Writer              // results
	errs     io.Writer              // everything else
	terminal terminal               // what out is shown on
	redirect *redirect              // where results go instead
	batch    int                    // rows in a batch; 0: as many as is good
	shown    bool                   // a result has been written
	noted    []string               // notes about the answers of the text at hand
	warned   map[string]bool        // captures whose damage has been told
	greeted  map[string]bool        // captures that the shell has spoken of
	values   map[[2]string][]string // of columns by table and name, for completion
}

func newSession(catalog *storage.Catalog, start settings, out, errs io.Writer) *session {
	return &session{
		catalog: catalog, settings: start, start: start, bail: true,
		given: map[string]string{}, params: map[string]sem.Param{},
		views: map[string]*sem.View{}, macros: map[string]*ast.CreateMacro{},
		out: out, errs: errs, warned: map[string]bool{}, greeted: map[string]bool{}, values: map[[2]string][]string{},
	}
}

// Run runs the statements of a text. Errors are shown as they occur, with the text they
// are about; what is returned only says which kind of end it was.
func (s *session) Run(ctx context.Context, file *source.File) error {
	script, err := lang.Parse(file)
	if err != nil {
		return s.fail(file, err)
	}
	var failed error
	s.noted = nil
	titled := titles(file, script)
	for i, stmt := range script.Stmts {
		s.last, s.title = s.final && i == len(script.Stmts)-1, titled[stmt]
		began := time.Now()
		if err := s.guard(ctx, stmt); err != nil {
			if failed = s.fail(file, err); s.bail || errors.Is(failed, context.Canceled) {
				return failed
			}
		}
		if _, declares := stmt.(*ast.ParamDecl); s.settings.timer && !declares {
			fmt.Fprintf(s.errs, "time: %s\n", render.Duration(time.Since(began)))
		}
	}
	return failed
}

// fail shows an error and returns what is left of it.
func (s *session) fail(file *source.File, err error) error {
	if errors.Is(err, context.Canceled) || errors.Is(err, syscall.EPIPE) {
		return err // the user stopped it, or left the pager
	}
	fmt.Fprintln(s.errs, "error:", file.Render(err))
	var bug *exec.InternalError
	if errors.As(err, &bug) {
		fmt.Fprintf(s.errs, "This is a bug in tq. Please report it with the statement and this:\n%s", bug.Stack)
	}
	var exit *exitError
	if errors.As(err, &exit) {
		return &exitError{exit.code, errFailed}
	}
	return errFailed
}

// guard runs one statement and turns a panic, which is a bug, into an error, so that the
// shell lives on. (What panics while a plan runs, exec has turned into an error already.)
func (s *session) guard(ctx context.Context, stmt ast.Stmt) (err error) {
	defer func() {
		if cause := recover(); cause != nil {
			err = &exec.InternalError{Cause: cause, Stack: debug.Stack()}
		}
	}()
	return s.execute(ctx, stmt)
}

// execute runs one statement.
func (s *session) execute(ctx context.Context, stmt ast.Stmt) error {
	switch st := stmt.(type) {
	case *ast.ParamDecl:
		return s.declare(st)
	case *ast.SetStmt:
		return s.set(st)
	case *ast.Assert:
		return s.assert(ctx, st)
	case *ast.CreateView:
		return s.createView(st)
	case *ast.CreateTable:
		return s.createTable(ctx, st)
	case *ast.CreateMacro:
		return s.createMacro(st)
	case *ast.DropStmt:
		return s.drop(st)
	case *ast.Copy:
		return s.copyTo(ctx, st)
	}
	return s.query(ctx, stmt)
}

// env is what statements are compiled in.
func (s *session) env() *sem.Env {
	return &sem.Env{
		Catalog: s.catalog, Params: s.params, Zone: s.settings.zone, Now: time.Now(), Width: s.width(),
		View: s.view, Macro: s.macro, Settings: s.settings.list(),
		OpenFiles: s.openFiles,
	}
}

// width is how many columns results may take; 0: any number.
func (s *session) width() int {
	if s.settings.width > 0 {
		return s.settings.width
	}
	return s.terminal.width()
}

func (s *session) set(st *ast.SetStmt) error {
	var changed settings
	var err error
	if st.Value == nil {
		changed, err = s.settings.reset(st.Name.Name, &s.start)
	} else {
		var text string
		if text, err = s.settingText(st.Value); err != nil {
			return err
		}
		changed, err = s.settings.with(st.Name.Name, text)
	}
	if err != nil {
		return source.Errorf(st.Span(), "%v", err)
	}
	s.settings = changed
	return nil
}

// settingText is the value of a SET as text: a constant, or a word that needs no quotes.
func (s *session) settingText(value ast.Expr) (string, error) {
	if name, ok := value.(*ast.Name); ok && len(name.Parts) == 1 {
		return name.Parts[0].Name, nil
	}
	c, err := lang.Constant(value, s.env())
	if err != nil {
		return "", err
	}
	return constText(c.Value, s.settings.zone)
}

// constText is a constant as CAST to VARCHAR writes it.
func constText(value arrow.Array, zone *time.Location) (string, error) {
	v, err := functions.Cast(kernel.Const(value), functions.Varchar, false, &functions.Env{Zone: zone}, 1)
	if err != nil {
		return "", err
	}
	if v.IsNull(0) {
		return "NULL", nil
	}
	return kernel.StringsOf(v.Array).At(0), nil
}

// assert fails unless a condition is true.
func (s *session) assert(ctx context.Context, st *ast.Assert) error {
	rows, err := s.collect(ctx, st)
	if err != nil {
		return err
	}
	for _, b := range rows.Batches {
		value, err := b.Column(0)
		if err != nil {
			return err
		}
		ok, err := functions.Cast(kernel.Const(value), functions.Boolean, false, &functions.Env{Zone: s.settings.zone}, 1)
		if err != nil {
			return source.Errorf(st.Cond.Span(), "%v", err)
		}
		if kernel.ValidityOf(ok.Array).Valid(0) && kernel.Bitmap(kernel.Bits(ok.Array)).Get(0) {
			return nil
		}
	}
	if st.Message != "" {
		return source.Errorf(st.Cond.Span(), "assertion failed: %s", st.Message)
	}
	return source.Errorf(st.Cond.Span(), "assertion failed")
}
