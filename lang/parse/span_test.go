package parse_test

import (
	"regexp"
	"testing"

	"tq/lang/ast"
	"tq/lang/parse"
	"tq/lang/source"
)

// wordForConstant matches texts that stand for a constant without being one, as HOUR
// does in extract(HOUR FROM ts), and x <> ALL (list), whose two nodes share a span.
var wordForConstant = regexp.MustCompile(`^(parquet|HOUR|substring|name|.* ALL \(list\))$`)

// TestSpans checks that the span of every expression is the text of just this
// expression: parsing it alone gives the same tree.
func TestSpans(t *testing.T) {
	check := func(in, _ string) {
		t.Helper()
		file := &source.File{Text: in}
		script, err := parse.Parse(file)
		if err != nil {
			t.Fatal(file.Render(err))
		}
		ast.Inspect(script, func(n ast.Node) bool {
			at := n.Span()
			if at.Start < 0 || at.End < at.Start || at.End > len(in) {
				t.Errorf("%s\n%T stands at %v", in, n, at)
				return false
			}
			x, ok := n.(ast.Expr)
			if _, star := n.(*ast.Star); !ok || star {
				return true
			}
			text := file.Slice(at)
			if wordForConstant.MatchString(text) {
				return true
			}
			alone, err := parse.ParseExpr(&source.File{Text: text})
			if err != nil {
				t.Errorf("%s\nthe span of %s is %q: %v", in, ast.Print(x), text, err)
			} else if got, want := ast.Print(alone), ast.Print(x); got != want {
				t.Errorf("%s\nthe span of %s is %q", in, want, text)
			}
			return true
		})
	}
	statements(check)
	expressions(func(in, _ string) { check("SELECT "+in, "") })
}
