package sem

import (
	"math"

	"tq/functions"
	"tq/functions/kernel"
	"tq/lang/ast"
)

// sampled takes a sample of the rows of a source. They are put in an order by chance, of
// which the first are taken, or each is taken by chance.
func (q queryBinder) sampled(n *ast.Sample, src Source) Source {
	at := n.Span()
	chance := q.call("random", at, nil)
	sel := &Select{From: src}
	sourceColumns(src, func(c Column) { sel.Items = append(sel.Items, passed(c)) })
	out := &Query{Body: sel, Out: sel.Columns()}
	switch {
	case n.Each:
		share, _ := q.percent(n.Count)
		limit := &Const{Typed: Typed{functions.Double, at}, Value: kernel.OfFloat64(share / 100)}
		sel.Where = q.call("<", at, []Expr{chance, limit})
		return &QuerySource{Query: out}
	case n.Percent:
		share, _ := q.percent(n.Count)
		out.Limit = &Limit{Count: -1, Percent: share}
	default:
		count, _ := q.rowCount(n.Count, "SAMPLE", -1)
		out.Limit = &Limit{Count: count, Percent: math.NaN()}
	}
	key := q.ids.New("chance", functions.Double)
	sel.Items = append(sel.Items, NamedExpr{Out: key, Expr: chance})
	out.OrderBy = []SortKey{{Expr: ref(key)}}
	return &QuerySource{Query: out}
}
