package sem

import (
	"strings"

	"github.com/apache/arrow/go/v17/arrow"

	"tq/functions"
	"tq/lang/ast"
	"tq/lang/source"
)

// unnestExpr is unnest(list) inside an expression, until the SELECT block gives it a
// column.
type unnestExpr struct {
	Typed
	list Expr
}

// unnestCall binds unnest(list) in a SELECT list.
func (b *exprBinder) unnestCall(e *ast.Call) Expr {
	if !b.mayMakeRows(e, "put it into FROM, or into the SELECT list of a subquery") {
		return nil
	}
	depth, ok := b.unnestDepth(e)
	if !ok {
		return nil
	}
	list := b.expr(e.Args[0].Expr)
	if list == nil {
		return nil
	}
	if containsUnnest(list) {
		b.fail(e.Span(), "unnest cannot stand in unnest").WithHint("unnest the elements in an enclosing query")
		return nil
	}
	return b.unnested(list, depth, e.Span())
}

// mayMakeRows reports whether a call that makes rows may stand where it does; the hint says
// where else.
func (b *exprBinder) mayMakeRows(e *ast.Call, hint string) bool {
	if b.clause != "SELECT" {
		b.fail(e.Span(), "%s cannot stand in %s: it makes rows", strings.ToLower(e.Name.Name), b.clause).WithHint("%s", hint)
		return false
	}
	return true
}

// subscripts binds generate_subscripts(list, 1), the numbers of the elements as rows:
// unnest(generate_series(1, len(list))).
func (b *exprBinder) subscripts(e *ast.Call) Expr {
	if !b.mayMakeRows(e, "put it into the SELECT list of a subquery") {
		return nil
	}
	args, ok := b.args(e)
	if !ok {
		return nil
	}
	if len(args) != 2 {
		b.fail(e.Span(), "generate_subscripts takes a list and the number of a dimension, which is 1")
		return nil
	}
	dimension := b.constant(args[1], "the number of a dimension")
	if dimension == nil {
		return nil
	}
	if intValue(dimension) != 1 {
		b.fail(args[1].Span(), "a list has only one dimension, number 1")
		return nil
	}
	list := args[0]
	if containsUnnest(list) {
		b.fail(e.Span(), "unnest cannot stand in generate_subscripts").WithHint("unnest the elements in an enclosing query")
		return nil
	}
	if list.Type().ID() != arrow.LIST && !isNull(list.Type()) {
		b.fail(list.Span(), "generate_subscripts takes a list, this is %s", aType(list.Type()))
		return nil
	}
	at := e.Span()
	numbers := b.call("generate_series", at, []Expr{bigintConst(1, at), b.call("len", at, []Expr{list})})
	if numbers == nil {
		return nil
	}
	return b.unnested(numbers, 1, at)
}

// unnested makes rows of the elements of a list, and of those of the lists in it as far
// down as depth says.
func (b *exprBinder) unnested(list Expr, depth int, at source.Span) Expr {
	if isNull(list.Type()) {
		list = b.convert(list, arrow.ListOf(functions.Integer))
	}
	dt, ok := list.Type().(*arrow.ListType)
	if !ok {
		b.fail(at, "unnest takes a list, this is %s", aType(list.Type()))
		return nil
	}
	for ; depth > 1; depth-- {
		inner, ok := dt.Elem().(*arrow.ListType)
		if !ok {
			break
		}
		if list = b.call("flatten", at, []Expr{list}); list == nil {
			return nil
		}
		dt = inner
	}
	return &unnestExpr{Typed: Typed{sqlType(dt.Elem()), at}, list: list}
}

// allLevels is how far recursive := true goes.
const allLevels = 1000

// unnestDepth reads the arguments of unnest: a list, and how many levels of lists in it are
// unnested.
func (b *exprBinder) unnestDepth(e *ast.Call) (depth int, ok bool) {
	depth = 1
	for i, a := range e.Args {
		switch name := strings.ToLower(a.Name.Name); {
		case i == 0 && name == "" && a.Expr != nil:
			continue
		case name == "recursive" && a.Expr != nil:
			if b.holds(a.Expr) {
				depth = allLevels
			}
			continue
		case name == "max_depth" && a.Expr != nil:
			c := b.constant(b.convert(b.constants("max_depth").expr(a.Expr), functions.BigInt), "max_depth")
			if c == nil {
				return 0, false
			}
			if depth = int(intValue(c)); depth >= 1 {
				continue
			}
		}
		b.fail(e.Span(), "unnest takes one list").WithHint("unnest(list, recursive := true), unnest(list, max_depth := 2)")
		return 0, false
	}
	if len(e.Args) == 0 {
		b.fail(e.Span(), "unnest takes one list")
		return 0, false
	}
	return depth, true
}

