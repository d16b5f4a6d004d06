package sem

import (
	"strings"

	"tq/lang/ast"
)

// expandItems makes the items of the SELECT list, with * and COLUMNS replaced by what
// they stand for. A FROM without SELECT selects everything.
func (s *selectBinder) expandItems() {
	if len(s.node.Items) == 0 {
		s.expandStar(&ast.Star{Pos: s.node.Pos})
	}
	for _, it := range s.node.Items {
		if star, ok := it.Expr.(*ast.Star); ok {
			s.expandStar(star)
			continue
		}
		if c := findColumns(it.Expr); c != nil {
			s.expandColumns(it, c)
			continue
		}
		if call, ok := it.Expr.(*ast.Call); ok && s.expandUnnest(call) {
			continue
		}
		name, alias := it.Alias.Name, it.Alias.Name != ""
		if !alias {
			name = s.itemName(it.Expr)
		}
		s.items = append(s.items, item{node: it.Expr, name: name, alias: alias})
	}
}

// itemName is the name of an item without an alias: a column keeps the name it was
// declared with.
func (s *selectBinder) itemName(e ast.Expr) string {
	if p, ok := e.(*ast.Position); ok {
		if v, ok := s.scope.shown(p.N); ok {
			return v.name
		}
	}
	if n, ok := e.(*ast.Name); ok {
		if arg, ok := s.macro.arg(n); ok {
			return outputName(arg, nil)
		}
		if hits := s.scope.find(n.Parts); len(hits) == 1 {
			return hits[0].name
		}
	}
	return outputName(e, s.node.Windows)
}

// expandStar appends the columns of * or t.* with its modifiers applied.
func (s *selectBinder) expandStar(star *ast.Star) {
	s.items = append(s.items, s.exprs("SELECT", columnsFirst).starItems(star)...)
}

// starItems are the items that * or t.* stands for, with its modifiers applied.
func (s *exprBinder) starItems(star *ast.Star) []item {
	var items []item
	exclude := newNameSet(star.Exclude)
	replaced := map[int]bool{}
	renamed := map[int]bool{}
	for _, v := range s.starColumns(star) {
		if exclude.has(v.name) || star.Match != nil && !s.nameMatches(star.Match, v.name) {
			continue
		}
		it := item{name: v.name, expr: v.expr, bound: true}
		for i, r := range star.Replace {
			if strings.EqualFold(r.Alias.Name, v.name) {
				it = item{name: v.name, node: r.Expr}
				replaced[i] = true
			}
		}
		for i, r := range star.Rename {
			if strings.EqualFold(r.From.Name, v.name) {
				it.name, it.alias = r.To.Name, true
				renamed[i] = true
			}
		}
		items = append(items, it)
	}
	if s.scope.broken() {
		return items
	}
	for _, id := range exclude.unused() {
		s.unknownInStar("EXCLUDE", id)
	}
	for i, r := range star.Replace {
		if !replaced[i] {
			s.unknownInStar("REPLACE", r.Alias)
		}
	}
	for i, r := range star.Rename {
		if !renamed[i] {
			s.unknownInStar("RENAME", r.From)
		}
	}
	switch {
	case len(items) > 0:
	case star.Match != nil:
		s.fail(star.Span(), "no column of * matches")
	case len(star.Exclude) > 0:
		s.fail(star.Span(), "nothing is left of * after EXCLUDE")
	}
	return items
}

func (s *exprBinder) unknownInStar(modifier string, name ast.Ident) {
	e := s.fail(name.Span(), "%s names %q, which is not a column of *", modifier, name.Name)
	suggest(e, name.Name, s.scope.names())
}

// starColumns are the columns that * or t.* stands for.
func (s *exprBinder) starColumns(star *ast.Star) []visible {
	if len(s.scope.rels) == 0 {
		s.fail(star.Span(), "* needs a FROM")
		return nil
	}
	var cols []visible
	if rel := s.scope.twice(star.Table); rel != nil {
		s.standsTwice(rel, star.Span())
		return nil
	}
	if len(star.Table) == 0 {
		for _, v := range s.scope.visible {
			if !v.hidden {
				cols = append(cols, v)
			}
		}
		return cols
	}
	found := false
	for _, rel := range s.scope.rels {
		if rel.qualifiedBy(star.Table) != len(star.Table) {
			continue
		}
		found = true
		for _, c := range rel.cols {
			if !c.hidden {
				cols = append(cols, visible{name: c.Name, expr: columnExpr(c.Column), rel: rel})
			}
		}
	}
	if !found {
		if fields, ok := s.structColumns(star); ok {
			return fields
		}
	}
	if !found && !s.scope.broken() {
		e := s.fail(star.Table[0].Span(), "%q is not in FROM", dotted(star.Table))
		suggest(e, dotted(star.Table), s.scope.aliases())
	}
	return cols
}

// expandColumns appends one item for each column that the COLUMNS in an item matches.
func (s *selectBinder) expandColumns(it ast.SelectItem, c *ast.Columns) {
	for _, column := range s.exprs("SELECT", columnsFirst).chosen(c) {
		name := column.name
		if it.Alias.Name != "" {
			name = column.alias(it.Alias.Name)
		}
		s.items = append(s.items, item{node: it.Expr, name: name, columns: c, column: column.expr, columnNode: column.node})
	}
}

// findColumns returns the first COLUMNS inside an expression, or nil.
func findColumns(e ast.Expr) *ast.Columns {
	var found *ast.Columns
	ast.Inspect(e, func(n ast.Node) bool {
		switch n := n.(type) {
		case *ast.Columns:
			if found == nil && !n.Unpack {
				found = n
			}
		case *ast.Query:
			return false
		}
		return found == nil
	})
	return found
}

// nameSet is a set of names that remembers which were asked for.
type nameSet struct {
	names []ast.Ident
	used  []bool
}

func newNameSet(names []ast.Ident) *nameSet {
	return &nameSet{names: names, used: make([]bool, len(names))}
}

func (n *nameSet) has(name string) bool {
	found := false
	for i, id := range n.names {
		if strings.EqualFold(id.Name, name) {
			n.used[i], found = true, true
		}
	}
	return found
}

func (n *nameSet) unused() []ast.Ident {
	var out []ast.Ident
	for i, used := range n.used {
		if !used {
			out = append(out, n.names[i])
		}
	}
	return out
}
