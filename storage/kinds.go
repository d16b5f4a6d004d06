package storage

import (
	"tq/storage/scap"
	"tq/storage/transcript"
)

// eventKind is what the events of one type have in common. The generic events of each
// system call are a kind of their own.
type eventKind struct {
	*scap.EventType
	name     string // of the call, for generic events
	timeless bool   // does not carry the time it happened
}

// tableKinds are the kinds of the event table, by type code.
var tableKinds = func() []eventKind {
	kinds := make([]eventKind, len(scap.Types))
	for code := range scap.Types {
		kinds[code] = kindOf(&scap.Types[code])
	}
	return kinds
}()

func kindOf(t *scap.EventType) eventKind {
	return eventKind{EventType: t, name: t.Name, timeless: t.Source == scap.SourceMeta}
}

// call reports whether the kind's events are the start or the end of a system call.
func (k *eventKind) call() bool { return k.Source == scap.SourceSyscall }

// isSwitch reports whether the kind's events make a CPU go over to another thread.
func (k *eventKind) isSwitch() bool {
	return k.Code == scap.SwitchE || k.Code == scap.SwitchV1E
}

// isExit reports whether the kind's events end their thread.
func (k *eventKind) isExit() bool {
	return k.Code == scap.ProcexitE || k.Code == scap.ProcexitV1E
}

// dir is the direction as evt.dir prints it.
func (k *eventKind) dir() string {
	if k.Enter {
		return ">"
	}
	return "<"
}

// exit is the kind of the exit events of the calls that the kind's events start.
func (k *eventKind) exit() *eventKind {
	x := kindOf(scap.TypeInfo(k.Code + 1))
	if k.Code == scap.GenericE {
		x.name = k.name
	}
	return &x
}

// is reports whether the kind's type is flagged in one of the given ways.
func (k *eventKind) is(flags scap.TypeFlags) bool { return k.Flags&flags != 0 }

// keptEnter reports whether this is an enter event that even those recorders write that
// have given up all others: what the call is asked to do may change while it runs.
func (k *eventKind) keptEnter() bool {
	switch k.Code {
	case scap.SyscallOpenE, scap.SyscallCreatE, scap.SyscallOpenatV2E, scap.SyscallOpenat2E,
		scap.SocketConnectE:
		return true
	}
	return false
}

// kindTable numbers the kinds of a capture's events: those of the event table by their
// code, others as they appear.
type kindTable struct {
	kinds   []eventKind
	generic [2][512]uint16 // kinds of generic enter and exit events by the call's number
	more    map[uint32]uint16

	transcript *transcript.Transcript // names types of its own; nil for other captures
}

func newKindTable() kindTable {
	return kindTable{kinds: tableKinds[:len(tableKinds):len(tableKinds)]}
}

// maxKinds limits the kinds that damaged captures can make up.
const maxKinds = 1 << 14

// of returns the kind of an event.
func (t *kindTable) of(e *scap.Event) uint16 {
	if e.Type > scap.GenericX && int(e.Type) < len(scap.Types) {
		return e.Type
	}
	return t.numbered(e)
}

// numbered returns the kind of an event that the event table does not name.
func (t *kindTable) numbered(e *scap.Event) uint16 {
	if e.Type > scap.GenericX {
		return t.extra(e.Type, 0)
	}
	syscall := e.Syscall()
	calls := &t.generic[e.Type]
	if int(syscall) >= len(calls) {
		return t.extra(e.Type, syscall)
	}
	if calls[syscall] == 0 {
		calls[syscall] = t.extra(e.Type, syscall)
	}
	return calls[syscall]
}

func (t *kindTable) extra(code, syscall uint16) uint16 {
	key := uint32(code)<<16 | uint32(syscall)
	if k, ok := t.more[key]; ok {
		return k
	}
	if len(t.kinds) >= maxKinds {
		return code & 1 // the generic kinds
	}
	if t.more == nil {
		t.more = make(map[uint32]uint16)
	}
	kind := kindOf(scap.TypeInfo(code))
	if code <= scap.GenericX {
		if name := scap.SyscallName(syscall); name != "" {
			kind.name = name
		}
	}
	if t.transcript != nil {
		if name, ok := t.transcript.TypeName(code); ok {
			kind.name = name
		}
	}
	k := uint16(len(t.kinds))
	t.kinds = append(t.kinds, kind)
	t.more[key] = k
	return k
}
