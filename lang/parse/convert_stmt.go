package parse

import (
	"strings"

	"github.com/alecthomas/participle/v2/lexer"

	"tq/lang/ast"
	"tq/lang/source"
)

// toAST converts a statement that stands at pos.
func (s *statement) toAST(pos ast.Pos) (ast.Stmt, error) {
	switch {
	case s.Query != nil:
		return &ast.QueryStmt{Pos: pos, Query: s.Query.toAST()}, nil
	case s.Explain != nil:
		inner, err := s.Explain.Target.toAST()
		return &ast.Explain{Pos: pos, Analyze: s.Explain.Analyze, Stmt: inner}, err
	case s.Describe != nil:
		return &ast.Describe{Pos: pos, Table: s.Describe.Subject.Table, Query: s.Describe.Subject.Query}, nil
	case s.Summarize != nil:
		return &ast.Summarize{Pos: pos, Table: s.Summarize.Subject.Table, Query: s.Summarize.Subject.Query}, nil
	case s.Show != nil:
		return s.Show.toAST(pos)
	case s.Set != nil:
		return &ast.SetStmt{Pos: pos, Name: s.Set.Name.Ident, Value: s.Set.Value}, nil
	case s.Reset != nil:
		return &ast.SetStmt{Pos: pos, Name: s.Reset.Name.Ident}, nil
	case s.Param != nil:
		return s.Param.toAST(pos)
	case s.Assert != nil:
		message, err := optionalString(s.Assert.Message)
		return &ast.Assert{Pos: pos, Cond: s.Assert.Cond, Message: message}, err
	case s.Create != nil:
		return s.Create.toAST(pos), nil
	case s.Drop != nil:
		return s.Drop.toAST(pos), nil
	}
	return s.Copy.toAST(pos)
}

func (e *explainable) toAST() (ast.Stmt, error) {
	switch {
	case e.Query != nil:
		return &ast.QueryStmt{Pos: e.pos(), Query: e.Query.toAST()}, nil
	case e.Create != nil:
		return e.Create.toAST(e.pos()), nil
	}
	return e.Copy.toAST(e.pos())
}

// shown are the things that SHOW lists.
var shown = []string{"tables", "functions", "settings"}

// toAST takes SHOW of anything else for DESCRIBE, as DuckDB does.
func (s *show) toAST(pos ast.Pos) (ast.Stmt, error) {
	what := s.What
	if len(what.Parts) == 1 {
		word := strings.ToLower(what.Parts[0].Name)
		for _, w := range shown {
			if word == w {
				return &ast.Show{Pos: pos, What: word}, nil
			}
		}
		if near := source.Suggest(word, shown); near != "" {
			return nil, source.Errorf(what.Span(), "there is no SHOW %s", strings.ToUpper(word)).
				WithHint("did you mean SHOW %s?", strings.ToUpper(near))
		}
	}
	return &ast.Describe{Pos: pos, Table: what.TableName}, nil
}

func (d *paramDecl) toAST(pos ast.Pos) (ast.Stmt, error) {
	help, err := optionalString(d.Help)
	return &ast.ParamDecl{Pos: pos, Name: d.Name.Ident, Type: d.Type.TypeName, Default: d.Default, Help: help}, err
}

// optionalString returns the value of a string token, "" when there is none.
func optionalString(t lexer.Token) (string, error) {
	if t.Value == "" {
		return "", nil
	}
	return stringValue(t)
}

func (c *create) toAST(pos ast.Pos) ast.Stmt {
	switch {
	case c.View != nil:
		return &ast.CreateView{
			Pos: pos, OrReplace: c.OrReplace, Name: c.View.Name.Ident,
			Columns: idents(c.View.Columns), Query: c.View.Query.toAST(),
		}
	case c.Table != nil:
		return &ast.CreateTable{Pos: pos, OrReplace: c.OrReplace, Name: c.Table.Name.Ident, Query: c.Table.Query.toAST()}
	}
	m := c.Macro
	out := &ast.CreateMacro{Pos: pos, OrReplace: c.OrReplace, Name: m.Name.Ident, Body: m.Body}
	for _, p := range m.Params {
		out.Params = append(out.Params, ast.MacroParam{Name: p.Name.Ident, Default: p.Default})
	}
	if m.Query != nil {
		out.Query = m.Query.toAST()
	}
	return out
}

func (d *drop) toAST(pos ast.Pos) ast.Stmt {
	kind := strings.ToLower(keywordText(d.Kind.Type))
	if kind == "function" {
		kind = "macro"
	}
	return &ast.DropStmt{Pos: pos, Kind: kind, IfExists: d.IfExists, Name: d.Name.Ident}
}

func (c *copyTo) toAST(pos ast.Pos) (ast.Stmt, error) {
	out := &ast.Copy{Pos: pos}
	if c.Query != nil {
		out.Query = c.Query.toAST()
	} else {
		out.Query = wholeTable(c.Table.TableName)
	}
	var err error
	if out.File, err = stringValue(c.File); err != nil {
		return nil, err
	}
	for _, o := range c.Options {
		option := ast.Option{Name: o.Name.Ident}
		if o.Value != nil {
			option.Value = o.Value.Expr
		}
		out.Options = append(out.Options, option)
	}
	return out, nil
}

// wholeTable is SELECT * FROM a table.
func wholeTable(t *ast.TableName) *ast.Query {
	star := &ast.Star{Pos: ast.Pos{At: source.Point(t.At.Start)}}
	return &ast.Query{Pos: t.Pos, Body: &ast.Select{
		Pos:   t.Pos,
		Items: []ast.SelectItem{{Expr: star}},
		From:  []ast.TableExpr{t},
	}}
}
