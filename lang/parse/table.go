package parse

import (
	"strings"

	"github.com/alecthomas/participle/v2"
	"github.com/alecthomas/participle/v2/lexer"

	"tq/lang/ast"
	"tq/lang/source"
)

// tableItem is the first table of an element of FROM: a name, a file, a call, or something
// in parentheses, with what pivots it.
type tableItem struct{ ast.TableExpr }

func (t *tableItem) Parse(lx *lexer.PeekingLexer) (err error) {
	p := parser{lx}
	start := p.here()
	if t.TableExpr, err = p.sampledTable(); err == nil {
		t.TableExpr, err = p.pivots(t.TableExpr, start)
	}
	return err
}

// pivots reads any number of PIVOT and UNPIVOT behind a table.
func (p parser) pivots(t ast.TableExpr, start source.Span) (_ ast.TableExpr, err error) {
	for err == nil && p.atPivot() {
		t, err = p.pivoted(t, start)
	}
	return t, err
}

// joinedItem is a table that is joined to others. What pivots it stands in parentheses with
// it: without them DuckDB pivots the join.
type joinedItem struct{ ast.TableExpr }

func (t *joinedItem) Parse(lx *lexer.PeekingLexer) (err error) {
	p := parser{lx}
	t.TableExpr, err = p.sampledTable()
	if err == nil && p.atPivot() {
		return source.Errorf(p.here(), "%s behind a join could be of the join or of its last table", strings.ToUpper(p.Peek().Value)).
			WithHint("put what it is of in parentheses: (a JOIN b …) %[1]s … or a JOIN (b %[1]s …)", strings.ToUpper(p.Peek().Value))
	}
	return err
}

func (p parser) atPivot() bool { return p.is(kwPivot) || p.is(kwUnpivot) }

// sampledTable is what can be joined or pivoted: a table, perhaps a sample of it.
func (p parser) sampledTable() (ast.TableExpr, error) {
	start := p.here()
	t, err := p.tableItem()
	if err != nil {
		return nil, err
	}
	return p.sampled(t, start)
}

func (p parser) tableItem() (ast.TableExpr, error) {
	start := p.here()
	lateral := p.accept(kwLateral)
	switch {
	case p.isOp("("):
		return p.parenTable(start, lateral)
	case p.is(tokString), p.isName():
		return p.namedTable(start, lateral)
	case lateral:
		return nil, p.expected("a query in parentheses or a function")
	}
	return nil, &syntaxError{found: *p.Peek(), expected: []string{"a table"}, asName: true}
}

func (p parser) namedTable(start source.Span, lateral bool) (ast.TableExpr, error) {
	table, err := p.relation()
	if err != nil {
		return nil, err
	}
	if p.isOp("(") && len(table.Parts) == 1 {
		call, err := p.call(table.Parts[0], table.Span())
		if err != nil {
			return nil, err
		}
		ordinality := p.is(kwWith) && strings.EqualFold(p.second().Value, "ORDINALITY")
		if ordinality {
			p.Next()
			p.Next()
		}
		alias, err := p.alias()
		return &ast.TableFunc{Pos: p.since(start), Lateral: lateral, Call: call, Ordinality: ordinality, Alias: alias}, err
	}
	if lateral {
		return nil, p.expected("(")
	}
	table.Alias, err = p.alias()
	table.Pos = p.since(start)
	return table, err
}

// relation is the production of a table's name or file without alias.
type relation struct{ *ast.TableName }

func (r *relation) Parse(lx *lexer.PeekingLexer) (err error) {
	p := parser{lx}
	if !p.is(tokString) && !p.isName() {
		return participle.NextMatch
	}
	r.TableName, err = p.relation()
	return err
}

