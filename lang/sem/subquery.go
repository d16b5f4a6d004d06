package sem

import (
	"github.com/apache/arrow/go/v17/arrow"

	"tq/functions"
	"tq/functions/kernel"
	"tq/lang/ast"
	"tq/lang/source"
)

// subquery binds a query that stands in an expression.
func (b *exprBinder) subquery(n *ast.Query) (*Query, *level) {
	l := &level{outer: b}
	inner := b.queryBinder
	inner.level = l
	return inner.query(n), l
}

// scalarSubquery binds a query used as a value: one column, one row at most.
func (b *exprBinder) scalarSubquery(e *ast.Subquery) Expr {
	q, l := b.subquery(e.Query)
	if !b.columnsWanted(q, 1, e.Span()) || q.Out[0].Type == nil {
		return nil
	}
	return &Subquery{Typed: Typed{q.Out[0].Type, e.Span()}, Kind: ScalarQuery, Node: b.written(e.Query), Query: q, Outer: l.refs}
}

// exists binds EXISTS (query).
func (b *exprBinder) exists(e *ast.Exists) Expr {
	q, l := b.subquery(e.Query)
	return &Subquery{Typed: Typed{functions.Boolean, e.Span()}, Kind: ExistsQuery, Node: b.written(e.Query), Query: q, Outer: l.refs}
}

// written is a query as it is written, or nil inside a macro, where what is written alike
// may mean something else.
func (b *exprBinder) written(n *ast.Query) *ast.Query {
	if b.macro != nil {
		return nil
	}
	return n
}

// in binds x IN (list) and x IN (query).
func (b *exprBinder) in(e *ast.In) Expr {
	var out Expr
	switch {
	case e.Query != nil:
		out = b.anyOf("=", e.X, e.Query, e.Span())
	case isRow(e.X):
		out = b.rowIn(e)
	default:
		out = b.inList(e)
	}
	if e.Not {
		return not(out, e.Span())
	}
	return out
}

// quantified binds x op ANY (query) and x op ALL (query), the latter as the opposite of
// the opposite.
func (b *exprBinder) quantified(e *ast.Quantified) Expr {
	if list, ok := e.List.(*ast.ListLit); ok && len(list.Elems) > 0 && (e.Op == "=" && !e.All || e.Op == "<>" && e.All) {
		return b.in(&ast.In{Pos: e.Pos, Not: e.All, X: e.X, List: list.Elems})
	}
	query := quantifiedQuery(e)
	if !e.All {
		return b.anyOf(e.Op, e.X, query, e.Span())
	}
	opposite := map[string]string{"=": "<>", "<>": "=", "<": ">=", "<=": ">", ">": "<=", ">=": "<"}
	op, ok := opposite[e.Op]
	if !ok {
		b.fail(e.Span(), "%s cannot be used with ALL: only comparisons can", e.Op)
		return nil
	}
	return not(b.anyOf(op, e.X, query, e.Span()), e.Span())
}

// quantifiedQuery is the query behind ANY or ALL: of a list its elements as rows.
func quantifiedQuery(e *ast.Quantified) *ast.Query {
	if e.Query != nil {
		return e.Query
	}
	at := ast.Pos{At: e.List.Span()}
	call := &ast.Call{Pos: at, Name: ast.Ident{Pos: at, Name: "unnest"}, Args: []ast.Arg{{Expr: e.List}}}
	return &ast.Query{Pos: at, Body: &ast.Select{Pos: at, Items: []ast.SelectItem{{Expr: call}}}}
}

