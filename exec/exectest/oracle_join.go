package exectest

import (
	"fmt"

	"tq/lang/plan"
	"tq/lang/sem"
)

// joinRule is what the three joins have in common: a kind and a condition on pairs.
type joinRule struct {
	kind        plan.JoinKind
	left, right plan.Node
	cond        func(pair env) any // true, false or nil
}

func (o oracle) join(node plan.Node) [][]any {
	var r joinRule
	switch n := node.(type) {
	case *plan.HashJoin:
		r = joinRule{n.Kind, n.Left, n.Right, func(p env) any { return both(keysEqual(p, n.Keys), p.holds(n.Residual)) }}
	case *plan.NestedLoopJoin:
		r = joinRule{n.Kind, n.Left, n.Right, func(p env) any { return p.holds(n.On) }}
	case *plan.OverlapJoin:
		r = joinRule{n.Kind, n.Left, n.Right, func(p env) any {
			meet := overlaps(p.eval(n.LeftStart), p.eval(n.LeftEnd), p.eval(n.RightStart), p.eval(n.RightEnd))
			return both(both(keysEqual(p, n.Keys), meet), p.holds(n.Residual))
		}}
	}
	return o.joinRows(r)
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
		matches := 0
		for i, rr := range right {
			pair := append(append([]any{}, l...), rr...)
			switch r.cond(env{ids, pair}) {
			case true:
				mark = true
				matches++
				hit[i] = true
				if r.kind <= plan.Full || r.kind == plan.Single {
					out = append(out, pair)
				}
			case nil:
				if mark == false {
					mark = nil
				}
			}
		}
		switch {
		case r.kind == plan.Single && matches > 1:
			panic("more than one match")
		case r.kind == plan.Mark:
			out = append(out, append(append([]any{}, l...), mark))
		case r.kind == plan.Semi && matches > 0, r.kind == plan.Anti && matches == 0:
			out = append(out, l)
		case matches == 0 && (r.kind == plan.Left || r.kind == plan.Full || r.kind == plan.Single):
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
