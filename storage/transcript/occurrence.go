package transcript

import (
	"bytes"
	"slices"

	"tq/storage/scap"
)

// occurrence is a line and what its type makes of it.
type occurrence struct {
	*line
	code   uint16
	at     *layout  // nil for generic and unknown types
	values [][]byte // of the arguments, nil for those that the line lacks
}

// occurrence takes a line apart. The values are good until the next call.
func (m *meanings) occurrence(l *line) occurrence {
	o := occurrence{line: l}
	if o.at, o.code = m.typeOf(l); o.at != nil {
		var ok bool
		if o.values, ok = m.split.split(l.args, o.at); !ok {
			o.values = m.split.find(l.args, o.at)
		}
	}
	return o
}

// isCall reports whether the event starts or ends a system call.
func (o *occurrence) isCall() bool {
	return int(o.code) < len(scap.Types) && scap.Types[o.code].Source == scap.SourceSyscall
}

// succeeded reports whether the result, which is the first value, is no error.
func (o *occurrence) succeeded() bool {
	return len(o.values) > 0 && len(o.values[0]) > 0 && o.values[0][0] != '-'
}

// clones reports whether the event is one of the two by which a thread makes another.
func (o *occurrence) clones() bool {
	if o.enter || !o.succeeded() {
		return false
	}
	switch string(o.typ) {
	case "clone", "clone3", "fork", "vfork":
		return true
	}
	return false
}

// isChild reports whether the event of a clone is that of the thread that was made.
func (o *occurrence) isChild() bool { return string(o.values[0]) == "0" }

// execs reports whether the event makes its thread run another program.
func (o *occurrence) execs() bool {
	return !o.enter && o.succeeded() && (string(o.typ) == "execve" || string(o.typ) == "execveat")
}

// makesFD reports whether the event makes the descriptor that value i shows.
func (o *occurrence) makesFD(i int) bool {
	if o.enter {
		return false
	}
	switch o.at.params[i].Name {
	case "fd1", "fd2", "newfd":
		return true
	}
	return i == 0 && scap.Types[o.code].Flags&scap.FlagCreatesFD != 0
}

// effect is what an event does to the name of a descriptor.
type effect uint8

const (
	keeps   effect = iota // nothing
	names                 // it gives a socket its ends
	renames               // it may give it other ends
)

// effect returns what the event does to the name of its descriptor.
func (o *occurrence) effect() effect {
	if o.enter {
		return keeps
	}
	switch string(o.typ) {
	case "bind", "connect":
		const inProgress = "-115"
		if o.succeeded() || string(head(o.values[0])) == inProgress {
			return names
		}
	case "send", "sendto", "sendmsg", "sendmmsg", "recv", "recvfrom", "recvmsg", "recvmmsg":
		for i, text := range o.values {
			if o.at.params[i].Type == scap.ParamSockTuple && string(text) != "NULL" && o.succeeded() {
				return renames
			}
		}
	}
	return keeps
}

// kept returns a copy that stays good.
func (o *occurrence) kept() occurrence {
	k := *o
	k.values = slices.Clone(o.values)
	return k
}

// ends reports whether an exit event can be that of an enter event: whether it is of the
// same call, and about the same paths and descriptors.
func (o *occurrence) ends(enter *occurrence) bool {
	if enter.code|1 != o.code {
		return false
	}
	for i, text := range o.values {
		for j, entered := range enter.values {
			a, b := &o.at.params[i], &enter.at.params[j]
			if a.Name != b.Name || a.Type != b.Type || isAbsent(text) || isAbsent(entered) {
				continue
			}
			switch a.Type {
			case scap.ParamFSPath, scap.ParamFSRelPath:
				if !bytes.Equal(text, entered) {
					return false
				}
			case scap.ParamFD:
				if !bytes.Equal(head(text), head(entered)) {
					return false
				}
			}
		}
	}
	return true
}

// isAbsent reports whether a value was not recorded, or not printed.
func isAbsent(text []byte) bool { return text == nil || string(text) == unknownName }
