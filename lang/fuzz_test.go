package lang_test

import (
	"os"
	"path/filepath"
	"strings"
	"testing"

	"tq/lang"
	"tq/lang/plan"
	"tq/lang/sem/semtest"
	"tq/lang/source"
)

// FuzzCompile checks that whatever parses compiles or is refused, without a panic, and
// that what is refused says where.
func FuzzCompile(f *testing.F) {
	for _, pattern := range []string{"../testdata/plan/*.test", "../testdata/errors/names/*.test"} {
		files, _ := filepath.Glob(pattern)
		for _, name := range files {
			data, err := os.ReadFile(name)
			if err != nil {
				f.Fatal(err)
			}
			for _, block := range strings.Split(string(data), "\n\n") {
				_, body, _ := strings.Cut(block, "\n")
				text, _, _ := strings.Cut(body, "\n----")
				f.Add(text)
			}
		}
	}
	f.Fuzz(func(t *testing.T, text string) {
		if len(text) > 2000 {
			return
		}
		file := &source.File{Text: text}
		script, err := lang.Parse(file)
		if err != nil {
			return
		}
		for _, stmt := range script.Stmts {
			p, err := lang.Compile(stmt, semtest.Env())
			if err == nil {
				plan.Explain(p.Root)
			} else if picture := file.Render(err); picture == "" || strings.Contains(picture, "internal") {
				t.Errorf("%s\nis refused with %q", text, picture)
			}
		}
	})
}
