package parse

import (
	"strings"

	"github.com/alecthomas/participle/v2/lexer"

	"tq/lang/ast"
	"tq/lang/source"
)

// special reads the operands that look like calls and have a grammar of their own.
// It returns nil when the name t, which a ( follows, is none of them.
func (p parser) special(t lexer.Token) (ast.Expr, error) {
	switch t.Type {
	case kwCast, kwTryCast:
		return p.cast()
	case kwExists:
		return p.exists()
	case kwArray:
		return p.arrayQuery()
	case kwColumns:
		return p.columns()
	case kwInterval:
		return p.computedInterval()
	case tokName:
		switch strings.ToLower(t.Value) {
		case "extract":
			return p.extract()
		case "substring":
			return p.substring()
		case "position":
			return p.position()
		case "trim":
			return p.trim()
		}
	}
	return nil, nil
}

// open reads a word and the ( behind it.
func (p parser) open() (word lexer.Token, start source.Span) {
	word = *p.Next()
	p.Next()
	return word, spanOf(word)
}

func (p parser) cast() (ast.Expr, error) {
	word, start := p.open()
	x, err := p.expr(ast.LevelNone)
	if err != nil {
		return nil, err
	}
	if err := p.expect(kwAs); err != nil {
		return nil, err
	}
	to, err := p.typeName()
	if err != nil {
		return nil, err
	}
	if err := p.expectOp(")"); err != nil {
		return nil, err
	}
	return &ast.Cast{Pos: p.since(start), Try: word.Type == kwTryCast, X: x, To: to}, nil
}

func (p parser) exists() (ast.Expr, error) {
	word := *p.Next()
	x, err := p.paren()
	if err != nil {
		return nil, err
	}
	sub, ok := x.(*ast.Subquery)
	if !ok {
		return nil, source.Errorf(x.Span(), "EXISTS asks whether a query has rows: expected a query")
	}
	return &ast.Exists{Pos: p.since(spanOf(word)), Query: sub.Query}, nil
}

// arrayQuery reads ARRAY(query).
func (p parser) arrayQuery() (ast.Expr, error) {
	word := *p.Next()
	x, err := p.paren()
	if err != nil {
		return nil, err
	}
	sub, ok := x.(*ast.Subquery)
	if !ok {
		return nil, source.Errorf(x.Span(), "ARRAY makes a list of the rows of a query: expected a query").
			WithHint("a list of values is written [a, b]")
	}
	return &ast.ArrayQuery{Pos: p.since(spanOf(word)), Query: sub.Query}, nil
}

// columns reads COLUMNS('regex'), COLUMNS(*), COLUMNS(t.*), COLUMNS(['a', 'b']) or
// COLUMNS(lambda c: …).
func (p parser) columns() (ast.Expr, error) {
	_, start := p.open()
	c := &ast.Columns{}
	if p.isOp("*") {
		star, err := p.star(p.here(), nil)
		if err != nil {
			return nil, err
		}
		c.Star = star
	} else if err := p.columnChoice(c); err != nil {
		return nil, err
	}
	if err := p.expectOp(")"); err != nil {
		return nil, err
	}
	c.Pos = p.since(start)
	return c, nil
}

const columnChoices = "a pattern in single quotes, a list of names, a lambda, or *"

// columnChoice reads what COLUMNS chooses columns by.
func (p parser) columnChoice(c *ast.Columns) error {
	if !p.is(tokString) && !p.isOp("[") && !p.isOp("(") && !p.isName() {
		return p.expected(columnChoices)
	}
	x, err := p.expr(ast.LevelNone)
	if err == nil {
		x, err = arrowLambda(x)
	}
	if err != nil {
		return err
	}
	switch x := x.(type) {
	case *ast.Star:
		c.Star = x
		return nil
	case *ast.Lambda:
		if len(x.Params) == 1 {
			c.Lambda = x
			return nil
		}
	case *ast.Literal:
		if x.Kind == ast.String {
			c.Pattern = x.Text
			return nil
		}
	case *ast.ListLit:
		for _, e := range x.Elems {
			name, ok := e.(*ast.Literal)
			if !ok || name.Kind != ast.String {
				return source.Errorf(e.Span(), "a name of a column stands in single quotes here")
			}
			c.Names = append(c.Names, ast.Ident{Pos: name.Pos, Name: name.Text})
		}
		if len(c.Names) > 0 {
			return nil
		}
	}
	return source.Errorf(x.Span(), "COLUMNS takes %s", columnChoices)
}

// unpacked reads *COLUMNS(…) or UNPACK(COLUMNS(…)) where an element of a list may stand;
// nil if something else does.
func (p parser) unpacked() (ast.Expr, error) {
	start := p.here()
	switch {
	case p.isOp("*") && p.second().Type == kwColumns:
		p.Next()
	case p.isWord("UNPACK") && p.secondIsOp("("):
		p.Next()
		p.Next()
		if !p.is(kwColumns) {
			return nil, p.expected("COLUMNS")
		}
		defer p.acceptOp(")")
	default:
		return nil, nil
	}
	if !p.secondIsOp("(") {
		return nil, p.expected("COLUMNS(…)")
	}
	x, err := p.columns()
	if err != nil {
		return nil, err
	}
	c := x.(*ast.Columns)
	c.Unpack, c.Pos = true, p.since(start)
	return c, nil
}

