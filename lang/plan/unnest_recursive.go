package plan

import (
	"slices"

	"tq/lang/sem"
)

// refersTo reports whether the rows of a node depend on the tuple: by its columns, or by
// the last rows of a recursive query or those of a shared one that do.
func (d *domain) refersTo(n Node) bool {
	found := refersTo(n, d.free)
	walk(n, func(n Node) {
		switch n := n.(type) {
		case *LastRows:
			found = found || d.recursive[n.Of]
		case *MaterializedScan:
			found = found || d.shared[n.Source] != nil
		}
	})
	return found
}

// recursion has every row of a recursive query keep its tuple.
func (d *domain) recursion(n *Recursive) (Node, []sem.Column) {
	first, step := n.First.Columns(), n.Step.Columns()
	var fcols, scols []sem.Column
	n.First, fcols = d.push(n.First)
	n.First = shaped(n.First, slices.Concat(first, fcols))
	d.recursive[n] = true
	n.Step, scols = d.push(n.Step)
	n.Step = shaped(n.Step, slices.Concat(step, scols))
	cols := d.renewed()
	n.Out = slices.Concat(n.Out, cols)
	return n, cols
}

func (d *domain) lastRows(n *LastRows) (Node, []sem.Column) {
	cols := d.renewed()
	n.Out = slices.Concat(n.Out, cols)
	return n, cols
}

// materialized has every row of a shared query keep its tuple.
func (d *domain) materialized(n *MaterializedScan) (Node, []sem.Column) {
	m, ok := d.shared[n.Source]
	if !ok {
		before := n.Source.Input.Columns()
		in, cols := d.push(n.Source.Input)
		m = &Materialized{Name: n.Source.Name, Input: shaped(in, slices.Concat(before, cols))}
		d.shared[n.Source] = m
	}
	cols := d.renewed()
	return &MaterializedScan{Source: m, Out: slices.Concat(n.Out, cols)}, cols
}

// values yields literal rows that refer to outer columns once for each tuple.
func (d *domain) values(n *Values) (Node, []sem.Column) {
	var out Node
	var cols []sem.Column
	for _, row := range n.Rows {
		s := d.scan()
		by := map[sem.ColID]sem.Expr{}
		for i, c := range d.cols {
			by[c.ID] = ref(s.Out[i])
		}
		p := &Project{Input: s}
		for i, c := range n.Out {
			p.Exprs = append(p.Exprs, NamedExpr{Out: d.b.ids.Renew(c), Expr: substitute(row[i], by)})
		}
		p.Exprs = append(p.Exprs, passed(s.Out)...)
		if out == nil {
			out = p
			continue
		}
		u := &SetOp{Kind: UnionAll, Left: out, Right: p}
		for _, c := range p.Columns() {
			u.Out = append(u.Out, d.b.ids.Renew(c))
		}
		out = u
	}
	cols = d.renewed()
	return renamed(out, slices.Concat(n.Out, cols)), cols
}

// renewed are the columns of the tuple under fresh ids.
func (d *domain) renewed() []sem.Column {
	var cols []sem.Column
	for _, c := range d.cols {
		cols = append(cols, d.b.ids.Renew(c))
	}
	return cols
}
