package sem

import (
	"strings"

	"tq/lang/ast"
)

// selectBinder binds one SELECT block.
type selectBinder struct {
	queryBinder
	node    *ast.Select
	scope   *scope
	items   []item
	visible int // how many of the items are output; the rest is to sort by
	out     *Select
}

// item is one expression of the SELECT list, or a hidden one behind it to sort by. It
// is bound when first asked for: another clause may use its alias before its turn.
type item struct {
	node    ast.Expr
	name    string
	alias   bool // the name was given by AS
	expr    Expr
	bound   bool
	columns *ast.Columns // with column or columnNode: what COLUMNS stands for in this item
	column  Expr

	columnNode ast.Expr
}

// aliasRule says how a clause may use the aliases of the SELECT list.
type aliasRule uint8

const (
	noAliases    aliasRule = iota
	columnsFirst           // an alias is used where no column has the name
	aliasesFirst
)

func (q queryBinder) newSelect(n *ast.Select) *selectBinder {
	return &selectBinder{queryBinder: q, node: n, out: &Select{Distinct: n.Distinct && len(n.DistinctOn) == 0}}
}

// bind binds the clauses of the block and the ORDER BY of its query, which may use more
// than what is selected. It returns the sort keys, over the columns of the result.
func (s *selectBinder) bind(q *ast.Query) []SortKey {
	n := s.node
	before := len(s.errs)
	var from *scope
	s.out.From, from = s.from(n.From)
	if n.Sample != nil && s.out.From != nil {
		s.out.From, from = s.sampled(n.Sample, s.out.From), withoutFields(from)
	}
	s.scope = from
	if n.Around != nil {
		s.around(n.Around, from)
	}
	s.expandItems()
	s.visible = len(s.items)
	switch {
	case n.Where == nil:
	case n.Around != nil:
		s.bindAround(from)
	default:
		s.out.Where = s.exprs("WHERE", columnsFirst).condition(n.Where)
	}
	for i := range s.items {
		s.itemExpr(i)
	}
	groups := s.groups()
	if n.Having != nil {
		b := s.exprs("HAVING", aliasesFirst)
		b.aggs = true
		s.out.Having = b.condition(n.Having)
	}
	if n.Qualify != nil {
		b := s.exprs("QUALIFY", columnsFirst)
		b.aggs, b.windows = true, true
		s.out.Qualify = b.condition(n.Qualify)
	}
	s.rejectUnnests(groups)
	on := s.distinctOn()
	keys := s.orderBy(q)
	if len(s.errs) > before {
		// What follows would only complain about the consequences.
		s.finish()
		return nil
	}
	s.group(groups)
	s.extractWindows()
	s.extractUnnests()
	s.finish()
	for _, i := range on {
		s.out.DistinctOn = append(s.out.DistinctOn, ref(s.out.Items[i].Out))
	}
	return s.sortKeys(keys)
}

// exprs returns a binder for the expressions of a clause over the columns of FROM.
func (s *selectBinder) exprs(clause string, rule aliasRule) *exprBinder {
	return &exprBinder{queryBinder: s.queryBinder, scope: s.scope, sel: s, clause: clause, aliases: rule, before: len(s.items)}
}

// itemExpr returns the bound expression of an item.
func (s *selectBinder) itemExpr(i int) Expr {
	it := &s.items[i]
	if it.bound {
		return it.expr
	}
	it.bound = true
	b := s.exprs("SELECT", columnsFirst)
	b.aggs, b.windows, b.before = true, true, i
	b.columns, b.column, b.columnNode = it.columns, it.column, it.columnNode
	x := b.expr(it.node)
	s.items[i].expr = x
	return x
}

// findAlias returns the item that AS gives a name to, or -1.
func (s *selectBinder) findAlias(name string) int {
	for i := range s.items {
		if s.items[i].alias && strings.EqualFold(s.items[i].name, name) {
			return i
		}
	}
	return -1
}

// findOutput returns the visible item of a name: one named by AS if there is, else a
// column selected under its own name. It returns -1 for none.
func (s *selectBinder) findOutput(name string) int {
	if i := s.findAlias(name); i >= 0 {
		return i
	}
	for i := range s.items[:s.visible] {
		if strings.EqualFold(s.items[i].name, name) {
			return i
		}
	}
	return -1
}

// position resolves a number that stands for an item in GROUP BY, ORDER BY and DISTINCT
// ON. ok tells whether e is one; the index is -1 if it is out of range.
func (s *selectBinder) position(e ast.Expr, clause string) (index int, ok bool) {
	if p, ok := e.(*ast.Position); ok && clause != "GROUP BY" && p.N <= s.visible {
		return p.N - 1, true
	}
	lit, isLit := e.(*ast.Literal)
	if !isLit || lit.Kind != ast.Number {
		return 0, false
	}
	return outputPosition(s.binder, lit, clause, s.visible)
}

