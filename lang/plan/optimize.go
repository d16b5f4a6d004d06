package plan

import (
	"tq/functions"
	"tq/lang/sem"
)

// rule rewrites a plan. It may change nodes in place, but not the meaning of a column
// id, nor which columns the plan yields.
type rule func(o *optimizer, root Node) Node

// rules are the rewrites in the order in which they are applied.
var rules = []rule{
	eachTree(dropIsTrue),
	eachTree(foldConstants),
	eachTree(mergeProjects),
	eachTree(pushFilters),
	eachTree(foldConstants), // a condition that has arrived may be constant there
	eachTree(connectJoins),
	eachTree(mergeWindows),
	eachTree(pushLimits),
	eachTree(chooseJoins),
	eachTree(swapSides),
	eachTree(lowerOverlaps),
	eachTree(foldConstants), // as may be the ends of an interval
	pruneColumns,
	eachTree(mergeProjects), // pruning leaves projections that do nothing
	eachTree(hintScans),
	computeOnce,
}

// optimizer is what the rules share for one plan.
type optimizer struct {
	ids *sem.IDs
	env *functions.Env
	// tableRows estimates the rows of a table, negative if unknown; it may be nil.
	tableRows  func(qualifier, table string) int64
	sharedRows map[*Materialized]float64
}

// Optimize applies the rules to a plan.
func Optimize(n Node, ids *sem.IDs, env *sem.Env) Node {
	o := &optimizer{ids: ids, env: env.FunctionEnv(), sharedRows: map[*Materialized]float64{}}
	if e, ok := env.Catalog.(sem.Estimator); ok {
		o.tableRows = e.TableRows
	}
	for _, r := range rules {
		n = r(o, n)
	}
	return n
}

// eachTree makes a rule of a rewrite that knows one tree only: it is applied to the
// root's and to those that materialized scans read.
func eachTree(rewrite func(o *optimizer, n Node) Node) rule {
	return func(o *optimizer, root Node) Node {
		for _, m := range materialized(root) {
			cols := m.Input.Columns()
			m.Input = shaped(rewrite(o, m.Input), cols)
		}
		cols := root.Columns()
		return shaped(rewrite(o, root), cols)
	}
}

// materialized lists what the materialized scans of a tree read, each once and those
// that others read first.
func materialized(n Node) []*Materialized {
	var list []*Materialized
	seen := map[*Materialized]bool{}
	var visit func(Node)
	visit = func(n Node) {
		walk(n, func(n Node) {
			s, ok := n.(*MaterializedScan)
			if !ok || seen[s.Source] {
				return
			}
			seen[s.Source] = true
			visit(s.Source.Input)
			list = append(list, s.Source)
		})
	}
	visit(n)
	return list
}
