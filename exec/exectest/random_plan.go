package exectest

import (
	"math"

	"github.com/apache/arrow/go/v17/arrow"

	"tq/functions"
	"tq/lang/ast"
	"tq/lang/plan"
	"tq/lang/sem"
)

// Plan makes a plan over the tables l and r: operators of all kinds on top of each
// other, depth at most. Whatever it makes yields its rows in one order only.
func (r Random) Plan(tables map[string]*Data, depth int) plan.Node {
	if depth == 0 {
		name := "l"
		if r.IntN(3) == 0 {
			name = "r"
		}
		return Scan(name, tables[name])
	}
	in := r.Plan(tables, depth-1)
	switch r.IntN(14) {
	case 13:
		return r.unnest(in)
	case 12:
		return r.around(in)
	case 0, 1, 2:
		return &plan.Filter{Input: in, Cond: r.condition(in, 3)}
	case 3, 4:
		return r.project(in)
	case 5:
		return &plan.Sort{Input: in, Keys: r.keys(in)}
	case 6:
		return &plan.TopN{Input: in, Keys: r.keys(in), Limit: int64(r.IntN(12)), Offset: int64(r.IntN(3))}
	case 7:
		return &plan.Limit{Input: in, Limit: int64(r.IntN(30)), Offset: int64(r.IntN(4)), Percent: math.NaN()}
	case 8:
		return r.aggregate(in)
	case 9:
		return r.window(in)
	case 10:
		if depth > 3 {
			return &plan.Distinct{Input: in}
		}
		return r.setOp(in, r.Plan(tables, depth-1))
	}
	return r.join(in, r.Plan(tables, min(depth-1, 2)))
}

// column refers to a column of a type, if there is one.
func (r Random) column(n plan.Node, dt arrow.DataType) (sem.Expr, bool) {
	var fit []sem.Column
	for _, c := range n.Columns() {
		if arrow.TypeEqual(c.Type, dt) {
			fit = append(fit, c)
		}
	}
	if len(fit) == 0 {
		return nil, false
	}
	c := fit[r.IntN(len(fit))]
	return &sem.ColRef{Typed: sem.Typed{Typ: c.Type}, ID: c.ID, Name: c.Name}, true
}

// any refers to some column.
func (r Random) any(n plan.Node) sem.Expr {
	c := n.Columns()[r.IntN(len(n.Columns()))]
	return &sem.ColRef{Typed: sem.Typed{Typ: c.Type}, ID: c.ID, Name: c.Name}
}

func (r Random) integer(n plan.Node, depth int) sem.Expr {
	if col, ok := r.column(n, functions.BigInt); ok && (depth == 0 || r.IntN(2) == 0) {
		return col
	}
	if depth == 0 || r.IntN(3) == 0 {
		return Int(int64(r.IntN(7) - 1))
	}
	if r.IntN(3) == 0 {
		return Case(r.condition(n, depth-1), r.integer(n, depth-1), r.integer(n, depth-1))
	}
	return Fn([]string{"+", "-", "//"}[r.IntN(3)], r.integer(n, depth-1), r.integer(n, depth-1))
}

func (r Random) text(n plan.Node) sem.Expr {
	if col, ok := r.column(n, functions.Varchar); ok && r.IntN(4) > 0 {
		return col
	}
	return Str(r.word(6))
}

func (r Random) condition(n plan.Node, depth int) sem.Expr {
	ops := []string{"=", "<>", "<", "<=", ">", ">="}
	if depth > 0 {
		switch r.IntN(4) {
		case 0:
			return And(r.condition(n, depth-1), r.condition(n, depth-1))
		case 1:
			return Or(r.condition(n, depth-1), r.condition(n, depth-1))
		case 2:
			return Not(r.condition(n, depth-1))
		}
	}
	switch r.IntN(6) {
	case 0:
		if col, ok := r.column(n, functions.Boolean); ok {
			return col
		}
	case 1:
		return In(r.text(n), r.IntN(2) == 0, "", "b1", r.word(6))
	case 2:
		return Fn("is null", r.any(n))
	case 3:
		return Fn(ops[r.IntN(6)], r.text(n), r.text(n))
	}
	return Fn(ops[r.IntN(6)], r.integer(n, depth), r.integer(n, depth))
}

