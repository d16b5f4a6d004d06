package storage

import (
	"github.com/apache/arrow/go/v17/arrow"
)

// syscallsTable holds the system calls in the order of their first events.
var syscallsTable = table[callRows]{
	name:   "syscalls",
	row:    "one system call: the event that starts it and the one that ends it, joined",
	order:  "ts",
	sorted: map[string]func(*reading) bool{"num": always, "ts": callTimesAscend},
	open:   openCalls,
	needs:  callNeed,
	field:  callField,
	columns: []column[callRows]{
		{"capture", symbol, shown, "Name of the capture the row comes from.", last(eventCapture)},
		{"num", bigint, shown, "Number of the call's first event: its start, or its end where the capture lacks the start.", first(eventNum)},
		{"exit_num", bigint, shown, "Number of the event that ends the call; NULL where the capture lacks it.", callExitNum},
		{"ts", timestamp, shown, "When the call started; where the capture does not hold that, when it ended.", first(eventTime)},
		{"dur", duration, shown, "How long it took; NULL unless the capture holds both start and end.", callDuration},
		{"end_ts", timestamp, shown, "When the call ended.", callEnd},
		{"cpu", integer, shown, "CPU on which it started.", first(eventCPU)},
		{"proc", symbol, shown, "Name of the thread (comm); empty where the capture does not know it.", last(eventProc)},
		{"pid", bigint, shown, "Id of the thread's process.", last(eventPid)},
		{"tid", bigint, shown, "Id of the thread.", last(eventTid)},
		{"name", symbol, shown, "Name of the call.", last(eventType)},
		{"fd", bigint, shown, "Number of the file descriptor the call is about.", last(eventFD)},
		{"fd_name", symbol, shown, "What the file descriptor stands for.", last(eventFDName)},
		{"res", symbol, shown, "Result: SUCCESS or the name of the error.", last(eventRes)},
		{"errno", symbol, shown, "Name of the error it failed with; NULL where it did not fail.", last(eventErrno)},
		{"args", varchar, shown, "All arguments, those of the start before those of the end.", callArgs},
		{"dur_source", symbol, hidden, "What the capture holds of the call: pair, exit_only, unfinished, or crossed_drop where events were lost between start and end.", callSource},
		{"category", symbol, hidden, "Kind of work the call does.", last(eventCategory)},
		{"bytes", bigint, hidden, "Bytes it read or wrote.", last(eventBytes)},
		{"io_dir", symbol, hidden, "'read' or 'write' for calls that move data.", last(eventIODir)},
		{"fd_type", symbol, hidden, "Type of the file descriptor.", last(eventFDType)},
		{"client_ip", symbol, hidden, "Address of the socket's client end.", last(eventClientIP)},
		{"client_port", bigint, hidden, "Port of the socket's client end.", last(eventClientPort)},
		{"server_ip", symbol, hidden, "Address of the socket's server end.", last(eventServerIP)},
		{"server_port", bigint, hidden, "Port of the socket's server end.", last(eventServerPort)},
		{"data", blob, hidden, "Data that was read or written, as far as it was recorded.", last(eventData)},
		{"failed", boolean, hidden, "Whether the call failed.", last(eventFailed)},
		{"cpu_exit", integer, hidden, "CPU on which it ended.", callExitCPU},
		{"uid", bigint, hidden, "Id of the user the thread acts as.", last(eventUID)},
		{"user", symbol, hidden, "Name of the user the thread acts as.", last(eventUser)},
		{"container", symbol, hidden, "Id of the container the thread runs in; NULL on the host.", last(eventContainer)},
		{"utid", bigint, hidden, "Number of the thread, unique where ids are used again.", last(eventUtid)},
		{"upid", bigint, hidden, "Number of the process, unique where ids are used again.", last(eventUpid)},
	},
}

// first builds a column of calls from their first events.
func first(build func(eventRows) arrow.Array) func(callRows) arrow.Array {
	return func(r callRows) arrow.Array { return build(r.first()) }
}

// last builds a column of calls from their last events.
func last(build func(eventRows) arrow.Array) func(callRows) arrow.Array {
	return func(r callRows) arrow.Array { return build(r.last()) }
}
