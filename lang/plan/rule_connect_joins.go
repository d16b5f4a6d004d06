package plan

import "tq/lang/sem"

// connectJoins orders the tables of inner joins so that each is joined to those before it
// by an equality, where the order in which they are written makes products of tables
// that only a later one connects. An order without needless products stays as written.
func connectJoins(o *optimizer, root Node) Node {
	if j, ok := root.(*NestedLoopJoin); ok && j.Kind == Inner {
		var g joinGraph
		g.collect(j)
		for i, leaf := range g.leaves {
			g.leaves[i] = connectJoins(o, leaf)
		}
		if len(g.leaves) > 2 {
			if ordered, ok := g.connected(o); ok {
				return shaped(ordered, root.Columns())
			}
		}
		return g.asWritten(j)
	}
	mapInputs(root, func(in Node) Node { return connectJoins(o, in) })
	return root
}

// joinGraph is what a tree of inner joins joins, and by which conditions.
type joinGraph struct {
	leaves   []Node
	conds    []sem.Expr
	products int // joins without an equality between their sides
}

// collect lists the leaves from left to right.
func (g *joinGraph) collect(n Node) {
	j, ok := n.(*NestedLoopJoin)
	if !ok || j.Kind != Inner || j.On != nil && volatile(j.On) {
		g.leaves = append(g.leaves, n)
		return
	}
	g.collect(j.Left)
	g.collect(j.Right)
	g.conds = append(g.conds, conjuncts(j.On)...)
	s := joinSides{left: columnSet(j.Left), right: columnSet(j.Right)}
	if keys, _ := s.keys(j.On); len(keys) == 0 {
		g.products++
	}
}

// asWritten puts the leaves, which may have been rewritten, back into their tree.
func (g *joinGraph) asWritten(n Node) Node {
	j, ok := n.(*NestedLoopJoin)
	if !ok || j.Kind != Inner || j.On != nil && volatile(j.On) {
		leaf := g.leaves[0]
		g.leaves = g.leaves[1:]
		return leaf
	}
	j.Left = g.asWritten(j.Left)
	j.Right = g.asWritten(j.Right)
	return j
}

// connected joins the leaves in a connected order, beginning with the one that yields the
// fewest rows. ok is false if that avoids no product.
func (g *joinGraph) connected(o *optimizer) (n Node, ok bool) {
	if g.products == 0 {
		return nil, false
	}
	rest := append([]Node(nil), g.leaves...)
	first := 0
	for i, leaf := range rest {
		if o.rows(leaf) < o.rows(rest[first]) {
			first = i
		}
	}
	n, rest = rest[first], without(rest, first)
	joined := columnSet(n)
	conds, products := g.conds, 0
	for len(rest) > 0 {
		at, isConnected := nextLeaf(rest, joined, conds)
		if !isConnected {
			products++
		}
		leaf := rest[at]
		rest = without(rest, at)
		for id := range columnSet(leaf) {
			joined[id] = true
		}
		var on, later []sem.Expr
		for _, c := range conds {
			if joined.covers(c) {
				on = append(on, c)
			} else {
				later = append(later, c)
			}
		}
		n, conds = &NestedLoopJoin{Kind: Inner, Left: n, Right: leaf, On: Conjunction(on)}, later
	}
	return filtered(n, conds), products < g.products
}

// nextLeaf is the first leaf that an equality connects with what is joined, else the first.
func nextLeaf(rest []Node, joined idSet, conds []sem.Expr) (at int, isConnected bool) {
	for i, leaf := range rest {
		s := joinSides{left: joined, right: columnSet(leaf)}
		for _, c := range conds {
			if _, ok := s.key(c); ok {
				return i, true
			}
		}
	}
	return 0, false
}

func without(list []Node, at int) []Node {
	return append(list[:at:at], list[at+1:]...)
}
