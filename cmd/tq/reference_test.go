package main

import (
	"bytes"
	"fmt"
	"os"
	"strings"
	"testing"

	"tq/functions"
	"tq/lang/ast"
	"tq/storage"
)

// TestReference checks that the generated parts of GRAMMAR.md, which are the tables, the
// fields of events, the precedence of operators and the functions, say what the declarations
// say; with -update it writes them.
func TestReference(t *testing.T) {
	const path = "../../GRAMMAR.md"
	old, err := os.ReadFile(path)
	if err != nil {
		t.Fatal(err)
	}
	text := replaceSection(t, string(old), "tables", tableReference(t))
	text = replaceSection(t, text, "fields", fieldReference())
	text = replaceSection(t, text, "precedence", precedenceReference())
	text = replaceSection(t, text, "functions", functionReference())
	if text == string(old) {
		return
	}
	if *update {
		if err := os.WriteFile(path, []byte(text), 0o644); err != nil {
			t.Fatal(err)
		}
		return
	}
	t.Error("GRAMMAR.md does not say what the declarations say; run go test ./cmd/tq -run Reference -update")
}

// replaceSection puts body between <!-- name --> and <!-- /name -->.
func replaceSection(t *testing.T, text, name, body string) string {
	begin, end := "<!-- "+name+" -->\n", "<!-- /"+name+" -->"
	i, j := strings.Index(text, begin), strings.Index(text, end)
	if i < 0 || j < i {
		t.Fatalf("GRAMMAR.md has no section %s", begin)
	}
	return text[:i+len(begin)] + body + text[j:]
}

func tableReference(t *testing.T) string {
	var b bytes.Buffer
	catalog := storage.NewCatalog()
	if err := catalog.AddCapture("capture", "../../testdata/captures/tour-new.scap"); err != nil {
		t.Fatal(err)
	}
	defer catalog.Close()
	for _, name := range catalog.TableNames() {
		table, ok := catalog.Table(name)
		if !ok {
			t.Fatalf("no table %s", name)
		}
		doc := table.Doc()
		fmt.Fprintf(&b, "### `%s`\n\nA row is %s.\n\n| column | type | |\n|---|---|---|\n", name, doc.Row)
		for i, f := range table.Schema().Fields() {
			mark := ""
			if f.Metadata.FindKey(storage.HiddenKey) >= 0 {
				mark = " °"
			}
			fmt.Fprintf(&b, "| `%s`%s | %s | %s |\n", f.Name, mark, functions.TypeName(f.Type), doc.Columns[i])
		}
		b.WriteString("\n")
	}
	return b.String()
}

func fieldReference() string {
	var b bytes.Buffer
	b.WriteString("| field | type | |\n|---|---|---|\n")
	for _, f := range storage.EventFields() {
		typ := "BIGINT or VARCHAR"
		if f.Type != nil {
			typ = functions.TypeName(f.Type)
		}
		fmt.Fprintf(&b, "| `%s` | %s | %s |\n", f.Name, typ, f.Doc)
	}
	return b.String()
}

func precedenceReference() string {
	var b bytes.Buffer
	b.WriteString("| operators | |\n|---|---|\n")
	for _, level := range ast.Precedence {
		ops := "`" + strings.Join(level.Operators, "` `") + "`"
		fmt.Fprintf(&b, "| %s | %s |\n", escapeCell(ops), escapeCell(level.Note))
	}
	return b.String()
}

func functionReference() string {
	var b bytes.Buffer
	family := ""
	for _, def := range functions.All() {
		if def.Family != family {
			family = def.Family
			fmt.Fprintf(&b, "### %s\n\n| function | | example | result |\n|---|---|---|---|\n", family)
		}
		names := "`" + strings.Join(append([]string{def.Name}, def.Aliases...), "` `") + "`"
		fmt.Fprintf(&b, "| %s | %s | `%s` | `%s` |\n",
			escapeCell(names), escapeCell(def.Doc), escapeCell(def.Example), escapeCell(def.Result))
	}
	b.WriteString("\n")
	return b.String()
}

// escapeCell keeps the text's bars from ending a cell of a Markdown table.
func escapeCell(s string) string { return strings.ReplaceAll(s, "|", `\|`) }
