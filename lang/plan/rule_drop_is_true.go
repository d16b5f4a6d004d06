package plan

import "tq/lang/sem"

// dropIsTrue takes IS TRUE away where NULL counts as false anyway: from the conditions of
// filters and joins, and from the parts of their AND and OR. Without it, conditions are
// known to scans and joins for what they are.
func dropIsTrue(_ *optimizer, root Node) Node {
	walk(root, func(n Node) {
		switch n := n.(type) {
		case *Filter:
			n.Cond = untested(n.Cond)
		case *NestedLoopJoin:
			if n.Kind != Mark { // its answer may be NULL
				n.On = untested(n.On)
			}
		case *AsofJoin:
			n.Residual = untested(n.Residual)
		}
	})
	return root
}

// untested is a condition without IS TRUE, which is true for the same rows.
func untested(e sem.Expr) sem.Expr {
	switch x := e.(type) {
	case *sem.Call:
		if x.Fn.Name == "is true" {
			return untested(x.Args[0])
		}
	case *sem.Logic:
		if x.Op == sem.Not {
			return e
		}
		out := &sem.Logic{Typed: x.Typed, Op: x.Op, Args: make([]sem.Expr, len(x.Args))}
		for i, arg := range x.Args {
			out.Args[i] = untested(arg)
		}
		return out
	}
	return e
}
