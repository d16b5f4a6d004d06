package sem

import (
	"regexp"
	"strconv"
	"strings"

	"github.com/apache/arrow/go/v17/arrow"

	"tq/functions/kernel"
	"tq/lang/ast"
)

// chosenColumn is one that COLUMNS stands for: an expression, or a node that REPLACE puts
// in its place.
type chosenColumn struct {
	name   string
	expr   Expr
	node   ast.Expr
	groups []string // what the pattern's groups match in the name
}

// chosen lists the columns that a COLUMNS matches.
func (b *exprBinder) chosen(c *ast.Columns) []chosenColumn {
	star := c.Star
	if star == nil {
		star = &ast.Star{Pos: c.Pos}
	}
	pattern := c.Pattern
	if pattern == "" {
		pattern = "(?s).*"
	}
	re, err := regexp.Compile(pattern)
	if err != nil {
		b.fail(c.Span(), "COLUMNS: %v", err)
		return nil
	}
	names := newNameSet(c.Names)
	before := len(b.errs)
	var out []chosenColumn
	for _, it := range b.starItems(star) {
		groups := re.FindStringSubmatch(it.name)
		if groups == nil || c.Names != nil && !names.has(it.name) || c.Lambda != nil && !b.nameChosen(c.Lambda, it.name) {
			continue
		}
		out = append(out, chosenColumn{name: it.name, expr: it.expr, node: it.node, groups: groups})
	}
	for _, id := range names.unused() {
		e := b.fail(id.Span(), "COLUMNS names %q, which is not in FROM", id.Name)
		suggest(e, id.Name, b.scope.names())
	}
	if len(out) == 0 && len(b.errs) == before && !b.scope.broken() {
		e := b.fail(c.Span(), "%s matches no column", ast.Print(c))
		suggest(e, c.Pattern, b.scope.names())
	}
	return out
}

// structColumns are the fields of a struct as columns: what s.* is for a column s.
func (b *exprBinder) structColumns(star *ast.Star) ([]visible, bool) {
	if len(b.scope.find(star.Table)) != 1 {
		return nil, false
	}
	x, ok := b.lookupColumn(star.Table, star.Span())
	if !ok || x == nil || x.Type().ID() != arrow.STRUCT {
		return nil, false
	}
	var out []visible
	for _, f := range x.Type().(*arrow.StructType).Fields() {
		out = append(out, visible{name: f.Name, expr: b.field(x, stringConst(f.Name, star.Span()), star.Span())})
	}
	return out, true
}

var groupReference = regexp.MustCompile(`\\[0-9]`)

// alias is a name behind AS for the column: \1 is what the first group of the pattern
// matches, \0 all of it.
func (c *chosenColumn) alias(name string) string {
	return groupReference.ReplaceAllStringFunc(name, func(ref string) string {
		n, _ := strconv.Atoi(ref[1:])
		if n >= len(c.groups) {
			return ""
		}
		return c.groups[n]
	})
}

// nameChosen applies the lambda of a COLUMNS to the name of a column.
func (b *exprBinder) nameChosen(l *ast.Lambda, name string) bool {
	inner := b.queryBinder
	text := &ast.Literal{Pos: l.Pos, Kind: ast.String, Text: name}
	inner.macro = &expansion{args: map[string]ast.Expr{strings.ToLower(l.Params[0].Name): text}, outer: b.macro}
	return inner.holds(l.Body)
}

// nameMatches applies the pattern behind * to the name of a column.
func (b *exprBinder) nameMatches(match *ast.Like, name string) bool {
	like := *match
	like.X = &ast.Literal{Pos: match.Pos, Kind: ast.String, Text: name}
	return b.queryBinder.holds(&like)
}

// holds reports whether a condition without columns is true.
func (q queryBinder) holds(e ast.Expr) bool {
	c := q.constant(q.constants("COLUMNS").condition(e), "COLUMNS")
	if c == nil || c.Value.IsNull(0) {
		return false
	}
	yes, _ := kernel.Value(c.Value, 0).(bool)
	return yes
}

// each binds an expression once for each column that the COLUMNS in it matches; just once
// if there is none in it.
func (b *exprBinder) each(e ast.Expr) []Expr {
	c := findColumns(e)
	if c == nil || b.columns != nil {
		return []Expr{b.expr(e)}
	}
	var out []Expr
	for _, column := range b.chosen(c) {
		inner := *b
		inner.columns, inner.column, inner.columnNode = c, column.expr, column.node
		out = append(out, inner.expr(e))
	}
	return out
}

// unpack puts the columns that each *COLUMNS(…) matches in its place in a list.
func (b *exprBinder) unpack(list []ast.Expr) []ast.Expr {
	var out []ast.Expr
	for i, e := range list {
		c, ok := e.(*ast.Columns)
		if !ok || !c.Unpack {
			if out != nil {
				out = append(out, e)
			}
			continue
		}
		if out == nil {
			out = append([]ast.Expr{}, list[:i]...)
		}
		for _, column := range b.chosen(c) {
			if column.node != nil {
				out = append(out, column.node)
			} else {
				out = append(out, b.nameFor(column, c.Pos))
			}
		}
	}
	if out == nil {
		return list
	}
	return out
}

// nameFor is a name that means a column of the scope.
func (b *exprBinder) nameFor(c chosenColumn, at ast.Pos) ast.Expr {
	n := &ast.Name{Pos: at, Parts: []ast.Ident{{Pos: at, Name: c.name}}}
	if len(b.scope.findVisible(c.name)) < 2 {
		return n
	}
	for _, v := range b.scope.findVisible(c.name) {
		if v.rel != nil && v.rel.alias != "" && Equal(v.expr, c.expr) {
			n.Parts = []ast.Ident{{Pos: at, Name: v.rel.alias}, n.Parts[0]}
		}
	}
	return n
}
