package sem

import (
	"strings"

	"tq/functions"
	"tq/lang/ast"
	"tq/lang/source"
)

// position binds #n, the column number n of FROM.
func (b *exprBinder) position(e *ast.Position) Expr {
	v, ok := b.scope.shown(e.N)
	if !ok {
		b.fail(e.Span(), "#%d is not in FROM, which has %s", e.N, plural(b.scope.width(), "column"))
		return nil
	}
	if v.expr == nil {
		return nil
	}
	return Respan(v.expr, e.Span())
}

// shown returns column number n, from 1, of those that * stands for.
func (s *scope) shown(n int) (visible, bool) {
	for _, v := range s.visible {
		if v.hidden {
			continue
		}
		if n--; n == 0 {
			return v, true
		}
	}
	return visible{}, false
}

// width is how many columns * stands for.
func (s *scope) width() int {
	n := 0
	for _, v := range s.visible {
		if !v.hidden {
			n++
		}
	}
	return n
}

// wholeRow binds the name of a relation where a column is wanted: a struct of its columns.
func (b *exprBinder) wholeRow(name ast.Ident, at source.Span) (Expr, bool) {
	var of *relation
	for _, rel := range b.scope.rels {
		if rel.alias != "" && strings.EqualFold(rel.alias, name.Name) {
			of = rel
		}
	}
	if of == nil {
		return nil, false
	}
	var names []string
	var values []Expr
	for _, c := range of.cols {
		if c.hidden {
			continue
		}
		x := columnExpr(c.Column)
		if x == nil {
			return nil, true
		}
		names, values = append(names, c.Name), append(values, Respan(x, at))
	}
	def, _ := functions.Lookup("struct_pack")
	return b.structValue(def, at, names, values, nil), true
}

// arrayQuery binds ARRAY(query): a list of its rows, which is empty where it has none.
func (b *exprBinder) arrayQuery(e *ast.ArrayQuery) Expr {
	q, l := b.subquery(e.Query)
	if !b.columnsWanted(q, 1, e.Span()) || q.Out[0].Type == nil {
		return nil
	}
	def, _ := functions.Lookup("list")
	overload, args, typ := b.overload(def, e.Span(), []Expr{Respan(columnExpr(q.Out[0]), e.Span())})
	if overload == nil {
		return nil
	}
	list := AggCall{Out: b.ids.New("list", typ), Fn: def, Overload: overload, Args: args, At: e.Span()}
	empty := b.convert(b.call("list_value", e.Span(), nil), typ)
	filled := b.call("coalesce", e.Span(), []Expr{ref(list.Out), empty})
	if filled == nil {
		return nil
	}
	out := b.ids.New("array", filled.Type())
	sel := &Select{
		From:  &QuerySource{Query: q},
		Group: &Grouping{Aggs: []AggCall{list}},
		Items: []NamedExpr{{Out: out, Expr: filled}},
	}
	lists := &Query{Body: sel, Out: []Column{out}}
	return &Subquery{Typed: Typed{out.Type, e.Span()}, Kind: ScalarQuery, Node: b.writtenArray(e), Query: lists, Outer: l.refs}
}

// writtenArray is the query of ARRAY(query) as one that no other is written like.
func (b *exprBinder) writtenArray(e *ast.ArrayQuery) *ast.Query {
	if b.written(e.Query) == nil {
		return nil
	}
	return &ast.Query{Pos: e.Pos, Body: &ast.Select{Pos: e.Pos, Items: []ast.SelectItem{{Expr: e}}}}
}
