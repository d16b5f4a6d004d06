// Package sysdig is sysdig's filter language: the text between the braces of
// {proc.name=cat and evt.type=open}.
//
// [Parse] turns a filter into a tree of its own, [Translate] that into an expression of
// tq's language over the dotted fields of events, which selects the same events. What the
// words mean follows the filters of falcosecurity/libs: of the versions that differ, the
// newest.
//
// A check of a field that an event lacks fails, and NOT turns that into success: there
// are two truth values, not SQL's three. The translation keeps that wherever a filter is
// negated; at its top, NULL stands for a filter that fails.
//
// To add an operator: a line in operator.go and its translation in check.go.
package sysdig
