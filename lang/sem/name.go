package sem

import "tq/lang/ast"

// outputName is the name of a column of the SELECT list that is given none: a column
// keeps its own, other expressions are named by their text in the normal form that
// DuckDB gives them. windows are those of the SELECT block.
func outputName(e ast.Expr, windows []ast.NamedWindow) string {
	if n, ok := e.(*ast.Name); ok {
		return dotted(n.Parts[max(len(n.Parts)-1, 0):])
	}
	return canonicalText(e, windows)
}
