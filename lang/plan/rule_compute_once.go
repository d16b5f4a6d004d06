package plan

import "tq/lang/sem"

// computeOnce has what the step of a recursive query reads again and again, but what is
// the same every time, computed once.
func computeOnce(_ *optimizer, root Node) Node {
	recursions := func(n Node) {
		walk(n, func(n Node) {
			if r, ok := n.(*Recursive); ok {
				r.Step = onceIn(r.Step)
			}
		})
	}
	recursions(root)
	for _, m := range materialized(root) {
		recursions(m.Input)
	}
	return root
}

// onceIn puts a materialized scan in the place of each largest part of a step that
// nothing in the recursion changes.
func onceIn(n Node) Node {
	switch n.(type) {
	case *Values, *MaterializedScan, *LastRows:
		return n
	}
	if !readsLast(n) && !varies(n) {
		m := &Materialized{Name: "once", Input: n}
		return &MaterializedScan{Source: m, Out: n.Columns()}
	}
	mapInputs(n, onceIn)
	return n
}

// readsLast reports whether a node reads the last rows of a recursion that it is part of.
func readsLast(n Node) bool {
	inside, read := map[*Recursive]bool{}, map[*Recursive]bool{}
	var visit func(Node)
	visit = func(n Node) {
		walk(n, func(n Node) {
			switch n := n.(type) {
			case *Recursive:
				inside[n] = true
			case *LastRows:
				read[n.Of] = true
			case *MaterializedScan:
				visit(n.Source.Input)
			}
		})
	}
	visit(n)
	for r := range read {
		if !inside[r] {
			return true
		}
	}
	return false
}

// varies reports whether a node may yield other rows when it is run again.
func varies(n Node) bool {
	found := false
	walk(n, func(n Node) {
		mapExprs(n, func(e sem.Expr) sem.Expr {
			found = found || volatile(e)
			return e
		})
	})
	return found
}

// Repeated lists what the step of a recursion reads through materialized scans: that
// which is the same for all rounds, and that which each computes anew.
func (n *Recursive) Repeated() (kept, renewed []*Materialized) {
	for _, m := range materialized(n.Step) {
		if readsLast(m.Input) {
			renewed = append(renewed, m)
		} else {
			kept = append(kept, m)
		}
	}
	return kept, renewed
}
