package exec

import (
	"context"

	"github.com/apache/arrow/go/v17/arrow"

	"tq/functions/kernel"
	"tq/lang/plan"
)

// hashAggregate groups its whole input and then yields the groups in order of their
// first rows. Each grouping set has a table and accumulators of its own.
type hashAggregate struct {
	oneInput
	keys     []evaluator
	sets     []*groupingSet
	gid      bool // the last column is the grouping id
	mem      *account
	size     int
	computed bool
	out      slicer
}

// groupingSet is one GROUP BY of several that are computed in one pass.
type groupingSet struct {
	keys  []int // which of the aggregate's keys
	id    int64 // GROUPING_ID: bits of the keys that are not in the set
	table *keyTable
	// values holds the key values of the groups, by key and by the batches they first
	// appeared in.
	values [][]arrow.Array
	aggs   []*aggregator
	ids    []uint32
}

func newHashAggregate(n *plan.Aggregate, u oneInput, c *compiler, mem *account, size int) (*hashAggregate, error) {
	h := &hashAggregate{oneInput: u, gid: n.GroupingID != nil, mem: mem, size: size}
	types := make([]arrow.DataType, len(n.Groups))
	for i, g := range n.Groups {
		key, err := c.compile(g.Expr)
		if err != nil {
			return nil, err
		}
		h.keys, types[i] = append(h.keys, key), g.Expr.Type()
	}
	sets := n.Sets
	if sets == nil {
		all := make([]int, len(n.Groups))
		for i := range all {
			all[i] = i
		}
		sets = [][]int{all}
	}
	for _, keys := range sets {
		set := &groupingSet{keys: keys, values: make([][]arrow.Array, len(keys)), id: groupingID(keys, len(n.Groups))}
		var keyTypes []arrow.DataType
		for _, k := range keys {
			keyTypes = append(keyTypes, types[k])
		}
		set.table = newKeyTable(keyTypes)
		for i := range n.Aggs {
			agg, err := newAggregator(&n.Aggs[i], c)
			if err != nil {
				return nil, err
			}
			set.aggs = append(set.aggs, agg)
		}
		h.sets = append(h.sets, set)
	}
	return h, nil
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
	if !h.computed {
		if err := drain(ctx, h.input, h.consume); err != nil {
			return nil, err
		}
		if err := h.finish(ctx); err != nil {
			return nil, err
		}
		h.computed = true
	}
	if err := ctx.Err(); err != nil {
		return nil, err
	}
	return h.out.next()
}

func (h *hashAggregate) consume(b *Batch) error {
	keys, err := evalAll(h.keys, b)
	if err != nil {
		return err
	}
	var bytes int64
	for _, set := range h.sets {
		if err := set.consume(b, keys); err != nil {
			return err
		}
		bytes += set.bytes()
	}
	return h.mem.set(bytes)
}

func (s *groupingSet) consume(b *Batch, keys []kernel.Vec) error {
	var ids []uint32 // nil: all rows belong to the one group
	if len(s.keys) > 0 {
		own := make([]kernel.Vec, len(s.keys))
		for i, k := range s.keys {
			own[i] = keys[k]
		}
		known := s.table.groups()
		s.ids = resize(s.ids, b.NumRows())
		ids = s.ids
		s.table.insert(own, ids)
		if s.table.groups() > known {
			fresh := newGroups(ids, known, nil)
			for i, key := range own {
				s.values[i] = append(s.values[i], takeVec(key, fresh))
			}
		}
	}
	for _, agg := range s.aggs {
		if err := agg.update(b, ids, s.groups()); err != nil {
			return err
		}
	}
	return nil
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
func (h *hashAggregate) finish(ctx context.Context) error {
	parts := make([][]arrow.Array, h.schema.NumFields())
	rows := 0
	for _, set := range h.sets {
		n := set.groups()
		if n == 0 {
			continue
		}
		rows += n
		cols, err := set.columns(ctx, len(h.keys), h.schema)
		if err != nil {
			return err
		}
		if h.gid {
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
func (s *groupingSet) columns(ctx context.Context, keys int, schema *arrow.Schema) ([]arrow.Array, error) {
	n := s.groups()
	cols := make([]arrow.Array, keys+len(s.aggs))
	for i := range keys {
		cols[i] = kernel.Nulls(schema.Field(i).Type, n)
	}
	for i, k := range s.keys {
		var err error
		if cols[k], err = kernel.Concat(s.values[i]); err != nil {
			return nil, err
		}
	}
	for i, agg := range s.aggs {
		var err error
		if cols[keys+i], err = agg.finish(ctx, n); err != nil {
			return nil, err
		}
	}
	return cols, nil
}

func (h *hashAggregate) Close() error {
	h.mem.release()
	return h.input.Close()
}

// takeVec returns the given rows of a column, constant or not.
func takeVec(v kernel.Vec, rows []int32) arrow.Array {
	if v.Const {
		return kernel.Repeat(v.Array, len(rows))
	}
	return kernel.Take(v.Array, rows)
}
