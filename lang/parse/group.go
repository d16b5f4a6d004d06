package parse

import (
	"github.com/alecthomas/participle/v2/lexer"

	"tq/lang/ast"
	"tq/lang/source"
)

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
	return rowsElems(row.Elems)
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

// groupSets reads the list behind GROUPING SETS. Elements that are several sets
// themselves are written out.
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
			start := p.here()
			elements, err := p.groupElement()
			if err != nil {
				return nil, err
			}
			more, ok := setsOf(elements)
			if !ok {
				return nil, source.Errorf(p.since(start).At, "CUBE takes at most %d columns within GROUPING SETS", maxCube)
			}
			sets = append(sets, more...)
		}
		if !p.acceptOp(",") {
			return sets, p.expectOp(")")
		}
	}
}

// maxCube is how many columns a CUBE within GROUPING SETS may have; it makes a set of
// each combination of them.
const maxCube = 12

// setsOf returns the sets that one element of GROUPING SETS stands for.
func setsOf(elements []ast.GroupElement) ([][]ast.Expr, bool) {
	var columns []ast.Expr
	for _, e := range elements {
		if e.Kind == ast.GroupSets {
			return e.Sets, true
		}
		columns = append(columns, e.Exprs...)
	}
	var sets [][]ast.Expr
	switch elements[0].Kind {
	case ast.GroupExpr:
		return [][]ast.Expr{columns}, true
	case ast.GroupRollup:
		for n := len(columns); n >= 0; n-- {
			sets = append(sets, rowsElems(columns[:n]))
		}
		return sets, true
	}
	if len(columns) > maxCube {
		return nil, false
	}
	for chosen := 1<<len(columns) - 1; chosen >= 0; chosen-- {
		var set []ast.Expr
		for i, x := range columns {
			if chosen>>(len(columns)-1-i)&1 == 1 {
				set = append(set, rowElems(x)...)
			}
		}
		sets = append(sets, set)
	}
	return sets, true
}

func rowsElems(list []ast.Expr) []ast.Expr {
	var elems []ast.Expr
	for _, x := range list {
		elems = append(elems, rowElems(x)...)
	}
	return elems
}
