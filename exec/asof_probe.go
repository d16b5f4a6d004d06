package exec

import (
	"context"
	"math"

	"tq/functions/kernel"
)

// asofProbe is a left batch on its way through an ASOF join: what its rows look for.
type asofProbe struct {
	ids    []uint32 // keys, noGroup for rows that match nothing
	values []int64
	bounds []int64 // nil without
}

// nearest returns for each row of a left batch the right row it matches, or -1.
func (j *asofJoin) nearest(ctx context.Context, left *Batch) ([]int32, error) {
	if err := j.prepare(left); err != nil {
		return nil, err
	}
	out := make([]int32, left.NumRows())
	var rows, places []int32 // what the residual condition has to decide on
	for i, id := range j.probe.ids {
		out[i] = -1
		if id == noGroup {
			continue
		}
		place := j.place(id, j.probe.values[i])
		switch {
		case !j.counts(int32(i), place):
		case j.residual == nil:
			out[i] = j.runs.rows[place]
		default:
			rows, places = append(rows, int32(i)), append(places, place)
		}
	}
	return out, j.tryResidual(ctx, left, rows, places, out)
}

// prepare evaluates what a left batch looks for.
func (j *asofJoin) prepare(left *Batch) error {
	p, n := &j.probe, left.NumRows()
	p.ids = resize(p.ids, n)
	if err := j.leftKeys.find(j.table, left, p.ids); err != nil {
		return err
	}
	if j.table.groups() == 0 {
		for i := range p.ids {
			p.ids[i] = noGroup
		}
		return nil
	}
	var err error
	if p.values, err = j.leftNumbers(j.leftValue, left); err != nil || j.bound == nil {
		return err
	}
	p.bounds, err = j.leftNumbers(j.bound, left)
	return err
}

// leftNumbers returns values of the left side as integers that compare with those of the
// right; a row with a NULL loses its key.
func (j *asofJoin) leftNumbers(e evaluator, left *Batch) ([]int64, error) {
	v, err := e.eval(left)
	if err != nil {
		return nil, err
	}
	if valid := kernel.RowValidity(v, left.NumRows()); valid.Bits != nil {
		for i := range j.probe.ids {
			if !valid.Valid(i) {
				j.probe.ids[i] = noGroup
			}
		}
	}
	return j.scale.of(kernel.Full(v, left.NumRows()))
}

// place returns where in runs the row stands that is nearest to a value among those of
// a key: outside the key's run if there is none.
func (j *asofJoin) place(id uint32, value int64) int32 {
	start := j.runs.starts[id]
	run := j.values[start:j.runs.starts[id+1]]
	at := len(run)
	switch {
	case j.later != j.strict:
		at = seek(run, int(j.cursors[id]), value)
	case value < math.MaxInt64:
		at = seek(run, int(j.cursors[id]), value+1) // past the rows of the value itself
	}
	j.cursors[id] = int32(at)
	if !j.later {
		at--
	}
	return start + int32(at)
}

// seek returns the first place in an ascending run whose value is not less than the one
// given, the run's length if there is none. It looks around a place first and then ever
// farther away from it.
func seek(run []int64, at int, value int64) int {
	low, high := 0, len(run)
	if at < high && run[at] < value {
		low = at + 1
		for stride := 1; low+stride <= high; stride *= 2 {
			if run[low+stride-1] >= value {
				high = low + stride - 1
				break
			}
			low += stride
		}
	} else {
		high = at
		for stride := 1; high-stride >= low; stride *= 2 {
			if run[high-stride] < value {
				low = high - stride + 1
				break
			}
			high -= stride
		}
	}
	for low < high {
		mid := low + (high-low)/2
		if run[mid] < value {
			low = mid + 1
		} else {
			high = mid
		}
	}
	return low
}

// counts reports whether a place in runs is of the key of a left row and near enough.
func (j *asofJoin) counts(row, place int32) bool {
	id := j.probe.ids[row]
	switch {
	case place < j.runs.starts[id] || place >= j.runs.starts[id+1]:
		return false
	case j.probe.bounds == nil:
		return true
	case j.later:
		return j.values[place] <= j.probe.bounds[row]
	}
	return j.values[place] >= j.probe.bounds[row]
}

// tryResidual sets out to the nearest right row of each left row that passes the
// residual condition. The places of the rows are those to try first. Few rows that are
// left over try many candidates each, so that every round is about a batch of pairs.
func (j *asofJoin) tryResidual(ctx context.Context, left *Batch, rows, places, out []int32) error {
	step := int32(-1)
	if j.later {
		step = 1
	}
	for len(rows) > 0 {
		if err := ctx.Err(); err != nil {
			return err
		}
		var leftRows, rightRows []int32
		tries := max(1, j.size/len(rows))
		for i, row := range rows {
			for n := 0; n < tries && j.counts(row, places[i]); n++ {
				leftRows, rightRows = append(leftRows, row), append(rightRows, j.runs.rows[places[i]])
				places[i] += step
			}
		}
		pairs := takeRows(left, leftRows).beside(j.rows.Take(rightRows))
		kept, err := j.residual.choose(pairs, everyRow, true)
		if err != nil {
			return err
		}
		for i := range kept.size(pairs) {
			if at := kept.at(i); out[leftRows[at]] < 0 {
				out[leftRows[at]] = rightRows[at]
			}
		}
		open := 0
		for i, row := range rows {
			if out[row] < 0 && j.counts(row, places[i]) {
				rows[open], places[open] = row, places[i]
				open++
			}
		}
		rows, places = rows[:open], places[:open]
	}
	return nil
}
