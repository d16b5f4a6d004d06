package plan

import (
	"tq/lang/sem"
)

// swapSides exchanges the sides of joins so that the smaller one is on the right, where
// it is kept in memory while the other passes by.
func swapSides(o *optimizer, root Node) Node {
	return transform(root, func(n Node) Node {
		switch n := n.(type) {
		case *HashJoin:
			kind, ok := swapped[n.Kind]
			if !ok || !o.muchSmaller(n.Left, n.Right) {
				return n
			}
			n.Kind, n.Left, n.Right = kind, n.Right, n.Left
			for i, k := range n.Keys {
				n.Keys[i].Left, n.Keys[i].Right = k.Right, k.Left
			}
		case *RangeJoin:
			kind, ok := swapped[n.Kind]
			if !ok || !o.muchSmaller(n.Left, n.Right) {
				return n
			}
			n.Kind, n.Left, n.Right = kind, n.Right, n.Left
			for i, b := range n.Bounds {
				n.Bounds[i] = JoinBound{b.Left, swappedComparison[b.Op], b.Right, b.Cond}
			}
		case *NestedLoopJoin:
			kind, ok := swapped[n.Kind]
			if !ok || !o.muchSmaller(n.Left, n.Right) {
				return n
			}
			n.Kind, n.Left, n.Right = kind, n.Right, n.Left
		}
		return n
	})
}

// swapped is the kind that a join has with its sides exchanged.
var swapped = map[JoinKind]JoinKind{Inner: Inner, Left: Right, Right: Left}

// muchSmaller reports whether a node is expected to yield clearly fewer rows than
// another. The estimates are rough, and the order in which a query is written is often
// meant: in doubt it stays.
func (o *optimizer) muchSmaller(a, b Node) bool { return 4*o.rows(a) < o.rows(b) }

// unknownRows is how many rows a table is taken to have of which nothing is known.
const unknownRows = 1e6

// Shares of rows that conditions are expected to keep.
const (
	keptByEquality = 0.05
	keptByOther    = 0.4
	keptByGrouping = 0.1
)

// rows estimates how many rows a node yields.
func (o *optimizer) rows(n Node) float64 {
	switch n := n.(type) {
	case *Scan:
		rows := unknownRows
		if o.tableRows != nil {
			if known := o.tableRows(n.Qualifier, n.Table); known >= 0 {
				rows = float64(known)
			}
		}
		if n.Limit >= 0 {
			rows = min(rows, float64(n.Limit))
		}
		return rows
	case *Filter:
		rows := o.rows(n.Input)
		for _, c := range conjuncts(n.Cond) {
			rows *= kept(c)
		}
		return rows
	case *Aggregate:
		if len(n.Groups) == 0 {
			return 1
		}
		return keptByGrouping * o.rows(n.Input)
	case *Distinct:
		return keptByGrouping * o.rows(n.Input)
	case *TopN:
		return min(float64(n.Limit), o.rows(n.Input))
	case *Limit:
		if n.Limit >= 0 {
			return min(float64(n.Limit), o.rows(n.Input))
		}
		return o.rows(n.Input)
	case *MaxOneRow:
		return 1
	case *Values:
		return float64(len(n.Rows))
	case *MaterializedScan:
		// Estimated once: queries that use each other twice are paths without number.
		rows, known := o.sharedRows[n.Source]
		if !known {
			rows = o.rows(n.Source.Input)
			o.sharedRows[n.Source] = rows
		}
		return rows
	case *TableFunc, *LastRows:
		return 1000
	case *NestedLoopJoin:
		if n.On == nil && n.Kind == Inner {
			return o.rows(n.Left) * o.rows(n.Right)
		}
	}
	most := 0.0
	for _, in := range n.Inputs() {
		most = max(most, o.rows(in))
	}
	return most
}

// kept is the share of rows that a condition is expected to keep.
func kept(c sem.Expr) float64 {
	switch c := c.(type) {
	case *sem.Call:
		if c.Fn.Name == "=" {
			return keptByEquality
		}
	case *sem.InList:
		if !c.Not {
			return min(1, keptByEquality*float64(c.List.Len()))
		}
	}
	return keptByOther
}
