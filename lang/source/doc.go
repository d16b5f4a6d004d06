// Package source holds what every stage of the language needs to talk about a
// piece of query text: byte spans, positions, errors that carry both, and the one
// renderer that draws a caret under the offending source line.
//
// Errors are made with a span only; line and column are computed when an error is
// shown, so the stages never carry positions in any form but [Span].
package source
