package ast

func (p *printer) query(q *Query) {
	if len(q.With) > 0 {
		p.write("WITH ")
		if q.Recursive {
			p.write("RECURSIVE ")
		}
		p.list(len(q.With), func(i int) {
			p.ident(q.With[i].Name)
			p.columns(q.With[i].Columns)
			if key := q.With[i].Key; len(key) > 0 {
				p.write(" USING KEY")
				p.columns(key)
			}
			p.write(" AS ")
			if m := q.With[i].Materialized; m != "" {
				p.write(m, " ")
			}
			p.write("(")
			p.query(q.With[i].Query)
			p.write(")")
		})
		p.write(" ")
	}
	p.operand(q.Body, false)
	if q.OrderAll != nil {
		p.write(" ORDER BY ALL")
		p.direction(*q.OrderAll)
	}
	if len(q.OrderBy) > 0 {
		p.write(" ")
		p.orderBy(q.OrderBy)
	}
	if q.Limit != nil {
		p.write(" LIMIT ")
		p.expr(q.Limit, LevelNone)
		if q.Percent {
			p.write(" PERCENT")
		}
	}
	if q.Offset != nil {
		p.write(" OFFSET ")
		p.expr(q.Offset, LevelNone)
	}
}

// operand writes a query body where one may be part of a larger query.
func (p *printer) operand(b QueryBody, parens bool) {
	if _, nested := b.(*Query); nested || parens {
		p.write("(")
		p.body(b)
		p.write(")")
		return
	}
	p.body(b)
}

func (p *printer) body(b QueryBody) {
	switch b := b.(type) {
	case *Query:
		p.query(b)
	case *Select:
		p.selectBlock(b)
	case *Values:
		p.write("VALUES ")
		p.list(len(b.Rows), func(i int) {
			p.write("(")
			p.exprs(b.Rows[i])
			p.write(")")
		})
	case *SetOp:
		left, isOp := b.Left.(*SetOp)
		p.operand(b.Left, isOp && b.Op == Intersect && left.Op != Intersect)
		p.write(" ", [...]string{Union: "UNION", Intersect: "INTERSECT", Except: "EXCEPT"}[b.Op], " ")
		if b.All {
			p.write("ALL ")
		}
		if b.ByName {
			p.write("BY NAME ")
		}
		right, isOp := b.Right.(*SetOp)
		p.operand(b.Right, isOp && (b.Op == Intersect || right.Op != Intersect))
	}
}

func (p *printer) selectBlock(s *Select) {
	p.write("SELECT ")
	if s.Distinct {
		p.write("DISTINCT ")
		if len(s.DistinctOn) > 0 {
			p.write("ON (")
			p.exprs(s.DistinctOn)
			p.write(") ")
		}
	}
	p.items(s.Items)
	if len(s.From) > 0 {
		p.write(" FROM ")
		p.list(len(s.From), func(i int) { p.table(s.From[i]) })
	}
	p.clause(" WHERE ", s.Where)
	if s.Around != nil {
		p.write(" ")
		p.around(s.Around)
	}
	if s.GroupBy != nil {
		p.write(" ")
		p.groupBy(s.GroupBy)
	}
	p.clause(" HAVING ", s.Having)
	if len(s.Windows) > 0 {
		p.write(" WINDOW ")
		p.list(len(s.Windows), func(i int) {
			p.ident(s.Windows[i].Name)
			p.write(" AS ")
			p.window(s.Windows[i].Window)
		})
	}
	p.clause(" QUALIFY ", s.Qualify)
	if s.Sample != nil {
		p.write(" USING SAMPLE ")
		p.sample(s.Sample)
	}
}

func (p *printer) sample(s *Sample) {
	p.write([...]string{"reservoir", "bernoulli"}[btoi(s.Each)], "(")
	p.expr(s.Count, LevelNone)
	p.write([...]string{" ROWS)", " PERCENT)"}[btoi(s.Percent)])
}

func btoi(b bool) int {
	if b {
		return 1
	}
	return 0
}

func (p *printer) clause(keyword string, x Expr) {
	if x != nil {
		p.write(keyword)
		p.expr(x, LevelNone)
	}
}

func (p *printer) items(items []SelectItem) {
	p.list(len(items), func(i int) {
		p.expr(items[i].Expr, LevelNone)
		if items[i].Alias.Name != "" {
			p.write(" AS ")
			p.ident(items[i].Alias)
		}
	})
}

func (p *printer) around(a *Around) {
	p.write("AROUND ")
	p.expr(a.Extent, LevelNone)
	if a.Rows {
		p.write(" ROWS")
	}
	if len(a.Per) > 0 {
		p.write(" PER ")
		p.exprs(a.Per)
	}
}

