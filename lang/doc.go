// Package lang is the query language as others use it: [Parse] turns text into
// statements, [Compile] a statement into a plan that exec can run.
//
// The way of a query is the way through the packages below: source (places in the
// text), ast and parse (text to tree), sem (names and types), plan (nodes and rules).
package lang
