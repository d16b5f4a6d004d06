package exec

import (
	"context"
	"io"

	"github.com/apache/arrow/go/v17/arrow"

	"tq/functions/kernel"
	"tq/lang/plan"
)

// hashAggregate groups its whole input and then yields the groups in order of their
// first rows. Each grouping set has a table and accumulators of its own.
//
// Where the order of rows doesn't matter to the aggregates, each worker groups the batches
// it gets, and what they have is merged in the end (merge_groups.go). Otherwise workers
// evaluate the keys and arguments, and one goroutine groups. Rows of groups that the budget
// has no room for wait on disk (spill_groups.go).
type hashAggregate struct {
	oneInput
	node     *plan.Aggregate
	compiler *compiler
	threads  int
	keys     []evaluator
	types    []arrow.DataType // of keys
	mem      *account
	size     int
	computed bool
	out      slicer
	within   []*setWithin // grouping sets that are not yielded yet, with a limit to memory
}

// groupings is a table and accumulators for each grouping set.
type groupings []*groupingSet

// groupingSet is one GROUP BY of several that are computed in one pass.
type groupingSet struct {
	keys  []int // which of the aggregate's keys
	id    int64 // GROUPING_ID: bits of the keys that are not in the set
	table *keyTable
	// found are the keys of the groups, by the batches they first appeared in.
	found []newKeys
	aggs  []*aggregator
	ids   []uint32
}

// newKeys are the keys that first appeared in a batch.
type newKeys struct {
	at     place
	values []arrow.Array // by key
}

func newHashAggregate(n *plan.Aggregate, u oneInput, c *compiler, mem *account, config Config) (*hashAggregate, error) {
	h := &hashAggregate{oneInput: u, node: n, compiler: c, threads: config.threads(), mem: mem, size: config.batchRows()}
	for _, g := range n.Groups {
		key, err := c.compile(g.Expr)
		if err != nil {
			return nil, err
		}
		h.keys, h.types = append(h.keys, key), append(h.types, g.Expr.Type())
	}
	return h, nil
}

// newGroupings makes empty tables; partial ones are to be merged into others.
func (h *hashAggregate) newGroupings(partial bool) (groupings, error) {
	sets := h.node.Sets
	if sets == nil {
		sets = [][]int{upToColumn(len(h.keys))}
	}
	var out groupings
	for _, keys := range sets {
		set, err := h.newGroupingSet(keys, partial)
		if err != nil {
			return nil, err
		}
		out = append(out, set)
	}
	return out, nil
}

func (h *hashAggregate) newGroupingSet(keys []int, partial bool) (*groupingSet, error) {
	set := &groupingSet{keys: keys, id: groupingID(keys, len(h.keys))}
	var types []arrow.DataType
	for _, k := range keys {
		types = append(types, h.types[k])
	}
	set.table = newKeyTable(types)
	for i := range h.node.Aggs {
		agg, err := newAggregator(&h.node.Aggs[i], h.compiler)
		if err != nil {
			return nil, err
		}
		agg.partial = partial
		set.aggs = append(set.aggs, agg)
	}
	return set, nil
}

// groupingID has a bit for each of n keys, the first the highest, that is set if the key
// is not in the set.
func groupingID(keys []int, n int) int64 {
	id := int64(1)<<n - 1
	for _, k := range keys {
		id &^= 1 << (n - 1 - k)
	}
	return id
}

func (h *hashAggregate) Next(ctx context.Context) (*Batch, error) {
	for {
		if err := ctx.Err(); err != nil {
			return nil, err
		}
		if b, err := h.out.next(); err == nil {
			return b, nil
		}
		more, err := h.nextGroups(ctx)
		if err != nil {
			return nil, err
		}
		if !more {
			return nil, io.EOF
		}
	}
}

// nextGroups computes the groups of the input or, once that is done, of the rows that wait
// on disk; false if there are none.
func (h *hashAggregate) nextGroups(ctx context.Context) (bool, error) {
	if h.mem.budget.limit > 0 && len(h.keys) > 0 {
		return h.nextWithin(ctx)
	}
	if h.computed {
		return false, nil
	}
	h.computed = true
	sets, err := h.compute(ctx)
	if err != nil {
		return false, err
	}
	return true, h.finish(ctx, sets)
}

// compute groups the input.
func (h *hashAggregate) compute(ctx context.Context) (groupings, error) {
	sets, err := h.newGroupings(false)
	if err != nil {
		return nil, err
	}
	if h.threads > 1 && sets.mergeable() {
		return h.computeInParts(ctx, sets)
	}
	return sets, h.computeInOrder(ctx, sets)
}

// computeInOrder has workers evaluate and groups on its own.
func (h *hashAggregate) computeInOrder(ctx context.Context, sets groupings) error {
	take := func(in *groupInput) error {
		if err := sets.add(in); err != nil {
			return err
		}
		return h.mem.set(sets.bytes())
	}
	return drainParallel(ctx, h.input, h.threads, h.prepare(sets), take)
}

// groupInput is what is grouped of a batch: keys, and what each aggregate of each set
// takes.
type groupInput struct {
	at   place
	rows int
	keys []kernel.Vec
	aggs [][]*aggInput
}

