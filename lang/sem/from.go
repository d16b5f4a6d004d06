package sem

import (
	"slices"
	"strconv"
	"strings"

	"github.com/apache/arrow/go/v17/arrow"

	"tq/functions"
	"tq/lang/ast"
)

// from binds a FROM clause: its elements side by side, as a cross join.
func (q queryBinder) from(list []ast.TableExpr) (Source, *scope) {
	if len(list) == 0 {
		return nil, &scope{}
	}
	src, sc := q.tableExpr(list[0], nil)
	for _, t := range list[1:] {
		rsrc, rsc := q.beside(t, sc)
		src, sc = &JoinSource{Kind: ast.CrossJoin, Left: src, Right: rsrc}, sc.join(rsc)
	}
	return src, sc
}

// beside binds an element of FROM behind others. Subqueries in a join may refer to them,
// too; then all of the join is one that does.
func (q queryBinder) beside(t ast.TableExpr, left *scope) (Source, *scope) {
	j, ok := t.(*ast.Join)
	if !ok {
		return q.tableExpr(t, left)
	}
	inner := q
	inner.level = &level{outer: &exprBinder{queryBinder: q, scope: left, clause: "FROM"}}
	src, sc := inner.join(j)
	if len(inner.level.refs) == 0 {
		return src, sc
	}
	sel := &Select{From: src}
	sourceColumns(src, func(c Column) { sel.Items = append(sel.Items, passed(c)) })
	return &QuerySource{Query: &Query{Body: sel, Out: sel.Columns()}, Outer: inner.level.refs}, withoutFields(sc)
}

// tableExpr binds one element of FROM. left is the scope of what stands just before it,
// which a subquery may refer to, or nil.
func (q queryBinder) tableExpr(t ast.TableExpr, left *scope) (Source, *scope) {
	switch t := t.(type) {
	case *ast.TableName:
		return q.tableName(t)
	case *ast.Derived:
		return q.derived(t, left)
	case *ast.TableFunc:
		return q.tableFunc(t, left)
	case *ast.Join:
		return q.join(t)
	case *ast.Pivot:
		return q.pivot(t)
	case *ast.Unpivot:
		return q.unpivot(t)
	case *boundTable:
		return t.src, t.scope
	case *ast.Sampled:
		src, sc := q.tableExpr(t.Table, left)
		return q.sampled(t.Sample, src), withoutFields(sc)
	}
	q.fail(t.Span(), "this cannot stand in FROM")
	return brokenSource()
}

// brokenSource stands for what could not be bound; nothing is said about its columns.
func brokenSource() (Source, *scope) {
	return &QuerySource{Query: &Query{Body: &Values{}}}, newScope(&relation{broken: true})
}

// tableName binds a name in FROM: a CTE, a view or a table, whichever is found first.
func (q queryBinder) tableName(t *ast.TableName) (Source, *scope) {
	if t.File != "" {
		return q.fileName(t)
	}
	if len(t.Parts) == 1 {
		name := t.Parts[0]
		if cte, ok := q.with.find(name.Name); ok {
			return q.cteName(t, cte)
		}
		if q.env.View != nil {
			if v, ok := q.env.View(name.Name); ok {
				return q.view(t, v)
			}
		}
	}
	return q.baseTable(t)
}

// cteName binds a reference to a CTE.
func (q queryBinder) cteName(t *ast.TableName, cte *CTE) (Source, *scope) {
	if cte == nil {
		q.fail(t.Span(), "%q refers to itself before it has any rows", t.Parts[0].Name).
			WithHint("in WITH RECURSIVE the part behind UNION can refer to the rows of the part before it")
		return brokenSource()
	}
	src := &CTESource{CTE: cte}
	for _, c := range cte.Query.Out {
		c = q.ids.Renew(c)
		c.Table = t.Parts[0].Name
		if t.Alias.Name.Name != "" {
			c.Table = t.Alias.Name.Name
		}
		src.Columns = append(src.Columns, c)
	}
	cte.Refs++
	cte.reads = append(cte.reads, src)
	return src, withFields(q.relation(src.Columns, t.Alias, t.Parts[0].Name), src.field(q.ids))
}