// relation reads a table's name, or a file's in single quotes.
func (p parser) relation() (*ast.TableName, error) {
	start := p.here()
	table := &ast.TableName{}
	if t := *p.Peek(); t.Type == tokString {
		p.Next()
		var err error
		if table.File, err = stringValue(t); err != nil {
			return nil, err
		}
		if table.File == "" {
			return nil, source.Errorf(spanOf(t), "the name of a file can't be empty")
		}
	} else {
		table.Parts = append(table.Parts, p.ident())
		for p.acceptOp(".") {
			if !p.isAnyName() {
				return nil, p.expected("the name of a table")
			}
			table.Parts = append(table.Parts, p.ident())
		}
	}
	table.Pos = p.since(start)
	return table, nil
}

// parenTable reads (query) alias or (table JOIN table).
func (p parser) parenTable(start source.Span, lateral bool) (ast.TableExpr, error) {
	open := p.here()
	t, q, err := p.parenTableOrQuery()
	if err != nil {
		return nil, err
	}
	if q == nil {
		if lateral {
			return nil, source.Errorf(p.since(open).At, "expected a query in parentheses after LATERAL")
		}
		alias, err := p.alias()
		if err != nil || alias.Name.Name == "" {
			return t, err
		}
		// (a JOIN b) j is (FROM a JOIN b) j.
		all := selectAll(t)
		return &ast.Derived{Pos: p.since(start), Query: &ast.Query{Pos: all.Pos, Body: all}, Alias: alias}, nil
	}
	alias, err := p.alias()
	return &ast.Derived{Pos: p.since(start), Lateral: lateral, Query: q, Alias: alias}, err
}

// parenTableOrQuery reads what stands in parentheses, of which only the inside tells
// whether it is a query or a table.
func (p parser) parenTableOrQuery() (ast.TableExpr, *ast.Query, error) {
	p.Next()
	var q *ast.Query
	var err error
	switch {
	case p.startsQuery():
		q, err = p.query()
	case p.isOp("("):
		var inner ast.TableExpr
		innerStart := p.here()
		if inner, q, err = p.parenTableOrQuery(); err != nil {
			return nil, nil, err
		}
		if q != nil && !p.continuesTable() {
			q, err = p.continueQuery(&ast.Subquery{Pos: p.since(innerStart), Query: q})
			break
		}
		if q != nil {
			derived := &ast.Derived{Query: q}
			if derived.Alias, err = p.alias(); err != nil {
				return nil, nil, err
			}
			derived.Pos = p.since(innerStart)
			inner, q = derived, nil
		}
		if inner, err = p.pivots(inner, innerStart); err != nil {
			return nil, nil, err
		}
		joins, err := run(p, &grammar.joinList)
		if err != nil {
			return nil, nil, err
		}
		return joins.toAST(inner), nil, p.expectOp(")")
	default:
		ref, err := run(p, &grammar.tableRef)
		if err != nil {
			return nil, nil, err
		}
		return ref.toAST(), nil, p.expectOp(")")
	}
	if err == nil {
		err = p.expectOp(")")
	}
	if err != nil {
		return nil, nil, err
	}
	return nil, q, nil
}

// continuesTable reports whether what follows a query in parentheses makes it a
// table: an alias or a join.
func (p parser) continuesTable() bool {
	switch p.Peek().Type {
	case kwAs, kwPivot, kwUnpivot, kwJoin, kwCross, kwPositional, kwNatural, kwAsof, kwInner, kwLeft, kwRight, kwFull, kwSemi, kwAnti:
		return true
	}
	return p.isBareAlias()
}

// alias reads [AS] name [(columns)].
func (p parser) alias() (ast.Alias, error) {
	var a ast.Alias
	switch {
	case p.accept(kwAs):
		if !p.isAnyName() {
			return a, p.expected("a name")
		}
		a.Name = p.ident()
	case p.isBareAlias():
		a.Name = p.ident()
	default:
		return a, nil
	}
	if !p.acceptOp("(") {
		return a, nil
	}
	for {
		id, err := p.parseName("the name of a column")
		if err != nil {
			return a, err
		}
		a.Columns = append(a.Columns, id)
		if !p.acceptOp(",") {
			return a, p.expectOp(")")
		}
	}
}