// element reads an element of a list.
func (p parser) element() (ast.Expr, error) {
	if x, err := p.unpacked(); x != nil || err != nil {
		return x, err
	}
	return p.expr(ast.LevelNone)
}

// computedInterval reads INTERVAL (x) SECOND.
func (p parser) computedInterval() (ast.Expr, error) {
	word := *p.Next()
	x, err := p.paren()
	if err != nil {
		return nil, err
	}
	unit := p.intervalUnit()
	if unit == "" {
		return nil, p.expected("a unit such as SECOND")
	}
	p.Next()
	return &ast.Interval{Pos: p.since(spanOf(word)), X: x, Unit: unit}, nil
}

// finish makes a plain call of what a special grammar has read.
func (p parser) finish(word lexer.Token, name string, args ...ast.Expr) (ast.Expr, error) {
	if err := p.expectOp(")"); err != nil {
		return nil, err
	}
	c := &ast.Call{Pos: p.since(spanOf(word)), Name: ast.Ident{Pos: posOf(word), Name: name}}
	if !strings.EqualFold(name, word.Value) {
		c.Schema = mainSchema
	}
	for _, x := range args {
		c.Args = append(c.Args, ast.Arg{Expr: x})
	}
	return c, nil
}

// plain reads the rest of a call whose first argument is known, when it turned out
// to be an ordinary one.
func (p parser) plain(word lexer.Token, first ast.Expr) (ast.Expr, error) {
	args := []ast.Expr{first}
	if p.acceptOp(",") {
		rest, err := p.exprsUntil(")")
		if err != nil {
			return nil, err
		}
		args = append(args, rest...)
	}
	return p.finish(word, word.Value, args...)
}

// extract reads extract(part FROM x), which is date_part('part', x).
func (p parser) extract() (ast.Expr, error) {
	word, _ := p.open()
	part := *p.Next()
	if part.Type != tokString && part.Type != tokName && part.Type < firstKeyword {
		return nil, &syntaxError{found: part, expected: []string{"a part such as hour"}}
	}
	if err := p.expect(kwFrom); err != nil {
		return nil, err
	}
	x, err := p.expr(ast.LevelNone)
	if err != nil {
		return nil, err
	}
	lit := &ast.Literal{Pos: posOf(part), Kind: ast.String, Text: strings.ToLower(strings.Trim(part.Value, "'"))}
	if lit.Text == "epoch" {
		return p.finish(word, "epoch", x)
	}
	return p.finish(word, "date_part", lit, x)
}

// substring reads substring(s FROM a FOR n), which is substring(s, a, n).
func (p parser) substring() (ast.Expr, error) {
	word, _ := p.open()
	s, err := p.expr(ast.LevelNone)
	if err != nil {
		return nil, err
	}
	if !p.is(kwFrom) && !p.isWord("FOR") {
		return p.plain(word, s)
	}
	args := []ast.Expr{s, &ast.Literal{Pos: posOf(word), Kind: ast.Number, Text: "1"}}
	if p.accept(kwFrom) {
		if args[1], err = p.expr(ast.LevelNone); err != nil {
			return nil, err
		}
	}
	if p.acceptWord("FOR") {
		n, err := p.expr(ast.LevelNone)
		if err != nil {
			return nil, err
		}
		args = append(args, n)
	}
	return p.finish(word, "substring", args...)
}

// position reads position(part IN s), which is position(s, part).
func (p parser) position() (ast.Expr, error) {
	word, _ := p.open()
	start := p.here()
	part, err := p.expr(ast.LevelOther)
	if err != nil {
		return nil, err
	}
	if !p.accept(kwIn) {
		if part, err = p.climb(part, start, ast.LevelNone); err != nil {
			return nil, err
		}
		return p.plain(word, part)
	}
	s, err := p.expr(ast.LevelNone)
	if err != nil {
		return nil, err
	}
	return p.finish(word, "position", s, part)
}

// trim reads trim(LEADING chars FROM s), which is ltrim(s, chars).
func (p parser) trim() (ast.Expr, error) {
	word, _ := p.open()
	name, sided := "trim", true
	switch {
	case p.isWord("LEADING"):
		name = "ltrim"
	case p.isWord("TRAILING"):
		name = "rtrim"
	case !p.isWord("BOTH"):
		sided = false
	}
	if second := p.second(); sided && (second.Type != tokOp || second.Value == "(") {
		p.Next()
	}
	var chars []ast.Expr
	if !p.is(kwFrom) {
		x, err := p.expr(ast.LevelNone)
		if err != nil {
			return nil, err
		}
		if !p.is(kwFrom) {
			return p.plain(word, x)
		}
		chars = []ast.Expr{x}
	}
	p.Next()
	s, err := p.expr(ast.LevelNone)
	if err != nil {
		return nil, err
	}
	return p.finish(word, name, append([]ast.Expr{s}, chars...)...)
}

// isWord reports whether the next token is a word that is special only here, and so
// no keyword.
func (p parser) isWord(word string) bool {
	t := p.Peek()
	return t.Type == tokName && strings.EqualFold(t.Value, word)
}

func (p parser) acceptWord(word string) bool {
	if !p.isWord(word) {
		return false
	}
	p.Next()
	return true
}
