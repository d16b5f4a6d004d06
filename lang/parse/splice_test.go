package parse_test

import (
	"flag"
	"math/rand/v2"
	"reflect"
	"testing"

	"tq/lang/ast"
	"tq/lang/parse"
	"tq/lang/source"
)

var (
	splices    = flag.Int("splices", 3000, "how many spliced statements to try")
	spliceSeed = flag.Uint64("seed", 0, "the seed of the spliced statements; 0 takes another each time")
)

// TestSplices puts the expressions of the good statements into each other's places,
// with and without parentheses, and takes what parses through a round trip: operators
// meet in all combinations.
func TestSplices(t *testing.T) {
	var texts []string
	statements(func(in, _ string) { texts = append(texts, in) })
	expressions(func(in, _ string) { texts = append(texts, "SELECT "+in) })
	var parts []string
	for _, text := range texts {
		for _, at := range expressionSpans(t, text) {
			parts = append(parts, text[at.Start:at.End])
		}
	}
	seed := *spliceSeed
	if seed == 0 {
		seed = rand.Uint64()
	}
	random := rand.New(rand.NewPCG(seed, 0))
	parsed := 0
	for range *splices {
		text := texts[random.IntN(len(texts))]
		for range 1 + random.IntN(3) {
			spans := expressionSpans(t, text)
			if len(spans) == 0 {
				break
			}
			at, part := spans[random.IntN(len(spans))], parts[random.IntN(len(parts))]
			if random.IntN(2) == 0 {
				part = "(" + part + ")"
			}
			spliced := text[:at.Start] + part + text[at.End:]
			if _, err := parse.Parse(&source.File{Text: spliced}); err != nil {
				checkError(t, &source.File{Text: spliced}, err)
				continue
			}
			text = spliced
			parsed++
		}
		script, err := parse.Parse(&source.File{Text: text})
		if err != nil {
			t.Fatal(err)
		}
		printed := ast.Print(script)
		again, err := parse.Parse(&source.File{Text: printed})
		if err != nil {
			t.Fatalf("seed %d: what was printed for\n%s\ndoes not parse: %v\n%s", seed, text, err, printed)
		}
		if !sameTree(reflect.ValueOf(script), reflect.ValueOf(again)) {
			t.Fatalf("seed %d:\n%s\nprints as\n%s\nand that as\n%s", seed, text, printed, ast.Print(again))
		}
	}
	if parsed < *splices/4 {
		t.Errorf("only %d of %d splices parse", parsed, *splices)
	}
}

// expressionSpans returns where the expressions of a good text stand.
func expressionSpans(t *testing.T, text string) []source.Span {
	t.Helper()
	script, err := parse.Parse(&source.File{Text: text})
	if err != nil {
		t.Fatalf("%s: %v", text, err)
	}
	var spans []source.Span
	ast.Inspect(script, func(n ast.Node) bool {
		if _, ok := n.(ast.Expr); ok && n.Span().End > n.Span().Start {
			spans = append(spans, n.Span())
		}
		return true
	})
	return spans
}
