package parse

import (
	"github.com/alecthomas/participle/v2"
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
	if p.isOp("*") {
		item.Expr, err = p.star(p.here(), nil)
	} else {
		item.Expr, err = p.expr(ast.LevelNone)
	}
	if err != nil {
		return item, err
	}
	switch {
	case p.accept(kwAs):
		if p.is(tokString) {
			t := *p.Next()
			item.Alias = ast.Ident{Pos: posOf(t), Quoted: true}
			item.Alias.Name, err = stringValue(t)
			return item, err
		}
		if !p.isAnyName() {
			return item, p.expected("a name")
		}
		item.Alias = p.ident()
	case p.isBareAlias():
		item.Alias = p.ident()
	}
	return item, nil
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
			s.Pos = p.since(start)
			return s, nil
		}
		if err != nil {
			return nil, err
		}
	}
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

// groupList is what stands behind GROUP BY.
type groupList struct{ Elements []ast.GroupElement }

func (l *groupList) Parse(lx *lexer.PeekingLexer) error {
	p := parser{lx}
	for {
		elements, err := p.groupElement()
		if err != nil {
			return err
		}
		l.Elements = append(l.Elements, elements...)
		if !p.acceptOp(",") {
			return nil
		}
	}
}

// groupElement reads one element; (a, b) is two.
func (p parser) groupElement() ([]ast.GroupElement, error) {
	t := *p.Peek()
	switch {
	case t.Type == kwRollup && p.secondIsOp("("):
		return p.groupPowers(ast.GroupRollup)
	case t.Type == kwCube && p.secondIsOp("("):
		return p.groupPowers(ast.GroupCube)
	case t.Type == kwGrouping && p.second().Type == kwSets:
		p.Next()
		p.Next()
		sets, err := p.groupSets()
		return []ast.GroupElement{{Kind: ast.GroupSets, Sets: sets}}, err
	case p.isOp("(") && p.secondIsOp(")"):
		p.Next()
		p.Next()
		return []ast.GroupElement{{Kind: ast.GroupSets, Sets: [][]ast.Expr{nil}}}, nil
	}
	x, err := p.expr(ast.LevelNone)
	if err != nil {
		return nil, err
	}
	var elements []ast.GroupElement
	for _, x := range rowElems(x) {
		elements = append(elements, ast.GroupElement{Kind: ast.GroupExpr, Exprs: []ast.Expr{x}})
	}
	return elements, nil
}

// rowElems returns the elements of (a, (b, c)), or the expression alone.
func rowElems(x ast.Expr) []ast.Expr {
	row, ok := x.(*ast.Row)
	if !ok {
		return []ast.Expr{x}
	}
	var elems []ast.Expr
	for _, e := range row.Elems {
		elems = append(elems, rowElems(e)...)
	}
	return elems
}

// groupPowers reads ROLLUP (…) or CUBE (…).
func (p parser) groupPowers(kind ast.GroupKind) ([]ast.GroupElement, error) {
	p.Next()
	p.Next()
	exprs, err := p.exprsUntil(")")
	if err != nil {
		return nil, err
	}
	if len(exprs) == 0 {
		return nil, p.expected("an expression")
	}
	return []ast.GroupElement{{Kind: kind, Exprs: exprs}}, p.expectOp(")")
}

// groupSets reads the list behind GROUPING SETS.
func (p parser) groupSets() ([][]ast.Expr, error) {
	if err := p.expectOp("("); err != nil {
		return nil, err
	}
	var sets [][]ast.Expr
	for {
		if p.isOp("(") && p.secondIsOp(")") {
			p.Next()
			p.Next()
			sets = append(sets, nil)
		} else {
			x, err := p.expr(ast.LevelNone)
			if err != nil {
				return nil, err
			}
			sets = append(sets, rowElems(x))
		}
		if !p.acceptOp(",") {
			return sets, p.expectOp(")")
		}
	}
}

// limitValue is what stands behind LIMIT: a count, a share, or ALL.
type limitValue struct {
	Count   ast.Expr // nil for ALL
	Percent bool
}

func (l *limitValue) Parse(lx *lexer.PeekingLexer) (err error) {
	p := parser{lx}
	if p.accept(kwAll) {
		return nil
	}
	if t := *p.Peek(); t.Type == tokNumber && p.secondIsOp("%") && p.percentEnds() {
		p.Next()
		p.Next()
		l.Percent = true
		l.Count, err = literal(t)
		return err
	}
	if l.Count, err = p.expr(ast.LevelNone); err != nil {
		return err
	}
	l.Percent = p.accept(kwPercent)
	return nil
}

// percentEnds reports whether the token behind 10 % begins no operand, so that % is
// per cent and not the remainder.
func (p parser) percentEnds() bool {
	mark := p.MakeCheckpoint()
	defer p.LoadCheckpoint(mark)
	p.Next()
	p.Next()
	switch t := p.Peek(); t.Type {
	case lexer.EOF, kwOffset:
		return true
	case tokOp:
		return t.Value == ")" || t.Value == ";"
	}
	return false
}

// optionValue is the value of a COPY option: a word, or a constant.
type optionValue struct{ ast.Expr }

func (o *optionValue) Parse(lx *lexer.PeekingLexer) (err error) {
	p := parser{lx}
	switch t := *p.Peek(); {
	case t.Type == tokOp && (t.Value == "," || t.Value == ")"):
		return participle.NextMatch
	case t.Type == tokName:
		p.Next()
		o.Expr = &ast.Literal{Pos: posOf(t), Kind: ast.String, Text: t.Value}
		return nil
	}
	o.Expr, err = p.expr(ast.LevelNone)
	return err
}
