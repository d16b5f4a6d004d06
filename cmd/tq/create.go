package main

import (
	"context"
	"strings"

	"github.com/apache/arrow/go/v17/arrow"

	"tq/exec"
	"tq/lang"
	"tq/lang/ast"
	"tq/lang/sem"
	"tq/lang/source"
	"tq/storage"
)

func (s *session) view(name string) (*sem.View, bool) {
	v, ok := s.views[strings.ToLower(name)]
	return v, ok
}

func (s *session) macro(name string) (*ast.CreateMacro, bool) {
	m, ok := s.macros[strings.ToLower(name)]
	return m, ok
}

func (s *session) createView(st *ast.CreateView) error {
	if _, exists := s.view(st.Name.Name); exists && !st.OrReplace {
		return alreadyThere("view", st.Name)
	}
	if _, err := lang.Compile(st, s.env()); err != nil {
		return err
	}
	s.views[strings.ToLower(st.Name.Name)] = &sem.View{Columns: st.Columns, Query: st.Query}
	return nil
}

// createTable keeps the rows of a query in memory under a name.
func (s *session) createTable(ctx context.Context, st *ast.CreateTable) error {
	if _, exists := s.catalog.Table(st.Name.Name); exists && !st.OrReplace {
		return alreadyThere("table", st.Name)
	}
	env := s.env()
	p, err := lang.Compile(st, env)
	if err != nil {
		return err
	}
	rows, err := exec.Collect(ctx, p.Root, s.execEnv(env))
	if err != nil {
		return err
	}
	var parts [][]arrow.Array
	for _, b := range rows.Batches {
		part := make([]arrow.Array, b.NumCols())
		for i := range part {
			if part[i], err = b.Column(i); err != nil {
				return err
			}
		}
		parts = append(parts, part)
	}
	table, err := storage.NewMemTable(shownSchema(p.Columns, rows.Schema), parts, storage.TableDoc{Row: "what its query gave"})
	if err != nil {
		return err
	}
	s.catalog.AddTable(st.Name.Name, table)
	return nil
}

func (s *session) createMacro(st *ast.CreateMacro) error {
	if err := sem.CheckMacro(st); err != nil {
		return err
	}
	if _, exists := s.macro(st.Name.Name); exists && !st.OrReplace {
		return alreadyThere("macro", st.Name)
	}
	s.macros[strings.ToLower(st.Name.Name)] = st
	return nil
}

func alreadyThere(kind string, name ast.Ident) error {
	return source.Errorf(name.Span(), "there is a %s %q already", kind, name.Name).
		WithHint("CREATE OR REPLACE %s replaces it", strings.ToUpper(kind))
}

func (s *session) drop(st *ast.DropStmt) error {
	key := strings.ToLower(st.Name.Name)
	dropped := false
	switch st.Kind {
	case "view":
		_, dropped = s.views[key]
		delete(s.views, key)
	case "macro":
		_, dropped = s.macros[key]
		delete(s.macros, key)
	case "table":
		dropped = s.catalog.DropTable(st.Name.Name)
	}
	if !dropped && !st.IfExists {
		return source.Errorf(st.Name.Span(), "there is no %s %q to drop", st.Kind, st.Name.Name)
	}
	return nil
}
