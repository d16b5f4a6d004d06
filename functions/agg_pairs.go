package functions

import (
	"math"

	"github.com/apache/arrow/go/v17/arrow"
	"github.com/apache/arrow/go/v17/arrow/array"
)

const fourPairs = " FROM (VALUES (2, 1), (4, 2), (5, 3), (9, 4)) t(y, x)"

var pairAggregates = []Def{
	pairDef("covar_pop", "The population covariance.", "2.75", pairs.covarPop),
	pairDef("covar_samp", "The sample covariance; NULL if there are fewer than two pairs.", "3.6666666666666665", pairs.covarSamp),
	pairDef("corr", "The correlation coefficient; NaN where one of the two does not vary.", "0.9647638212377321", pairs.corr),
	{
		Name: "regr_count", Kind: Aggregate, Family: aggregates, Nulls: SeesNulls,
		Doc:     "How many rows have neither of the two NULL.",
		Example: "regr_count(y, x)" + fourPairs, Result: "4",
		Overloads: []Overload{{Args: types(Double, Double), Ret: UInteger, Accumulate: func(*Call) Accumulator {
			return &pairCount{folded[pairs]{name: "regr_count", how: folding[pairs]{add: (*pairs).add, merge: (*pairs).merge}}}
		}}},
	},
	pairDef("regr_avgx", "The mean of the second argument over the rows with neither NULL.", "2.5", func(p pairs) (float64, bool) { return p.meanX, p.n > 0 }),
	pairDef("regr_avgy", "The mean of the first argument over the rows with neither NULL.", "5.0", func(p pairs) (float64, bool) { return p.meanY, p.n > 0 }),
	pairDef("regr_sxx", "The sum of the squared distances of the second argument from its mean.", "5.0", func(p pairs) (float64, bool) { return p.xx, p.n > 0 }),
	pairDef("regr_syy", "The sum of the squared distances of the first argument from its mean.", "26.000000000000004", func(p pairs) (float64, bool) { return p.yy, p.n > 0 }),
	pairDef("regr_sxy", "The sum of the products of both distances from the means.", "11.0", func(p pairs) (float64, bool) { return p.xy, p.n > 0 }),
	pairDef("regr_slope", "The slope of the line through the pairs with the least squares; the first argument is the ordinate.", "2.2", pairs.slope),
	pairDef("regr_intercept", "Where the line through the pairs with the least squares crosses the ordinate.", "-0.5", pairs.intercept),
	pairDef("regr_r2", "The share of the first argument's variance that the line explains.", "0.9307692307692307", pairs.r2),
}

// pairDef is an aggregate of pairs (y, x).
func pairDef(name, doc, result string, f func(pairs) (float64, bool)) Def {
	return foldDef(name, doc, name+"(y, x)"+fourPairs, result, 2, folding[pairs]{(*pairs).add, (*pairs).merge, f})
}

// pairs are the count of pairs, both means, and the sums of squared distances from them
// and of their products (Welford).
type pairs struct {
	n            int64
	meanX, meanY float64
	xx, yy, xy   float64
}

// add takes in a pair: SQL writes y before x.
func (p *pairs) add(y, x float64) {
	p.n++
	n := float64(p.n)
	dx, dy := x-p.meanX, y-p.meanY
	p.meanX += dx / n
	p.meanY += dy / n
	p.xx += dx * (x - p.meanX)
	p.yy += dy * (y - p.meanY)
	p.xy += dx * (y - p.meanY)
}

func (p *pairs) merge(o pairs) {
	if p.n == 0 || o.n == 0 {
		if p.n == 0 {
			*p = o
		}
		return
	}
	m, k := float64(p.n), float64(o.n)
	dx, dy, both := o.meanX-p.meanX, o.meanY-p.meanY, m*k/(m+k)
	p.xx += o.xx + dx*dx*both
	p.yy += o.yy + dy*dy*both
	p.xy += o.xy + dx*dy*both
	p.meanX += dx * k / (m + k)
	p.meanY += dy * k / (m + k)
	p.n += o.n
}

func (p pairs) covarPop() (float64, bool)  { return p.xy / float64(p.n), p.n > 0 }
func (p pairs) covarSamp() (float64, bool) { return p.xy / float64(p.n-1), p.n > 1 }

func (p pairs) corr() (float64, bool) {
	n := float64(p.n)
	return p.xy / n / (math.Sqrt(p.xx/n) * math.Sqrt(p.yy/n)), p.n > 0
}

func (p pairs) slope() (float64, bool) { return p.xy / p.xx, p.n > 0 }

func (p pairs) intercept() (float64, bool) {
	if p.n == 0 || p.xx == 0 {
		return 0, false
	}
	return p.meanY - p.xy/p.xx*p.meanX, true
}

func (p pairs) r2() (float64, bool) {
	switch {
	case p.n == 0 || p.xx == 0:
		return 0, false
	case p.yy == 0:
		return 1, true
	}
	c, _ := p.corr()
	return c * c, true
}

// pairCount counts pairs; it is 0, not NULL, of none.
type pairCount struct{ folded[pairs] }

func (c *pairCount) Merge(other Accumulator, into []uint32) error {
	o, ok := other.(*pairCount)
	if !ok {
		return strangers(c, other)
	}
	return c.folded.Merge(&o.folded, into)
}

func (c *pairCount) count(g int) (uint32, bool, error) { return uint32(c.all[g].n), true, nil }

func (c *pairCount) Append(b array.Builder, g int) error {
	x, ok, err := c.count(g)
	appendFixed(b, x, ok)
	return err
}

func (c *pairCount) Finish(n int) (arrow.Array, error) { return finishFixed(UInteger, n, c.count) }
