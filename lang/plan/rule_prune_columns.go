package plan

import (
	"slices"

	"tq/lang/sem"
)

// pruneColumns drops the columns that nobody reads, down to the scans, which then
// decode only what the query needs.
func pruneColumns(_ *optimizer, root Node) Node {
	p := &pruner{wanted: map[*Materialized]map[int]bool{}, scans: map[*Materialized][]*MaterializedScan{}}
	root = p.tree(root, root.Columns())
	// What reads comes before what is read: then all that is wanted of it is known.
	for _, m := range slices.Backward(materialized(root)) {
		p.materialized(m)
	}
	return root
}

type pruner struct {
	wanted map[*Materialized]map[int]bool // positions of the columns that a scan needs
	scans  map[*Materialized][]*MaterializedScan
}

// tree prunes a tree to the given columns.
func (p *pruner) tree(n Node, cols []sem.Column) Node {
	return shaped(p.prune(n, setOf(cols)), cols)
}

// scan notes what a scan of a materialized query needs.
func (p *pruner) scan(s *MaterializedScan, needed idSet) {
	if p.wanted[s.Source] == nil {
		p.wanted[s.Source] = map[int]bool{}
	}
	for i, c := range s.Out {
		if needed[c.ID] {
			p.wanted[s.Source][i] = true
		}
	}
	p.scans[s.Source] = append(p.scans[s.Source], s)
}

// materialized prunes a query to what its scans need together.
func (p *pruner) materialized(m *Materialized) {
	pick := func(cols []sem.Column) []sem.Column {
		var out []sem.Column
		for i, c := range cols {
			if p.wanted[m][i] {
				out = append(out, c)
			}
		}
		return out
	}
	m.Input = p.tree(m.Input, pick(m.Input.Columns()))
	for _, s := range p.scans[m] {
		s.Out = pick(s.Out)
	}
}

// prune returns n without the columns that are neither needed above nor used in it.
func (p *pruner) prune(n Node, needed idSet) Node {
	switch n := n.(type) {
	case *Scan:
		n.Out = keep(n.Out, needed)
		return n
	case *MaterializedScan:
		p.scan(n, needed)
		return n
	case *Values:
		return pruneValues(n, needed)
	case *TableFunc, *LastRows:
		return n
	case *Project:
		n.Exprs = slices.DeleteFunc(n.Exprs, func(e NamedExpr) bool { return !needed[e.Out.ID] })
		n.Input = p.prune(n.Input, used(n, nil))
		if len(n.Exprs) == 0 {
			return n.Input
		}
		return n
	case *Around:
		if n.RelTS != nil && !needed[n.RelTS.ID] {
			n.RelTS = nil
			if !n.ByTime {
				n.Time = nil
			}
		}
		n.Input = p.prune(n.Input, used(n, needed))
		return n
	case *Aggregate:
		return p.aggregate(n, needed)
	case *Window:
		n.Calls = slices.DeleteFunc(n.Calls, func(c sem.WindowCall) bool { return !needed[c.Out.ID] })
		if len(n.Calls) == 0 {
			return p.prune(n.Input, needed)
		}
		n.Input = p.prune(n.Input, used(n, needed))
		return n
	case *Distinct:
		if n.On == nil {
			needed = columnSet(n.Input)
		}
		n.Input = p.prune(n.Input, used(n, needed))
		return n
	case *SetOp:
		return p.setOp(n, needed)
	case *Recursive:
		// Whether a row is new, and what follows from it, is a matter of all columns.
		n.First, n.Step = p.tree(n.First, n.First.Columns()), p.tree(n.Step, n.Step.Columns())
		return n
	}
	needed = used(n, needed)
	mapInputs(n, func(in Node) Node { return p.prune(in, needed) })
	return n
}

// used is the columns that a node refers to, besides those needed above it.
func used(n Node, needed idSet) idSet {
	set := idSet{}
	for id := range needed {
		set[id] = true
	}
	references(n, func(id sem.ColID) { set[id] = true })
	return set
}

func keep(cols []sem.Column, needed idSet) []sem.Column {
	return slices.DeleteFunc(slices.Clone(cols), func(c sem.Column) bool { return !needed[c.ID] })
}

func pruneValues(n *Values, needed idSet) Node {
	out := &Values{Out: keep(n.Out, needed), Rows: make([][]sem.Expr, len(n.Rows))}
	for i, row := range n.Rows {
		out.Rows[i] = []sem.Expr{}
		for c, e := range row {
			if needed[n.Out[c].ID] {
				out.Rows[i] = append(out.Rows[i], e)
			}
		}
	}
	return out
}

// aggregate keeps the groups, which decide on the rows, and the aggregates needed.
// Without groups there is one row, whatever the input.
func (p *pruner) aggregate(n *Aggregate, needed idSet) Node {
	n.Aggs = slices.DeleteFunc(n.Aggs, func(a sem.AggCall) bool { return !needed[a.Out.ID] })
	if n.GroupingID != nil && !needed[n.GroupingID.ID] {
		n.GroupingID = nil
	}
	if len(n.Groups) == 0 && len(n.Aggs) == 0 && n.Sets == nil {
		return oneRow()
	}
	n.Input = p.prune(n.Input, used(n, nil))
	return n
}

// setOp drops columns by position. Only an append can do without some: the others
// compare whole rows.
func (p *pruner) setOp(n *SetOp, needed idSet) Node {
	left, right := n.Left.Columns(), n.Right.Columns()
	if n.Kind == UnionAll {
		var out, l, r []sem.Column
		for i, c := range n.Out {
			if needed[c.ID] {
				out, l, r = append(out, c), append(l, left[i]), append(r, right[i])
			}
		}
		n.Out, left, right = out, l, r
	}
	n.Left, n.Right = p.tree(n.Left, left), p.tree(n.Right, right)
	return n
}

func setOf(cols []sem.Column) idSet {
	set := idSet{}
	for _, c := range cols {
		set[c.ID] = true
	}
	return set
}
