package main

import (
	"context"
	"errors"
	"fmt"
	"maps"
	"os"
	"slices"
	"time"

	"tq/cmd/tq/queries"
	"tq/cmd/tq/shell"
	"tq/functions"
	"tq/lang/ast"
	"tq/lang/source"
	"tq/storage"
)

// engine is a session as the shell sees it.
type engine struct{ *session }

// Run runs a text and says what its captures turned out to lack.
func (e engine) Run(ctx context.Context, file *source.File) error {
	if e.typed {
		e.shown = false // the prompt keeps results apart
	}
	err := e.session.Run(ctx, file)
	if errors.Is(err, context.Canceled) {
		fmt.Fprintln(e.errs, "interrupted")
	}
	if e.typed {
		e.greetLoaded()
	}
	return err
}

// Read implements [shell.Engine].
func (e engine) Read(ctx context.Context, path string) error {
	text, err := os.ReadFile(path)
	if err != nil {
		fmt.Fprintln(e.errs, "error:", err)
		return errFailed
	}
	return e.Run(ctx, &source.File{Name: path, Text: string(text)})
}

// RunSaved implements [shell.Engine]. The values given hold for this run only.
func (e engine) RunSaved(ctx context.Context, name string, given map[string]string) error {
	file, err := script{path: ":" + name}.load(nil)
	if err == nil {
		err = checkGiven(given, []*source.File{file})
	}
	if err != nil {
		fmt.Fprintln(e.errs, "error:", err)
		return errFailed
	}
	before := e.given
	e.given = maps.Clone(before)
	maps.Copy(e.given, given)
	defer func() { e.given = before }()
	return e.Run(ctx, file)
}

// Open implements [shell.Engine].
func (e engine) Open(ctx context.Context, file string) error {
	if e.safe {
		return errors.New("--safe forbids it")
	}
	in, err := parseInput(file)
	if err != nil {
		return err
	}
	if err := openInput(e.catalog, in); err != nil {
		return err
	}
	e.greet(ctx)
	return nil
}

// Redirect implements [shell.Engine].
func (e engine) Redirect(path string, once bool) error {
	if path != "" && e.safe {
		return errors.New("--safe forbids it")
	}
	return e.redirectTo(path, once)
}

// Params implements [shell.Engine].
func (e engine) Params() []shell.Param {
	var list []shell.Param
	for _, name := range slices.Sorted(maps.Keys(e.params)) {
		value, err := constText(e.params[name].Value, e.settings.zone)
		if err == nil {
			list = append(list, shell.Param{Name: name, Value: value})
		}
	}
	return list
}

// Queries implements [shell.Knowledge].
func (e engine) Queries() []shell.Query {
	var list []shell.Query
	for _, q := range savedQueries() {
		list = append(list, shell.Query{Name: q.Name, Title: queries.Title(q.Text), Text: q.Text})
	}
	return list
}

// Settings implements [shell.Knowledge].
func (e engine) Settings() []string {
	var names []string
	for _, t := range settingList {
		names = append(names, t.name)
	}
	return names
}

// Tables implements [shell.Knowledge].
func (e engine) Tables() []shell.Table {
	var tables []shell.Table
	for _, name := range e.catalog.TableNames() {
		t, ok := e.catalog.Table(name)
		if !ok {
			continue
		}
		doc := t.Doc()
		entry := shell.Table{Name: name, Row: doc.Row}
		for i, f := range t.Schema().Fields() {
			c := shell.Column{Name: f.Name, Type: functions.TypeName(f.Type), Hidden: f.Metadata.FindKey(storage.HiddenKey) >= 0}
			if i < len(doc.Columns) {
				c.Doc = doc.Columns[i]
			}
			entry.Columns = append(entry.Columns, c)
		}
		tables = append(tables, entry)
	}
	return tables
}

const (
	// completionTime is how long the user waits for values that may complete a string.
	completionTime = 500 * time.Millisecond
	// completionValues is how many are offered.
	completionValues = 200
)

// Values implements [shell.Knowledge]. They are asked for with a query, once a column.
func (e engine) Values(table, column string) []string {
	key := [2]string{table, column}
	if values, ok := e.values[key]; ok {
		return values
	}
	ctx, cancel := context.WithTimeout(context.Background(), completionTime)
	defer cancel()
	values, err := e.ask(ctx, fmt.Sprintf(
		"SELECT v FROM (SELECT %s AS v FROM %s) WHERE typeof(v) = 'VARCHAR' GROUP BY v ORDER BY count(*) DESC, v LIMIT %d",
		ast.QuoteIdent(column), ast.QuoteIdent(table), completionValues))
	if err == nil {
		e.values[key] = values
	}
	return values
}

// Last implements [shell.Engine].
func (e engine) Last(ctx context.Context) error {
	return e.again(ctx, func(s *session) { s.wide = true })
}

// Plot implements [shell.Engine].
func (e engine) Plot(ctx context.Context) error {
	return e.again(ctx, func(s *session) { s.settings.format = "chart" })
}

// again shows the last result whole, with the settings that adjust changes. Where results are
// redirected to, it does not go.
func (e engine) again(ctx context.Context, adjust func(*session)) error {
	if _, ok := e.catalog.Table(lastResult); !ok {
		fmt.Fprintln(e.errs, "error: there is no last result, or it was too long to be kept")
		return errFailed
	}
	s := *e.session
	s.redirect, s.keep, s.shown = nil, false, false
	s.settings.maxRows = 0
	adjust(&s)
	return s.Run(ctx, &source.File{Text: "FROM " + lastResult})
}
