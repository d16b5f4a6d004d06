package sem

import (
	"slices"
	"strings"

	"github.com/apache/arrow/go/v17/arrow"

	"tq/functions"
	"tq/functions/kernel"
	"tq/lang/ast"
	"tq/lang/source"
)

// callExpr binds a call as written: of a macro, a scalar function, an aggregate or a
// window function.
func (b *exprBinder) callExpr(e *ast.Call) Expr {
	name := strings.ToLower(e.Name.Name)
	e = b.unpackArgs(e)
	switch name {
	case "grouping", "grouping_id":
		return b.groupingCall(e)
	case "unnest":
		return b.unnestCall(e)
	case "generate_subscripts":
		return b.subscripts(e)
	}
	if b.env.Macro != nil {
		if m, ok := b.env.Macro(e.Name.Name); ok {
			return b.expandMacro(e, m)
		}
	}
	def, ok := functions.Lookup(name)
	if !ok {
		b.unknownFunction(e)
		return nil
	}
	switch {
	case def.Kind == functions.Table:
		b.fail(e.Span(), "%s is a table function: it can only stand in FROM", def.Name)
		return nil
	case e.Over != nil:
		if def.Kind == functions.Scalar {
			b.fail(e.Span(), "%s is neither a window function nor an aggregate, so it takes no OVER", def.Name)
			return nil
		}
		return b.windowCall(e, def)
	case def.Kind == functions.Window:
		b.fail(e.Span(), "%s is a window function: it needs OVER (…)", def.Name)
		return nil
	case def.Kind == functions.Aggregate:
		return b.aggregate(e, def)
	}
	return b.scalarCall(e, def)
}

// unpackArgs puts the columns of each *COLUMNS(…) in its place among the arguments.
func (b *exprBinder) unpackArgs(e *ast.Call) *ast.Call {
	unpacks := func(a ast.Arg) bool {
		c, ok := a.Expr.(*ast.Columns)
		return ok && c.Unpack
	}
	if !slices.ContainsFunc(e.Args, unpacks) {
		return e
	}
	out := *e
	out.Args = nil
	for _, a := range e.Args {
		if !unpacks(a) {
			out.Args = append(out.Args, a)
			continue
		}
		for _, x := range b.unpack([]ast.Expr{a.Expr}) {
			out.Args = append(out.Args, ast.Arg{Expr: x})
		}
	}
	return &out
}

// scalarCall binds a call of a scalar function.
func (b *exprBinder) scalarCall(e *ast.Call, def *functions.Def) Expr {
	switch {
	case e.Star:
		b.fail(e.Span(), "%s(*) has no meaning: only count takes *", def.Name)
		return nil
	case e.Distinct || len(e.OrderBy) > 0 || e.Filter != nil:
		b.fail(e.Span(), "%s is not an aggregate: DISTINCT, ORDER BY and FILTER do not apply", def.Name)
		return nil
	}
	switch def.Name {
	case "list_transform", "list_filter", "list_reduce":
		return b.lambdaCall(e, def)
	case "list_aggregate":
		return b.listAggregate(e)
	case "struct_pack", "row", "struct_insert", "struct_update", "struct_extract":
		return b.structCall(e, def)
	}
	args, ok := b.args(e)
	if !ok {
		return nil
	}
	out := b.resolve(def, e.Name.Span(), e.Span(), args)
	if call, ok := out.(*Call); ok && def.Name == "round" && len(args) == 2 {
		return b.roundedDecimal(call)
	}
	return out
}

// roundedDecimal gives round(DECIMAL, digits) the scale that constant digits say.
func (b *exprBinder) roundedDecimal(call *Call) Expr {
	if digits := b.tryConst(call.Args[1]); digits != nil && digits.Value.IsValid(0) {
		if typ, ok := functions.RoundedDecimal(call.Args[0].Type(), intValue(digits)); ok {
			call.Typ = typ
		}
	}
	return call
}

// args binds the arguments of a call.
func (b *exprBinder) args(e *ast.Call) ([]Expr, bool) {
	args := make([]Expr, 0, len(e.Args))
	ok := true
	for _, a := range e.Args {
		switch {
		case a.Expr == nil:
			b.fail(e.Span(), "%s does not take a query", e.Name.Name)
			ok = false
		case a.Name.Name != "":
			b.fail(a.Name.Span(), "%s has no parameter that can be given by name", e.Name.Name)
			ok = false
		default:
			x := b.expr(a.Expr)
			ok = ok && x != nil
			args = append(args, x)
		}
	}
	return args, ok
}

// callArgs calls a function that syntax stands for.
func (b *exprBinder) callArgs(name string, at source.Span, args []ast.Expr) Expr {
	return b.call(name, at, b.exprList(args))
}

