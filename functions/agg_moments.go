package functions

import "math"

const threeNumbers = " FROM (VALUES (1), (2), (6)) t(x)"

var momentAggregates = []Def{
	foldDef("skewness", "How far the values lean to one side: their third moment, corrected for the sample. NULL if there are fewer than three.",
		"skewness(x)"+threeNumbers, "1.4578629673213046", 1, folding[powerSums]{(*powerSums).add, (*powerSums).merge, powerSums.skewness}),
	foldDef("kurtosis", "How heavy the tails of the values are compared with a normal distribution, corrected for the sample. NULL if there are fewer than four.",
		"kurtosis(x) FROM (VALUES (1), (2), (3), (4)) t(x)", "-1.200000000000001", 1, folding[powerSums]{(*powerSums).add, (*powerSums).merge, powerSums.kurtosis}),
	foldDef("kurtosis_pop", "How heavy the tails of the values are compared with a normal distribution.",
		"kurtosis_pop(x) FROM (VALUES (1), (2), (3), (4)) t(x)", "-1.36", 1, folding[powerSums]{(*powerSums).add, (*powerSums).merge, powerSums.kurtosisPop}),
	foldDef("sem", "The standard error of the mean: the population standard deviation by the root of the count.",
		"sem(x)"+threeNumbers, "1.2472191289246473", 1, folding[moments]{(*moments).add, (*moments).merge, moments.standardError}),
	foldDef("product", "The product of the values that are not NULL.",
		"product(x)"+threeNumbers, "12.0", 1, folding[productOf]{(*productOf).add, (*productOf).merge, productOf.result}),
	foldDef("geometric_mean", "The n-th root of the product of n values.",
		"geometric_mean(x)"+threeNumbers, "2.2894284851066637", 1, folding[meanOf]{(*meanOf).addLog, (*meanOf).merge, meanOf.exp}).also("geomean"),
	foldDef("weighted_avg", "The mean of the first argument, each value counted as often as the second says.",
		"weighted_avg(x, w) FROM (VALUES (1, 3), (5, 1)) t(x, w)", "2.0", 2, folding[weighted]{(*weighted).add, (*weighted).merge, weighted.mean}).also("wavg"),
	foldDef("fsum", "The sum of numbers with the errors of rounding carried along (Kahan).",
		"fsum(x) FROM (VALUES (0.1), (0.2), (0.3)) t(x)", "0.6", 1, folding[kahan]{(*kahan).add, (*kahan).merge, kahan.total}).also("kahan_sum", "sumkahan"),
	foldDef("favg", "The mean of numbers, summed as fsum does.",
		"favg(x) FROM (VALUES (0.1), (0.2), (0.3)) t(x)", "0.19999999999999998", 1, folding[kahan]{(*kahan).add, (*kahan).merge, kahan.mean}),
}

// powerSums are the count of values and the sums of their first four powers.
type powerSums struct{ n, sum, squares, cubes, fourths float64 }

func (s *powerSums) add(x, _ float64) {
	s.n++
	s.sum += x
	s.squares += x * x
	s.cubes += x * x * x
	s.fourths += x * x * x * x
}

func (s *powerSums) merge(o powerSums) {
	s.n += o.n
	s.sum += o.sum
	s.squares += o.squares
	s.cubes += o.cubes
	s.fourths += o.fourths
}

// spread is the second moment about the mean.
func (s powerSums) spread() float64 { return (s.squares - s.sum*s.sum/s.n) / s.n }

func (s powerSums) skewness() (float64, bool) {
	if s.n <= 2 {
		return 0, false
	}
	t := 1 / s.n
	div := math.Sqrt(max(math.Pow(s.spread(), 3), 0))
	if div == 0 {
		return math.NaN(), true
	}
	third := t * (s.cubes - 3*s.squares*s.sum*t + 2*math.Pow(s.sum, 3)*t*t)
	return finite(math.Sqrt(s.n*(s.n-1)) / (s.n - 2) * third / div), true
}

