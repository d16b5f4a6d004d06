// Package plan turns bound queries into logical plans and improves them.
//
// [Build] makes the straightforward plan of a bound query, clause by clause.
// [Optimize] then runs the rewrite rules over it: one rule a file, named rule_*.go,
// in the order that [Optimize] lists. [Explain] prints a plan as an indented tree.
//
// Columns are named by [sem.ColID] wherever they flow, so a rule may move a node
// without renaming what stands above it.
//
// To add a rule: a function over nodes in a file of its own, a line in Optimize, cases
// in testdata/plan. To add a node: its type in node.go, its columns and inputs in
// columns.go, its expressions in visit.go, its line in explain.go, its operator in exec.
package plan
