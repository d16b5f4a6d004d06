package plan

import (
	"maps"
	"slices"

	"tq/lang/ast"
	"tq/lang/sem"
	"tq/lang/source"
)

// Build makes the straightforward plan of a bound query, one node or a few for each
// clause in the order of evaluation. Joins are nested loops until the rules choose.
func Build(q *sem.Query, ids *sem.IDs) (Node, error) {
	b := &builder{ids: ids, shared: map[*sem.CTE]*Materialized{}, recursive: map[*sem.CTE]*Recursive{}}
	n := b.query(q)
	return n, b.errs.Err()
}

type builder struct {
	ids       *sem.IDs
	shared    map[*sem.CTE]*Materialized
	recursive map[*sem.CTE]*Recursive // by what stands for the rows that came last
	errs      source.ErrorList
}

// query builds a query with its order and limit.
func (b *builder) query(q *sem.Query) Node {
	n := b.body(q.Body)
	if q.Limit != nil && q.Limit.Computed() {
		return shaped(b.computedLimit(n, q), q.Out)
	}
	if len(q.OrderBy) > 0 {
		n = &Sort{Input: n, Keys: slices.Clone(q.OrderBy)}
	}
	if s, ok := q.Body.(*sem.Select); ok && len(s.DistinctOn) > 0 {
		// What comes first, and stays, is a matter of the order.
		n = &Distinct{Input: n, On: slices.Clone(s.DistinctOn)}
	}
	if l := q.Limit; l != nil {
		n = &Limit{Input: n, Limit: l.Count, Offset: l.Offset, Percent: l.Percent}
	}
	return shaped(n, q.Out)
}

// shaped returns a node that yields just the given columns, in order.
func shaped(n Node, cols []sem.Column) Node {
	if slices.EqualFunc(n.Columns(), cols, func(a, b sem.Column) bool { return a.ID == b.ID }) {
		return n
	}
	p := &Project{Input: n}
	for _, c := range cols {
		p.Exprs = append(p.Exprs, NamedExpr{Out: c, Expr: ref(c)})
	}
	return p
}

func (b *builder) body(body sem.Body) Node {
	switch body := body.(type) {
	case *sem.Select:
		return b.selectBlock(body)
	case *sem.SetOp:
		return b.setOp(body)
	case *sem.Query:
		return b.query(body)
	case *sem.Recursive:
		return b.recursion(body)
	case *sem.Values:
		return &Values{Out: body.Out, Rows: cloneRows(body.Rows)}
	}
	return oneRow()
}

// cloneRows copies rows, since rules change expressions in place.
func cloneRows(rows [][]sem.Expr) [][]sem.Expr {
	out := make([][]sem.Expr, len(rows))
	for i := range rows {
		out[i] = slices.Clone(rows[i])
	}
	return out
}

// oneRow yields one row without columns: what a SELECT without FROM reads.
func oneRow() Node { return &Values{Rows: [][]sem.Expr{{}}} }

// selectBlock builds the clauses of a SELECT.
func (b *builder) selectBlock(s *sem.Select) Node {
	n := oneRow()
	if s.From != nil {
		n = b.source(s.From)
	}
	if s.Around != nil {
		n = b.around(n, s.Around)
	}
	if s.Where != nil {
		n = b.filter(n, s.Where)
	}
	if s.Group != nil {
		n = b.aggregate(n, s.Group)
	}
	if s.Having != nil {
		n = b.filter(n, s.Having)
	}
	for i := range s.Windows {
		n = b.window(n, &s.Windows[i])
	}
	if s.Qualify != nil {
		n = b.filter(n, s.Qualify)
	}
	if len(s.Unnests) > 0 {
		u := &Unnest{Lists: slices.Clone(s.Unnests)}
		for i := range u.Lists {
			n, u.Lists[i].Expr = b.lift(n, u.Lists[i].Expr)
		}
		u.Input = n
		n = u
	}
	p := &Project{Exprs: slices.Clone(s.Items)}
	for i := range p.Exprs {
		n, p.Exprs[i].Expr = b.lift(n, p.Exprs[i].Expr)
	}
	p.Input = n
	if s.Distinct {
		return &Distinct{Input: p}
	}
	return p
}

func (b *builder) around(n Node, a *sem.Around) Node {
	out := &Around{
		Extent: a.Extent, ByTime: a.ByTime, Time: a.Time, Per: slices.Clone(a.Per),
		IsMatch: a.IsMatch, MatchID: a.MatchID, RelTS: a.RelTS,
	}
	out.Input, out.Cond = b.lift(n, a.Cond)
	for i := range out.Per {
		out.Input, out.Per[i] = b.lift(out.Input, out.Per[i])
	}
	return out
}