// anyOf makes the condition that x op row is true for a row of a query. x may be a list
// in parentheses, for a query with as many columns.
func (b *exprBinder) anyOf(op string, x ast.Expr, n *ast.Query, at source.Span) Expr {
	q, l := b.subquery(n)
	var left []Expr
	if row, ok := x.(*ast.Row); ok && len(q.Out) > 1 {
		left = b.exprList(row.Elems)
	} else {
		left = []Expr{b.expr(x)}
	}
	if !b.columnsWanted(q, len(left), at) {
		return nil
	}
	right := make([]Expr, len(left))
	for i := range right {
		right[i] = Respan(columnExpr(q.Out[i]), n.Span())
	}
	cond := b.rowCondition(op, at, left, right)
	if cond == nil {
		return nil
	}
	return &Subquery{Typed: Typed{functions.Boolean, at}, Kind: AnyQuery, Node: b.written(n), Query: q, Cond: cond, Outer: l.refs}
}

// rowCondition compares lists of values with a row of a query. Equality of several values
// is unknown where one of them is NULL, as in DuckDB; an order is never unknown.
func (b *exprBinder) rowCondition(op string, at source.Span, left, right []Expr) Expr {
	if len(left) == 1 {
		return b.compare(op, at, left[0], right[0])
	}
	if op != "=" && op != "<>" {
		return b.rowOrder(op, at, left, right)
	}
	var conds []Expr
	for i := range left {
		c := b.compare("=", at, left[i], right[i])
		if c == nil {
			return nil
		}
		conds = append(conds, c)
	}
	if op == "<>" {
		return not(conjunction(conds), at)
	}
	return conjunction(conds)
}

// columnsWanted checks how many columns a subquery yields.
func (b *binder) columnsWanted(q *Query, n int, at source.Span) bool {
	if len(q.Out) == n {
		return true
	}
	if len(b.errs) == 0 {
		b.fail(at, "the subquery must yield %s here, it yields %d", plural(n, "column"), len(q.Out))
	}
	return false
}

// inList binds x IN (a, b, c). Constants make one list; what is left over is compared
// one by one.
func (b *exprBinder) inList(e *ast.In) Expr {
	x := b.expr(e.X)
	if x == nil {
		return nil
	}
	elems := b.exprList(e.List)
	all := append([]Expr{x}, elems...)
	for _, y := range all {
		if y == nil {
			return nil
		}
	}
	typ := b.comparableType(e.Span(), all)
	if typ == nil {
		return nil
	}
	x = b.convert(x, typ)
	var consts []arrow.Array
	var conds []Expr
	for _, y := range elems {
		y = b.convert(y, typ)
		if y == nil || x == nil {
			return nil
		}
		if c := b.tryConst(y); c != nil {
			consts = append(consts, c.Value)
		} else {
			conds = append(conds, b.call("=", e.Span(), []Expr{x, y}))
		}
	}
	if len(consts) > 0 {
		values, err := kernel.Concat(consts)
		if err != nil {
			b.fail(e.Span(), "IN: %v", err)
			return nil
		}
		list := &InList{Typed: Typed{functions.Boolean, e.Span()}, Arg: x, List: values}
		conds = append([]Expr{list}, conds...)
	}
	if len(conds) == 1 {
		return conds[0]
	}
	return &Logic{Typed: Typed{functions.Boolean, e.Span()}, Op: Or, Args: conds}
}

// rowIn binds (a, b) IN ((1, 2), (3, 4)).
func (b *exprBinder) rowIn(e *ast.In) Expr {
	left := b.exprList(e.X.(*ast.Row).Elems)
	var alternatives []Expr
	for _, n := range e.List {
		row, ok := n.(*ast.Row)
		if !ok || len(row.Elems) != len(left) {
			b.fail(n.Span(), "this must be a list of %d expressions, as on the left of IN", len(left))
			return nil
		}
		same := b.rowEqual(n.Span(), left, b.exprList(row.Elems))
		if same == nil {
			return nil
		}
		alternatives = append(alternatives, same)
	}
	if len(alternatives) == 1 {
		return alternatives[0]
	}
	return &Logic{Typed: Typed{functions.Boolean, e.Span()}, Op: Or, Args: alternatives}
}
