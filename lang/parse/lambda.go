package parse

import (
	"tq/lang/ast"
	"tq/lang/source"
)

// lambda reads lambda x, y: body; it returns nil, and has read nothing, if that is not what
// comes next.
func (p parser) lambda() (ast.Expr, error) {
	start := p.here()
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

// lambdaCalls are the functions among whose arguments (x, y) -> body is a lambda. Anywhere
// else -> takes JSON apart.
var lambdaCalls = map[string]bool{
	"list_transform": true, "array_transform": true, "list_apply": true, "array_apply": true, "apply": true,
	"list_filter": true, "array_filter": true, "filter": true,
	"list_reduce": true, "array_reduce": true, "reduce": true,
}

// arrowLambda makes a lambda of x -> body or (x, y) -> body, and leaves other expressions
// as they are. In x -> a -> b the body is a -> b.
func arrowLambda(e ast.Expr) (ast.Expr, error) {
	arrow, ok := e.(*ast.Binary)
	if !ok || arrow.Op != "->" {
		return e, nil
	}
	var chain []*ast.Binary
	for ok && arrow.Op == "->" {
		chain = append(chain, arrow)
		e = arrow.L
		arrow, ok = e.(*ast.Binary)
	}
	left := []ast.Expr{e}
	if row, ok := e.(*ast.Row); ok {
		left = row.Elems
	}
	lambda := &ast.Lambda{Pos: chain[0].Pos, Arrow: true}
	for _, x := range left {
		n, ok := x.(*ast.Name)
		if !ok || len(n.Parts) != 1 {
			return nil, source.Errorf(x.Span(), "the left side of -> is the name of a parameter")
		}
		lambda.Params = append(lambda.Params, n.Parts[0])
	}
	last := len(chain) - 1
	lambda.Body = chain[last].R
	for i := last - 1; i >= 0; i-- {
		at := lambda.Body.Span().To(chain[i].R.Span())
		lambda.Body = &ast.Binary{Pos: ast.Pos{At: at}, Op: "->", OpAt: chain[i].OpAt, L: lambda.Body, R: chain[i].R}
	}
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
