package main

import (
	"fmt"
	"io"
	"os"
	"strings"

	"tq/cmd/tq/queries"
	"tq/lang"
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
		q, ok := queries.Find(s.path[1:])
		if !ok {
			return nil, unknownQuery(s.path[1:])
		}
		return &source.File{Name: s.path, Text: q.Text}, nil
	}
	text, err := os.ReadFile(s.path)
	if err != nil {
		return nil, inputError(err)
	}
	return &source.File{Name: s.path, Text: string(text)}, nil
}

func unknownQuery(name string) error {
	var names []string
	for _, q := range queries.All() {
		names = append(names, q.Name)
	}
	if near := source.Suggest(name, names); near != "" {
		return usagef("there is no built-in query :%s; did you mean :%s?", name, near)
	}
	return usagef("there is no built-in query :%s; tq -l lists them", name)
}

// listQueries prints the built-in queries with their titles.
func listQueries(w io.Writer) error {
	for _, q := range queries.All() {
		if _, err := fmt.Fprintf(w, ":%-12s %s\n", q.Name, queries.Title(q.Text)); err != nil {
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
