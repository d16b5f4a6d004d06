package parse

import (
	"github.com/alecthomas/participle/v2"
	"github.com/alecthomas/participle/v2/lexer"

	"tq/lang/ast"
)

// limit is LIMIT, OFFSET and FETCH, in any order. Limit is nil for all rows.
type limit struct {
	Limit   ast.Expr
	Percent bool
	Offset  ast.Expr
}

func (l *limit) Parse(lx *lexer.PeekingLexer) error {
	p := parser{lx}
	counted, skips := false, false
	for {
		var err error
		switch {
		case p.is(kwLimit) && !counted:
			counted = true
			err = l.count(p)
		case p.is(kwFetch) && !counted:
			counted = true
			err = l.fetch(p)
		case p.is(kwOffset) && !skips:
			skips = true
			p.Next()
			l.Offset, err = p.expr(ast.LevelNone)
			p.acceptRows()
		case !counted && !skips:
			return participle.NextMatch
		default:
			return nil
		}
		if err != nil {
			return err
		}
	}
}

// count reads LIMIT and a number of rows, a share of them, or ALL.
func (l *limit) count(p parser) (err error) {
	p.Next()
	if p.accept(kwAll) {
		return nil
	}
	start := p.here()
	if l.Limit, err = p.expr(ast.LevelMul + 1); err != nil {
		return err
	}
	if l.Percent = p.isOp("%") && p.percentEnds(); l.Percent {
		p.Next()
		return nil
	}
	if l.Limit, err = p.climb(l.Limit, start, ast.LevelNone); err != nil {
		return err
	}
	l.Percent = p.accept(kwPercent)
	return nil
}

// fetch reads FETCH FIRST n ROWS ONLY.
func (l *limit) fetch(p parser) (err error) {
	p.Next()
	if !p.accept(kwFirst) && !p.accept(kwNext) {
		return &syntaxError{found: *p.Peek(), expected: []string{"FIRST", "NEXT"}}
	}
	l.Limit = &ast.Literal{Pos: ast.Pos{At: p.here()}, Kind: ast.Number, Text: "1"}
	if !p.is(kwRow) && !p.is(kwRows) {
		if l.Limit, err = p.expr(ast.LevelNone); err != nil {
			return err
		}
	}
	if !p.acceptRows() {
		return p.expected("ROWS")
	}
	if !p.acceptWord("ONLY") {
		return p.expected("ONLY")
	}
	return nil
}

func (p parser) acceptRows() bool { return p.accept(kwRow) || p.accept(kwRows) }

// percentEnds reports whether the token behind % begins no operand, so that % is per cent
// and not the remainder.
func (p parser) percentEnds() bool {
	t := p.second()
	switch t.Type {
	case lexer.EOF, kwOffset:
		return true
	case tokOp:
		return t.Value == ")" || t.Value == ";"
	}
	return false
}
