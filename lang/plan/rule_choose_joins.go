package plan

import (
	"github.com/apache/arrow/go/v17/arrow"

	"tq/lang/sem"
)

// chooseJoins gives each join the method that its condition allows: a sweep for
// intervals that overlap, hashing for equalities, ranges for other comparisons, else a
// nested loop.
func chooseJoins(_ *optimizer, root Node) Node {
	return transform(root, func(n Node) Node {
		switch j := n.(type) {
		case *NestedLoopJoin:
			return chooseJoin(j)
		case *AsofJoin:
			s := joinSides{left: columnSet(j.Left), right: columnSet(j.Right)}
			var rest []sem.Expr
			j.Keys, rest = s.keys(j.Residual)
			j.Residual = Conjunction(rest)
		}
		return n
	})
}

func chooseJoin(j *NestedLoopJoin) Node {
	s := joinSides{left: columnSet(j.Left), right: columnSet(j.Right)}
	var overlap *sem.Overlaps
	var rest []sem.Expr
	keys, others := s.keys(j.On)
	for _, c := range others {
		if o, ok := s.overlap(c); ok && overlap == nil && sweeps(j.Kind) {
			overlap = o
			continue
		}
		rest = append(rest, c)
	}
	switch {
	case overlap != nil:
		return &OverlapJoin{
			Kind: j.Kind, Left: j.Left, Right: j.Right, Keys: keys,
			LeftStart: overlap.LeftStart, LeftEnd: overlap.LeftEnd,
			RightStart: overlap.RightStart, RightEnd: overlap.RightEnd,
			Residual: Conjunction(rest),
		}
	case len(keys) > 0:
		return &HashJoin{
			Kind: j.Kind, Left: j.Left, Right: j.Right, Keys: keys,
			Residual: Conjunction(rest), MarkOut: j.MarkOut, At: j.At,
		}
	}
	if j.Kind == Mark {
		return j
	}
	if bounds, rest := s.bounds(others); len(bounds) > 0 {
		return &RangeJoin{Kind: j.Kind, Left: j.Left, Right: j.Right, Bounds: bounds, Residual: Conjunction(rest), At: j.At}
	}
	return j
}

// sweeps reports whether the sweep over intervals can do a join of a kind.
func sweeps(kind JoinKind) bool { return kind != Mark && kind != Single }

// joinSides knows which columns come from which side of a join.
type joinSides struct{ left, right idSet }

// keys takes the equalities between the two sides out of a condition.
func (s joinSides) keys(cond sem.Expr) (keys []JoinKey, rest []sem.Expr) {
	for _, c := range conjuncts(cond) {
		if key, ok := s.key(c); ok {
			keys = append(keys, key)
		} else {
			rest = append(rest, c)
		}
	}
	return keys, rest
}

// key recognises an equality between the two sides.
func (s joinSides) key(c sem.Expr) (JoinKey, bool) {
	call, ok := c.(*sem.Call)
	if !ok || call.Fn.Name != "=" && call.Fn.Name != "is not distinct from" || volatile(c) {
		return JoinKey{}, false
	}
	l, r := call.Args[0], call.Args[1]
	if !s.ofLeft(l) {
		l, r = r, l
	}
	if !s.ofLeft(l) || !s.ofRight(r) {
		return JoinKey{}, false
	}
	return JoinKey{Left: l, Right: r, NullSafe: call.Fn.Name != "="}, true
}

// bounds takes the comparisons between the two sides out of conditions.
func (s joinSides) bounds(conds []sem.Expr) (bounds []JoinBound, rest []sem.Expr) {
	for _, c := range conds {
		if b, ok := s.bound(c); ok {
			bounds = append(bounds, b)
		} else {
			rest = append(rest, c)
		}
	}
	return bounds, rest
}

// swappedComparison is a comparison with its sides exchanged.
var swappedComparison = map[string]string{"<": ">", "<=": ">=", ">": "<", ">=": "<="}

// bound recognises a comparison between the two sides.
func (s joinSides) bound(c sem.Expr) (JoinBound, bool) {
	call, ok := c.(*sem.Call)
	if !ok || swappedComparison[call.Fn.Name] == "" || volatile(c) {
		return JoinBound{}, false
	}
	l, r := call.Args[0], call.Args[1]
	switch {
	case !arrow.TypeEqual(l.Type(), r.Type()):
		return JoinBound{}, false
	case s.ofRight(l) && s.ofLeft(r):
		return JoinBound{Right: l, Op: call.Fn.Name, Left: r, Cond: c}, true
	case s.ofLeft(l) && s.ofRight(r):
		return JoinBound{Right: r, Op: swappedComparison[call.Fn.Name], Left: l, Cond: c}, true
	}
	return JoinBound{}, false
}

// overlap recognises OVERLAPS between an interval of each side, and puts them in the
// order of the sides.
func (s joinSides) overlap(c sem.Expr) (*sem.Overlaps, bool) {
	o, ok := c.(*sem.Overlaps)
	if !ok || volatile(c) {
		return nil, false
	}
	switch {
	case s.ofLeft(o.LeftStart) && s.ofLeft(o.LeftEnd) && s.ofRight(o.RightStart) && s.ofRight(o.RightEnd):
		return o, true
	case s.ofRight(o.LeftStart) && s.ofRight(o.LeftEnd) && s.ofLeft(o.RightStart) && s.ofLeft(o.RightEnd):
		return &sem.Overlaps{
			Typed:     o.Typed,
			LeftStart: o.RightStart, LeftEnd: o.RightEnd,
			RightStart: o.LeftStart, RightEnd: o.LeftEnd,
		}, true
	}
	return nil, false
}

func (s joinSides) ofLeft(e sem.Expr) bool  { return s.left.covers(e) && !s.right.covers(e) }
func (s joinSides) ofRight(e sem.Expr) bool { return s.right.covers(e) && !s.left.covers(e) }
