package sem

import (
	"slices"
	"strconv"
	"strings"

	"github.com/apache/arrow/go/v17/arrow"

	"tq/functions"
	"tq/functions/kernel"
	"tq/lang/ast"
	"tq/lang/source"
)

// setOp binds UNION, INTERSECT or EXCEPT. Chains lean to the left and can be long, so
// they are followed in a loop.
func (q queryBinder) setOp(n *ast.SetOp) Body {
	var chain []*ast.SetOp
	var first ast.QueryBody = n
	for {
		op, ok := first.(*ast.SetOp)
		if !ok {
			break
		}
		chain = append(chain, op)
		first = op.Left
	}
	left := q.body(first)
	for i := len(chain) - 1; i >= 0; i-- {
		left = q.combine(chain[i], left, q.body(chain[i].Right))
	}
	return left
}

// combine brings two bodies to the same columns and combines them.
func (q queryBinder) combine(n *ast.SetOp, left, right Body) Body {
	l, r := left.Columns(), right.Columns()
	out := &SetOp{Op: n.Op, All: n.All}
	if n.ByName {
		l, r, left, right = q.matchByName(left, right)
	}
	if len(l) != len(r) {
		if len(q.errs) == 0 {
			q.fail(n.Right.Span(), "both sides of %s must have as many columns: the left has %d, the right %d",
				setOpName(n.Op), len(l), len(r))
		}
		return left
	}
	types := make([]arrow.DataType, len(l))
	for i := range l {
		if l[i].Type == nil || r[i].Type == nil {
			return left
		}
		t, ok := functions.CommonType(l[i].Type, r[i].Type)
		if !ok {
			q.fail(n.Right.Span(), "column %d of %s is %s on the left (%s) and %s on the right (%s)",
				i+1, setOpName(n.Op), aType(l[i].Type), l[i].Name, aType(r[i].Type), r[i].Name)
			return left
		}
		types[i] = t
		out.Out = append(out.Out, q.ids.New(l[i].Name, t))
	}
	out.Left, out.Right = q.castBody(left, l, types, n.Left.Span()), q.castBody(right, r, types, n.Right.Span())
	return out
}

func setOpName(op ast.SetOpKind) string {
	return [...]string{ast.Union: "UNION", ast.Intersect: "INTERSECT", ast.Except: "EXCEPT"}[op]
}

// castBody returns a body, written at a place, whose columns have the given types: the
// body itself if its have them already.
func (q queryBinder) castBody(body Body, cols []Column, types []arrow.DataType, at source.Span) Body {
	if slices.EqualFunc(cols, types, func(c Column, t arrow.DataType) bool { return functions.Same(c.Type, t) }) {
		return body
	}
	sel := &Select{From: &QuerySource{Query: asQuery(body)}}
	for i, c := range cols {
		x := q.convert(Respan(ref(c), at), types[i])
		sel.Items = append(sel.Items, NamedExpr{Out: q.ids.New(c.Name, types[i]), Expr: x})
	}
	return sel
}

func asQuery(body Body) *Query {
	if q, ok := body.(*Query); ok {
		return q
	}
	return &Query{Body: body, Out: body.Columns()}
}

// matchByName gives both bodies the columns of either, those of the left first; a
// column that a side doesn't have is NULL there.
func (q queryBinder) matchByName(left, right Body) (l, r []Column, lb, rb Body) {
	l, r = left.Columns(), right.Columns()
	type pair struct{ l, r *Column }
	var pairs []pair
	for i := range l {
		pairs = append(pairs, pair{&l[i], findColumn(r, l[i].Name)})
	}
	for i := range r {
		if findColumn(l, r[i].Name) == nil {
			pairs = append(pairs, pair{nil, &r[i]})
		}
	}
	lsel := &Select{From: &QuerySource{Query: asQuery(left)}}
	rsel := &Select{From: &QuerySource{Query: asQuery(right)}}
	for _, p := range pairs {
		q.addNamed(lsel, p.l, p.r)
		q.addNamed(rsel, p.r, p.l)
	}
	return lsel.Columns(), rsel.Columns(), lsel, rsel
}

// addNamed appends a column to a select, or NULL under the name of the other side's.
func (q queryBinder) addNamed(sel *Select, own, other *Column) {
	c := own
	var x Expr
	if own == nil {
		c = other
		if c.Type != nil {
			x = &Const{Typed: Typed{Typ: c.Type}, Value: kernel.Nulls(c.Type, 1)}
		}
	} else {
		x = columnExpr(*own)
	}
	sel.Items = append(sel.Items, NamedExpr{Out: q.ids.New(c.Name, c.Type), Expr: x})
}

func findColumn(cols []Column, name string) *Column {
	for i := range cols {
		if strings.EqualFold(cols[i].Name, name) {
			return &cols[i]
		}
	}
	return nil
}

// values binds VALUES: every column has one type for all rows.
func (q queryBinder) values(n *ast.Values) Body {
	out := &Values{}
	b := q.constants("VALUES")
	ok := true
	for i, row := range n.Rows {
		if len(row) != len(n.Rows[0]) {
			q.fail(row[0].Span(), "row %d of VALUES has %s, the first row has %d", i+1, plural(len(row), "value"), len(n.Rows[0]))
			return out
		}
		exprs := b.exprList(row)
		ok = ok && !slices.Contains(exprs, nil)
		out.Rows = append(out.Rows, exprs)
	}
	for c := range n.Rows[0] {
		col := q.ids.New("col"+strconv.Itoa(c), nil)
		if ok {
			col.Type = q.unifyColumn(out.Rows, c)
		}
		out.Out = append(out.Out, col)
	}
	return out
}

// unifyColumn brings one column of rows to a common type.
func (q queryBinder) unifyColumn(rows [][]Expr, c int) arrow.DataType {
	col := make([]Expr, len(rows))
	for i := range rows {
		col[i] = rows[i][c]
	}
	typ := q.unify(col, "a column of VALUES")
	for i := range rows {
		rows[i][c] = col[i]
	}
	return typ
}
