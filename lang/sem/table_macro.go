package sem

import (
	"slices"
	"strings"

	"github.com/apache/arrow/go/v17/arrow"

	"tq/functions"
	"tq/lang/ast"
	"tq/lang/parse"
	"tq/lang/source"
)

// macroCall is a call of a table function that stands for a query.
type macroCall struct {
	queryBinder
	call   *ast.Call
	def    *functions.Def
	args   map[string]ast.Arg   // by parameter
	inputs []*macroInput        // in the order of the parameters
	values map[string]*macroArg // by parameter
}

// macroInput is a query that is given to a table macro.
type macroInput struct {
	param string
	at    source.Span
	src   Source
	scope *scope
	cols  []scopeColumn // all that the macro can use
}

// macroArg is a value for a table macro: an expression and where it is bound.
type macroArg struct {
	expr ast.Expr
	in   *exprBinder
	to   arrow.DataType // nil: any
}

// bind binds the value in the place of the call, not of the macro.
func (a *macroArg) bind() Expr {
	x := a.in.expr(a.expr)
	if x == nil || a.to == nil {
		return x
	}
	return a.in.argument(x, a.to)
}

// tableMacro binds a call as if the query that it stands for stood in its place. The
// queries given become CTEs of that query, so that one used twice is computed once.
func (q queryBinder) tableMacro(t *ast.TableFunc, def *functions.Def) (Source, *scope) {
	m := &macroCall{queryBinder: q, call: t.Call, def: def, values: map[string]*macroArg{}}
	if !m.pairArgs() || !m.bindQueries() {
		return brokenSource()
	}
	named, ok := m.bindColumns()
	if !m.bindValues() || !ok {
		return brokenSource()
	}
	bound := m.expand(m.text(named))
	if bound == nil {
		return brokenSource()
	}
	return &QuerySource{Query: bound}, q.relation(bound.Out, t.Alias, def.Name)
}

// pairArgs finds the parameter of each argument.
func (m *macroCall) pairArgs() bool {
	before := len(m.errs)
	m.args = map[string]ast.Arg{}
	params := m.def.Macro.Params
	for i, a := range m.call.Args {
		p := -1
		if a.Name.Name == "" {
			p = i
		} else {
			p = slices.IndexFunc(params, func(p functions.Param) bool { return strings.EqualFold(p.Name, a.Name.Name) })
		}
		switch {
		case p < 0:
			m.unknownParam(a.Name)
			continue
		case p >= len(params):
			m.fail(argSpan(a), "%s takes at most %s", m.def.Name, plural(len(params), "argument")).WithHint("it is called as %s", m.signature())
			continue
		}
		name := params[p].Name
		if _, twice := m.args[name]; twice {
			m.fail(argSpan(a), "%s is given twice", name)
		}
		m.args[name] = a
	}
	for i := range params {
		p := &params[i]
		if _, given := m.args[p.Name]; !given && (p.Required || p.Kind == functions.QueryParam) && len(m.errs) == before {
			m.fail(m.call.Span(), "%s needs a value for %s", m.def.Name, p.Name).WithHint("it is called as %s", m.signature())
		}
	}
	return len(m.errs) == before
}

func (m *macroCall) signature() string { return m.def.Signatures()[0] }

func (m *macroCall) unknownParam(name ast.Ident) {
	e := m.fail(name.Span(), "%s has no argument %q", m.def.Name, name.Name)
	var names []string
	for _, p := range m.def.Macro.Params {
		names = append(names, p.Name)
	}
	suggest(e, name.Name, names)
	if e.Hint == "" {
		e.WithHint("it is called as %s", m.signature())
	}
}

// argSpan is where an argument stands, without its name.
func argSpan(a ast.Arg) source.Span {
	if a.Query != nil {
		return a.Query.Span()
	}
	return a.Expr.Span()
}

// bindQueries binds the queries that are given.
func (m *macroCall) bindQueries() bool {
	ok := true
	for _, p := range m.def.Macro.Params {
		if p.Kind != functions.QueryParam {
			continue
		}
		arg := m.args[p.Name]
		in := &macroInput{param: p.Name, at: argSpan(arg)}
		in.src, in.scope = m.tableArg(arg)
		ok = ok && !in.scope.broken()
		m.inputs = append(m.inputs, in)
	}
	return ok
}

