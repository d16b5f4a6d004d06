package lang_test

import (
	"slices"
	"testing"

	"tq/functions"
	"tq/lang"
	"tq/lang/ast"
	"tq/lang/source"
)

// TestArrowLambdas checks that x -> body is read as a lambda in the arguments of just the
// functions that take one.
func TestArrowLambdas(t *testing.T) {
	takers := 0
	for _, d := range functions.All() {
		takes := slices.ContainsFunc(d.Overloads, func(o functions.Overload) bool { return slices.Contains(o.Args, functions.Lambda) })
		for _, name := range append([]string{d.Name}, d.Aliases...) {
			script, err := lang.Parse(&source.File{Text: `SELECT "` + name + `"(l, x -> x)`})
			if err != nil {
				t.Fatalf("%s: %v", name, err)
			}
			read := false
			ast.Inspect(script.Stmts[0], func(n ast.Node) bool {
				_, isLambda := n.(*ast.Lambda)
				read = read || isLambda
				return true
			})
			if read != takes {
				t.Errorf("%s takes a lambda: %t; the parser reads one: %t", name, takes, read)
			}
			if takes {
				takers++
			}
		}
	}
	if takers == 0 {
		t.Error("no function takes a lambda")
	}
}
