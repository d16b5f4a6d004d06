// Package storage turns captures and files into tables of Arrow columns.
//
// A [Catalog] names the tables. Those of captures are declared as literals, one file
// each (events.go, syscalls.go, sched.go …): a table is a list of columns, a column its
// name, type, one sentence and the function that builds it for a run of rows. To add a
// column, add an entry; to add a table, add a literal and its line in registry.go.
//
// A capture is read in one pass (reading.go, load.go), when a table of it is first
// scanned: state is rebuilt over all events, and each event that sysdig would print leaves
// a native row of some thirty bytes (rows.go): its header, the versions of thread and file
// descriptor it belongs to, and its place in the file. Scans follow the pass at a distance
// of one batch; where many rows are kept, they lie in a mapped file (settle.go). Everything
// else is computed from native rows when it is asked for, and
// what only the payload holds is decoded again from the event's place, for just the rows
// that are asked for. Tables other than events are derived from native rows.
//
// Predicates come as hints ([Pred]); events and syscalls drop rows early by them
// (prefilter.go), which is what makes filters fast. Where it is known which scans there
// will be ([Catalog.Expect]), a reading keeps no rows but those that they need (need.go),
// lets go of each when it was seen, and looks at no event that does not bear on them
// (sieve.go).
//
// What was found out about a large capture is saved in a cache after it was read (saved.go,
// cached.go, package cache), and mapped when the same capture is opened again.
//
// The text that sysdig prints is a capture, too (transcripts.go): package transcript makes
// one of it before it is read.
//
// Several captures are one set of tables, merged by time (merge.go).
package storage
