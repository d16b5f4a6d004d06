package sem

import (
	"slices"
	"strings"

	"tq/functions"
	"tq/lang/ast"
)

// boundTable is a table whose columns had to be known to write the query over it that
// PIVOT or UNPIVOT stands for.
type boundTable struct {
	ast.TableExpr
	src   Source
	scope *scope
}

// maxPivotColumns bounds the combinations of values and aggregates.
const maxPivotColumns = 10_000

// pivot binds PIVOT as the query that it stands for:
//
//	SELECT g, sum(x) FILTER (c = 'a') AS a, sum(x) FILTER (c = 'b') AS b FROM t GROUP BY g
func (q queryBinder) pivot(t *ast.Pivot) (Source, *scope) {
	table := &boundTable{TableExpr: t.Table}
	table.src, table.scope = q.tableExpr(t.Table, nil)
	if table.scope.broken() || !q.pivotable(t) {
		return brokenSource()
	}
	sel := &ast.Select{Pos: t.Pos, From: []ast.TableExpr{table}}
	for _, id := range pivotGroups(t, table.scope) {
		column := &ast.Name{Pos: id.Pos, Parts: []ast.Ident{id}}
		if sel.GroupBy == nil {
			sel.GroupBy = &ast.GroupBy{Pos: t.Pos}
		}
		sel.GroupBy.Elements = append(sel.GroupBy.Elements, ast.GroupElement{Exprs: []ast.Expr{column}})
		sel.Items = append(sel.Items, ast.SelectItem{Expr: column})
	}
	for _, cell := range pivotCells(t.On) {
		for _, item := range t.Using {
			name := cell.Alias.Name
			if len(t.Using) > 1 || item.Alias.Name != "" {
				name += "_" + pivotName(item)
			}
			sel.Items = append(sel.Items, ast.SelectItem{Expr: filtered(item.Expr.(*ast.Call), cell.Expr), Alias: ast.Ident{Pos: t.Pos, Name: name}})
		}
	}
	return q.derived(&ast.Derived{Pos: t.Pos, Query: &ast.Query{Pos: t.Pos, Body: sel}, Alias: t.Alias}, nil)
}

// pivotable checks what only PIVOT asks for: aggregates, and values of which each is given once.
func (q queryBinder) pivotable(t *ast.Pivot) bool {
	before := len(q.errs)
	for _, item := range t.Using {
		call, ok := item.Expr.(*ast.Call)
		if ok {
			def, known := functions.Lookup(strings.ToLower(call.Name.Name))
			ok = call.Over == nil && (!known || def.Kind == functions.Aggregate)
		}
		if !ok {
			q.fail(item.Expr.Span(), "PIVOT fills its columns with aggregates").
				WithHint("write an aggregate such as sum(x); compute with its columns in a query over PIVOT")
		}
	}
	columns := len(t.Using)
	for _, on := range t.On {
		columns = min(columns*len(on.In), maxPivotColumns+1)
		var names []string
		for _, v := range on.In {
			if name := ast.Print(v.Expr); slices.Contains(names, name) {
				q.fail(v.Expr.Span(), "the value %s is given twice", name)
			} else {
				names = append(names, name)
			}
		}
	}
	if columns > maxPivotColumns {
		q.fail(t.Span(), "this PIVOT makes more than %d columns", maxPivotColumns)
	}
	return len(q.errs) == before
}

// pivotGroups are the columns that GROUP BY names, or else all that PIVOT does not name.
func pivotGroups(t *ast.Pivot, sc *scope) []ast.Ident {
	if len(t.GroupBy) > 0 {
		return t.GroupBy
	}
	var used []ast.Ident
	for _, on := range t.On {
		used = append(used, sc.columnsIn(on.Expr)...)
	}
	for _, item := range t.Using {
		used = append(used, sc.columnsIn(item.Expr)...)
	}
	named := newNameSet(used)
	var rest []ast.Ident
	for _, v := range sc.visible {
		if !v.hidden && !named.has(v.name) {
			rest = append(rest, ast.Ident{Pos: t.Pos, Name: v.name, Quoted: true})
		}
	}
	return rest
}

// columnsIn are the columns that an expression names, as they were declared, without
// qualifiers. That of a field of a struct is the struct.
func (s *scope) columnsIn(e ast.Expr) []ast.Ident {
	var columns []ast.Ident
	ast.Inspect(e, func(n ast.Node) bool {
		if name, ok := n.(*ast.Name); ok {
			column := name.Parts[0]
			if hits := s.find(name.Parts); len(hits) == 1 {
				column.Name = hits[0].name
			}
			columns = append(columns, column)
		}
		return true
	})
	return columns
}

// pivotCells are the combinations of the values, those of the last varying fastest: the
// condition under which a row belongs to one, and its name.
func pivotCells(on []ast.PivotOn) []ast.SelectItem {
	cells := []ast.SelectItem{{}}
	for _, o := range on {
		var next []ast.SelectItem
		for _, c := range cells {
			for _, v := range o.In {
				next = append(next, ast.SelectItem{
					Expr:  and(c.Expr, isValue(o.Expr, v.Expr.(*ast.Literal))),
					Alias: ast.Ident{Name: strings.TrimPrefix(c.Alias.Name+"_"+pivotName(v), "_")},
				})
			}
		}
		cells = next
	}
	return cells
}

// pivotName is the part of a column's name that a value or an aggregate gives.
func pivotName(item ast.SelectItem) string {
	if item.Alias.Name != "" {
		return item.Alias.Name
	}
	if lit, ok := item.Expr.(*ast.Literal); ok && lit.Kind == ast.String {
		return lit.Text
	} else if ok && (lit.Kind == ast.True || lit.Kind == ast.False) {
		return strings.ToLower(ast.Print(lit))
	}
	if _, ok := item.Expr.(*ast.Literal); ok {
		return ast.Print(item.Expr)
	}
	return outputName(item.Expr, nil)
}

// isValue is the condition x = value, or x IS NULL.
func isValue(x ast.Expr, value *ast.Literal) ast.Expr {
	at := ast.Pos{At: value.Span()}
	if value.Kind == ast.Null {
		return &ast.Is{Pos: at, X: x}
	}
	return &ast.Binary{Pos: at, Op: "=", OpAt: at, L: x, R: value}
}

// and joins two conditions, of which the first may be missing.
func and(l, r ast.Expr) ast.Expr {
	if l == nil {
		return r
	}
	at := ast.Pos{At: r.Span()}
	return &ast.Binary{Pos: at, Op: "AND", OpAt: at, L: l, R: r}
}

// filtered is an aggregate over the rows only for which a condition holds.
func filtered(call *ast.Call, condition ast.Expr) *ast.Call {
	only := *call
	only.Filter = and(call.Filter, condition)
	return &only
}
