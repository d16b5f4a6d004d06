package sem

import (
	"strings"

	"github.com/apache/arrow/go/v17/arrow"

	"tq/functions"
	"tq/functions/kernel"
	"tq/lang/ast"
)

// LambdaKind is what a [ListLambda] does with a list.
type LambdaKind uint8

// The kinds of lambdas.
const (
	Transform LambdaKind = iota // the list of the body's values
	Filter                      // the elements for which the body is true
	Reduce                      // the last value of the body, given the one before and an element
)

// ListLambda applies an expression to the elements of a list. The body's columns are the
// parameters and the captures: what it uses of the row around it.
type ListLambda struct {
	Typed
	Kind     LambdaKind
	Name     string // the function's, for messages
	List     Expr
	Init     Expr     // Reduce: the value before the first element; nil: that element
	Params   []Column // Reduce: the value so far and the element, else the element; then perhaps its number
	Captures []NamedExpr
	Body     Expr
}

// lambdaCall binds list_transform, list_filter and list_reduce.
func (b *exprBinder) lambdaCall(e *ast.Call, def *functions.Def) Expr {
	kind := map[string]LambdaKind{"list_transform": Transform, "list_filter": Filter, "list_reduce": Reduce}[def.Name]
	lambda := lambdaArg(e)
	if lambda == nil || len(e.Args) > 3 || len(e.Args) == 3 && kind != Reduce {
		b.fail(e.Span(), "%s takes a list and a lambda", def.Name).WithHint("as in %s", def.Example)
		return nil
	}
	list := b.expr(e.Args[0].Expr)
	if list == nil {
		return nil
	}
	if isNull(list.Type()) {
		return list
	}
	lt, ok := list.Type().(*arrow.ListType)
	if !ok {
		b.fail(e.Args[0].Expr.Span(), "%s takes a list, but this is %s", def.Name, aType(list.Type()))
		return nil
	}
	out := &ListLambda{Typed: Typed{At: e.Span()}, Kind: kind, Name: def.Name, List: list}
	if kind == Reduce {
		return b.reduce(out, e, lambda, lt.Elem())
	}
	if !b.lambdaBody(out, lambda, lt.Elem()) {
		return nil
	}
	if out.Typ = arrow.ListOf(plain(out.Body.Type())); kind == Filter {
		out.Typ = list.Type()
		out.Body = b.boolean(out.Body, "list_filter")
	}
	if out.Body == nil {
		return nil
	}
	return out
}

// lambdaArg is the second argument of a call if it is a lambda.
func lambdaArg(e *ast.Call) *ast.Lambda {
	if len(e.Args) < 2 || e.Args[0].Expr == nil {
		return nil
	}
	lambda, _ := e.Args[1].Expr.(*ast.Lambda)
	return lambda
}

// reduce binds the body with the value so far of the elements' type, or the first value's;
// if it turns out wider, once more with that.
func (b *exprBinder) reduce(out *ListLambda, e *ast.Call, lambda *ast.Lambda, elem arrow.DataType) Expr {
	sum := elem
	if len(e.Args) == 3 {
		if out.Init = b.expr(e.Args[2].Expr); out.Init == nil {
			return nil
		}
		if sum = out.Init.Type(); isNull(sum) {
			sum = elem
		}
	}
	for range 2 {
		if !b.lambdaBody(out, lambda, sum, elem) {
			return nil
		}
		common, ok := functions.CommonType(sum, out.Body.Type())
		if !ok {
			b.fail(lambda.Body.Span(), "the lambda must give %s again, but gives %s", aType(sum), aType(out.Body.Type()))
			return nil
		}
		if functions.Same(common, sum) {
			break
		}
		sum = plain(common)
	}
	out.Typ = sum
	out.Body = b.convert(out.Body, sum)
	if out.Init != nil {
		out.Init = b.convert(out.Init, sum)
	}
	if out.Body == nil || len(e.Args) == 3 && out.Init == nil {
		return nil
	}
	return out
}

