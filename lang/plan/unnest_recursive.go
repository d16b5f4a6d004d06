package plan

import (
	"slices"

	"tq/lang/sem"
)

// refersTo reports whether the rows of a node depend on the tuple: by its columns, or by
// the last rows of a recursive query that does.
func (d *domain) refersTo(n Node) bool {
	found := refersTo(n, d.free)
	walk(n, func(n Node) {
		if last, ok := n.(*LastRows); ok {
			found = found || d.recursive[last.Of]
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

// renewed are the columns of the tuple under fresh ids.
func (d *domain) renewed() []sem.Column {
	var cols []sem.Column
	for _, c := range d.cols {
		cols = append(cols, d.b.ids.Renew(c))
	}
	return cols
}
