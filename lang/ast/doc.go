// Package ast is the syntax tree of tq's language: what lang/parse builds and
// lang/sem resolves. Nodes hold names as they were written; nothing here knows
// whether a table or a function exists.
//
// Every node carries the span of the text it was parsed from. [Print] turns a tree
// back into text that parses to the same tree.
//
// To add a clause: a field here, its grammar in lang/parse, its printing in
// print.go, its meaning in lang/sem.
package ast
