package main

import (
	"fmt"
	"slices"
	"strings"

	"tq/functions"
	"tq/lang"
	"tq/lang/ast"
	"tq/lang/source"
)

// declare gives a parameter its value: the one given for it, else its default.
func (s *session) declare(d *ast.ParamDecl) error {
	key := strings.ToLower(d.Name.Name)
	value, hasDefault, err := lang.ParamDefault(d, s.env())
	if err != nil {
		return err
	}
	if text, ok := s.given[key]; ok {
		value, err = lang.ParamFromText(d, text, s.env())
		if err != nil {
			return &exitError{exitUsage, source.Errorf(d.Name.Span(), "parameter %q: %v", d.Name.Name, err).
				WithHint("it is a %s", d.Type.Name)}
		}
	} else if !hasDefault {
		e := source.Errorf(d.Name.Span(), "parameter %q needs a value", d.Name.Name)
		return &exitError{exitUsage, e.WithHint("give it one with -p %s=VALUE", d.Name.Name)}
	}
	s.params[key] = value
	return nil
}

// checkGiven finds values that were given for parameters which nothing declares. Texts
// that do not parse say so when it is their turn.
func checkGiven(given map[string]string, files []*source.File) error {
	var declared []string
	for _, file := range files {
		script, err := lang.Parse(file)
		if err != nil {
			return nil
		}
		for _, d := range paramDecls(script) {
			declared = append(declared, strings.ToLower(d.Name.Name))
		}
	}
	for name := range given {
		if slices.Contains(declared, name) {
			continue
		}
		if near := source.Suggest(name, declared); near != "" {
			return usagef("--param %s: no statement declares it; did you mean %s?", name, near)
		}
		return usagef("--param %s: no statement declares it with PARAM", name)
	}
	return nil
}

func paramDecls(script *ast.Script) []*ast.ParamDecl {
	var decls []*ast.ParamDecl
	for _, stmt := range script.Stmts {
		if d, ok := stmt.(*ast.ParamDecl); ok {
			decls = append(decls, d)
		}
	}
	return decls
}

// describeParam is a line about a parameter for the help of a saved query.
func describeParam(file *source.File, d *ast.ParamDecl) string {
	typ := d.Type.Name
	if t, err := functions.ParseType(d.Type.Name, d.Type.Args); err == nil {
		typ = functions.TypeName(t)
	}
	usage := fmt.Sprintf("-p %s=%s", d.Name.Name, typ)
	if d.Default == nil {
		return fmt.Sprintf("  %-28s %s (must be given)", usage, d.Help)
	}
	return fmt.Sprintf("  %-28s %s (default %s)", usage, d.Help, file.Slice(d.Default.Span()))
}
