package exec

import (
	"context"
	"slices"

	"tq/functions/kernel"
)

// finder finds the rows that lie near those that match. Of every row it knows the place:
// its number among the rows of its key, or its time. The places of a key's matches are
// put in order once; then every row looks for the nearest around where the row before it
// found its own, which is a step in a table that is nearly in order.
type finder struct {
	rows    int
	matches []int32  // rows, ascending
	keys    []uint32 // by row; nil: all rows have key 0
	groups  int      // how many keys there are
	times   []int64  // by row; nil if they are not wanted
	timed   kernel.Validity
	extent  uint64
}

// nearby is the rows that match and those near them.
type nearby struct {
	rows    []int32 // ascending
	match   []int32 // of each row, the nearest match: an index of matches
	matches []int32
	times   []int64
	timed   kernel.Validity
}

func (f *finder) bytes() int64 { return 4 * int64(cap(f.matches)+cap(f.keys)) }

// find looks for neighbours by the number of rows or by time.
func (f *finder) find(ctx context.Context, byTime bool) (nearby, error) {
	places, placed := f.times, f.timed
	if !byTime {
		places, placed = f.counts(), kernel.Validity{}
	}
	runs, err := f.sortMatches(ctx, places, placed)
	if err != nil {
		return nearby{}, err
	}
	at := make([]int64, len(runs.rows)) // the places of the matches, in the order of runs
	for i, m := range runs.rows {
		at[i] = places[f.matches[m]]
	}
	out := nearby{matches: f.matches, times: f.times, timed: f.timed}
	cursors := make([]int, f.groups)
	next := 0 // of matches
	for row := range int32(f.rows) {
		if next < len(f.matches) && f.matches[next] == row {
			out.add(row, int32(next))
			next++
			continue
		}
		if !placed.Valid(int(row)) {
			continue
		}
		key := f.key(row)
		start, end := int(runs.starts[key]), int(runs.starts[key+1])
		run := at[start:end]
		k := seek(run, cursors[key], places[row])
		cursors[key] = k
		if k = f.nearer(run, k, places[row]); k >= 0 {
			out.add(row, runs.rows[start+k])
		}
	}
	return out, ctx.Err()
}

func (n *nearby) add(row, match int32) {
	n.rows, n.match = append(n.rows, row), append(n.match, match)
}

// nearer returns which of the matches on either side of a place is nearer, the one
// before it in doubt; -1 if neither is near enough.
func (f *finder) nearer(run []int64, after int, place int64) int {
	before := after - 1
	toBefore, toAfter := ^uint64(0), ^uint64(0)
	if before >= 0 {
		toBefore = uint64(place - run[before])
	}
	if after < len(run) {
		toAfter = uint64(run[after] - place)
	}
	switch {
	case before >= 0 && toBefore <= f.extent && toBefore <= toAfter:
		return before
	case after < len(run) && toAfter <= f.extent:
		return after
	}
	return -1
}

func (f *finder) key(row int32) uint32 {
	if f.keys == nil {
		return 0
	}
	return f.keys[row]
}

// counts numbers the rows of each key.
func (f *finder) counts() []int64 {
	counts, next := make([]int64, f.rows), make([]int64, f.groups)
	for row := range counts {
		key := f.key(int32(row))
		counts[row] = next[key]
		next[key]++
	}
	return counts
}

// sortMatches lists the matches of each key, as indices of matches in the order of their
// places. One without a place is near nothing.
func (f *finder) sortMatches(ctx context.Context, places []int64, placed kernel.Validity) (rowsByKey, error) {
	keys, nums := make([]uint32, 0, len(f.matches)), make([]int64, 0, len(f.matches))
	for _, row := range f.matches {
		key := f.key(row)
		if !placed.Valid(int(row)) {
			key = noGroup
		}
		keys, nums = append(keys, key), append(nums, places[row])
	}
	order, err := sortRows(ctx, numberWords(nums, kernel.Validity{}, sortKey{}), len(nums))
	if err != nil || order == nil {
		return groupRows(keys, f.groups), err
	}
	sorted := slices.Clone(keys)
	for i, m := range order {
		sorted[i] = keys[m]
	}
	runs := groupRows(sorted, f.groups)
	for i, m := range runs.rows {
		runs.rows[i] = order[m]
	}
	return runs, nil
}
