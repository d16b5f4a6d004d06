package parse

import (
	"strings"

	"github.com/alecthomas/participle/v2"
	"github.com/alecthomas/participle/v2/lexer"

	"tq/lang/ast"
	"tq/lang/source"
)

// parser is the hand-written part of the grammar: a participle lexer with helpers.
type parser struct {
	*lexer.PeekingLexer
}

func (p parser) is(kind lexer.TokenType) bool { return p.Peek().Type == kind }

func (p parser) isOp(op string) bool {
	t := p.Peek()
	return t.Type == tokOp && t.Value == op
}

func (p parser) accept(kind lexer.TokenType) bool {
	if !p.is(kind) {
		return false
	}
	p.Next()
	return true
}

func (p parser) acceptOp(op string) bool {
	if !p.isOp(op) {
		return false
	}
	p.Next()
	return true
}

func (p parser) expect(kind lexer.TokenType) error {
	if !p.accept(kind) {
		return p.expected(keywordText(kind))
	}
	return nil
}

func (p parser) expectOp(op string) error {
	if !p.acceptOp(op) {
		return p.expected(op)
	}
	return nil
}

// second returns the token behind the next one.
func (p parser) second() lexer.Token {
	if p.is(lexer.EOF) {
		return *p.Peek()
	}
	i := p.RawCursor() + 1
	return p.Range(i, i+1)[0]
}

func (p parser) secondIsOp(op string) bool {
	t := p.second()
	return t.Type == tokOp && t.Value == op
}

// here is where the next token stands.
func (p parser) here() source.Span { return spanOf(*p.Peek()) }

// since is the position from a span to the last token read.
func (p parser) since(start source.Span) ast.Pos {
	i := p.RawCursor()
	return ast.Pos{At: start.To(spanOf(p.Range(i-1, i)[0]))}
}

// expected is the error that the next token isn't what it should be.
func (p parser) expected(what string) error {
	return &syntaxError{found: *p.Peek(), expected: []string{what}}
}

// isName reports whether the next token is a name.
func (p parser) isName() bool {
	switch t := p.Peek(); {
	case t.Type == tokName || t.Type == tokQuoted:
		return true
	case t.Type == kwGroup:
		// Traces have a column of this name.
		return p.second().Type != kwBy
	case classOf(t.Type) == ast.Reserved:
		return p.secondIsOp(".")
	default:
		return t.Type >= firstKeyword
	}
}

// isBareAlias reports whether the next token is a name that may be an alias without AS.
func (p parser) isBareAlias() bool {
	t := p.Peek()
	return t.Type == tokName || t.Type == tokQuoted || classOf(t.Type) == ast.Unreserved
}

// isAnyName reports whether the next token is a name where every word is one: after
// AS and after a dot.
func (p parser) isAnyName() bool {
	t := p.Peek()
	return t.Type == tokName || t.Type == tokQuoted || t.Type >= firstKeyword
}

// ident reads the next token as a name.
func (p parser) ident() ast.Ident { return identOf(*p.Next()) }

func identOf(t lexer.Token) ast.Ident {
	id := ast.Ident{Pos: posOf(t), Name: t.Value}
	if t.Type == tokQuoted {
		id.Quoted = true
		id.Name = strings.ReplaceAll(t.Value[1:len(t.Value)-1], `""`, `"`)
	}
	return id
}

// parseName reads a name that must be there.
func (p parser) parseName(what string) (ast.Ident, error) {
	if !p.isName() {
		return ast.Ident{}, p.expected(what)
	}
	return p.ident(), nil
}

// name is the production of a name in the struct grammar.
type name struct{ ast.Ident }

func (n *name) Parse(lx *lexer.PeekingLexer) error {
	p := parser{lx}
	if !p.isName() {
		return participle.NextMatch
	}
	n.Ident = p.ident()
	return nil
}

// anyName is a name where every word is one.
type anyName struct{ ast.Ident }

func (n *anyName) Parse(lx *lexer.PeekingLexer) error {
	p := parser{lx}
	if !p.isAnyName() {
		return participle.NextMatch
	}
	n.Ident = p.ident()
	return nil
}

// windowBase is the name a window specification builds upon. The words that begin
// the specification's clauses are none.
type windowBase struct{ ast.Ident }

func (b *windowBase) Parse(lx *lexer.PeekingLexer) error {
	p := parser{lx}
	switch p.Peek().Type {
	case kwPartition, kwRows, kwRange, kwGroups:
		return participle.NextMatch
	}
	if !p.isName() {
		return participle.NextMatch
	}
	b.Ident = p.ident()
	return nil
}

func idents(names []name) []ast.Ident {
	if names == nil {
		return nil
	}
	ids := make([]ast.Ident, len(names))
	for i, n := range names {
		ids[i] = n.Ident
	}
	return ids
}
