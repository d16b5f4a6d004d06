package sem

import (
	"tq/functions"
	"tq/lang/ast"
)

// positionalJoin puts the rows of two sources side by side, first with first: it is their
// full join on the numbers of the rows. Where one side has fewer rows, its columns are NULL.
func (q queryBinder) positionalJoin(t *ast.Join, left, right Source, lsc, rsc *scope) (Source, *scope) {
	if isLateral(right, left) {
		q.fail(t.Right.Span(), "a subquery beside which rows are put cannot refer to them")
		return brokenSource()
	}
	l, lnumber := q.numbered(left)
	r, rnumber := q.numbered(right)
	at := t.Span()
	on := q.call("=", at, []Expr{ref(lnumber), ref(rnumber)})
	both := &Select{From: &JoinSource{Kind: ast.FullJoin, Left: l, Right: r, On: on}}
	for _, side := range []Source{left, right} {
		sourceColumns(side, func(c Column) { both.Items = append(both.Items, passed(c)) })
	}
	number := q.ids.New("number", functions.BigInt)
	either := q.call("coalesce", at, []Expr{ref(lnumber), ref(rnumber)})
	out := both.Columns()
	both.Items = append(both.Items, NamedExpr{Out: number, Expr: either})
	rows := &Query{Body: both, OrderBy: []SortKey{{Expr: ref(number)}}, Out: out}
	return &QuerySource{Query: rows}, withoutFields(lsc.join(rsc))
}

// numbered is a source whose rows have one more column, their number, besides their own
// under the ids that they have.
func (q queryBinder) numbered(src Source) (*QuerySource, Column) {
	def, _ := functions.Lookup("row_number")
	call := WindowCall{
		AggCall: AggCall{Out: q.ids.New("row_number", functions.BigInt), Fn: def, Overload: &def.Overloads[0]},
		Frame:   DefaultFrame(false),
	}
	sel := &Select{From: src, Windows: []Window{{Call: call}}}
	sourceColumns(src, func(c Column) { sel.Items = append(sel.Items, passed(c)) })
	sel.Items = append(sel.Items, passed(call.Out))
	return &QuerySource{Query: &Query{Body: sel, Out: sel.Columns()}}, call.Out
}

// passed is a column under its own id.
func passed(c Column) NamedExpr { return NamedExpr{Out: c, Expr: ref(c)} }
