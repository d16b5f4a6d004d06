package exectest

import (
	"fmt"
	"slices"

	"tq/lang/plan"
	"tq/lang/sem"
)

// joinRule is what the joins have in common: a kind and a condition on pairs. With
// nearer, a left row only has the match that no later one is nearer than.
type joinRule struct {
	kind        plan.JoinKind
	left, right plan.Node
	cond        func(pair env) any // true, false or nil
	nearer      func(pair, than env) bool
}

func (o oracle) join(node plan.Node) [][]any {
	var r joinRule
	switch n := node.(type) {
	case *plan.HashJoin:
		r = joinRule{n.Kind, n.Left, n.Right, func(p env) any { return both(keysEqual(p, n.Keys), p.holds(n.Residual)) }, nil}
	case *plan.NestedLoopJoin:
		r = joinRule{n.Kind, n.Left, n.Right, func(p env) any { return p.holds(n.On) }, nil}
	case *plan.RangeJoin:
		r = joinRule{kind: n.Kind, left: n.Left, right: n.Right, cond: func(p env) any {
			holds := p.holds(n.Residual)
			for _, b := range n.Bounds {
				holds = both(holds, p.holds(b.Cond))
			}
			return holds
		}}
	case *plan.OverlapJoin:
		r = joinRule{n.Kind, n.Left, n.Right, func(p env) any {
			meet := overlaps(p.eval(n.LeftStart), p.eval(n.LeftEnd), p.eval(n.RightStart), p.eval(n.RightEnd))
			return both(both(keysEqual(p, n.Keys), meet), p.holds(n.Residual))
		}, nil}
	case *plan.AsofJoin:
		r = asofRule(n)
	}
	return o.joinRows(r)
}

func asofRule(n *plan.AsofJoin) joinRule {
	later := n.Op[0] == '<'
	follows := func(x, y any) any {
		switch {
		case x == nil || y == nil:
			return nil
		case later:
			x, y = y, x
		}
		c := compare(x, y)
		return c > 0 || c == 0 && len(n.Op) == 2
	}
	cond := func(p env) any {
		value := p.eval(n.RightValue)
		fits := both(follows(p.eval(n.LeftValue), value), both(keysEqual(p, n.Keys), p.holds(n.Residual)))
		if n.Bound == nil {
			return fits
		}
		bound := p.eval(n.Bound)
		if bound == nil || value == nil {
			return both(fits, nil)
		}
		c := compare(value, bound)
		return both(fits, c == 0 || (c < 0) == later)
	}
	nearer := func(pair, than env) bool {
		c := compare(pair.eval(n.RightValue), than.eval(n.RightValue))
		if later {
			return c < 0
		}
		return c >= 0
	}
	return joinRule{n.Kind, n.Left, n.Right, cond, nearer}
}

func (e env) holds(cond sem.Expr) any {
	if cond == nil {
		return true
	}
	return e.eval(cond)
}

// both is AND.
func both(a, b any) any {
	switch {
	case a == false || b == false:
		return false
	case a == nil || b == nil:
		return nil
	}
	return true
}

func keysEqual(p env, keys []plan.JoinKey) any {
	var equal any = true
	for _, k := range keys {
		l, r := p.eval(k.Left), p.eval(k.Right)
		switch {
		case k.NullSafe && (l == nil || r == nil):
			equal = both(equal, l == nil && r == nil)
		case l == nil || r == nil:
			equal = both(equal, nil)
		default:
			equal = both(equal, compare(l, r) == 0)
		}
	}
	return equal
}

// overlaps is SQL's OVERLAPS: ends in either order, equal starts always overlap, else the
// later start has to lie before the other end.
func overlaps(a, b, c, d any) any {
	if a == nil || b == nil || c == nil || d == nil {
		return nil
	}
	if compare(a, b) > 0 {
		a, b = b, a
	}
	if compare(c, d) > 0 {
		c, d = d, c
	}
	switch c1 := compare(a, c); {
	case c1 == 0:
		return true
	case c1 > 0:
		return compare(a, d) < 0
	}
	return compare(c, b) < 0
}

func (o oracle) joinRows(r joinRule) [][]any {
	ids := idsOf(r.left, r.right)
	left, right := o.rows(r.left), o.rows(r.right)
	hit := make([]bool, len(right))
	var out [][]any
	for _, l := range left {
		var mark any = false
		var matches []int
		for i, rr := range right {
			pair := env{ids, slices.Concat(l, rr)}
			switch r.cond(pair) {
			case true:
				mark = true
				if r.nearer == nil || len(matches) == 0 {
					matches = append(matches, i)
				} else if r.nearer(pair, env{ids, slices.Concat(l, right[matches[0]])}) {
					matches[0] = i
				}
			case nil:
				if mark == false {
					mark = nil
				}
			}
		}
		for _, i := range matches {
			hit[i] = true
			if r.kind <= plan.Full || r.kind == plan.Single {
				out = append(out, slices.Concat(l, right[i]))
			}
		}
		switch {
		case r.kind == plan.Single && len(matches) > 1:
			panic("more than one match")
		case r.kind == plan.Mark:
			out = append(out, append(append([]any{}, l...), mark))
		case r.kind == plan.Semi && len(matches) > 0, r.kind == plan.Anti && len(matches) == 0:
			out = append(out, l)
		case len(matches) == 0 && (r.kind == plan.Left || r.kind == plan.Full || r.kind == plan.Single):
			out = append(out, append(append([]any{}, l...), make([]any, len(r.right.Columns()))...))
		}
	}
	if r.kind != plan.Right && r.kind != plan.Full {
		return out
	}
	for i, rr := range right {
		if !hit[i] {
			out = append(out, append(make([]any, len(r.left.Columns())), rr...))
		}
	}
	return out
}

// KindName names a kind of join in test names.
func KindName(k plan.JoinKind) string {
	names := [...]string{"inner", "left", "right", "full", "semi", "anti", "mark", "single"}
	if int(k) < len(names) {
		return names[k]
	}
	return fmt.Sprint(uint8(k))
}