func (p *printer) groupBy(g *GroupBy) {
	p.write("GROUP BY ")
	if g.All {
		p.write("ALL")
		return
	}
	p.list(len(g.Elements), func(i int) {
		e := g.Elements[i]
		switch e.Kind {
		case GroupExpr:
			p.expr(e.Exprs[0], LevelNone)
			return
		case GroupRollup:
			p.write("ROLLUP (")
			p.exprs(e.Exprs)
		case GroupCube:
			p.write("CUBE (")
			p.exprs(e.Exprs)
		case GroupSets:
			p.write("GROUPING SETS (")
			p.list(len(e.Sets), func(i int) {
				p.write("(")
				p.exprs(e.Sets[i])
				p.write(")")
			})
		}
		p.write(")")
	})
}

func (p *printer) orderBy(items []OrderItem) {
	p.write("ORDER BY ")
	p.list(len(items), func(i int) {
		p.expr(items[i].Expr, LevelNone)
		p.direction(items[i])
	})
}

func (p *printer) direction(item OrderItem) {
	switch {
	case item.Desc:
		p.write(" DESC")
	case item.Asc:
		p.write(" ASC")
	}
	if item.NullsFirst != nil {
		if *item.NullsFirst {
			p.write(" NULLS FIRST")
		} else {
			p.write(" NULLS LAST")
		}
	}
}

func (p *printer) table(t TableExpr) {
	switch t := t.(type) {
	case *TableName:
		if t.File != "" {
			p.write(quote(t.File, '\''))
		} else {
			p.path(t.Parts)
		}
		p.alias(t.Alias)
	case *Derived:
		p.lateral(t.Lateral)
		p.write("(")
		p.query(t.Query)
		p.write(")")
		p.alias(t.Alias)
	case *TableFunc:
		p.lateral(t.Lateral)
		p.call(t.Call)
		if t.Ordinality {
			p.write(" WITH ORDINALITY")
		}
		p.alias(t.Alias)
	case *Join:
		p.join(t)
	case *Pivot:
		p.pivot(t)
	case *Unpivot:
		p.unpivot(t)
	case *Sampled:
		p.table(t.Table)
		p.write(" TABLESAMPLE ")
		p.sample(t.Sample)
	}
}

func (p *printer) lateral(yes bool) {
	if yes {
		p.write("LATERAL ")
	}
}

func (p *printer) alias(a Alias) {
	if a.Name.Name != "" {
		p.write(" AS ")
		p.ident(a.Name)
		p.columns(a.Columns)
	}
}

func (p *printer) join(j *Join) {
	p.table(j.Left)
	p.write(" ")
	if j.Natural {
		p.write("NATURAL ")
	}
	if j.Asof {
		p.write("ASOF ")
	}
	p.write([...]string{
		InnerJoin: "", LeftJoin: "LEFT ", RightJoin: "RIGHT ", FullJoin: "FULL ", CrossJoin: "CROSS ",
		SemiJoin: "SEMI ", AntiJoin: "ANTI ", PositionalJoin: "POSITIONAL ",
	}[j.Kind], "JOIN ")
	if _, nested := j.Right.(*Join); nested {
		p.write("(")
		p.table(j.Right)
		p.write(")")
	} else {
		p.table(j.Right)
	}
	p.clause(" ON ", j.On)
	if len(j.Using) > 0 {
		p.write(" USING (")
		p.idents(j.Using)
		p.write(")")
	}
	p.clause(" TOLERANCE ", j.Tolerance)
}

// window writes what follows OVER or, in the WINDOW clause, AS.
func (p *printer) window(w *Window) {
	if w.Bare {
		p.ident(w.Name)
		return
	}
	p.write("(")
	space := ""
	part := func(yes bool, write func()) {
		if yes {
			p.write(space)
			write()
			space = " "
		}
	}
	part(w.Name.Name != "", func() { p.ident(w.Name) })
	part(len(w.PartitionBy) > 0, func() {
		p.write("PARTITION BY ")
		p.exprs(w.PartitionBy)
	})
	part(len(w.OrderBy) > 0, func() { p.orderBy(w.OrderBy) })
	part(w.Frame != nil, func() { p.frame(w.Frame) })
	p.write(")")
}

func (p *printer) frame(f *Frame) {
	p.write([...]string{Rows: "ROWS", Range: "RANGE", Groups: "GROUPS"}[f.Unit], " BETWEEN ")
	p.bound(f.Start)
	p.write(" AND ")
	p.bound(f.End)
	p.write([...]string{
		ExcludeNoOthers: "", ExcludeCurrentRow: " EXCLUDE CURRENT ROW", ExcludeGroup: " EXCLUDE GROUP",
		ExcludeTies: " EXCLUDE TIES",
	}[f.Exclude])
}

func (p *printer) bound(b Bound) {
	if b.Offset != nil {
		p.expr(b.Offset, LevelNone)
		p.write(" ")
	}
	p.write([...]string{
		UnboundedPreceding: "UNBOUNDED PRECEDING", Preceding: "PRECEDING", CurrentRow: "CURRENT ROW",
		Following: "FOLLOWING", UnboundedFollowing: "UNBOUNDED FOLLOWING",
	}[b.Kind])
}
