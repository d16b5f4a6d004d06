package exectest

import (
	"slices"

	"tq/lang/ast"
	"tq/lang/plan"
	"tq/lang/sem"
)

func (o oracle) window(n *plan.Window) [][]any {
	envs := o.envs(n.Input)
	out := make([][]any, len(envs))
	for i, e := range envs {
		out[i] = slices.Clone(e.row)
	}
	partitions, order := map[string][]int{}, []string{}
	for i, e := range envs {
		key := keyOf(e.evalAll(n.PartitionBy))
		if partitions[key] == nil {
			order = append(order, key)
		}
		partitions[key] = append(partitions[key], i)
	}
	for _, key := range order {
		rows := partitions[key]
		slices.SortStableFunc(rows, func(a, b int) int { return compareKeys(envs[a], envs[b], n.OrderBy) })
		part := make([]env, len(rows))
		for i, r := range rows {
			part[i] = envs[r]
		}
		for c := range n.Calls {
			w := windowRows{call: &n.Calls[c], keys: n.OrderBy, rows: part}
			for i, r := range rows {
				out[r] = append(out[r], w.value(i))
			}
		}
	}
	return out
}

// windowRows is one partition of a window call.
type windowRows struct {
	call *sem.WindowCall
	keys []sem.SortKey
	rows []env
}

func (w *windowRows) peers(a, b int) bool { return compareKeys(w.rows[a], w.rows[b], w.keys) == 0 }

// group is the number of the peer group of a row.
func (w *windowRows) group(i int) int {
	g := 0
	for k := 1; k <= i; k++ {
		g += rank(!w.peers(k-1, k))
	}
	return g
}

func (w *windowRows) value(i int) any {
	c := w.call
	switch c.Fn.Name {
	case "row_number":
		return int64(i + 1)
	case "rank":
		for w.peersBefore(i) {
			i--
		}
		return int64(i + 1)
	case "dense_rank":
		return int64(w.group(i) + 1)
	case "lag", "lead":
		return w.lag(i)
	case "first_value", "last_value":
		var frame []env
		for _, e := range w.frame(i) {
			if !c.IgnoreNulls || e.eval(c.Args[0]) != nil {
				frame = append(frame, e)
			}
		}
		if len(frame) == 0 {
			return nil
		}
		if c.Fn.Name == "last_value" {
			return frame[len(frame)-1].eval(c.Args[0])
		}
		return frame[0].eval(c.Args[0])
	}
	return aggregate(&c.AggCall, w.frame(i))
}

func (w *windowRows) peersBefore(i int) bool { return i > 0 && w.peers(i-1, i) }

func (w *windowRows) lag(i int) any {
	c, step, offset := w.call, -1, int64(1)
	if c.Fn.Name == "lead" {
		step = 1
	}
	if len(c.Args) > 1 {
		v := w.rows[i].eval(c.Args[1])
		if v == nil {
			return nil
		}
		offset = v.(int64)
	}
	for k := i; offset > 0; {
		if k += step; k < 0 || k >= len(w.rows) {
			return nil
		}
		if v := w.rows[k].eval(c.Args[0]); !c.IgnoreNulls || v != nil {
			if offset--; offset == 0 {
				return v
			}
		}
	}
	return w.rows[i].eval(c.Args[0])
}

// frame is the rows of the frame of a row.
func (w *windowRows) frame(i int) []env {
	var out []env
	f := w.call.Frame
	for k := range w.rows {
		if !w.after(i, k, f.Start, true) || !w.after(i, k, f.End, false) {
			continue
		}
		switch f.Exclude {
		case ast.ExcludeCurrentRow:
			if k == i {
				continue
			}
		case ast.ExcludeGroup:
			if w.peers(k, i) {
				continue
			}
		case ast.ExcludeTies:
			if k != i && w.peers(k, i) {
				continue
			}
		}
		out = append(out, w.rows[k])
	}
	return out
}

// after reports whether row k lies inside one bound of the frame of row i: the start or
// the end.
func (w *windowRows) after(i, k int, b sem.Bound, start bool) bool {
	if b.Kind == ast.UnboundedPreceding || b.Kind == ast.UnboundedFollowing {
		return true
	}
	offset := int64(0)
	if b.Offset != nil {
		offset = w.rows[i].eval(b.Offset).(int64)
	}
	if b.Kind == ast.Preceding {
		offset = -offset
	}
	var distance int64 // of row k from the bound
	switch w.call.Frame.Unit {
	case ast.Rows:
		distance = int64(k) - int64(i) - offset
	case ast.Groups:
		distance = int64(w.group(k)-w.group(i)) - offset
	case ast.Range:
		if b.Kind == ast.CurrentRow {
			distance = int64(compareKeys(w.rows[k], w.rows[i], w.keys))
			break
		}
		x, y := w.rows[k].eval(w.keys[0].Expr), w.rows[i].eval(w.keys[0].Expr)
		if x == nil || y == nil {
			distance = int64(compareKeys(w.rows[k], w.rows[i], w.keys))
			break
		}
		distance = x.(int64) - y.(int64)
		if w.keys[0].Desc {
			distance = -distance
		}
		distance -= offset
	}
	if start {
		return distance >= 0
	}
	return distance <= 0
}
