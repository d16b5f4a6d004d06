// Package scap decodes .scap captures: bytes to blocks, blocks to events, events to
// parameters, parameters to text. It knows the format and nothing of tables, queries or
// the state that events leave behind.
//
// A capture is one contiguous slice of bytes ([Source]), mapped from a raw file or
// inflated from a compressed one while readers already follow, so that an event can be
// read again later from its offset alone. [Reader] walks the blocks of every version and
// byte order and turns damage into warnings; [ReadEvent] decodes one event; the event
// table [Types] gives names and types to parameters. [Printer] writes parameters as
// sysdig prints them, asking a [Resolver] for what only state can tell.
//
// Where a block's length makes no sense, reading goes on at the next place where a block of
// a known type has the same length at both of its ends and another block or nothing behind
// it; the warning counts the bytes in between. A block of unknown type is skipped. If
// pcapng leaves the type to other programs, or recorders may write it in times to come,
// that is merely counted, else it is damage.
//
//	s, err := scap.Open("incident.scap")
//	…
//	for r := scap.NewReader(s); ; {
//		kind, err := r.Next()
//		if err == io.EOF {
//			break
//		}
//		if kind == scap.KindEvent && r.Event.Type == scap.SyscallCloseX {
//			res, ok := r.Event.Int(0)
//			…
//		}
//	}
//
// The tables in the *_gen.go files are literals that the generator in schema writes from
// the JSON files beside it; go generate runs it.
package scap