// call calls a function or operator by name on bound arguments.
func (b *binder) call(name string, at source.Span, args []Expr) Expr {
	for _, a := range args {
		if a == nil {
			return nil
		}
	}
	def, ok := functions.Lookup(name)
	if !ok {
		b.fail(at, "there is no operator %s", name)
		return nil
	}
	return b.resolve(def, at, at, args)
}

// resolve chooses the overload for the arguments and converts them to its types. nameAt
// is where the function is named, at the whole call.
func (b *binder) resolve(def *functions.Def, nameAt, at source.Span, args []Expr) Expr {
	if def.Family == functions.JSONFamily && len(args) == 2 {
		if args = b.jsonPath(def, at, args); args == nil {
			return nil
		}
	}
	overload, args, ret := b.overload(def, nameAt, args)
	if overload == nil {
		return nil
	}
	return &Call{Typed: Typed{ret, at}, Fn: def, Overload: overload, Args: args}
}

// jsonPath looks at the path of a function of JSON: one that may lead to any number of
// values is put into a list, since there are as many results. It returns nil if the path is
// none, which has been reported.
func (b *binder) jsonPath(def *functions.Def, at source.Span, args []Expr) []Expr {
	if args[1].Type().ID() == arrow.BOOL && slices.Contains(def.Aliases, "->") {
		b.fail(at, "a condition is no path in JSON").WithHint("-> binds more loosely than comparisons, AND and OR: put it in parentheses")
		return nil
	}
	if !isStringConst(args[1]) {
		return args
	}
	path, _ := kernel.Value(args[1].(*Const).Value, 0).(string)
	if !functions.LeadsToMany(path) {
		return args
	}
	return []Expr{args[0], b.call("list_value", args[1].Span(), args[1:])}
}

// overload chooses the overload of a function and converts the arguments. The overload
// is nil when there is none, which has been reported.
func (b *binder) overload(def *functions.Def, at source.Span, args []Expr) (*functions.Overload, []Expr, arrow.DataType) {
	types := make([]arrow.DataType, len(args))
	literals := false
	for i, a := range args {
		types[i] = a.Type()
		literals = literals || isStringConst(a)
	}
	narrowLiterals(args, types)
	if literals {
		adaptLiterals(def, args, types)
	}
	o, want, ret, err := functions.Resolve(def, types)
	if err != nil && literals {
		o, want, ret, err = resolveLiterals(def, args, types)
	}
	if err != nil {
		b.noOverload(def, at, args)
		return nil, nil, nil
	}
	converted := make([]Expr, len(args))
	ok := true
	for i, a := range args {
		converted[i] = b.convert(a, want[i])
		ok = ok && converted[i] != nil
	}
	if !ok {
		return nil, nil, nil
	}
	return o, converted, ret
}

// resolveLiterals resolves a call once more with its string literals as values of no
// type of their own: they become what the signature wants there.
func resolveLiterals(def *functions.Def, args []Expr, types []arrow.DataType) (*functions.Overload, []arrow.DataType, arrow.DataType, error) {
	types = append([]arrow.DataType(nil), types...)
	for i, a := range args {
		if isStringConst(a) {
			types[i] = functions.Null
		}
	}
	return functions.Resolve(def, types)
}

// adaptLiterals leaves string literals without a type of their own where arguments agree
// on one: they become what the others are.
func adaptLiterals(def *functions.Def, args []Expr, types []arrow.DataType) {
	if !def.Unifies(len(args)) || !slices.ContainsFunc(args, func(a Expr) bool { return !isStringConst(a) && !isNull(a.Type()) }) {
		return
	}
	for i, a := range args {
		if isStringConst(a) {
			types[i] = functions.Null
		}
	}
}

// narrowLiterals gives whole numbers as written the type of the integers beside them,
// if that holds their value: they don't widen what is computed.
func narrowLiterals(args []Expr, types []arrow.DataType) {
	var others []Expr
	for _, a := range args {
		if c, ok := a.(*Const); (!ok || !c.Literal) && arrow.IsInteger(a.Type().ID()) {
			others = append(others, a)
		}
	}
	if len(others) == 0 {
		return
	}
	for i, a := range args {
		if c, ok := a.(*Const); ok && c.Literal && fitsAll(c, others) {
			types[i] = others[0].Type()
		}
	}
}

// aggregate binds a call of an aggregate without OVER.
func (b *exprBinder) aggregate(e *ast.Call, def *functions.Def) Expr {
	if x, ok := b.outerAggregate(e, def); ok {
		return x
	}
	if !b.aggs {
		b.aggregateNotAllowed(e.Span(), b.clause)
		return nil
	}
	inner := *b
	inner.aggs, inner.windows = false, false
	inner.clause = "an aggregate"
	if inner.aliases == aliasesFirst {
		inner.aliases = columnsFirst
	}
	call, ok := inner.aggCall(e, def)
	if !ok {
		return nil
	}
	return &aggExpr{Typed: Typed{call.Out.Type, e.Span()}, call: call}
}

