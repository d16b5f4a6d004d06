package storage

import (
	"github.com/apache/arrow/go/v17/arrow"

	"tq/storage/scap"
)

// evtFields are sysdig's fields of the event itself. Points in time are TIMESTAMPs, which
// print in the zone of the session.
var evtFields = []field{
	{"evt.num", bigint, fromRow, "Number of the event.", eventNum},
	{"evt.time", timestamp, fromRow, "When the event happened.", eventTime},
	{"evt.time.s", timestamp, fromRow, "When it happened, without the fraction of the second.", eventSecond},
	{"evt.time.iso8601", varchar, fromRow, "When it happened, as ISO 8601 writes it, in UTC.", eventISOTime},
	{"evt.datetime", timestamp, fromRow, "When the event happened.", eventTime},
	{"evt.datetime.s", timestamp, fromRow, "When it happened, without the fraction of the second.", eventSecond},
	{"evt.outputtime", timestamp, fromRow, "When the event happened.", eventTime},
	{"evt.rawtime", bigint, fromRow, "When the event happened, in ns since the epoch.", eventRawTime},
	{"evt.rawtime.s", bigint, fromRow, "The seconds of evt.rawtime.", seconds(sinceEpoch)},
	{"evt.rawtime.ns", bigint, fromRow, "The nanoseconds of evt.rawtime beyond the seconds.", fractions(sinceEpoch)},
	{"evt.reltime", duration, fromRow, "Time since the capture's first event.", durations64(sinceStart)},
	{"evt.reltime.s", bigint, fromRow, "The seconds of evt.reltime.", seconds(sinceStart)},
	{"evt.reltime.ns", bigint, fromRow, "The nanoseconds of evt.reltime beyond the seconds.", fractions(sinceStart)},
	{"evt.deltatime", duration, fromAll, "Time since the event before in the file.", durations64(sinceLast)},
	{"evt.deltatime.s", bigint, fromAll, "The seconds of evt.deltatime.", seconds(sinceLast)},
	{"evt.deltatime.ns", bigint, fromAll, "The nanoseconds of evt.deltatime beyond the seconds.", fractions(sinceLast)},
	{"evt.latency", duration, fromRow, "Of a call that returns, how long it took, NULL where the capture does not hold its start; 0 for other events.", durations64(latencies)},
	{"evt.latency.s", bigint, fromRow, "The seconds of evt.latency.", seconds(latencies)},
	{"evt.latency.ns", bigint, fromRow, "The nanoseconds of evt.latency beyond the seconds.", fractions(latencies)},
	{"evt.latency.human", varchar, fromRow, "evt.latency with a fitting unit, such as 10ms.", latencyTexts},
	{"evt.wait_latency", duration, fromRow, "evt.latency of calls that wait.", waitLatencies},
	{"evt.dir", symbol, fromRow, "'>' for enter events, '<' for exit events.", eventDir},
	{"evt.type", symbol, fromRow, "Name of the event.", eventType},
	{"syscall.type", symbol, fromRow, "Name of the system call; NULL for events that are none.", kindTexts(syscallName)},
	{"evt.category", symbol, fromFDs, "Kind of work the event stands for.", eventCategory},
	{"evt.source", symbol, fromRow, "'syscall', save for events of plugins.", kindTexts(sourceName)},
	{"evt.asynctype", varchar, fromRow, "Name of an asynchronous event.", asyncNames},
	{"evt.pluginname", varchar, fromRow, "Name of the plugin an event comes from, which only the plugin knows: always NULL.", nothing(varchar)},
	{"evt.plugininfo", varchar, fromRow, "What a plugin says of its event, which only the plugin can: always NULL.", nothing(varchar)},
	{"evt.cpu", integer, fromRow, "CPU it happened on.", eventCPU},
	{"evt.args", varchar, fromFDs, "All arguments.", eventArgs},
	{"evt.info", varchar, fromFDs, "All arguments.", eventArgs},
	{"evt.buffer", blob, fromRow, "Data that was read or written.", eventData},
	{"evt.buflen", bigint, fromFDs, "Of input and output, what the call returned: how many bytes were read or written.", bufferLengths(anyIO, anyFD)},
	{"evt.buflen.in", bigint, fromFDs, "evt.buflen of input.", bufferLengths(onlyInput, anyFD)},
	{"evt.buflen.out", bigint, fromFDs, "evt.buflen of output.", bufferLengths(onlyOutput, anyFD)},
	{"evt.buflen.file", bigint, fromFDs, "evt.buflen of files.", bufferLengths(anyIO, isFile)},
	{"evt.buflen.file.in", bigint, fromFDs, "evt.buflen of input from files.", bufferLengths(onlyInput, isFile)},
	{"evt.buflen.file.out", bigint, fromFDs, "evt.buflen of output to files.", bufferLengths(onlyOutput, isFile)},
	{"evt.buflen.net", bigint, fromFDs, "evt.buflen of sockets for IPv4 and IPv6.", bufferLengths(anyIO, isInternet)},
	{"evt.buflen.net.in", bigint, fromFDs, "evt.buflen of input from them.", bufferLengths(onlyInput, isInternet)},
	{"evt.buflen.net.out", bigint, fromFDs, "evt.buflen of output to them.", bufferLengths(onlyOutput, isInternet)},
	{"evt.res", symbol, fromRow, "SUCCESS or the name of the error.", eventRes},
	{"evt.rawres", bigint, fromRow, "Result as a number.", eventRawRes},
	{"evt.failed", boolean, fromRow, "Whether the call failed.", eventFailed},
	{"evt.is_io", boolean, fromRow, "Whether the event reads or writes.", kindFlags(func(k *eventKind) bool { return k.is(scap.FlagReadsFromFD | scap.FlagWritesToFD) })},
	{"evt.is_io_read", boolean, fromRow, "Whether the event reads.", kindFlags(func(k *eventKind) bool { return k.is(scap.FlagReadsFromFD) })},
	{"evt.is_io_write", boolean, fromRow, "Whether the event writes.", kindFlags(func(k *eventKind) bool { return k.is(scap.FlagWritesToFD) })},
	{"evt.io_dir", symbol, fromRow, "'read' or 'write'.", eventIODir},
	{"evt.is_wait", boolean, fromRow, "Whether the event makes the thread wait.", kindFlags(func(k *eventKind) bool { return k.is(scap.FlagWaits) })},
	{"evt.is_syslog", boolean, fromFDs, "Whether the event writes to /dev/log.", eventIsSyslog},
	{"evt.is_open_read", boolean, fromRow, "Whether the call opens something to read it.", openFlags(opensToRead)},
	{"evt.is_open_write", boolean, fromRow, "Whether the call opens something to write to it.", openFlags(opensToWrite)},
	{"evt.is_open_exec", boolean, fromRow, "Whether the call makes a file that may be executed.", openFlags(opensToExecute)},
	{"evt.is_open_create", boolean, fromRow, "Whether the call made a file.", openFlags(opensNew)},
	{"evt.abspath", varchar, fromFDs, "Absolute path that a call is about which starts from a directory's file descriptor; of two, the first.", absolutePaths(0)},
	{"evt.abspath.src", varchar, fromFDs, "The path a call starts from.", absolutePaths(0)},
	{"evt.abspath.dst", varchar, fromFDs, "The path a call leads to.", absolutePaths(1)},
	{"evt.comment", varchar, fromRow, "What somebody noted about the event in an editor of captures, such as Wireshark; sysdig has no such field.", eventComment},
	{"evt.count", bigint, fromRow, "1.", kindCounts(func(*eventKind) bool { return true })},
	{"evt.count.exit", bigint, fromRow, "1 for exit events.", kindCounts(func(k *eventKind) bool { return !k.Enter })},
	{"evt.count.error", bigint, fromRow, "1 for events that failed.", errorCounts(anyFailure)},
	{"evt.count.error.file", bigint, fromFDs, "evt.count.error of files.", errorCounts(fileFailure)},
	{"evt.count.error.net", bigint, fromFDs, "evt.count.error of sockets.", errorCounts(netFailure)},
	{"evt.count.error.memory", bigint, fromFDs, "evt.count.error of memory.", errorCounts(memoryFailure)},
	{"evt.count.error.other", bigint, fromFDs, "evt.count.error of what is none of these.", errorCounts(otherFailure)},
}

