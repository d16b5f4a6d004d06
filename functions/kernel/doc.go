// Package kernel holds the loops: generic code over the raw slices of Arrow arrays,
// with no names, no SQL and no plans. A kernel is given whole columns ([Vec]) and
// returns a whole column; it never calls back per row through an interface, and it
// has a loop of its own for columns without nulls where that pays.
//
// Memory: arrays live on the Go heap and are collected by it. They are never
// changed once returned, may be kept for ever and shared between goroutines, and
// nobody calls Retain or Release. Arrow counts nulls lazily and without a lock, so
// arrays made here always know their nulls, and nobody asks an array's NullN: see
// [ValidityOf] and [Slice].
//
// Strings come in two forms, plain and dictionary-encoded; [StringsOf] gives one view
// of both, and a function of one string is computed once per dictionary value. The
// values of a dictionary are distinct and not NULL; the codes of NULL rows may be
// anything. Dictionaries grow: two that share their memory are prefixes of one
// another, which comparisons and [Concat] use.
//
// What a row of fixed width looks like is told by [KindOf]; a kernel switches on it
// once and runs a generic loop for the Go type. The order of values, of which NaN is
// part, is the same in [Compare], [Comparer], [SortKeys] and [Hash].
package kernel
