package sem

import (
	"slices"
	"strconv"

	"tq/lang/ast"
)

func (w *canonical) query(q *ast.Query) {
	w.with(q)
	w.body(q.Body)
	if q.OrderAll != nil {
		w.write(" ORDER BY COLUMNS(*)")
		w.direction(*q.OrderAll)
	}
	if len(q.OrderBy) > 0 {
		w.write(" ")
		w.orderBy(q.OrderBy)
	}
	switch {
	case q.Limit != nil && q.Percent:
		w.write(" LIMIT (")
		w.expr(q.Limit)
		w.write(") %")
	case q.Limit != nil:
		w.write(" LIMIT ")
		w.expr(q.Limit)
	}
	if q.Offset != nil {
		w.write(" OFFSET ")
		w.expr(q.Offset)
	}
}

// arrayQuery writes ARRAY(query) as the aggregate over the query that it stands for.
func (w *canonical) arrayQuery(q *ast.Query) {
	first := ast.Arg{Expr: &ast.Position{N: 1}}
	list := &ast.Call{Name: ast.Ident{Name: "array_agg"}, Args: []ast.Arg{first}}
	if s, ok := q.Body.(*ast.Select); ok && len(q.OrderBy) > 0 {
		ordered, block := *q, *s
		block.Items = slices.Clone(s.Items)
		for i, o := range q.OrderBy {
			name := ast.Ident{Name: "__array_internal_idx_" + strconv.Itoa(i+1)}
			block.Items = append(block.Items, ast.SelectItem{Expr: o.Expr, Alias: name})
			o.Expr = &ast.Name{Parts: []ast.Ident{name}}
			list.OrderBy = append(list.OrderBy, o)
		}
		ordered.Body = &block
		q = &ordered
	}
	w.write("(SELECT ")
	w.expr(&ast.Case{
		Whens: []ast.When{{Cond: &ast.Is{X: list}, Then: &ast.Call{Name: ast.Ident{Name: "list_value"}}}},
		Else:  list,
	})
	w.write(" FROM (")
	w.query(q)
	w.write("))")
}

func (w *canonical) with(q *ast.Query) {
	if len(q.With) == 0 {
		return
	}
	w.write("WITH ")
	if q.Recursive {
		w.write("RECURSIVE ")
	}
	w.list(len(q.With), func(i int) {
		c := q.With[i]
		w.ident(c.Name.Name)
		if len(c.Columns) > 0 {
			w.write(" (")
			w.idents(c.Columns)
			w.write(")")
		}
		if len(c.Key) > 0 {
			w.write(" USING KEY (")
			w.idents(c.Key)
			w.write(")")
		}
		w.write(" AS ")
		if c.Materialized != "" {
			w.write(c.Materialized, " ")
		}
		w.write("(")
		w.query(c.Query)
		w.write(")")
	})
}

func (w *canonical) body(b ast.QueryBody) {
	switch b := b.(type) {
	case *ast.Query:
		w.query(b)
	case *ast.Select:
		outer := w.windows
		w.windows = b.Windows
		w.selectBlock(b)
		w.windows = outer
	case *ast.Values:
		w.write("SELECT * FROM ")
		w.values(b)
	case *ast.SetOp:
		w.write("(")
		w.body(b.Left)
		w.write([...]string{ast.Union: ") UNION ", ast.Intersect: ") INTERSECT ", ast.Except: ") EXCEPT "}[b.Op])
		if b.All {
			w.write("ALL ")
		}
		if b.ByName {
			w.write("BY NAME ")
		}
		w.write("(")
		w.body(b.Right)
		w.write(")")
	}
}

func (w *canonical) values(v *ast.Values) {
	w.write("(VALUES ")
	w.list(len(v.Rows), func(i int) {
		w.write("(")
		w.exprs(v.Rows[i])
		w.write(")")
	})
	w.write(") AS valueslist")
}

func (w *canonical) selectBlock(s *ast.Select) {
	w.write("SELECT ")
	if s.Distinct {
		w.write("DISTINCT ")
	}
	if len(s.DistinctOn) > 0 {
		w.write("ON (")
		w.exprs(s.DistinctOn)
		w.write(") ")
	}
	w.items(s.Items)
	for i, t := range s.From {
		if i == 0 {
			w.write(" FROM ")
		} else {
			w.write(" , ")
		}
		w.table(t)
	}
	w.clause(" WHERE ", s.Where)
	w.groupBy(s.GroupBy)
	w.clause(" HAVING ", s.Having)
	w.clause(" QUALIFY ", s.Qualify)
}

