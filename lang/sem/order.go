package sem

import (
	"strconv"
	"strings"

	"tq/lang/ast"
)

// orderKey is a bound key of ORDER BY: an item of the SELECT list and a direction.
type orderKey struct {
	item             int
	desc, nullsFirst bool
}

// orderBy binds the ORDER BY of a select. Keys that are not selected become hidden
// items; constants order nothing and are left out.
func (s *selectBinder) orderBy(q *ast.Query) []orderKey {
	var keys []orderKey
	add := func(item int, o *ast.OrderItem) {
		keys = append(keys, orderKey{item: item, desc: o.Desc, nullsFirst: o.NullsFirst != nil && *o.NullsFirst})
	}
	if q.OrderAll != nil {
		for i := range s.items {
			add(i, q.OrderAll)
		}
		return keys
	}
	for i := range q.OrderBy {
		o := &q.OrderBy[i]
		if findColumns(o.Expr) != nil {
			b := s.exprs("ORDER BY", columnsFirst)
			b.aggs, b.windows = true, true
			for _, x := range b.each(o.Expr) {
				if x != nil {
					add(s.addItem(x, s.itemName(o.Expr)), o)
				}
			}
			continue
		}
		item := s.outputOrExpr(o.Expr, "ORDER BY")
		if item < 0 {
			continue
		}
		if _, constant := s.items[item].expr.(*Const); constant && item >= s.visible {
			continue
		}
		if item >= s.visible && s.node.Distinct && len(s.node.DistinctOn) == 0 {
			s.fail(o.Expr.Span(), "a SELECT DISTINCT can only be ordered by what it selects").
				WithHint("add this expression to the SELECT list")
			continue
		}
		add(item, o)
	}
	return keys
}

// sortKeys makes sort keys over the output columns.
func (s *selectBinder) sortKeys(keys []orderKey) []SortKey {
	var out []SortKey
	for _, k := range keys {
		if c := columnExpr(s.out.Items[k.item].Out); c != nil {
			out = append(out, SortKey{Expr: c, Desc: k.desc, NullsFirst: k.nullsFirst})
		}
	}
	return out
}

// outputOrder binds the ORDER BY of a query that is not one SELECT: only its output
// columns can be named, by name or position, also inside expressions.
func (q queryBinder) outputOrder(n *ast.Query, cols []Column) []SortKey {
	var keys []SortKey
	add := func(e Expr, o *ast.OrderItem) {
		if e != nil {
			keys = append(keys, SortKey{Expr: e, Desc: o.Desc, NullsFirst: o.NullsFirst != nil && *o.NullsFirst})
		}
	}
	if n.OrderAll != nil {
		for _, c := range cols {
			add(columnExpr(c), n.OrderAll)
		}
	}
	rel := &relation{}
	for _, c := range cols {
		rel.cols = append(rel.cols, scopeColumn{Column: c})
	}
	b := exprBinder{queryBinder: q, scope: newScope(rel), clause: "ORDER BY"}
	for i := range n.OrderBy {
		o := &n.OrderBy[i]
		if p, ok := o.Expr.(*ast.Position); ok && p.N <= len(cols) {
			add(columnExpr(cols[p.N-1]), o)
			continue
		}
		if lit, ok := o.Expr.(*ast.Literal); ok && lit.Kind == ast.Number {
			if p, ok := outputPosition(q.binder, lit, "ORDER BY", len(cols)); ok {
				if p >= 0 {
					add(columnExpr(cols[p]), o)
				}
				continue
			}
		}
		add(b.expr(o.Expr), o)
	}
	return keys
}

// outputPosition resolves a number that stands for an output column.
func outputPosition(b *binder, lit *ast.Literal, clause string, columns int) (index int, ok bool) {
	if strings.ContainsAny(lit.Text, ".eExX") {
		return 0, false
	}
	n, err := strconv.ParseInt(lit.Text, 10, 64)
	if err != nil || n < 1 || n > int64(columns) {
		b.fail(lit.Span(), "%s position %s is not in the SELECT list, which has %s", clause, lit.Text, plural(columns, "column"))
		return -1, true
	}
	return int(n) - 1, true
}