// tableArg binds an argument as if it stood in FROM.
func (m *macroCall) tableArg(a ast.Arg) (Source, *scope) {
	query := a.Query
	switch e := a.Expr.(type) {
	case *ast.Subquery:
		query = e.Query
	case *ast.Name:
		return m.tableName(&ast.TableName{Pos: e.Pos, Parts: e.Parts})
	case *ast.Call:
		return m.tableFunc(&ast.TableFunc{Pos: e.Pos, Call: e}, nil)
	case *ast.Literal:
		if e.Kind == ast.String {
			return m.tableName(&ast.TableName{Pos: e.Pos, File: e.Text})
		}
	}
	if query == nil {
		m.fail(argSpan(a), "%s needs a query here", m.def.Name).WithHint("give it the name of a table, or a query in parentheses: %s((SELECT …))", m.def.Name)
		return brokenSource()
	}
	return m.derived(&ast.Derived{Pos: query.Pos, Query: query}, nil)
}

// bindColumns resolves the columns that are named, each in every query. It returns their
// names by parameter.
func (m *macroCall) bindColumns() (map[string][]string, bool) {
	named := map[string][]string{}
	ok := true
	for i := range m.def.Macro.Params {
		p := &m.def.Macro.Params[i]
		if p.Kind != functions.ColumnParam && p.Kind != functions.ColumnsParam {
			continue
		}
		names, good := m.columnNames(p)
		for _, in := range m.inputs {
			for _, n := range names {
				good = m.bindColumn(p, in, n) && good
			}
		}
		for _, n := range names {
			named[p.Name] = append(named[p.Name], dotted(n.Parts))
		}
		ok = ok && good
	}
	return named, ok
}

// columnNames are the names that a parameter is given, or its default.
func (m *macroCall) columnNames(p *functions.Param) ([]*ast.Name, bool) {
	arg, given := m.args[p.Name]
	if !given {
		if p.Default == "" {
			return nil, true
		}
		return []*ast.Name{{Parts: []ast.Ident{{Name: p.Default}}}}, true
	}
	list := []ast.Expr{arg.Expr}
	switch e := arg.Expr.(type) {
	case *ast.Row:
		list = e.Elems
	case *ast.ListLit:
		list = e.Elems
	}
	var names []*ast.Name
	for _, e := range list {
		n, ok := e.(*ast.Name)
		if !ok {
			m.notColumns(p, arg)
			return nil, false
		}
		names = append(names, n)
	}
	if p.Kind == functions.ColumnParam && len(names) != 1 {
		m.notColumns(p, arg)
		return nil, false
	}
	return names, true
}

func (m *macroCall) notColumns(p *functions.Param, a ast.Arg) {
	if p.Kind == functions.ColumnParam {
		m.fail(argSpan(a), "%s takes the name of a column", p.Name)
		return
	}
	m.fail(argSpan(a), "%s takes the names of columns", p.Name).
		WithHint("write %s => a, or %s => (a, b); what is computed gets a name in the query", p.Name, p.Name)
}

// bindColumn resolves the name of a column in a query and checks its type.
func (m *macroCall) bindColumn(p *functions.Param, in *macroInput, n *ast.Name) bool {
	if _, given := m.args[p.Name]; !given && len(in.scope.find(n.Parts)) == 0 {
		e := m.fail(in.at, "%s needs a column %q, which this does not have", m.def.Name, p.Default)
		e.WithHint("select it too, or name another one: %s => …", p.Name)
		return false
	}
	b := exprBinder{queryBinder: m.queryBinder, scope: in.scope, clause: p.Name}
	x := b.expr(n)
	if x == nil {
		return false
	}
	if len(p.Types) > 0 && !slices.ContainsFunc(p.Types, func(t arrow.DataType) bool { return functions.Same(t, x.Type()) }) {
		at := n.Span()
		if at == (source.Span{}) {
			at = in.at
		}
		m.fail(at, "%s needs %s in %q, which is %s", m.def.Name, typeChoice(p.Types), dotted(n.Parts), aType(x.Type()))
		return false
	}
	in.use(dotted(n.Parts), x)
	return true
}

