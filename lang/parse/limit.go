package parse

import (
	"github.com/alecthomas/participle/v2/lexer"

	"tq/lang/ast"
)

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
