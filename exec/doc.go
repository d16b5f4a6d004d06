// Package exec runs plans: [Build] turns each plan node into an [Operator], and the
// root operator is pulled for batches until io.EOF.
//
// A [Batch] holds lazily loaded Arrow columns and, after a filter, the selection of
// rows that are left; columns are decoded or taken only when an operator asks for them.
// Hot loops run over raw slices (functions/kernel). Expressions are compiled once per
// operator (expr.go).
//
// Ownership: batches and arrays are immutable once yielded and belong to the garbage
// collector. An operator may keep a batch as long as it likes; nobody releases.
//
// To add an operator: a node in lang/plan, a case in build.go, a file here named after
// it, a case of the harness in exectest.
package exec
