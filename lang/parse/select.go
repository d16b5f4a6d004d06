package parse

import (
	"github.com/alecthomas/participle/v2/lexer"

	"tq/lang/ast"
	"tq/lang/source"
)

// exprList is a list of expressions in parentheses, without these. A comma may stand
// behind the last.
type exprList struct{ Exprs []ast.Expr }

func (l *exprList) Parse(lx *lexer.PeekingLexer) (err error) {
	p := parser{lx}
	if p.isOp(")") {
		return p.expected("an expression")
	}
	l.Exprs, err = p.exprsUntil(")")
	return err
}

// selectList is what stands behind SELECT. A comma may stand behind the last item.
type selectList struct{ Items []ast.SelectItem }

func (l *selectList) Parse(lx *lexer.PeekingLexer) error {
	p := parser{lx}
	for {
		item, err := p.selectItem()
		if err != nil {
			return err
		}
		l.Items = append(l.Items, item)
		if !p.acceptOp(",") || p.endsSelectList() {
			return nil
		}
	}
}

// endsSelectList reports whether the next token stands behind a SELECT list, so that
// a comma before it was one too many.
func (p parser) endsSelectList() bool {
	switch t := p.Peek(); t.Type {
	case lexer.EOF, kwFrom:
		return true
	case tokOp:
		return t.Value == ")" || t.Value == ";"
	}
	return false
}

func (p parser) selectItem() (ast.SelectItem, error) {
	var item ast.SelectItem
	var err error
	if item.Expr, err = p.starOrExpr(); err != nil {
		return item, err
	}
	if p.isBareAlias() {
		item.Alias = p.ident()
		return item, nil
	}
	item.Alias, err = p.itemAlias()
	return item, err
}

func (p parser) starOrExpr() (ast.Expr, error) {
	if p.isOp("*") {
		return p.star(p.here(), nil)
	}
	return p.expr(ast.LevelNone)
}

// itemAlias reads AS and a name, which may be in single quotes; nothing if there is no AS.
func (p parser) itemAlias() (id ast.Ident, err error) {
	if !p.accept(kwAs) {
		return id, nil
	}
	if p.is(tokString) {
		t := *p.Next()
		id = ast.Ident{Pos: posOf(t), Quoted: true}
		id.Name, err = stringValue(t)
		return id, err
	}
	if !p.isAnyName() {
		return id, p.expected("a name")
	}
	return p.ident(), nil
}

// star reads * and its modifiers; table is what stands before the dot of t.*.
func (p parser) star(start source.Span, table []ast.Ident) (*ast.Star, error) {
	p.Next()
	s := &ast.Star{Table: table}
	for {
		var err error
		switch {
		case p.accept(kwExclude):
			err = p.listOrOne(func() error {
				id, err := p.parseName("the name of a column")
				s.Exclude = append(s.Exclude, id)
				return err
			})
		case p.accept(kwReplace):
			err = p.listOrOne(func() error {
				x, err := p.expr(ast.LevelNone)
				if err != nil {
					return err
				}
				id, err := p.asName()
				s.Replace = append(s.Replace, ast.SelectItem{Expr: x, Alias: id})
				return err
			})
		case p.accept(kwRename):
			err = p.listOrOne(func() error {
				from, err := p.parseName("the name of a column")
				if err != nil {
					return err
				}
				to, err := p.asName()
				s.Rename = append(s.Rename, ast.Rename{From: from, To: to})
				return err
			})
		default:
			if err := p.starMatch(s); err != nil {
				return nil, err
			}
			s.Pos = p.since(start)
			return s, nil
		}
		if err != nil {
			return nil, err
		}
	}
}

// starMatch reads LIKE, SIMILAR TO and the like behind *, which choose columns by name.
func (p parser) starMatch(s *ast.Star) error {
	op, ok := p.infixOp()
	if !ok || op.form != formLike {
		return nil
	}
	x, err := p.infix(nil, p.here(), op)
	if err != nil {
		return err
	}
	s.Match = x.(*ast.Like)
	return nil
}

func (p parser) asName() (ast.Ident, error) {
	if err := p.expect(kwAs); err != nil {
		return ast.Ident{}, err
	}
	if !p.isAnyName() {
		return ast.Ident{}, p.expected("the name of a column")
	}
	return p.ident(), nil
}

// listOrOne reads one element, or several in parentheses.
func (p parser) listOrOne(element func() error) error {
	if !p.acceptOp("(") {
		return element()
	}
	for {
		if err := element(); err != nil {
			return err
		}
		if !p.acceptOp(",") || p.isOp(")") {
			return p.expectOp(")")
		}
	}
}
