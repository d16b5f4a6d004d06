package main

import (
	"context"
	"io"
	"os"
	"regexp"
	"strings"
	"sync"
	"testing"
	"time"

	"tq/cmd/tq/queries"
	"tq/functions"
	"tq/lang/source"
	"tq/storage"
)

// TestExamples runs the example of every function the whole way and compares its result
// with the documented one, which is what csv shows without quotes, and NULL.
func TestExamples(t *testing.T) {
	catalog, err := docCatalog()
	if err != nil {
		t.Fatal(err)
	}
	t.Chdir(tableFiles)
	null := "NULL"
	for _, d := range functions.All() {
		if d.Example == "" || d.Volatile {
			continue
		}
		var out, errs strings.Builder
		s := newSession(catalog, settings{zone: time.UTC, format: "tsv", null: &null}, &out, &errs)
		if err := s.Run(context.Background(), &source.File{Text: "SELECT " + d.Example}); err != nil {
			t.Errorf("%s: %s: %s", d.Name, d.Example, errs.String())
			continue
		}
		if got := strings.TrimSuffix(out.String(), "\n"); got != d.Result && unquoted(got) != d.Result {
			t.Errorf("%s: %s is %s, documented as %s", d.Name, d.Example, got, d.Result)
		}
	}
}

// unquoted returns what a field in quotes holds.
func unquoted(field string) string {
	inner, ok := strings.CutPrefix(field, `"`)
	if inner, quoted := strings.CutSuffix(inner, `"`); ok && quoted {
		return strings.ReplaceAll(inner, `""`, `"`)
	}
	return field
}

var sqlBlock = regexp.MustCompile("(?s)```sql( fails)?\n(.*?)```")

// TestDocs runs the SQL in the documents on the capture that they are about. A block
// marked "sql fails" must fail.
func TestDocs(t *testing.T) {
	for _, name := range []string{"GRAMMAR.md", "README.md"} {
		t.Run(name, func(t *testing.T) {
			text, err := os.ReadFile("../../" + name)
			if err != nil {
				t.Fatal(err)
			}
			docSession(t, io.Discard) // the capture is opened before the folder changes
			t.Chdir(tableFiles)
			var errs strings.Builder
			for _, m := range sqlBlock.FindAllStringSubmatchIndex(string(text), -1) {
				line := 1 + strings.Count(string(text[:m[4]]), "\n")
				errs.Reset()
				s := docSession(t, &errs)
				err := s.Run(context.Background(), &source.File{Text: string(text[m[4]:m[5]])})
				if fails := m[2] >= 0; fails != (err != nil) {
					t.Errorf("%s:%d: fails %v, want %v: %s", name, line, err != nil, fails, errs.String())
				}
			}
		})
	}
}

// TestQueries runs every built-in query with its defaults, or with values that suit the
// capture.
func TestQueries(t *testing.T) {
	given := map[string]map[string]string{
		"around":   {"num": "108917"},
		"spy_ip":   {"ip": "10.77.0.2"},
		"spy_port": {"port": "8080"},
	}
	for _, q := range queries.All() {
		var errs strings.Builder
		s := docSession(t, &errs)
		s.given = given[q.Name]
		if err := s.Run(context.Background(), &source.File{Name: q.Name, Text: q.Text}); err != nil {
			t.Errorf("%s: %s", q.Name, errs.String())
		}
	}
}

// docCatalog opens the capture that the documents are about.
var docCatalog = sync.OnceValues(func() (*storage.Catalog, error) {
	catalog := storage.NewCatalog()
	return catalog, catalog.AddCapture("", captures+"/fifo-old.scap")
})

func docSession(t *testing.T, errs io.Writer) *session {
	t.Helper()
	catalog, err := docCatalog()
	if err != nil {
		t.Fatal(err)
	}
	return newSession(catalog, settings{zone: time.UTC, format: "csv"}, io.Discard, errs)
}
