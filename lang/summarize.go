package lang

import (
	"strconv"

	"github.com/apache/arrow/go/v17/arrow"

	"tq/functions"
	"tq/lang/ast"
	"tq/lang/plan"
	"tq/lang/sem"
)

// summarize gives a row of statistics for each column of a table or query. It is
// planned as the query that one would write: one pass computes all statistics of all
// columns as one row, from which a row is made for each column.
func summarize(s *ast.Summarize, env *sem.Env) (*plan.Plan, error) {
	q := s.Query
	if q == nil {
		q = selectFrom(s.Table)
	}
	inner, err := compileQuery(q, env)
	if err != nil {
		return nil, err
	}
	b := builder{ast.Pos{At: s.Span()}}
	rows := ast.CTE{Name: b.ident("rows"), Query: q}
	pass := b.selectFrom("rows")
	var body ast.QueryBody
	for i, c := range inner.Columns {
		name := "column " + strconv.Itoa(i)
		rows.Columns = append(rows.Columns, b.ident(name))
		row := b.selectFrom("statistics")
		for _, st := range b.statistics(name, c) {
			x := st.value
			if st.aggregate {
				unique := name + " " + st.name
				pass.Items = append(pass.Items, ast.SelectItem{Expr: x, Alias: b.ident(unique)})
				x = b.column(unique)
			}
			row.Items = append(row.Items, ast.SelectItem{Expr: x, Alias: b.ident(st.name)})
		}
		if body == nil {
			body = row
		} else {
			body = &ast.SetOp{Pos: b.pos, Op: ast.Union, All: true, Left: body, Right: row}
		}
	}
	statistics := ast.CTE{Name: b.ident("statistics"), Query: &ast.Query{Pos: b.pos, Body: pass}}
	return compileQuery(&ast.Query{Pos: b.pos, With: []ast.CTE{rows, statistics}, Body: body}, env)
}

// statistic is one column of a summary.
type statistic struct {
	name      string
	value     ast.Expr
	aggregate bool
}

// statistics are what SUMMARIZE says of a column. A statistic that its type doesn't
// have is NULL.
func (b builder) statistics(name string, c sem.Column) []statistic {
	x := b.column(name)
	text := func(s string) ast.Expr { return &ast.Literal{Pos: b.pos, Kind: ast.String, Text: s} }
	number := func(s string) ast.Expr { return &ast.Literal{Pos: b.pos, Kind: ast.Number, Text: s} }
	asText := func(x ast.Expr) ast.Expr {
		return &ast.Cast{Pos: b.pos, X: x, To: &ast.TypeName{Pos: b.pos, Name: "VARCHAR"}}
	}
	measure := func(function string, args ...ast.Expr) ast.Expr {
		types := []arrow.DataType{c.Type, functions.Double}[:1+len(args)]
		def, ok := functions.Lookup(function)
		if ok && !functions.Same(c.Type, functions.Varchar) {
			if _, _, _, err := functions.Resolve(def, types); err == nil {
				return asText(b.call(function, append([]ast.Expr{x}, args...)...))
			}
		}
		return asText(&ast.Literal{Pos: b.pos, Kind: ast.Null})
	}
	count := &ast.Call{Pos: b.pos, Name: b.ident("count"), Star: true}
	distinct := &ast.Call{Pos: b.pos, Name: b.ident("count"), Distinct: true, Args: []ast.Arg{{Expr: x}}}
	missing := b.binary("-", count, b.call("count", x))
	percentage := b.call("round", b.binary("/", b.binary("*", number("100.0"), missing), count), number("2"))
	return []statistic{
		{"column_name", text(c.Name), false},
		{"column_type", text(functions.TypeName(c.Type)), false},
		{"min", asText(b.call("min", x)), true},
		{"max", asText(b.call("max", x)), true},
		{"approx_unique", distinct, true},
		{"avg", measure("avg"), true},
		{"std", measure("stddev"), true},
		{"q25", measure("approx_quantile", number("0.25")), true},
		{"q50", measure("approx_quantile", number("0.5")), true},
		{"q75", measure("approx_quantile", number("0.75")), true},
		{"count", count, true},
		{"null_percentage", percentage, true},
	}
}

// builder makes trees of a query that nobody wrote, all at the place of the statement.
type builder struct{ pos ast.Pos }

func (b builder) ident(name string) ast.Ident {
	return ast.Ident{Pos: b.pos, Name: name, Quoted: true}
}

func (b builder) column(name string) ast.Expr {
	return &ast.Name{Pos: b.pos, Parts: []ast.Ident{b.ident(name)}}
}

func (b builder) call(name string, args ...ast.Expr) ast.Expr {
	c := &ast.Call{Pos: b.pos, Name: b.ident(name)}
	for _, a := range args {
		c.Args = append(c.Args, ast.Arg{Expr: a})
	}
	return c
}

func (b builder) binary(op string, l, r ast.Expr) ast.Expr {
	return &ast.Binary{Pos: b.pos, Op: op, OpAt: b.pos, L: l, R: r}
}

func (b builder) selectFrom(name string) *ast.Select {
	from := &ast.TableName{Pos: b.pos, Parts: []ast.Ident{b.ident(name)}}
	return &ast.Select{Pos: b.pos, From: []ast.TableExpr{from}}
}
