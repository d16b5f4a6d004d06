package sem

import (
	"slices"

	"tq/functions"
	"tq/lang/ast"
)

// groupList is a bound GROUP BY: the distinct expressions, and, unless it is a plain
// list, which of them each grouping set keeps.
type groupList struct {
	exprs []Expr
	names []string
	sets  [][]int
}

// maxGroupingSets bounds what CUBE and the product of several elements can make.
const (
	maxGroupingSets = 4096
	maxCube         = 12
)

// groups binds the GROUP BY clause; nil without one.
func (s *selectBinder) groups() *groupList {
	n := s.node.GroupBy
	if n == nil {
		return nil
	}
	l := &groupList{}
	if n.All {
		for i := range s.items {
			x := s.items[i].expr
			if x != nil && !containsAgg(x) && !containsWindow(x) {
				l.add(x, s.items[i].name)
			}
		}
		return l
	}
	plain := true
	sets := [][]int{{}}
	for i := range n.Elements {
		e := &n.Elements[i]
		plain = plain && e.Kind == ast.GroupExpr
		sets = product(sets, s.elementSets(l, e))
		if len(sets) > maxGroupingSets {
			s.fail(n.Span(), "the GROUP BY makes more than %d grouping sets", maxGroupingSets)
			return l
		}
	}
	if !plain {
		l.sets = sets
	}
	return l
}

// add returns the index of an expression in the list, appending it if it isn't there.
func (l *groupList) add(x Expr, name string) int {
	for i, g := range l.exprs {
		if Equal(g, x) {
			return i
		}
	}
	l.exprs, l.names = append(l.exprs, x), append(l.names, name)
	return len(l.exprs) - 1
}

// elementSets returns the grouping sets of one element.
func (s *selectBinder) elementSets(l *groupList, e *ast.GroupElement) [][]int {
	switch e.Kind {
	case ast.GroupRollup:
		idx := s.groupExprs(l, e.Exprs)
		var sets [][]int
		for n := len(idx); n >= 0; n-- {
			sets = append(sets, flatten(idx[:n]))
		}
		return sets
	case ast.GroupCube:
		if len(e.Exprs) > maxCube {
			s.fail(e.Exprs[0].Span(), "CUBE of more than %d expressions makes too many grouping sets", maxCube)
			return nil
		}
		return cube(s.groupExprs(l, e.Exprs))
	case ast.GroupSets:
		var sets [][]int
		for _, exprs := range e.Sets {
			sets = append(sets, flatten(s.groupExprs(l, exprs)))
		}
		return sets
	}
	return [][]int{flatten(s.groupExprs(l, e.Exprs))}
}

// groupExprs binds the expressions of an element. A row such as (a, b) stands for its
// parts together.
func (s *selectBinder) groupExprs(l *groupList, exprs []ast.Expr) [][]int {
	var out [][]int
	for _, e := range exprs {
		parts := []ast.Expr{e}
		if row, ok := e.(*ast.Row); ok {
			parts = row.Elems
		}
		var idx []int
		for _, p := range parts {
			if x, name := s.groupExpr(p); x != nil {
				idx = append(idx, l.add(x, name))
			}
		}
		out = append(out, idx)
	}
	return out
}

// groupExpr binds one expression of GROUP BY: a position, a column, else an alias, or
// an expression.
func (s *selectBinder) groupExpr(e ast.Expr) (Expr, string) {
	if i, ok := s.position(e, "GROUP BY"); ok {
		if i < 0 {
			return nil, ""
		}
		return s.notAggregated(s.items[i].expr, e), s.items[i].name
	}
	b := s.exprs("GROUP BY", columnsFirst)
	return b.expr(e), b.outputName(e)
}

// notAggregated complains about a group that is an aggregate or a window call.
func (s *selectBinder) notAggregated(x Expr, e ast.Expr) Expr {
	if containsAgg(x) || containsWindow(x) {
		s.fail(e.Span(), "GROUP BY cannot use an item that contains an aggregate or a window function")
		return nil
	}
	return x
}

// flatten concatenates groups of indexes, each index once.
func flatten(groups [][]int) []int {
	set := []int{}
	for _, g := range groups {
		for _, i := range g {
			if !slices.Contains(set, i) {
				set = append(set, i)
			}
		}
	}
	return set
}

// cube returns all the subsets, the largest first.
func cube(groups [][]int) [][]int {
	n := len(groups)
	var sets [][]int
	for mask := 1<<n - 1; mask >= 0; mask-- {
		var keep [][]int
		for i := range n {
			if mask&(1<<(n-1-i)) != 0 {
				keep = append(keep, groups[i])
			}
		}
		sets = append(sets, flatten(keep))
	}
	return sets
}