// view binds a view as if its query stood in the place of its name.
func (q queryBinder) view(t *ast.TableName, v *View) (Source, *scope) {
	name := t.Parts[0]
	if slices.ContainsFunc(q.views, func(s string) bool { return strings.EqualFold(s, name.Name) }) {
		q.fail(t.Span(), "view %q refers to itself", name.Name)
		return brokenSource()
	}
	q.views = append(q.views, name.Name)
	before := len(q.errs)
	inner := queryBinder{binder: q.binder, level: &level{}}
	bound := inner.query(v.Query)
	bound.Out = q.renameColumns(bound.Out, v.Columns, name)
	q.views = q.views[:len(q.views)-1]
	for _, e := range q.errs[before:] {
		e.Span, e.Msg = t.Span(), "in view "+name.Name+": "+e.Msg
	}
	at := t.Span()
	return &QuerySource{Query: bound, View: &at}, withFields(q.relation(bound.Out, t.Alias, name.Name), bound.field)
}

// baseTable binds a table of the catalog, perhaps of one capture only.
func (q queryBinder) baseTable(t *ast.TableName) (Source, *scope) {
	name := t.Parts[len(t.Parts)-1].Name
	qualifier := dotted(t.Parts[:len(t.Parts)-1])
	if _, ok := q.env.Catalog.TableSchema(qualifier, name); !ok {
		q.unknownTable(t)
		return brokenSource()
	}
	return q.tableNamed(qualifier, name, name, t.Alias)
}

// tableNamed binds a table that the catalog has, which is called as given unless it has
// an alias.
func (q queryBinder) tableNamed(qualifier, name, called string, a ast.Alias) (Source, *scope) {
	schema, _ := q.env.Catalog.TableSchema(qualifier, name)
	src := &TableSource{Qualifier: qualifier, Table: name}
	rel := &relation{alias: called, table: called}
	if a.Name.Name != "" {
		rel.alias = a.Name.Name
	} else if qualifier != "" {
		rel.qualified = []string{qualifier, name}
	}
	for _, f := range schema.Fields() {
		c := q.ids.New(f.Name, sqlType(f.Type))
		c.Table = rel.alias
		src.Columns = append(src.Columns, c)
		rel.cols = append(rel.cols, scopeColumn{Column: c, hidden: f.Metadata.FindKey(HiddenKey) >= 0})
	}
	rel.cols = q.aliasColumns(rel.cols, a)
	rel.dynamic = q.dynamicFields(src, rel.alias)
	return src, newScope(rel)
}

// dynamicFields returns the lookup of a table's dotted fields. A field becomes a column
// of the table when it is first used.
func (q queryBinder) dynamicFields(src *TableSource, alias string) func(string) (Column, bool) {
	return func(name string) (Column, bool) {
		f, ok := q.env.Catalog.DynamicField(src.Table, name)
		if !ok {
			return Column{}, false
		}
		for _, c := range src.Columns {
			if c.Name == f.Name {
				return c, true
			}
		}
		c := q.ids.New(f.Name, sqlType(f.Type))
		c.Table = alias
		src.Columns = append(src.Columns, c)
		return c, true
	}
}

// aliasColumns applies the column names of an alias such as t(a, b) to the columns that
// * shows.
func (q queryBinder) aliasColumns(cols []scopeColumn, a ast.Alias) []scopeColumn {
	next := 0
	for i := range cols {
		if next < len(a.Columns) && !cols[i].hidden {
			cols[i].Name = a.Columns[next].Name
			next++
		}
	}
	if next < len(a.Columns) {
		q.fail(a.Columns[next].Span(), "%q has %s, but %d names are given", a.Name.Name, plural(next, "column"), len(a.Columns))
	}
	return cols
}

