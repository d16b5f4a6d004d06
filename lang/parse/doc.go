// Package parse turns query text into the syntax tree of lang/ast. It is the only
// package that knows participle.
//
// Text flows through four steps:
//
//	scan.go, lexer.go      bytes to tokens; matches brackets and bounds their depth
//	grammar*.go            statements and clauses, as participle grammar in struct tags
//	expr.go, atom.go, …    expressions, by precedence climbing over [ast.Precedence]
//	convert*.go            grammar structs to nodes of lang/ast
//
// The grammar is factored so that one token decides everywhere: participle runs
// without lookahead and never backtracks, so time is linear in the text and the
// first token that doesn't fit is the error. errors.go words it.
//
// To add a clause: a field with its grammar in a struct of grammar*.go, its
// conversion, its node in lang/ast. To add an operator: its level in
// lang/ast/precedence.go and, unless it is a plain binary one, a case in
// [parser.infix]. New keywords go into lang/ast/keyword.go.
package parse
