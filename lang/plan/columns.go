package plan

import "tq/lang/sem"

// Columns of the nodes that pass their input's columns on.
func (n *Filter) Columns() []sem.Column    { return n.Input.Columns() }
func (n *Sort) Columns() []sem.Column      { return n.Input.Columns() }
func (n *TopN) Columns() []sem.Column      { return n.Input.Columns() }
func (n *Limit) Columns() []sem.Column     { return n.Input.Columns() }
func (n *Distinct) Columns() []sem.Column  { return n.Input.Columns() }
func (n *MaxOneRow) Columns() []sem.Column { return n.Input.Columns() }

// Columns are those of the query.
func (n *Materialized) Columns() []sem.Column { return n.Input.Columns() }

// Columns of the nodes that say what they yield.
func (n *Scan) Columns() []sem.Column             { return n.Out }
func (n *SetOp) Columns() []sem.Column            { return n.Out }
func (n *Values) Columns() []sem.Column           { return n.Out }
func (n *TableFunc) Columns() []sem.Column        { return n.Out }
func (n *MaterializedScan) Columns() []sem.Column { return n.Out }
func (n *Recursive) Columns() []sem.Column        { return n.Out }
func (n *LastRows) Columns() []sem.Column         { return n.Out }

// Columns are those of the expressions.
func (n *Project) Columns() []sem.Column { return outs(n.Exprs) }

// Columns are the groups, the aggregates and, last, the grouping id.
func (n *Aggregate) Columns() []sem.Column {
	cols := outs(n.Groups)
	for i := range n.Aggs {
		cols = append(cols, n.Aggs[i].Out)
	}
	if n.GroupingID != nil {
		cols = append(cols, *n.GroupingID)
	}
	return cols
}

// Columns are those of the input, then the calls'.
func (n *Window) Columns() []sem.Column {
	in := n.Input.Columns()
	cols := append(make([]sem.Column, 0, len(in)+len(n.Calls)), in...)
	for i := range n.Calls {
		cols = append(cols, n.Calls[i].Out)
	}
	return cols
}

// Columns are those of the input, then those of the elements.
func (n *Unnest) Columns() []sem.Column {
	in := n.Input.Columns()
	return append(in[:len(in):len(in)], outs(n.Lists)...)
}

// Columns are those of the input, then those that it adds.
func (n *Around) Columns() []sem.Column {
	in := n.Input.Columns()
	cols := append(make([]sem.Column, 0, len(in)+3), in...)
	cols = append(cols, n.IsMatch, n.MatchID)
	if n.RelTS != nil {
		cols = append(cols, *n.RelTS)
	}
	return cols
}

// Columns are those of both sides, as the kind says.
func (n *HashJoin) Columns() []sem.Column {
	return joinColumns(n.Kind, n.Left, n.Right, n.MarkOut)
}

// Columns are those of both sides, as the kind says.
func (n *OverlapJoin) Columns() []sem.Column {
	return joinColumns(n.Kind, n.Left, n.Right, nil)
}

// Columns are those of both sides, as the kind says.
func (n *AsofJoin) Columns() []sem.Column {
	return joinColumns(n.Kind, n.Left, n.Right, nil)
}

// Columns are those of both sides, as the kind says.
func (n *RangeJoin) Columns() []sem.Column {
	return joinColumns(n.Kind, n.Left, n.Right, nil)
}

// Columns are those of both sides, as the kind says.
func (n *NestedLoopJoin) Columns() []sem.Column {
	return joinColumns(n.Kind, n.Left, n.Right, n.MarkOut)
}

func joinColumns(kind JoinKind, left, right Node, mark *sem.Column) []sem.Column {
	l := left.Columns()
	switch kind {
	case Semi, Anti:
		return l
	case Mark:
		return append(l[:len(l):len(l)], *mark)
	}
	return append(l[:len(l):len(l)], right.Columns()...)
}

func outs(exprs []NamedExpr) []sem.Column {
	cols := make([]sem.Column, len(exprs))
	for i := range exprs {
		cols[i] = exprs[i].Out
	}
	return cols
}

// Inputs of the nodes with one input.
func (n *Filter) Inputs() []Node    { return []Node{n.Input} }
func (n *Unnest) Inputs() []Node    { return []Node{n.Input} }
func (n *Around) Inputs() []Node    { return []Node{n.Input} }
func (n *Project) Inputs() []Node   { return []Node{n.Input} }
func (n *Aggregate) Inputs() []Node { return []Node{n.Input} }
func (n *Window) Inputs() []Node    { return []Node{n.Input} }
func (n *Sort) Inputs() []Node      { return []Node{n.Input} }
func (n *TopN) Inputs() []Node      { return []Node{n.Input} }
func (n *Limit) Inputs() []Node     { return []Node{n.Input} }
func (n *Distinct) Inputs() []Node  { return []Node{n.Input} }
func (n *MaxOneRow) Inputs() []Node { return []Node{n.Input} }

// Inputs is the query itself.
func (n *Materialized) Inputs() []Node { return []Node{n.Input} }

// Inputs of the nodes with two sides.
func (n *SetOp) Inputs() []Node          { return []Node{n.Left, n.Right} }
func (n *Recursive) Inputs() []Node      { return []Node{n.First, n.Step} }
func (n *HashJoin) Inputs() []Node       { return []Node{n.Left, n.Right} }
func (n *RangeJoin) Inputs() []Node      { return []Node{n.Left, n.Right} }
func (n *OverlapJoin) Inputs() []Node    { return []Node{n.Left, n.Right} }
func (n *AsofJoin) Inputs() []Node       { return []Node{n.Left, n.Right} }
func (n *NestedLoopJoin) Inputs() []Node { return []Node{n.Left, n.Right} }

// Inputs of the leaves. What a materialized scan reads is shared with other scans and
// belongs to its Source.
func (n *Scan) Inputs() []Node             { return nil }
func (n *Values) Inputs() []Node           { return nil }
func (n *TableFunc) Inputs() []Node        { return nil }
func (n *LastRows) Inputs() []Node         { return nil }
func (n *MaterializedScan) Inputs() []Node { return nil }
