package sem

import (
	"slices"
	"strings"

	"github.com/apache/arrow/go/v17/arrow"

	"tq/functions"
	"tq/lang/ast"
	"tq/lang/source"
)

// Recursive is the body of a CTE that refers to itself: the rows of First, then those of
// Step over the rows that came last, until it yields none.
type Recursive struct {
	First, Step Body
	All         bool // rows that were there before may come again
	// Last stands in Step for the rows that came last.
	Last *CTE
	Out  []Column
}

// Columns are those of the first part, whose names and types hold for all rows.
func (r *Recursive) Columns() []Column { return r.Out }

// recursive binds a CTE of WITH RECURSIVE: q sees the names before it.
func (q queryBinder) recursive(c *ast.CTE) *Query {
	op, ok := c.Query.Body.(*ast.SetOp)
	q.with = &withScope{outer: q.with, name: c.Name.Name}
	if !ok || op.Op != ast.Union || op.ByName {
		return q.query(c.Query)
	}
	q.with = q.bindWith(c.Query)
	first := q.typed(q.body(op.Left), op.Left.Span())
	before := len(q.errs)
	last := &CTE{Name: c.Name.Name, Query: &Query{Out: q.renameColumns(first.Columns(), c.Columns, c.Name)}}
	q.errs = q.errs[:before] // said again of the whole
	inner := q
	inner.with = &withScope{outer: q.with, name: c.Name.Name, cte: last}
	step := inner.body(op.Right)
	if len(c.Key) > 0 && last.Refs > 0 {
		all := *op
		all.All = true
		return q.keyed(c, last.Query.Out, q.recursion(&all, last, first, step))
	}
	if last.Refs == 0 {
		body := q.combine(op, first, step)
		return &Query{Body: body, OrderBy: q.outputOrder(c.Query, body.Columns()), Limit: q.limit(c.Query), Out: body.Columns()}
	}
	if at := orderOrLimit(c.Query); at != nil {
		q.fail(at.Span(), "a query that refers to itself cannot have ORDER BY or LIMIT").
			WithHint("put it behind the query that uses %s, or the part behind UNION into parentheses", c.Name.Name)
	}
	return q.recursion(op, last, first, step)
}

// keyed leaves of the rows of a recursion, for each key, the one that came last. named are
// its columns as the query may call them.
func (q queryBinder) keyed(c *ast.CTE, named []Column, rows *Query) *Query {
	if len(rows.Out) != len(named) {
		return rows // which has been reported
	}
	src, number := q.numbered(&QuerySource{Query: rows})
	sel := &Select{From: src}
	for _, col := range rows.Out {
		sel.Items = append(sel.Items, passed(col))
	}
	sel.Items = append(sel.Items, passed(number))
	for _, key := range c.Key {
		at := slices.IndexFunc(named, func(n Column) bool { return strings.EqualFold(n.Name, key.Name) })
		if at < 0 {
			q.fail(key.Span(), "USING KEY names %q, which is not a column of %s", key.Name, c.Name.Name)
			return rows
		}
		if x := columnExpr(rows.Out[at]); x != nil {
			sel.DistinctOn = append(sel.DistinctOn, x)
		}
	}
	return &Query{Body: sel, OrderBy: []SortKey{{Expr: ref(number), Desc: true}}, Out: rows.Out}
}

// typed makes columns of nothing but NULL those of a type that others can become, as
// DuckDB does.
func (q queryBinder) typed(body Body, at source.Span) Body {
	cols := body.Columns()
	types := make([]arrow.DataType, len(cols))
	for i, c := range cols {
		if types[i] = c.Type; c.Type == nil {
			return body
		}
		if isNull(c.Type) {
			types[i] = functions.Integer
		}
	}
	return q.castBody(body, cols, types, at)
}

// orderOrLimit is what a query is ordered or limited by; nil if it isn't.
func orderOrLimit(n *ast.Query) ast.Expr {
	switch {
	case len(n.OrderBy) > 0:
		return n.OrderBy[0].Expr
	case n.Limit != nil:
		return n.Limit
	}
	return n.Offset
}

// recursion brings the step to the columns of the first part.
func (q queryBinder) recursion(op *ast.SetOp, last *CTE, first, step Body) *Query {
	cols, next := first.Columns(), step.Columns()
	out := &Recursive{First: first, Step: step, All: op.All, Last: last}
	types := make([]arrow.DataType, len(cols))
	broken := len(q.errs) > 0
	for i, c := range cols {
		types[i] = c.Type
		out.Out = append(out.Out, q.ids.Renew(c))
		broken = broken || c.Type == nil || i < len(next) && next[i].Type == nil
	}
	switch {
	case broken:
	case len(cols) != len(next):
		q.fail(op.Right.Span(), "both sides of UNION must have as many columns: the left has %d, the right %d", len(cols), len(next))
	default:
		out.Step = q.castBody(step, next, types, op.Right.Span())
	}
	return &Query{Body: out, Out: out.Out}
}