// syscallName is the name of a system call's events.
func syscallName(k *eventKind) (string, bool) { return k.name, k.call() }

// sourceName says where the events of a kind come from.
func sourceName(k *eventKind) (string, bool) {
	return "syscall", k.Source != scap.SourcePlugin && k.Code != scap.AsynceventE
}

// kindTexts builds the column of a text that each kind of events has.
func kindTexts(text func(*eventKind) (string, bool)) func(eventRows) arrow.Array {
	key := newFieldKey()
	return func(r eventRows) arrow.Array {
		return labelColumn(fieldLabels(r, key, text), r.kinds, r.kindIDs())
	}
}

// kindFlags builds the column of what holds for events by their kind.
func kindFlags(holds func(*eventKind) bool) func(eventRows) arrow.Array {
	return func(r eventRows) arrow.Array {
		which := r.kindsThat(holds)
		out := make([]bool, r.len())
		for i, k := range r.kindIDs() {
			out[i] = which[k]
		}
		return boolColumn(out)
	}
}

// kindCounts builds the column of 1 for events of some kinds.
func kindCounts(counts func(*eventKind) bool) func(eventRows) arrow.Array {
	return func(r eventRows) arrow.Array {
		which := r.kindsThat(counts)
		out := newNullable[int64](r.len())
		for i, k := range r.kindIDs() {
			if which[k] {
				out.set(i, 1)
			}
		}
		return out.array(bigint)
	}
}

// asyncNames is the name that asynchronous events carry.
func asyncNames(r eventRows) arrow.Array {
	return payloadTexts(r, func(k *eventKind) bool { return k.Code == scap.AsynceventE },
		func(dst []byte, _ int, e *scap.Event) ([]byte, bool) {
			name, ok := e.Str(1)
			return append(dst, name...), ok
		})
}
