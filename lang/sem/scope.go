package sem

import (
	"strings"

	"tq/lang/ast"
	"tq/lang/source"
)

// scope is what column names can mean at one place: the relations of one FROM clause.
type scope struct {
	rels []*relation
	// visible are the columns that a name without a qualifier can mean, in the order
	// of *. Columns merged by USING stand in it once.
	visible []visible
}

// relation is one table, subquery or function of a FROM clause.
type relation struct {
	alias     string   // what qualifies its columns
	qualified []string // also this, for a table of one capture: capture, table
	table     string   // the table's own name, for messages
	cols      []scopeColumn
	dynamic   func(name string) (Column, bool) // dotted fields; nil for none
	broken    bool                             // already reported: any name may be its
}

// scopeColumn is a column under the name that the scope knows it by.
type scopeColumn struct {
	Column
	hidden bool // left out of *
}

// visible is a column that needs no qualifier.
type visible struct {
	name   string
	expr   Expr // nil if the column is broken, which has been reported
	rel    *relation
	hidden bool
}

// newScope returns the scope of one relation.
func newScope(rel *relation) *scope {
	s := &scope{rels: []*relation{rel}}
	for _, c := range rel.cols {
		s.visible = append(s.visible, visible{name: c.Name, expr: columnExpr(c.Column), rel: rel, hidden: c.hidden})
	}
	return s
}

// join returns the scope of two relations side by side.
func (s *scope) join(right *scope) *scope {
	return &scope{
		rels:    append(s.rels[:len(s.rels):len(s.rels)], right.rels...),
		visible: append(s.visible[:len(s.visible):len(s.visible)], right.visible...),
	}
}

// twice returns a relation whose name another one has, too: any, or one that is meant.
func (s *scope) twice(name []ast.Ident) *relation {
	for i, r := range s.rels {
		if len(name) > 0 && r.qualifiedBy(name) != len(name) {
			continue
		}
		for _, other := range s.rels[:i] {
			if rel := twice(r, other); rel != nil {
				return rel
			}
		}
	}
	return nil
}

// broken reports whether some relation has already been complained about, so that
// names not found may well be its.
func (s *scope) broken() bool {
	for _, r := range s.rels {
		if r.broken {
			return true
		}
	}
	return false
}

// columnExpr is a reference to a column, or nil if the column is broken.
func columnExpr(c Column) Expr {
	if c.Type == nil {
		return nil
	}
	return ref(c)
}

// find returns what can be meant by a name of one or more parts.
func (s *scope) find(parts []ast.Ident) []visible {
	if len(parts) == 1 {
		return s.findVisible(parts[0].Name)
	}
	if hits := s.findQualified(parts); len(hits) > 0 {
		return hits
	}
	return s.findDynamic(s.rels, dotted(parts))
}

func (s *scope) findVisible(name string) []visible {
	var hits []visible
	for _, v := range s.visible {
		if strings.EqualFold(v.name, name) {
			hits = append(hits, v)
		}
	}
	return hits
}

// findQualified resolves alias.column, capture.table.column and, behind either, the
// dotted fields.
func (s *scope) findQualified(parts []ast.Ident) []visible {
	var hits []visible
	for _, rel := range s.rels {
		n := rel.qualifiedBy(parts)
		if n == 0 || n == len(parts) {
			continue
		}
		rest := dotted(parts[n:])
		if c, ok := rel.column(rest); ok {
			hits = append(hits, visible{name: c.Name, expr: columnExpr(c), rel: rel})
		} else {
			hits = append(hits, s.findDynamic([]*relation{rel}, rest)...)
		}
	}
	return hits
}

func (s *scope) findDynamic(rels []*relation, name string) []visible {
	var hits []visible
	for _, rel := range rels {
		if rel.dynamic == nil {
			continue
		}
		if c, ok := rel.dynamic(name); ok {
			hits = append(hits, visible{name: c.Name, expr: ref(c), rel: rel})
		}
	}
	return hits
}

// qualifiedBy returns how many of the parts name the relation, 0 for none.
func (r *relation) qualifiedBy(parts []ast.Ident) int {
	if len(r.qualified) == 2 && len(parts) >= 2 &&
		strings.EqualFold(parts[0].Name, r.qualified[0]) && strings.EqualFold(parts[1].Name, r.qualified[1]) {
		return 2
	}
	if r.alias != "" && strings.EqualFold(parts[0].Name, r.alias) {
		return 1
	}
	return 0
}

// column finds a column by its name in the relation.
func (r *relation) column(name string) (Column, bool) {
	for _, c := range r.cols {
		if strings.EqualFold(c.Name, name) {
			return c.Column, true
		}
	}
	return Column{}, false
}

// dotted joins the parts of a name as they are written.
func dotted(parts []ast.Ident) string {
	if len(parts) == 1 {
		return parts[0].Name
	}
	names := make([]string, len(parts))
	for i, p := range parts {
		names[i] = p.Name
	}
	return strings.Join(names, ".")
}

// level is one subquery expression, within which names of the outer query may be used.
type level struct {
	outer *exprBinder // binds in the outer query; nil for the statement itself
	refs  []NamedExpr // what is used of the outer row
}

// lookupOuter resolves a name in the enclosing queries. The value comes in as a column
// of its own, which the planner connects.
func (b *binder) lookupOuter(l *level, parts []ast.Ident, at source.Span) (Expr, bool) {
	if l.outer == nil {
		return nil, false
	}
	outer, ok := l.outer.lookupColumn(parts, at)
	if !ok || outer == nil {
		return nil, ok
	}
	return b.fromOuter(l, outer, dotted(parts), at), true
}

// fromOuter returns the column as which a value of the outer row comes in.
func (b *binder) fromOuter(l *level, outer Expr, name string, at source.Span) Expr {
	for _, r := range l.refs {
		if Equal(r.Expr, outer) {
			return &ColRef{Typed: Typed{outer.Type(), at}, ID: r.Out.ID, Name: r.Out.Name}
		}
	}
	out := b.ids.New(name, outer.Type())
	l.refs = append(l.refs, NamedExpr{Out: out, Expr: outer})
	return &ColRef{Typed: Typed{outer.Type(), at}, ID: out.ID, Name: out.Name}
}