func (r Random) project(in plan.Node) plan.Node {
	p := &plan.Project{Input: in}
	for range 3 + r.IntN(3) {
		p.Exprs = append(p.Exprs, Named("column", r.any(in)))
	}
	p.Exprs = append(p.Exprs,
		Named("integer", r.integer(in, 2)),
		Named("text", r.text(in)),
		Named("condition", r.condition(in, 2)),
	)
	return p
}

func (r Random) keys(in plan.Node) []sem.SortKey {
	var keys []sem.SortKey
	for range 1 + r.IntN(3) {
		keys = append(keys, sem.SortKey{Expr: r.any(in), Desc: r.IntN(2) == 0, NullsFirst: r.IntN(2) == 0})
	}
	return keys
}

func (r Random) aggregate(in plan.Node) plan.Node {
	n := &plan.Aggregate{Input: in}
	for range r.IntN(4) {
		n.Groups = append(n.Groups, Named("group", r.any(in)))
	}
	n.Aggs = []sem.AggCall{Agg("count"), Agg("count", r.any(in)), Agg("min", r.integer(in, 1)), Agg("max", r.text(in))}
	for i := range n.Aggs {
		if r.IntN(3) == 0 {
			n.Aggs[i].Filter = r.condition(in, 1)
		}
		n.Aggs[i].Distinct = len(n.Aggs[i].Args) > 0 && r.IntN(3) == 0
	}
	return n
}

func (r Random) window(in plan.Node) plan.Node {
	n := &plan.Window{Input: in}
	for range r.IntN(3) {
		n.PartitionBy = append(n.PartitionBy, r.any(in))
	}
	if r.IntN(4) > 0 {
		n.OrderBy = r.keys(in)
	}
	frame := sem.Frame{
		Unit:  []ast.FrameUnit{ast.Rows, ast.Range}[r.IntN(2)],
		Start: sem.Bound{Kind: []ast.BoundKind{ast.UnboundedPreceding, ast.CurrentRow}[r.IntN(2)]},
		End:   sem.Bound{Kind: []ast.BoundKind{ast.CurrentRow, ast.UnboundedFollowing}[r.IntN(2)]},
	}
	for _, a := range []sem.AggCall{
		Agg("row_number"), Agg("lag", r.any(in)), Agg("first_value", r.any(in)), Agg("count", r.any(in)), Agg("min", r.integer(in, 1)),
	} {
		if r.IntN(2) == 0 {
			n.Calls = append(n.Calls, sem.WindowCall{AggCall: a, Frame: frame})
		}
	}
	return n
}

func (r Random) unnest(in plan.Node) plan.Node {
	n := &plan.Unnest{Input: in}
	for range 1 + r.IntN(2) {
		n.Lists = append(n.Lists, plan.NamedExpr{
			Out: Out("unnest", functions.BigInt), Expr: Fn("range", Int(int64(r.IntN(3)-1)), r.few(in)),
		})
	}
	return n
}

// few is a number from 0 to 4, or NULL.
func (r Random) few(n plan.Node) sem.Expr {
	for _, c := range n.Columns() {
		if c.Name == "k" {
			return &sem.ColRef{Typed: sem.Typed{Typ: c.Type}, ID: c.ID, Name: c.Name}
		}
	}
	return Case(r.condition(n, 1), Int(3), Int(1))
}

func (r Random) around(in plan.Node) plan.Node {
	n := &plan.Around{
		Input: in, Cond: r.condition(in, 2), Extent: int64(r.IntN(4)),
		IsMatch: Out("is_match", functions.Boolean), MatchID: Out("match_id", functions.BigInt),
	}
	if r.IntN(2) == 0 {
		n.Per = []sem.Expr{r.any(in)}
	}
	if ts, ok := r.column(in, functions.Timestamp); ok {
		since := Out("rel_ts", functions.Duration)
		n.Time, n.RelTS = ts, &since
		if r.IntN(2) == 0 {
			n.ByTime, n.Extent = true, int64(r.IntN(60))
		}
	}
	return n
}

func (r Random) setOp(left, right plan.Node) plan.Node {
	l, k := &plan.Project{Input: left}, &plan.Project{Input: right}
	for _, side := range []*plan.Project{l, k} {
		side.Exprs = []sem.NamedExpr{
			Named("text", r.text(side.Input)), Named("integer", r.integer(side.Input, 1)), Named("condition", r.condition(side.Input, 1)),
		}
	}
	kind := plan.UnionAll + plan.SetOpKind(r.IntN(int(plan.ExceptAll)+1))
	n := &plan.SetOp{Kind: kind, Left: l, Right: k}
	for _, c := range l.Columns() {
		n.Out = append(n.Out, Out(c.Name, c.Type))
	}
	return n
}

