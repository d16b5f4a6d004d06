package plan

import (
	"tq/lang/sem"
)

// Plan is a compiled query.
type Plan struct {
	Root    Node
	Columns []sem.Column // what Root yields, under the names to show
	Analyze bool         // of EXPLAIN ANALYZE: to be run for what it takes
}

// Compile makes the optimised plan of a bound query.
func Compile(q *sem.Query, ids *sem.IDs, env *sem.Env) (*Plan, error) {
	root, err := Build(q, ids)
	if err != nil {
		return nil, err
	}
	root = Optimize(root, ids, env)
	return &Plan{Root: shaped(root, q.Out), Columns: q.Out}, nil
}

// Scans lists the scans of a plan, those of shared queries once.
func (p *Plan) Scans() []*Scan {
	var scans []*Scan
	add := func(n Node) {
		walk(n, func(n Node) {
			if s, ok := n.(*Scan); ok {
				scans = append(scans, s)
			}
		})
	}
	for _, m := range materialized(p.Root) {
		add(m.Input)
	}
	add(p.Root)
	return scans
}
