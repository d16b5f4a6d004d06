package exectest

import (
	"slices"

	"tq/lang/plan"
)

// around marks the rows that match and gives every other one the nearest of them before
// it or after it, whichever is nearer and near enough; the one before if both are.
func (o oracle) around(n *plan.Around) [][]any {
	envs := o.envs(n.Input)
	matches := map[string][]aroundMatch{}
	places, keys, hits := make([]any, len(envs)), make([]string, len(envs)), make([]bool, len(envs))
	counts := map[string]int64{}
	for i, e := range envs {
		key := keyOf(e.evalAll(n.Per))
		keys[i], places[i] = key, counts[key]
		counts[key]++
		if n.ByTime {
			places[i] = e.eval(n.Time)
		}
	}
	id := int64(0)
	for i, e := range envs {
		if e.eval(n.Cond) == true {
			id++
			hits[i] = true
			matches[keys[i]] = append(matches[keys[i]], aroundMatch{i, id, places[i]})
		}
	}
	var out [][]any
	for i, e := range envs {
		m, ok := nearestMatch(matches[keys[i]], i, hits[i], places[i], n.Extent)
		if !ok {
			continue
		}
		row := append(slices.Clone(e.row), hits[i], m.id)
		if n.RelTS != nil {
			var since any
			if x, y := e.eval(n.Time), envs[m.row].eval(n.Time); x != nil && y != nil {
				since = x.(int64) - y.(int64)
			}
			row = append(row, since)
		}
		out = append(out, row)
	}
	return out
}

// aroundMatch is a row that matches: its number, that among the matches, its place.
type aroundMatch struct {
	row   int
	id    int64
	place any
}

func nearestMatch(matches []aroundMatch, row int, hit bool, place any, extent int64) (aroundMatch, bool) {
	best, found, distance := aroundMatch{}, false, extent+1
	for _, m := range matches {
		if hit && m.row == row {
			return m, true
		}
		if hit || place == nil || m.place == nil {
			continue
		}
		d := place.(int64) - m.place.(int64)
		before := d > 0
		if !before {
			d = -d
		}
		// Of those equally near the last one before wins, or else the first one after.
		if d < distance || d == distance && before {
			best, found, distance = m, true, d
		}
	}
	return best, found && distance <= extent
}
