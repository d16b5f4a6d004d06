package parse_test

import (
	"fmt"
	"strings"
	"testing"
	"time"

	"tq/lang/parse"
	"tq/lang/source"
)

func repeat(n int, format, separator string) string {
	parts := make([]string, n)
	for i := range parts {
		parts[i] = strings.ReplaceAll(format, "#", fmt.Sprint(i))
	}
	return strings.Join(parts, separator)
}

// What is large but flat, or deep within the limit, parses and prints.
func TestLargeText(t *testing.T) {
	f := func(name, text string) {
		t.Helper()
		start := time.Now()
		roundTrip(t, text)
		t.Logf("%s: %d bytes, parsed twice and printed in %v", name, len(text), time.Since(start))
	}
	f("OR", "SELECT a WHERE "+repeat(10_000, "x = #", " OR "))
	f("1 MB of terms", "SELECT a WHERE "+repeat(45_000, "'value number #' = x", " OR "))
	f("1 MB of list", "SELECT a WHERE x IN ("+repeat(100_000, "'item #'", ", ")+")")
	f("unions", repeat(5_000, "SELECT # FROM a JOIN b ON c = d WHERE e", " UNION ALL "))
	f("statements", repeat(5_000, "SELECT a, b FROM c WHERE d = # ORDER BY e LIMIT 5", ";\n"))
	f("1 MB of string", "SELECT '"+strings.Repeat("a''b\n", 200_000)+"'")
	f("parentheses", "SELECT "+strings.Repeat("(", 1000)+"1"+strings.Repeat(")", 1000))
	f("parenthesised sums", "SELECT "+strings.Repeat("(1 + ", 1000)+"1"+strings.Repeat(") * 2", 1000))
	f("scalar subqueries", "SELECT "+strings.Repeat("(SELECT ", 1000)+"1"+strings.Repeat(")", 1000))
	f("derived tables", strings.Repeat("SELECT * FROM (", 1000)+"SELECT 1"+strings.Repeat(")", 1000))
	f("parenthesised queries", strings.Repeat("(", 1000)+"SELECT 1"+strings.Repeat(" LIMIT 1)", 1000))
	f("parenthesised joins", "FROM "+strings.Repeat("(a JOIN ", 1000)+"b"+strings.Repeat(" ON c)", 1000))
	f("CASE", "SELECT "+strings.Repeat("CASE WHEN a THEN ", 1000)+"1"+strings.Repeat(" END", 1000))
	f("calls", "SELECT "+strings.Repeat("f(a, ", 1000)+"1"+strings.Repeat(")", 1000))
	f("prefixes", "SELECT "+strings.Repeat("NOT ", 10_000)+strings.Repeat("- + ", 10_000)+"a")
	f("casts", "SELECT a"+strings.Repeat("[1]", 10_000)+strings.Repeat("::INT", 10_000))
	f("joins", "FROM a"+repeat(10_000, " JOIN t# ON x", ""))
}

// What is deeper than the limits is refused where it gets too deep.
func TestTooDeep(t *testing.T) {
	f := func(text, want string, column int) {
		t.Helper()
		file := &source.File{Text: text}
		_, err := parse.Parse(file)
		e, ok := err.(*source.Error)
		if !ok || e.Msg != want || e.Span.Start != column {
			t.Errorf("%.40s…: %.200v", text, err)
		}
	}
	const brackets, operators = "this nests more than 2000 levels deep", "this nests more than 100000 operators deep"
	f("SELECT "+strings.Repeat("(", 400_000), brackets, 7+2000)
	f("SELECT "+strings.Repeat("(", 400_000)+"1"+strings.Repeat(")", 400_000), brackets, 7+2000)
	f("SELECT "+strings.Repeat("[", 5000), brackets, 7+2000)
	f("SELECT "+strings.Repeat("CASE WHEN ", 5000), brackets, 7+20_000)
	f(strings.Repeat("SELECT * FROM (", 5000), brackets, 14+2000*15)
	f("SELECT "+strings.Repeat("NOT ", 200_000)+"a", operators, 0)
	f("SELECT "+strings.Repeat("- ", 200_000)+"a", operators, 0)
	f("SELECT a"+strings.Repeat("::INT", 200_000), operators, 0)
	f("SELECT "+strings.Repeat("a + ", 200_000)+"a", operators, 0)
	f("SELECT "+strings.Repeat("a = NOT ", 100_000)+"a", operators, 0)
	f("SELECT "+strings.Repeat("a LIKE NOT ", 100_000)+"a", operators, 0)
}

func TestInvalidUTF8(t *testing.T) {
	f := func(text string) {
		t.Helper()
		roundTrip(t, text)
	}
	f("SELECT 'a\xff\xfeb', \"c\xff\", $$\xc3$$ -- \xff\n /* \xff */")
	f("SELECT E'\\xff' || {a.b='\xff'}")
	f("SELECT 'a\x00b'")
}
