package parse

import (
	"strconv"
	"strings"

	"github.com/alecthomas/participle/v2/lexer"

	"tq/lang/ast"
	"tq/lang/source"
)

// typeName is the production of a type in the struct grammar.
type typeName struct{ *ast.TypeName }

func (t *typeName) Parse(lx *lexer.PeekingLexer) (err error) {
	t.TypeName, err = parser{lx}.typeName()
	return err
}

// typeName reads a type: a word or two, parameters or parts, and [] for a list.
func (p parser) typeName() (*ast.TypeName, error) {
	start := p.here()
	id, err := p.parseName("a type")
	if err != nil {
		return nil, err
	}
	t := &ast.TypeName{Name: strings.ToUpper(id.Name)}
	switch {
	case t.Name == "DOUBLE":
		p.acceptWord("PRECISION")
	case t.Name == "CHARACTER" || t.Name == "CHAR":
		p.acceptWord("VARYING")
		t.Name = "VARCHAR"
	}
	if p.acceptOp("(") {
		if t.Name == "MAP" || t.Name == "STRUCT" {
			err = p.typeParts(t)
		} else {
			err = p.typeArgs(t)
		}
		if err != nil {
			return nil, err
		}
	}
	if err := p.zone(t); err != nil {
		return nil, err
	}
	for p.isOp("[") {
		p.Next()
		if err := p.expectOp("]"); err != nil {
			return nil, err
		}
		t.List++
	}
	t.Pos = p.since(start)
	return t, nil
}

func (p parser) typeArgs(t *ast.TypeName) error {
	for {
		tok := *p.Peek()
		if tok.Type != tokNumber {
			return p.expected("a number")
		}
		n, err := strconv.Atoi(tok.Value)
		if err != nil {
			return source.Errorf(spanOf(tok), "the parameter of a type is a small whole number")
		}
		t.Args = append(t.Args, n)
		p.Next()
		if !p.acceptOp(",") {
			return p.expectOp(")")
		}
	}
}

// typeParts reads the types that a MAP or STRUCT consists of, the fields of the latter with
// their names.
func (p parser) typeParts(t *ast.TypeName) error {
	for {
		var part ast.TypePart
		var err error
		if t.Name == "STRUCT" {
			if part.Name, err = p.parseName("the name of a field"); err != nil {
				return err
			}
		}
		if part.Type, err = p.typeName(); err != nil {
			return err
		}
		t.Parts = append(t.Parts, part)
		if !p.acceptOp(",") {
			return p.expectOp(")")
		}
	}
}

// zone reads WITH TIME ZONE or WITHOUT TIME ZONE behind TIME and TIMESTAMP.
func (p parser) zone(t *ast.TypeName) error {
	if t.Name != "TIME" && t.Name != "TIMESTAMP" {
		return nil
	}
	second := p.second()
	if second.Type != tokName || !strings.EqualFold(second.Value, "TIME") {
		return nil
	}
	with := p.is(kwWith)
	if !with && !p.isWord("WITHOUT") {
		return nil
	}
	p.Next()
	p.Next()
	if !p.acceptWord("ZONE") {
		return p.expected("ZONE")
	}
	if with {
		t.Name += " WITH TIME ZONE"
	}
	return nil
}
