package state

import "tq/storage/scap"

// kind is what the tracker has to know of a type of event.
type kind struct {
	flags kindFlags
	fd    int8        // parameter with the descriptor the event is about, or -1
	rule  func(*call) // what the event does, or nil
}

type kindFlags uint16

const (
	plain         kindFlags = 1 << iota // the enter or exit of a system call
	enters                              // the enter
	uses                                // is about a descriptor
	creates                             // makes a descriptor
	stores                              // the exit needs the enter's parameters
	threadless                          // belongs to no thread, whatever its tid
	passive                             // leaves no trace in its thread
	noPlaceholder                       // proves no living thread
	unattended                          // its rule does without a known thread
	hidden                              // not shown by sysdig
	initial                             // tells the initial state when first in a section
	timeless                            // does not carry the time it happened
)

// kinds holds the kind of each type of the event table, and of types beyond it at its
// end.
var kinds = makeKinds()

// kindOf returns the kind of a type of event.
func kindOf(code uint16) *kind {
	return &kinds[min(int(code), len(kinds)-1)]
}

func makeKinds() [len(scap.Types) + 1]kind {
	var all [len(scap.Types) + 1]kind
	for code := range scap.Types {
		info := &scap.Types[code]
		k := kind{fd: info.FD}
		if info.Source == scap.SourceSyscall {
			k.flags |= plain
			if info.Enter {
				k.flags |= enters
			}
		}
		if info.Flags&scap.FlagUsesFD != 0 {
			k.flags |= uses
		}
		if info.Flags&scap.FlagCreatesFD != 0 {
			k.flags |= creates
		}
		if info.Flags&scap.FlagSkipParserReset != 0 {
			k.flags |= threadless
		}
		if info.Category == scap.CategoryInternal {
			k.flags |= hidden
		}
		if info.Source == scap.SourceMeta {
			k.flags |= timeless
		}
		all[code] = k
	}
	all[len(scap.Types)] = kind{fd: -1, flags: passive}
	for code, flags := range specialKinds {
		all[code].flags |= flags
	}
	for _, code := range storedEnters {
		all[code].flags |= stores
	}
	for code, rule := range rules {
		all[code].rule = rule
		if all[code].flags&(threadless|noPlaceholder) != 0 {
			all[code].flags |= unattended
		}
	}
	all[scap.ProcinfoE].flags &^= threadless
	all[scap.SwitchV1E].flags &^= threadless
	return all
}

// specialKinds are the flags that the event table does not tell.
var specialKinds = map[int]kindFlags{
	scap.ProcinfoE:   passive | noPlaceholder,
	scap.SwitchV1E:   passive | noPlaceholder,
	scap.SwitchE:     passive | noPlaceholder,
	scap.ProcexitE:   noPlaceholder,
	scap.ProcexitV1E: noPlaceholder,

	scap.SyscallCloneV11X: noPlaceholder,
	scap.SyscallCloneV16X: noPlaceholder,
	scap.SyscallCloneV17X: noPlaceholder,
	scap.SyscallCloneV20X: noPlaceholder,
	scap.SyscallClone3X:   noPlaceholder,
	scap.SyscallForkX:     noPlaceholder,
	scap.SyscallForkV17X:  noPlaceholder,
	scap.SyscallForkV20X:  noPlaceholder,
	scap.SyscallVforkX:    noPlaceholder,
	scap.SyscallVforkV17X: noPlaceholder,
	scap.SyscallVforkV20X: noPlaceholder,

	scap.ContainerJsonE:   threadless | initial,
	scap.ContainerJsonV2E: threadless | initial,
	scap.UserAddedE:       threadless | initial,
	scap.UserDeletedE:     threadless | initial,
	scap.GroupAddedE:      threadless | initial,
	scap.GroupDeletedE:    threadless | initial,
	scap.AsynceventE:      threadless | initial,
	scap.PlugineventE:     threadless,
}
