package sem

import (
	"time"

	"github.com/apache/arrow/go/v17/arrow"

	"tq/functions"
	"tq/lang/ast"
)

// Env is what surrounds a statement: the session it is compiled in.
type Env struct {
	Catalog Catalog
	// Params are the values of $name, keyed by name in lower case.
	Params map[string]Param
	// Zone is the session's time zone; nil means UTC.
	Zone *time.Location
	// Now is the start of the statement.
	Now time.Time
	// Width is how many columns the terminal has; 0: there is none.
	Width int
	// View looks up a view by its name as written; nil: there are no views.
	View func(name string) (*View, bool)
	// Macro looks up a macro by its name as written; nil: there are no macros.
	Macro func(name string) (*ast.CreateMacro, bool)
	// OpenFiles makes a table of the catalog of files; nil: no files can be read. An error
	// that is a *source.Error keeps its hint.
	OpenFiles func(call FileCall) (table string, err error)
	// Settings are what SHOW SETTINGS lists.
	Settings []Setting
}

// Param is the value of a parameter: one row of the declared type.
type Param struct {
	Type  arrow.DataType
	Value arrow.Array
}

// FileCall is what is to be read: files, or with a function what that makes of them.
type FileCall struct {
	Function *functions.Def
	Paths    []string
	Options  map[string]arrow.Array // one row each, by the name of the parameter
}

// View is a named query. Columns, if given, rename the query's.
type View struct {
	Columns []ast.Ident
	Query   *ast.Query
}

// Setting is one line of SHOW SETTINGS.
type Setting struct {
	Name, Value, Doc string
}

// zone is the session's time zone, never nil.
func (e *Env) zone() *time.Location {
	if e.Zone == nil {
		return time.UTC
	}
	return e.Zone
}

// IDs hands out column ids for one statement.
type IDs struct{ last ColID }

// New makes a column with a fresh id.
func (g *IDs) New(name string, typ arrow.DataType) Column {
	g.last++
	return Column{ID: g.last, Name: name, Type: typ}
}

// Renew returns a column like c with a fresh id.
func (g *IDs) Renew(c Column) Column {
	g.last++
	c.ID = g.last
	return c
}
