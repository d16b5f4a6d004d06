package sem

import (
	"cmp"
	"slices"
	"strings"

	"tq/lang/ast"
	"tq/lang/source"
)

// Bind resolves and types a query. What it returns as an error is a source.ErrorList:
// binding goes on after a fault, so that several are reported at once.
func Bind(q *ast.Query, env *Env, ids *IDs) (*Query, error) {
	b := &binder{env: env, ids: ids}
	qb := queryBinder{binder: b, level: &level{}}
	out := qb.query(q)
	return out, b.err()
}

// BindConst types an expression without columns and computes it. A type, if given, is
// what the value is converted to.
func BindConst(e ast.Expr, to *ast.TypeName, env *Env) (*Const, error) {
	b := &binder{env: env, ids: &IDs{}}
	eb := exprBinder{queryBinder: queryBinder{binder: b, level: &level{}}, scope: &scope{}, clause: "a constant"}
	x := eb.expr(e)
	if to != nil {
		if typ := b.typeName(to); typ != nil && x != nil {
			x = b.asWritten(x, typ)
		}
	}
	c := b.constant(x, "a constant")
	return c, b.err()
}

// BindType resolves a type as written.
func BindType(t *ast.TypeName) (Typed, error) {
	b := &binder{}
	typ := b.typeName(t)
	return Typed{Typ: typ, At: t.Span()}, b.err()
}

// binder is what the parts of one statement share while it is bound.
//
// A method that binds something reports what is wrong with it by [binder.fail] and
// returns nil; whoever is given nil returns nil without another word. A column whose
// expression is broken has no type.
type binder struct {
	env  *Env
	ids  *IDs
	errs source.ErrorList
	// Views and macros being expanded, to notice one that contains itself.
	views, macros []string

	expanded int // parts of expressions that aliases have been replaced by
}

// fail reports a fault. The result may be given a hint.
func (b *binder) fail(at source.Span, format string, args ...any) *source.Error {
	e := source.Errorf(at, format, args...)
	b.errs = append(b.errs, e)
	return e
}

// err returns the faults in the order of the text, each once.
func (b *binder) err() error {
	slices.SortStableFunc(b.errs, func(x, y *source.Error) int { return cmp.Compare(x.Span.Start, y.Span.Start) })
	b.errs = slices.CompactFunc(b.errs, func(x, y *source.Error) bool { return x.Span == y.Span && x.Msg == y.Msg })
	return b.errs.Err()
}

// queryBinder binds queries at one place: within one level of subqueries, seeing the
// names of the WITH clauses around it.
type queryBinder struct {
	*binder
	level *level
	with  *withScope
	given map[string]*macroArg // inside a table function that stands for a query: what $name is
	macro *expansion           // inside a macro's text: what its parameters are
}

// withScope is a name of a WITH clause and the names before and around it.
type withScope struct {
	outer *withScope
	name  string
	cte   *CTE // nil where a recursive WITH has given the name to no rows yet
	plain bool // inside the query that a WITH without RECURSIVE gives the name to: it means nothing there
}

// find looks a name up from the inside out.
func (w *withScope) find(name string) (*CTE, bool) {
	for ; w != nil; w = w.outer {
		if strings.EqualFold(w.name, name) && !w.plain {
			return w.cte, true
		}
	}
	return nil, false
}

// wantsRecursive reports whether a name would mean the query in work, were its WITH
// recursive.
func (w *withScope) wantsRecursive(name string) bool {
	for ; w != nil; w = w.outer {
		if strings.EqualFold(w.name, name) {
			return w.plain
		}
	}
	return false
}

// query binds a query with everything that belongs to it.
func (q queryBinder) query(n *ast.Query) *Query {
	q.with = q.bindWith(n)
	out := &Query{Limit: q.limit(n)}
	switch body := n.Body.(type) {
	case *ast.Select:
		s := q.newSelect(body)
		out.OrderBy = s.bind(n)
		out.Body = s.out
		out.Out = s.out.Columns()[:s.visible]
		out.field = s.fieldOf(out)
	case *ast.Query:
		inner := q.query(body)
		out.Body, out.Out = inner, inner.Out
		out.field = inner.fieldThrough(out)
		out.OrderBy = q.outputOrder(n, inner.Out)
	default:
		out.Body = q.body(body)
		out.Out = out.Body.Columns()
		out.OrderBy = q.outputOrder(n, out.Out)
	}
	return out
}

// bindWith binds the queries of a WITH clause, each seeing those before it.
func (q queryBinder) bindWith(n *ast.Query) *withScope {
	with := q.with
	for i := range n.With {
		c := &n.With[i]
		if slices.ContainsFunc(n.With[:i], func(o ast.CTE) bool { return strings.EqualFold(o.Name.Name, c.Name.Name) }) {
			q.fail(c.Name.Span(), "WITH names two queries %q", c.Name.Name)
		}
		inner := q
		inner.with = with
		if len(c.Key) > 0 && !n.Recursive {
			q.fail(c.Key[0].Span(), "USING KEY belongs to a query that refers to itself").WithHint("write WITH RECURSIVE")
		}
		var bound *Query
		if n.Recursive {
			bound = inner.recursive(c)
		} else {
			inner.with = &withScope{outer: with, name: c.Name.Name, plain: true}
			bound = inner.query(c.Query)
		}
		bound.Out = q.renameColumns(bound.Out, c.Columns, c.Name)
		with = &withScope{outer: with, name: c.Name.Name, cte: &CTE{Name: c.Name.Name, Query: bound}}
	}
	return with
}

// body binds a set operation, VALUES or a query in parentheses.
func (q queryBinder) body(n ast.QueryBody) Body {
	switch n := n.(type) {
	case *ast.Select:
		return q.query(&ast.Query{Pos: n.Pos, Body: n})
	case *ast.SetOp:
		return q.setOp(n)
	case *ast.Values:
		return q.values(n)
	case *ast.Query:
		return q.query(n)
	}
	q.fail(n.Span(), "this form of query cannot be used here")
	return &Values{}
}

// renameColumns gives the first columns the names listed behind an alias.
func (b *binder) renameColumns(cols []Column, names []ast.Ident, of ast.Ident) []Column {
	if len(names) == 0 {
		return cols
	}
	if len(names) > len(cols) {
		b.fail(names[len(cols)].Span(), "%q has %s, but %d names are given", of.Name, plural(len(cols), "column"), len(names))
		names = names[:len(cols)]
	}
	cols = slices.Clone(cols)
	for i, name := range names {
		cols[i].Name = name.Name
	}
	return cols
}
