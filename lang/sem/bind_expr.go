package sem

import (
	"slices"
	"strings"

	"tq/functions"
	"tq/lang/ast"
	"tq/lang/source"
)

// maxDepth bounds how deep a bound expression can be. AND, OR and lists don't count:
// they are flat.
const maxDepth = 10_000

// exprBinder binds expressions of one clause over the columns of a scope.
type exprBinder struct {
	queryBinder
	scope   *scope
	sel     *selectBinder // whose aliases can be used; nil outside of a SELECT
	clause  string        // for messages
	aliases aliasRule
	before  int  // only the aliases of items before this one can be used
	aggs    bool // aggregates may be called
	windows bool // window functions may be called
	columns *ast.Columns
	column  Expr // what columns stands for; or columnNode, which is bound in its place

	columnNode ast.Expr
	depth      int
}

// outputName is the name of a column whose values an expression has.
func (b *exprBinder) outputName(e ast.Expr) string {
	if b.sel == nil {
		return outputName(e, nil)
	}
	return outputName(e, b.sel.node.Windows)
}

// constants returns a binder for expressions without columns.
func (q queryBinder) constants(what string) *exprBinder {
	return &exprBinder{queryBinder: q, scope: &scope{}, clause: what}
}

// expr binds an expression. It returns nil when it has reported a fault.
func (b *exprBinder) expr(e ast.Expr) Expr {
	if b.depth++; b.depth > maxDepth {
		if b.depth == maxDepth+1 {
			b.fail(e.Span(), "the expression is nested more than %d deep", maxDepth)
		}
		b.depth--
		return nil
	}
	defer func() { b.depth-- }()
	switch e := e.(type) {
	case *ast.Name:
		return b.name(e)
	case *ast.Literal:
		return b.literal(e)
	case *ast.Interval:
		return b.interval(e)
	case *ast.Param:
		return b.param(e)
	case *ast.Unary:
		return b.unary(e)
	case *ast.Binary:
		return b.binary(e)
	case *ast.Between:
		return b.between(e)
	case *ast.In:
		return b.in(e)
	case *ast.Is:
		return b.is(e)
	case *ast.Like:
		return b.like(e)
	case *ast.Case:
		return b.caseExpr(e)
	case *ast.Cast:
		return b.cast(e)
	case *ast.Call:
		return b.callExpr(e)
	case *ast.ListLit:
		return b.callArgs("list_value", e.Span(), e.Elems)
	case *ast.Index:
		return b.index(e)
	case *ast.Subquery:
		return b.scalarSubquery(e)
	case *ast.Exists:
		return b.exists(e)
	case *ast.ArrayQuery:
		return b.arrayQuery(e)
	case *ast.Position:
		return b.position(e)
	case *ast.Quantified:
		return b.quantified(e)
	case *ast.Columns:
		return b.columnsExpr(e)
	case *ast.Star:
		b.fail(e.Span(), "* cannot stand in an expression").WithHint("COLUMNS(*) applies an expression to every column")
		return nil
	case *ast.Row:
		return b.row(e)
	case *ast.Lambda:
		return b.strayLambda(e.Span())
	case *ast.SysdigFilter:
		return b.sysdigFilter(e)
	}
	b.fail(e.Span(), "this expression cannot be used here")
	return nil
}

func (b *binder) strayLambda(at source.Span) Expr {
	b.fail(at, "a lambda can only be an argument of a function that takes one, such as list_transform")
	return nil
}

// condition binds an expression that must be true or false.
func (b *exprBinder) condition(e ast.Expr) Expr {
	var conds []Expr
	for _, x := range b.each(e) {
		x = b.boolean(x, b.clause)
		if x == nil {
			return nil
		}
		conds = append(conds, x)
	}
	return conjunction(conds)
}

// boolean converts an expression to BOOLEAN, for something that needs a condition.
func (b *binder) boolean(x Expr, what string) Expr {
	if x == nil || x.Type().ID() == functions.Boolean.ID() {
		return x
	}
	switch t := x.Type(); {
	case isNull(t), isNumeric(t), isStringConst(x):
		return b.convert(x, functions.Boolean)
	}
	b.fail(x.Span(), "%s needs a condition, but this is %s", what, aType(x.Type()))
	return nil
}