func (b *builder) aggregate(n Node, g *sem.Grouping) Node {
	out := &Aggregate{
		Groups:     slices.Clone(g.Groups),
		Sets:       g.Sets,
		GroupingID: g.GroupingID,
		Aggs:       slices.Clone(g.Aggs),
	}
	for i := range out.Groups {
		n, out.Groups[i].Expr = b.lift(n, out.Groups[i].Expr)
	}
	for i := range out.Aggs {
		out.Aggs[i] = sem.MapAgg(out.Aggs[i], func(e sem.Expr) sem.Expr {
			n, e = b.lift(n, e)
			return e
		})
	}
	out.Input = n
	return out
}

func (b *builder) window(n Node, w *sem.Window) Node {
	lift := func(e sem.Expr) sem.Expr {
		n, e = b.lift(n, e)
		return e
	}
	out := &Window{}
	for _, e := range w.PartitionBy {
		out.PartitionBy = append(out.PartitionBy, lift(e))
	}
	out.OrderBy, _ = sem.MapKeys(w.OrderBy, lift)
	call := w.Call
	call.AggCall = sem.MapAgg(call.AggCall, lift)
	out.Calls = []sem.WindowCall{call}
	out.Input = n
	return out
}

func (b *builder) setOp(s *sem.SetOp) Node {
	kind := UnionAll
	switch {
	case s.Op == ast.Union && !s.All:
		kind = UnionDistinct
	case s.Op == ast.Intersect && s.All:
		kind = IntersectAll
	case s.Op == ast.Intersect:
		kind = IntersectDistinct
	case s.Op == ast.Except && s.All:
		kind = ExceptAll
	case s.Op == ast.Except:
		kind = ExceptDistinct
	}
	left, right := b.body(s.Left), b.body(s.Right)
	return &SetOp{
		Kind:  kind,
		Left:  shaped(left, s.Left.Columns()),
		Right: shaped(right, s.Right.Columns()),
		Out:   s.Out,
	}
}

func (b *builder) recursion(r *sem.Recursive) Node {
	n := &Recursive{Name: r.Last.Name, All: r.All, Out: r.Out}
	n.First = shaped(b.body(r.First), r.First.Columns())
	b.recursive[r.Last] = n
	n.Step = shaped(b.body(r.Step), r.Step.Columns())
	return n
}

// source builds what stands in FROM.
func (b *builder) source(src sem.Source) Node {
	switch src := src.(type) {
	case *sem.TableSource:
		return &Scan{Qualifier: src.Qualifier, Table: src.Table, Out: slices.Clone(src.Columns), Limit: -1}
	case *sem.QuerySource:
		n := b.query(src.Query)
		if src.View != nil {
			relocate(n, *src.View)
		}
		return fromEnclosing(n, src.Outer)
	case *sem.CTESource:
		return b.cte(src)
	case *sem.FuncSource:
		return &TableFunc{Fn: src.Fn, Args: slices.Clone(src.Args), Out: src.Columns}
	case *sem.JoinSource:
		return b.join(src)
	}
	return oneRow()
}

// relocate gives everything below a node one place in the text.
func relocate(n Node, at source.Span) {
	walk(n, func(n Node) {
		mapExprs(n, func(e sem.Expr) sem.Expr {
			return sem.Rewrite(e, func(x sem.Expr) sem.Expr { return sem.Respan(x, at) })
		})
		switch n := n.(type) {
		case *Aggregate:
			for i := range n.Aggs {
				n.Aggs[i].At = at
			}
		case *Window:
			for i := range n.Calls {
				n.Calls[i].At = at
			}
		case *MaterializedScan:
			relocate(n.Source.Input, at)
		}
	})
}

// cte builds a reference to a CTE: its query in place when there is no other reference,
// else a scan of its rows.
func (b *builder) cte(src *sem.CTESource) Node {
	if r, ok := b.recursive[src.CTE]; ok {
		return &LastRows{Of: r, Out: slices.Clone(src.Columns)}
	}
	if src.CTE.Refs == 1 {
		return renamed(b.query(src.CTE.Query), src.Columns)
	}
	m, ok := b.shared[src.CTE]
	if !ok {
		m = &Materialized{Name: src.CTE.Name, Input: b.query(src.CTE.Query)}
		b.shared[src.CTE] = m
	}
	return &MaterializedScan{Source: m, Out: slices.Clone(src.Columns)}
}

// renamed yields the columns of a node under other ids.
func renamed(n Node, cols []sem.Column) Node {
	p := &Project{Input: n}
	for i, c := range n.Columns() {
		p.Exprs = append(p.Exprs, NamedExpr{Out: cols[i], Expr: ref(c)})
	}
	return p
}

var joinKinds = map[ast.JoinKind]JoinKind{
	ast.InnerJoin: Inner, ast.CrossJoin: Inner,
	ast.LeftJoin: Left, ast.RightJoin: Right, ast.FullJoin: Full,
	ast.SemiJoin: Semi, ast.AntiJoin: Anti,
}

