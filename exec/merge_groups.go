package exec

import (
	"context"
	"slices"

	"github.com/apache/arrow/go/v17/arrow"

	"tq/functions/kernel"
)

// manyGroups is how many groups a morsel must have, and what share of its rows, for
// grouping in parts not to pay: merging them would be all the work once more.
const (
	manyGroups     = 1 << 13
	rowsOfOneGroup = 4
)

// computeInParts has every worker group the batches it gets, and merges the groups. The
// first morsel tells whether that is worth while; if not, it is done in order.
func (h *hashAggregate) computeInParts(ctx context.Context, first groupings) (groupings, error) {
	m, err := nextMorsel(ctx, h.input)
	if err != nil {
		return first, noEOF(err)
	}
	rows := 0
	prepare := h.prepare(first)
	if err := m(func(b *Batch) error {
		rows += b.NumRows()
		in, err := prepare(0, place{}, b)
		if err != nil {
			return err
		}
		return first.add(in)
	}); err != nil {
		return nil, err
	}
	if groups := first.groups(); groups > manyGroups && groups*rowsOfOneGroup > rows {
		return first, h.computeInOrder(ctx, first)
	}
	return h.mergeParts(ctx, first)
}

// groups is the greatest number of groups of a set.
func (g groupings) groups() int {
	most := 0
	for _, set := range g {
		most = max(most, set.groups())
	}
	return most
}

// mergeParts groups what is left of the input in parts and merges them with the first one.
func (h *hashAggregate) mergeParts(ctx context.Context, first groupings) (groupings, error) {
	parts := make([]groupings, h.threads)
	held := make([]int64, h.threads)
	for i := range parts {
		var err error
		if parts[i], err = h.newGroupings(true); err != nil {
			return nil, err
		}
	}
	prepare := h.prepare(first)
	work := func(worker int, at place, b *Batch) (struct{}, error) {
		in, err := prepare(worker, at, b)
		if err != nil {
			return struct{}{}, err
		}
		if err := parts[worker].add(in); err != nil {
			return struct{}{}, err
		}
		bytes := parts[worker].bytes()
		more := bytes - held[worker]
		held[worker] = bytes
		return struct{}{}, h.mem.grow(more)
	}
	err := drainParallel(ctx, h.input, h.threads, work, func(struct{}) error { return ctx.Err() })
	if err != nil {
		return nil, err
	}
	for i, set := range first {
		of := make([]*groupingSet, len(parts))
		for k, part := range parts {
			of[k] = part[i]
		}
		if err := set.merge(ctx, h.threads, of); err != nil {
			return nil, err
		}
	}
	return first, h.mem.set(first.bytes())
}

// merge adds the groups of parts, all of whose batches come later. It goes through their
// keys in the order of the batches that they first appeared in, so groups are numbered as
// if there had been no parts.
func (s *groupingSet) merge(ctx context.Context, threads int, parts []*groupingSet) error {
	into := make([][]uint32, len(parts))
	if len(s.keys) == 0 {
		for i := range into {
			into[i] = []uint32{0}
		}
	} else if err := s.mergeKeys(parts, into); err != nil {
		return err
	}
	return eachOf(ctx, threads, len(s.aggs), func(k int) error {
		for i, part := range parts {
			if err := s.aggs[k].merge(part.aggs[k], into[i], s.groups()); err != nil {
				return err
			}
		}
		return nil
	})
}

// mergeKeys numbers the keys of parts, and writes for each part the numbers that its
// groups have here.
func (s *groupingSet) mergeKeys(parts []*groupingSet, into [][]uint32) error {
	type run struct {
		part int
		newKeys
	}
	var runs []run
	for i, part := range parts {
		for _, found := range part.found {
			runs = append(runs, run{i, found})
		}
	}
	if len(runs) == 0 {
		return nil
	}
	slices.SortFunc(runs, func(a, b run) int { return a.at.compare(b.at) })
	keys := make([]kernel.Vec, len(s.keys))
	for i := range keys {
		columns := make([]arrow.Array, len(runs))
		for k, r := range runs {
			columns[k] = r.values[i]
		}
		joined, err := kernel.Concat(columns)
		if err != nil {
			return err
		}
		keys[i] = kernel.Col(joined)
	}
	ids := make([]uint32, keys[0].Len())
	s.number(keys, place{}, ids)
	for _, r := range runs {
		n := r.values[0].Len()
		into[r.part] = append(into[r.part], ids[:n]...)
		ids = ids[n:]
	}
	return nil
}
