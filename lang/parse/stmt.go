package parse

import (
	"github.com/alecthomas/participle/v2"
	"github.com/alecthomas/participle/v2/lexer"

	"tq/lang/ast"
)

// subject is a query, or the name of a table.
type subject struct {
	Query *ast.Query
	Table *ast.TableName
}

func (s *subject) Parse(lx *lexer.PeekingLexer) (err error) {
	p := parser{lx}
	switch {
	case p.startsQuery() || p.isOp("("):
		s.Query, err = p.query()
	case p.is(tokString) || p.isName():
		s.Table, err = p.relation()
	default:
		err = &syntaxError{found: *p.Peek(), expected: []string{"a table or a query"}, asName: true}
	}
	return err
}

// optionValue is the value of a COPY option: a word, or a constant.
type optionValue struct{ ast.Expr }

func (o *optionValue) Parse(lx *lexer.PeekingLexer) (err error) {
	p := parser{lx}
	switch t := *p.Peek(); t.Type {
	case tokString, tokNumber, tokDuration, kwTrue, kwFalse, kwNull:
		p.Next()
		o.Expr, err = literal(t)
		return err
	case tokOp:
		if t.Value == "," || t.Value == ")" {
			return participle.NextMatch
		}
	}
	if !p.isName() {
		return p.expected("a word or a constant")
	}
	id := p.ident()
	o.Expr = &ast.Literal{Pos: id.Pos, Kind: ast.String, Text: id.Name}
	return nil
}
