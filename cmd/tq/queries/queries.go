// Package queries holds the saved queries that tq brings along, one file each: *.tq.
// The first comment of a file is the query's title, the comment lines after it say more;
// its parameters are declared by PARAM.
//
// To add a query: a file here. tq -l lists it, tq -f :NAME runs it.
package queries

import (
	"embed"
	"io/fs"
	"strings"
)

//go:embed *.tq
var files embed.FS

// Query is one saved query.
type Query struct {
	Name string
	Text string
}

// All returns the queries by name.
func All() []Query {
	entries, _ := fs.ReadDir(files, ".") // of an embedded directory, which can be read
	var all []Query
	for _, e := range entries {
		name, _ := strings.CutSuffix(e.Name(), ".tq")
		if q, ok := Find(name); ok {
			all = append(all, q)
		}
	}
	return all
}

// Find returns the query of a name.
func Find(name string) (Query, bool) {
	text, err := files.ReadFile(name + ".tq")
	return Query{name, string(text)}, err == nil
}

// Title is the first line of comment of a query's text.
func Title(text string) string {
	title, _, _ := strings.Cut(comment(text), "\n")
	return title
}

// Doc is what a query's first comment says after the title.
func Doc(text string) string {
	_, doc, _ := strings.Cut(comment(text), "\n")
	return strings.Trim(doc, "\n")
}

// comment is the text of the comment that a query begins with.
func comment(text string) string {
	var lines []string
	for line := range strings.Lines(text) {
		line = strings.TrimSpace(line)
		if strings.HasPrefix(line, "#!") && lines == nil {
			continue
		}
		rest, ok := strings.CutPrefix(line, "--")
		if !ok {
			break
		}
		lines = append(lines, strings.TrimPrefix(rest, " "))
	}
	return strings.Join(lines, "\n")
}
