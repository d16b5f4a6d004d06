package lang

import (
	"strconv"

	"tq/functions"
	"tq/lang/ast"
	"tq/lang/plan"
	"tq/lang/sem"
)

// summarize gives a row of statistics for each column of a table or query. It is
// planned as the query that one would write: the rows once, then an aggregate for each
// column, appended to each other.
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
	out := &ast.Query{Pos: b.pos, With: []ast.CTE{{Name: b.ident(summarized), Query: q}}}
	for i := range inner.Columns {
		out.With[0].Columns = append(out.With[0].Columns, b.ident(columnName(i)))
	}
	for i, c := range inner.Columns {
		row := b.summary(columnName(i), c)
		if out.Body == nil {
			out.Body = row
		} else {
			out.Body = &ast.SetOp{Pos: b.pos, Op: ast.Union, All: true, Left: out.Body, Right: row}
		}
	}
	return compileQuery(out, env)
}

// summarized is what the query to be summarised is called within the statement.
const summarized = "summarized"

// columnName names its columns, which may have any names, also the same.
func columnName(i int) string { return "column " + strconv.Itoa(i) }

// builder makes trees of a query that nobody wrote, all at the place of the statement.
type builder struct{ pos ast.Pos }

func (b builder) ident(name string) ast.Ident { return ast.Ident{Pos: b.pos, Name: name, Quoted: true} }

func (b builder) column(name string) ast.Expr {
	return &ast.Name{Pos: b.pos, Parts: []ast.Ident{b.ident(name)}}
}

func (b builder) text(s string) ast.Expr { return &ast.Literal{Pos: b.pos, Kind: ast.String, Text: s} }

func (b builder) number(s string) ast.Expr {
	return &ast.Literal{Pos: b.pos, Kind: ast.Number, Text: s}
}

func (b builder) null() ast.Expr { return &ast.Literal{Pos: b.pos, Kind: ast.Null} }

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

func (b builder) asText(x ast.Expr) ast.Expr {
	return &ast.Cast{Pos: b.pos, X: x, To: &ast.TypeName{Pos: b.pos, Name: "VARCHAR"}}
}

// summary is the SELECT for one column. Averages and quantiles are for numbers.
func (b builder) summary(name string, c sem.Column) *ast.Select {
	x := b.column(name)
	numeric := func(f func() ast.Expr) ast.Expr {
		if !functions.CanCastImplicitly(c.Type, functions.Double) || functions.Same(c.Type, functions.Null) {
			return b.null()
		}
		return f()
	}
	quantile := func(q string) ast.Expr {
		return numeric(func() ast.Expr { return b.call("approx_quantile", x, b.number(q)) })
	}
	rows := &ast.Call{Pos: b.pos, Name: b.ident("count"), Star: true}
	missing := b.binary("-", rows, b.call("count", x))
	items := []struct {
		name string
		expr ast.Expr
	}{
		{"column_name", b.text(c.Name)},
		{"column_type", b.text(functions.TypeName(c.Type))},
		{"min", b.asText(b.call("min", x))},
		{"max", b.asText(b.call("max", x))},
		{"approx_unique", b.call("approx_count_distinct", x)},
		{"avg", b.asText(numeric(func() ast.Expr { return b.call("avg", x) }))},
		{"std", b.asText(numeric(func() ast.Expr { return b.call("stddev", x) }))},
		{"q25", b.asText(quantile("0.25"))},
		{"q50", b.asText(quantile("0.5"))},
		{"q75", b.asText(quantile("0.75"))},
		{"count", rows},
		{"null_percentage", b.call("round", b.binary("/", b.binary("*", b.number("100.0"), missing), rows), b.number("2"))},
	}
	from := &ast.TableName{Pos: b.pos, Parts: []ast.Ident{b.ident(summarized)}}
	sel := &ast.Select{Pos: b.pos, From: []ast.TableExpr{from}}
	for _, it := range items {
		sel.Items = append(sel.Items, ast.SelectItem{Expr: it.expr, Alias: b.ident(it.name)})
	}
	return sel
}
