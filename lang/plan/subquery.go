package plan

import (
	"maps"
	"math"
	"slices"

	"tq/functions"
	"tq/functions/kernel"
	"tq/lang/sem"
)

// filter puts a condition over a node. A condition that is EXISTS or IN of a subquery
// becomes a join that only filters; other subqueries are lifted out of theirs.
func (b *builder) filter(n Node, cond sem.Expr) Node {
	var plain, nested []sem.Expr
	for _, c := range conjuncts(cond) {
		if containsSubquery(c) {
			nested = append(nested, c)
		} else {
			plain = append(plain, c)
		}
	}
	n = filtered(n, plain)
	for _, c := range nested {
		n = b.subqueryFilter(n, c)
	}
	return n
}

func (b *builder) subqueryFilter(n Node, c sem.Expr) Node {
	kind := Semi
	x := c
	for {
		l, ok := x.(*sem.Logic)
		if !ok || l.Op != sem.Not {
			break
		}
		x = l.Args[0]
		kind = Semi + Anti - kind
	}
	s, ok := x.(*sem.Subquery)
	if ok && (s.Kind == sem.ExistsQuery || s.Kind == sem.AnyQuery && kind == Semi) {
		q := b.dependent(n, s)
		return &NestedLoopJoin{Kind: kind, Left: q.outer, Right: q.rows, On: q.on()}
	}
	n, c = b.lift(n, c)
	return filtered(n, conjuncts(c))
}

// lift takes the subqueries out of an expression: each becomes a join with n that
// yields its value in a column.
func (b *builder) lift(n Node, e sem.Expr) (Node, sem.Expr) {
	if e == nil || !containsSubquery(e) {
		return n, e
	}
	s, ok := e.(*sem.Subquery)
	if !ok {
		e = sem.MapChildren(e, func(c sem.Expr) sem.Expr {
			n, c = b.lift(n, c)
			return c
		})
		return n, e
	}
	if s.Kind == sem.ScalarQuery {
		return b.scalar(n, s)
	}
	mark := b.ids.New("mark", functions.Boolean)
	q := b.dependent(n, s)
	q.neverUnknown()
	q.unknownWithNull()
	return &NestedLoopJoin{Kind: Mark, Left: q.outer, Right: q.rows, On: q.on(), MarkOut: &mark}, ref(mark)
}

// scalar joins n with a subquery that yields one value for each of its rows.
func (b *builder) scalar(n Node, s *sem.Subquery) (Node, sem.Expr) {
	q := b.dependent(n, s)
	value := s.Query.Out[0]
	if q.correlated == nil {
		if !yieldsOneRow(q.rows) {
			q.rows = &MaxOneRow{Input: q.rows, At: s.At}
		}
		return &NestedLoopJoin{Kind: Inner, Left: q.outer, Right: q.rows}, ref(value)
	}
	if q.empty == nil || isNullConst(q.empty) {
		return &NestedLoopJoin{Kind: Single, Left: q.outer, Right: q.rows, On: q.on(), At: s.At}, ref(value)
	}
	matched := b.ids.New("matched", functions.Boolean)
	q.rows = &Project{Input: q.rows, Exprs: append(passed(q.rows.Columns()), NamedExpr{Out: matched, Expr: boolConst(true)})}
	x := &sem.Case{
		Typed: s.Typed,
		Whens: []sem.When{{Cond: ref(matched), Then: ref(value)}},
		Else:  q.empty,
	}
	return &NestedLoopJoin{Kind: Single, Left: q.outer, Right: q.rows, On: q.on(), At: s.At}, x
}

// yieldsOneRow reports whether a node is known to yield exactly one row.
func yieldsOneRow(n Node) bool {
	switch n := n.(type) {
	case *Aggregate:
		return len(n.Groups) == 0 && n.Sets == nil
	case *Project:
		return yieldsOneRow(n.Input)
	case *Sort:
		return yieldsOneRow(n.Input)
	case *Values:
		return len(n.Rows) == 1
	}
	return false
}

// joinedQuery is a subquery as one side of a join with the outer rows.
type joinedQuery struct {
	outer, rows Node
	// cond is that of x IN (query), correlated are those by which the query depends on
	// the outer row.
	cond, correlated []sem.Expr
	// empty, if set, is the value of a scalar subquery for which there is no row.
	empty sem.Expr
}

// on is the condition of the join.
func (q *joinedQuery) on() sem.Expr { return Conjunction(slices.Concat(q.cond, q.correlated)) }

// dependent builds a subquery as the right side of a join with n. The outer rows may no
// longer be n itself, since they may have to be read twice.
func (b *builder) dependent(n Node, s *sem.Subquery) *joinedQuery {
	shared := maps.Clone(b.shared)
	q := &joinedQuery{rows: b.query(s.Query)}
	outer := map[sem.ColID]sem.Expr{}
	free := idSet{}
	for _, o := range s.Outer {
		var x sem.Expr
		n, x = b.lift(n, o.Expr)
		outer[o.Out.ID], free[o.Out.ID] = x, true
	}
	if s.Cond != nil {
		var cond sem.Expr
		n, cond = b.lift(n, s.Cond)
		q.cond = conjuncts(cond)
	}
	q.outer = n
	if !refersTo(q.rows, free) {
		return q
	}
	p := &puller{ids: b.ids, free: free, kind: s.Kind}
	if pulled, correlated, ok := p.pull(q.rows); ok {
		for _, c := range correlated {
			q.correlated = append(q.correlated, substitute(c, outer))
		}
		q.rows, q.empty = pulled, p.empty[s.Query.Out[0].ID]
		return q
	}
	b.shared = shared // what was tried out may have changed the queries that were new
	q.outer, q.rows, q.correlated = b.unnest(n, b.query(s.Query), s.Outer, outer)
	return q
}