func (r Random) join(left, right plan.Node) plan.Node {
	kinds := []plan.JoinKind{plan.Inner, plan.Left, plan.Right, plan.Full, plan.Semi, plan.Anti, plan.Mark}
	kind := kinds[r.IntN(len(kinds))]
	mark := Out("mark", functions.Boolean)
	less := Fn("<", r.integer(left, 0), r.integer(right, 0))
	method := r.IntN(6)
	switch {
	case method == 0:
		return &plan.NestedLoopJoin{Kind: kind, Left: left, Right: right, MarkOut: &mark, On: less}
	case method == 1 && kind != plan.Mark:
		return r.overlap(kind, left, right)
	case method == 2 && kind != plan.Mark:
		return r.asof(kind, left, right)
	case method == 3 && kind != plan.Mark:
		return r.rangeJoin(kind, left, right)
	}
	n := &plan.HashJoin{Kind: kind, Left: left, Right: right, MarkOut: &mark}
	n.Keys = append(n.Keys, plan.JoinKey{Left: r.integer(left, 0), Right: r.integer(right, 0), NullSafe: r.IntN(4) == 0})
	if r.IntN(2) == 0 {
		n.Keys = append(n.Keys, plan.JoinKey{Left: r.text(left), Right: r.text(right)})
	}
	if r.IntN(3) == 0 {
		n.Residual = less
	}
	return n
}

func (r Random) rangeJoin(kind plan.JoinKind, left, right plan.Node) plan.Node {
	n := &plan.RangeJoin{Kind: kind, Left: left, Right: right}
	values := []sem.Expr{r.integer(right, 1), r.integer(right, 1)}
	for range 1 + r.IntN(3) {
		b := plan.JoinBound{Right: values[r.IntN(2)], Op: []string{"<", "<=", ">", ">="}[r.IntN(4)], Left: r.integer(left, 1)}
		if r.IntN(5) == 0 {
			b.Right, b.Left = r.text(right), r.text(left)
		}
		b.Cond = Fn(b.Op, b.Right, b.Left)
		n.Bounds = append(n.Bounds, b)
	}
	if r.IntN(3) == 0 {
		n.Residual = r.condition(&plan.NestedLoopJoin{Left: left, Right: right}, 1)
	}
	return n
}

func (r Random) asof(kind plan.JoinKind, left, right plan.Node) plan.Node {
	n := &plan.AsofJoin{
		Kind: kind, Left: left, Right: right, Op: []string{"<", "<=", ">", ">="}[r.IntN(4)],
		LeftValue: r.integer(left, 1), RightValue: r.integer(right, 1),
	}
	switch r.IntN(4) {
	case 0:
		n.LeftValue, n.RightValue = r.text(left), r.text(right)
	case 1:
		n.Bound = r.integer(left, 1)
	}
	if r.IntN(2) == 0 {
		n.Keys = []plan.JoinKey{{Left: r.integer(left, 0), Right: r.integer(right, 0), NullSafe: r.IntN(2) == 0}}
	}
	if r.IntN(3) == 0 {
		n.Residual = r.condition(&plan.NestedLoopJoin{Left: left, Right: right}, 1)
	}
	return n
}

// overlap makes an overlap join and sorts its rows by all columns, as it promises no
// order.
func (r Random) overlap(kind plan.JoinKind, left, right plan.Node) plan.Node {
	n := &plan.OverlapJoin{
		Kind: kind, Left: left, Right: right,
		LeftStart: r.integer(left, 1), LeftEnd: r.integer(left, 1),
		RightStart: r.integer(right, 1), RightEnd: r.integer(right, 1),
	}
	if r.IntN(2) == 0 {
		n.Keys = []plan.JoinKey{{Left: r.text(left), Right: r.text(right)}}
	}
	if r.IntN(3) == 0 {
		n.Residual = Fn("<", r.integer(left, 0), r.integer(right, 0))
	}
	s := &plan.Sort{Input: n}
	for _, c := range n.Columns() {
		s.Keys = append(s.Keys, sem.SortKey{Expr: &sem.ColRef{Typed: sem.Typed{Typ: c.Type}, ID: c.ID, Name: c.Name}})
	}
	return s
}