// derived binds a subquery in FROM. It may refer to what stands before it, with or
// without the word LATERAL.
func (q queryBinder) derived(t *ast.Derived, left *scope) (Source, *scope) {
	if left == nil {
		bound := q.query(t.Query)
		return &QuerySource{Query: bound}, withFields(q.relation(bound.Out, t.Alias, ""), bound.field)
	}
	inner := q
	inner.level = &level{outer: &exprBinder{queryBinder: q, scope: left, clause: "FROM"}}
	bound := inner.query(t.Query)
	src := &QuerySource{Query: bound, Outer: inner.level.refs}
	return src, withFields(q.relation(bound.Out, t.Alias, ""), bound.field)
}

// relation makes the scope of a query's columns under an alias. Columns of the same
// name are told apart as a, a_1, a_2.
func (q queryBinder) relation(cols []Column, a ast.Alias, name string) *scope {
	if a.Name.Name != "" {
		name = a.Name.Name
	}
	rel := &relation{alias: name, table: name}
	for _, c := range cols {
		c.Table = name
		rel.cols = append(rel.cols, scopeColumn{Column: c})
		rel.broken = rel.broken || c.Type == nil
	}
	rel.cols = q.aliasColumns(rel.cols, a)
	for i := range rel.cols {
		rel.cols[i].Name = uniqueName(rel.cols[:i], rel.cols[i].Name)
	}
	return newScope(rel)
}

// uniqueName returns a name that none of the columns has.
func uniqueName(cols []scopeColumn, name string) string {
	taken := func(s string) bool {
		return slices.ContainsFunc(cols, func(c scopeColumn) bool { return strings.EqualFold(c.Name, s) })
	}
	unique := name
	for n := 1; taken(unique); n++ {
		unique = name + "_" + strconv.Itoa(n)
	}
	return unique
}

// tableFunc binds a call in FROM. Its arguments are constants, unless it stands for a
// query.
func (q queryBinder) tableFunc(t *ast.TableFunc, left *scope) (Source, *scope) {
	if q.env.Macro != nil {
		if m, ok := q.env.Macro(t.Call.Name.Name); ok {
			return q.expandTableMacro(t, m, left)
		}
	}
	if rows := rowsOf(t); rows != nil {
		return q.derived(rows, left)
	}
	if t.Ordinality {
		q.fail(t.Span(), "only the rows of unnest, range and generate_series are numbered by WITH ORDINALITY").
			WithHint("row_number() OVER () numbers the rows of any query")
		return brokenSource()
	}
	def, ok := functions.LookupTable(t.Call.Name.Name)
	if !ok {
		q.unknownTableFunction(t.Call)
		return brokenSource()
	}
	if def.Macro != nil && def.Macro.Format != "" {
		return q.fileFunc(t, def)
	}
	if def.Macro != nil {
		return q.tableMacro(t, def)
	}
	b := q.constants("an argument of " + def.Name)
	var args []Expr
	var types []arrow.DataType
	for _, a := range t.Call.Args {
		if a.Expr == nil {
			q.fail(t.Call.Span(), "%s does not take a query", def.Name)
			return brokenSource()
		}
		c := q.constant(b.expr(a.Expr), "an argument of "+def.Name)
		if c == nil {
			return brokenSource()
		}
		args, types = append(args, c), append(types, c.Type())
	}
	_, argTypes, ret, err := functions.Resolve(def, types)
	if err != nil {
		q.noOverload(def, t.Call.Name.Span(), args)
		return brokenSource()
	}
	for i := range args {
		args[i] = q.constant(q.convert(args[i], argTypes[i]), "an argument of "+def.Name)
	}
	src := &FuncSource{Fn: def, Args: args, Columns: q.resultColumns(def.Name, ret)}
	return src, q.relation(src.Columns, t.Alias, def.Name)
}

// resultColumns are the columns of a table function: the fields of the struct it
// returns, or one column named after it.
func (q queryBinder) resultColumns(name string, ret arrow.DataType) []Column {
	st, ok := ret.(*arrow.StructType)
	if !ok {
		return []Column{q.ids.New(name, ret)}
	}
	var cols []Column
	for _, f := range st.Fields() {
		cols = append(cols, q.ids.New(f.Name, sqlType(f.Type)))
	}
	return cols
}
