// Package exectest tests operators. [Check] runs a plan in every form the operators have
// to cope with (batches of one row, of three and whole; sliced arrays; strings plain,
// dictionary-encoded and with dictionaries that grow) and compares the rows with those
// of [Oracle], which computes the same plan a row at a time over []any, straight from
// SQL's rules and without any of the code it checks.
//
// Plans are put together with [Scan], [Col], [Lit], [Fn] and the literal nodes of
// lang/plan; [Random] makes tables, seeded, with the NULLs and repeats that break
// things.
package exectest
