package sem

import (
	"slices"
	"strings"

	"tq/lang/ast"
	"tq/lang/source"
)

// expansion is a macro whose text is being bound in the place of a call. The parameters
// stand for the arguments as they were written: an argument means in the macro's text
// what it would mean if it had been written there, and the text sees the WITH queries
// around the call, as in DuckDB.
type expansion struct {
	args  map[string]ast.Expr // by parameter in lower case
	outer *expansion          // the macro whose text the call stands in; nil for none
}

// arg returns the argument that a name stands for inside a macro.
func (x *expansion) arg(n *ast.Name) (ast.Expr, bool) {
	if x == nil || len(n.Parts) != 1 {
		return nil, false
	}
	e, ok := x.args[strings.ToLower(n.Parts[0].Name)]
	return e, ok
}

// macroArgument binds an argument of the macro being expanded.
func (b *exprBinder) macroArgument(e ast.Expr) Expr {
	outside := *b
	outside.macro = b.macro.outer
	return outside.expr(e)
}

// expandMacro binds the body of a scalar macro with its parameters standing for the
// arguments of the call.
func (b *exprBinder) expandMacro(e *ast.Call, m *ast.CreateMacro) Expr {
	if m.Body == nil {
		b.fail(e.Span(), "%s is a table macro: it can only stand in FROM", m.Name.Name)
		return nil
	}
	var x Expr
	b.expanding(e, m, func(q queryBinder) {
		inner := *b
		inner.queryBinder = q
		x = inner.expr(m.Body)
	})
	return Rewrite(x, func(x Expr) Expr { return Respan(x, e.Span()) })
}

// expandTableMacro binds the query of a table macro as if it stood in the place of the
// call: the arguments may refer to what stands before it in FROM.
func (q queryBinder) expandTableMacro(t *ast.TableFunc, m *ast.CreateMacro, left *scope) (src Source, sc *scope) {
	src, sc = brokenSource()
	if m.Query == nil {
		q.fail(t.Call.Span(), "%s is no table macro: it cannot stand in FROM", m.Name.Name)
		return src, sc
	}
	q.expanding(t.Call, m, func(inner queryBinder) {
		src, sc = inner.derived(&ast.Derived{Pos: t.Pos, Query: m.Query, Alias: t.Alias}, left)
		if s, ok := src.(*QuerySource); ok {
			at := t.Span()
			s.View = &at
		}
	})
	return src, sc
}

// expanding calls bind with a binder for the text of a macro. What is wrong there is said
// of the call, since the text stands elsewhere.
func (q queryBinder) expanding(e *ast.Call, m *ast.CreateMacro, bind func(queryBinder)) {
	name := m.Name.Name
	if slices.ContainsFunc(q.macros, func(s string) bool { return strings.EqualFold(s, name) }) {
		q.fail(e.Span(), "macro %q refers to itself", name)
		return
	}
	args, ok := q.macroArgs(e, m)
	if !ok {
		return
	}
	q.macros = append(q.macros, name)
	before := len(q.errs)
	inner := q
	inner.macro = &expansion{args: args, outer: q.macro}
	bind(inner)
	q.macros = q.macros[:len(q.macros)-1]
	for _, err := range q.errs[before:] {
		err.Span, err.Msg = e.Span(), "in macro "+name+": "+err.Msg
	}
}

// macroArgs pairs the parameters of a macro with the arguments of a call.
func (q queryBinder) macroArgs(e *ast.Call, m *ast.CreateMacro) (map[string]ast.Expr, bool) {
	args := map[string]ast.Expr{}
	for i, a := range e.Args {
		name := a.Name.Name
		if name == "" && i < len(m.Params) {
			name = m.Params[i].Name.Name
		}
		known := slices.ContainsFunc(m.Params, func(p ast.MacroParam) bool { return strings.EqualFold(p.Name.Name, name) })
		if !known || a.Expr == nil {
			return nil, q.wrongMacroArgs(e.Span(), m)
		}
		args[strings.ToLower(name)] = a.Expr
	}
	for _, p := range m.Params {
		name := strings.ToLower(p.Name.Name)
		switch {
		case args[name] != nil:
		case p.Default == nil:
			q.fail(e.Span(), "macro %s needs a value for %s", m.Name.Name, p.Name.Name)
			return nil, false
		default:
			args[name] = p.Default
		}
	}
	return args, true
}

func (q queryBinder) wrongMacroArgs(at source.Span, m *ast.CreateMacro) bool {
	names := make([]string, len(m.Params))
	for i, p := range m.Params {
		names[i] = p.Name.Name
	}
	takes := "no arguments"
	if len(names) > 0 {
		takes = "(" + strings.Join(names, ", ") + ")"
	}
	q.fail(at, "macro %s takes %s", m.Name.Name, takes)
	return false
}

// CheckMacro reports what can be wrong with a macro before it is used.
func CheckMacro(m *ast.CreateMacro) error {
	var errs source.ErrorList
	for _, p := range m.Params {
		ast.Inspect(p.Default, func(n ast.Node) bool {
			if n, ok := n.(*ast.Name); ok {
				errs = append(errs, source.Errorf(n.Span(), "the default of a parameter cannot refer to columns or other parameters"))
			}
			return true
		})
	}
	return errs.Err()
}
