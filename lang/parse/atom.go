package parse

import (
	"strconv"
	"strings"

	"github.com/alecthomas/participle/v2/lexer"

	"tq/lang/ast"
	"tq/lang/source"
	"tq/lang/sysdig"
)

// atom reads an operand: what no operator stands in.
func (p parser) atom() (ast.Expr, error) {
	t := *p.Peek()
	switch t.Type {
	case tokNumber, tokDuration, tokTime, tokString, tokBlob, kwNull, kwTrue, kwFalse:
		p.Next()
		return literal(t)
	case tokParam:
		p.Next()
		return &ast.Param{Pos: posOf(t), Name: t.Value[1:]}, nil
	case tokPosition:
		p.Next()
		return position(t)
	case tokFilter:
		p.Next()
		return sysdigFilter(t)
	case tokOp:
		switch t.Value {
		case "(":
			return p.paren()
		case "[":
			return p.list()
		case "{":
			return p.structLiteral()
		}
		return nil, p.expected("an expression")
	case kwCase:
		return p.caseExpr()
	}
	if !p.isName() {
		return nil, &syntaxError{found: t, expected: []string{"an expression"}, asName: true}
	}
	if lambda, err := p.lambda(); lambda != nil || err != nil {
		return lambda, err
	}
	if p.secondIsOp("(") {
		if special, err := p.special(t); special != nil || err != nil {
			return special, err
		}
	}
	switch second := p.second(); {
	case t.Type == tokName && strings.EqualFold(t.Value, "map") && p.secondIsOp("{"):
		return p.mapLiteral()
	case t.Type == kwArray && p.secondIsOp("["):
		p.Next()
		return p.list()
	case t.Type == kwInterval && (second.Type == tokString || second.Type == tokNumber):
		return p.interval()
	case second.Type == tokString && isTypeWord(t):
		return p.typedLiteral()
	}
	return p.nameOrCall()
}

// mainSchema is where functions are: it may be written before their names.
const mainSchema = "main"

// nameOrCall reads a column's name, t.*, or a call.
func (p parser) nameOrCall() (ast.Expr, error) {
	start := p.here()
	parts := []ast.Ident{p.ident()}
	for p.isOp(".") {
		p.Next()
		switch {
		case p.isOp("*"):
			return p.star(start, parts)
		case p.isAnyName():
			parts = append(parts, p.ident())
		default:
			return nil, p.expected("a name")
		}
	}
	last := len(parts) - 1
	switch {
	case !p.isOp("("):
		return &ast.Name{Pos: p.since(start), Parts: parts}, nil
	case last == 0:
		return p.call(parts[0], start)
	}
	if last == 1 && strings.EqualFold(parts[0].Name, mainSchema) {
		c, err := p.call(parts[1], start)
		if err != nil {
			return nil, err
		}
		c.Schema = mainSchema
		return c, nil
	}
	// x.f(…) is f(x, …).
	x := &ast.Name{Pos: spanning(start, parts[last-1].At), Parts: parts[:last]}
	return p.call(parts[last], start, ast.Arg{Expr: x})
}

// paren reads (x), (x, y) or (query).
func (p parser) paren() (ast.Expr, error) {
	start := p.here()
	p.Next()
	if p.startsQuery() {
		q, err := p.query()
		if err != nil {
			return nil, err
		}
		return p.closeSubquery(start, q)
	}
	x, err := p.expr(ast.LevelNone)
	if err != nil {
		return nil, err
	}
	if sub, ok := x.(*ast.Subquery); ok && !p.isOp(",") {
		// What looked like an expression was the first part of a query.
		q, err := p.continueQuery(sub)
		if err != nil {
			return nil, err
		}
		return p.closeSubquery(start, q)
	}
	if !p.acceptOp(",") {
		return x, p.expectOp(")")
	}
	rest, err := p.exprsUntil(")")
	if err != nil {
		return nil, err
	}
	if err := p.expectOp(")"); err != nil {
		return nil, err
	}
	if len(rest) == 0 {
		return x, nil
	}
	return &ast.Row{Pos: p.since(start), Elems: append([]ast.Expr{x}, rest...)}, nil
}

func (p parser) closeSubquery(start source.Span, q *ast.Query) (ast.Expr, error) {
	if err := p.expectOp(")"); err != nil {
		return nil, err
	}
	return &ast.Subquery{Pos: p.since(start), Query: q}, nil
}

// exprsUntil reads expressions and commas up to a closing bracket, which it leaves.
// A comma may stand behind the last.
func (p parser) exprsUntil(closing string) ([]ast.Expr, error) {
	var list []ast.Expr
	for !p.isOp(closing) {
		x, err := p.element()
		if err != nil {
			return nil, err
		}
		list = append(list, x)
		if !p.acceptOp(",") {
			break
		}
	}
	return list, nil
}

func (p parser) list() (ast.Expr, error) {
	start := p.here()
	p.Next()
	elems, err := p.exprsUntil("]")
	if err != nil {
		return nil, err
	}
	if len(elems) == 1 && p.isWord("FOR") {
		return p.comprehension(start, elems[0])
	}
	if err := p.expectOp("]"); err != nil {
		return nil, err
	}
	return &ast.ListLit{Pos: p.since(start), Elems: elems}, nil
}