// outerAggregate binds an aggregate of nothing but columns of an enclosing query: it is
// that query's, whose groups it is of, and comes in as other values of its rows do.
func (b *exprBinder) outerAggregate(e *ast.Call, def *functions.Def) (Expr, bool) {
	outer := b.level.outer
	if outer == nil || !outer.aggs || b.macro != nil || !b.onlyOuter(e) {
		return nil, false
	}
	x := outer.aggregate(e, def)
	if x == nil {
		return nil, true
	}
	return b.fromOuter(b.level, x, b.outputName(e), e.Span()), true
}

// onlyOuter reports whether a call names columns, and none of the query's own.
func (b *exprBinder) onlyOuter(e *ast.Call) bool {
	names, own := 0, false
	ast.Inspect(e, func(n ast.Node) bool {
		switch n := n.(type) {
		case *ast.Name:
			names++
			own = own || len(b.scope.find(n.Parts)) > 0 || b.sel != nil && b.sel.findAlias(dotted(n.Parts)) >= 0
		case *ast.Query, *ast.Lambda, *ast.SysdigFilter, *ast.Position, *ast.Columns:
			own = true // it isn't worth looking into these
		}
		return !own
	})
	return names > 0 && !own && !b.scope.broken()
}

// aggCall binds what aggregates and window calls have in common: arguments, DISTINCT,
// ORDER BY and FILTER. The id of its column is given later.
func (b *exprBinder) aggCall(e *ast.Call, def *functions.Def) (AggCall, bool) {
	name := b.outputName(e)
	e = keyAsArgument(e, def)
	var args []Expr
	ok := true
	if e.Star {
		if def.Name != "count" {
			b.fail(e.Span(), "%s(*) has no meaning: only count takes *", def.Name)
			return AggCall{}, false
		}
	} else {
		args, ok = b.args(e)
	}
	call := AggCall{Fn: def, Distinct: e.Distinct, At: e.Span()}
	if e.Filter != nil {
		inner := *b
		inner.clause = "FILTER"
		call.Filter = inner.condition(e.Filter)
		ok = ok && call.Filter != nil
	}
	keys, keysOK := b.keys(e.OrderBy)
	call.OrderBy = keys
	if !ok || !keysOK {
		return call, false
	}
	overload, args, ret := b.overload(def, e.Name.Span(), args)
	if overload == nil {
		return call, false
	}
	call.Overload, call.Args = overload, args
	call.Out = Column{Name: name, Type: ret}
	return call, true
}

// keyAsArgument returns a call of a function of an ordered set, such as quantile_cont(0.5
// ORDER BY x) or mode(ORDER BY x), as that of the same function with x as its first
// argument. A negative share counts from the greatest.
func keyAsArgument(e *ast.Call, def *functions.Def) *ast.Call {
	shares := map[string]int{"mode": 0, "quantile_cont": 1, "quantile_disc": 1}
	if n, ok := shares[def.Name]; !ok || len(e.Args) != n || len(e.OrderBy) != 1 {
		return e
	}
	key, out := e.OrderBy[0], *e
	out.Args, out.OrderBy = []ast.Arg{{Expr: key.Expr}}, nil
	for _, a := range e.Args {
		if share := a.Expr; key.Desc && share != nil {
			a.Expr = &ast.Unary{Pos: ast.Pos{At: share.Span()}, Op: "-", X: share}
		}
		out.Args = append(out.Args, a)
	}
	return &out
}

// groupingCall binds GROUPING(…).
func (b *exprBinder) groupingCall(e *ast.Call) Expr {
	if !b.aggs || b.sel == nil || b.sel.node.GroupBy == nil {
		b.fail(e.Span(), "GROUPING needs a GROUP BY, and cannot be used in %s", b.clause)
		return nil
	}
	inner := *b
	inner.aggs, inner.windows = false, false
	args, ok := inner.args(e)
	if !ok {
		return nil
	}
	if len(args) == 0 || len(args) > 32 {
		b.fail(e.Span(), "GROUPING takes 1 to 32 expressions of the GROUP BY")
		return nil
	}
	return &groupingExpr{Typed: Typed{functions.BigInt, e.Span()}, args: args}
}

// Operator applies an operator to operands that it is known to take as they are.
func Operator(op string, args ...Expr) Expr {
	b := &binder{env: &Env{}}
	return b.call(op, args[0].Span().To(args[len(args)-1].Span()), args)
}
