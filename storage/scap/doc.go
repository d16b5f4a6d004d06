// Package scap decodes .scap captures: bytes to blocks, blocks to events, events to
// parameters. It knows the format and nothing of tables, queries or the state that
// events leave behind.
//
// A capture is one contiguous slice of bytes ([Source]), mapped from a raw file or
// inflated from a compressed one, so that an event can be read again later from its
// offset alone. [Reader] walks the blocks; [ReadEvent] decodes one event; the event
// table [Types] gives names and types to parameters.
package scap
