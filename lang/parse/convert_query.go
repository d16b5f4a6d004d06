package parse

import (
	"tq/lang/ast"
	"tq/lang/source"
)

func (q *query) toAST() *ast.Query {
	out := &ast.Query{Pos: q.pos()}
	if q.With != nil {
		out.Recursive = q.With.Recursive
		for _, t := range q.With.Tables {
			out.With = append(out.With, t.toAST())
		}
	}
	head := q.Head.toAST()
	if inner, ok := head.(*ast.Query); ok && q.With == nil && q.Tail.empty() {
		return inner
	}
	q.Tail.apply(out, head)
	return out
}

func (t *cte) toAST() ast.CTE {
	out := ast.CTE{Name: t.Name.Ident, Columns: idents(t.Columns), Query: t.Query.toAST()}
	if t.Key != nil {
		out.Key = t.Key.Columns
	}
	switch {
	case t.Not:
		out.Materialized = "NOT MATERIALIZED"
	case t.Once:
		out.Materialized = "MATERIALIZED"
	}
	return out
}

func (t *queryTail) empty() bool {
	return len(t.Intersects) == 0 && len(t.Unions) == 0 && t.OrderBy == nil && t.Limit == nil
}

// apply sets what follows the first part of a query.
func (t *queryTail) apply(q *ast.Query, head ast.QueryBody) {
	body := applyIntersects(head, t.Intersects)
	for _, u := range t.Unions {
		op := ast.Union
		if u.Op.Type == kwExcept {
			op = ast.Except
		}
		right := applyIntersects(u.Right.toAST(), u.Intersects)
		body = newSetOp(op, u.setOption, body, right)
	}
	q.Body = body
	if t.OrderBy != nil {
		q.OrderBy = t.OrderBy.items()
		q.OrderAll = t.OrderBy.all()
	}
	if l := t.Limit; l != nil {
		q.Limit, q.Percent, q.Offset = l.Limit, l.Percent, l.Offset
	}
}

func applyIntersects(left ast.QueryBody, intersects []intersect) ast.QueryBody {
	for _, i := range intersects {
		left = newSetOp(ast.Intersect, i.setOption, left, i.Right.toAST())
	}
	return left
}

func newSetOp(op ast.SetOpKind, option setOption, left, right ast.QueryBody) *ast.SetOp {
	return &ast.SetOp{
		Pos: spanning(left.Span(), right.Span()), Op: op, All: option.All, ByName: option.ByName,
		Left: left, Right: right,
	}
}

func (p *primary) toAST() ast.QueryBody {
	switch {
	case p.Select != nil:
		return p.Select.toAST()
	case p.From != nil:
		return p.From.toAST()
	case p.Values != nil:
		return p.Values.toAST()
	case p.Table != nil:
		from := selectAll(p.Table.Name.TableName)
		from.Pos = p.Table.pos()
		return from
	case p.Pivot != nil:
		return selectAll(p.Pivot.TableExpr)
	}
	return unwrap(p.Paren.toAST())
}

func (s *selectBlock) toAST() *ast.Select {
	out := &ast.Select{Pos: s.pos(), From: tables(s.From)}
	s.selectClause.apply(out)
	s.clauses.apply(out)
	return out
}

// toAST gives FROM without SELECT the * that it stands for.
func (f *fromBlock) toAST() *ast.Select {
	out := &ast.Select{Pos: f.pos(), From: tables(f.From)}
	if f.Select != nil {
		f.Select.apply(out)
	} else {
		out.Items = everything(out.Pos)
	}
	f.clauses.apply(out)
	return out
}

// selectAll is FROM t.
func selectAll(t ast.TableExpr) *ast.Select {
	pos := ast.Pos{At: t.Span()}
	return &ast.Select{Pos: pos, Items: everything(pos), From: []ast.TableExpr{t}}
}

// everything is the * that a query without SELECT stands for.
func everything(of ast.Pos) []ast.SelectItem {
	return []ast.SelectItem{{Expr: &ast.Star{Pos: ast.Pos{At: source.Point(of.At.Start)}}}}
}

func (s *selectClause) apply(out *ast.Select) {
	out.Distinct = s.Distinct
	if s.DistinctOn != nil {
		out.DistinctOn = s.DistinctOn.Exprs
	}
	out.Items = s.Items.Items
}

func (c *clauses) apply(out *ast.Select) {
	out.Where, out.Having, out.Qualify = c.Where, c.Having, c.Qualify
	if c.Around != nil {
		out.Around = &ast.Around{Pos: c.Around.pos(), Extent: c.Around.Extent, Rows: c.Around.Rows}
		for _, x := range c.Around.Per {
			out.Around.Per = append(out.Around.Per, rowElems(x)...)
		}
	}
	if c.Sample != nil {
		out.Sample = c.Sample.Sample
	}
	if c.GroupBy != nil {
		out.GroupBy = &ast.GroupBy{Pos: c.GroupBy.pos(), All: c.GroupBy.All, Elements: c.GroupBy.Elements.Elements}
	}
	for _, w := range c.Windows {
		spec := w.Spec.toAST()
		spec.Pos = spanning(spanOf(w.Open), spanOf(w.Close))
		out.Windows = append(out.Windows, ast.NamedWindow{Name: w.Name.Ident, Window: spec})
	}
}

