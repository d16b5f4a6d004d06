package main

import (
	"fmt"
	"io"
	"os"
	"path/filepath"
	"slices"
	"strings"

	"tq/cmd/tq/queries"
	"tq/lang"
	"tq/lang/ast"
	"tq/lang/parse"
	"tq/lang/source"
)

// load returns the text of a script: given, built in, of a file, or of standard input.
func (s script) load(stdin io.Reader) (*source.File, error) {
	switch {
	case s.path == "":
		return &source.File{Name: "-e", Text: s.text}, nil
	case s.path == "-":
		text, err := io.ReadAll(stdin)
		return &source.File{Name: "stdin", Text: string(text)}, err
	case strings.HasPrefix(s.path, ":"):
		all := savedQueries()
		i := slices.IndexFunc(all, func(q queries.Query) bool { return q.Name == s.path[1:] })
		if i < 0 {
			return nil, unknownQuery(s.path[1:], all)
		}
		return &source.File{Name: s.path, Text: all[i].Text}, nil
	}
	text, err := os.ReadFile(s.path)
	if err != nil {
		return nil, inputError(err)
	}
	return &source.File{Name: s.path, Text: string(text)}, nil
}

// savedQueries returns the queries that have names: the built-in ones, and the files *.tq
// in the user's directory for them, which go before built-in ones of their names.
func savedQueries() []queries.Query {
	all := queries.All()
	dir := configPath("queries")
	entries, err := os.ReadDir(dir)
	if dir == "" || err != nil {
		return all
	}
	for _, e := range entries {
		name, ok := strings.CutSuffix(e.Name(), ".tq")
		text, err := os.ReadFile(filepath.Join(dir, e.Name()))
		if !ok || err != nil {
			continue
		}
		all = slices.DeleteFunc(all, func(q queries.Query) bool { return q.Name == name })
		all = append(all, queries.Query{Name: name, Text: string(text)})
	}
	slices.SortFunc(all, func(a, b queries.Query) int { return strings.Compare(a.Name, b.Name) })
	return all
}

// configPath is the path of something of tq's in the user's configuration; empty when
// there is no home.
func configPath(name string) string {
	dir, err := os.UserConfigDir()
	if err != nil {
		return ""
	}
	return filepath.Join(dir, "tq", name)
}

func unknownQuery(name string, all []queries.Query) error {
	var names []string
	for _, q := range all {
		names = append(names, q.Name)
	}
	if near := source.Suggest(name, names); near != "" {
		return usagef("there is no saved query :%s; did you mean :%s?", name, near)
	}
	return usagef("there is no saved query :%s; tq -l lists them", name)
}

// listQueries prints the saved queries with their titles.
func listQueries(w io.Writer) error {
	for _, q := range savedQueries() {
		if _, err := fmt.Fprintf(w, ":%-20s %s\n", q.Name, queries.Title(q.Text)); err != nil {
			return err
		}
	}
	return nil
}

// helpSaved prints what saved queries are for and which parameters they take.
func helpSaved(w io.Writer, files []*source.File) error {
	for i, file := range files {
		script, err := lang.Parse(file)
		if err != nil {
			return fmt.Errorf("%s", file.Render(err))
		}
		var b strings.Builder
		if i > 0 {
			b.WriteString("\n")
		}
		fmt.Fprintf(&b, "%s: %s\n", file.Name, queries.Title(file.Text))
		if doc := queries.Doc(file.Text); doc != "" {
			fmt.Fprintf(&b, "\n%s\n", doc)
		}
		if params := paramDecls(script); len(params) > 0 {
			b.WriteString("\nParameters:\n")
			for _, d := range params {
				b.WriteString(describeParam(file, d) + "\n")
			}
		}
		fmt.Fprintf(&b, "\nUsage:\n  tq capture.scap -f %s [-p NAME=VALUE ...]\n", file.Name)
		if _, err := io.WriteString(w, b.String()); err != nil {
			return err
		}
	}
	return nil
}

// titles returns what stands above the results of a text that has several: the line of
// comment right before the statement. The comment that the text begins with is another
// thing: the title of it all.
func titles(file *source.File, script *ast.Script) map[ast.Stmt]string {
	found := map[ast.Stmt]string{}
	results := 0
	for i, stmt := range script.Stmts {
		if _, ok := stmt.(*ast.QueryStmt); !ok {
			continue
		}
		if results++; i == 0 {
			continue
		}
		between := file.Text[script.Stmts[i-1].Span().End:stmt.Span().Start]
		tokens := lang.Classify(between)
		if len(tokens) == 0 || tokens[len(tokens)-1].Class != parse.Comment {
			continue
		}
		last := tokens[len(tokens)-1].Span
		if title, ok := strings.CutPrefix(between[last.Start:last.End], "-- "); ok {
			found[stmt] = title
		}
	}
	if results < 2 {
		return nil
	}
	return found
}
