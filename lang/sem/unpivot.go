package sem

import (
	"github.com/apache/arrow/go/v17/arrow"

	"tq/functions"
	"tq/lang/ast"
)

// unpivotEntry is one row that UNPIVOT makes of each: its name and its values.
type unpivotEntry struct {
	name   ast.Expr
	values []ast.Expr
}

// unpivot binds UNPIVOT as the query that it stands for; #3 is the column v:
//
//	FROM (SELECT * EXCLUDE (a, b), unnest(['a', 'b']) AS n, unnest([a, b]) AS v FROM t) WHERE #3 IS NOT NULL
func (q queryBinder) unpivot(t *ast.Unpivot) (Source, *scope) {
	table := &boundTable{TableExpr: t.Table}
	table.src, table.scope = q.tableExpr(t.Table, nil)
	if table.scope.broken() {
		return brokenSource()
	}
	b := &exprBinder{queryBinder: q, scope: table.scope, clause: "UNPIVOT"}
	before := len(q.errs)
	entries, used := b.unpivotEntries(t)
	if len(q.errs) > before || !b.unpivotTypes(t, entries) {
		return brokenSource()
	}
	rows := &ast.Select{Pos: t.Pos, From: []ast.TableExpr{table}}
	kept := keptItems(t, table.scope, used)
	rows.Items = append(rows.Items, kept.items...)
	names := &ast.ListLit{Pos: t.Pos}
	for _, e := range entries {
		names.Elems = append(names.Elems, e.name)
	}
	rows.Items = append(rows.Items, unnestAs(names, t.Name))
	all := &ast.Select{Pos: t.Pos, Items: []ast.SelectItem{{Expr: &ast.Star{Pos: t.Pos}}}}
	for i, value := range t.Values {
		list := &ast.ListLit{Pos: t.Pos}
		for _, e := range entries {
			list.Elems = append(list.Elems, e.values[i])
		}
		rows.Items = append(rows.Items, unnestAs(list, value))
		if !t.IncludeNulls {
			column := &ast.Position{Pos: t.Pos, N: kept.columns + 2 + i}
			all.Where = and(all.Where, &ast.Is{Pos: t.Pos, Not: true, X: column})
		}
	}
	all.From = []ast.TableExpr{&ast.Derived{Pos: t.Pos, Query: &ast.Query{Pos: t.Pos, Body: rows}}}
	return q.derived(&ast.Derived{Pos: t.Pos, Query: &ast.Query{Pos: t.Pos, Body: all}, Alias: t.Alias}, nil)
}

// unnestAs is unnest(list) AS name.
func unnestAs(list *ast.ListLit, name ast.Ident) ast.SelectItem {
	call := &ast.Call{Pos: list.Pos, Name: ast.Ident{Pos: list.Pos, Name: "unnest"}, Args: []ast.Arg{{Expr: list}}}
	return ast.SelectItem{Expr: call, Alias: name}
}

// keptItems is * without the columns that become rows.
func keptItems(t *ast.Unpivot, sc *scope, used []ast.Ident) (kept struct {
	items   []ast.SelectItem
	columns int
}) {
	star := &ast.Star{Pos: t.Pos}
	named := newNameSet(used)
	for _, v := range sc.visible {
		switch {
		case v.hidden:
		case named.has(v.name):
			star.Exclude = append(star.Exclude, ast.Ident{Pos: t.Pos, Name: v.name})
		default:
			kept.columns++
		}
	}
	if kept.columns > 0 {
		kept.items = []ast.SelectItem{{Expr: star}}
	}
	return kept
}

// unpivotEntries are the rows to make, and the columns that they are made of.
func (b *exprBinder) unpivotEntries(t *ast.Unpivot) (entries []unpivotEntry, used []ast.Ident) {
	for _, item := range b.unpivotItems(t.On) {
		e := unpivotEntry{values: []ast.Expr{item.Expr}}
		if row, ok := item.Expr.(*ast.Row); ok {
			e.values = row.Elems
		}
		if len(e.values) != len(t.Values) {
			b.fail(item.Expr.Span(), "%s for %s", plural(len(e.values), "column"), plural(len(t.Values), "name")).
				WithHint("several values a row are written (a, b) INTO NAME n VALUE v, w")
			return nil, nil
		}
		name := ""
		for _, x := range e.values {
			columns := b.scope.columnsIn(x)
			if len(columns) != 1 {
				b.fail(x.Span(), "UNPIVOT takes one column at a time").WithHint("what is computed gets a name in a query: UNPIVOT (SELECT …) ON …")
				return nil, nil
			}
			column := columns[0]
			if name != "" {
				name += "_"
			}
			name += column.Name
			used = append(used, column)
		}
		if item.Alias.Name != "" {
			name = item.Alias.Name
		}
		e.name = &ast.Literal{Pos: ast.Pos{At: item.Expr.Span()}, Kind: ast.String, Text: name}
		entries = append(entries, e)
	}
	return entries, used
}

// unpivotItems replaces * and COLUMNS by the columns that they stand for.
func (b *exprBinder) unpivotItems(on []ast.SelectItem) []ast.SelectItem {
	var items []ast.SelectItem
	for _, item := range on {
		columns, ok := item.Expr.(*ast.Columns)
		if star, isStar := item.Expr.(*ast.Star); isStar {
			columns, ok = &ast.Columns{Pos: star.Pos, Star: star}, true
		}
		if !ok {
			items = append(items, item)
			continue
		}
		at := ast.Pos{At: item.Expr.Span()}
		for _, c := range b.chosen(columns) {
			items = append(items, ast.SelectItem{Expr: &ast.Name{Pos: at, Parts: []ast.Ident{{Pos: at, Name: c.name}}}})
		}
	}
	return items
}

// unpivotTypes checks that columns whose values come to stand under each other have a
// common type. Text has none with others unless these are cast.
func (b *exprBinder) unpivotTypes(t *ast.Unpivot, entries []unpivotEntry) bool {
	for i := range t.Values {
		var common arrow.DataType
		for _, e := range entries {
			x := b.expr(e.values[i])
			if x == nil {
				return false
			}
			if common == nil {
				common = x.Type()
				continue
			}
			both, ok := functions.CommonType(common, x.Type())
			if !ok || isText(common) != isText(x.Type()) && !isNull(common) && !isNull(x.Type()) {
				b.fail(e.values[i].Span(), "this is %s, the column before it %s", aType(x.Type()), aType(common)).
					WithHint("cast them to one type: %s::VARCHAR", ast.Print(e.values[i]))
				return false
			}
			common = both
		}
	}
	return true
}

func isText(t arrow.DataType) bool { return functions.Same(t, functions.Varchar) }
