package parse_test

import (
	"errors"
	"reflect"
	"regexp"
	"testing"

	"tq/lang/ast"
	"tq/lang/parse"
	"tq/lang/source"
)

// FuzzParse checks that no text makes the parser panic, that errors stand inside the
// text, and that printing a tree and parsing it again changes nothing.
func FuzzParse(f *testing.F) {
	seed := func(in, _ string) { f.Add(in) }
	statements(seed)
	expressions(func(in, _ string) { f.Add("SELECT " + in) })
	f.Add("SELECT a FORM t; SELECT `a`; EXPLAIN foo")
	f.Fuzz(func(t *testing.T, text string) {
		file := &source.File{Text: text}
		script, err := parse.Parse(file)
		if err != nil {
			checkError(t, file, err)
			return
		}
		first := ast.Print(script)
		again := &source.File{Text: first}
		script2, err := parse.Parse(again)
		if err != nil {
			t.Fatalf("what was printed for\n%q\ndoes not parse:\n%q\n%s", text, first, again.Render(err))
		}
		if second := ast.Print(script2); first != second {
			t.Fatalf("%q\nprints as\n%q\nand that as\n%q", text, first, second)
		}
		if !sameTree(reflect.ValueOf(script), reflect.ValueOf(script2)) {
			t.Fatalf("%q\nprints as\n%q, which is another tree", text, first)
		}
	})
}

// internal finds what only the grammar's source calls so.
var internal = regexp.MustCompile(`\b[a-z]+[A-Z]\w*|\b(Expr|Name|Query|Primary|Cte|Tail|Relation|Subject)\b|<[a-z]+>|parse\.`)

func checkError(t *testing.T, file *source.File, err error) {
	t.Helper()
	list := source.ErrorList{}
	var one *source.Error
	if !errors.As(err, &list) {
		if !errors.As(err, &one) {
			t.Fatalf("%q: %T is no error for people", file.Text, err)
		}
		list = source.ErrorList{one}
	}
	for _, e := range list {
		if e.Span.Start < 0 || e.Span.End < e.Span.Start || e.Span.End > len(file.Text) {
			t.Fatalf("%q: %q stands at %v", file.Text, e.Msg, e.Span)
		}
		if e.Msg == "" {
			t.Fatalf("%q: an empty message", file.Text)
		}
	}
	if file.Render(err) == "" {
		t.Fatalf("%q: an empty picture", file.Text)
	}
}

// TestDamagedStatements cuts words out of good statements: whatever is wrong then,
// the error is one for people and speaks no grammar.
func TestDamagedStatements(t *testing.T) {
	token := regexp.MustCompile(`\w+|'[^']*'|[^\s\w]`)
	damage := func(text, _ string) {
		for _, at := range token.FindAllStringIndex(text, -1) {
			for _, damaged := range []string{
				text[:at[0]],                         // ends early
				text[:at[0]] + text[at[1]:],          // lacks a word
				text[:at[1]] + " ' ," + text[at[1]:], // has one too many
				text[:at[1]] + " ) x y" + text[at[1]:],
				text[:at[1]] + " WHERE FROM" + text[at[1]:],
			} {
				file := &source.File{Text: damaged}
				_, err := parse.Parse(file)
				if err == nil {
					continue
				}
				checkError(t, file, err)
				if leak := internal.FindString(err.Error()); leak != "" && !regexp.MustCompile(`(?i)`+regexp.QuoteMeta(leak)).MatchString(damaged) {
					t.Errorf("%s\n%s", damaged, err)
				}
			}
		}
	}
	statements(damage)
	expressions(func(in, _ string) { damage("SELECT "+in, "") })
}
