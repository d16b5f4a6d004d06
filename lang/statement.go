package lang

import (
	"slices"
	"strings"

	"tq/functions"
	"tq/functions/kernel"
	"tq/lang/ast"
	"tq/lang/plan"
	"tq/lang/sem"
	"tq/lang/source"
)

// explain shows the plan of a statement as rows of text. With ANALYZE the plan itself is
// returned, marked, for the caller to run and to explain with what it took.
func explain(s *ast.Explain, env *sem.Env) (*plan.Plan, error) {
	p, err := Compile(s.Stmt, env)
	if err != nil {
		return nil, err
	}
	if s.Analyze {
		p.Analyze = true
		return p, nil
	}
	t := newTable("plan")
	for line := range strings.Lines(plan.Explain(p.Root)) {
		t.add(strings.TrimSuffix(line, "\n"))
	}
	return t.plan(), nil
}

// describe lists the columns of a table or of what a query yields.
func describe(s *ast.Describe, env *sem.Env) (*plan.Plan, error) {
	q := s.Query
	if q == nil {
		q = selectFrom(s.Table)
	}
	p, err := compileQuery(q, env)
	if err != nil {
		return nil, err
	}
	t := newTable("column_name", "column_type", "null", "key", "default", "extra")
	for _, c := range p.Columns {
		t.add(c.Name, functions.TypeName(c.Type), "YES")
	}
	if s.Table != nil {
		addHidden(t, s.Table, env)
	}
	return t.plan(), nil
}

// addHidden lists the columns of a table that * leaves out, if it is a table of the
// catalog.
func addHidden(t *textTable, name *ast.TableName, env *sem.Env) {
	if name.File != "" {
		return
	}
	parts := make([]string, len(name.Parts))
	for i, p := range name.Parts {
		parts[i] = p.Name
	}
	last := len(parts) - 1
	schema, ok := env.Catalog.TableSchema(strings.Join(parts[:last], "."), parts[last])
	if !ok {
		return
	}
	for _, f := range schema.Fields() {
		if f.Metadata.FindKey(sem.HiddenKey) >= 0 {
			t.add(f.Name, functions.TypeName(f.Type), "YES", "", "", "hidden")
		}
	}
}

// selectFrom is the query for what * shows of a table.
func selectFrom(t *ast.TableName) *ast.Query {
	star := ast.SelectItem{Expr: &ast.Star{Pos: t.Pos}}
	return &ast.Query{Pos: t.Pos, Body: &ast.Select{Pos: t.Pos, Items: []ast.SelectItem{star}, From: []ast.TableExpr{t}}}
}

// show lists what the session has.
func show(s *ast.Show, env *sem.Env) (*plan.Plan, error) {
	switch s.What {
	case "tables":
		t := newTable("name")
		for _, name := range slices.Sorted(slices.Values(env.Catalog.TableNames())) {
			t.add(name)
		}
		return t.plan(), nil
	case "functions":
		return showFunctions(), nil
	case "settings":
		t := newTable("name", "value", "description")
		for _, setting := range env.Settings {
			t.add(setting.Name, setting.Value, setting.Doc)
		}
		return t.plan(), nil
	}
	e := source.Errorf(s.Span(), "there is nothing to show as %q", s.What)
	return nil, e.WithHint("SHOW TABLES, SHOW FUNCTIONS or SHOW SETTINGS")
}

func showFunctions() *plan.Plan {
	kinds := [...]string{
		functions.Scalar: "scalar", functions.Aggregate: "aggregate", functions.Window: "window", functions.Table: "table",
	}
	t := newTable("name", "kind", "family", "signatures", "description", "example", "result")
	for _, d := range functions.All() {
		t.add(d.Name, kinds[d.Kind], d.Family, strings.Join(d.Signatures(), "\n"), d.Doc, d.Example, d.Result)
	}
	return t.plan()
}

// textTable collects rows of text.
type textTable struct {
	columns []sem.Column
	rows    [][]sem.Expr
}

func newTable(columns ...string) *textTable {
	ids, t := &sem.IDs{}, &textTable{}
	for _, name := range columns {
		t.columns = append(t.columns, ids.New(name, functions.Varchar))
	}
	return t
}

// add appends a row. Cells that are empty or not given are NULL.
func (t *textTable) add(cells ...string) {
	row := make([]sem.Expr, len(t.columns))
	for i := range row {
		value := kernel.Nulls(functions.Varchar, 1)
		if i < len(cells) && cells[i] != "" {
			value = kernel.OfString(cells[i])
		}
		row[i] = &sem.Const{Typed: sem.Typed{Typ: functions.Varchar}, Value: value}
	}
	t.rows = append(t.rows, row)
}

// plan is the plan that yields the rows.
func (t *textTable) plan() *plan.Plan {
	return &plan.Plan{Root: &plan.Values{Out: t.columns, Rows: t.rows}, Columns: t.columns}
}
