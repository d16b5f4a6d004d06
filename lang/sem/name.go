package sem

import (
	"strings"

	"tq/lang/ast"
)

// outputName is the name of a column of the SELECT list that is given none: a column
// keeps its own, other expressions are named by their text in a normal form, as DuckDB
// names them.
func outputName(e ast.Expr) string {
	if n, ok := e.(*ast.Name); ok {
		return dotted(n.Parts[max(len(n.Parts)-1, 0):])
	}
	return describe(e)
}

// columnsName is the name of an item with COLUMNS in it, for one of its columns.
func columnsName(e ast.Expr, c *ast.Columns, column string) string {
	return strings.ReplaceAll(describe(e), describe(c), column)
}

// describe is the text of an expression in a normal form.
func describe(e ast.Expr) string {
	switch e := e.(type) {
	case *ast.Name:
		return dotted(e.Parts)
	case *ast.Literal:
		switch e.Kind {
		case ast.String:
			return ast.QuoteText(e.Text)
		case ast.True, ast.False:
			return strings.ToLower(ast.Print(e))
		}
		return ast.Print(e)
	case *ast.Binary:
		return describeBinary(e)
	case *ast.Unary:
		if e.Op == "NOT" {
			return "(NOT " + describe(e.X) + ")"
		}
		return e.Op + describe(e.X)
	case *ast.Call:
		return describeCall(e)
	}
	return ast.Print(e)
}

// describeBinary follows chains of operators, which lean to the left, in a loop.
func describeBinary(e *ast.Binary) string {
	var chain []*ast.Binary
	var left ast.Expr = e
	for {
		b, ok := left.(*ast.Binary)
		if !ok {
			break
		}
		chain = append(chain, b)
		left = b.L
	}
	if len(chain) > 100 {
		return "expression"
	}
	s := describe(left)
	for i := len(chain) - 1; i >= 0; i-- {
		s = "(" + s + " " + chain[i].Op + " " + describe(chain[i].R) + ")"
	}
	return s
}

func describeCall(e *ast.Call) string {
	name := strings.ToLower(e.Name.Name)
	if e.Star && name == "count" && e.Over == nil && e.Filter == nil {
		return "count_star()"
	}
	if e.Over != nil || e.Filter != nil || len(e.OrderBy) > 0 || e.IgnoreNulls || e.Star {
		return ast.Print(e)
	}
	args := make([]string, len(e.Args))
	for i, a := range e.Args {
		if a.Expr == nil || a.Name.Name != "" {
			return ast.Print(e)
		}
		args[i] = describe(a.Expr)
	}
	distinct := ""
	if e.Distinct {
		distinct = "DISTINCT "
	}
	return name + "(" + distinct + strings.Join(args, ", ") + ")"
}