func (v *values) toAST() *ast.Values {
	out := &ast.Values{Pos: v.pos()}
	for _, row := range v.Rows {
		out.Rows = append(out.Rows, row.Exprs.Exprs)
	}
	return out
}

func tables(refs []tableRef) []ast.TableExpr {
	var list []ast.TableExpr
	for i := range refs {
		list = append(list, refs[i].toAST())
	}
	return list
}

func (r *tableRef) toAST() ast.TableExpr { return r.Joins.toAST(r.Head.TableExpr) }

func (l *joinList) toAST(left ast.TableExpr) ast.TableExpr {
	for i := range l.Joins {
		left = l.Joins[i].toAST(left)
	}
	return left
}

func (j *join) toAST(left ast.TableExpr) *ast.Join {
	out := &ast.Join{Pos: ast.Pos{At: left.Span().To(j.pos().At)}, Left: left}
	switch {
	case j.Cross != nil:
		out.Kind, out.Right = ast.CrossJoin, j.Cross.Right.TableExpr
	case j.Beside != nil:
		out.Kind, out.Right = ast.PositionalJoin, j.Beside.Right.TableExpr
	case j.Natural != nil:
		out.Natural = true
		out.Kind, out.Right = j.Natural.Kind.toAST(), j.Natural.Right.TableExpr
	default:
		on := j.On
		right := (&joinList{Joins: on.Nested}).toAST(on.Right.TableExpr)
		out.Kind, out.Asof, out.Right = on.Kind.toAST(), on.Asof, right
		out.On, out.Using, out.Tolerance = on.On, idents(on.Using), on.Tolerance
	}
	return out
}

func (k joinKind) toAST() ast.JoinKind {
	switch k.Kind.Type {
	case kwLeft:
		return ast.LeftJoin
	case kwRight:
		return ast.RightJoin
	case kwFull:
		return ast.FullJoin
	case kwSemi:
		return ast.SemiJoin
	case kwAnti:
		return ast.AntiJoin
	}
	return ast.InnerJoin
}

func (o *orderBy) items() []ast.OrderItem {
	var items []ast.OrderItem
	for _, item := range o.Items {
		items = append(items, item.direction.toAST(item.Expr))
	}
	return items
}

func (o *orderBy) all() *ast.OrderItem {
	if o.All == nil {
		return nil
	}
	item := o.All.direction.toAST(nil)
	return &item
}

func (d direction) toAST(x ast.Expr) ast.OrderItem {
	item := ast.OrderItem{Expr: x, Desc: d.Desc, Asc: d.Asc}
	if d.Nulls.Value != "" {
		first := d.Nulls.Type == kwFirst
		item.NullsFirst = &first
	}
	return item
}

func (o *over) toAST() *ast.Window {
	if o.Name != nil {
		return &ast.Window{Pos: o.pos(), Name: o.Name.Ident, Bare: true}
	}
	w := o.Spec.toAST()
	w.Pos = o.pos()
	return w
}

func (s *windowSpec) toAST() *ast.Window {
	w := &ast.Window{PartitionBy: s.PartitionBy}
	if s.Base != nil {
		w.Name = s.Base.Ident
	}
	if s.OrderBy != nil {
		w.OrderBy = s.OrderBy.items()
	}
	if s.Frame != nil {
		w.Frame = s.Frame.toAST()
	}
	return w
}

func (f *frame) toAST() *ast.Frame {
	out := &ast.Frame{Pos: f.pos()}
	switch f.Unit.Type {
	case kwRange:
		out.Unit = ast.Range
	case kwGroups:
		out.Unit = ast.Groups
	}
	if f.Only != nil {
		out.Start, out.End = f.Only.toAST(), ast.Bound{Kind: ast.CurrentRow}
	} else {
		out.Start, out.End = f.Start.toAST(), f.End.toAST()
	}
	if x := f.Exclude; x != nil {
		switch {
		case x.CurrentRow:
			out.Exclude = ast.ExcludeCurrentRow
		case x.Group:
			out.Exclude = ast.ExcludeGroup
		case x.Ties:
			out.Exclude = ast.ExcludeTies
		}
	}
	return out
}

func (b *frameBound) toAST() ast.Bound {
	switch {
	case b.Current:
		return ast.Bound{Kind: ast.CurrentRow}
	case b.Unbounded.Type == kwPreceding:
		return ast.Bound{Kind: ast.UnboundedPreceding}
	case b.Unbounded.Type == kwFollowing:
		return ast.Bound{Kind: ast.UnboundedFollowing}
	case b.Direction.Type == kwPreceding:
		return ast.Bound{Kind: ast.Preceding, Offset: b.Offset}
	}
	return ast.Bound{Kind: ast.Following, Offset: b.Offset}
}