// product combines each set of a with each of b.
func product(a, b [][]int) [][]int {
	var out [][]int
	for _, x := range a {
		for _, y := range b {
			out = append(out, flatten([][]int{x, y}))
		}
	}
	return out
}

// grouper rewrites what is evaluated after grouping in terms of groups and aggregates.
type grouper struct {
	s      *selectBinder
	out    *Grouping
	inputs map[ColID]bool // the columns of FROM, which no longer exist then
}

func newGrouper(s *selectBinder, l *groupList) *grouper {
	g := &grouper{s: s, out: &Grouping{}, inputs: map[ColID]bool{}}
	sourceColumns(s.out.From, func(c Column) { g.inputs[c.ID] = true })
	if l == nil {
		return g
	}
	for i, x := range l.exprs {
		g.out.Groups = append(g.out.Groups, NamedExpr{Out: s.ids.New(l.names[i], x.Type()), Expr: x})
	}
	if l.sets != nil {
		id := s.ids.New("grouping_id", functions.BigInt)
		g.out.Sets, g.out.GroupingID = l.sets, &id
	}
	return g
}

// rewrite returns e over the columns that grouping yields.
func (g *grouper) rewrite(e Expr) Expr {
	if _, constant := e.(*Const); !constant {
		for _, grp := range g.out.Groups {
			if Equal(e, grp.Expr) {
				return &ColRef{Typed: Typed{grp.Out.Type, e.Span()}, ID: grp.Out.ID, Name: grp.Out.Name}
			}
		}
	}
	switch x := e.(type) {
	case *aggExpr:
		out := g.aggregate(x)
		return &ColRef{Typed: x.Typed, ID: out.ID, Name: out.Name}
	case *groupingExpr:
		return g.grouping(x)
	case *ColRef:
		if g.inputs[x.ID] {
			g.s.fail(x.Span(), "column %q is neither grouped nor aggregated", x.Name).
				WithHint("add it to GROUP BY, or write any_value(%s) if any of its values will do", x.Name)
		}
		return x
	}
	return MapChildren(e, g.rewrite)
}

// aggregate returns the column of an aggregate; equal aggregates share one.
func (g *grouper) aggregate(x *aggExpr) Column {
	for i := range g.out.Aggs {
		if EqualAggs(&g.out.Aggs[i], &x.call) {
			return g.out.Aggs[i].Out
		}
	}
	call := x.call
	call.Out = g.s.ids.New(x.call.Out.Name, x.Typ)
	g.out.Aggs = append(g.out.Aggs, call)
	return call.Out
}

// grouping makes the value of GROUPING(args): a bit for each argument, from the left,
// that is 1 in the rows whose set leaves the argument out.
func (g *grouper) grouping(x *groupingExpr) Expr {
	var sum Expr
	for i, arg := range x.args {
		at := slices.IndexFunc(g.out.Groups, func(n NamedExpr) bool { return Equal(n.Expr, arg) })
		if at < 0 {
			g.s.fail(arg.Span(), "the argument of GROUPING must be one of the expressions of GROUP BY")
			return nil
		}
		var bit Expr = bigintConst(0, x.At)
		if g.out.GroupingID != nil {
			id := &ColRef{Typed: Typed{functions.BigInt, x.At}, ID: g.out.GroupingID.ID, Name: g.out.GroupingID.Name}
			shifted := g.s.call(">>", x.At, []Expr{id, bigintConst(int64(len(g.out.Groups)-1-at), x.At)})
			bit = g.s.call("&", x.At, []Expr{shifted, bigintConst(1, x.At)})
		}
		place := g.s.call("*", x.At, []Expr{bit, bigintConst(1<<(len(x.args)-1-i), x.At)})
		if sum == nil {
			sum = place
		} else {
			sum = g.s.call("+", x.At, []Expr{sum, place})
		}
	}
	return sum
}

// sourceColumns calls f with every column of what stands in FROM.
func sourceColumns(src Source, f func(Column)) {
	each := func(cols []Column) {
		for _, c := range cols {
			f(c)
		}
	}
	switch src := src.(type) {
	case *TableSource:
		each(src.Columns)
	case *QuerySource:
		each(src.Query.Out)
	case *CTESource:
		each(src.Columns)
	case *FuncSource:
		each(src.Columns)
	case *JoinSource:
		sourceColumns(src.Left, f)
		sourceColumns(src.Right, f)
	}
}