// name resolves a column, an alias of the SELECT list or a column of an outer query.
func (b *exprBinder) name(n *ast.Name) Expr {
	if arg, ok := b.macro.arg(n); ok {
		return b.macroArgument(arg)
	}
	x, ok := b.lookupColumn(n.Parts, n.Span())
	if ok {
		return x
	}
	if len(n.Parts) == 1 && ast.IsBareCall(n.Parts[0]) {
		return b.callExpr(&ast.Call{Pos: n.Pos, Name: n.Parts[0]})
	}
	b.unknownColumn(n)
	return nil
}

// lookupColumn resolves a name. ok is false if nothing has it; the expression may still
// be nil if what has it is broken.
func (b *exprBinder) lookupColumn(parts []ast.Ident, at source.Span) (x Expr, ok bool) {
	if b.aliases == aliasesFirst && len(parts) == 1 {
		if x, ok := b.lookupAlias(parts[0].Name, at); ok {
			return x, true
		}
	}
	hits := b.scope.find(parts)
	if len(hits) > 1 {
		if !b.scope.broken() {
			b.ambiguous(parts, at, hits)
		}
		return nil, true
	}
	if len(hits) == 1 {
		return Respan(hits[0].expr, at), true
	}
	if b.scope.broken() {
		return nil, true
	}
	if b.aliases == columnsFirst && len(parts) == 1 {
		if x, ok := b.lookupAlias(parts[0].Name, at); ok {
			return x, true
		}
	}
	if len(parts) > 1 {
		if x, ok := b.lookupField(parts, at); ok {
			return x, true
		}
	} else if x, ok := b.wholeRow(parts[0], at); ok {
		return x, true
	}
	return b.lookupOuter(b.level, parts, at)
}

// lookupAlias resolves a name to an item of the SELECT list.
func (b *exprBinder) lookupAlias(name string, at source.Span) (Expr, bool) {
	if b.sel == nil {
		return nil, false
	}
	i := b.sel.findAlias(name)
	if i < 0 {
		return nil, false
	}
	if i >= b.before {
		if b.aliases == columnsFirst && b.clause == "SELECT" {
			b.fail(at, "%q is used before it is defined", name).WithHint("in a SELECT list, an alias can be used behind it")
		}
		return nil, true
	}
	x := b.sel.itemExpr(i)
	if !b.expand(x, at) {
		return nil, true
	}
	if !b.windows && containsWindow(x) {
		b.windowNotAllowed(at, b.clause)
		return nil, true
	}
	if !b.aggs && containsAgg(x) {
		b.aggregateNotAllowed(at, b.clause)
		return nil, true
	}
	return x, true
}

// maxExpansion bounds how many parts of expressions aliases may stand for in one
// statement: aliases of aliases can double them at every step.
const maxExpansion = 1 << 20

// expand accounts for an alias being replaced by what it stands for. It returns false
// when that becomes too much.
func (b *exprBinder) expand(x Expr, at source.Span) bool {
	Any(x, func(Expr) bool {
		b.expanded++
		return b.expanded > maxExpansion
	})
	if b.expanded > maxExpansion {
		b.fail(at, "the statement becomes too large: its aliases stand for more than %d parts", maxExpansion)
		return false
	}
	return true
}

// param resolves $name.
func (b *exprBinder) param(p *ast.Param) Expr {
	if arg, ok := b.given[p.Name]; ok {
		return arg.bind()
	}
	v, ok := b.env.Params[strings.ToLower(p.Name)]
	if !ok {
		e := b.fail(p.Span(), "there is no parameter $%s", p.Name)
		names := make([]string, 0, len(b.env.Params))
		for name := range b.env.Params {
			names = append(names, name)
		}
		slices.Sort(names)
		suggest(e, p.Name, names)
		if e.Hint == "" {
			e.WithHint("declare it: PARAM %s VARCHAR = '…';", p.Name)
		}
		return nil
	}
	return &Const{Typed: Typed{sqlType(v.Type), p.Span()}, Value: v.Value}
}