// prepare evaluates what the grouping sets need of a batch.
func (h *hashAggregate) prepare(sets groupings) func(int, place, *Batch) (*groupInput, error) {
	return func(_ int, at place, b *Batch) (*groupInput, error) {
		in := &groupInput{at: at, rows: b.NumRows(), aggs: make([][]*aggInput, len(sets))}
		var err error
		if in.keys, err = evalAll(h.keys, b); err != nil {
			return nil, err
		}
		for i, set := range sets {
			in.aggs[i] = make([]*aggInput, len(set.aggs))
			for k, agg := range set.aggs {
				if in.aggs[i][k], err = agg.prepare(b); err != nil {
					return nil, err
				}
			}
		}
		return in, nil
	}
}

func (g groupings) mergeable() bool {
	for _, set := range g {
		for _, agg := range set.aggs {
			if !agg.mergeable() {
				return false
			}
		}
	}
	return true
}

func (g groupings) add(in *groupInput) error {
	for i, set := range g {
		if err := set.add(in, in.aggs[i]); err != nil {
			return err
		}
	}
	return nil
}

func (g groupings) bytes() int64 {
	var n int64
	for _, set := range g {
		n += set.bytes()
	}
	return n
}

func (s *groupingSet) add(in *groupInput, aggs []*aggInput) error {
	var ids []uint32 // nil: all rows belong to the one group
	if len(s.keys) > 0 {
		s.ids = resize(s.ids, in.rows)
		ids = s.ids
		s.number(s.own(in.keys), in.at, ids)
	}
	for i, agg := range s.aggs {
		if err := agg.add(aggs[i], ids, s.groups()); err != nil {
			return err
		}
	}
	return nil
}

// own returns the keys of the set among those of the aggregate.
func (s *groupingSet) own(keys []kernel.Vec) []kernel.Vec {
	own := make([]kernel.Vec, len(s.keys))
	for i, k := range s.keys {
		own[i] = keys[k]
	}
	return own
}

// number writes the groups of keys to ids.
func (s *groupingSet) number(keys []kernel.Vec, at place, ids []uint32) {
	known := s.table.groups()
	s.table.insert(keys, ids)
	if s.table.groups() == known {
		return
	}
	fresh := newGroups(ids, known, nil)
	found := newKeys{at: at, values: make([]arrow.Array, len(keys))}
	for i, key := range keys {
		found.values[i] = takeVec(key, fresh)
	}
	s.found = append(s.found, found)
}

// keyColumn returns key i of all groups.
func (s *groupingSet) keyColumn(i int) (arrow.Array, error) {
	parts := make([]arrow.Array, len(s.found))
	for k, found := range s.found {
		parts[k] = found.values[i]
	}
	return kernel.Concat(parts)
}

// groups is the number of groups; without keys there is one, even of no rows.
func (s *groupingSet) groups() int {
	if len(s.keys) == 0 {
		return 1
	}
	return s.table.groups()
}

func (s *groupingSet) bytes() int64 {
	n := s.table.bytes()
	for _, agg := range s.aggs {
		n += agg.bytes()
	}
	return n
}

// finish puts the groups of all sets together, one set after the other.
func (h *hashAggregate) finish(ctx context.Context, sets groupings) error {
	parts := make([][]arrow.Array, h.schema.NumFields())
	rows := 0
	for _, set := range sets {
		n := set.groups()
		if n == 0 {
			continue
		}
		rows += n
		cols, err := set.columns(ctx, h.threads, len(h.keys), h.schema)
		if err != nil {
			return err
		}
		if h.node.GroupingID != nil {
			id, err := kernel.Of(h.schema.Field(len(cols)).Type, set.id)
			if err != nil {
				return err
			}
			cols = append(cols, kernel.Repeat(id, n))
		}
		for i, col := range cols {
			parts[i] = append(parts[i], col)
		}
	}
	if rows == 0 {
		return nil
	}
	arrays := make([]arrow.Array, len(parts))
	for i := range parts {
		var err error
		if arrays[i], err = kernel.Concat(parts[i]); err != nil {
			return err
		}
	}
	h.out = slicer{whole: NewBatch(rows, arrays...), size: h.size}
	return nil
}

// columns returns the keys and the aggregates of a set's groups.
func (s *groupingSet) columns(ctx context.Context, threads, keys int, schema *arrow.Schema) ([]arrow.Array, error) {
	n := s.groups()
	cols := make([]arrow.Array, keys+len(s.aggs))
	for i := range keys {
		cols[i] = kernel.Nulls(schema.Field(i).Type, n)
	}
	for i, k := range s.keys {
		var err error
		if cols[k], err = s.keyColumn(i); err != nil {
			return nil, err
		}
	}
	return cols, eachOf(ctx, threads, len(s.aggs), func(i int) (err error) {
		cols[keys+i], err = s.aggs[i].finish(ctx, n)
		return err
	})
}

func (h *hashAggregate) Close() error {
	h.mem.release()
	var err error
	for _, set := range h.within {
		if e := set.waiting.close(); err == nil {
			err = e
		}
	}
	if e := h.input.Close(); err == nil {
		err = e
	}
	return err
}

// takeVec returns the given rows of a column, constant or not.
func takeVec(v kernel.Vec, rows []int32) arrow.Array {
	if v.Const {
		return kernel.Repeat(v.Array, len(rows))
	}
	return kernel.Take(v.Array, rows)
}
