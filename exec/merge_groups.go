package exec

import (
	"context"
	"slices"

	"github.com/apache/arrow/go/v17/arrow"

	"tq/functions/kernel"
)

// computeInParts has every worker group the batches it gets, and merges the groups.
func (h *hashAggregate) computeInParts(ctx context.Context, sets groupings) error {
	parts := make([]groupings, h.threads)
	held := make([]int64, h.threads)
	for i := range parts {
		var err error
		if parts[i], err = h.newGroupings(true); err != nil {
			return err
		}
	}
	prepare := h.prepare(sets)
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
		return err
	}
	for i, set := range sets {
		of := make([]*groupingSet, len(parts))
		for k, part := range parts {
			of[k] = part[i]
		}
		if err := set.merge(of); err != nil {
			return err
		}
	}
	return h.mem.set(sets.bytes())
}

// merge adds the groups of parts. It goes through their keys in the order of the batches
// that they first appeared in, so groups are numbered as if there had been no parts.
func (s *groupingSet) merge(parts []*groupingSet) error {
	into := make([][]uint32, len(parts))
	if len(s.keys) == 0 {
		for i := range into {
			into[i] = []uint32{0}
		}
	} else if err := s.mergeKeys(parts, into); err != nil {
		return err
	}
	for i, part := range parts {
		for k, agg := range s.aggs {
			if err := agg.merge(part.aggs[k], into[i], s.groups()); err != nil {
				return err
			}
		}
	}
	return nil
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