// columnsExpr is the column that COLUMNS stands for in the current item.
func (b *exprBinder) columnsExpr(c *ast.Columns) Expr {
	switch {
	case c.Unpack:
		b.fail(c.Span(), "*COLUMNS can only be an element of a list, or an argument")
	case b.columns == nil:
		b.fail(c.Span(), "COLUMNS cannot stand in %s", b.clause)
	case c != b.columns && ast.Print(c) != ast.Print(b.columns):
		b.fail(c.Span(), "all COLUMNS of one item must be the same")
	case b.columnNode != nil:
		return b.expr(b.columnNode)
	default:
		return b.column
	}
	return nil
}

// row is a list in parentheses where a single value is wanted: a struct without names.
func (b *exprBinder) row(r *ast.Row) Expr {
	return b.callArgs("row", r.Span(), r.Elems)
}

// caseExpr binds CASE; with an operand, each branch compares with it.
func (b *exprBinder) caseExpr(e *ast.Case) Expr {
	out := &Case{Typed: Typed{At: e.Span()}}
	var operand Expr
	ok := true
	if e.Operand != nil {
		operand = b.expr(e.Operand)
		ok = operand != nil
	}
	var results []Expr
	for _, w := range e.Whens {
		cond := b.expr(w.Cond)
		if e.Operand != nil {
			cond = b.compare("=", w.Cond.Span(), operand, cond)
		} else {
			cond = b.boolean(cond, "WHEN")
		}
		then := b.expr(w.Then)
		ok = ok && cond != nil && then != nil
		out.Whens = append(out.Whens, When{Cond: cond, Then: then})
		results = append(results, then)
	}
	if e.Else != nil {
		out.Else = b.expr(e.Else)
		ok = ok && out.Else != nil
		results = append(results, out.Else)
	}
	if !ok {
		return nil
	}
	typ := b.unify(results, "the branches of CASE")
	if typ == nil {
		return nil
	}
	out.Typ = typ
	for i := range out.Whens {
		out.Whens[i].Then = results[i]
	}
	if out.Else != nil {
		out.Else = results[len(results)-1]
	}
	return out
}

// cast binds CAST, TRY_CAST and ::.
func (b *exprBinder) cast(e *ast.Cast) Expr {
	x := b.expr(e.X)
	to := b.typeName(e.To)
	if x == nil || to == nil {
		return nil
	}
	if functions.Same(x.Type(), to) {
		if c, ok := x.(*Const); ok {
			return &Const{Typed: Typed{to, e.Span()}, Value: c.Value}
		}
		return x
	}
	if !functions.CanCast(x.Type(), to) {
		b.fail(e.Span(), "%s cannot be cast to %s", aType(x.Type()), functions.TypeName(to))
		return nil
	}
	if functions.Same(to, functions.Interval) && hasFixedLength(x) {
		return b.asWritten(x, to)
	}
	return &Cast{Typed: Typed{to, e.Span()}, Arg: x, Try: e.Try}
}

// fieldWithArgument binds what names a dotted field together with its argument, such as
// evt.arg[0] or proc.env['HOME'].
func (b *exprBinder) fieldWithArgument(e *ast.Index) (Expr, bool) {
	n, isName := e.X.(*ast.Name)
	arg, isLiteral := e.Lo.(*ast.Literal)
	if !isName || !isLiteral || len(n.Parts) < 2 || arg.Kind != ast.Number && arg.Kind != ast.String {
		return nil, false
	}
	parts := slices.Clone(n.Parts)
	parts[len(parts)-1].Name += "[" + arg.Text + "]"
	if len(b.scope.find(parts)) == 0 {
		return nil, false
	}
	return b.lookupColumn(parts, e.Span())
}

// index binds x[i] and x[lo:hi].
func (b *exprBinder) index(e *ast.Index) Expr {
	if !e.Slice {
		if x, ok := b.fieldWithArgument(e); ok {
			return x
		}
		x, at := b.expr(e.X), b.expr(e.Lo)
		if x != nil && hasParts(x.Type()) {
			return b.field(x, at, e.Span())
		}
		return b.call("array_extract", e.Span(), []Expr{x, at})
	}
	args := []Expr{b.expr(e.X)}
	for _, end := range []ast.Expr{e.Lo, e.Hi} {
		switch {
		case end != nil:
			args = append(args, b.expr(end))
		case len(args) == 1:
			args = append(args, bigintConst(1, e.Span()))
		default:
			args = append(args, bigintConst(-1, e.Span()))
		}
	}
	return b.call("array_slice", e.Span(), args)
}
