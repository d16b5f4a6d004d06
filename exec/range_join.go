package exec

import (
	"context"
	"math"
	"slices"
	"sort"

	"github.com/apache/arrow/go/v17/arrow"

	"tq/functions/kernel"
	"tq/lang/plan"
	"tq/lang/sem"
)

// rangeJoin joins on comparisons. It keeps the right rows in the order of one of the
// compared values; of each left row, the comparisons with that value then allow a stretch
// of the order. One comparison with another value cuts the stretch further, by the
// greatest value up to each place: where intervals stand in the order of their starts,
// those that end too early are mostly the first ones. What remains is tried in full.
type rangeJoin struct {
	pairJoin
	values []evaluator // of the right side that are compared, each once; the first orders it
	cuts   []rangeCut
	order  []int32 // the right rows that may match, by the first value
	asIs   bool    // order ascends

	threads int
	columns []int // of the right side that the values depend on
}

// rangeCut is a comparison that bounds the stretch of a left row.
type rangeCut struct {
	value   int       // which of the right values is compared
	left    evaluator // with what
	upper   bool      // it bounds the end of the stretch, not its start
	beyond  bool      // the bound is the first place with a greater value, not an equal one
	scale   *ordinals
	numbers []int64 // never falling: the value by place, or the greatest one up to it
}

func (q *builder) buildRangeJoin(n *plan.RangeJoin, mem *account) (Operator, error) {
	b, err := q.overBoth(n, n.Left, n.Right)
	if err != nil {
		return nil, err
	}
	j := &rangeJoin{pairJoin: pairJoin{twoInputs: b, kind: n.Kind, mem: mem, size: q.env.Config.batchRows()}, threads: q.env.Config.threads()}
	j.build, j.probe = j.arrange, j.lookUp
	rest, err := j.chooseCuts(n, q.compilerOver(n.Left), q.compilerOver(n.Right))
	if err != nil {
		return nil, err
	}
	j.residual, err = q.compilerOver(n.Left, n.Right).compileOptional(rest)
	return j, err
}

// chooseCuts decides which value orders the right side and which comparisons cut, and
// returns the conditions that still have to be tried.
func (j *rangeJoin) chooseCuts(n *plan.RangeJoin, left, right *compiler) (sem.Expr, error) {
	first := slices.IndexFunc(n.Bounds, func(b plan.JoinBound) bool { return b.Op[0] == '<' })
	key := n.Bounds[max(first, 0)].Right
	values := []sem.Expr{key}
	var rest []sem.Expr
	if n.Residual != nil {
		rest = append(rest, n.Residual)
	}
	for _, b := range n.Bounds {
		exact := sem.Equal(b.Right, key)
		if !exact {
			rest = append(rest, b.Cond)
			if b.Op[0] == '<' || len(values) > 1 {
				continue
			}
			values = append(values, b.Right)
		}
		value, err := left.compile(b.Left)
		if err != nil {
			return nil, err
		}
		cut := rangeCut{left: value, upper: b.Op[0] == '<', beyond: b.Op == "<=" || b.Op == ">"}
		if !exact {
			cut.value = 1
		}
		j.cuts = append(j.cuts, cut)
	}
	var err error
	j.values, err = right.compileAll(values)
	j.columns = right.columnsIn(values...)
	return plan.Conjunction(rest), err
}

// arrange reads the right side and orders it.
func (j *rangeJoin) arrange(ctx context.Context) (*Batch, error) {
	buffer := newRowBuffer(j.right.Schema())
	if err := buffer.fillParallel(ctx, j.right, j.mem, j.threads, j.columns); err != nil {
		return nil, err
	}
	right := buffer.batch()
	columns := make([]arrow.Array, len(j.values))
	var valid kernel.Validity
	for i, e := range j.values {
		v, err := e.eval(right)
		if err != nil {
			return nil, err
		}
		columns[i] = kernel.Full(v, buffer.rows)
		valid = valid.And(kernel.ValidityOf(columns[i]), buffer.rows)
	}
	rows := kernel.SelectBits(bitsOf(valid, buffer.rows), make([]int32, 0, buffer.rows), buffer.rows)
	scales, numbers := make([]*ordinals, len(columns)), make([][]int64, len(columns))
	for i, column := range columns {
		scales[i], numbers[i] = newOrdinals(column)
	}
	var err error
	if j.order, err = orderRows(ctx, rows, numbers[0]); err != nil {
		return nil, err
	}
	j.asIs = slices.IsSorted(j.order)
	for i := range j.cuts {
		c := &j.cuts[i]
		c.scale = scales[c.value]
		c.numbers = greatestSoFar(j.order, numbers[c.value])
	}
	return right, j.mem.set(buffer.held + int64(4*len(j.order)) + int64(8*len(j.order)*(len(j.cuts)+len(columns))))
}

