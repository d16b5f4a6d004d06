package ast

// Pivot is t PIVOT (aggregates FOR x IN (values) … GROUP BY columns): one column for each
// value of x and each aggregate. The statement PIVOT is a query that selects all of one.
type Pivot struct {
	Pos
	Table   TableExpr
	Using   []SelectItem // aggregate calls
	On      []PivotOn
	GroupBy []Ident // empty: the columns that neither Using nor On names
	Alias   Alias
}

// PivotOn is what tells the columns of a [Pivot] apart: an expression and its values, each of
// them a literal, perhaps with a name.
type PivotOn struct {
	Expr Expr
	In   []SelectItem
}

// Unpivot is t UNPIVOT (v FOR name IN (columns)): one row for each of the columns. The
// statement UNPIVOT is a query that selects all of one.
type Unpivot struct {
	Pos
	Table        TableExpr
	IncludeNulls bool
	Values       []Ident
	Name         Ident
	On           []SelectItem // rows of as many columns as there are Values, if these are several
	Alias        Alias
}

func (p *printer) pivot(t *Pivot) {
	p.pivoted(t.Table)
	p.write(" PIVOT (")
	p.items(t.Using)
	p.write(" FOR")
	for _, on := range t.On {
		p.write(" ")
		p.expr(on.Expr, LevelOther)
		p.write(" IN (")
		p.items(on.In)
		p.write(")")
	}
	if len(t.GroupBy) > 0 {
		p.write(" GROUP BY ")
		p.idents(t.GroupBy)
	}
	p.write(")")
	p.alias(t.Alias)
}

func (p *printer) unpivot(t *Unpivot) {
	p.pivoted(t.Table)
	p.write(" UNPIVOT ")
	if t.IncludeNulls {
		p.write("INCLUDE NULLS ")
	}
	p.write("(")
	if len(t.Values) > 1 {
		p.write("(")
		p.idents(t.Values)
		p.write(")")
	} else {
		p.idents(t.Values)
	}
	p.write(" FOR ")
	p.ident(t.Name)
	p.write(" IN (")
	p.items(t.On)
	p.write("))")
	p.alias(t.Alias)
}

// pivoted writes the table before PIVOT or UNPIVOT, which applies to one table only.
func (p *printer) pivoted(t TableExpr) {
	_, joined := t.(*Join)
	if joined {
		p.write("(")
	}
	p.table(t)
	if joined {
		p.write(")")
	}
}
