package sem

import (
	"errors"
	"path"
	"strings"

	"github.com/apache/arrow/go/v17/arrow"

	"tq/functions"
	"tq/functions/kernel"
	"tq/lang/ast"
	"tq/lang/source"
)

// fileName binds the name of a file in FROM. A table of that name goes first.
func (q queryBinder) fileName(t *ast.TableName) (Source, *scope) {
	if _, ok := q.env.Catalog.TableSchema("", t.File); ok {
		return q.tableNamed("", t.File, t.File, t.Alias)
	}
	return q.openFiles(FileCall{Paths: []string{t.File}}, t.Span(), fileStem(t.File), t.Alias)
}

// fileStem is what a file is called in a query: its name without folders and extension.
func fileStem(file string) string {
	base := path.Base(file)
	return strings.TrimSuffix(base, path.Ext(base))
}

// fileFunc binds a call of a function that reads files.
func (q queryBinder) fileFunc(t *ast.TableFunc, def *functions.Def) (Source, *scope) {
	m := &macroCall{queryBinder: q, call: t.Call, def: def, values: map[string]*macroArg{}}
	if !m.pairArgs() || !m.bindValues() {
		return brokenSource()
	}
	call := FileCall{Function: def, Options: map[string]arrow.Array{}}
	for name, arg := range m.values {
		c := q.constant(arg.bind(), name)
		if c == nil {
			return brokenSource()
		}
		call.Options[name] = c.Value
	}
	const files = "files"
	at := argSpan(m.args[files])
	var ok bool
	if call.Paths, ok = textList(call.Options[files]); !ok {
		q.fail(at, "%s takes the name of a file, or a list of names", def.Name)
		return brokenSource()
	}
	delete(call.Options, files)
	return q.openFiles(call, at, def.Name, t.Alias)
}

// textList returns the texts of a VARCHAR or of a list of them, none of them NULL.
func textList(a arrow.Array) (texts []string, ok bool) {
	values, isList := kernel.Value(a, 0).([]any)
	if !isList {
		values = []any{kernel.Value(a, 0)}
	}
	for _, v := range values {
		s, ok := v.(string)
		if !ok {
			return nil, false
		}
		texts = append(texts, s)
	}
	return texts, len(texts) > 0
}

// openFiles binds the table that files are. What is wrong with them is said of the place
// where they are named.
func (q queryBinder) openFiles(call FileCall, at source.Span, alias string, a ast.Alias) (Source, *scope) {
	if q.env.OpenFiles == nil {
		q.fail(at, "files cannot be read here")
		return brokenSource()
	}
	table, err := q.env.OpenFiles(call)
	if err != nil {
		e := q.fail(at, "%s", err)
		var told *source.Error
		if errors.As(err, &told) {
			e.Msg, e.Hint = told.Msg, told.Hint
		}
		return brokenSource()
	}
	return q.tableNamed("", table, alias, a)
}