// orderRows returns rows in the order of numbers, equal ones in their own.
func orderRows(ctx context.Context, rows []int32, numbers []int64) ([]int32, error) {
	nums := make([]int64, len(rows))
	for i, r := range rows {
		nums[i] = numbers[r]
	}
	order, err := sortRows(ctx, numberWords(nums, kernel.Validity{}, sortKey{}), len(nums))
	if order == nil || err != nil {
		return rows, err
	}
	for i, at := range order {
		order[i] = rows[at]
	}
	return order, nil
}

// greatestSoFar is the greatest number of the rows up to each place of an order. For the
// numbers that the rows are ordered by it is the numbers themselves.
func greatestSoFar(order []int32, numbers []int64) []int64 {
	out := make([]int64, len(order))
	greatest := int64(math.MinInt64)
	for i, r := range order {
		greatest = max(greatest, numbers[r])
		out[i] = greatest
	}
	return out
}

// lookUp finds the stretches of a left batch.
func (j *rangeJoin) lookUp(_ context.Context, b *Batch) (*Batch, candidates, error) {
	n := b.NumRows()
	s := &stretches{rangeJoin: j, from: make([]int32, n), to: make([]int32, n), sorted: -1}
	for i := range s.to {
		s.to[i] = int32(len(j.order))
	}
	for i := range j.cuts {
		c := &j.cuts[i]
		v, err := c.left.eval(b)
		if err != nil {
			return nil, nil, err
		}
		column := kernel.Full(v, n)
		numbers, err := c.scale.of(column)
		if err != nil {
			return nil, nil, err
		}
		c.cut(s, numbers, kernel.ValidityOf(column))
	}
	return nil, s, nil
}

// cut narrows the stretches of left rows with the given numbers. NULL allows nothing.
func (c *rangeCut) cut(s *stretches, numbers []int64, valid kernel.Validity) {
	at := 0
	for i, x := range numbers {
		if !valid.Valid(i) {
			s.to[i] = 0
			continue
		}
		at = firstAbove(c.numbers, x, c.beyond, at)
		if c.upper {
			s.to[i] = min(s.to[i], int32(at))
		} else {
			s.from[i] = max(s.from[i], int32(at))
		}
	}
}

// firstAbove returns the first place of ascending numbers with one that is at least x or,
// beyond, greater. It looks near a hint first, in strides that double: left rows are
// mostly in order themselves.
func firstAbove(numbers []int64, x int64, beyond bool, hint int) int {
	below := func(i int) bool { return numbers[i] < x || beyond && numbers[i] == x }
	low, high := 0, len(numbers) // every place before low is below, none from high on is
	for stride := 1; ; stride *= 2 {
		if hint < high && below(hint) {
			low = hint + 1
			if hint += stride; hint >= high {
				break
			}
		} else {
			high = hint
			if low == high {
				return low
			}
			if hint -= stride; hint < low {
				break
			}
		}
		if low >= high {
			return low
		}
	}
	return low + sort.Search(high-low, func(i int) bool { return !below(low + i) })
}

// stretches are the candidates of a left batch.
type stretches struct {
	*rangeJoin
	from, to []int32 // in order, by left row

	sorted int // the left row whose candidates rows holds
	rows   []int32
}

// of returns the right rows of a stretch as they come in the right side.
func (s *stretches) of(row int) []int32 {
	from, to := s.from[row], s.to[row]
	switch {
	case from >= to:
		return nil
	case s.asIs:
		return s.order[from:to]
	}
	if s.sorted != row {
		s.sorted, s.rows = row, append(s.rows[:0], s.order[from:to]...)
		slices.Sort(s.rows)
	}
	return s.rows
}
