package lang

import (
	"strings"

	"github.com/apache/arrow/go/v17/arrow"

	"tq/lang/ast"
	"tq/lang/parse"
	"tq/lang/plan"
	"tq/lang/sem"
	"tq/lang/source"
)

// Parse parses a text of any number of statements.
func Parse(file *source.File) (*ast.Script, error) { return parse.Parse(file) }

// Complete tells whether a text ends with the end of a statement: a semicolon outside
// strings, comments and braces, or nothing at all.
func Complete(text string) bool { return parse.Complete(text) }

// Classify splits a text that may still be being typed into tokens, for those who colour
// or complete it.
func Classify(text string) []parse.Token { return parse.Classify(text) }

// Compile makes the plan of a statement that yields rows: a query, or something that is
// answered like one. COPY and CREATE TABLE compile to the query whose rows they keep,
// CREATE VIEW to the query that it names, ASSERT to one row with the condition's value.
// Other statements have no plan: they change the session, which is the caller's.
func Compile(stmt ast.Stmt, env *sem.Env) (*plan.Plan, error) {
	switch s := stmt.(type) {
	case *ast.QueryStmt:
		return compileQuery(s.Query, env)
	case *ast.Explain:
		return explain(s, env)
	case *ast.Describe:
		return describe(s, env)
	case *ast.Summarize:
		return summarize(s, env)
	case *ast.Show:
		return show(s, env)
	case *ast.Assert:
		b := builder{ast.Pos{At: s.Cond.Span()}}
		item := ast.SelectItem{Expr: s.Cond, Alias: b.ident("ok")}
		return compileQuery(&ast.Query{Pos: b.pos, Body: &ast.Select{Pos: b.pos, Items: []ast.SelectItem{item}}}, env)
	case *ast.Copy:
		return compileQuery(s.Query, env)
	case *ast.CreateTable:
		return compileQuery(s.Query, env)
	case *ast.CreateView:
		return compileQuery(s.Query, env)
	}
	return nil, source.Errorf(stmt.Span(), "this statement yields no rows")
}

// compileQuery binds, plans and optimises a query.
func compileQuery(q *ast.Query, env *sem.Env) (*plan.Plan, error) {
	ids := &sem.IDs{}
	bound, err := sem.Bind(q, env, ids)
	if err != nil {
		return nil, err
	}
	return plan.Compile(bound, ids, env)
}

// Constant computes an expression that refers to no columns, such as the value of SET.
func Constant(e ast.Expr, env *sem.Env) (sem.Param, error) {
	c, err := sem.BindConst(e, nil, env)
	if err != nil {
		return sem.Param{}, err
	}
	return sem.Param{Type: c.Type(), Value: c.Value}, nil
}

// ParamDefault computes the default of a declared parameter. ok is false when the
// declaration has none, so that a value must be given.
func ParamDefault(d *ast.ParamDecl, env *sem.Env) (value sem.Param, ok bool, err error) {
	if d.Default == nil {
		_, err = sem.BindType(d.Type)
		return sem.Param{}, false, err
	}
	c, err := sem.BindConst(d.Default, d.Type, env)
	if err != nil {
		return sem.Param{}, false, err
	}
	return sem.Param{Type: c.Type(), Value: c.Value}, true, nil
}

// ParamFromText reads a value given for a declared parameter, such as by a flag. What
// the type's literals look like is accepted with and without quotes, time points too.
func ParamFromText(d *ast.ParamDecl, text string, env *sem.Env) (sem.Param, error) {
	value := &ast.Literal{Pos: d.Pos, Kind: ast.String, Text: text}
	if point, ok := strings.CutPrefix(text, "@"); ok {
		if t, err := sem.BindType(d.Type); err == nil && t.Typ.ID() == arrow.TIMESTAMP {
			value.Kind, value.Text = ast.TimePoint, point
		}
	}
	c, err := sem.BindConst(value, d.Type, env)
	if err != nil {
		return sem.Param{}, err
	}
	return sem.Param{Type: c.Type(), Value: c.Value}, nil
}
