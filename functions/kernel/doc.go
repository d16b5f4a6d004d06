// Package kernel holds the loops: generic code over the raw slices of Arrow arrays,
// with no names, no SQL and no plans. A kernel is given whole columns ([Vec]) and
// returns a whole column; it never calls back per row through an interface, and it
// has a loop of its own for columns without nulls.
//
// Memory: arrays live on the Go heap and are collected by it. They are never
// changed once returned, may be kept for ever and shared between goroutines, and
// nobody calls Retain or Release.
//
// Strings come in two forms, plain and dictionary-encoded; [StringsOf] gives one view
// of both, and a function of one string is computed once per dictionary value.
package kernel
