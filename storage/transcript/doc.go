// Package transcript makes a capture of the text that sysdig prints, as people paste it
// into tickets and articles:
//
//	370964 17:01:26.375374738 1 keepalived (10400) > sendmsg fd=13(<4r>192.0.2.8->224.0.0.18) size=40
//
// [Recognise] tells by its first lines whether a file is such text, and [Convert] makes
// a payload of it that package scap reads: an event for each line, whose parameters are
// encoded from what the line shows of them. What a line tells beyond its event, that the
// thread has this name and that the descriptor stands for that, is written before the
// event as lists of threads and descriptors and as events that only update state: a
// [state.Tracker] follows the payload as it is written, and where it knows the same
// already, nothing is. So every table of a capture works for a transcript too.
//
// What such a payload cannot hold stands beside it: the events' numbers as printed, their
// arguments to the letter, and the names of types that the event table does not know.
//
// A transcript tells less than the capture it was made from. The default line has no
// date, no process ids and no users. Without a date the first line's day is 1970-01-01,
// and the next one begins where the clock falls back by more than an hour; times are
// taken as UTC. Lines stand in the order of their numbers. A line without a number, or
// with that of another line, is numbered after the last.
package transcript
