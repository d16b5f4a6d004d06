package sem

// The dotted fields of events, such as proc.name, are no columns that * would select. A
// query that yields rows of events as they are, of which it may choose some and to which it
// may add columns, passes on any that is asked for by name.

// fieldOf returns what gives the query of the block one more column, or nil if its rows are
// not those of a table with fields.
func (s *selectBinder) fieldOf(q *Query) func(string) (Column, bool) {
	if s.out.Group != nil || s.out.Distinct || len(s.out.DistinctOn) > 0 {
		return nil
	}
	if len(s.scope.findDynamic(s.scope.rels, aField)) == 0 {
		return nil
	}
	added := map[ColID]Column{}
	return func(name string) (Column, bool) {
		hits := s.scope.findDynamic(s.scope.rels, name)
		if len(hits) != 1 {
			return Column{}, false
		}
		field := hits[0].expr.(*ColRef)
		out, ok := added[field.ID]
		if !ok {
			out = s.ids.New(hits[0].name, field.Typ)
			added[field.ID] = out
			s.out.Items = append(s.out.Items, NamedExpr{Out: out, Expr: field})
			q.Out = append(q.Out[:len(q.Out):len(q.Out)], out)
		}
		return out, true
	}
}

// fieldThrough returns what gives a query around q one more column.
func (q *Query) fieldThrough(around *Query) func(string) (Column, bool) {
	if q.field == nil {
		return nil
	}
	return func(name string) (Column, bool) {
		c, ok := q.field(name)
		around.Out = q.Out
		return c, ok
	}
}

// withFields lets the scope of a query in FROM have the fields that the query passes on.
func withFields(sc *scope, field func(string) (Column, bool)) *scope {
	if field != nil {
		sc.rels[0].dynamic = func(name string) (Column, bool) {
			c, ok := field(name)
			c.Table = sc.rels[0].alias
			return c, ok
		}
	}
	return sc
}

// withoutFields is a scope that has only the columns that there are by now.
func withoutFields(sc *scope) *scope {
	out := *sc
	out.rels = nil
	for _, rel := range sc.rels {
		fixed := *rel
		fixed.dynamic = nil
		out.rels = append(out.rels, &fixed)
	}
	return &out
}

// field returns what gives a reference to a CTE one more column, as it does all others.
func (src *CTESource) field(ids *IDs) func(string) (Column, bool) {
	cte := src.CTE
	if cte.Query.field == nil {
		return nil
	}
	return func(name string) (Column, bool) {
		of, ok := cte.Query.field(name)
		if !ok {
			return Column{}, false
		}
		for _, read := range cte.reads {
			for _, c := range cte.Query.Out[len(read.Columns):] {
				read.Columns = append(read.Columns, ids.Renew(c))
			}
		}
		for i, c := range cte.Query.Out {
			if c.ID == of.ID {
				return src.Columns[i], true
			}
		}
		return Column{}, false
	}
}
