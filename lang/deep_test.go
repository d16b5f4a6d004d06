package lang_test

import (
	"fmt"
	"strings"
	"testing"

	"tq/lang"
	"tq/lang/plan"
	"tq/lang/sem/semtest"
	"tq/lang/source"
)

// TestDeep checks that long and deep queries compile, or are refused, in one piece.
func TestDeep(t *testing.T) {
	f := func(name, text string) {
		t.Helper()
		t.Run(name, func(t *testing.T) {
			file := &source.File{Text: text}
			script, err := lang.Parse(file)
			if err != nil {
				return
			}
			p, err := lang.Compile(script.Stmts[0], semtest.Env())
			if err == nil {
				plan.Explain(p.Root)
			}
		})
	}
	repeat := func(s, sep string, n int) string { return strings.TrimSuffix(strings.Repeat(s+sep, n), sep) }
	f("or of different columns", "select a from t where "+repeat("a = 1 or b < 2", " or ", 10_000))
	f("and", "select a from t where "+repeat("a <> b", " and ", 10_000))
	f("alternating", "select a from t where "+repeat("a = 1 and b = 2 or c = 'x'", " and ", 5_000))
	f("sum", "select "+repeat("a", " + ", 9_000)+" from t")
	f("longer sum", "select "+repeat("a", " + ", 40_000)+" from t")
	f("parentheses", "select "+strings.Repeat("(", 150)+"a"+strings.Repeat(")", 150)+" from t")
	f("not", "select "+strings.Repeat("not ", 5_000)+"true")
	f("in list", "select a from t where a in ("+repeat("1", ", ", 50_000)+")")
	f("case", "select case "+repeat("when a = 1 then 2", " ", 10_000)+" end from t")
	f("union all", repeat("select a from t", " union all ", 2_000))
	f("subqueries", strings.Repeat("select * from (", 100)+"select a from t"+strings.Repeat(")", 100))
	f("joins", "select 1 from "+repeat("t", ", ", 1)+strings.Repeat(" cross join (select 1)", 100))
	f("columns", "select "+repeat("a + b", ", ", 5_000)+" from t")

	aliases, with := "a as x0", "with t0 as (select 1 x)"
	for i := range 60 {
		aliases += fmt.Sprintf(", x%d + x%d as x%d", i, i, i+1)
		with += fmt.Sprintf(", t%d as (select l.x from t%d l, t%d r)", i+1, i, i)
	}
	f("aliases that double", "select "+aliases+" from t")
	f("queries that double", with+" select * from t60")
}