// lambdaBody binds the body with parameters of the given types, and perhaps one more, the
// number of the element. Names that are no parameters are those of the place around it.
func (b *exprBinder) lambdaBody(out *ListLambda, lambda *ast.Lambda, types ...arrow.DataType) bool {
	n := len(lambda.Params)
	if n < len(types) || n > len(types)+1 {
		b.fail(lambda.Span(), "a lambda of %s has %d or %d parameters", out.Name, len(types), len(types)+1)
		return false
	}
	out.Params = nil
	rel := &relation{}
	for i, typ := range append(types, functions.BigInt)[:n] {
		c := b.ids.New(lambda.Params[i].Name, plain(typ))
		out.Params = append(out.Params, c)
		rel.cols = append(rel.cols, scopeColumn{Column: c})
	}
	inner := *b
	inner.level, inner.scope = &level{outer: b}, newScope(rel)
	inner.aggs, inner.windows, inner.aliases, inner.sel = false, false, noAliases, nil
	inner.clause = "a lambda"
	out.Body = inner.expr(lambda.Body)
	out.Captures = inner.level.refs
	if out.Body == nil {
		return false
	}
	if Any(out.Body, func(x Expr) bool { _, sub := x.(*Subquery); return sub }) {
		b.fail(lambda.Body.Span(), "a lambda cannot hold a subquery")
		return false
	}
	return true
}

// plain is the type that elements of lists have.
func plain(dt arrow.DataType) arrow.DataType {
	switch {
	case isNull(dt):
		return functions.Integer
	case functions.Same(dt, functions.Varchar):
		return functions.Varchar
	}
	return dt
}

// listAggregate binds list_aggregate(list, 'name', …), which is list_name(list, …).
func (b *exprBinder) listAggregate(e *ast.Call) Expr {
	args, ok := b.args(e)
	if !ok {
		return nil
	}
	if len(args) < 2 {
		b.fail(e.Span(), "list_aggregate takes a list and the name of an aggregate")
		return nil
	}
	c := b.constant(args[1], "the name of the aggregate")
	if c == nil {
		return nil
	}
	aggregate, _ := kernel.Value(c.Value, 0).(string)
	name, ok := functions.ListAggregate(aggregate)
	if !ok {
		b.fail(args[1].Span(), "lists cannot be aggregated by %q", strings.ToLower(aggregate))
		return nil
	}
	return b.call(name, e.Span(), append(args[:1:1], args[2:]...))
}

// mapLambda applies f to what a lambda takes from its row; its body is of another row.
func mapLambda(e *ListLambda, f func(Expr) Expr) Expr {
	c := *e
	c.List = f(e.List)
	changed := c.List != e.List
	if e.Init != nil {
		c.Init = f(e.Init)
		changed = changed || c.Init != e.Init
	}
	c.Captures = make([]NamedExpr, len(e.Captures))
	for i, o := range e.Captures {
		c.Captures[i] = NamedExpr{Out: o.Out, Expr: f(o.Expr)}
		changed = changed || c.Captures[i].Expr != o.Expr
	}
	if !changed {
		return e
	}
	return &c
}

// equalLambdas reports whether two lambdas do the same: the columns of their bodies
// correspond by their place.
func equalLambdas(a, b *ListLambda) bool {
	if a.Kind != b.Kind || !Equal(a.List, b.List) || !Equal(a.Init, b.Init) ||
		len(a.Params) != len(b.Params) || len(a.Captures) != len(b.Captures) {
		return false
	}
	ids := map[ColID]ColID{}
	for i, c := range b.Params {
		ids[c.ID] = a.Params[i].ID
	}
	for i, c := range b.Captures {
		if !Equal(a.Captures[i].Expr, c.Expr) {
			return false
		}
		ids[c.Out.ID] = a.Captures[i].Out.ID
	}
	return Equal(a.Body, Rewrite(b.Body, func(x Expr) Expr {
		if c, ok := x.(*ColRef); ok {
			if id, known := ids[c.ID]; known {
				return &ColRef{Typed: c.Typed, ID: id, Name: c.Name}
			}
		}
		return x
	}))
}
