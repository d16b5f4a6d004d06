package sem

import (
	"strings"

	"github.com/apache/arrow/go/v17/arrow"

	"tq/functions"
	"tq/lang/ast"
)

// unnestExpr is unnest(list) inside an expression, until the SELECT block gives it a
// column.
type unnestExpr struct {
	Typed
	list Expr
}

// unnestCall binds unnest(list) in a SELECT list.
func (b *exprBinder) unnestCall(e *ast.Call) Expr {
	if b.clause != "SELECT" {
		b.fail(e.Span(), "unnest cannot stand in %s: it makes rows", b.clause).
			WithHint("put it into FROM, or into the SELECT list of a subquery")
		return nil
	}
	args, ok := b.args(e)
	if !ok {
		return nil
	}
	if len(args) != 1 {
		b.fail(e.Span(), "unnest takes one list")
		return nil
	}
	list := args[0]
	if containsUnnest(list) {
		b.fail(e.Span(), "unnest cannot stand in unnest").WithHint("unnest the elements in an enclosing query")
		return nil
	}
	if isNull(list.Type()) {
		list = b.convert(list, arrow.ListOf(functions.Integer))
	}
	dt, ok := list.Type().(*arrow.ListType)
	if !ok {
		b.fail(e.Span(), "unnest takes a list, this is %s", aType(list.Type()))
		return nil
	}
	return &unnestExpr{Typed: Typed{sqlType(dt.Elem()), e.Span()}, list: list}
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
	return &ast.Derived{Pos: t.Pos, Lateral: t.Lateral, Query: &ast.Query{Pos: t.Pos, Body: rows}, Alias: alias}
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
