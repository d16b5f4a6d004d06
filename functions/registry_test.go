package functions

import (
	"strings"
	"testing"
)

func TestDefinitions(t *testing.T) {
	calls, tables := map[string]string{}, map[string]string{}
	for _, d := range All() {
		t.Run(d.Name, func(t *testing.T) {
			seen, lookup := calls, Lookup
			if d.Kind == Table {
				seen, lookup = tables, LookupTable
			}
			for _, name := range append([]string{d.Name}, d.Aliases...) {
				if other, ok := seen[name]; ok {
					t.Errorf("the name %s belongs to %s too", name, other)
				}
				seen[name] = d.Name
				if name != strings.ToLower(name) {
					t.Errorf("the name %s isn't in lower case", name)
				}
				if found, ok := lookup(strings.ToUpper(name)); !ok || found != d {
					t.Errorf("%s is not found in upper case", name)
				}
			}
			if d.Doc == "" || d.Example == "" || d.Result == "" || d.Family == "" || !strings.HasSuffix(d.Doc, ".") {
				t.Errorf("needs a family, a sentence, an example and its result: %+v", d)
			}
			if (len(d.Overloads) == 0) == (d.Macro == nil) {
				t.Error("needs either overloads or the query that it stands for")
			}
			for _, o := range d.Overloads {
				bodies := map[Kind]bool{Scalar: o.Eval != nil, Aggregate: o.Accumulate != nil, Window: o.Window != nil && o.Accumulate == nil}
				if !bodies[d.Kind] || d.Kind != Scalar && o.Eval != nil {
					t.Errorf("%s: the wrong body", d.signature(&o))
				}
				if (o.Ret == nil) == (o.RetOf == nil) {
					t.Errorf("%s: needs either Ret or RetOf", d.signature(&o))
				}
			}
		})
	}
}

func TestExamples(t *testing.T) {
	for _, d := range All() {
		if d.Kind == Table || strings.ContainsAny(d.Example, "{") || strings.Contains(d.Example, ":=") || strings.Contains(d.Example, "lambda") || d.Name == "list_aggregate" {
			continue // cmd/tq runs them: they need a query, or more syntax than is known here
		}
		t.Run(d.Name, func(t *testing.T) {
			if got := asCSV(evalExample(t, d)); got != d.Result {
				t.Errorf("%s is %s, documented is %s", d.Example, got, d.Result)
			}
		})
	}
}