// tails is the fourth moment about the mean by the square of the second.
func (s powerSums) tails() (float64, bool) {
	t, m2 := 1/s.n, s.spread()
	if s.n <= 1 || m2 <= 0 {
		return 0, false
	}
	m4 := t * (s.fourths - 4*s.cubes*s.sum*t + 6*s.squares*s.sum*s.sum*t*t - 3*math.Pow(s.sum, 4)*math.Pow(t, 3))
	return m4 / (m2 * m2), true
}

func (s powerSums) kurtosisPop() (float64, bool) {
	k, ok := s.tails()
	return finite(k - 3), ok
}

func (s powerSums) kurtosis() (float64, bool) {
	k, ok := s.tails()
	if !ok || s.n <= 3 {
		return 0, false
	}
	return finite((s.n - 1) * ((s.n+1)*k - 3*(s.n-1)) / ((s.n - 2) * (s.n - 3))), true
}

// finite makes NaN, which infinite values lead to, an infinity, which is reported as out
// of range.
func finite(x float64) float64 {
	if math.IsNaN(x) {
		return math.Inf(1)
	}
	return x
}

// moments are the count, mean and sum of squared distances from the mean (Welford).
type moments struct {
	n        int64
	mean, m2 float64
}

func (s *moments) add(x, _ float64) {
	s.n++
	d := x - s.mean
	s.mean += d / float64(s.n)
	s.m2 += d * (x - s.mean)
}

func (s *moments) merge(o moments) {
	if s.n == 0 || o.n == 0 {
		if s.n == 0 {
			*s = o
		}
		return
	}
	n := float64(s.n + o.n)
	d := o.mean - s.mean
	s.m2 += o.m2 + d*d*float64(s.n)*float64(o.n)/n
	s.mean += d * float64(o.n) / n
	s.n += o.n
}

func (s moments) standardError() (float64, bool) {
	if s.n == 0 {
		return 0, false
	}
	return finite(math.Sqrt(s.m2/float64(s.n)) / math.Sqrt(float64(s.n))), true
}

// productOf is a product of numbers.
type productOf struct {
	seen bool
	x    float64
}

func (p *productOf) add(x, _ float64) {
	if !p.seen {
		p.x, p.seen = 1, true
	}
	p.x *= x
}

func (p *productOf) merge(o productOf) {
	if o.seen {
		p.add(o.x, 0)
	}
}

func (p productOf) result() (float64, bool) { return p.x, p.seen }

// meanOf is a mean.
type meanOf struct{ n, sum float64 }

func (m *meanOf) addLog(x, _ float64) {
	m.n++
	m.sum += math.Log(x)
}

func (m *meanOf) merge(o meanOf) {
	m.n += o.n
	m.sum += o.sum
}

func (m meanOf) exp() (float64, bool) { return math.Exp(m.sum / m.n), m.n > 0 }

// weighted is a mean with weights.
type weighted struct {
	n            int64
	sum, weights float64
}

func (w *weighted) add(x, weight float64) {
	w.n++
	w.sum += x * weight
	w.weights += weight
}

func (w *weighted) merge(o weighted) {
	w.n += o.n
	w.sum += o.sum
	w.weights += o.weights
}

func (w weighted) mean() (float64, bool) { return w.sum / w.weights, w.n > 0 }

// kahan is a sum whose rounding errors are carried along.
type kahan struct {
	n        int64
	sum, err float64
}

func (k *kahan) add(x, _ float64) {
	k.n++
	k.take(x)
}

func (k *kahan) take(x float64) {
	y := x - k.err
	t := k.sum + y
	k.err = (t - k.sum) - y
	k.sum = t
}

func (k *kahan) merge(o kahan) {
	k.n += o.n
	k.take(o.sum)
	k.take(-o.err)
}

func (k kahan) total() (float64, bool) { return k.sum, k.n > 0 }
func (k kahan) mean() (float64, bool)  { return k.sum / float64(k.n), k.n > 0 }
