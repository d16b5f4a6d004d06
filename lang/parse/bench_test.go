package parse_test

import (
	"fmt"
	"strings"
	"testing"

	"tq/lang/parse"
	"tq/lang/source"
)

func BenchmarkParse(b *testing.B) {
	const ordinary = "SELECT proc, count(*) AS calls, sum(bytes) FROM events WHERE type = 'sendmsg' AND dir = '>' GROUP BY proc ORDER BY calls DESC LIMIT 5"
	terms := make([]string, 10_000)
	for i := range terms {
		terms[i] = fmt.Sprintf("x = %d", i)
	}
	for _, c := range []struct{ name, text string }{
		{"select", ordinary},
		{"or=10K", "SELECT a WHERE " + strings.Join(terms, " OR ")},
		{"in=10K", "SELECT a WHERE x IN (" + strings.Join(terms, ", ") + ")"},
		{"parens=1K", "SELECT " + strings.Repeat("(", 1000) + "1" + strings.Repeat(")", 1000)},
		{"subqueries=1K", strings.Repeat("SELECT * FROM (", 1000) + "SELECT 1" + strings.Repeat(")", 1000)},
	} {
		b.Run(c.name, func(b *testing.B) {
			file := &source.File{Text: c.text}
			b.SetBytes(int64(len(c.text)))
			b.ReportAllocs()
			for b.Loop() {
				if _, err := parse.Parse(file); err != nil {
					b.Fatal(file.Render(err))
				}
			}
		})
	}
}
