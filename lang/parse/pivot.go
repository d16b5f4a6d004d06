package parse

import (
	"github.com/alecthomas/participle/v2"
	"github.com/alecthomas/participle/v2/lexer"

	"tq/lang/ast"
	"tq/lang/source"
)

// pivotBlock is the production of the statements PIVOT and UNPIVOT, which are queries for all
// of a table that is pivoted.
type pivotBlock struct{ ast.TableExpr }

func (b *pivotBlock) Parse(lx *lexer.PeekingLexer) (err error) {
	p := parser{lx}
	start := p.here()
	switch {
	case p.accept(kwPivot):
		b.TableExpr, err = p.pivotStatement(start)
	case p.accept(kwUnpivot):
		b.TableExpr, err = p.unpivotStatement(start)
	default:
		return participle.NextMatch
	}
	return err
}

// startsPivot reports whether a table follows PIVOT or UNPIVOT, which then is no name.
func (p parser) startsPivot() bool {
	second := p.second()
	return second.Type == tokString || second.Type == tokName || second.Type == tokQuoted ||
		second.Type >= firstKeyword && classOf(second.Type) == ast.Unreserved || p.secondIsOp("(")
}

// pivotedTable reads the table of a statement and ON.
func (p parser) pivotedTable() (ast.TableExpr, error) {
	ref, err := run(p, &grammar.tableRef)
	if err != nil {
		return nil, err
	}
	return ref.toAST(), p.expect(kwOn)
}

// pivotStatement reads t ON x IN (values), … USING aggregates GROUP BY columns.
func (p parser) pivotStatement(start source.Span) (*ast.Pivot, error) {
	t := &ast.Pivot{}
	var err error
	if t.Table, err = p.pivotedTable(); err != nil {
		return nil, err
	}
	for more := true; more; more = p.acceptOp(",") {
		if err := p.pivotOn(t); err != nil {
			return nil, err
		}
	}
	if p.accept(kwUsing) {
		err = p.pivotUsing(t)
	} else {
		at := t.On[0].Expr.Span()
		count := &ast.Call{Pos: ast.Pos{At: at}, Name: ast.Ident{Pos: ast.Pos{At: at}, Name: "count"}, Star: true}
		t.Using = []ast.SelectItem{{Expr: count}}
	}
	if err == nil {
		err = p.pivotGroups(t)
	}
	t.Pos = p.since(start)
	return t, err
}

// pivotOn reads x IN (values).
func (p parser) pivotOn(t *ast.Pivot) error {
	x, err := p.expr(ast.LevelOther)
	if err != nil {
		return err
	}
	if !p.accept(kwIn) {
		return source.Errorf(x.Span(), "PIVOT needs the values that become columns").
			WithHint("write ON %[1]s IN ('a', 'b'): SELECT DISTINCT %[1]s lists them", ast.Print(x))
	}
	on := ast.PivotOn{Expr: x}
	if err := p.expectOp("("); err != nil {
		return err
	}
	for more := true; more; more = p.acceptOp(",") {
		value, err := p.pivotValue()
		if err != nil {
			return err
		}
		on.In = append(on.In, value)
	}
	t.On = append(t.On, on)
	return p.expectOp(")")
}

// pivotValue reads a constant, or a name, which is text; perhaps with AS and a name.
func (p parser) pivotValue() (item ast.SelectItem, err error) {
	switch t := *p.Peek(); {
	case t.Type == tokString, t.Type == tokNumber, t.Type == kwTrue, t.Type == kwFalse, t.Type == kwNull:
		p.Next()
		item.Expr, err = literal(t)
	case p.isName():
		id := p.ident()
		item.Expr = &ast.Literal{Pos: id.Pos, Kind: ast.String, Text: id.Name}
	default:
		return item, p.expected("a constant")
	}
	if err == nil {
		item.Alias, err = p.itemAlias()
	}
	return item, err
}

// pivotUsing reads aggregates.
func (p parser) pivotUsing(t *ast.Pivot) (err error) {
	t.Using, err = p.namedItems()
	return err
}

// namedItems reads expressions with or without AS and a name. A name without AS could not be
// told from the words that follow.
func (p parser) namedItems() ([]ast.SelectItem, error) {
	var items []ast.SelectItem
	for more := true; more; more = p.acceptOp(",") {
		x, err := p.starOrExpr()
		if err != nil {
			return nil, err
		}
		alias, err := p.itemAlias()
		if err != nil {
			return nil, err
		}
		items = append(items, ast.SelectItem{Expr: x, Alias: alias})
	}
	return items, nil
}

