// Package sem gives a query its meaning: it resolves names against a [Catalog], types
// every expression, applies SQL's rules of grouping, windows and aliases, and makes the
// implicit explicit: casts, star expansion, default frames, output names.
//
// [Bind] turns a syntax tree into a [Query], which lang/plan turns into nodes. The
// order of work on one SELECT is that of its clauses' evaluation: FROM (from.go), the
// SELECT list with its aliases (select.go), WHERE, GROUP BY (group.go), windows
// (window.go), ORDER BY (order.go). Expressions are bound over the columns of FROM
// with aggregates and window calls still inside; extraction then replaces these by the
// columns that will hold their results.
//
// A table function over queries stands for a query (table_macro.go): its text, which
// functions declares, is bound in the place of the call.
//
// Names are resolved as DuckDB resolves them; the type lattice and the signatures live
// in functions. Faults are *source.Error values with the span of the offending text.
package sem