// unknownWithNull makes x IN (query) of several columns unknown for a row in which one of
// them is NULL, whatever the others are.
func (q *joinedQuery) unknownWithNull() {
	var known []sem.Expr
	for _, c := range q.cond {
		call, ok := c.(*sem.Call)
		if !ok || call.Fn.Name != "=" {
			return
		}
		for _, x := range call.Args {
			known = append(known, sem.Operator("is not null", x))
		}
	}
	if len(q.cond) < 2 {
		return
	}
	equal := Conjunction(q.cond)
	typ := sem.Typed{Typ: functions.Boolean, At: equal.Span()}
	q.cond = []sem.Expr{&sem.Case{Typed: typ, Whens: []sem.When{{Cond: Conjunction(known), Then: equal}}}}
}

// neverUnknown makes the correlated conditions true or false: in the subquery they were
// those of a filter, for which unknown is false, but in a mark join unknown is a result.
func (q *joinedQuery) neverUnknown() {
	inner := columnSet(q.rows)
	var present []sem.Expr
	for i, c := range q.correlated {
		call, ok := c.(*sem.Call)
		if !ok || call.Fn.Name != "=" {
			q.correlated[i] = sem.Operator("is true", c)
			continue
		}
		own, other := call.Args[0], call.Args[1]
		if !inner.covers(own) {
			own, other = other, own
		}
		if !inner.covers(own) {
			q.correlated[i] = sem.Operator("is true", c)
			continue
		}
		present = append(present, sem.Operator("is not null", own))
		q.correlated[i] = notDistinct(other, own)
	}
	q.rows = filtered(q.rows, present)
}

// refersTo reports whether an expression below a node refers to columns of the set.
func refersTo(n Node, free idSet) bool {
	found := false
	walk(n, func(n Node) {
		references(n, func(id sem.ColID) { found = found || free[id] })
		if m, ok := n.(*MaterializedScan); ok && !found {
			found = refersTo(m.Source.Input, free)
		}
	})
	return found
}

// notDistinct is the condition that two expressions are not distinct.
func notDistinct(l, r sem.Expr) sem.Expr {
	return sem.Operator("is not distinct from", l, r)
}

// domain is the distinct values that the outer columns of a subquery take.
type domain struct {
	b    *builder
	rows *Materialized
	free idSet
	cols []sem.Column // as the subquery knows them
	// recursive are the recursive queries inside the subquery whose rows know their tuple,
	// shared the queries that are read more than once, by what they were before.
	recursive map[*Recursive]bool
	shared    map[*Materialized]*Materialized
}

// unnest turns a subquery that depends on each row of n into one that yields its rows
// for all the distinct values it depends on, to be joined with n on these: the general
// method of Neumann and Kemper. outer are the values, as expressions over n.
func (b *builder) unnest(n, sub Node, params []sem.NamedExpr, outer map[sem.ColID]sem.Expr) (left, right Node, conds []sem.Expr) {
	m := &Materialized{Name: "outer", Input: n}
	again := &MaterializedScan{Source: m}
	renamed := map[sem.ColID]sem.Expr{}
	for _, c := range n.Columns() {
		fresh := b.ids.Renew(c)
		again.Out = append(again.Out, fresh)
		renamed[c.ID] = ref(fresh)
	}
	d := &domain{b: b, free: idSet{}, recursive: map[*Recursive]bool{}, shared: map[*Materialized]*Materialized{}}
	values := &Project{Input: again}
	for _, p := range params {
		d.cols = append(d.cols, p.Out)
		d.free[p.Out.ID] = true
		values.Exprs = append(values.Exprs, NamedExpr{Out: p.Out, Expr: substitute(outer[p.Out.ID], renamed)})
	}
	d.rows = &Materialized{Name: "domain", Input: &Distinct{Input: values}}
	right, cols := d.push(sub)
	for i, p := range params {
		conds = append(conds, notDistinct(outer[p.Out.ID], ref(cols[i])))
	}
	return &MaterializedScan{Source: m, Out: n.Columns()}, right, conds
}

// emptyValue is what an aggregate yields for no rows.
func emptyValue(a *sem.AggCall) (sem.Expr, error) {
	call := &functions.Call{Ret: a.Out.Type, Env: (&sem.Env{}).FunctionEnv()}
	for _, x := range a.Args {
		call.Args = append(call.Args, x.Type())
	}
	acc := a.Overload.Accumulate(call)
	acc.Grow(1)
	v, err := acc.Finish(1)
	if err != nil {
		return nil, err
	}
	return &sem.Const{Typed: sem.Typed{Typ: a.Out.Type, At: a.At}, Value: v}, nil
}

// noLimit is a limit of all rows.
func noLimit(l *Limit) bool { return l.Limit < 0 && l.Offset == 0 && math.IsNaN(l.Percent) }

func boolConst(v bool) *sem.Const {
	return &sem.Const{Typed: sem.Typed{Typ: functions.Boolean}, Value: kernel.OfBool(v)}
}
