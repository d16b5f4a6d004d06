package ast_test

import (
	"strings"
	"testing"

	"tq/lang/ast"
)

func name(parts ...string) *ast.Name {
	n := &ast.Name{}
	for _, p := range parts {
		n.Parts = append(n.Parts, ast.Ident{Name: p})
	}
	return n
}

func number(text string) *ast.Literal { return &ast.Literal{Kind: ast.Number, Text: text} }

func binary(l ast.Expr, op string, r ast.Expr) *ast.Binary { return &ast.Binary{Op: op, L: l, R: r} }

// Trees that no parser made print as text that has their shape.
func TestPrint(t *testing.T) {
	f := func(n ast.Node, want string) {
		t.Helper()
		if got := ast.Print(n); got != want {
			t.Errorf("got  %s\nwant %s", got, want)
		}
	}
	a, b, c := name("a"), name("b"), name("c")
	f(name("order", "a b", `c"d`, ""), `"order"."a b"."c""d".""`)
	f(binary(binary(a, "-", b), "-", c), "a - b - c")
	f(binary(a, "-", binary(b, "-", c)), "a - (b - c)")
	f(binary(binary(a, "+", b), "*", c), "(a + b) * c")
	f(binary(binary(a, "=", b), "=", c), "(a = b) = c")
	f(binary(binary(a, "OR", b), "AND", &ast.Unary{Op: "NOT", X: c}), "(a OR b) AND NOT c")
	f(&ast.Unary{Op: "-", X: &ast.Unary{Op: "-", X: number("1")}}, "- -1")
	f(&ast.Cast{X: &ast.Unary{Op: "-", X: number("1")}, To: &ast.TypeName{Name: "DECIMAL", Args: []int{18, 3}, List: 1}}, "(-1)::DECIMAL(18, 3)[]")
	f(&ast.Is{Not: true, X: binary(a, "AND", b)}, "(a AND b) IS NOT NULL")
	f(&ast.Between{X: a, Lo: binary(a, "<", b), Hi: number("2")}, "a BETWEEN (a < b) AND 2")
	f(&ast.Call{Name: ast.Ident{Name: "extract"}, Args: []ast.Arg{{Expr: a}}}, `"extract"(a)`)
	f(&ast.Literal{Kind: ast.Typed, Text: "it's", Type: &ast.TypeName{Name: "DATE"}}, "DATE 'it''s'")

	one := &ast.Select{Items: []ast.SelectItem{{Expr: number("1"), Alias: ast.Ident{Name: "from"}}}}
	f(one, `SELECT 1 AS "from"`)
	union := &ast.SetOp{Op: ast.Union, Left: one, Right: one}
	f(&ast.SetOp{Op: ast.Intersect, Left: union, Right: union}, `(SELECT 1 AS "from" UNION SELECT 1 AS "from") INTERSECT (SELECT 1 AS "from" UNION SELECT 1 AS "from")`)
	f(&ast.Query{Body: &ast.Query{Body: one, Limit: number("1")}, Offset: number("2")}, `(SELECT 1 AS "from" LIMIT 1) OFFSET 2`)
	f(&ast.Window{}, "()")
	f(ast.Ident{Name: "x y"}, `"x y"`)
}

// A chain of operators is printed without recursion.
func TestPrintLongChain(t *testing.T) {
	var x ast.Expr = name("a")
	for range 1_000_000 {
		x = binary(x, "OR", name("b"))
	}
	if got := ast.Print(x); len(got) != 1+1_000_000*len(" OR b") || !strings.HasPrefix(got, "a OR b OR b") {
		t.Errorf("%d bytes: %.20s…", len(got), got)
	}
}

func TestInspect(t *testing.T) {
	tree := binary(name("a"), "+", &ast.Call{Name: ast.Ident{Name: "f"}, Args: []ast.Arg{{Expr: name("b")}, {Expr: name("c")}}})
	var seen []string
	ast.Inspect(tree, func(n ast.Node) bool {
		seen = append(seen, ast.Print(n))
		_, call := n.(*ast.Call)
		return !call
	})
	if got := strings.Join(seen, "; "); got != "a + f(b, c); a; f(b, c)" {
		t.Error(got)
	}
	ast.Inspect(nil, func(ast.Node) bool { t.Error("nil is no node"); return true })
}

func TestDepth(t *testing.T) {
	var deep ast.Expr = name("a")
	for range 1_000_000 {
		deep = &ast.Unary{Op: "-", X: deep}
	}
	if got := ast.Depth(deep); got != 1_000_001 {
		t.Errorf("Depth = %d", got)
	}
}

func TestKeywords(t *testing.T) {
	f := func(word string, class ast.KeywordClass, reserved bool, quoted string) {
		t.Helper()
		if ast.ClassOf(word) != class || ast.IsReserved(word) != reserved || ast.QuoteIdent(word) != quoted {
			t.Errorf("%s: class %d, reserved %v, written %s", word, ast.ClassOf(word), ast.IsReserved(word), ast.QuoteIdent(word))
		}
	}
	f("proc", ast.NotKeyword, false, "proc")
	f("first", ast.Unreserved, false, "first")
	f("LEFT", ast.NoBareAlias, false, "LEFT")
	f("select", ast.Reserved, true, `"select"`)
	f("group", ast.Reserved, false, "group")
	f("1a", ast.NotKeyword, false, `"1a"`)
	f("_a1", ast.NotKeyword, false, "_a1")
	f("ä", ast.NotKeyword, false, `"ä"`)
	if words := ast.Keywords(); len(words) < 100 || words[0] != "ALL" {
		t.Errorf("%d keywords from %s", len(words), words[0])
	}
}
