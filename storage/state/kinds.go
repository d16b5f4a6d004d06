package state

import (
	"sync"

	"tq/storage/scap"
)

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
	generic                             // is of a system call that only its parameter tells
	simple                              // is plain and shown, and has no rule
	upsets                              // its rule may change more than the thread's descriptors
)

// kinds holds the kind of each type of the event table, and of types beyond it at its
// end.
type kinds [len(scap.Types) + 1]kind

// of returns the kind of a type of event.
func (ks *kinds) of(code uint16) *kind { return &ks[min(int(code), len(ks)-1)] }

// allKinds are the kinds for a tracker that follows threads and file descriptors.
var allKinds = sync.OnceValue(func() *kinds {
	ks := new(kinds)
	ks.declare()
	ks.obey(threadRules)
	ks.upset(threadRules)
	ks.obey(fdRules)
	ks.sortOut()
	return ks
})

// literalKinds are allKinds for a tracker that infers no descriptors from enter events.
var literalKinds = sync.OnceValue(func() *kinds {
	ks := *allKinds()
	for _, code := range []int{scap.SocketSendtoE, scap.SocketSendmsgE} {
		ks[code].rule = nil
	}
	ks.sortOut()
	return &ks
})

// threadKinds are the kinds for a tracker that does not care for file descriptors.
var threadKinds = sync.OnceValue(func() *kinds {
	ks := new(kinds)
	ks.declare()
	ks.obey(threadRules)
	ks.upset(threadRules)
	for code := range ks {
		ks[code].flags &^= uses | creates
	}
	ks.sortOut()
	return ks
})

// declare takes over what is known of types whatever they do.
func (ks *kinds) declare() {
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
		ks[code] = k
	}
	ks[len(scap.Types)] = kind{fd: -1, flags: passive}
	for code, flags := range specialKinds {
		ks[code].flags |= flags
	}
	ks[scap.ProcinfoE].flags &^= threadless
	ks[scap.SwitchV1E].flags &^= threadless
}

// obey gives types their rules, and enter events to their exits' rules.
func (ks *kinds) obey(rules rules) {
	for code, rule := range rules {
		ks[code].rule = rule
		if ks[code].flags&(threadless|noPlaceholder) != 0 {
			ks[code].flags |= unattended
		}
	}
	for _, code := range storedEnters {
		if ks[code+1].rule != nil {
			ks[code].flags |= stores
		}
	}
}

// upset marks types by their rules.
func (ks *kinds) upset(rules rules) {
	for code := range rules {
		ks[code].flags |= upsets
	}
}

// sortOut finds the kinds that there is little to do for.
func (ks *kinds) sortOut() {
	for code := range ks {
		if k := &ks[code]; k.rule == nil && k.flags&(plain|hidden|threadless) == plain {
			k.flags |= simple
		}
	}
}

// specialKinds are the flags that the event table does not tell.
var specialKinds = map[int]kindFlags{
	scap.GenericE: generic,
	scap.GenericX: generic,

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