// structLiteral reads {'a': 1, b: 2}, which is struct_pack(a := 1, b := 2).
func (p parser) structLiteral() (ast.Expr, error) {
	start := p.here()
	p.Next()
	c := &ast.Call{Schema: mainSchema, Name: ast.Ident{Pos: ast.Pos{At: start}, Name: "struct_pack"}}
	for !p.isOp("}") {
		var arg ast.Arg
		switch t := *p.Peek(); {
		case t.Type == tokString:
			p.Next()
			name, err := stringValue(t)
			if err != nil {
				return nil, err
			}
			arg.Name = ast.Ident{Pos: posOf(t), Name: name, Quoted: true}
		case p.isAnyName():
			arg.Name = p.ident()
		default:
			return nil, p.expected("the name of a field")
		}
		if err := p.expectOp(":"); err != nil {
			return nil, err
		}
		var err error
		if arg.Expr, err = p.expr(ast.LevelNone); err != nil {
			return nil, err
		}
		c.Args = append(c.Args, arg)
		if !p.acceptOp(",") {
			break
		}
	}
	if err := p.expectOp("}"); err != nil {
		return nil, err
	}
	c.Pos = p.since(start)
	return c, nil
}

// mapLiteral reads MAP {k: v, …}, which is map([k, …], [v, …]).
func (p parser) mapLiteral() (ast.Expr, error) {
	word := *p.Next()
	p.Next()
	var keys, values ast.ListLit
	for !p.isOp("}") {
		key, err := p.expr(ast.LevelNone)
		if err != nil {
			return nil, err
		}
		if err := p.expectOp(":"); err != nil {
			return nil, err
		}
		value, err := p.expr(ast.LevelNone)
		if err != nil {
			return nil, err
		}
		keys.Elems, values.Elems = append(keys.Elems, key), append(values.Elems, value)
		if !p.acceptOp(",") {
			break
		}
	}
	if err := p.expectOp("}"); err != nil {
		return nil, err
	}
	pos := p.since(spanOf(word))
	keys.Pos, values.Pos = pos, pos
	c := &ast.Call{Pos: pos, Schema: mainSchema, Name: ast.Ident{Pos: posOf(word), Name: "map"}}
	if len(keys.Elems) > 0 {
		c.Args = []ast.Arg{{Expr: &keys}, {Expr: &values}}
	}
	return c, nil
}

func (p parser) caseExpr() (ast.Expr, error) {
	start := p.here()
	p.Next()
	c := &ast.Case{}
	var err error
	if !p.is(kwWhen) {
		if c.Operand, err = p.expr(ast.LevelNone); err != nil {
			return nil, err
		}
	}
	for p.accept(kwWhen) {
		var when ast.When
		if when.Cond, err = p.expr(ast.LevelNone); err != nil {
			return nil, err
		}
		if err = p.expect(kwThen); err != nil {
			return nil, err
		}
		if when.Then, err = p.expr(ast.LevelNone); err != nil {
			return nil, err
		}
		c.Whens = append(c.Whens, when)
	}
	if len(c.Whens) == 0 {
		return nil, p.expected("WHEN")
	}
	if p.accept(kwElse) {
		if c.Else, err = p.expr(ast.LevelNone); err != nil {
			return nil, err
		}
	}
	if !p.accept(kwEnd) {
		want := []string{"WHEN", "ELSE", "END"}
		if c.Else != nil {
			want = want[2:]
		}
		return nil, &syntaxError{found: *p.Peek(), expected: want}
	}
	c.Pos = p.since(start)
	return c, nil
}

// sysdigFilter checks the syntax of a filter in braces. What it means depends on the
// fields that there are, which is not for the parser.
func sysdigFilter(t lexer.Token) (ast.Expr, error) {
	at := spanOf(t)
	f := &ast.SysdigFilter{
		Pos:    ast.Pos{At: at},
		Text:   t.Value[1 : len(t.Value)-1],
		TextAt: ast.Pos{At: source.Span{Start: at.Start + 1, End: at.End - 1}},
	}
	if _, err := sysdig.Parse(f.Text, f.TextAt.At.Start); err != nil {
		return nil, err
	}
	return f, nil
}

// position turns #n into what it is.
func position(t lexer.Token) (ast.Expr, error) {
	n, err := strconv.Atoi(t.Value[1:])
	if err != nil || n < 1 {
		return nil, source.Errorf(spanOf(t), "columns are counted from #1")
	}
	return &ast.Position{Pos: posOf(t), N: n}, nil
}

// literal turns a token into the constant it is.
func literal(t lexer.Token) (ast.Expr, error) {
	lit := &ast.Literal{Pos: posOf(t)}
	switch t.Type {
	case tokNumber:
		lit.Kind, lit.Text = ast.Number, strings.ReplaceAll(t.Value, "_", "")
	case tokDuration:
		lit.Kind, lit.Text = ast.Duration, t.Value
	case tokTime:
		lit.Kind, lit.Text = ast.TimePoint, t.Value[1:]
	case tokBlob:
		lit.Kind, lit.Text = ast.Blob, t.Value[2:len(t.Value)-1]
	case kwTrue:
		lit.Kind = ast.True
	case kwFalse:
		lit.Kind = ast.False
	case kwNull:
		lit.Kind = ast.Null
	case tokString:
		text, err := stringValue(t)
		if err != nil {
			return nil, err
		}
		lit.Kind, lit.Text = ast.String, text
	}
	return lit, nil
}
