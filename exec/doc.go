// Package exec runs plans: [Build] turns each plan node into an [Operator], and [Run]
// pulls the root operator for batches until io.EOF.
//
// A [Batch] holds lazily loaded Arrow columns and, after a filter, the selection of
// rows that are left; columns are decoded or taken only when an operator asks for them,
// and computed columns are computed no sooner. Hot loops run over raw slices
// (functions/kernel). Expressions are compiled once per operator (expr.go); conditions
// choose rows without a BOOLEAN column in between (condition.go), those on strings once
// per distinct value (condition_string.go).
//
// Three mechanisms serve most operators. Keys of any types become small numbers in order
// of first appearance (key_table.go): groups, distinct rows, partitions and join keys are
// then array indices. Sort keys of any types become unsigned words (sort_words.go), so
// there is one comparison and one sort, which looks for the order that traces mostly
// have before it makes any (sort_rows.go). Joins that try candidate pairs share one
// loop that knows the kinds of joins (pair_join.go); intervals are joined by a sweep
// (sweep.go).
//
// Parallel work: an operator hands out morsels (morsel.go), pieces of its work that
// goroutines take on side by side, and whoever drains it has workers do what takes time
// and takes the results in order (parallel.go). So evaluators, conditions and batches may
// be used by several goroutines, and results do not depend on their number.
//
// Memory: operators account for what they hold (budget.go). Sorts, aggregates, DISTINCT,
// set operations, windows and hash joins with more than the limit allows go to disk
// (row_sorter.go, spill_groups.go, distinct.go, spill_set_op.go, spill_window.go,
// spill_join.go); others fail.
//
// Ownership: batches and arrays are immutable once yielded and belong to the garbage
// collector. An operator may keep a batch as long as it likes; nobody releases.
//
// Order: an operator yields rows in the order its input gives rise to them. Groups come
// in the order of their first rows, joins keep the order of their left side, windows that
// of their input; so the same query over the same capture prints the same text.
//
// To add an operator: a node in lang/plan, a case in build.go, a file here named after
// it, a rule in exectest's oracle and a test against it.
package exec
