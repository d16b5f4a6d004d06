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

// columns reads COLUMNS('regex'), COLUMNS(*) or COLUMNS(t.*).
func (p parser) columns() (ast.Expr, error) {
	_, start := p.open()
	c := &ast.Columns{}
	t := *p.Peek()
	if t.Type == tokString {
		p.Next()
		var err error
		if c.Pattern, err = stringValue(t); err != nil {
			return nil, err
		}
	} else {
		star, err := p.starOf(start)
		if err != nil {
			return nil, err
		}
		c.Star = star
	}
	if err := p.expectOp(")"); err != nil {
		return nil, err
	}
	c.Pos = p.since(start)
	return c, nil
}

func (p parser) starOf(start source.Span) (*ast.Star, error) {
	if p.isOp("*") {
		return p.star(p.here(), nil)
	}
	if p.isName() {
		at := p.here()
		x, err := p.nameOrCall()
		if err != nil {
			return nil, err
		}
		if star, ok := x.(*ast.Star); ok {
			return star, nil
		}
		return nil, source.Errorf(at, "COLUMNS takes a pattern in single quotes, or *")
	}
	return nil, p.expected("a pattern in single quotes, or *")
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