// addItem appends a hidden item for an expression, or returns the item that already
// computes it.
func (s *selectBinder) addItem(x Expr, name string) int {
	for i := range s.items {
		if Equal(s.items[i].expr, x) {
			return i
		}
	}
	s.items = append(s.items, item{expr: x, name: name, bound: true})
	return len(s.items) - 1
}

// distinctOn binds DISTINCT ON to indexes of items.
func (s *selectBinder) distinctOn() []int {
	var on []int
	for _, e := range s.node.DistinctOn {
		if i := s.outputOrExpr(e, "DISTINCT ON"); i >= 0 {
			on = append(on, i)
		}
	}
	return on
}

// outputOrExpr resolves what a key of ORDER BY or DISTINCT ON stands for: a position, a
// name of the SELECT list, or an expression of its own. It returns -1 when that failed.
func (s *selectBinder) outputOrExpr(e ast.Expr, clause string) int {
	if i, ok := s.position(e, clause); ok {
		return i
	}
	if name, ok := e.(*ast.Name); ok && len(name.Parts) == 1 {
		if i := s.findOutput(name.Parts[0].Name); i >= 0 {
			return i
		}
	}
	b := s.exprs(clause, columnsFirst)
	b.aggs, b.windows = true, true
	x := b.expr(e)
	if x == nil {
		return -1
	}
	return s.addItem(x, outputName(e, s.node.Windows))
}

// finish makes the output columns.
func (s *selectBinder) finish() {
	for i := range s.items {
		it := &s.items[i]
		out := s.ids.New(it.name, nil)
		if it.expr != nil {
			out.Type = it.expr.Type()
		}
		s.out.Items = append(s.out.Items, NamedExpr{Out: out, Expr: it.expr})
	}
}

// group applies grouping to everything that is evaluated after it.
func (s *selectBinder) group(groups *groupList) {
	if groups == nil && !s.aggregates() {
		return
	}
	g := newGrouper(s, groups)
	if s.out.Having != nil {
		s.out.Having = g.rewrite(s.out.Having)
	}
	if s.out.Qualify != nil {
		s.out.Qualify = g.rewrite(s.out.Qualify)
	}
	for i := range s.items {
		if s.items[i].expr != nil {
			s.items[i].expr = g.rewrite(s.items[i].expr)
		}
	}
	s.out.Group = g.out
}

// aggregates reports whether the block is grouped without a GROUP BY.
func (s *selectBinder) aggregates() bool {
	if s.node.Having != nil || containsAgg(s.out.Qualify) {
		return true
	}
	for i := range s.items {
		if containsAgg(s.items[i].expr) {
			return true
		}
	}
	return false
}

func containsAgg(e Expr) bool {
	return Any(e, func(x Expr) bool {
		switch x.(type) {
		case *aggExpr, *groupingExpr:
			return true
		}
		return false
	})
}

func containsWindow(e Expr) bool {
	return Any(e, func(x Expr) bool {
		_, ok := x.(*windowExpr)
		return ok
	})
}

// extractWindows gives each window call a column and puts that in its place.
func (s *selectBinder) extractWindows() {
	extract := func(x Expr) Expr {
		w, ok := x.(*windowExpr)
		if !ok {
			return x
		}
		return &ColRef{Typed: w.Typed, ID: s.windowColumn(w).ID, Name: w.call.Out.Name}
	}
	for i := range s.items {
		s.items[i].expr = Rewrite(s.items[i].expr, extract)
	}
	if s.out.Qualify == nil {
		return
	}
	at := s.out.Qualify.Span()
	s.out.Qualify = Rewrite(s.out.Qualify, extract)
	if len(s.out.Windows) == 0 {
		s.fail(at, "QUALIFY needs a window function in it or in the SELECT list").
			WithHint("use WHERE, or HAVING for aggregates")
	}
}

// windowColumn returns the column of a window call; equal calls share one.
func (s *selectBinder) windowColumn(w *windowExpr) Column {
	for i := range s.out.Windows {
		o := &s.out.Windows[i]
		if EqualLists(o.PartitionBy, w.partitionBy) && EqualKeys(o.OrderBy, w.orderBy) && EqualWindowCalls(&o.Call, &w.call) {
			return o.Call.Out
		}
	}
	call := w.call
	call.Out = s.ids.New(w.call.Out.Name, w.Typ)
	s.out.Windows = append(s.out.Windows, Window{PartitionBy: w.partitionBy, OrderBy: w.orderBy, Call: call})
	return call.Out
}
