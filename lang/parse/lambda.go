package parse

import (
	"tq/lang/ast"
	"tq/lang/source"
)

// lambda reads lambda x, y: body, or x -> body; it returns nil, and has read nothing, if
// the name that comes next begins neither.
func (p parser) lambda() (ast.Expr, error) {
	start := p.here()
	if p.secondIsOp("->") {
		param := p.ident()
		return p.arrow(start, []ast.Expr{&ast.Name{Pos: param.Pos, Parts: []ast.Ident{param}}})
	}
	if !p.isWord("LAMBDA") {
		return nil, nil
	}
	before := p.MakeCheckpoint()
	p.Next()
	var params []ast.Ident
	for p.isName() {
		params = append(params, p.ident())
		if !p.acceptOp(",") {
			break
		}
	}
	if len(params) == 0 || !p.acceptOp(":") {
		p.LoadCheckpoint(before) // a column of that name
		return nil, nil
	}
	lambda, err := p.lambdaBody(start, params)
	if err != nil {
		return nil, err
	}
	return lambda, nil
}

// arrow reads the rest of (x, y) -> body.
func (p parser) arrow(start source.Span, left []ast.Expr) (ast.Expr, error) {
	var params []ast.Ident
	for _, x := range left {
		n, ok := x.(*ast.Name)
		if !ok || len(n.Parts) != 1 {
			return nil, source.Errorf(x.Span(), "the left side of -> is the name of a parameter")
		}
		params = append(params, n.Parts[0])
	}
	p.Next()
	lambda, err := p.lambdaBody(start, params)
	if err != nil {
		return nil, err
	}
	lambda.Arrow = true
	return lambda, nil
}

func (p parser) lambdaBody(start source.Span, params []ast.Ident) (*ast.Lambda, error) {
	body, err := p.expr(ast.LevelNone)
	if err != nil {
		return nil, err
	}
	return &ast.Lambda{Pos: p.since(start), Params: params, Body: body}, nil
}

// comprehension reads the rest of [x + 1 FOR x IN list IF x > 0], which is
// list_transform(list_filter(list, lambda x: x > 0), lambda x: x + 1).
func (p parser) comprehension(start source.Span, value ast.Expr) (ast.Expr, error) {
	p.Next()
	var params []ast.Ident
	for {
		name, err := p.parseName("a name for the elements")
		if err != nil {
			return nil, err
		}
		params = append(params, name)
		if !p.acceptOp(",") {
			break
		}
	}
	if err := p.expect(kwIn); err != nil {
		return nil, err
	}
	list, err := p.expr(ast.LevelNone)
	if err != nil {
		return nil, err
	}
	if keywordText(p.Peek().Type) == "IF" {
		p.Next()
		cond, err := p.expr(ast.LevelNone)
		if err != nil {
			return nil, err
		}
		list = p.withLambda(start, "list_filter", list, params, cond)
	}
	if err := p.expectOp("]"); err != nil {
		return nil, err
	}
	return p.withLambda(start, "list_transform", list, params, value), nil
}

// withLambda is the call of a function of a list and a lambda.
func (p parser) withLambda(start source.Span, name string, list ast.Expr, params []ast.Ident, body ast.Expr) ast.Expr {
	lambda := &ast.Lambda{Pos: ast.Pos{At: body.Span()}, Params: params, Body: body}
	return &ast.Call{
		Pos:  p.since(start),
		Name: ast.Ident{Pos: ast.Pos{At: start}, Name: name},
		Args: []ast.Arg{{Expr: list}, {Expr: lambda}},
	}
}
