package sem

import (
	"slices"
	"strings"

	"github.com/apache/arrow/go/v17/arrow"

	"tq/lang/ast"
)

// macroArg is an argument of a macro: an expression and where it is bound.
type macroArg struct {
	expr ast.Expr
	in   *exprBinder
	to   arrow.DataType // what it is converted to; nil: what it is
}

// bind binds the argument in the place of the call, not of the macro.
func (a *macroArg) bind() Expr {
	x := a.in.expr(a.expr)
	if a.to == nil || x == nil {
		return x
	}
	return a.in.argument(x, a.to)
}

// expandMacro binds the body of a scalar macro with its parameters standing for the
// arguments of the call.
func (b *exprBinder) expandMacro(e *ast.Call, m *ast.CreateMacro) Expr {
	name := m.Name.Name
	if m.Body == nil {
		b.fail(e.Span(), "%s is a table macro: it can only stand in FROM", name)
		return nil
	}
	if slices.ContainsFunc(b.macro, func(s string) bool { return strings.EqualFold(s, name) }) {
		b.fail(e.Span(), "macro %q refers to itself", name)
		return nil
	}
	params, ok := b.macroParams(e, m)
	if !ok {
		return nil
	}
	b.macro = append(b.macro, name)
	defer func() { b.macro = b.macro[:len(b.macro)-1] }()
	inner := *b
	inner.params = params
	before := len(b.errs)
	x := inner.expr(m.Body)
	for _, err := range b.errs[before:] {
		err.Span, err.Msg = e.Span(), "in macro "+name+": "+err.Msg
	}
	return retarget(x, e)
}

// retarget gives what came from a macro's text, whose spans mean nothing in the text of
// the statement, the place of the call.
func retarget(x Expr, e *ast.Call) Expr {
	return Rewrite(x, func(x Expr) Expr { return Respan(x, e.Span()) })
}

// macroParams pairs the parameters of a macro with the arguments of a call.
func (b *exprBinder) macroParams(e *ast.Call, m *ast.CreateMacro) (map[string]*macroArg, bool) {
	params := map[string]*macroArg{}
	for _, p := range m.Params {
		if p.Default != nil {
			params[strings.ToLower(p.Name.Name)] = &macroArg{expr: p.Default, in: b}
		}
	}
	for i, a := range e.Args {
		name := a.Name.Name
		if name == "" && i < len(m.Params) {
			name = m.Params[i].Name.Name
		}
		known := slices.ContainsFunc(m.Params, func(p ast.MacroParam) bool { return strings.EqualFold(p.Name.Name, name) })
		if !known || a.Expr == nil {
			b.fail(e.Span(), "macro %s takes %s", m.Name.Name, paramNames(m))
			return nil, false
		}
		params[strings.ToLower(name)] = &macroArg{expr: a.Expr, in: b}
	}
	for _, p := range m.Params {
		if params[strings.ToLower(p.Name.Name)] == nil {
			b.fail(e.Span(), "macro %s needs a value for %s", m.Name.Name, p.Name.Name)
			return nil, false
		}
	}
	return params, true
}

func paramNames(m *ast.CreateMacro) string {
	if len(m.Params) == 0 {
		return "no arguments"
	}
	names := make([]string, len(m.Params))
	for i, p := range m.Params {
		names[i] = p.Name.Name
	}
	return "(" + strings.Join(names, ", ") + ")"
}
