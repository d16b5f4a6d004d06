// Package functions holds every function, operator and aggregate of the language as
// data: names, signatures, null policy, documentation, an example and its result,
// and the body that computes it. lang/sem reads the signatures to resolve calls;
// exec runs the bodies. Neither is known here, nor is storage.
//
// Others call [Lookup] to find a definition, [Resolve] to choose its overload and the
// types its arguments are cast to, [Cast] to convert values, and [ParseType],
// [TypeName], [ParseDuration] and [ParseTimestamp] for the text of types and times.
// Which casts are made without being asked for, and at what cost, stands in coerce.go;
// it is DuckDB's order of types.
//
// Lengths of time are of two types, DURATION and INTERVAL; interval.go tells which is made
// where, and how they meet.
//
// To add a function: one [Def] literal in the file of its family (scalar_*.go, agg_*.go,
// window_*.go, operator_*.go). Its example runs as a test, every signature is tried on
// random columns in all their forms, and it appears in SHOW FUNCTIONS, .help and
// GRAMMAR.md by itself. Registration is by the explicit slices listed in registry.go.
//
// A scalar body is a loop over kernel's views of its arguments; scalar.go and rows.go
// have the loops that most bodies share. onValues makes a body run once per dictionary
// value where only one argument is a column. An aggregate is an [Accumulator] with dense
// states; merging two must give what one would have given for all rows, in order.
package functions