// expandUnnest appends the items that unnest of a struct stands for, which are its fields,
// and those of a list of structs that is unnested with them. It reports whether it did.
func (s *selectBinder) expandUnnest(e *ast.Call) bool {
	if !strings.EqualFold(e.Name.Name, "unnest") || len(e.Args) == 0 || e.Args[0].Expr == nil {
		return false
	}
	before := len(s.errs)
	b := s.exprs("SELECT", columnsFirst)
	b.aggs, b.windows = true, true
	depth, ok := b.unnestDepth(e)
	if !ok {
		return false
	}
	x := b.expr(e.Args[0].Expr)
	if x == nil {
		s.errs = s.errs[:before] // they will come again
		return false
	}
	if x.Type().ID() == arrow.LIST && depth > 1 && !containsUnnest(x) {
		x = b.unnested(x, depth, e.Span())
	}
	if x == nil || x.Type().ID() != arrow.STRUCT {
		return false
	}
	s.appendFields(b, x, depth, e.Span())
	return true
}

// appendFields appends the fields of a struct as items: those of structs in it, too, as far
// down as depth says.
func (s *selectBinder) appendFields(b *exprBinder, x Expr, depth int, at source.Span) {
	for _, f := range x.Type().(*arrow.StructType).Fields() {
		field := b.field(x, stringConst(f.Name, at), at)
		if field != nil && depth > 1 && field.Type().ID() == arrow.STRUCT {
			s.appendFields(b, field, depth-1, at)
			continue
		}
		s.items = append(s.items, item{name: f.Name, expr: field, bound: true})
	}
}

func containsUnnest(e Expr) bool {
	return Any(e, func(x Expr) bool {
		_, ok := x.(*unnestExpr)
		return ok
	})
}

// rejectUnnest complains where an alias has brought an unnest into another clause.
func (b *binder) rejectUnnest(e Expr, clause string) {
	if e != nil && containsUnnest(e) {
		b.fail(e.Span(), "unnest cannot stand in %s: it makes rows", clause).
			WithHint("put it into FROM, or into the SELECT list of a subquery")
	}
}

// extractUnnests gives each list that is unnested a column of its elements.
func (s *selectBinder) extractUnnests() {
	for i := range s.items {
		s.items[i].expr = Rewrite(s.items[i].expr, func(x Expr) Expr {
			u, ok := x.(*unnestExpr)
			if !ok {
				return x
			}
			return Respan(ref(s.unnestColumn(u)), u.At)
		})
	}
}

func (s *selectBinder) unnestColumn(u *unnestExpr) Column {
	for _, l := range s.out.Unnests {
		if Equal(l.Expr, u.list) {
			return l.Out
		}
	}
	out := s.ids.New("unnest", u.Typ)
	s.out.Unnests = append(s.out.Unnests, NamedExpr{Out: out, Expr: u.list})
	return out
}

// rowsOf makes the query that a call in FROM stands for that yields a row for each
// element of a list: unnest(list), or range(…), which makes one. It returns nil for other
// calls.
func rowsOf(t *ast.TableFunc) *ast.Derived {
	name := strings.ToLower(t.Call.Name.Name)
	call := t.Call
	switch name {
	case "unnest":
	case "range", "generate_series":
		call = &ast.Call{
			Pos: call.Pos, Name: ast.Ident{Pos: call.Name.Pos, Name: "unnest"}, Args: []ast.Arg{{Expr: call}},
		}
	default:
		return nil
	}
	column := ast.Ident{Pos: t.Call.Name.Pos, Name: name}
	alias := t.Alias
	if alias.Name.Name == "" {
		alias.Name = column
	}
	rows := &ast.Select{Pos: t.Pos, Items: []ast.SelectItem{{Expr: call, Alias: column}}}
	if t.Ordinality {
		rows = withOrdinality(rows)
	}
	return &ast.Derived{Pos: t.Pos, Lateral: t.Lateral, Query: &ast.Query{Pos: t.Pos, Body: rows}, Alias: alias}
}

// withOrdinality numbers the rows of a query.
func withOrdinality(rows *ast.Select) *ast.Select {
	name := func(s string) ast.Ident { return ast.Ident{Pos: rows.Pos, Name: s} }
	number := &ast.Call{Pos: rows.Pos, Name: name("row_number"), Over: &ast.Window{Pos: rows.Pos}}
	return &ast.Select{
		Pos: rows.Pos,
		Items: []ast.SelectItem{
			{Expr: &ast.Star{Pos: rows.Pos}},
			{Expr: number, Alias: name("ordinality")},
		},
		From: []ast.TableExpr{&ast.Derived{Pos: rows.Pos, Query: &ast.Query{Pos: rows.Pos, Body: rows}}},
	}
}

// rejectUnnests complains about lists unnested, by way of an alias, before there are
// rows to select.
func (s *selectBinder) rejectUnnests(groups *groupList) {
	s.rejectUnnest(s.out.Where, "WHERE")
	s.rejectUnnest(s.out.Having, "HAVING")
	s.rejectUnnest(s.out.Qualify, "QUALIFY")
	if s.out.Around != nil {
		s.rejectUnnest(s.out.Around.Cond, "WHERE")
	}
	if groups != nil {
		for _, g := range groups.exprs {
			s.rejectUnnest(g, "GROUP BY")
		}
	}
}
