package parse_test

import (
	"reflect"
	"testing"

	"tq/lang/ast"
	"tq/lang/parse"
	"tq/lang/source"
)

// TestInspectReachesAll checks ast.Inspect against reflection: no node is left out.
func TestInspectReachesAll(t *testing.T) {
	check := func(in, _ string) {
		t.Helper()
		file := &source.File{Text: in}
		script, err := parse.Parse(file)
		if err != nil {
			t.Fatal(file.Render(err))
		}
		seen := map[ast.Node]bool{}
		ast.Inspect(script, func(n ast.Node) bool {
			seen[n] = true
			return true
		})
		all := map[ast.Node]bool{}
		collectNodes(reflect.ValueOf(script), all)
		for n := range all {
			if !seen[n] {
				t.Errorf("%s\n%T %s is not visited", in, n, ast.Print(n))
			}
		}
		if len(seen) > len(all) {
			t.Errorf("%s: %d nodes are visited, there are %d", in, len(seen), len(all))
		}
	}
	statements(check)
	expressions(func(in, _ string) { check("SELECT "+in, "") })
}

// collectNodes finds the pointers to nodes below a value.
func collectNodes(v reflect.Value, nodes map[ast.Node]bool) {
	switch v.Kind() {
	case reflect.Interface:
		collectNodes(v.Elem(), nodes)
	case reflect.Pointer:
		if v.IsNil() {
			return
		}
		if n, ok := v.Interface().(ast.Node); ok {
			nodes[n] = true
		}
		collectNodes(v.Elem(), nodes)
	case reflect.Slice:
		for i := range v.Len() {
			collectNodes(v.Index(i), nodes)
		}
	case reflect.Struct:
		for i := range v.NumField() {
			collectNodes(v.Field(i), nodes)
		}
	}
}