func (w *canonical) clause(keyword string, x ast.Expr) {
	if x != nil {
		w.write(keyword)
		w.expr(x)
	}
}

func (w *canonical) items(items []ast.SelectItem) {
	w.list(len(items), func(i int) {
		w.expr(items[i].Expr)
		if alias := items[i].Alias.Name; alias != "" {
			w.write(" AS ")
			w.ident(alias)
		}
	})
}

// groupBy writes the grouping sets, unless there is only one.
func (w *canonical) groupBy(g *ast.GroupBy) {
	switch {
	case g == nil:
		return
	case g.All:
		w.write(" GROUP BY ALL")
		return
	}
	w.write(" GROUP BY ")
	if sets, ok := setsOf(g.Elements); ok {
		w.write("GROUPING SETS (")
		for i, set := range sets {
			if i > 0 {
				w.write(",")
			}
			w.write("(")
			w.exprs(set)
			w.write(")")
		}
		w.write(")")
		return
	}
	w.list(len(g.Elements), func(i int) {
		e := g.Elements[i]
		if len(e.Exprs) == 0 {
			w.write("()")
		}
		w.exprs(e.Exprs)
	})
}

// setsOf are the sets of the one element of a GROUP BY that makes several, in the order
// in which DuckDB writes them: those of ROLLUP and CUBE from the smallest on.
func setsOf(elements []ast.GroupElement) ([][]ast.Expr, bool) {
	if len(elements) != 1 {
		return nil, false
	}
	e := elements[0]
	var sets [][]ast.Expr
	switch e.Kind {
	case ast.GroupSets:
		sets = e.Sets
	case ast.GroupRollup:
		for n := range len(e.Exprs) + 1 {
			sets = append(sets, e.Exprs[:n])
		}
	case ast.GroupCube:
		sets = cubeSets(nil, e.Exprs)
	}
	return sets, len(sets) > 1
}

// cubeSets are a set and those that it makes with any of the rest, in lexical order.
func cubeSets(set, rest []ast.Expr) [][]ast.Expr {
	sets := [][]ast.Expr{set}
	for i, x := range rest {
		sets = append(sets, cubeSets(append(slices.Clone(set), x), rest[i+1:])...)
	}
	return sets
}

func (w *canonical) table(t ast.TableExpr) {
	switch t := t.(type) {
	case *ast.TableName:
		if t.File != "" {
			w.write(ast.QuoteText(t.File))
		} else {
			w.path(t.Parts)
		}
		w.alias(t.Alias)
	case *ast.Derived:
		w.write("(")
		w.query(t.Query)
		w.write(")")
		w.alias(t.Alias)
	case *ast.TableFunc:
		w.call(t.Call)
		w.alias(t.Alias)
	case *ast.Join:
		w.join(t)
	case *ast.Sampled, *ast.Pivot, *ast.Unpivot:
		w.write(ast.Print(t))
	}
}

func (w *canonical) alias(a ast.Alias) {
	if a.Name.Name == "" {
		return
	}
	w.write(" AS ")
	w.ident(a.Name.Name)
	if len(a.Columns) > 0 {
		w.write("(")
		w.idents(a.Columns)
		w.write(")")
	}
}

func (w *canonical) join(j *ast.Join) {
	w.table(j.Left)
	w.write(" ")
	if j.Natural {
		w.write("NATURAL ")
	}
	if j.Asof {
		w.write("ASOF ")
	}
	w.write([...]string{
		ast.InnerJoin: "INNER", ast.LeftJoin: "LEFT", ast.RightJoin: "RIGHT", ast.FullJoin: "FULL",
		ast.CrossJoin: "CROSS", ast.SemiJoin: "SEMI", ast.AntiJoin: "ANTI", ast.PositionalJoin: "POSITIONAL",
	}[j.Kind], " JOIN ")
	w.table(j.Right)
	switch {
	case j.On != nil:
		w.clause(" ON (", j.On)
		w.write(")")
	case len(j.Using) > 0:
		w.write(" USING (")
		w.idents(j.Using)
		w.write(")")
	}
}
