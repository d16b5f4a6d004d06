package tq_test

import (
	"go/parser"
	"go/token"
	"io/fs"
	"path/filepath"
	"slices"
	"strconv"
	"strings"
	"testing"
)

// mayImport lists, for each package of tq, the packages of tq it may import. Data flows
// storage → exec → cmd, text flows lang → exec; nothing flows back.
var mayImport = map[string][]string{
	"lang/source":         nil,
	"lang/ast":            {"lang/source"},
	"lang/sysdig":         {"lang/ast", "lang/source"},
	"lang/parse":          {"lang/ast", "lang/source", "lang/sysdig"},
	"lang/sem":            {"lang/ast", "lang/source", "lang/parse", "lang/sysdig", "functions", "functions/kernel"},
	"lang/sem/semtest":    {"lang/ast", "lang/source", "lang/sem", "functions", "functions/kernel"},
	"lang/plan":           {"lang/ast", "lang/source", "lang/sem", "functions", "functions/kernel"},
	"lang":                {"lang/ast", "lang/source", "lang/sysdig", "lang/parse", "lang/sem", "lang/plan", "functions", "functions/kernel"},
	"functions/digits":    nil,
	"functions/json":      nil,
	"functions/kernel":    {"functions/digits"},
	"functions":           {"functions/digits", "functions/json", "functions/kernel"},
	"storage/inflate":     nil,
	"storage/scratch":     nil,
	"storage/scap":        {"storage/inflate", "storage/scratch", "functions/digits"},
	"storage/scap/schema": nil,
	"storage/cache":       nil,
	"storage/state":       {"storage/scap", "storage/cache"},
	"storage/transcript":  {"storage/scap", "storage/state"},
	"storage":             {"storage/cache", "storage/scratch", "storage/scap", "storage/state", "storage/transcript", "functions/digits", "functions/kernel"},
	"storage/files":       {"storage", "functions", "functions/kernel"},
	"exec":                {"lang/ast", "lang/source", "lang/sem", "lang/plan", "functions", "functions/kernel", "storage"},
	"exec/exectest":       {"lang/ast", "lang/source", "lang/sem", "lang/plan", "functions", "functions/kernel", "storage", "exec"},
	"cmd/tq/queries":      nil,
	"cmd/tq/render":       {"functions", "functions/digits", "functions/kernel", "exec"},
	"cmd/tq/shell":        {"lang", "lang/ast", "lang/source", "lang/parse", "lang/plan", "functions", "storage", "exec", "cmd/tq/render", "cmd/tq/queries"},
	"cmd/tq": {"lang", "lang/ast", "lang/source", "lang/parse", "lang/sem", "lang/plan", "functions", "functions/kernel",
		"storage", "storage/cache", "storage/files", "exec", "cmd/tq/render", "cmd/tq/shell", "cmd/tq/queries"},
}

// onlyIn lists modules that one package alone may import, so that they can be replaced.
var onlyIn = map[string]string{
	"github.com/alecthomas/participle": "lang/parse",
	"github.com/chzyer/readline":       "cmd/tq/shell",
	"github.com/klauspost/compress":    "storage/scap",
	"github.com/spf13/pflag":           "cmd/tq",
}

// never lists packages that must not be linked, with the reason.
var never = map[string]string{
	"github.com/apache/arrow/go/v17/arrow/compute": "adds 12 MB and has neither sort nor aggregates nor strings; kernels are in functions/kernel",
}

func TestImports(t *testing.T) {
	err := filepath.WalkDir(".", func(path string, d fs.DirEntry, err error) error {
		if err != nil {
			return err
		}
		if d.IsDir() && (d.Name() == "testdata" || path != "." && strings.HasPrefix(d.Name(), ".")) {
			return filepath.SkipDir
		}
		if !strings.HasSuffix(path, ".go") || strings.HasSuffix(path, "_test.go") {
			return nil
		}
		file, err := parser.ParseFile(token.NewFileSet(), path, nil, parser.ImportsOnly)
		if err != nil {
			return err
		}
		from := filepath.ToSlash(filepath.Dir(path))
		allowed, known := mayImport[from]
		if !known {
			t.Errorf("%s: package %s is not in the table of imports_test.go", path, from)
		}
		for _, spec := range file.Imports {
			imported, _ := strconv.Unquote(spec.Path.Value)
			if ours, ok := strings.CutPrefix(imported, "tq/"); ok && !slices.Contains(allowed, ours) {
				t.Errorf("%s: %s may not import %s", path, from, ours)
			}
			for module, owner := range onlyIn {
				if (imported == module || strings.HasPrefix(imported, module+"/")) && from != owner {
					t.Errorf("%s: only %s may import %s", path, owner, module)
				}
			}
			if why, ok := never[imported]; ok {
				t.Errorf("%s: %s must not be imported: it %s", path, imported, why)
			}
		}
		return nil
	})
	if err != nil {
		t.Fatal(err)
	}
}