// typeChoice is types as alternatives: a TIMESTAMP or a BIGINT.
func typeChoice(types []arrow.DataType) string {
	names := make([]string, len(types))
	for i, t := range types {
		names[i] = aType(t)
	}
	return strings.Join(names, " or ")
}

// use makes a field that is no declared column of its table one that the macro can use.
func (in *macroInput) use(name string, x Expr) {
	c, ok := x.(*ColRef)
	if !ok || len(in.scope.findVisible(name)) > 0 ||
		slices.ContainsFunc(in.cols, func(o scopeColumn) bool { return o.ID == c.ID }) {
		return
	}
	in.cols = append(in.cols, scopeColumn{Column: Column{ID: c.ID, Name: name, Type: c.Typ}, hidden: true})
}

// bindValues checks the values that are given. They are bound anew where they are used.
func (m *macroCall) bindValues() bool {
	ok := true
	for i := range m.def.Macro.Params {
		p := &m.def.Macro.Params[i]
		arg, given := m.args[p.Name]
		if p.Kind != functions.ValueParam || !given {
			continue
		}
		if arg.Expr == nil {
			m.fail(argSpan(arg), "%s takes %s", p.Name, valueOf(p)).WithHint("a query that yields one stands in parentheses")
			ok = false
			continue
		}
		value := &macroArg{expr: arg.Expr, in: m.constants(p.Name), to: p.Type}
		ok = value.bind() != nil && ok
		m.values[p.Name] = value
	}
	return ok
}

// valueOf says what a parameter takes.
func valueOf(p *functions.Param) string {
	if p.Type == nil {
		return p.Takes
	}
	return aType(p.Type)
}

// text is the query that the call stands for.
func (m *macroCall) text(named map[string][]string) string {
	args := &functions.TableArgs{Queries: map[string][]functions.TableColumn{}, Named: named, Given: map[string]bool{}}
	for name := range m.args {
		args.Given[name] = true
	}
	for _, in := range m.inputs {
		var cols []scopeColumn
		for _, v := range in.scope.visible {
			c := v.expr.(*ColRef)
			cols = append(cols, scopeColumn{Column: Column{ID: c.ID, Name: v.name, Type: c.Typ}, hidden: v.hidden})
		}
		in.cols = append(cols, in.cols...)
		for _, c := range in.cols {
			args.Queries[in.param] = append(args.Queries[in.param], functions.TableColumn{Name: c.Name, Type: c.Type, Hidden: c.hidden})
		}
	}
	return m.def.Macro.SQL(args)
}

// expand binds the text of the query, in which only the given queries, the values and
// the catalog are known. What is wrong with it is said of the call.
func (m *macroCall) expand(text string) *Query {
	script, err := parse.Parse(&source.File{Text: text})
	if err != nil {
		m.fail(m.call.Span(), "in %s: %s", m.def.Name, err)
		return nil
	}
	query := script.Stmts[0].(*ast.QueryStmt).Query
	ast.Move(query, m.call.Span())
	env := *m.env
	env.View, env.Macro, env.Params = nil, nil, nil
	inner := queryBinder{binder: &binder{env: &env, ids: m.ids}, level: &level{}, given: m.values}
	for _, in := range m.inputs {
		inner.with = &withScope{outer: inner.with, name: in.param, cte: in.cte(m.binder)}
	}
	bound := inner.query(query)
	for _, e := range inner.errs {
		m.fail(m.call.Span(), "in %s: %s", m.def.Name, e.Msg)
	}
	if len(inner.errs) > 0 {
		return nil
	}
	return bound
}

// cte makes a named query of the input.
func (in *macroInput) cte(b *binder) *CTE {
	s := &Select{From: in.src}
	for _, c := range in.cols {
		out := b.ids.New(c.Name, c.Type)
		s.Items = append(s.Items, NamedExpr{Out: out, Expr: ref(c.Column)})
	}
	return &CTE{Name: in.param, Query: &Query{Body: s, Out: s.Columns()}}
}
