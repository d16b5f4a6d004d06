package storage

import (
	"strings"

	"github.com/apache/arrow/go/v17/arrow"

	"tq/storage/scap"
)

// eventFields are the names that sysdig has for what the columns of events hold; where
// sysdig prints <NA> they are NULL.
var eventFields = []column[eventRows]{
	{"evt.num", bigint, hidden, "Number of the event.", eventNum},
	{"evt.rawtime", bigint, hidden, "When the event happened, in ns since the epoch.", eventRawTime},
	{"evt.cpu", integer, hidden, "CPU it happened on.", eventCPU},
	{"evt.dir", symbol, hidden, "'>' for enter events, '<' for exit events.", eventDir},
	{"evt.type", symbol, hidden, "Name of the event.", eventType},
	{"evt.category", symbol, hidden, "Kind of work the event stands for.", eventCategory},
	{"evt.args", varchar, hidden, "All arguments.", eventArgs},
	{"evt.info", varchar, hidden, "All arguments.", eventArgs},
	{"evt.res", symbol, hidden, "SUCCESS or the name of the error.", eventRes},
	{"evt.rawres", bigint, hidden, "Result as a number.", eventRawRes},
	{"evt.failed", boolean, hidden, "Whether the call failed.", eventFailed},
	{"evt.latency", duration, hidden, "How long the call took.", eventLatency},
	{"evt.io_dir", symbol, hidden, "'read' or 'write'.", eventIODir},
	{"evt.buffer", blob, hidden, "Data that was read or written.", eventData},
	{"evt.buflen", bigint, hidden, "Bytes that were read or written.", eventBytes},
	{"thread.tid", bigint, hidden, "Id of the thread.", eventTid},
	{"proc.name", symbol, hidden, "Name of the thread.", eventProcName},
	{"proc.pid", bigint, hidden, "Id of the process.", eventPid},
	{"proc.ppid", bigint, hidden, "Id of the parent process.", eventPpid},
	{"proc.exe", symbol, hidden, "First argument of the command line.", eventExe},
	{"proc.cmdline", symbol, hidden, "Name and arguments of the process.", eventCmdline},
	{"proc.cwd", symbol, hidden, "Working directory.", eventProcCwd},
	{"user.uid", bigint, hidden, "Id of the user.", eventUID},
	{"user.name", symbol, hidden, "Name of the user.", eventUser},
	{"group.gid", bigint, hidden, "Id of the group.", eventGID},
	{"group.name", symbol, hidden, "Name of the group.", eventGroup},
	{"container.id", symbol, hidden, "Id of the container.", eventContainer},
	{"fd.num", bigint, hidden, "Number of the file descriptor.", eventFD},
	{"fd.name", symbol, hidden, "What the file descriptor stands for.", eventFDName},
	{"fd.type", symbol, hidden, "Type of the file descriptor.", eventFDType},
	{"fd.l4proto", symbol, hidden, "Transport protocol.", eventL4Proto},
	{"fd.cip", symbol, hidden, "Address of the client.", eventClientIP},
	{"fd.cport", bigint, hidden, "Port of the client.", eventClientPort},
	{"fd.sip", symbol, hidden, "Address of the server.", eventServerIP},
	{"fd.sport", bigint, hidden, "Port of the server.", eventServerPort},
}

// eventField resolves a dotted name of events.
func eventField(name string) (column[eventRows], bool) {
	if param, ok := strings.CutPrefix(name, argPrefix); ok {
		return argField(name, param)
	}
	for _, c := range eventFields {
		if c.name == name {
			return c, true
		}
	}
	return column[eventRows]{}, false
}

// argPrefix begins the names of single arguments.
const argPrefix = "arg."

// argField is the column of one argument: a number where it is one in every type of
// event that has it, else text.
func argField(name, param string) (column[eventRows], bool) {
	const doc = "An argument of the event; NULL where the event has no such argument."
	switch argumentClass(param) {
	case numberArgument:
		return column[eventRows]{name, bigint, hidden, doc, func(r eventRows) arrow.Array {
			c := argInts(r, param)
			return c.array(bigint)
		}}, true
	case textArgument:
		return column[eventRows]{name, varchar, hidden, doc, func(r eventRows) arrow.Array {
			return argTexts(r, param)
		}}, true
	}
	return column[eventRows]{}, false
}

// argClass is what the values of an argument are.
type argClass uint8

const (
	noArgument argClass = iota
	numberArgument
	textArgument
)

func argumentClass(param string) argClass {
	class := noArgument
	for i := range scap.Types {
		for j := range scap.Types[i].Params {
			if p := &scap.Types[i].Params[j]; p.Name == param {
				class = max(class, classOf(p.Type))
			}
		}
	}
	return class
}

func classOf(t scap.ParamType) argClass {
	switch t {
	case scap.ParamInt8, scap.ParamInt16, scap.ParamInt32, scap.ParamInt64,
		scap.ParamUint8, scap.ParamUint16, scap.ParamUint32, scap.ParamUint64,
		scap.ParamErrno, scap.ParamFD, scap.ParamFD32, scap.ParamPID, scap.ParamPID32,
		scap.ParamUID, scap.ParamGID, scap.ParamPort, scap.ParamBool, scap.ParamMode,
		scap.ParamRelTime, scap.ParamAbsTime, scap.ParamSyscallID:
		return numberArgument
	}
	return textArgument
}
