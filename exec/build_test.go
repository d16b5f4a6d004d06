package exec

import (
	"go/ast"
	"go/parser"
	"go/token"
	"testing"
)

// TestBuildExhaustive compares the plan nodes, which are the types with a Columns
// method, with the cases of the builder's switch.
func TestBuildExhaustive(t *testing.T) {
	nodes := map[string]bool{}
	for _, decl := range parseFile(t, "../lang/plan/columns.go").Decls {
		f, ok := decl.(*ast.FuncDecl)
		if ok && f.Name.Name == "Columns" && f.Recv != nil {
			nodes[f.Recv.List[0].Type.(*ast.StarExpr).X.(*ast.Ident).Name] = true
		}
	}
	cases := map[string]bool{}
	ast.Inspect(parseFile(t, "build.go"), func(n ast.Node) bool {
		if s, ok := n.(*ast.CaseClause); ok {
			for _, e := range s.List {
				if star, ok := e.(*ast.StarExpr); ok {
					cases[star.X.(*ast.SelectorExpr).Sel.Name] = true
				}
			}
		}
		return true
	})
	if len(nodes) < 10 {
		t.Fatalf("found only %d plan nodes", len(nodes))
	}
	for name := range nodes {
		if !cases[name] {
			t.Errorf("plan.%s has no case in build.go", name)
		}
	}
}

func parseFile(t *testing.T, path string) *ast.File {
	t.Helper()
	f, err := parser.ParseFile(token.NewFileSet(), path, nil, 0)
	if err != nil {
		t.Fatal(err)
	}
	return f
}
