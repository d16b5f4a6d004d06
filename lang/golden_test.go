package lang_test

import (
	"flag"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"tq/lang"
	"tq/lang/plan"
	"tq/lang/sem/semtest"
	"tq/lang/source"
)

var update = flag.Bool("update", false, "rewrite what the tests expect by what they get")

// TestPlans checks the plans of testdata/plan: each case is a query and its plan.
func TestPlans(t *testing.T) {
	golden(t, "../testdata/plan/*.test", "plan", func(t *testing.T, text string) string {
		file := &source.File{Text: text}
		script, err := lang.Parse(file)
		if err != nil {
			t.Fatalf("%s\n%s", text, file.Render(err))
		}
		p, err := lang.Compile(script.Stmts[0], semtest.Env())
		if err != nil {
			t.Fatalf("%s\n%s", text, file.Render(err))
		}
		return plan.Explain(p.Root)
	})
}

// TestErrors checks the pictures of testdata/errors/names: each case is a statement and
// the errors it is rejected with.
func TestErrors(t *testing.T) {
	golden(t, "../testdata/errors/names/*.test", "statement error", func(t *testing.T, text string) string {
		file := &source.File{Text: text}
		script, err := lang.Parse(file)
		if err != nil {
			t.Fatalf("%s\n%s", text, file.Render(err))
		}
		_, err = lang.Compile(script.Stmts[0], semtest.Env())
		if err == nil {
			t.Fatalf("%s\nis accepted", text)
		}
		return file.Render(err) + "\n"
	})
}

// golden runs the cases of test files: a line with the directive, the text, a line with
// four dashes, what is expected up to an empty line.
func golden(t *testing.T, pattern, directive string, run func(t *testing.T, text string) string) {
	files, err := filepath.Glob(pattern)
	if err != nil || len(files) == 0 {
		t.Fatalf("no test files at %s", pattern)
	}
	for _, name := range files {
		t.Run(strings.TrimSuffix(filepath.Base(name), ".test"), func(t *testing.T) {
			data, err := os.ReadFile(name)
			if err != nil {
				t.Fatal(err)
			}
			var out strings.Builder
			for _, block := range strings.Split(strings.TrimSpace(string(data)), "\n\n") {
				out.WriteString(goldenCase(t, name, block, directive, run))
				out.WriteString("\n\n")
			}
			if *update {
				if err := os.WriteFile(name, []byte(strings.TrimSpace(out.String())+"\n"), 0o644); err != nil {
					t.Fatal(err)
				}
			}
		})
	}
}

// goldenCase runs one case and returns it with what it got. A block without the
// directive is a comment.
func goldenCase(t *testing.T, name, block, directive string, run func(t *testing.T, text string) string) string {
	head, body, ok := strings.Cut(block, directive+"\n")
	if !ok || strings.Trim(head, "\n") != "" && !strings.HasPrefix(head, "#") {
		return block
	}
	text, want, _ := strings.Cut(body, "\n----")
	got := strings.TrimRight(run(t, text), "\n")
	if want = strings.Trim(want, "\n"); got != want && !*update {
		t.Errorf("%s: %s\ngot:\n%s\nwant:\n%s", name, text, got, want)
	}
	return head + directive + "\n" + text + "\n----\n" + got
}
