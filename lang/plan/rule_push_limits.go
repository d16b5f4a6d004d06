package plan

import "math"

// maxTopN is how many rows are kept in order while the others pass by; beyond it,
// sorting everything is as fast.
const maxTopN = 100_000

// pushLimits moves limits below projections, turns those over a sort into a top-n, lets
// the sides of an append yield no more than is wanted, and tells scans.
func pushLimits(_ *optimizer, root Node) Node {
	return transform(root, func(n Node) Node {
		l, ok := n.(*Limit)
		if !ok || l.Limit < 0 || !math.IsNaN(l.Percent) {
			return n
		}
		return pushLimit(l)
	})
}

func pushLimit(l *Limit) Node {
	rows := l.Limit + l.Offset
	if rows < l.Limit {
		return l
	}
	if l.Limit == 0 {
		return &Values{Out: l.Columns()}
	}
	switch in := l.Input.(type) {
	case *Project:
		l.Input = in.Input
		in.Input = pushLimit(l)
		return in
	case *Sort:
		if rows <= maxTopN {
			return &TopN{Input: in.Input, Keys: in.Keys, Limit: l.Limit, Offset: l.Offset}
		}
	case *SetOp:
		if in.Kind == UnionAll {
			in.Left, in.Right = limited(in.Left, rows), limited(in.Right, rows)
		}
	case *Scan:
		in.Limit = rows
	}
	return l
}

// limited returns the first rows of a node.
func limited(n Node, rows int64) Node {
	cols := n.Columns()
	return shaped(pushLimit(&Limit{Input: n, Limit: rows, Percent: math.NaN()}), cols)
}