// pivotGroups reads GROUP BY columns, if it is there.
func (p parser) pivotGroups(t *ast.Pivot) (err error) {
	if !p.is(kwGroup) {
		return nil
	}
	p.Next()
	if err := p.expect(kwBy); err != nil {
		return err
	}
	t.GroupBy, err = p.columnNames()
	return err
}

func (p parser) columnNames() ([]ast.Ident, error) {
	var ids []ast.Ident
	for more := true; more; more = p.acceptOp(",") {
		id, err := p.parseName("the name of a column")
		if err != nil {
			return nil, err
		}
		ids = append(ids, id)
	}
	return ids, nil
}

// unpivotStatement reads t ON columns INTO NAME n VALUE v, ….
func (p parser) unpivotStatement(start source.Span) (*ast.Unpivot, error) {
	t := &ast.Unpivot{}
	var err error
	if t.Table, err = p.pivotedTable(); err != nil {
		return nil, err
	}
	if t.On, err = p.namedItems(); err != nil {
		return nil, err
	}
	t.Pos = p.since(start)
	t.Name, t.Values = ast.Ident{Pos: t.Pos, Name: "name"}, []ast.Ident{{Pos: t.Pos, Name: "value"}}
	if !p.acceptWord("INTO") {
		return t, nil
	}
	if err := p.expect(kwName); err != nil {
		return nil, err
	}
	if t.Name, err = p.parseName("the name of a column"); err != nil {
		return nil, err
	}
	if !p.acceptWord("VALUE") {
		return nil, p.expected("VALUE")
	}
	t.Values, err = p.columnNames()
	t.Pos = p.since(start)
	return t, err
}

// pivoted reads PIVOT (…) or UNPIVOT (…) behind a table.
func (p parser) pivoted(table ast.TableExpr, start source.Span) (ast.TableExpr, error) {
	if p.accept(kwUnpivot) {
		t := &ast.Unpivot{Table: table}
		err := p.unpivotClause(t)
		t.Pos = p.since(start)
		return t, err
	}
	p.Next()
	t := &ast.Pivot{Table: table}
	err := p.pivotClause(t)
	t.Pos = p.since(start)
	return t, err
}

// pivotClause reads (aggregates FOR x IN (values) … GROUP BY columns) alias.
func (p parser) pivotClause(t *ast.Pivot) (err error) {
	if err := p.expectOp("("); err != nil {
		return err
	}
	if err := p.pivotUsing(t); err != nil {
		return err
	}
	if !p.acceptWord("FOR") {
		return p.expected("FOR")
	}
	for len(t.On) == 0 || !p.is(kwGroup) && !p.isOp(")") {
		if err := p.pivotOn(t); err != nil {
			return err
		}
	}
	if err := p.pivotGroups(t); err != nil {
		return err
	}
	if err := p.expectOp(")"); err != nil {
		return err
	}
	t.Alias, err = p.alias()
	return err
}

// unpivotClause reads [INCLUDE NULLS] (v FOR n IN (columns)) alias.
func (p parser) unpivotClause(t *ast.Unpivot) (err error) {
	t.IncludeNulls = p.acceptWord("INCLUDE")
	if t.IncludeNulls || p.accept(kwExclude) {
		if err := p.expect(kwNulls); err != nil {
			return err
		}
	}
	if err := p.expectOp("("); err != nil {
		return err
	}
	err = p.listOrOne(func() error {
		id, err := p.parseName("the name of a column")
		t.Values = append(t.Values, id)
		return err
	})
	if err != nil {
		return err
	}
	if !p.acceptWord("FOR") {
		return p.expected("FOR")
	}
	if t.Name, err = p.parseName("the name of a column"); err != nil {
		return err
	}
	if err := p.expect(kwIn); err != nil {
		return err
	}
	if err := p.expectOp("("); err != nil {
		return err
	}
	if t.On, err = p.namedItems(); err != nil {
		return err
	}
	for range 2 {
		if err := p.expectOp(")"); err != nil {
			return err
		}
	}
	t.Alias, err = p.alias()
	return err
}
