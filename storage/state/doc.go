// Package state rebuilds what a machine's threads and file descriptors were at each
// event of a capture, as sysdig's libsinsp does: it is fed every block of a capture in
// file order, before anything is filtered, and says for each event which thread it
// belongs to and which file descriptor it is about.
//
// Threads and descriptors are append-only lists of versions: a record never changes
// once a later event could see another value; exec, clone, open, connect and the like
// append a new one. A row of the events table is then little more than the event's
// header and two small integers.
//
// What a thread id or a descriptor number meant at some event is answered by a [View],
// from a history of every version that ever stood in a slot. It may be used from any
// goroutine while the tracker goes on, so arguments can be rendered long after their
// event, in parallel.
//
// Where readers of different years disagree about a capture, the rules are those of the
// newest.
package state
