package sem

import (
	"slices"

	"tq/functions"
	"tq/functions/kernel"
	"tq/lang/ast"
)

// Around makes WHERE mark rows instead of keeping them: those for which Cond is true are
// kept together with their neighbours in the order of FROM.
type Around struct {
	Cond Expr
	// Extent is how far neighbours reach on either side: so many rows, or so many
	// nanoseconds of Time if ByTime is set.
	Extent int64
	ByTime bool
	Time   Expr   // when the rows happened; nil if FROM has no one column ts
	Per    []Expr // neighbours are looked for among rows for which these are equal

	// The columns that AROUND adds; RelTS is nil without Time.
	IsMatch, MatchID Column
	RelTS            *Column
}

// around binds AROUND and makes of the scope of FROM the one that the other clauses see.
// The condition of WHERE is bound in from, without the columns that depend on it.
func (s *selectBinder) around(n *ast.Around, from *scope) {
	a := &Around{
		IsMatch: s.ids.New("is_match", functions.Boolean),
		MatchID: s.ids.New("match_id", functions.BigInt),
	}
	s.out.Around = a
	if s.node.Where == nil {
		s.fail(n.Span(), "AROUND needs a WHERE before it that says which rows match")
		return
	}
	a.Time = timeColumn(from)
	s.extent(n, a, from)
	rel := &relation{cols: []scopeColumn{{Column: a.IsMatch}, {Column: a.MatchID}}}
	if a.Time != nil {
		col := s.ids.New("rel_ts", functions.Duration)
		a.RelTS = &col
		rel.cols = append(rel.cols, scopeColumn{Column: col})
	}
	per := s.exprs("PER", noAliases)
	per.scope = from
	for _, e := range n.Per {
		if x := per.expr(e); x != nil {
			a.Per = append(a.Per, x)
		}
	}
	s.scope = newScope(rel).join(from)
}

// timeColumn is the column ts of FROM; nil if there is none, or more than one.
func timeColumn(from *scope) Expr {
	hits := from.findVisible("ts")
	if len(hits) != 1 || hits[0].expr == nil || !functions.Same(hits[0].expr.Type(), functions.Timestamp) {
		return nil
	}
	return hits[0].expr
}

// extent computes how far neighbours reach.
func (s *selectBinder) extent(n *ast.Around, a *Around, from *scope) {
	c := s.constant(s.constants("AROUND").expr(n.Extent), "AROUND")
	if c == nil {
		return
	}
	at := n.Extent.Span()
	timed := functions.Same(c.Type(), functions.Duration)
	switch {
	case n.Rows && !isInteger(c.Type()):
		s.fail(at, "AROUND … ROWS takes a whole number, this is %s", aType(c.Type()))
		return
	case !n.Rows && !timed:
		e := s.fail(at, "AROUND takes a number of ROWS or a duration, this is %s", aType(c.Type()))
		if isInteger(c.Type()) {
			e.WithHint("write AROUND %s ROWS", FormatValue(c.Value))
		}
		return
	case timed && a.Time == nil && !from.broken():
		s.fail(at, "AROUND a duration needs one column ts in FROM, a TIMESTAMP").
			WithHint("count ROWS, or select from a subquery that has such a column")
		return
	}
	if !timed {
		if c = s.constant(s.convert(c, functions.BigInt), "AROUND"); c == nil {
			return
		}
	}
	v, ok := kernel.Value(c.Value, 0).(int64)
	if !ok || v < 0 {
		s.fail(at, "AROUND cannot be negative or NULL")
		return
	}
	a.Extent, a.ByTime = v, timed
}

// bindAround binds WHERE … AROUND.
func (s *selectBinder) bindAround(from *scope) {
	a := s.out.Around
	b := s.exprs("WHERE", columnsFirst)
	b.scope = from
	a.Cond = b.condition(s.node.Where)
	added := []ColID{a.IsMatch.ID, a.MatchID.ID}
	if a.RelTS != nil {
		added = append(added, a.RelTS.ID)
	}
	if a.Cond == nil {
		return
	}
	References(a.Cond, func(id ColID) {
		if slices.Contains(added, id) {
			s.fail(s.node.Where.Span(), "WHERE says which rows match, so it cannot use what AROUND finds out about them").
				WithHint("put the condition into QUALIFY or an enclosing query")
		}
	})
}