func (b *builder) join(src *sem.JoinSource) Node {
	if src.Asof != nil {
		return b.asofJoin(src)
	}
	n := &NestedLoopJoin{Kind: joinKinds[src.Kind], Left: b.source(src.Left), On: src.On}
	if q, ok := src.Right.(*sem.QuerySource); ok && len(q.Outer) > 0 {
		b.lateral(n, q)
	} else {
		n.Right = b.source(src.Right)
	}
	if n.On != nil && containsSubquery(n.On) {
		return b.joinWithSubqueries(n)
	}
	return n
}

func (b *builder) asofJoin(src *sem.JoinSource) Node {
	for _, e := range []sem.Expr{src.On, src.Asof.Left, src.Asof.Right, src.Asof.Bound} {
		if e != nil && containsSubquery(e) {
			b.fail(e.Span(), "the condition of an ASOF JOIN cannot contain a subquery").
				WithHint("compute it in a subquery in FROM")
		}
	}
	return &AsofJoin{
		Kind: joinKinds[src.Kind], Left: b.source(src.Left), Right: b.source(src.Right),
		Op: src.Asof.Op, LeftValue: src.Asof.Left, RightValue: src.Asof.Right, Bound: src.Asof.Bound,
		Residual: src.On,
	}
}

// lateral makes the right side of a join of a subquery that refers to the left side. One
// that refers only to what encloses both is a plain subquery.
func (b *builder) lateral(n *NestedLoopJoin, src *sem.QuerySource) {
	left := columnSet(n.Left)
	for _, o := range src.Outer {
		if sem.Any(o.Expr, func(x sem.Expr) bool {
			c, ok := x.(*sem.ColRef)
			return ok && left[c.ID]
		}) {
			q := b.dependent(n.Left, &sem.Subquery{Kind: sem.RowsQuery, Query: src.Query, Outer: src.Outer})
			n.Left, n.Right = q.outer, q.rows
			n.On = Conjunction(slices.Concat(q.correlated, conjuncts(n.On)))
			return
		}
	}
	n.Right = b.source(src)
}

// fromEnclosing puts the columns of the enclosing queries that a subquery in FROM refers
// to in the place of what they are called in it.
func fromEnclosing(n Node, outer []NamedExpr) Node {
	if len(outer) == 0 {
		return n
	}
	by := map[sem.ColID]sem.Expr{}
	for _, o := range outer {
		by[o.Out.ID] = o.Expr
	}
	walk(n, func(n Node) {
		mapExprs(n, func(e sem.Expr) sem.Expr { return substitute(e, by) })
	})
	return n
}

// joinWithSubqueries moves the subqueries of a join's condition to the side that they
// belong to. Those over both sides of an inner join become a filter above it.
func (b *builder) joinWithSubqueries(n *NestedLoopJoin) Node {
	left, right := columnSet(n.Left), columnSet(n.Right)
	var on, above []sem.Expr
	for _, c := range conjuncts(n.On) {
		own := yielded(c) // is of neither side, so it may count as of both
		maps.Copy(left, own)
		maps.Copy(right, own)
		c = b.liftBySides(n, c, left, right)
		switch {
		case !containsSubquery(c):
		case n.Kind == Inner:
			above = append(above, c)
			continue
		default:
			b.fail(c.Span(), "a subquery in ON can only use the columns of one side of the join").
				WithHint("put the condition into WHERE")
		}
		on = append(on, c)
	}
	n.On = Conjunction(on)
	if len(above) == 0 {
		return n
	}
	return b.filter(n, Conjunction(above))
}

// liftBySides lifts the subqueries of a condition out of it, each into the side of the join
// whose columns it uses. Those that use both sides stay.
func (b *builder) liftBySides(n *NestedLoopJoin, c sem.Expr, left, right idSet) sem.Expr {
	if s, ok := c.(*sem.Subquery); ok {
		switch {
		case left.covers(s):
			n.Left, c = b.lift(n.Left, s)
		case right.covers(s):
			n.Right, c = b.lift(n.Right, s)
		}
		return c
	}
	return sem.MapChildren(c, func(x sem.Expr) sem.Expr { return b.liftBySides(n, x, left, right) })
}

// yielded are the columns of an expression's subqueries, which x IN (query) refers to.
func yielded(e sem.Expr) idSet {
	own := idSet{}
	sem.Any(e, func(x sem.Expr) bool {
		if s, ok := x.(*sem.Subquery); ok {
			for _, c := range s.Query.Out {
				own[c.ID] = true
			}
		}
		return false
	})
	return own
}

func (b *builder) fail(at source.Span, format string, args ...any) *source.Error {
	e := source.Errorf(at, format, args...)
	b.errs = append(b.errs, e)
	return e
}

func containsSubquery(e sem.Expr) bool {
	return sem.Any(e, func(x sem.Expr) bool {
		_, ok := x.(*sem.Subquery)
		return ok
	})
}
