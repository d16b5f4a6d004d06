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
